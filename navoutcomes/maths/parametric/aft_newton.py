"""Climbing a log-likelihood of a few parameters by Newton's method, and what its rows say at the top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves

# A step that gains nothing (FLAT, in squared standard errors) and yet crosses a tenth of the column's own breadth has a
# standard error of at least a hundred: nobody's coefficient.
FLAT, ENDLESS = 1e-6, 0.1
HALVINGS = 20
# What a likelihood needs for so many rows stays in the cache; more rows are added up block by block.
BLOCK = 8_192


@dataclass(frozen=True)
class Look:
    """A log-likelihood of some rows at one place: each row's value (m,) and score (m, q), unweighted.

    ``bend(weight)`` is less the second derivative of the sum with these weights: (m,) -> (q, q).
    """

    value: Floats
    score: Floats
    bend: Callable[[Floats], Floats]


Chosen = Indices | slice
Part = Callable[[Floats], Look | None]
Sums = tuple[float, Floats, Floats]


@dataclass(frozen=True)
class Likelihood:
    """A log-likelihood of so many ``rows``; ``part`` gives that of some of them, None outside its domain."""

    rows: int
    part: Callable[[Chosen], Part]

    def score(self, at: Floats) -> Floats:
        """Each row's score, unweighted. Shape (n, q)."""
        found = np.empty((self.rows, len(at)))
        for chosen in _cut(0, self.rows):
            look = self.part(chosen)(at)
            found[chosen] = np.nan if look is None else look.score
        return found

    def bends(self, at: Floats, weight: Floats, group: Indices, groups: int) -> Floats:
        """The information of each group's rows. Shapes: weight, group (n,) -> (groups, q, q)."""
        found = np.zeros((groups, len(at), len(at)))
        order = np.argsort(group, kind="stable")
        first = np.searchsorted(group[order], np.arange(groups + 1))
        for one in range(groups):
            for block in _cut(first[one], first[one + 1]):
                chosen = order[block]
                look = self.part(chosen)(at)
                found[one] += np.nan if look is None else look.bend(weight[chosen])
        return found

    def summed(self, weight: Floats) -> Callable[[Floats], Sums | None]:
        """The weighted sum over all rows, its slope (q,) and its information (q, q), at a place."""
        if self.rows <= BLOCK:
            whole = self.part(slice(0, self.rows))
            return lambda at: _sums(whole(at), weight)

        def total(at: Floats) -> Sums | None:
            def half(low: int, high: int) -> Sums | None:
                value, slope, information = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
                for chosen in _cut(low, high):
                    found = _sums(self.part(chosen)(at), weight[chosen])
                    if found is None:
                        return None
                    value, slope, information = value + found[0], slope + found[1], information + found[2]
                return value, slope, information

            first, *later = halves(self.rows, len(at) ** 2, half)
            for other in later:
                if first is None or other is None:
                    return None
                first = first[0] + other[0], first[1] + other[1], first[2] + other[2]
            return first

        return total


def _cut(low: int, high: int) -> list[slice]:
    return [slice(begin, min(begin + BLOCK, high)) for begin in range(low, high, BLOCK)]


def _sums(look: Look | None, weight: Floats) -> Sums | None:
    return None if look is None else (float(weight @ look.value), weight @ look.score, look.bend(weight))


@dataclass(frozen=True)
class Top:
    """Where the climb ended. ``information`` (q, q); ``diverging`` parameters that run away; ``settled`` at a top."""

    at: Floats
    likelihood: Likelihood
    log_likelihood: float
    information: Floats
    steps: int
    settled: bool
    diverging: Indices


def climb(
    likelihood: Likelihood, start: Floats, weight: Floats, breadth: Floats, most: int = 100, tolerance: float = 1e-20
) -> Top:
    """Newton's method with halved steps; where the surface is not bent downwards, its bend is made so.

    Arguments: ``start`` (q,) inside the likelihood's domain; ``weight`` (n,); ``breadth`` (q,) of the columns that may
    run away, 0 for the others.
    """
    look = likelihood.summed(weight)
    here, seen = start, look(start)
    if seen is None:
        raise ValueError("the climb begins outside the domain")
    value, slope, information = seen
    nowhere = np.empty(0, dtype=np.int64)
    for count in range(most):
        move, plain = _move(information, slope)
        gain = abs(float(move @ slope))
        running = np.flatnonzero(np.abs(move) * breadth > ENDLESS) if plain and gain < FLAT else nowhere
        if len(running):
            return Top(here, likelihood, value, information, count, False, running)
        if plain and gain < max(tolerance, 1e-22 * value**2):
            return Top(here, likelihood, value, information, count, True, nowhere)
        found = _forward(look, here, move, value)
        if found is None:
            # Nothing rises any more than rounding lets us see.
            return Top(here, likelihood, value, information, count, plain and gain < FLAT**1.5, nowhere)
        here, (value, slope, information) = found
    return Top(here, likelihood, value, information, most, False, nowhere)


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
    look: Callable[[Floats], Sums | None], here: Floats, move: Floats, value: float
) -> tuple[Floats, Sums] | None:
    """The first of ever shorter steps that rises."""
    for halving in range(HALVINGS):
        there = here + move / 2**halving
        seen = look(there)
        if seen is not None and np.isfinite(seen[0]) and seen[0] >= value - 1e-13 * abs(value):
            return there, seen
    return None
