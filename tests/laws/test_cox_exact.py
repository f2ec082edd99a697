"""The exact likelihood of tied endings, against a list of every subset, and against its own slopes."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_people import brisk

import navoutcomes as nav
from navoutcomes.maths.hazards.cox import CoxRows
from navoutcomes.maths.hazards.cox_exact import exact_order, exact_step

SEED = st.integers(0, 2**32 - 1)


def drawn(seed: int, most: int = 13) -> CoxRows:
    """A few people in one to three strata, some of whom enter late, with offsets."""
    roll = np.random.default_rng(seed)
    size, grid, strata = int(roll.integers(4, most)), 5, int(roll.integers(1, 4))
    leave = roll.integers(0, grid, size)
    enter = np.where(roll.random(size) < roll.choice([0.0, 0.5]), roll.integers(-1, grid - 1, size), -1)
    enter = np.where(enter >= leave, -1, enter)
    event = (roll.random(size) < 0.7).astype(float)
    event[0] = 1.0
    shift = roll.integers(0, strata, size) * grid
    x, offset = roll.normal(size=(size, 2)), roll.normal(size=size) / 3
    first = np.arange(strata + 1) * grid
    return CoxRows(x, leave + shift, np.where(enter < 0, -1, enter + shift), event, np.ones(size), offset, first, False)


def listed(rows: CoxRows, beta: np.ndarray) -> float:
    """Every subset of those at risk as large as those who ended, one by one."""
    total = 0.0
    eta = rows.x @ beta + rows.offset
    for place in np.unique(rows.leave[rows.event == 1]):
        begin = rows.first[np.searchsorted(rows.first, place, side="right") - 1]
        there = np.flatnonzero((rows.enter < place) & (rows.leave >= place) & (_layer(rows) == begin))
        ends = np.flatnonzero((rows.leave == place) & (rows.event == 1))
        subsets = [np.exp(eta[list(some)].sum()) for some in itertools.combinations(there, len(ends))]
        total += eta[ends].sum() - np.log(sum(subsets))
    return float(total)


def _layer(rows: CoxRows) -> np.ndarray:
    return rows.first[np.searchsorted(rows.first, rows.leave, side="right") - 1]


@given(SEED)
@brisk
def test_the_recursion_gives_what_a_list_of_every_subset_gives(seed: int) -> None:
    rows = drawn(seed)
    beta = np.random.default_rng(seed).normal(size=2)
    found = exact_step(rows, exact_order(rows), rows.fixed().centre, beta)
    # The centre falls out but for the offsets: it is the same for both.
    assert found.log_likelihood == pytest.approx(listed(rows, beta), abs=1e-11)


@given(SEED)
@brisk
def test_score_and_information_are_the_slopes_of_the_list(seed: int) -> None:
    rows = drawn(seed, most=10)
    beta = np.random.default_rng(seed).normal(size=2) / 2
    found = exact_step(rows, exact_order(rows), rows.fixed().centre, beta)
    nudge = 1e-3 * np.eye(2)

    def slope(at: np.ndarray, way: np.ndarray) -> float:
        wide = (listed(rows, at + 2 * way) - listed(rows, at - 2 * way)) / 4e-3
        close = (listed(rows, at + way) - listed(rows, at - way)) / 2e-3
        return (4 * close - wide) / 3

    np.testing.assert_allclose(found.score, [slope(beta, one) for one in nudge], atol=1e-8)
    second = [[(slope(beta + one, other) - slope(beta - one, other)) / -2e-3 for one in nudge] for other in nudge]
    np.testing.assert_allclose(found.information, second, atol=1e-4)


def test_two_hundred_random_data_sets_agree_with_the_list_and_the_way_is_never_longer_than_needed() -> None:
    for seed in range(200):
        rows = drawn(seed)
        beta = np.random.default_rng(seed).normal(size=2)
        way = exact_order(rows)
        found = exact_step(rows, way, rows.fixed().centre, beta)
        assert found.log_likelihood == pytest.approx(listed(rows, beta), abs=1e-11), seed
        if (rows.enter < 0).all():
            # Nobody enters late: everybody is added once.
            assert way.work <= len(rows.leave) * way.degree.max()


def frame(size: int, seed: int = 4) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    x, arm = roll.normal(size=size), roll.integers(0, 2, size)
    wait = np.ceil(roll.exponential(8 * np.exp(-0.4 * x - 0.3 * arm)))
    return pd.DataFrame({"time": np.minimum(wait, 10), "ending": (wait <= 10).astype(int), "x": x, "arm": arm})


def cohort(rows: pd.DataFrame) -> nav.Cohort:
    return nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job")


def test_without_ties_all_three_are_the_same() -> None:
    rows = frame(80)
    rows["time"] = rows["time"] + np.arange(80) / 1000
    found = [cohort(rows).cox(["x", "arm"], ties=ties) for ties in ("exact", "efron", "breslow")]
    for other in found[1:]:
        np.testing.assert_allclose(found[0].covariance, other.covariance, rtol=1e-9)
        assert found[0].log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)


def test_one_shared_time_is_a_conditional_logit_and_strata_of_pairs_are_mcnemar() -> None:
    """In pairs with one ending each only those who differ speak: the log odds of the discordant pairs."""
    pairs = pd.DataFrame({"pair": np.repeat(np.arange(50), 2), "treated": [1, 0] * 50, "time": 1.0})
    pairs["ending"] = [1, 0] * 35 + [0, 1] * 15
    found = cohort(pairs).cox(["treated"], ties="exact", strata="pair")
    assert float(found.coefficients["treated"]) == pytest.approx(np.log(35 / 15), rel=1e-10)
    assert float(found.table["std_error"].iloc[0]) == pytest.approx(np.sqrt(1 / 35 + 1 / 15), rel=1e-10)


def test_large_ties_neither_overflow_nor_lose_digits() -> None:
    """Nine hundred of two thousand end on one day: the number of subsets has some six hundred digits."""
    rows = frame(2000)
    rows["time"], rows["ending"] = 1.0, (np.arange(2000) % 20 < 9).astype(int)
    found = cohort(rows).cox(["arm"], ties="exact")
    ends = rows["ending"] == 1
    table = np.array([(ends & (rows["arm"] == arm)).sum() for arm in (0, 1)])
    total = np.array([(rows["arm"] == arm).sum() for arm in (0, 1)])
    # The score test of the exact likelihood in a fourfold table is the hypergeometric one of Mantel and Haenszel.
    expected = ends.sum() * total[1] / 2000
    variance = ends.sum() * (2000 - ends.sum()) * total[0] * total[1] / (2000**2 * 1999)
    score = found.tests.set_index("measure").loc["score", "statistic"]
    assert score == pytest.approx((table[1] - expected) ** 2 / variance, rel=1e-9)


def test_below_twenty_endings_the_interval_is_the_exact_likelihoods_own_profile() -> None:
    rows = frame(60)
    rows.loc[rows["ending"].cumsum() > 15, "ending"] = 0
    found = cohort(rows).cox(["x", "arm"], ties="exact")
    assert found.events == 15
    seen = found.model.rows
    way, drop = exact_order(seen), 3.841458820694124 / 2
    for side in ("conf_low", "conf_high"):
        held = float(found.table[side].iloc[0])
        others = np.linspace(-4, 4, 4001) + float(found.coefficients["arm"])
        best = max(
            exact_step(seen, way, found.model.centre, np.array([held, other])).log_likelihood for other in others
        )
        assert found.log_likelihood - best == pytest.approx(drop, abs=1e-5)
