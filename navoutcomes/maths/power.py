"""How many persons a comparison needs, and what a given number could have shown.

Reference: Fleiss 1981 (two shares, no continuity correction); Fisher 1935; Schoenfeld 1983; Latouche, Porcher & Chevret
2004 (competing endings); Donner & Klar 2000 (clusters).
"""

from __future__ import annotations

from math import ceil, inf, log

import numpy as np
from scipy import optimize, stats

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import critical

# Exact power goes up and down as the number grows by one: a size counts when it holds for this many more.
HOLDS_FOR = 5
MOST = 10_000_000


def normal_power(first: float, second: float, sizes: tuple[float, float], level: float) -> float:
    """Chance that the test of two shares rejects, by the normal approximation. Sizes of the two groups."""
    n, m = sizes
    pooled = (n * first + m * second) / (n + m)
    under = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    real = np.sqrt(first * (1 - first) / n + second * (1 - second) / m)
    if real == 0:
        return float(first != second)
    reach = (abs(first - second) - critical(level) * under) / real
    return float(stats.norm.cdf(reach))


def normal_size(first: float, second: float, power: float, level: float, ratio: float = 1.0) -> float:
    """Persons in the first group; the second has ``ratio`` times as many. Not rounded."""
    pooled = (first + ratio * second) / (1 + ratio)
    under = np.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    real = np.sqrt(first * (1 - first) + second * (1 - second) / ratio)
    return float(((critical(level) * under + stats.norm.ppf(power) * real) / (first - second)) ** 2)


def fisher_power(first: float, second: float, sizes: tuple[int, int], level: float) -> float:
    """Chance that Fisher's exact two-sided test rejects: every table there can be, each with its chance."""
    n, m = sizes
    here = stats.binom.pmf(np.arange(n + 1), n, first)
    there = stats.binom.pmf(np.arange(m + 1), m, second)
    total = 0.0
    for events in range(n + m + 1):
        x = np.arange(max(0, events - m), min(n, events) + 1)
        total += float((here[x] * there[events - x])[fisher_rejects(x, events, sizes, level)].sum())
    return total


def fisher_rejects(x: np.ndarray, events: int, sizes: tuple[int, int], level: float) -> np.ndarray:
    """Which tables with these margins the test rejects. Shapes: x (k,) -> (k,)."""
    chance: Floats = stats.hypergeom.pmf(x, sum(sizes), events, sizes[0])
    order = np.argsort(chance, kind="stable")
    upto = np.cumsum(chance[order])
    # Tables as likely as this one, but for rounding, belong to its tail.
    last = np.searchsorted(chance[order], chance * (1 + 1e-7), side="right") - 1
    return np.asarray(upto[last] <= 1 - level + 1e-12)


def fisher_size(first: float, second: float, power: float, level: float, ratio: float = 1.0) -> int:
    """Persons in the first group so that Fisher's test has the power, with this number and the next few."""
    size = max(2, int(normal_size(first, second, power, level, ratio)))

    def enough(n: int) -> bool:
        return fisher_power(first, second, (n, ceil(ratio * n)), level) >= power

    while size > 2 and enough(size):
        size -= 1
    run = 0
    while run <= HOLDS_FOR:
        run = run + 1 if enough(size) else 0
        size += 1
    return size - run


def hazard_events(ratio: float, power: float, level: float, share: float = 0.5) -> float:
    """Endings a hazard ratio needs when ``share`` of the persons are in one of the arms. Not rounded."""
    reach = critical(level) + stats.norm.ppf(power)
    return float(reach**2 / (share * (1 - share) * log(ratio) ** 2))


def hazard_power(ratio: float, events: float, level: float, share: float = 0.5) -> float:
    """Chance that a hazard ratio is found with so many endings."""
    return float(stats.norm.cdf(np.sqrt(events * share * (1 - share)) * abs(log(ratio)) - critical(level)))


def one_share_size(target: float, share: float, power: float, level: float) -> int:
    """Persons so that the interval of a share leaves the target out, when the share is ``share``."""
    under, real = np.sqrt(target * (1 - target)), np.sqrt(share * (1 - share))
    return ceil(((critical(level) * under + stats.norm.ppf(power) * real) / (share - target)) ** 2 - 1e-9)


def spread_by_clusters(persons: float, icc: float) -> float:
    """How many times more persons are needed when ``persons`` of each office are alike by ``icc``."""
    return 1 + (persons - 1) * icc


def smallest_difference(reference: float, sizes: tuple[float, float], power: float, level: float, side: int) -> float:
    """The share nearest to ``reference`` on one side (+1, -1) that would be found; infinite where none would."""
    end = 1.0 if side > 0 else 0.0

    def short(other: float) -> float:
        return normal_power(reference, other, sizes, level) - power

    if short(end) < 0:
        return side * inf
    return float(optimize.brentq(short, reference, end, xtol=1e-10))
