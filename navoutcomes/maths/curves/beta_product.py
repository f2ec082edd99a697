"""The beta product confidence procedure: an interval for the Kaplan-Meier share that keeps its level in small groups.

Without censoring it is Clopper-Pearson; with censoring each ending multiplies one more beta variable in. The product is
matched to a beta by its first two moments, so nothing is drawn at random.

Reference: Fay, Brittain & Proschan 2013, Biostatistics 14:723.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import Counts


def beta_product(counts: Counts, level: float, at: Indices | None = None) -> tuple[Floats, Floats]:
    """Lower and upper limit of S from each time of the grid to the next, or at the positions ``at`` of the grid.

    Shapes: counts on (G,) -> (G,), (G,), or those of ``at``. Assumes: whole persons, no delayed entry.
    """
    place = np.arange(len(counts.time)) if at is None else at
    tail = (1 - level) / 2
    risk, ended = counts.at_risk, counts.all_events
    after = (risk - counts.exits)[place]
    alive = np.where(ended > 0, risk - ended + 1, 1.0)
    first = np.cumprod(np.where(ended > 0, alive / (risk + 1), 1.0)).astype(float)[place]
    second = np.cumprod(np.where(ended > 0, alive * (alive + 1) / ((risk + 1) * (risk + 2)), 1.0)).astype(float)[place]
    high = _quantile(first, second, 1 - tail, sure=1.0)
    low = _quantile(first * after / (after + 1), second * after / (after + 2), tail, sure=0.0)
    return low, high


def _quantile(mean: Floats, square: Floats, p: float, sure: float) -> Floats:
    """Quantile of the beta variable with these moments; ``sure`` where the moments leave no spread."""
    spread = square - mean**2
    loose = (spread > 1e-15) & (mean > 0)
    size = np.divide(mean - square, spread, out=np.ones_like(mean), where=loose)
    a = np.where(loose, mean * size, 1.0)
    b = np.where(loose, (1 - mean) * size, 1.0)
    return np.where(loose, special.betaincinv(a, b, p), sure)
