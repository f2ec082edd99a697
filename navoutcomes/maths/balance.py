"""How unlike two groups are in one trait: standardised differences of means, and ratios of variances.

Reference: Austin 2009; Rosenbaum & Rubin 1985; R ``cobalt`` (binary traits by sqrt(p (1 - p)); the denominator is that
of the unweighted people throughout, so that weights cannot look good by making groups spread).
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats


def mean_and_variance(values: Floats, weight: Floats, binary: bool) -> tuple[float, float]:
    """The weighted mean, and the variance: p (1 - p) of a binary trait, unbiased for other traits."""
    whole = float(weight.sum())
    mean = float(weight @ values) / whole
    if binary:
        return mean, mean * (1 - mean)
    squares = whole**2 - float(weight @ weight)
    spread = float(weight @ (values - mean) ** 2)
    return mean, spread * whole / squares if squares > 0 else float("nan")


def is_binary(values: Floats) -> bool:
    """Whether a trait has the values 0 and 1 alone."""
    return bool(((values == 0) | (values == 1)).all())


def unlike(
    values: Floats, second: np.ndarray, own: Floats, weight: Floats, over: str = "pooled"
) -> dict[str, tuple[float, float]]:
    """Means of both groups, standardised difference and variance ratio, each before and after weighting.

    Arguments: ``second`` (n,) who is in the second group, less whom the first is taken; ``own`` and ``weight`` (n,)
    before and after; ``over`` ``pooled`` (both variances halved), ``second`` or ``first``: whose deviation divides.
    """
    binary = is_binary(values)
    sides = [second, ~second]
    before, after = ([mean_and_variance(values[side], mass[side], binary) for side in sides] for mass in (own, weight))
    spread = {
        "pooled": (before[0][1] + before[1][1]) / 2,
        "second": before[0][1],
        "first": before[1][1],
    }[over]
    found = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for name, place in (("mean in the second", 0), ("mean in the first", 1)):
            found[name] = (before[place][0], after[place][0])
        first, last = (np.float64(one[0][0] - one[1][0]) for one in (before, after))
        divided = [float(one / np.sqrt(spread)) if one else 0.0 for one in (first, last)]
        found["difference"] = (divided[0], divided[1])
        ratios = [float("nan") if binary else float(np.float64(one[0][1]) / one[1][1]) for one in (before, after)]
        found["ratio"] = (ratios[0], ratios[1])
    return found
