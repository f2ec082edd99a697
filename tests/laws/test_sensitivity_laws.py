"""What would change an answer: bounds hold every completion, tipping points are the smallest, intervals are inverted
tests; each by enumeration or a second implementation."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from some_people import brisk, quick
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import navoutcomes as nav
from navoutcomes.maths.compliance import anderson_rubin, balke_pearl, ratio_error, trimmed
from navoutcomes.maths.sensitivity import as_risk_ratio, e_value
from navoutcomes.maths.two_by_two import fisher

few = st.integers(0, 6)
group = st.tuples(few, few, st.integers(0, 4))


def counted(first: tuple[int, int, int], second: tuple[int, int, int]) -> nav.CountedCohort:
    words = ("job", "no job", "missing")
    return nav.from_counts({"a": dict(zip(words, first, strict=True)), "b": dict(zip(words, second, strict=True))})


def newcombe(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
    return float(low), float(high)


def verdict(low: float, high: float, null: float = 0.0) -> str:
    return "higher" if low > null else "lower" if high < null else "undecided"


@brisk
@given(group, group)
def test_bounds_hold_every_completion(first: tuple[int, int, int], second: tuple[int, int, int]) -> None:
    if sum(first) == 0 or sum(second) == 0:
        return
    found = counted(first, second).bounds(reference="b").table.set_index(["group", "measure"])
    lowest, highest = found.loc[("a", "lowest risk difference")], found.loc[("a", "highest risk difference")]
    every = []
    for i, j in itertools.product(range(first[2] + 1), range(second[2] + 1)):
        a, n, b, m = first[0] + i, sum(first), second[0] + j, sum(second)
        every.append(a / n - b / m)
        low, high = newcombe(a, n, b, m)
        assert lowest["conf_low"] <= low + 1e-9
        assert high <= highest["conf_high"] + 1e-9
    assert [lowest["estimate"], highest["estimate"]] == pytest.approx([min(every), max(every)], abs=1e-12)


@brisk
@given(group, group)
def test_the_tipping_point_is_the_smallest_number_that_changes_the_verdict(
    first: tuple[int, int, int], second: tuple[int, int, int]
) -> None:
    if first[0] + first[1] == 0 or second[0] + second[1] == 0:
        return
    found = counted(first, second).tipping_point(reference="b")
    known = verdict(*newcombe(first[0], first[0] + first[1], second[0], second[0] + second[1]))
    changing = [
        i + j
        for i, j in itertools.product(range(first[2] + 1), range(second[2] + 1))
        if verdict(*newcombe(first[0] + i, sum(first), second[0] + j, sum(second))) != known
    ]
    assert found.verdict == known
    assert found.tipping == (min(changing) if changing else None)
    assert found.changing == pytest.approx(len(changing) / ((first[2] + 1) * (second[2] + 1)))
    if found.split:
        i, j = found.split
        assert verdict(*newcombe(first[0] + i, sum(first), second[0] + j, sum(second))) != known


@brisk
@given(group, st.sampled_from([0.2, 0.5, 0.6]))
def test_the_tipping_point_against_a_target_too(one: tuple[int, int, int], target: float) -> None:
    if one[0] + one[1] == 0:
        return
    words = dict(zip(("job", "no job", "missing"), one, strict=True))
    found = nav.from_counts(words).tipping_point(target=target)
    known = verdict(*proportion_confint(one[0], one[0] + one[1], method="wilson"), target)
    changing = [
        i
        for i in range(one[2] + 1)
        if verdict(*proportion_confint(one[0] + i, sum(one), method="wilson"), target) != known
    ]
    assert (found.verdict, found.tipping) == (known, min(changing) if changing else None)


def test_people_and_their_counts_have_the_same_bounds() -> None:
    """Censored before 6 is not known; after it, not yet is no."""
    frame = {
        "time": [3, 2, 8, 7, 4, 6, 5, 9],
        "ending": ["job", "", "job", "", "other", "job", "", ""],
        "arm": list("aabbaabb"),
    }
    people = nav.Cohort.from_frame(
        pd.DataFrame(frame), "time", "ending", outcome="job", censored="", arm="arm", reference="b", unit="months"
    )
    own = people.bounds("arm", at=6).table.set_index(["group", "measure"])["estimate"]
    counts = counted((2, 1, 1), (0, 3, 1)).bounds(reference="b").table.set_index(["group", "measure"])["estimate"]
    assert own.sort_index().tolist() == pytest.approx(counts.sort_index().tolist())
    assert (
        people.tipping_point("arm", at=6).tipping == counted((2, 1, 1), (0, 3, 1)).tipping_point(reference="b").tipping
    )


@quick
@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 12), st.integers(1, 12))
def test_fisher_is_scipys(a: int, n: int, b: int, m: int) -> None:
    a, b = min(a, n), min(b, m)
    exact, mid = fisher(a, n, b, m)
    assert exact == pytest.approx(stats.fisher_exact([[a, n - a], [b, m - b]])[1], rel=1e-6)
    chance = stats.hypergeom.pmf(np.arange(n + 1), n + m, a + b, n)
    assert mid == pytest.approx(exact - chance[np.isclose(chance, chance[a], rtol=1e-7)].sum() / 2, abs=1e-9)


def test_mid_p_rejects_less_often_than_it_says_on_average() -> None:
    """All tables of 20 and 20 at a common share of 0.3: the exact test far below 5 %, mid-p near it."""
    size, share = 20, 0.3
    chance = stats.binom.pmf(np.arange(size + 1), size, share)
    rejected = np.zeros(2)
    for a, b in itertools.product(range(size + 1), repeat=2):
        rejected += chance[a] * chance[b] * (np.array(fisher(a, size, b, size)) < 0.05)
    assert rejected[0] < 0.035
    assert 0.04 < rejected[1] < 0.055


@quick
@given(st.floats(0.05, 20))
def test_the_e_value_explains_exactly_the_ratio(ratio: float) -> None:
    """Ding & VanderWeele's bounding factor of two equal E-values is the ratio, or its inverse."""
    value = e_value(ratio)
    assert value * value / (2 * value - 1) == pytest.approx(max(ratio, 1 / ratio), rel=1e-9)
    assert e_value(1 / ratio) == pytest.approx(value)


@quick
@given(st.floats(0.1, 10), st.sampled_from(["odds ratio", "hazard ratio", "risk ratio"]), st.booleans())
def test_what_is_brought_to_a_risk_ratio_keeps_its_side(ratio: float, measure: str, common: bool) -> None:
    found = as_risk_ratio(ratio, measure, common)
    assert (found - 1) * (ratio - 1) >= -1e-12
    assert abs(np.log(found)) <= abs(np.log(ratio)) + 1e-12
    assert found * as_risk_ratio(1 / ratio, measure, common) == pytest.approx(1.0)


def test_e_values_of_results_are_those_of_their_ratios() -> None:
    pair = nav.two_by_two(22, 46, 3, 37)
    table = nav.e_value(pair).table
    assert len(table) == 4
    ratios = pair.table.set_index("measure")
    risk, odds = ratios.loc["risk ratio"], np.sqrt(ratios.loc["odds ratio"][["estimate", "conf_low"]].astype(float))
    expected = [e_value(one[name]) for one in (risk, odds) for name in ("estimate", "conf_low")]
    assert table["estimate"].tolist() == pytest.approx(expected)


@brisk
@given(st.integers(0, 2**31), st.booleans())
def test_balke_and_pearls_bounds_are_those_of_the_linear_programme(seed: int, random: bool) -> None:
    """Sixteen kinds of people (what they do when offered or not, and how they fare when they come or not): the shares
    are free but for what is seen."""
    roll = np.random.default_rng(seed)
    kinds = list(itertools.product((0, 1), repeat=4))
    share = roll.dirichlet(np.full(16, 0.3))
    cells, rows = np.zeros((2, 2, 2)), []
    for z, d, y in itertools.product((0, 1), repeat=3):
        seen = np.array([float(kind[z] == d and kind[2 + d] == y) for kind in kinds])
        rows.append((seen, (y, d, z)))
        cells[y, d, z] = seen @ share
    worth = np.array([float(kind[3] - kind[2]) for kind in kinds])
    matrix, right = np.array([one for one, _ in rows]), np.array([cells[at] for _, at in rows])
    ends = [
        sign * optimize.linprog(sign * worth, A_eq=matrix, b_eq=right, bounds=(0, 1), method="highs").fun
        for sign in (1, -1)
    ]
    low, high = balke_pearl(cells)
    assert [low, high] == pytest.approx(ends, abs=1e-7)
    assert low - 1e-9 <= worth @ share <= high + 1e-9


@quick
@given(st.integers(0, 10), st.integers(1, 10), st.integers(1, 10))
def test_trimmed_shares_hold_every_choice(events: int, others: int, part: int) -> None:
    total = events + others
    part = min(part, total)
    possible = [k / part for k in range(max(0, part - others), min(events, part) + 1)]
    low, high = trimmed(events / total, part / total)
    assert [low, high] == pytest.approx([min(possible), max(possible)], abs=1e-12)


@quick
@given(st.floats(-0.5, 0.5), st.floats(0.2, 0.9), st.floats(-0.8, 0.8))
def test_anderson_rubins_interval_is_an_inverted_test(outcome: float, attendance: float, together: float) -> None:
    covariance = np.array([[0.004, together * 0.002], [together * 0.002, 0.001]])
    z = 1.96
    low, high = anderson_rubin(outcome, attendance, covariance, z)

    def far(ratio: float) -> float:
        slope = np.array([1.0, -ratio])
        return abs(outcome - ratio * attendance) / np.sqrt(slope @ covariance @ slope)

    assert [far(low), far(high)] == pytest.approx([z, z], rel=1e-6)
    assert far((low + high) / 2) < z
    assert far(low - 0.1) > z
    assert ratio_error(outcome, attendance, covariance) > 0


def test_an_interval_without_ends_is_not_given() -> None:
    assert np.isnan(anderson_rubin(0.1, 0.05, np.diag([0.004, 0.001]), 1.96)).all()
