"""Medians, shares, bands and mean times hold what is true as often as they say; tests at one time find nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from drawn_people import CALIBRATED, DAY, EXACT, MIX, RUNS, TYPE_ONE, followed, inside, rate, table, together

from navoutcomes.estimate.curves.bands import confidence_bands
from navoutcomes.estimate.curves.bootstrap import bootstrap_restricted_mean
from navoutcomes.estimate.curves.fixed_time import fixed_time_test, restricted_mean_test
from navoutcomes.estimate.curves.incidence import incidence_paths
from navoutcomes.estimate.curves.quantiles import quantiles
from navoutcomes.estimate.curves.restricted_mean import mean_of
from navoutcomes.estimate.curves.survival import survival_path
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.counting import gather
from navoutcomes.maths.curves.logrank import rank_test, weight_function
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.trend import trend

SHARES = tuple(MIX.values())
MONTH = 30
# Medians of whole months are told by few distinct times: the interval is wider than it says, as R's is.
TIED = (0.935, 1.0)


def people(roll: np.random.Generator, size: int, left: float, causes: int = 1, month: bool = False) -> RiskTable:
    """Days, or months, until an ending; ``left`` have left by day 180."""
    mix = SHARES if causes > 1 else (1.0,)
    time, cause = followed(roll, size, rate(left), mix, 900)
    time = np.ceil(time / MONTH) if month else time
    return table({"all": gather(time, cause, causes, grid=np.unique(np.append(time, 0.0)))}, tuple(MIX)[:causes])


@pytest.mark.parametrize(
    ("size", "truth", "band"),
    [(12, 0.25, EXACT), (147, 0.9, CALIBRATED), (147, 0.5, CALIBRATED), (147, 0.25, CALIBRATED)],
)
def test_the_share_still_there_is_within_its_default_limits(size: int, truth: float, band: tuple[float, float]) -> None:
    covered = 0
    for run in range(RUNS):
        counts = people(np.random.default_rng((31, size, run)), size, 1 - truth)
        path = survival_path(counts, "all", 0.95, None, None)
        at = int(np.searchsorted(counts.groups["all"].time[path.at], DAY, side="right")) - 1
        covered += path.limits[0][at] <= truth <= path.limits[1][at]
    assert inside(covered / RUNS, band), covered


@pytest.mark.parametrize(
    ("size", "month", "interval", "band"),
    [
        (12, False, None, EXACT),
        (50, False, None, CALIBRATED),
        (147, False, None, CALIBRATED),
        (50, False, "log-log", CALIBRATED),
        (147, True, None, TIED),
    ],
)
def test_the_median_stay_is_within_its_limits(
    size: int, month: bool, interval: str | None, band: tuple[float, float]
) -> None:
    """The true median is the first whole day (or month) by which half have left; an open end covers all later ones."""
    speed = rate(0.6)
    days = np.ceil(np.log(2) / speed)
    truth, covered = np.ceil(days / MONTH) if month else days, 0
    for run in range(RUNS):
        counts = people(np.random.default_rng((32, size, run)), size, 0.6, month=month)
        row = quantiles(counts, interval=interval).table.iloc[0]
        covered += not row["conf_low"] > truth and not row["conf_high"] < truth
    assert inside(covered / RUNS, band), covered


def test_the_time_to_a_job_is_within_its_limits() -> None:
    """Everybody is followed for a year of 360 days: the median among those who get a job by then, and among all the
    day by which 15 of a hundred have one."""
    speed, end, shares = rate(0.6), 360, (0.15, 0.5)
    left = SHARES[0] * (1 - np.exp(-speed * np.arange(end + 1)))
    truth = {
        "quantile 0.15": float(np.argmax(left >= 0.15)),
        "conditional quantile 0.5": float(np.argmax(left >= left[-1] / 2)),
    }
    covered = dict.fromkeys(truth, 0)
    for run in range(RUNS):
        roll = np.random.default_rng((33, run))
        day = np.ceil(roll.exponential(1 / speed, 200))
        cause = np.where(day <= end, np.searchsorted(np.cumsum(SHARES)[:-1], roll.random(200), side="right"), -1)
        cells = gather(np.minimum(day, end), cause, 3, grid=np.unique(np.append(np.minimum(day, end), 0.0)))
        found = quantiles(table({"all": cells}, tuple(MIX)), shares, cause="job").table.set_index("measure")
        for measure, time in truth.items():
            low, high = found.loc[measure, ["conf_low", "conf_high"]]
            covered[measure] += not low > time and not high < time
    assert all(inside(number / RUNS, CALIBRATED) for number in covered.values()), covered


@pytest.mark.parametrize(("size", "cause"), [(147, None), (50, 0)])
def test_a_difference_of_mean_times_is_within_its_limits(size: int, cause: int | None) -> None:
    z, covered, given = critical(0.95), 0, 0
    stay = [np.exp(-rate(left) * np.arange(DAY)) for left in (0.7, 0.4)]
    truth = float((stay[1] - stay[0]).sum()) * (1 if cause is None else -SHARES[0])
    for run in range(RUNS):
        roll = np.random.default_rng((34, size, run))
        mix = (1.0,) if cause is None else SHARES
        parts = {name: followed(roll, size, rate(left), mix, 900) for name, left in (("a", 0.7), ("b", 0.4))}
        counts = table(together(parts, len(mix)), tuple(MIX)[: len(mix)])
        (a, a_variance, _), (b, b_variance, _) = (mean_of(counts, name, DAY, cause, None, True) for name in ("a", "b"))
        given += not np.isnan(a_variance + b_variance)
        covered += abs(b - a - truth) <= z * np.sqrt(a_variance + b_variance)
    assert given > 0.98 * RUNS
    assert inside(covered / given, CALIBRATED, given), covered


@pytest.mark.parametrize("kind", ["equal precision", "hall-wellner", "resampled"])
def test_a_band_holds_the_whole_curve(kind: str) -> None:
    """147 persons, from the day by which a tenth has left to the one by which three quarters have."""
    speed, covered = rate(0.6), 0
    within = (float(np.ceil(-np.log(0.9) / speed)), float(np.floor(-np.log(0.25) / speed)))
    days = np.arange(within[0], within[1] + 1)
    truth = np.exp(-speed * days)
    for run in range(RUNS):
        counts = people(np.random.default_rng((35, run)), 147, 0.6)
        band = confidence_bands(counts, kind=kind, within=within, rng=run, replicates=120)
        limits = band._full
        at = np.searchsorted(limits["time"].to_numpy(), days, side="right") - 1
        low, high = limits["conf_low"].to_numpy()[at], limits["conf_high"].to_numpy()[at]
        covered += bool((~(low > truth) & ~(high < truth)).all())
    assert inside(covered / RUNS, (0.93, 0.985)), covered


def test_a_band_for_a_cause_holds_the_whole_curve() -> None:
    speed, covered = rate(0.6), 0
    days = np.arange(60.0, 301.0)
    truth = SHARES[0] * (1 - np.exp(-speed * days))
    for run in range(RUNS):
        counts = people(np.random.default_rng((36, run)), 300, 0.6, causes=3)
        limits = confidence_bands(counts, cause="job", within=(60, 300), rng=run, replicates=120)._full
        at = np.searchsorted(limits["time"].to_numpy(), days, side="right") - 1
        low, high = limits["conf_low"].to_numpy()[at], limits["conf_high"].to_numpy()[at]
        covered += bool((~(low > truth) & ~(high < truth)).all())
    assert inside(covered / RUNS, (0.925, 0.975)), covered


def _arms(roll: np.random.Generator, size: int, names: str = "ab") -> RiskTable:
    parts = {name: followed(roll, size, rate(0.6), SHARES, 900) for name in names}
    return table(together(parts, 3), tuple(MIX))


FIXED: dict[str, Callable[[RiskTable], float]] = {
    "shares left": lambda counts: fixed_time_test(counts, DAY).p_value,
    "shares left for a job": lambda counts: fixed_time_test(counts, DAY, cause="job").p_value,
    "mean times": lambda counts: restricted_mean_test(counts, DAY).p_value,
    "mean times in a job": lambda counts: restricted_mean_test(counts, DAY, cause="job").p_value,
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.full if "job" in name else ()) for name in FIXED]
)
def test_a_test_at_one_time_finds_nothing_in_one_of_twenty(name: str) -> None:
    values = np.array([FIXED[name](_arms(np.random.default_rng((37, run)), 60)) for run in range(RUNS)])
    assert np.isnan(values).mean() < 0.02
    assert inside(float((values < 0.05).mean()), TYPE_ONE), (values < 0.05).sum()


def test_a_trend_over_three_groups_finds_nothing_in_one_of_twenty() -> None:
    found = []
    for run in range(RUNS):
        counts = _arms(np.random.default_rng((38, run)), 40, "abc")
        test = rank_test([list(counts.groups.values())], weight_function("logrank"))
        found.append(trend(test.score, test.covariance, np.array([0.0, 1.0, 2.0])) > critical(0.95) ** 2)
    assert inside(float(np.mean(found)), TYPE_ONE), sum(found)


@pytest.mark.parametrize("weighted", [False, True], ids=["offices", "offices and weights"])
def test_with_twelve_offices_the_share_is_within_the_jackknife_limits(weighted: bool) -> None:
    """Each office has its own rate (sd 0.3 of the log); the truth is their mean share."""
    covered, spread = 0, np.exp(np.random.default_rng(9).normal(0, 0.3, 200_000))
    truth = float(np.mean(np.exp(-rate(0.6) * DAY * spread)) * SHARES[0])
    truth = SHARES[0] - truth
    for run in range(RUNS):
        roll = np.random.default_rng((39, run))
        office = np.repeat(np.arange(12), 30)
        own = rate(0.6) * np.exp(roll.normal(0, 0.3, 12))[office]
        time, cause = followed(roll, len(office), own, SHARES, 900)
        weight = roll.choice([0.5, 1.0, 2.0], len(office)) if weighted else None
        grid = np.unique(np.append(time, 0.0))
        counts = table({"all": gather(time, cause, 3, weight=weight, cluster=office, grid=grid)}, tuple(MIX))
        paths = incidence_paths(counts, "all", 0.95, None, None, [0])
        at = int(np.searchsorted(grid[paths.at], DAY, side="right")) - 1
        low, high = paths.causes[0][3]
        covered += low[at] <= truth <= high[at]
    assert inside(covered / RUNS, CALIBRATED), covered


@pytest.mark.full
def test_repeated_draws_cover_a_difference_of_mean_times() -> None:
    covered, runs = 0, 2000
    stay = [np.exp(-rate(left) * np.arange(DAY)).sum() for left in (0.7, 0.4)]
    for run in range(runs):
        roll = np.random.default_rng((40, run))
        parts = {name: followed(roll, 80, rate(left), (1.0,), 900) for name, left in (("a", 0.7), ("b", 0.4))}
        counts = table(together(parts))
        found = bootstrap_restricted_mean(counts, DAY, reference="a", replicates=500, rng=roll).table
        row = found[found["measure"] == "restricted mean difference"].iloc[0]
        covered += row["conf_low"] <= stay[1] - stay[0] <= row["conf_high"]
    assert inside(covered / runs, (0.93, 0.975), runs), covered
