"""When a share of people with a profile has left, under each distribution, and how that moves with the parameters.

Each gives log t and its derivative in the parameters, in the order of the likelihoods: terms, then the others.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.parametric.aft import FAMILIES
from navoutcomes.maths.parametric.aft_shapes import FIRST, STEP
from navoutcomes.maths.parametric.aft_spline import basis

HALVINGS = 200
FARTHEST = 700.0

Time = tuple[float, Floats]


def aft_log_time(family: str, at: Floats, x: Floats, scales: int, stratum: int, share: float) -> Time:
    """log t = x'b + intercept + scale * z."""
    size = len(x)
    shaped = family == "generalised gamma"
    scale = float(np.exp(at[size + 1 + stratum])) if scales else 1.0
    shape = float(at[-1]) if shaped else 0.0

    def z(q: float) -> float:
        return float(FAMILIES[family].quantile(np.asarray(share), q))

    slope = np.zeros(len(at))
    slope[:size], slope[size] = x, 1.0
    if scales:
        slope[size + 1 + stratum] = scale * z(shape)
    if shaped:
        slope[-1] = scale * float(FIRST @ [z(shape + step * STEP) for step in range(-4, 5)])
    return float(x @ at[:size] + at[size] + scale * z(shape)), slope


def piecewise_log_time(cuts: Floats, at: Floats, x: Floats, share: float) -> Time:
    """Where the hazard has added up to -log(1 - share)."""
    size = len(x)
    wanted, rates = -np.log1p(-share), np.exp(at[size:] + x @ at[:size])
    low, high = np.concatenate([[0.0], cuts]), np.concatenate([cuts, [np.inf]])
    upto = np.concatenate([[0.0], np.cumsum(rates[:-1] * np.diff(low))])
    piece = int(np.searchsorted(upto, wanted, side="right")) - 1
    time = low[piece] + (wanted - upto[piece]) / rates[piece]
    met = rates * np.maximum(np.minimum(time, high) - low, 0.0)
    return float(np.log(time)), -np.concatenate([x * wanted, met]) / (rates[piece] * time)


def spline_log_time(knots: Floats, at: Floats, x: Floats, share: float) -> Time:
    """Where the spline of log time reaches log(-log(1 - share)), by halving; infinite where it never does."""
    size = len(x)
    wanted = float(np.log(-np.log1p(-share)) - x @ at[:size])

    def level(u: float) -> float:
        return float((basis(np.array([u]), knots)[0] @ at[size:])[0])

    low, high = -FARTHEST, FARTHEST
    if not level(low) < wanted < level(high):
        return float("inf"), np.full(len(at), np.nan)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if level(middle) < wanted else (low, middle)
    found, steep = basis(np.array([low]), knots)
    return low, -np.concatenate([x, found[0]]) / float((steep @ at[size:])[0])
