"""From a score with its covariance to a test of one direction, and from many p-values to p-values of many tests.

Reference: Tarone 1975 (trend in the log-rank score); Holm 1979.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats


def trend(score: Floats, covariance: Floats, scores: Floats) -> float:
    """Chi-square with one degree of freedom for a score that grows with ``scores``; not a number without spread.

    Shapes: score (A,), covariance (A, A), scores (A,).
    """
    centred = scores - scores.mean()
    spread = float(centred @ covariance @ centred)
    size = float(centred**2 @ np.abs(np.diag(covariance)))
    return float((centred @ score) ** 2 / spread) if spread > 1e-12 * size else float("nan")


def holm(p_values: Floats) -> Floats:
    """p-values adjusted so that no true hypothesis of them is rejected with more than the level's probability.

    Shapes: (m,) -> (m,); those that are not a number are left out of the counting.
    """
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    factor = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(factor * p_values[order]), 1.0)
    return adjusted
