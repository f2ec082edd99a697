"""The estimators once more, person by person in plain loops, and their errors by moving each person's weight a little.

Written to be read beside the definitions, not to be fast. A ``Row`` is (entry, time, ending, weight, office, group).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

STEP = 1e-5
CAUSES = ("job", "other")


class Row(NamedTuple):
    """Under observation in (entry, time]; entry -1 is from the start."""

    entry: float
    time: float
    ending: str
    weight: float
    office: int
    group: str


Weights = Sequence[float]


def rows_of(frame: pd.DataFrame, entry: bool, weight: bool) -> list[Row]:
    """The people of a frame; without entry they are there from the start, without weights each counts one."""
    return [
        Row(one.entry if entry else -1, one.time, one.ending, one.weight if weight else 1.0, one.office, one.group)
        for one in frame.itertuples()
    ]


def at_risk(rows: Sequence[Row], weights: Weights, time: float) -> float:
    return sum(w for row, w in zip(rows, weights, strict=True) if row.entry < time <= row.time)


def leaving(rows: Sequence[Row], weights: Weights, time: float, causes: Sequence[str]) -> float:
    return sum(w for row, w in zip(rows, weights, strict=True) if row.time == time and row.ending in causes)


def exits(rows: Sequence[Row], until: float) -> list[float]:
    """Times at which somebody leaves with an ending."""
    return sorted({row.time for row in rows if row.ending in CAUSES and row.time <= until})


def survival(rows: Sequence[Row], weights: Weights, until: float) -> float:
    share = 1.0
    for time in exits(rows, until):
        share *= 1 - leaving(rows, weights, time, CAUSES) / at_risk(rows, weights, time)
    return share


def hazard(rows: Sequence[Row], weights: Weights, until: float, cause: str) -> float:
    return sum(leaving(rows, weights, time, [cause]) / at_risk(rows, weights, time) for time in exits(rows, until))


def incidence(rows: Sequence[Row], weights: Weights, until: float, cause: str) -> float:
    share, left = 1.0, 0.0
    for time in exits(rows, until):
        risk = at_risk(rows, weights, time)
        left += share * leaving(rows, weights, time, [cause]) / risk
        share *= 1 - leaving(rows, weights, time, CAUSES) / risk
    return left


def mean_time(rows: Sequence[Row], weights: Weights, horizon: float, cause: str | None) -> float:
    """Area under the share still there, or under the share that has left for a cause, rectangle by rectangle."""
    edges = [0.0, *exits(rows, horizon), horizon]
    area = 0.0
    for begin, end in pairwise(edges):
        height = survival(rows, weights, begin) if cause is None else incidence(rows, weights, begin, cause)
        area += height * (end - begin)
    return area


def log_rank_score(rows: Sequence[Row], weights: Weights, group: str, causes: Sequence[str] = CAUSES) -> float:
    """Endings in the group less those expected of its share of the people at risk."""
    score = 0.0
    for time in exits(rows, np.inf):
        risk = at_risk(rows, weights, time)
        own = [w if row.group == group else 0.0 for row, w in zip(rows, weights, strict=True)]
        ended = leaving(rows, weights, time, causes)
        if risk > 0:
            score += leaving(rows, own, time, causes) - at_risk(rows, own, time) / risk * ended
    return score


def pulls(rows: Sequence[Row], estimate: Callable[[Weights], float]) -> np.ndarray:
    """Weight times the derivative for it, for each person: how much each pulls the estimate."""
    base = [row.weight for row in rows]
    found = []
    for at in range(len(rows)):
        up, down = list(base), list(base)
        up[at], down[at] = base[at] + STEP, base[at] - STEP
        found.append(base[at] * (estimate(up) - estimate(down)) / (2 * STEP))
    return np.array(found)


def error(rows: Sequence[Row], estimate: Callable[[Weights], float], offices: bool) -> float:
    """Root of the sum of squared pulls, of persons or summed within offices."""
    found = pulls(rows, estimate)
    if offices:
        found = np.bincount([row.office for row in rows], found)
    return float(np.sqrt((found**2).sum()))
