"""Entropy balancing: weights as even as can be under which an arm has the means it is to have.

The weights are own * exp(x'b), and b is the lowest point of log(sum own exp((x - m)'b)), a convex function: Newton's
method finds it wherever the means can be had at all.

Reference: Hainmueller 2012; Zhao & Percival 2017 (what is estimated when the outcome is linear or the odds are).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

MOST_STEPS = 200
EXACT = 1e-10
FARTHEST = 500.0


class Unbalanced(ArithmeticError):
    """The means cannot be had. ``columns`` those whose mean lies outside what the arm has; empty where none does."""

    def __init__(self, columns: Indices) -> None:
        self.columns = [int(one) for one in columns]
        super().__init__("unbalanced")


@dataclass(frozen=True)
class Balanced:
    """Weights (n,) on top of the rows' own, 1 on average over these; ``slope`` (n, p) and ``inverse`` (p, p) for the
    stacked equations, in columns measured from the target's means and over ``scale``."""

    values: Floats
    slope: Floats
    inverse: Floats
    scale: Floats


def balanced(x: Floats, own: Floats, means: Floats) -> Balanced:
    """Weights under which the columns have stated means. Shapes: x (n, p); own (n,); means (p,).

    Raises: ``Unbalanced`` where no weights above zero give them, or a column is a sum of others.
    """
    spread = x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    apart = (x - means) / scale
    outside = (apart.min(axis=0) > -EXACT) | (apart.max(axis=0) < EXACT)
    outside &= np.abs(apart).max(axis=0) > EXACT
    if outside.any():
        raise Unbalanced(np.flatnonzero(outside))
    beta: Floats = np.zeros(x.shape[1])
    height, share = _height(apart, own, beta)
    for _ in range(MOST_STEPS):
        slope = share @ apart
        if float(np.abs(slope).max(initial=0.0)) < EXACT:
            return _made(apart, own, share, scale)
        curve = (apart * share[:, None]).T @ apart - np.outer(slope, slope)
        move = -_solved(curve, slope)
        beta, height, share = _lower(apart, own, beta, height, move, float(slope @ move))
        if float(np.abs(apart @ beta).max()) > FARTHEST:
            break
    raise Unbalanced(np.empty(0, dtype=np.int64))


def _made(apart: Floats, own: Floats, share: Floats, scale: Floats) -> Balanced:
    values = share / own * float(own.sum())
    curve = (apart * (share * float(own.sum()))[:, None]).T @ apart
    return Balanced(values, values[:, None] * apart, np.linalg.pinv(curve, hermitian=True), scale)


def _height(apart: Floats, own: Floats, beta: Floats) -> tuple[float, Floats]:
    """The function, and everybody's share of the weight."""
    linear = apart @ beta
    top = float(linear.max(initial=0.0))
    mass = own * np.exp(linear - top)
    return top + float(np.log(mass.sum())), mass / mass.sum()


def _lower(
    apart: Floats, own: Floats, beta: Floats, height: float, move: Floats, fall: float
) -> tuple[Floats, float, Floats]:
    """A step halved until the function falls as much as it should."""
    share = 1.0
    for _ in range(40):
        there, mass = _height(apart, own, beta + share * move)
        if there <= height + 1e-4 * share * fall or abs(there - height) < 1e-13 * max(1.0, abs(height)):
            break
        share /= 2
    return beta + share * move, there, mass


def _solved(curve: Floats, slope: Floats) -> Floats:
    """The Newton step; the shortest one where columns say the same."""
    return np.asarray(np.linalg.lstsq(curve, slope, rcond=1e-12)[0])
