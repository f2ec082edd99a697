"""Are several numbers equal? Quadratic forms of their differences, on a scale of choice, and means of means.

Reference: Klein, Logan, Harhoff & Andersen 2007 (shares at a stated time; the complementary log-log scale).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from navoutcomes.maths.arrays import Floats

SCALES = ("cloglog", "plain", "log", "logit", "arcsine")


def on_scale(kind: str, share: Floats) -> tuple[Floats, Floats]:
    """Shares on a scale, and the slope there. Not a number where the scale is not defined. Shapes (A,), (A,).

    Raises ``KeyError`` for a kind not in ``SCALES``.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {
            "cloglog": lambda p: (np.log(-np.log1p(-p)), -1 / ((1 - p) * np.log1p(-p))),
            "plain": lambda p: (p, np.ones_like(p)),
            "log": lambda p: (np.log(p), 1 / p),
            "logit": lambda p: (np.log(p / (1 - p)), 1 / (p * (1 - p))),
            "arcsine": lambda p: (np.arcsin(np.sqrt(p)), 0.5 / np.sqrt(p * (1 - p))),
        }[kind](np.asarray(share, dtype=float))
    known = np.isfinite(values[0]) & np.isfinite(values[1])
    return np.where(known, values[0], np.nan), np.where(known, values[1], np.nan)


def equal(values: Floats, covariance: Floats) -> tuple[float, int]:
    """Chi-square and degrees of freedom for no difference; 0 degrees where a number or all spread is missing.

    Shapes: values (A,), covariance (A, A).
    """
    if not (np.isfinite(values).all() and np.isfinite(covariance).all()):
        return float("nan"), 0
    contrast = np.hstack([np.ones((len(values) - 1, 1)), -np.eye(len(values) - 1)])
    apart, spread = contrast @ values, contrast @ covariance @ contrast.T
    df = int(np.linalg.matrix_rank(spread, hermitian=True))
    if df < len(values) - 1:
        return float("nan"), 0
    return float(apart @ np.linalg.solve(spread, apart)), df


def equal_means(groups: Sequence[Floats]) -> tuple[float, int, int]:
    """F and its two degrees of freedom: do means of several groups of numbers differ (one-way analysis of variance)?"""
    sizes = np.array([len(one) for one in groups])
    means = np.array([one.mean() for one in groups])
    inside = float(sum(((one - mean) ** 2).sum() for one, mean in zip(groups, means, strict=True)))
    whole = float(sizes @ means) / sizes.sum()
    between, rest = float(sizes @ (means - whole) ** 2), int(sizes.sum()) - len(groups)
    df = len(groups) - 1
    if rest < 1 or inside <= 0:
        return float("nan"), df, max(rest, 0)
    return between / df / (inside / rest), df, rest
