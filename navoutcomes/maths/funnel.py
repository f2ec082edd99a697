"""Offices against what was to be expected of them: how far chance alone spreads them, and how far they spread.

Reference: Spiegelhalter 2005 (funnel limits, overdispersion by winsorised z); DerSimonian & Laird 1986 (variance
between offices); Efron & Morris 1975 (shrinkage).
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats

WINSORISED = 0.1
FEWEST = 10


def overdispersion(z: Floats) -> float:
    """How many times wider than chance the offices spread: mean square of z, a tenth drawn in at each end; at least 1,
    and 1 where there are fewer than ten offices to tell from."""
    if len(z) < FEWEST:
        return 1.0
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return max(1.0, float(np.mean(np.clip(z, low, high) ** 2)))


def between(difference: Floats, error: Floats) -> float:
    """Variance between offices beyond chance. Shapes: (G,), (G,) standard errors."""
    weight = 1 / error**2
    middle = float(weight @ difference / weight.sum())
    spread = float(weight @ (difference - middle) ** 2)
    over = weight.sum() - float(weight @ weight) / weight.sum()
    return max(0.0, (spread - (len(difference) - 1)) / over) if over > 0 else 0.0


def shrunk(difference: Floats, error: Floats, variance: float) -> tuple[Floats, Floats]:
    """Differences drawn towards 0 by how little is known of each, and their standard errors. Shapes: (G,) -> (G,)."""
    kept = variance / (variance + error**2)
    return kept * difference, np.sqrt(kept) * error
