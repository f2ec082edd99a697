"""Climbing a log-likelihood of a few parameters by Newton's method, and what its rows say at the top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

# A step that gains nothing (FLAT, in squared standard errors) and yet crosses a tenth of the column's own breadth has a
# standard error of at least a hundred: nobody's coefficient.
FLAT, ENDLESS = 1e-6, 0.1
HALVINGS = 20


@dataclass(frozen=True)
class Look:
    """A log-likelihood at one place: each row's value (n,) and score (n, q), unweighted.

    ``bend(weight)`` is less the second derivative of the sum with these weights: (n,) -> (q, q).
    """

    value: Floats
    score: Floats
    bend: Callable[[Floats], Floats]


Likelihood = Callable[[Floats], Look | None]


@dataclass(frozen=True)
class Top:
    """Where the climb ended. ``information`` (q, q); ``diverging`` parameters that run away; ``settled`` at a top."""

    at: Floats
    look: Look
    log_likelihood: float
    information: Floats
    steps: int
    settled: bool
    diverging: Indices


def climb(
    likelihood: Likelihood, start: Floats, weight: Floats, breadth: Floats, most: int = 100, tolerance: float = 1e-20
) -> Top:
    """Newton's method with halved steps; where the surface is not bent downwards, its bend is made so.

    Arguments: ``likelihood`` gives None outside its domain; ``start`` (q,) inside it; ``weight`` (n,); ``breadth`` (q,)
    of the columns that may run away, 0 for the others.
    """
    here, look = start, likelihood(start)
    if look is None:
        raise ValueError("the climb begins outside the domain")
    value = float(weight @ look.value)
    nowhere = np.empty(0, dtype=np.int64)
    information = look.bend(weight)
    for count in range(most):
        slope = weight @ look.score
        move, plain = _move(information, slope)
        gain = abs(float(move @ slope))
        running = np.flatnonzero(np.abs(move) * breadth > ENDLESS) if plain and gain < FLAT else nowhere
        if len(running):
            return Top(here, look, value, information, count, False, running)
        if plain and gain < max(tolerance, 1e-22 * value**2):
            return Top(here, look, value, information, count, True, nowhere)
        found = _forward(likelihood, here, move, weight, value)
        if found is None:
            # Nothing rises any more than rounding lets us see.
            return Top(here, look, value, information, count, plain and gain < FLAT**1.5, nowhere)
        here, look, value = found
        information = look.bend(weight)
    return Top(here, look, value, information, most, False, nowhere)


def _move(information: Floats, slope: Floats) -> tuple[Floats, bool]:
    """The Newton step; False where the information had to be raised to be positive."""
    size = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-300))
    scaled = information / np.outer(size, size)
    raised = 0.0
    for _ in range(60):
        try:
            lower = np.linalg.cholesky(scaled + raised * np.eye(len(size)))
        except np.linalg.LinAlgError:
            raised = max(1e-3, 4 * raised)
            continue
        inner = np.linalg.solve(lower, slope / size)
        return np.linalg.solve(lower.T, inner) / size, raised == 0.0
    return slope / size**2, False


def _forward(
    likelihood: Likelihood, here: Floats, move: Floats, weight: Floats, value: float
) -> tuple[Floats, Look, float] | None:
    """The first of ever shorter steps that rises."""
    for halving in range(HALVINGS):
        there = here + move / 2**halving
        look = likelihood(there)
        if look is not None:
            new = float(weight @ look.value)
            if np.isfinite(new) and new >= value - 1e-13 * abs(value):
                return there, look, new
    return None
