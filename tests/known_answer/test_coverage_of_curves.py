"""The default intervals of curves cover the truth as often as they say, at the sizes of an office."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_people import CALIBRATED, DAY, EXACT, MIX, RUNS, followed, inside, rate, table

from navoutcomes.estimate.curves.incidence import cumulative_incidence
from navoutcomes.estimate.curves.survival import survival_curve
from navoutcomes.estimate.regression.precision import incidence_interval, precision, survival_interval
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.counting import gather
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, grid_variance
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, robust_variance

SHARES = tuple(MIX.values())


def stay_limits(counts: RiskTable) -> tuple[float, float, float]:
    """Share still there on day 180 and its default limits, by the core."""
    how = precision(counts, "all", 0.95, None)
    mass = counts.mass("all")
    curve = kaplan_meier(mass)
    error = np.sqrt(robust_variance(counts.cells["all"], mass)) if how.robust else curve.std_error
    error = np.where(curve.survival > 0, error, np.nan)
    low, high, _ = survival_interval(counts, "all", curve.survival, error, how, None, 0.95)
    at = int(np.searchsorted(curve.time, DAY, side="right")) - 1
    return float(curve.survival[at]), float(low[at]), float(high[at])


def stay(roll: np.random.Generator, size: int, truth: float, kind: str = "") -> RiskTable:
    time, cause = followed(roll, size, rate(1 - truth))
    entry = weight = None
    if kind == "entry":
        entry = np.where(roll.random(size) < 0.4, roll.integers(1, 90, size), np.nan)
        seen = np.isnan(entry) | (entry < time)
        time, cause, entry = time[seen], cause[seen], entry[seen]
    if kind == "weights":
        weight = roll.choice([0.25, 1.0, 4.0], size)
    grid = np.unique(np.concatenate([[0.0], time, [] if entry is None else entry[~np.isnan(entry)]]))
    return table({"all": gather(time, cause, 1, entry, weight, grid=grid)})


CELLS = [
    (12, 0.9, "", EXACT),
    (12, 0.5, "", EXACT),
    (49, 0.9, "", EXACT),
    (50, 0.9, "", CALIBRATED),
    (50, 0.5, "", CALIBRATED),
    (50, 0.25, "", CALIBRATED),
    (147, 0.75, "entry", CALIBRATED),
    (147, 0.5, "weights", CALIBRATED),
    (656, 0.9, "", CALIBRATED),
    (656, 0.5, "", CALIBRATED),
]


@pytest.mark.parametrize(("size", "truth", "kind", "band"), CELLS)
def test_the_interval_of_the_share_still_there_covers(
    size: int, truth: float, kind: str, band: tuple[float, float]
) -> None:
    """Below 50 the beta product, exact or wider; from 50 log-log. Not given counts as a miss."""
    covered = 0
    for run in range(RUNS):
        counts = stay(np.random.default_rng((1, size, run)), size, truth, kind)
        share, low, high = stay_limits(counts)
        covered += low <= truth <= high
        if run < 5:
            found = survival_curve(counts).at(DAY).iloc[0]
            assert found[["estimate", "conf_low", "conf_high"]].tolist() == [share, low, high]
    assert inside(covered / RUNS, band), covered


@pytest.mark.parametrize(("size", "last"), [(50, 600), (50, 250), (656, 600)])
def test_the_interval_of_the_share_that_left_for_a_job_covers(size: int, last: int) -> None:
    """Three endings in the shares 147, 192 and 317 of 656, lightly and heavily censored; bias at most 0.02."""
    truth, covered, total = SHARES[0] * 0.6, 0, 0.0
    for run in range(RUNS):
        time, cause = followed(np.random.default_rng((2, size, last, run)), size, rate(0.6), SHARES, last)
        counts = table({"all": gather(time, cause, 3, grid=np.unique(np.append(time, 0.0)))}, tuple(MIX))
        mass = counts.mass("all")
        curve = aalen_johansen(mass)
        error = np.sqrt(grid_variance(mass)[0])
        how = precision(counts, "all", 0.95, None)
        low, high, _ = incidence_interval(counts, "all", curve.incidence[0], error, how, None, 0.95)
        at = int(np.searchsorted(curve.time, DAY, side="right")) - 1
        covered += low[at] <= truth <= high[at]
        total += float(curve.incidence[0, at])
        if run < 5:
            found = cumulative_incidence(counts).at(DAY).iloc[0]
            assert found[["estimate", "conf_low"]].tolist() == [curve.incidence[0, at], low[at]]
    assert inside(covered / RUNS, CALIBRATED), covered
    assert abs(total / RUNS - truth) < 0.02


def test_one_minus_kaplan_meier_is_a_third_too_high_on_average() -> None:
    """What the mean over many offices says when no-shows are taken as censored: .18 instead of .13."""
    truth, naive = SHARES[0] * 0.6, 0.0
    for run in range(300):
        time, cause = followed(np.random.default_rng((3, run)), 656, rate(0.6), SHARES)
        curve = kaplan_meier(table({"all": gather(time, np.where(cause == 0, 0, -1), 1)}).groups["all"])
        naive += 1 - float(curve.survival[np.searchsorted(curve.time, DAY, side="right") - 1]) - truth
    assert naive / 300 == pytest.approx(1 - 0.4 ** SHARES[0] - truth, abs=0.005)
    assert naive / 300 / truth > 0.33
