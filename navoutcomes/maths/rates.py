"""Events per person-time: how many, how long, and how sure.

Reference: Garwood 1936 (exact interval); Rothman, Greenland & Lash 2008, chapter 14; Clopper & Pearson 1934 for the
ratio of two counts, which given their sum is a share; Donner & Zou 2012 for differences.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.shares import clopper_pearson, mover_difference

EXACT_BELOW = 50


def person_time(entry: Floats, time: Floats, edges: Floats) -> Floats:
    """How much of each row's (entry, time] lies in each band (edges[m], edges[m + 1]].

    Shapes: (n,), (n,), (M + 1,) -> (n, M).
    """
    long = np.minimum(time[:, None], edges[1:])
    for band, begin in enumerate(edges[:-1]):
        long[:, band] -= np.maximum(entry, begin)
    return np.asarray(np.maximum(long, 0.0, out=long))


def band_of(time: Floats, edges: Floats) -> Indices:
    """In which band a time lies; a time at or before the first edge in the first. Shapes: (n,), (M + 1,) -> (n,)."""
    return np.clip(np.searchsorted(edges, time, side="left") - 1, 0, len(edges) - 2).astype(np.int64)


def exact(events: float, length: float, level: float) -> tuple[float, float]:
    """Garwood's interval of a rate of whole, independent events."""
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(stats.chi2.ppf(tail, 2 * events)) / 2
    return low / length, float(stats.chi2.ppf(1 - tail, 2 * events + 2)) / 2 / length


def on_log(rate: float, log_error: float, z: float) -> tuple[float, float]:
    """Interval of a rate from the standard error of its logarithm; nothing is said of a rate of 0."""
    if rate <= 0:
        return float("nan"), float("nan")
    return rate * float(np.exp(-z * log_error)), rate * float(np.exp(z * log_error))


def score(events: float, length: float, z: float) -> tuple[float, float]:
    """The rates whose distance from the one seen is z of their own standard errors."""
    centre, reach = events + z * z / 2, z * float(np.sqrt(events + z * z / 4))
    return max(centre - reach, 0.0) / length, (centre + reach) / length


def pulls(
    events: Floats, length: Floats, weight: Floats, cluster: Indices | None, clusters: int
) -> tuple[float, float, Floats]:
    """Weighted events, weighted person-time, and how far each row or cluster pulls the logarithm of the rate.

    Shapes: events, length, weight (n,); cluster (n,) codes or None -> pulls (n,) or (clusters,).
    """
    seen, stayed = float(weight @ events), float(weight @ length)
    if seen <= 0 or stayed <= 0:
        return seen, stayed, np.full(len(events) if cluster is None else clusters, np.nan)
    own = weight * (events / seen - length / stayed)
    return seen, stayed, own if cluster is None else np.bincount(cluster, own, minlength=clusters).astype(float)


def exact_ratio(
    first: tuple[float, float], second: tuple[float, float], level: float
) -> tuple[float, float, float, float]:
    """Ratio of two rates, each (events, person-time): ratio, its limits and the p-value of 1, given the sum of events.

    The p-value adds up all splits that are no more likely than the one seen (R ``poisson.test``).
    """
    (a, s), (b, t) = first, second
    nothing = float("nan")
    if a + b == 0:
        return nothing, 0.0, np.inf, 1.0
    low, high = clopper_pearson(a, a + b, level)
    odds = t / s
    upper = np.inf if high >= 1 else high / (1 - high) * odds
    p = float(stats.binomtest(round(a), round(a + b), s / (s + t)).pvalue)
    return (a / s) / (b / t) if b else np.inf, low / (1 - low) * odds, upper, p


def difference(first: tuple[float, float, float], second: tuple[float, float, float]) -> tuple[float, float, float]:
    """Difference of two independent rates from their own (rate, low, high)."""
    return mover_difference(first, second)
