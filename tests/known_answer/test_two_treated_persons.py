"""Two treated persons: the statistic is no chi-square, so no p-value is printed in any data set; that is why."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import navoutcomes as nav

ENDINGS = {0: None, 1: "job", 2: "other"}
RUNS = int(os.environ.get("NAVOUTCOMES_RUNS", "1000"))
CRITICAL = stats.chi2.ppf(0.95, 1)


def people(roll: np.random.Generator, size: int, treated: int) -> nav.Cohort:
    """Exponential stays without any difference, six of ten endings jobs, censored after two months to a year."""
    stay, lost = roll.exponential(200, size), roll.uniform(60, 365, size)
    frame = pd.DataFrame(
        {
            "time": np.ceil(np.minimum(stay, lost)),
            "ending": np.where(stay < lost, roll.choice([1, 2], size, p=[0.6, 0.4]), 0),
            "arm": np.where(np.arange(size) < treated, "IPS", "S"),
        }
    )
    roles = {"endings": ENDINGS, "outcome": "job", "arm": "arm", "reference": "S"}
    return nav.Cohort.from_frame(frame, "time", "ending", **roles)


def statistics(cohort: nav.Cohort) -> list[tuple[float, float]]:
    """Statistic and p-value of each way to ask whether the arms differ that has an answer."""
    terms = [nav.Category("arm", "S")]
    found = [(one.statistic, one.p_value) for one in (cohort.logrank_test(), cohort.gray_test())]
    for ask in (cohort.cox, cohort.fine_gray):
        try:
            row = ask(terms).table.iloc[0]
        except nav.NumericalProblem:
            continue
        found.append((row["statistic"] ** 2, row["p_value"]))
    return found


@pytest.mark.parametrize("size", [12, 50, 147])
def test_no_p_value_is_printed_in_any_data_set(size: int) -> None:
    roll = np.random.default_rng(20261122)
    printed = [p for _ in range(12) for _, p in statistics(people(roll, size, 2))]
    assert np.isnan(printed).all()
    assert len(printed) >= 24
    # The same people with more treated have one: it is the two that are too few.
    assert np.isfinite([p for _, p in statistics(people(roll, size, size // 2))]).all()


@pytest.mark.full
def test_without_a_difference_tests_of_two_among_many_would_find_one_too_often() -> None:
    """Were it printed: above 0.06 by three standard errors. At half of the people treated the level holds."""
    roll = np.random.default_rng(8)
    for treated, holds in ((2, False), (73, True)):
        drawn = [people(roll, 147, treated) for _ in range(RUNS)]
        for name in ("logrank_test", "gray_test"):
            wrong = float(np.mean([getattr(one, name)().statistic > CRITICAL for one in drawn]))
            error = np.sqrt(0.06 * 0.94 / RUNS)
            assert (wrong < 0.06 + 3.09 * error) == holds, (name, treated, wrong)
