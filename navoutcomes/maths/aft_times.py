"""When a share of people with a profile has left, under each distribution."""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.aft import FAMILIES
from navoutcomes.maths.aft_spline import basis
from navoutcomes.maths.arrays import Floats

HALVINGS = 200
FARTHEST = 700.0


def aft_log_time(family: str, eta: float, log_scale: float, shape: float, share: float) -> float:
    """log t = eta + scale * z."""
    return float(eta + np.exp(log_scale) * FAMILIES[family].quantile(np.asarray(share), shape))


def piecewise_log_time(cuts: Floats, log_rates: Floats, eta: float, share: float) -> float:
    """Where the hazard has added up to -log(1 - share)."""
    left = -np.log1p(-share) * np.exp(-eta)
    begin = 0.0
    for cut, rate in zip([*cuts, np.inf], np.exp(log_rates), strict=True):
        if left <= rate * (cut - begin):
            return float(np.log(begin + left / rate))
        left -= rate * (cut - begin)
        begin = cut
    raise AssertionError("the last piece has no end")


def spline_log_time(knots: Floats, gammas: Floats, eta: float, share: float) -> float:
    """Where the spline of log time reaches log(-log(1 - share)), by halving; infinite where it never does."""
    wanted = np.log(-np.log1p(-share)) - eta

    def level(u: float) -> float:
        return float((basis(np.array([u]), knots)[0] @ gammas)[0])

    low, high = -FARTHEST, FARTHEST
    if not level(low) < wanted < level(high):
        return float("inf")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if level(middle) < wanted else (low, middle)
    return (low + high) / 2
