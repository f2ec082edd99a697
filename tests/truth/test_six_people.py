"""Six people worked out on paper, in fractions, for every estimator; equality to 1e-12.

    person   time   ending        group        time  at risk  job  no_show  hazard  stay before -> after
    A        1      job           in           1     6        1    0        1/6     1   -> 5/6
    B        2      job           out          2     5        1    1        2/5     5/6 -> 1/2
    C        2      no_show       in           3     3        (D is still followed)
    D        3      followed      out          4     2        1    0        1/2     1/2 -> 1/4
    E        4      job           in           5     1        (F is still followed)
    F        5      followed      out

At 2 both leave at once, so each is divided by the five at risk; D counts at 3, where the follow-up ends after it.
"""

from __future__ import annotations

from fractions import Fraction as Q
from math import sqrt

import pytest
from exact import Person, cohort, curves, variance

SIX = (
    Person(1, "job", group="in"),
    Person(2, "job", group="out"),
    Person(2, "no_show", group="in"),
    Person(3, None, group="out"),
    Person(4, "job", group="in"),
    Person(5, None, group="out"),
)
TIMES = [1, 2, 3, 4, 5]
STAY = [Q(5, 6), Q(1, 2), Q(1, 2), Q(1, 4), Q(1, 4)]
JOB = [Q(1, 6), Q(1, 3), Q(1, 3), Q(7, 12), Q(7, 12)]
NO_SHOW = [Q(0), Q(1, 6), Q(1, 6), Q(1, 6), Q(1, 6)]
HAZARD = [Q(1, 6), Q(17, 30), Q(17, 30), Q(16, 15), Q(16, 15)]


def exactly(fractions: list[Q] | Q) -> object:
    values = [float(one) for one in fractions] if isinstance(fractions, list) else float(fractions)
    return pytest.approx(values, abs=1e-12, rel=1e-12)


def test_who_is_at_risk_and_who_leaves() -> None:
    table = (
        cohort(SIX).risk_table().table.pivot(index="time", columns="cause", values=["at_risk", "events", "censored"])
    )
    assert table["at_risk"]["job"].tolist() == [6, 5, 3, 2, 1]
    assert table["events"]["job"].tolist() == [1, 1, 0, 1, 0]
    assert table["events"]["no_show"].tolist() == [0, 1, 0, 0, 0]
    assert table["censored"]["job"].tolist() == [0, 0, 1, 0, 1]


def test_kaplan_meier() -> None:
    """Greenwood: 1/(6*5) at 1, 2/(5*3) more at 2, 1/(2*1) more at 4; the error of S is S times its root."""
    greenwood = [Q(1, 30), Q(1, 6), Q(1, 6), Q(2, 3), Q(2, 3)]
    table = cohort(SIX).survival_curve().table
    assert table["time"].tolist() == TIMES
    assert table["estimate"].tolist() == exactly(STAY)
    assert (table["std_error"] ** 2).tolist() == exactly([s * s * g for s, g in zip(STAY, greenwood, strict=True)])


def test_nelson_aalen() -> None:
    """All endings: 1/6, + 2/5, + 1/2; the variance 1/36, + 2/25, + 1/4. For the job alone: 1/6, + 1/5, + 1/2."""
    table = cohort(SIX).cumulative_hazard().table.pivot(index="time", columns="cause", values=["estimate", "std_error"])
    assert (table["estimate"]["job"] + table["estimate"]["no_show"]).tolist() == exactly(HAZARD)
    assert table["estimate"]["job"].tolist() == exactly([Q(1, 6), Q(11, 30), Q(11, 30), Q(13, 15), Q(13, 15)])
    spread = [Q(1, 36), Q(1, 36) + Q(1, 25), Q(1, 36) + Q(1, 25), Q(1, 36) + Q(1, 25) + Q(1, 4)]
    assert (table["std_error"]["job"] ** 2).tolist()[:4] == exactly(spread)


def test_fleming_and_harrington_take_tied_exits_one_by_one() -> None:
    """A single cause: at 2 the two leave as one of five and one of four, 1/5 + 1/4."""
    alone = tuple(Person(one.time, "job" if one.ending else None) for one in SIX)
    table = cohort(alone).cumulative_hazard(ties="fleming-harrington").table
    assert table["estimate"].tolist()[:2] == exactly([Q(1, 6), Q(1, 6) + Q(1, 5) + Q(1, 4)])
    assert (table["std_error"] ** 2).tolist()[:2] == exactly([Q(1, 36), Q(1, 36) + Q(1, 25) + Q(1, 16)])


def test_aalen_johansen() -> None:
    """Job: 1/6, then 5/6 * 1/5 more, then 1/2 * 1/2 more. No-show: 5/6 * 1/5 at 2. With the rest they make one."""
    table = cohort(SIX).cumulative_incidence().table.pivot(index="time", columns="cause", values="estimate")
    assert table["job"].tolist() == exactly(JOB)
    assert table["no_show"].tolist() == exactly(NO_SHOW)
    assert [a + b + c for a, b, c in zip(JOB, NO_SHOW, STAY, strict=True)] == [1] * 5


def test_the_variance_of_aalen_johansen_is_the_sum_of_squared_derivatives() -> None:
    table = cohort(SIX).cumulative_incidence().table
    for cause in ("job", "no_show"):
        expected = [variance(curves(SIX, time)[cause], SIX) for time in TIMES]
        assert (table.loc[table["cause"] == cause, "std_error"] ** 2).tolist() == exactly(expected)


def test_greenwood_is_the_sum_of_squared_derivatives_too() -> None:
    for time, share, greenwood in ((1, Q(5, 6), Q(1, 30)), (2, Q(1, 2), Q(1, 6)), (4, Q(1, 4), Q(2, 3))):
        curve = curves(SIX, time)["stay"]
        assert curve.value == share
        assert variance(curve, SIX) == share**2 * greenwood


def test_restricted_mean_and_time_lost() -> None:
    """To 4: 1 + 5/6 + 2 * 1/2 = 17/6 weeks still there, 1/6 + 2 * 1/3 = 5/6 since a job, 2 * 1/6 since a no-show: 4.

    The variance of the mean: the area to the right of each exit squared, times d/(n(n-d)):
    at 1 (11/6)^2/30, at 2 1^2 * 2/15, and at 4 nothing is left of the horizon.
    """
    people = cohort(SIX)
    mean = people.restricted_mean(4, small_sample=False).table.iloc[0]
    assert mean["estimate"] == exactly(Q(17, 6))
    assert mean["std_error"] ** 2 == exactly(Q(11, 6) ** 2 / 30 + Q(2, 15))
    assert people.restricted_mean(4, cause="job").table["estimate"].iloc[0] == exactly(Q(5, 6))
    assert people.restricted_mean(4, cause="no_show").table["estimate"].iloc[0] == exactly(Q(1, 3))
    assert Q(17, 6) + Q(5, 6) + Q(1, 3) == 4
    assert people.restricted_mean(5).table["estimate"].iloc[0] == exactly(Q(17, 6) + Q(1, 4))


def test_the_small_sample_factor_of_the_restricted_mean() -> None:
    """Four leave by 4: the variance is multiplied by 4/3; three leave by 3: by 3/2. The interval is 1.96 wide."""
    people = cohort(SIX)
    for horizon, factor in ((4, Q(4, 3)), (3, Q(3, 2))):
        plain = people.restricted_mean(horizon, small_sample=False).table["std_error"].iloc[0]
        found = people.restricted_mean(horizon).table.iloc[0]
        assert found["std_error"] == pytest.approx(plain * sqrt(factor), abs=1e-12)
        assert found["conf_low"] == pytest.approx(found["estimate"] - 1.959963984540054 * found["std_error"], abs=1e-12)


def test_the_log_rank_test() -> None:
    """For those "in" (A, C, E), any ending:

    time   at risk   in   leave   in   expected          variance
    1      6         3    1       1    1 * 3/6 = 1/2     1 * 3/6 * 3/6 * 5/5 = 1/4
    2      5         2    2       1    2 * 2/5 = 4/5     2 * 2/5 * 3/5 * 3/4 = 9/25
    4      2         1    1       1    1 * 1/2 = 1/2     1 * 1/2 * 1/2 * 1/1 = 1/4
    sum                           3    9/5               43/50       chi2 = (6/5)^2 / (43/50) = 72/43
    """
    found = cohort(SIX).logrank_test(by="group")
    table = found.table.set_index(["measure", "group"])["estimate"]
    assert table["observed", "in"] == 3
    assert table["expected", "in"] == exactly(Q(9, 5))
    assert table["expected", "out"] == exactly(Q(11, 5))
    assert found.score.tolist() == exactly([Q(6, 5), Q(-6, 5)])
    assert found.covariance.ravel().tolist() == exactly([Q(43, 50), Q(-43, 50), Q(-43, 50), Q(43, 50)])
    assert found.statistic == exactly(Q(72, 43))
    assert found.df == 1


def test_gehans_weights_are_the_numbers_at_risk() -> None:
    """6 * 1/2 + 5 * 1/5 + 2 * 1/2 = 5, and 36/4 + 25 * 9/25 + 4/4 = 19."""
    found = cohort(SIX).logrank_test(by="group", weights="gehan")
    assert found.score[0] == exactly(Q(5))
    assert found.covariance[0, 0] == exactly(Q(19))
    assert found.statistic == exactly(Q(25, 19))


def test_the_log_rank_test_of_one_cause_stops_observation_at_the_others() -> None:
    """C leaves at 2 for something else: 1/2 + 2/5 + 1/2 expected, two of three jobs "in"; 1/4 + 6/25 + 1/4."""
    found = cohort(SIX).logrank_test(by="group", cause="job")
    assert found.score[0] == exactly(2 - Q(7, 5))
    assert found.covariance[0, 0] == exactly(Q(37, 50))


def test_a_difference_at_a_time() -> None:
    """By 4 in "in": A 1/3, then C for no-show, then E of one: F = 1/3 + (1 - 2/3) * 1 = 2/3. In "out": B, 1/3."""
    effects = cohort(SIX).contrast(by="group", at=4, measure=("risk difference", "risk ratio"), reference="out")
    found = effects.table.set_index("measure")["estimate"]
    assert found["risk difference"] == exactly(Q(1, 3))
    assert found["risk ratio"] == exactly(Q(2))
    lost = cohort(SIX).contrast(
        by="group", at=4, measure="restricted mean time lost difference", reference="out", small_sample=False
    )
    assert lost.table["estimate"].iloc[0] == exactly(Q(1, 3) * 3 - Q(1, 3) * 2)
