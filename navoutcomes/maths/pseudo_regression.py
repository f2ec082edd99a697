"""Means that follow a straight line on some scale: estimating equations for numbers that need not lie between 0 and 1.

The equations sum x m'(x b) (y - m(x b)) = 0 ask nothing of the spread of y; their error is the sandwich, by unit.

Reference: Liang & Zeger 1986 (independence as working correlation); Andersen, Klein & Rosthoej 2003.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

STEPS, CLOSE = 100, 1e-10

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
class Line:
    """Shapes: estimate (p,); information, covariance (p, p). ``settled`` whether the equations were solved."""

    estimate: Floats
    information: Floats
    covariance: Floats
    settled: bool


def estimating_equations(
    x: Floats, y: Floats, weight: Floats, unit: Indices, units: int, mean: Mean, start: Floats
) -> Line:
    """Solve the equations by steps that are halved while they do not come nearer.

    Shapes: x (n, p); y, weight (n,); unit (n,) codes 0..units-1; start (p,).
    """
    beta = np.array(start, dtype=float)
    score, information = _score(x, y, weight, mean, beta)
    settled = False
    for _ in range(STEPS):
        move = np.linalg.lstsq(information, score, rcond=None)[0]
        if np.abs(move).max() <= CLOSE * (1 + np.abs(beta).max()):
            beta, settled = beta + move, True
            break
        size, distance = 1.0, _misfit(x, y, weight, mean, beta)
        while size > 1e-6 and not _misfit(x, y, weight, mean, beta + size * move) <= distance:
            size /= 2
        beta = beta + size * move
        score, information = _score(x, y, weight, mean, beta)
    fitted, slope = mean(x @ beta)
    own = x * (weight * slope * (y - fitted))[:, None]
    added = np.column_stack([np.bincount(unit, column, minlength=units) for column in own.T])
    _, information = _score(x, y, weight, mean, beta)
    bread = np.linalg.pinv(information)
    return Line(beta, information, bread @ (added.T @ added) @ bread, settled)


def _score(x: Floats, y: Floats, weight: Floats, mean: Mean, beta: Floats) -> tuple[Floats, Floats]:
    fitted, slope = mean(x @ beta)
    return x.T @ (weight * slope * (y - fitted)), (x * (weight * slope**2)[:, None]).T @ x


def _misfit(x: Floats, y: Floats, weight: Floats, mean: Mean, beta: Floats) -> float:
    return float((weight * (y - mean(x @ beta)[0]) ** 2).sum())
