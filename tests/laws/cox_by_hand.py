"""Cox's partial likelihood once more, ending by ending in plain loops, written to be read beside the definition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize

Vector = np.ndarray


class People:
    """Columns of one frame: entry -1 is from the start."""

    def __init__(
        self, time: Vector, entry: Vector, event: Vector, x: Vector, weight: Vector, stratum: Vector | None = None
    ) -> None:
        self.time, self.entry, self.event, self.x, self.weight = time, entry, event, x, weight
        self.stratum = np.zeros(len(time)) if stratum is None else stratum

    def endings(self) -> list[tuple[float, float]]:
        """Stratum and time at which somebody ends."""
        return sorted({(s, t) for s, t, e in zip(self.stratum, self.time, self.event, strict=True) if e})


def log_likelihood(people: People, beta: Vector, efron: bool = True, weight: Vector | None = None) -> float:
    """Each tied ending in turn; with Efron those who ended before it are there in part only."""
    mass = people.weight if weight is None else weight
    total = 0.0
    for stratum, time in people.endings():
        there = (people.stratum == stratum) & (people.entry < time) & (time <= people.time)
        ends = there & (people.time == time) & (people.event == 1)
        theta = mass * np.exp(people.x @ beta)
        tied = int(ends.sum())
        total += float((mass * (people.x @ beta))[ends].sum())
        for place in range(tied):
            part = place / tied if efron else 0.0
            total -= mass[ends].mean() * np.log(theta[there].sum() - part * theta[ends].sum())
    return total


def derivative(function: Callable[[Vector], float], at: Vector, step: float = 1e-4) -> Vector:
    """Central differences, Richardson's: error of the fourth order."""
    out = np.empty(len(at))
    for place in range(len(at)):
        nudge = np.zeros(len(at))
        nudge[place] = step
        wide = (function(at + 2 * nudge) - function(at - 2 * nudge)) / (4 * step)
        close = (function(at + nudge) - function(at - nudge)) / (2 * step)
        out[place] = (4 * close - wide) / 3
    return out


def score(people: People, beta: Vector, efron: bool = True, weight: Vector | None = None) -> Vector:
    """Covariates of who ends, less the average of those at risk, ending by ending."""
    mass = people.weight if weight is None else weight
    total = np.zeros(len(beta))
    for stratum, time in people.endings():
        there = (people.stratum == stratum) & (people.entry < time) & (time <= people.time)
        ends = there & (people.time == time) & (people.event == 1)
        theta = mass * np.exp(people.x @ beta)
        tied = int(ends.sum())
        total += mass[ends] @ people.x[ends]
        for place in range(tied):
            part = place / tied if efron else 0.0
            below = theta[there].sum() - part * theta[ends].sum()
            above = theta[there] @ people.x[there] - part * (theta[ends] @ people.x[ends])
            total -= mass[ends].mean() * above / below
    return total


def top(people: People, efron: bool = True, weight: Vector | None = None, start: Vector | None = None) -> Vector:
    """Where the score is nothing."""
    begin = np.zeros(people.x.shape[1]) if start is None else start
    found = optimize.root(lambda beta: score(people, beta, efron, weight), begin, tol=1e-13)
    return found.x


def pulls(people: People, beta: Vector, efron: bool = True, step: float = 1e-5) -> Vector:
    """How far the estimate moves for each bit of weight given to a row: central differences of the top."""
    out = []
    for row in range(len(people.time)):
        moved = []
        for sign in (1, -1):
            weight = people.weight.copy()
            weight[row] += sign * step
            moved.append(top(people, efron, weight, beta))
        out.append((moved[0] - moved[1]) / (2 * step))
    return np.array(out)
