"""Differences cover what is true, and tests find nothing where there is nothing, as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_people import CALIBRATED, DAY, MIX, RUNS, TYPE_ONE, followed, inside, rate, table, together

from navoutcomes.estimate.compare import Asked, by_offices
from navoutcomes.estimate.contrast import contrast
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.counting import Counts, tally
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, grid_variance
from navoutcomes.maths.curves.gray import gray_test
from navoutcomes.maths.curves.logrank import rank_test, weight_function
from navoutcomes.maths.curves.restricted_mean import events_by, survival_area
from navoutcomes.maths.intervals import critical, pointwise
from navoutcomes.maths.shares import mover_difference

SHARES = tuple(MIX.values())
SMALL_OFFICES = 500


def two(
    roll: np.random.Generator, size: int, rates: tuple[float, float], mix: tuple[float, ...], last: int
) -> RiskTable:
    parts = {name: followed(roll, size, own, mix, last) for name, own in zip(("a", "b"), rates, strict=True)}
    return table(together(parts, len(mix)), tuple(MIX)[: len(mix)])


def mean_until(share_left: float, horizon: int) -> float:
    """Mean whole days until exit up to the horizon: the sum of the shares still there at the start of each day."""
    return float(np.exp(-rate(share_left) * np.arange(horizon)).sum())


@pytest.mark.parametrize("size", [12, 50])
def test_the_difference_of_restricted_means_covers_with_the_small_sample_factor(size: int) -> None:
    """No interval is given with fewer than two endings in an arm; that is to happen in less than 4 % of studies."""
    truth = mean_until(0.4, DAY) - mean_until(0.7, DAY)
    z, covered, short, given = critical(0.95), 0, 0, 0
    for run in range(RUNS):
        counts = two(np.random.default_rng((4, size, run)), size, (rate(0.7), rate(0.4)), (1.0,), 1200)
        means, errors, plain = [], 0.0, 0.0
        for name in ("b", "a"):
            mean, variance = survival_area(counts.groups[name], DAY)
            events = events_by(counts.groups[name], DAY)
            means, plain = [*means, mean], plain + variance
            errors += variance * events / (events - 1) if events > 1 else np.nan
        difference = means[0] - means[1]
        given += not np.isnan(errors)
        covered += abs(difference - truth) <= z * np.sqrt(errors)
        short += abs(difference - truth) <= z * np.sqrt(plain)
        if run < 3 and not np.isnan(errors):
            found = contrast(counts, at=DAY, measure="restricted mean difference", reference="a").table.iloc[0]
            assert found[["estimate", "std_error"]].tolist() == pytest.approx([difference, np.sqrt(errors)], abs=1e-9)
    assert given > 0.96 * RUNS
    assert inside(covered / given, CALIBRATED, given), covered
    assert short / RUNS < covered / given


def test_the_difference_of_shares_that_left_for_a_job_covers() -> None:
    """MOVER from the two log(-log) intervals, 50 in each arm."""
    truth, z, covered = SHARES[0] * (0.7 - 0.4), critical(0.95), 0
    for run in range(RUNS):
        counts = two(np.random.default_rng((5, run)), 50, (rate(0.4), rate(0.7)), SHARES, 600)
        limits = []
        for name in ("b", "a"):
            mass = counts.groups[name]
            curve = aalen_johansen(mass)
            at = int(np.searchsorted(curve.time, DAY, side="right")) - 1
            share, error = curve.incidence[0, at : at + 1], np.sqrt(grid_variance(mass)[0, at : at + 1])
            low, high = pointwise("cloglog", share, error, z)
            limits.append((float(share[0]), float(low[0]), float(high[0])))
        if np.isnan(limits).any():
            found = contrast(counts, at=DAY, reference="a").table.iloc[0]
            low, high = found["conf_low"], found["conf_high"]
        else:
            _, low, high = mover_difference(*limits)
        covered += low <= truth <= high
        if run < 3:
            found = contrast(counts, at=DAY, reference="a").table.iloc[0]
            assert [found["conf_low"], found["conf_high"]] == pytest.approx([low, high], abs=1e-12)
    assert inside(covered / RUNS, CALIBRATED), covered


def samples(key: int, size: int) -> list[list[Counts]]:
    """Two arms without a difference, many times."""
    found = []
    for run in range(RUNS):
        counts = two(np.random.default_rng((key, size, run)), size // 2, (rate(0.6), rate(0.6)), SHARES, 600)
        found.append([tally(cells) for cells in counts.cells.values()])
    return found


@pytest.mark.parametrize("size", [50, 147, 656])
def test_grays_test_and_the_log_rank_tests_find_nothing_in_one_of_twenty(size: int) -> None:
    drawn = samples(6, size)
    for name in ("gray", "logrank", "gehan", "peto"):
        if name == "gray":
            values = [gray_test([pair], 0).p_value for pair in drawn]
        else:
            values = [rank_test([pair], weight_function(name)).p_value for pair in drawn]
        assert inside(float(np.mean(np.array(values) < 0.05)), TYPE_ONE), name


def test_offices_compared_as_offices_find_nothing_in_one_of_twenty_and_persons_do() -> None:
    """Three offices against three, each with its own rate (sd 0.3 of the log), 5 to 35 persons an office."""
    false, naive = 0, 0
    for run in range(SMALL_OFFICES):
        roll = np.random.default_rng((7, run))
        parts, offices = {}, {}
        for place, name in enumerate(("a", "b")):
            sizes = roll.integers(5, 36, 3)
            office = np.repeat(np.arange(3) + 3 * place, sizes)
            own = rate(0.6) * np.exp(roll.normal(0, 0.3, 3))[office - 3 * place]
            parts[name], offices[name] = followed(roll, len(office), own, (1.0,), 1200), office
        counts = table(together(parts, 1, **offices))
        found = by_offices(counts, "b", Asked("a", 0, (100.0,), 0.95), "")
        false += not found.low[0] <= 0 <= found.high[0]
        groups = [tally(cells) for cells in counts.cells.values()]
        naive += rank_test([groups], weight_function("logrank")).p_value < 0.05
    assert inside(false / SMALL_OFFICES, TYPE_ONE, SMALL_OFFICES), false
    assert naive / SMALL_OFFICES > 0.15
