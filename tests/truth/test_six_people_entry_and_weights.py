"""Six people who come under observation late, and six who weigh differently, on paper and in fractions."""

from __future__ import annotations

from fractions import Fraction as Q

import pytest
from exact import Person, cohort, curves, variance

# person  entry  time  ending       time  at risk (entry < t <= time)   leave          stay
# A       0      2     job          2     A B C       3 (not D, E)       job            2/3
# B       0      4     job          4     B D E F     4 (not C)          job, no_show   2/3 * 2/4 = 1/3
# C       1      3     followed     5     D F         2                  job            1/3 * 1/2 = 1/6
# D       2      5     job
# E       2      4     no_show      job: 1/3, + 2/3 * 1/4 = 1/2, + 1/3 * 1/2 = 2/3; no_show: 2/3 * 1/4 = 1/6
# F       3      6     followed
LATE = (
    Person(2, "job", entry=0),
    Person(4, "job", entry=0),
    Person(3, None, entry=1),
    Person(5, "job", entry=2),
    Person(4, "no_show", entry=2),
    Person(6, None, entry=3),
)
# The six of test_six_people with weights 1, 2, 1, 1/2, 3/2, 1, together 7:
# time  weight at risk  job   no_show  stay
# 1     7               1     0        6/7
# 2     6               2     1        6/7 * 3/6 = 3/7
# 4     5/2             3/2   0        3/7 * 2/5 = 6/35        (D, 1/2, was followed to 3)
# job: 1/7, + 6/7 * 2/6 = 3/7, + 3/7 * 3/5 = 24/35; no_show: 6/7 * 1/6 = 1/7
WEIGHED = (
    Person(1, "job", weight=Q(1)),
    Person(2, "job", weight=Q(2)),
    Person(2, "no_show", weight=Q(1)),
    Person(3, None, weight=Q(1, 2)),
    Person(4, "job", weight=Q(3, 2)),
    Person(5, None, weight=Q(1)),
)
CASES = {
    "late": (LATE, [2, 4, 5], [Q(2, 3), Q(1, 3), Q(1, 6)], [Q(1, 3), Q(1, 2), Q(2, 3)], [Q(0), Q(1, 6), Q(1, 6)]),
    "weighed": (
        WEIGHED, [1, 2, 4], [Q(6, 7), Q(3, 7), Q(6, 35)], [Q(1, 7), Q(3, 7), Q(24, 35)], [Q(0), Q(1, 7), Q(1, 7)],
    ),
}  # fmt: skip


def exactly(values: list[Q]) -> object:
    return pytest.approx([float(one) for one in values], abs=1e-12, rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_paper_adds_up(case: str) -> None:
    people, times, stay, job, no_show = CASES[case]
    assert [a + b + c for a, b, c in zip(stay, job, no_show, strict=True)] == [1, 1, 1]
    for at, time in enumerate(times):
        found = curves(people, time)
        assert (found["stay"].value, found["job"].value, found["no_show"].value) == (stay[at], job[at], no_show[at])


@pytest.mark.parametrize("case", CASES)
def test_shares_are_those_on_paper(case: str) -> None:
    people, times, stay, job, no_show = CASES[case]
    assert cohort(people).survival_curve().at(times)["estimate"].tolist() == exactly(stay)
    found = cohort(people).cumulative_incidence().at(times)
    assert found.loc[found["cause"] == "job", "estimate"].tolist() == exactly(job)
    assert found.loc[found["cause"] == "no_show", "estimate"].tolist() == exactly(no_show)


@pytest.mark.parametrize("case", CASES)
def test_errors_are_the_sums_of_squared_derivatives(case: str) -> None:
    people, times, *_ = CASES[case]
    found = cohort(people).cumulative_incidence().at(times)
    for cause in ("job", "no_show"):
        own = found.loc[found["cause"] == cause, "std_error"] ** 2
        assert own.tolist() == exactly([variance(curves(people, time)[cause], people) for time in times])
    stay = cohort(people).survival_curve(errors="robust").at(times)["std_error"] ** 2
    assert stay.tolist() == exactly([variance(curves(people, time)["stay"], people) for time in times])
    hazard = cohort(tuple(Person(**{**vars(one), "ending": one.ending and "job"}) for one in people))
    spread = hazard.cumulative_hazard(errors="robust").at(times)["std_error"] ** 2
    assert spread.tolist() == exactly([variance(curves(people, time)["hazard"], people) for time in times])


def test_who_enters_at_a_time_is_not_at_risk_then() -> None:
    """D and E enter at 2, when A leaves: three are at risk, and Greenwood is 1/(3*2), + 2/(4*2), + 1/(2*1)."""
    table = cohort(LATE).survival_curve().table.set_index("time")
    assert table.loc[[2, 3, 4, 5, 6], "at_risk"].tolist() == [3, 4, 4, 2, 1]
    errors = (table.loc[[2, 4, 5], "std_error"] ** 2).tolist()
    greenwood = [Q(1, 6), Q(5, 12), Q(11, 12)]
    assert errors == exactly([s * s * g for s, g in zip(CASES["late"][2], greenwood, strict=True)])


def test_tables_count_persons_where_estimates_weigh_them() -> None:
    table = cohort(WEIGHED).survival_curve().table.set_index("time")
    assert table["at_risk"].tolist() == [6, 5, 3, 2, 1]
    assert table["events"].tolist() == [1, 2, 0, 1, 0]


def test_the_mean_of_those_who_weigh_differently() -> None:
    """To 4: 1 + 6/7 + 2 * 3/7 = 19/7; since a job 1/7 + 2 * 3/7 = 1; since a no-show 2 * 1/7."""
    found = [
        cohort(WEIGHED).restricted_mean(4, cause=cause).table["estimate"].iloc[0] for cause in (None, "job", "no_show")
    ]
    assert found == exactly([Q(19, 7), Q(1), Q(2, 7)])
    assert sum(found) == pytest.approx(4, abs=1e-12)
