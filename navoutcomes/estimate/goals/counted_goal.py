"""A goal of how many of how many: its share or change with an interval, and the p-value of lying on the limit."""

from __future__ import annotations

from functools import partial
from math import nan, sqrt

import numpy as np

from navoutcomes.design.target import Target
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.estimate.goals.decision import Limits, chance_by_interval, chance_of_ratio, chance_of_share
from navoutcomes.maths.shares import mover_difference, wilson


def check_counts(events: int, persons: int) -> None:
    """Raises ``DataProblem`` for counts that are none."""
    if persons <= 0 or not 0 <= events <= persons or events % 1 or persons % 1:
        raise DataProblem("counts_not_whole", group="all")


def share_of(baseline: tuple[int, int] | float | None) -> float | None:
    """The baseline as a share."""
    if baseline is None or isinstance(baseline, float):
        return baseline
    check_counts(*baseline)
    return baseline[0] / baseline[1]


def value_of(target: Target, events: int, persons: int, baseline: tuple[int, int] | float | None, z: float) -> Limits:
    """The goal's number with its interval at the quantile ``z``: Wilson's, Newcombe's, or of a ratio."""
    share = events / persons
    own = (share, *wilson(events, persons, z))
    if target.scale == "share":
        return own
    before = share_of(baseline)
    if before is None:
        raise DesignProblem("baseline_needed", scale=target.scale)
    counts = baseline if isinstance(baseline, tuple) else None
    if target.scale == "percentage points":
        then = (before, before, before) if counts is None else (before, *wilson(counts[0], counts[1], z))
        return mover_difference(own, then)
    if events == 0 or before == 0:
        return (share / before - 1 if before else nan, nan, nan)
    error = _error_of_change(events, persons, baseline)
    low, high = (np.log(share / before) + side * z * error for side in (-1, 1))
    return (share / before - 1, float(np.exp(low)) - 1, float(np.exp(high)) - 1)


def chance_of(target: Target, events: int, persons: int, baseline: tuple[int, int] | float | None) -> float:
    """The p-value of the goal's own denominator, on the scale of its interval."""
    share, before = events / persons, share_of(baseline)
    if target.scale == "share":
        return chance_of_share(share, persons, target.limit)
    if target.scale == "percentage points":
        return chance_by_interval(partial(value_of, target, events, persons, baseline), target.limit)
    if not before or not events:
        return nan
    return chance_of_ratio(share / before, 1 + target.limit, _error_of_change(events, persons, baseline))


def _error_of_change(events: int, persons: int, baseline: tuple[int, int] | float | None) -> float:
    counts = baseline if isinstance(baseline, tuple) else None
    return sqrt(1 / events - 1 / persons + (0 if counts is None else 1 / counts[0] - 1 / counts[1]))
