"""Bands that hold at all times together, and the critical values that make pointwise limits into them.

Reference: Hall & Wellner 1980; Nair 1984 (equal precision; critical values by Miller & Siegmund 1982, as in the tables
of Klein & Moeschberger, appendix C); Lin 1997 (resampling the influences of persons).
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, sparse, special

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import FROM_START, Cells, Counts
from navoutcomes.maths.influence import Form, influences, running

NODES = 40
SERIES = 3
REACH = 8.0
BLOCK = 4_000_000


def share_of_clock(log_variance: Floats, persons: float) -> Floats:
    """a(t) = n s(t) / (1 + n s(t)), s Greenwood's sum: the clock on which the curve is a Brownian bridge."""
    scaled = persons * log_variance
    return np.asarray(scaled / (1 + scaled))


def equal_precision(begin: float, end: float, level: float) -> float:
    """How many standard errors wide an equal precision band is on the clock from ``begin`` to ``end``.

    Raises ``ValueError`` unless 0 < begin <= end < 1.
    """
    if not 0 < begin <= end < 1:
        raise ValueError("the clock runs from above 0 to below 1")
    odds = np.log(end * (1 - begin) / (begin * (1 - end)))

    def outside(c: float) -> float:
        density = np.exp(-(c**2) / 2) / np.sqrt(2 * np.pi)
        return float(4 * density / c + density * (c - 1 / c) * odds - (1 - level))

    # The approximation is for small tails; one time alone is the normal quantile.
    alone = float(special.ndtri((1 + level) / 2))
    return alone if odds <= 0 or outside(alone) <= 0 else float(optimize.brentq(outside, alone, 10.0, xtol=1e-12))


def hall_wellner(begin: float, end: float, level: float) -> float:
    """The k that a Brownian bridge keeps within from ``begin`` to ``end`` with probability ``level``.

    Raises ``ValueError`` unless 0 <= begin < end < 1.
    """
    if not 0 <= begin < end < 1:
        raise ValueError("the clock runs from 0 or later to below 1")
    # Not below the limit for its widest time alone, nor above that for the whole bridge.
    middle = min(max(0.5, begin), end)
    low = special.ndtri((1 + level) / 2) * np.sqrt(middle * (1 - middle))
    return float(
        optimize.brentq(
            lambda k: bridge_within(k, begin, end) - level, 0.999 * low, 1.001 * special.kolmogi(1 - level), xtol=1e-9
        )
    )


def bridge_within(k: float, begin: float, end: float) -> float:
    """P(|B(u)| <= k for all u from ``begin`` to ``end``) for a Brownian bridge B on (0, 1), by quadrature over its two
    ends and the reflection series between them."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    spread = np.sqrt(begin * (1 - begin))
    reach = min(k, REACH * spread)
    first = np.array([0.0]) if begin == 0 else reach * nodes
    mass = np.array([1.0]) if begin == 0 else reach * weights * _density(first / spread) / spread
    mean = first * (1 - end) / (1 - begin)
    sd = np.sqrt((end - begin) * (1 - end) / (1 - begin))
    low, high = np.maximum(-k, mean - REACH * sd), np.minimum(k, mean + REACH * sd)
    half = (high - low) / 2
    last = (low + high)[:, None] / 2 + half[:, None] * nodes
    inner = half[:, None] * weights * _density((last - mean[:, None]) / sd) / sd
    return float(mass @ (inner * _stays(first[:, None], last, k, end - begin)).sum(axis=1))


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def _stays(first: Floats, last: Floats, k: float, time: float) -> Floats:
    """Probability that Brownian motion tied at both ends stays within (-k, k) between them."""
    x, y, width = first + k, last + k, 2 * k
    total = np.zeros(np.broadcast_shapes(first.shape, last.shape))
    for m in range(-SERIES, SERIES + 1):
        shift = 2 * m * width
        total += np.exp(-((y - x + shift) ** 2 - (y - x) ** 2) / (2 * time))
        total -= np.exp(-((y + x + shift) ** 2 - (y - x) ** 2) / (2 * time))
    return np.clip(total, 0.0, 1.0)


def resampled(cells: Cells, counts: Counts, form: Form, rng: np.random.Generator, replicates: int) -> Floats:
    """Draws of the error of a curve: influences times independent standard normal numbers, one a person or cluster.

    Shapes: returns (replicates, G).
    """
    if cells.cluster is not None:
        pulls = influences(cells, counts, form, int(cells.cluster.max(initial=-1)) + 1)
        drawn = rng.standard_normal((replicates, len(pulls)))
        return np.asarray(drawn @ pulls)
    step = max(1, BLOCK // max(1, len(cells.exit) + len(cells.time)))
    parts = [
        _drawn(cells, counts, form, rng.standard_normal((min(step, replicates - low), len(cells.exit))).T)
        for low in range(0, replicates, step)
    ]
    return np.concatenate(parts)


def _drawn(cells: Cells, counts: Counts, form: Form, normal: Floats) -> Floats:
    """Persons of a cell together have the root of their summed squared weights. Shapes: normal (M, R) -> (R, G)."""
    run, size, number = running(cells, counts, form), len(cells.time), len(cells.exit)
    mass = np.sqrt(cells.weight_squared)[:, None] * normal
    late = cells.entry != FROM_START
    leave = sparse.csr_array((np.ones(number), (cells.exit, np.arange(number))), shape=(size, number))
    came = (np.ones(int(late.sum())), (cells.entry[late], np.flatnonzero(late)))
    enter = sparse.csr_array(came, shape=(size, number))

    def left(values: Floats) -> Floats:
        return np.cumsum(leave @ (values[:, None] * mass), axis=0)

    def there(values: Floats) -> Floats:
        own = values[:, None] * mass
        entered = enter @ own
        return own[~late].sum(axis=0) + np.cumsum(entered, axis=0) - entered - left(values)

    scale = form.scale[:, None]
    found = left(run.p) + scale * left(run.q) + run.here[:, None] * there(np.ones(number))
    if late.any():
        found = found + there(run.a) + scale * there(run.b)
    return np.asarray(found.T)
