"""Means that follow a straight line on some scale: estimating equations for numbers that need not lie between 0 and 1.

The equations sum x m'(x b) (y - m(x b)) = 0 ask nothing of the spread of y; their error is the sandwich, by unit.

Reference: Liang & Zeger 1986 (independence as working correlation); Andersen, Klein & Rosthoej 2003.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

STEPS, CLOSE = 100, 1e-10
BLOCK = 8_192

Mean = Callable[[Floats], tuple[Floats, Floats]]


def identity(line: Floats) -> tuple[Floats, Floats]:
    """The mean itself, and its slope."""
    return line, np.ones_like(line)


def exponential(line: Floats) -> tuple[Floats, Floats]:
    """exp of the line."""
    mean = np.exp(np.clip(line, -700, 700))
    return mean, mean


def stays(line: Floats) -> tuple[Floats, Floats]:
    """A share that stays, whose log hazard the line is: exp(-exp(line))."""
    hazard = np.exp(np.clip(line, -700, 50))
    mean = np.exp(-hazard)
    return mean, -hazard * mean


def leaves(line: Floats) -> tuple[Floats, Floats]:
    """A share that has left: 1 - exp(-exp(line))."""
    mean, slope = stays(line)
    return 1 - mean, -slope


@dataclass(frozen=True)
class Equations:
    """Numbers of persons at several times, each time with a level of its own.

    Shapes: terms (n, p), measured from centre (p,); values (n, T); weight (n,); unit (n,) codes 0..units-1, or None
    where each is one.
    """

    terms: Floats
    centre: Floats
    values: Floats
    weight: Floats
    unit: Indices | None
    units: int

    def blocks(self) -> Iterator[tuple[slice, int, Floats]]:
        """Rows, a time and their columns (levels, terms), some at a time."""
        times = self.values.shape[1]
        for at in range(times):
            for low in range(0, len(self.terms), BLOCK):
                rows = slice(low, min(low + BLOCK, len(self.terms)))
                x = np.zeros((rows.stop - low, times + len(self.centre)))
                x[:, at] = 1.0
                np.subtract(self.terms[rows], self.centre, out=x[:, times:])
                yield rows, at, x

    def spread(self) -> Floats:
        """Weighted sums of products of the columns. Shape (q, q)."""
        return np.asarray(sum(x.T @ (x * self.weight[rows, None]) for rows, _, x in self.blocks()))


@dataclass(frozen=True)
class Line:
    """Shapes: estimate (p,); information, covariance (p, p). ``settled`` whether the equations were solved."""

    estimate: Floats
    information: Floats
    covariance: Floats
    settled: bool


def estimating_equations(seen: Equations, mean: Mean, start: Floats) -> Line:
    """Solve the equations by steps that are halved while they do not come nearer. Shapes: start (q,)."""
    beta = np.array(start, dtype=float)
    score, information = _score(seen, mean, beta)
    settled = False
    for _ in range(STEPS):
        move = np.linalg.lstsq(information, score, rcond=None)[0]
        if np.abs(move).max() <= CLOSE * (1 + np.abs(beta).max()):
            beta, settled = beta + move, True
            break
        size, distance = 1.0, _misfit(seen, mean, beta)
        while size > 1e-6 and not _misfit(seen, mean, beta + size * move) <= distance:
            size /= 2
        beta = beta + size * move
        score, information = _score(seen, mean, beta)
    _, information = _score(seen, mean, beta)
    bread = np.linalg.pinv(information)
    return Line(beta, information, bread @ _squared(seen, mean, beta) @ bread, settled)


def _squared(seen: Equations, mean: Mean, beta: Floats) -> Floats:
    """Sum over units of their squared pulls. Shape (q, q)."""
    alone = seen.unit is None and seen.values.shape[1] == 1
    unit = np.arange(seen.units) if seen.unit is None and not alone else seen.unit
    added = np.zeros((0 if unit is None else seen.units, len(beta)))
    total = np.zeros((len(beta),) * 2)
    for rows, at, x in seen.blocks():
        fitted, slope = mean(x @ beta)
        own = x * (seen.weight[rows] * slope * (seen.values[rows, at] - fitted))[:, None]
        if unit is None:
            total += own.T @ own
        else:
            np.add.at(added, unit[rows], own)
    return total if unit is None else np.asarray(added.T @ added)


def _score(seen: Equations, mean: Mean, beta: Floats) -> tuple[Floats, Floats]:
    score, information = np.zeros(len(beta)), np.zeros((len(beta),) * 2)
    for rows, at, x in seen.blocks():
        fitted, slope = mean(x @ beta)
        weight = seen.weight[rows]
        score += x.T @ (weight * slope * (seen.values[rows, at] - fitted))
        information += (x * (weight * slope**2)[:, None]).T @ x
    return score, information


def _misfit(seen: Equations, mean: Mean, beta: Floats) -> float:
    return float(
        sum(
            (seen.weight[rows] * (seen.values[rows, at] - mean(x @ beta)[0]) ** 2).sum()
            for rows, at, x in seen.blocks()
        )
    )
