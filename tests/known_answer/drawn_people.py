"""Invented people whose truth is known, and what a simulated coverage must be: bands are stated before the run.

A cell with a band [L, U] and R runs fails below L - 3.09 sqrt(L (1 - L) / R), and above U likewise: with fresh seeds
once in a thousand cells at the bound. Seeds are fixed, so that the outcome never changes.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.counting import CENSORED, Cells, gather
from navoutcomes.records.origin import Origin

RUNS = 1000
DAY = 180
MIX = {"job": 147 / 656, "no_show": 192 / 656, "other": 317 / 656}
CALIBRATED, EXACT, TYPE_ONE = (0.935, 0.975), (0.945, 1.0), (0.025, 0.060)


def inside(share: float, band: tuple[float, float], runs: int = RUNS) -> bool:
    """Whether a simulated share agrees with its band."""
    low, high = (
        bound - sign * 3.09 * sqrt(bound * (1 - bound) / runs) for bound, sign in zip(band, (1, -1), strict=True)
    )
    return low <= share <= high


def rate(share_left: float) -> float:
    """The daily rate with which a share has left by day 180."""
    return -np.log(1 - share_left) / DAY


def followed(
    roll: np.random.Generator, size: int, rates: float | np.ndarray, mix: tuple[float, ...] = (1.0,), last: int = 600
) -> tuple[np.ndarray, np.ndarray]:
    """Whole days and causes: exponential stays, exits for causes in fixed shares, censored evenly up to ``last``."""
    day = np.ceil(roll.exponential(1 / np.broadcast_to(rates, (size,))))
    cause = np.searchsorted(np.cumsum(mix)[:-1], roll.random(size), side="right")
    stop = roll.integers(1, last + 1, size).astype(float)
    return np.minimum(day, stop), np.where(day <= stop, cause, CENSORED)


def table(groups: dict[str, Cells], causes: tuple[str, ...] = ("job",)) -> RiskTable:
    """The gate with these people behind it."""
    some = next(iter(groups.values()))
    codes = [one.cluster for one in groups.values() if one.cluster is not None]
    return RiskTable(
        by=None if len(groups) == 1 else "arm",
        causes=causes,
        unit="days",
        origin=Origin(),
        cells=groups,
        strata={},
        weighted=bool((some.weight != some.persons).any()),
        clustered="office" if codes else "none",
        clusters=int(np.concatenate(codes).max()) + 1 if codes else 0,
        delayed=some.delayed,
    )


def together(parts: dict[str, tuple[np.ndarray, np.ndarray]], causes: int = 1, **more: np.ndarray) -> dict[str, Cells]:
    """Groups of people on one grid; ``more`` maps a group to its offices."""
    grid = np.unique(np.concatenate([[0.0], *(time for time, _ in parts.values())]))
    return {
        name: gather(time, cause, causes, cluster=more.get(name), grid=grid) for name, (time, cause) in parts.items()
    }
