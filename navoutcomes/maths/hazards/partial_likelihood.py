"""What Cox's and Fine and Gray's likelihoods share: the sums over tied endings, and what Newton needs of them.

With d endings at t and r = l / d for l from 0 to d - 1, z_l = 1 / (S0 - r E0); Breslow's ties are r = 0 throughout.
Reference: Cox 1972; Efron 1977; Therneau & Grambsch 2000, chapter 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.compiled import compiled

ROWS = 256


@dataclass(frozen=True)
class Step:
    """The likelihood at one ``beta``, covariates measured from their centre: what Newton and every residual need.

    Shapes: beta, score (p,); information (p, p); theta (n,) w exp(x'b - scale); risk, ending (J, p + 1) sums of theta
    and theta x of those at risk and those who end at each place; sums (J, 5) g0, g1, h0, h1, h2.
    """

    beta: Floats
    log_likelihood: float
    score: Floats
    information: Floats
    scale: float
    theta: Floats
    risk: Floats
    ending: Floats
    sums: Floats

    @property
    def finite(self) -> bool:
        """Whether Newton can go on from here: too far out the sums run over."""
        return math.isfinite(self.log_likelihood) and bool(np.isfinite(self.information).all())


@dataclass(frozen=True)
class Fixed:
    """What does not change from step to step.

    Shapes: centre (p,) weighted means of the covariates (the likelihood is the same from anywhere, the rounding is
    not); number, mean (J,) endings by place and their mean weight; drawn (p,) their covariates, weighted and added.
    """

    centre: Floats
    number: Floats
    mean: Floats
    drawn: Floats


class At(Protocol):
    """The likelihood of somebody at ``beta``, with the information unless ``second`` is False."""

    def __call__(self, beta: Floats, scale: float, second: bool = True) -> Step: ...


def fixed_sums(x: Floats, weight: Floats, event: Floats, place: Indices, places: int) -> Fixed:
    """One pass over the people. Shapes: x (n, p); weight, event (1.0 or 0.0), place (n,); places of rows without an
    ending do not matter."""
    size = x.shape[1]

    def half(low: int, high: int) -> tuple[Floats, Floats]:
        sums, ended = np.zeros((2, size + 1)), np.zeros((places, 2))
        add_totals(x, weight, event, place, low, high, sums, ended)
        return sums, ended

    sums, ended = (sum(parts) for parts in zip(*halves(len(place), 2 * places, half), strict=True))
    number, heavy = np.ascontiguousarray(np.asarray(ended).T)
    everybody, ending = np.asarray(sums)
    centre = everybody[1:] / everybody[0]
    mean = np.divide(heavy, number, out=np.zeros_like(heavy), where=number > 0)
    return Fixed(centre, number, mean, np.asarray(ending[1:] - ending[0] * centre))


def solved(information: Floats, score: Floats) -> Floats | None:
    """The Newton step, or None where the information cannot be inverted."""
    if not np.isfinite(information).all() or not np.isfinite(score).all():
        return None
    try:
        return np.asarray(np.linalg.solve(information, score))
    except np.linalg.LinAlgError:
        return None


def uphill(at: At, here: Step, move: Floats) -> Step:
    """A step that is halved until the likelihood does not fall."""
    there = at(here.beta + move, here.scale)
    for _ in range(30):
        if there.finite and there.log_likelihood >= here.log_likelihood - 1e-11 * abs(here.log_likelihood):
            break
        move = move / 2
        there = at(here.beta + move, here.scale)
    return there


def nearer(at: At, fixed: Fixed, top: Step, few: Fixed) -> Step:
    """One step for all from the top of a few, by the information of the few; from their top where it leads down."""
    here = at(top.beta, 0.0, second=False)
    share = float(fixed.number @ fixed.mean) / float(few.number @ few.mean)
    move = solved(top.information * share, here.score)
    if move is not None:
        there = at(here.beta + move, here.scale)
        if there.finite and there.log_likelihood >= here.log_likelihood:
            return there
    return at(top.beta, here.scale)


def within(total: Floats, first: Indices) -> Floats:
    """Running totals that begin anew in each stratum. Shapes: (J, ...), first (S + 1,) -> (J, ...)."""
    begin = np.concatenate([np.zeros((1, *total.shape[1:])), total])[first[:-1]]
    return np.asarray(total - np.repeat(begin, np.diff(first), axis=0))


def spread_of_means(risk: Floats, ending: Floats, sums: Floats) -> Floats:
    """What the information takes from X' diag(omega) X: S1' h0 S1 - A - A' + E1' h2 E1, where A = S1' h1 E1.

    Shapes: risk, ending (J, p + 1); sums (J, 5) -> (p, p).
    """
    seen, ended = risk[:, 1:], ending[:, 1:]
    across = seen.T @ (sums[:, 3, None] * ended)
    return np.asarray(seen.T @ (sums[:, 2, None] * seen) - across - across.T + ended.T @ (sums[:, 4, None] * ended))


@compiled
def add_totals(
    x: Floats,
    weight: Floats,
    event: Floats,
    place: Indices,
    low: int,
    high: int,
    sums: Floats,
    ended: Floats,
) -> None:
    """Add w (1, x) of everybody and of those who end to ``sums`` (2, p + 1); endings and their weight to ``ended``.

    Some rows at a time: a sum of a million loses digits that the score, nearly 0 at the top, does not have to spare.
    """
    size = x.shape[1]
    part = np.empty((2, size + 1))
    for begin in range(low, high, ROWS):
        part[:] = 0.0
        for i in range(begin, min(begin + ROWS, high)):
            part[0, 0] += weight[i]
            for j in range(size):
                part[0, j + 1] += weight[i] * x[i, j]
            if event[i] > 0:
                part[1, 0] += weight[i]
                for j in range(size):
                    part[1, j + 1] += weight[i] * x[i, j]
                ended[place[i], 0] += 1.0
                ended[place[i], 1] += weight[i]
        sums += part


@compiled
def tie_sums(risk: Floats, ending: Floats, ends: Floats, mean: Floats, efron: bool, sums: Floats) -> float:
    """Sums over the tied endings of each place: g0, g1, h0, h1, h2 into the columns of ``sums``. Gives sum wbar log z.

    g0 = sum z, g1 = sum r z, h0 = sum z^2, h1 = sum r z^2, h2 = sum r^2 z^2, each times the mean weight wbar.
    """
    total = 0.0
    for at in range(len(ends)):
        tied = int(ends[at])
        weight = mean[at]
        for place in range(tied):
            part = place / tied if efron else 0.0
            inverse = 1.0 / (risk[at, 0] - part * ending[at, 0])
            total += weight * math.log(inverse)
            first = weight * inverse
            second = first * inverse
            sums[at, 0] += first
            sums[at, 1] += part * first
            sums[at, 2] += second
            sums[at, 3] += part * second
            sums[at, 4] += part * part * second
    return total
