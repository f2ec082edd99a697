"""Odds, rates and hazards by period worked out on paper: a term with two levels, six persons, and no persons at all."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import navoutcomes as nav
from navoutcomes.maths.rates import exact_ratio

# Of 12 with the trait 3 ended, of 10 without 4: the odds ratio is (3 / 9) / (4 / 6) = 1/2.
TABLE = {(1, 1): 3, (1, 0): 9, (0, 1): 4, (0, 0): 6}


def persons() -> nav.Cohort:
    rows = [(trait, ended) for (trait, ended), number in TABLE.items() for _ in range(number)]
    frame = pd.DataFrame(rows, columns=["trait", "ended"]).assign(time=5.0)
    return nav.Cohort.from_frame(frame, "time", "ended", endings={0: None, 1: "job"}, outcome="job")


def test_a_logistic_model_of_two_groups_is_their_odds() -> None:
    found = persons().logistic(["trait"], at=5, errors="model")
    base, ratio = found.ratios["estimate"]
    assert base == pytest.approx(Fraction(4, 6))
    assert ratio == pytest.approx(Fraction(1, 2))
    variance = Fraction(1, 3) + Fraction(1, 9) + Fraction(1, 4) + Fraction(1, 6)
    assert found.table["std_error"][1] == pytest.approx(sqrt(variance))
    assert found.log_likelihood == pytest.approx(3 * log(3 / 12) + 9 * log(9 / 12) + 4 * log(0.4) + 6 * log(0.6))


def test_robust_errors_of_two_groups_are_those_of_two_shares() -> None:
    """In a saturated model HC0 is the model's own error; each row of a group of m has leverage 1 / m."""
    plain, *robust = (persons().logistic(["trait"], at=5, errors=kind).covariance for kind in ("model", "hc0", "hc3"))
    np.testing.assert_allclose(robust[0], plain)
    # Groups of 12 and 10: HC3 multiplies each group's variance by (m / (m - 1)) squared.
    first, second = (Fraction(1, 3) + Fraction(1, 9)), (Fraction(1, 4) + Fraction(1, 6))
    grown = first * Fraction(12, 11) ** 2 + second * Fraction(10, 9) ** 2
    assert robust[1].loc["trait", "trait"] == pytest.approx(grown)


def test_firth_adds_half_a_person_to_each_cell() -> None:
    """In a saturated model the penalty is half an observation a cell (Firth 1993, section 3)."""
    found = persons().logistic(["trait"], at=5, penalty="firth")
    half = Fraction(1, 2)
    assert found.ratios["estimate"][1] == pytest.approx((3 + half) / (9 + half) * (6 + half) / (4 + half))
    ones = persons().covariates.iloc[:12]
    frame = pd.concat([ones.assign(ended=0), persons().covariates.iloc[12:]], ignore_index=True)
    none = nav.Cohort.from_frame(frame, "time", "ended", endings={0: None, 1: "job"}, outcome="job")
    with pytest.raises(nav.NumericalProblem):
        none.logistic(["trait"], at=5, penalty="none")
    ratio = none.logistic(["trait"], at=5).ratios["estimate"][1]
    assert ratio == pytest.approx(half / (12 + half) * (6 + half) / (4 + half))


# Six persons: time, ending, trait. Person-time with the trait 2 + 4 + 6 = 12, without 1 + 3 + 5 = 9.
SIX = [(2, "job", 1), (4, None, 1), (6, "job", 1), (1, "job", 0), (3, "other", 0), (5, "job", 0)]


def six() -> nav.Cohort:
    frame = pd.DataFrame(SIX, columns=["time", "ending", "trait"]).fillna({"ending": "followed"})
    return nav.Cohort.from_frame(frame, "time", "ending", censored="followed", outcome="job")


def test_rates_of_six_persons() -> None:
    table = six().rates(by="trait", cause="job", per=1).table.set_index("group")
    assert table.loc["1", "estimate"] == pytest.approx(Fraction(2, 12))
    assert table.loc["0", "estimate"] == pytest.approx(Fraction(2, 9))
    # Exact limits: the rates at which 2 or more, and 2 or fewer, have probability 0.025.
    low, high = table.loc["0", ["conf_low", "conf_high"]].astype(float) * 9
    assert stats.poisson.sf(1, low) == pytest.approx(0.025)
    assert stats.poisson.cdf(2, high) == pytest.approx(0.025)


def test_rates_of_six_persons_in_bands() -> None:
    """Up to 2: one is seen for 1 and five for 2, two jobs. After: for 2, 4, 1 and 3, two jobs."""
    table = six().rates(cause="job", bands=(2,), per=1).table
    assert table["at_risk"].tolist() == [11.0, 10.0]
    assert table["events"].tolist() == [2.0, 2.0]
    assert table["term"].tolist() == ["(0, 2]", "> 2"]
    assert table["estimate"].tolist() == pytest.approx([Fraction(2, 11), Fraction(2, 10)])


def test_a_poisson_model_of_two_groups_is_their_rates() -> None:
    found = six().poisson(["trait"], errors="model")
    assert found.ratios["estimate"].tolist() == pytest.approx([Fraction(2, 9), Fraction(2, 12) / Fraction(2, 9)])
    assert found.table["std_error"][1] == pytest.approx(sqrt(Fraction(1, 2) + Fraction(1, 2)))
    assert (found.events, found.person_time) == (4, 21.0)


def test_the_exact_ratio_of_two_rates_is_a_share_of_their_events() -> None:
    """3 of 5 events in half the person-time: under a ratio of 1 the number is binomial of 5 and 1/2."""
    ratio, low, high, p = exact_ratio((3, 10.0), (2, 10.0), 0.95)
    assert ratio == pytest.approx(1.5)
    assert p == 1.0
    share = low / (1 + low)
    assert stats.binom.sf(2, 5, share) == pytest.approx(0.025)
    share = high / (1 + high)
    assert stats.binom.cdf(3, 5, share) == pytest.approx(0.025)


def test_hazards_by_period_without_associations_are_shares_of_those_at_risk() -> None:
    """Periods of 2: six at risk in the first, of whom two leave for a job. The one followed to 4 is at risk in two."""
    found = six().discrete_hazard(["trait"], period=2, link="logit")
    assert found.hazards["at_risk"].tolist() == [6.0, 4.0, 2.0]
    assert found.hazards["events"].tolist() == [2.0, 0.0, 2.0]
    assert found.hazards["estimate"].tolist()[1:] == [0.0, 1.0]
    assert found.person_periods == 12
    # Only the first period says anything: three with the trait, three without, one of each leaves.
    assert found.table["estimate"][0] == pytest.approx(0.0, abs=1e-12)
    assert found.hazards["estimate"][0] == pytest.approx(Fraction(1, 3))
    assert "periods_left_out" in found.findings.keys()  # noqa: SIM118


def test_a_cloglog_model_gives_the_ratio_of_cumulative_hazards() -> None:
    """Two of four stay with the trait, three of four without: the ratio is log(1/2) / log(3/4)."""
    frame = pd.DataFrame({"time": [1] * 8, "ended": [1, 1, 0, 0, 1, 0, 0, 0], "trait": [1] * 4 + [0] * 4})
    people = nav.Cohort.from_frame(frame, "time", "ended", endings={0: None, 1: "job"}, outcome="job")
    found = people.discrete_hazard(["trait"])
    assert found.ratios["estimate"][0] == pytest.approx(log(1 / 2) / log(3 / 4))
    assert found.hazards["estimate"][0] == pytest.approx(Fraction(1, 4))


def test_causes_each_have_a_model_in_which_the_other_stays_at_risk() -> None:
    """Six with the trait: two jobs, one other. Six without: one job, two other. All are at risk of both."""
    endings = ["job", "job", "other", "followed", "followed", "followed", "job", "other", "other", *["followed"] * 3]
    frame = pd.DataFrame({"time": 3, "ending": endings, "trait": [1] * 6 + [0] * 6})
    people = nav.Cohort.from_frame(frame, "time", "ending", censored="followed", outcome="job")
    found = people.discrete_hazard(["trait"], period=3, link="logit", causes=("job", "other"))
    ratios = found.ratios.set_index("cause")["estimate"]
    assert ratios["job"] == pytest.approx(Fraction(2, 4) / Fraction(1, 5))
    assert ratios["other"] == pytest.approx(Fraction(1, 5) / Fraction(2, 4))
    assert found.hazards["at_risk"].tolist() == [12.0, 12.0]
    assert found.hazards.set_index("cause")["estimate"].to_dict() == pytest.approx({"job": 1 / 6, "other": 2 / 6})
    assert found.covariance.loc["job: trait", "other: trait"] != found.covariance.loc["job: trait", "job: trait"]


def test_a_period_that_is_the_whole_follow_up_is_a_logistic_model() -> None:
    people = persons()
    whole = people.discrete_hazard(["trait"], period=5, link="logit")
    pd.testing.assert_series_equal(
        whole.table["estimate"], people.logistic(["trait"], at=5).table["estimate"][1:].reset_index(drop=True)
    )
    assert exp(whole.table["estimate"][0]) == pytest.approx(1 / 2)
