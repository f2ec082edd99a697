"""Several studies put together: a common effect, or effects that vary between studies with variance tau squared.

Symbols as in Higgins, Thompson & Spiegelhalter 2009: y estimates (k,), v their variances (k,), tau2 the variance
between studies, Q Cochran's. Reference: DerSimonian & Laird 1986; Viechtbauer 2005 (REML), 2007 (the interval of tau2);
Hartung & Knapp 2001 and Sidik & Jonkman 2002; Knapp & Hartung 2003 (never below one); Riley, Higgins & Deeks 2011
(prediction).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import critical

# The restricted likelihood may have several tops: its slope is looked at on a grid this fine before one is chosen.
GRID = 400


@dataclass(frozen=True)
class Pool:
    """A mean of studies: ``value`` and ``variance`` (1 / sum of weights), ``tau2``, ``weights`` (k,), not scaled."""

    value: float
    variance: float
    tau2: float
    weights: Floats


def pooled(y: Floats, v: Floats, tau2: float = 0.0) -> Pool:
    """The mean weighted by 1 / (v + tau2). Shapes: (k,), (k,)."""
    weights = 1 / (v + tau2)
    total = float(weights.sum())
    return Pool(float(weights @ y) / total, 1 / total, tau2, weights)


def cochran(y: Floats, v: Floats, tau2: float = 0.0) -> float:
    """Q: squared distances from the weighted mean; generalised where tau2 is not 0."""
    mean = pooled(y, v, tau2)
    return float(mean.weights @ (y - mean.value) ** 2)


def i_squared(q: float, studies: int) -> float:
    """The part of Q beyond what chance within studies would give, 0-1 (Higgins & Thompson 2002)."""
    return max(0.0, 1 - (studies - 1) / q) if q > 0 else 0.0


def tau2_moments(y: Floats, v: Floats) -> float:
    """DerSimonian and Laird's variance between studies."""
    weights = 1 / v
    total = float(weights.sum())
    return max(0.0, (cochran(y, v) - (len(y) - 1)) / (total - float((weights**2).sum()) / total))


def tau2_restricted(y: Floats, v: Floats) -> float:
    """The variance between studies at the top of the restricted likelihood, the highest where there are several."""
    most = 10 * (float(np.var(y)) + float(v.max()))
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * float(v.min()), most, GRID)])
    slopes = np.array([_slope(one, y, v) for one in grid])
    tops = [0.0] if slopes[0] <= 0 else []
    for place in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0)):
        tops.append(float(optimize.brentq(_slope, grid[place], grid[place + 1], args=(y, v), xtol=1e-15, rtol=1e-13)))
    return max(tops, key=lambda one: _restricted(one, y, v))


def tau2_limits(y: Floats, v: Floats, level: float) -> tuple[float, float]:
    """Where the generalised Q is no surprise: the interval of tau2 by the Q-profile."""
    df = len(y) - 1
    most = 1.0 + float(v.max()) + float(np.var(y))

    def limit(share: float) -> float:
        wanted = float(stats.chi2.ppf(share, df))
        if cochran(y, v) <= wanted:
            return 0.0
        top = most
        while cochran(y, v, top) > wanted:
            top *= 4
        return float(optimize.brentq(lambda one: cochran(y, v, one) - wanted, 0.0, top, xtol=1e-13))

    return limit((1 + level) / 2), limit((1 - level) / 2)


def hartung_knapp(y: Floats, mean: Pool, at_least_one: bool) -> float:
    """Variance of a mean from how far the studies lie from it; with ``at_least_one`` never below 1 / sum of weights."""
    q = float(mean.weights @ (y - mean.value) ** 2) / (len(y) - 1)
    return mean.variance * (max(1.0, q) if at_least_one else q)


def prediction(mean: Pool, variance: float, studies: int, level: float) -> tuple[float, float]:
    """Where the effect of one more study like these lies: Student's t with k - 2. Needs three studies."""
    reach = critical(level, float(studies - 2)) * float(np.sqrt(mean.tau2 + variance))
    return mean.value - reach, mean.value + reach


def _slope(tau2: float, y: Floats, v: Floats) -> float:
    """Slope of the restricted likelihood in tau2, times two."""
    mean = pooled(y, v, tau2)
    w = mean.weights
    squares = float((w**2).sum())
    return float((w**2) @ (y - mean.value) ** 2) - float(w.sum()) + squares / float(w.sum())


def _restricted(tau2: float, y: Floats, v: Floats) -> float:
    """Twice the restricted log-likelihood, without its constant."""
    mean = pooled(y, v, tau2)
    far = float(mean.weights @ (y - mean.value) ** 2)
    return float(np.log(mean.weights).sum()) - float(np.log(mean.weights.sum())) - far
