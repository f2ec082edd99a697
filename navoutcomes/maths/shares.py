"""Intervals for counted shares and for what is made of two of them.

Reference: Wilson 1927; Clopper & Pearson 1934; Newcombe 1998 (method 10); Goodman 1965; Donner & Zou 2012 (MOVER).
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from navoutcomes.maths.intervals import critical


def wilson(events: float, persons: float, z: float) -> tuple[float, float]:
    """Score interval of events / persons; 0 and 1 are exact ends."""
    share, extra = events / persons, z * z / persons
    centre = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / persons + extra / (4 * persons)) / (1 + extra)
    low = 0.0 if events == 0 else float(centre - half)
    high = 1.0 if events == persons else float(centre + half)
    return low, high


def clopper_pearson(events: float, persons: float, level: float) -> tuple[float, float]:
    """Exact interval from the binomial tails."""
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(stats.beta.ppf(tail, events, persons - events + 1))
    high = 1.0 if events == persons else float(stats.beta.ppf(1 - tail, events + 1, persons - events))
    return low, high


def goodman(events: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Simultaneous intervals for all shares of one whole: Wilson's with the level split over the categories."""
    persons, kinds = float(events.sum()), len(events)
    z = critical(1 - (1 - level) / kinds)
    limits = np.array([wilson(float(one), persons, z) for one in events])
    return limits[:, 0], limits[:, 1]


def mover_difference(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Difference of two independent estimates from their own (estimate, low, high): estimate, low, high."""
    (a, a_low, a_high), (b, b_low, b_high) = first, second
    low = a - b - np.hypot(a - a_low, b_high - b)
    high = a - b + np.hypot(a_high - a, b - b_low)
    return a - b, float(low), float(high)
