"""Two strategies from the same people, each counted in both until what they did speaks against one.

Who begins within the grace period follows the one strategy and leaves the other when they begin; who has not begun when
it ends leaves the first. What happens before that counts in both. Whoever is left stands for those who were censored,
by one over the chance of not having been.

Reference: Hernan et al. 2016; Cain et al. 2010; Maringe et al. 2020; Aalen & Johansen 1978.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.artificial_censoring import Beginning, beginning, share_of
from navoutcomes.maths.curves.restricted_mean import area

BLOCK = 2_000_000


@dataclass(frozen=True)
class Cloned:
    """People before they are cloned.

    Shapes: grid (G,) increasing; leave (n,) positions on it; cause (n,) -1 censored; time, begun (n,), infinite for
    never; columns (n, p). ``grace`` ends the time in which beginning follows the strategy; ``never`` whether the other
    strategy forbids beginning later, too; ``most`` the share of weights that is not cut (1: none).
    """

    grid: Floats
    leave: Indices
    cause: Indices
    causes: int
    time: Floats
    begun: Floats
    columns: Floats
    grace: float
    never: bool = False
    most: float = 1.0

    @property
    def started(self) -> np.ndarray:
        """Who began within the grace period. Shape (n,)."""
        return self.begun <= self.grace

    @property
    def window(self) -> float:
        """Until when beginning censors the clones that were not to begin."""
        return float("inf") if self.never else self.grace


@dataclass(frozen=True)
class Strategy:
    """One strategy's weighted people on the grid.

    Shapes: survival (G,); incidence (K, G); risk (G,) weight at risk; last (n,) each clone's weight at the end, 0 for
    those censored by the strategy.
    """

    grid: Floats
    survival: Floats
    incidence: Floats
    risk: Floats
    last: Floats

    def at(self, time: float) -> int:
        """Position of a time on the grid, -1 before the first."""
        return int(np.searchsorted(self.grid, time * (1 + 1e-12), side="right")) - 1

    def share(self, cause: int, time: float) -> float:
        """Share that has left for a cause by a time."""
        place = self.at(time)
        return 0.0 if place < 0 else float(self.incidence[cause, place])

    def lost(self, cause: int, time: float) -> float:
        """Mean time since an ending for a cause, up to a time."""
        return float(area(self.grid, self.incidence[cause], time, 0.0))

    def stayed(self, time: float) -> float:
        """Mean time until any ending, up to a time."""
        return float(area(self.grid, self.survival, time, 1.0))


def strategies(people: Cloned, mass: Floats) -> tuple[Strategy, Strategy]:
    """Not beginning within the grace period, and beginning within it. Shapes: mass (n,). Raises ``Unfit``."""
    return not_begun(people, mass), begun_within(people, mass)


def begun_within(people: Cloned, mass: Floats) -> Strategy:
    """Clones that are to begin: all until the grace period ends, then those who did, for all still there."""
    here = people.time > people.grace
    chance = np.ones(len(mass))
    if here.any():
        response = people.started[here].astype(float)
        chance[here] = share_of(people.columns[here], response, mass[here])
    weight = np.where(people.started, 1 / np.maximum(chance, 1e-12), 0.0)
    weight = np.where(here, cut(weight, people.started & here & (mass > 0), people.most), 1.0)
    early = people.grid <= people.grace
    size = len(people.grid)
    risk = np.where(early, _later(people.leave, mass, size), _later(people.leave, mass * weight, size))
    events = np.where(early, _events(people, mass), _events(people, mass * weight))
    return weighted(people.grid, risk, events, weight)


def not_begun(people: Cloned, mass: Floats) -> Strategy:
    """Clones that are not to begin: censored when they do."""
    model = beginning(people.time, people.begun, people.columns, mass, people.window)
    out = np.isfinite(people.begun) & (people.begun <= people.window)
    # Who begins is there until then, and an ending at that very time would still count.
    leave = np.where(out, np.searchsorted(people.grid, people.begun * (1 + 1e-12), side="right") - 1, people.leave)
    cause = np.where(out, -1, people.cause)
    whole = 1 / model.staying(np.array([np.nextafter(people.window, np.inf)]))[:, 0]
    last = 1 / _own(model, np.minimum(people.time, people.begun))
    limit = _limit(np.where(out, 0.0, last), ~out & (mass > 0), people.most)
    moments = np.minimum(people.grid, np.nextafter(people.window, np.inf))
    risk, events = np.empty(len(people.grid)), np.zeros((people.causes, len(people.grid)))
    split = int(np.searchsorted(people.grid, people.window, side="right"))
    step = max(1, BLOCK // max(1, len(mass)))
    for low in range(0, split, step):
        part = slice(low, min(low + step, split))
        weight = np.minimum(1 / model.staying(moments[part]), limit) * mass[:, None]
        there = leave[:, None] >= np.arange(part.start, part.stop)
        risk[part] = (weight * there).sum(axis=0)
        at = np.flatnonzero((cause >= 0) & (leave >= part.start) & (leave < part.stop))
        np.add.at(events, (cause[at], leave[at]), weight[at, leave[at] - part.start])
    if split < len(people.grid):
        weight = np.minimum(whole, limit) * mass
        risk[split:] = _later(leave, weight, len(people.grid))[split:]
        events[:, split:] = _events(people, np.where(out, 0.0, weight))[:, split:]
    return weighted(people.grid, risk, events, np.where(out, 0.0, np.minimum(last, limit)))


def weighted(grid: Floats, risk: Floats, events: Floats, last: Floats) -> Strategy:
    """Aalen-Johansen of weights at risk (G,) and weights ending for each cause (K, G)."""
    nothing = 1e-10 * float(risk.max(initial=0.0))
    over = np.divide(1.0, risk, out=np.zeros_like(risk), where=risk > nothing)
    stay = np.clip(1 - events.sum(axis=0) * over, 0.0, 1.0)
    survival = np.cumprod(stay)
    ahead = np.concatenate([[1.0], survival[:-1]])
    return Strategy(grid, survival, np.cumsum(events * over * ahead, axis=1), np.where(risk > nothing, risk, 0.0), last)


def cut(weight: Floats, used: np.ndarray, most: float) -> Floats:
    """Weights above the quantile ``most`` of those used are set to it. Shape (n,)."""
    return np.minimum(weight, _limit(weight, used, most))


def _limit(weight: Floats, used: np.ndarray, most: float) -> float:
    return float(np.quantile(weight[used], most)) if most < 1 and used.any() else float("inf")


def _own(model: Beginning, moments: Floats) -> Floats:
    """Each person's chance of not having begun before a moment of their own. Shape (n,)."""
    total = np.concatenate([[0.0], np.cumsum(model.hazard)])
    upto = total[np.searchsorted(model.times, moments, side="left")]
    return np.asarray(np.exp(-model.relative * upto - model.at_zero * (moments > 0)))


def _later(leave: Indices, mass: Floats, size: int) -> Floats:
    """Mass at risk at each position: of those who leave then or later. Shape (G,)."""
    return np.asarray(np.cumsum(np.bincount(leave, mass, minlength=size)[::-1])[::-1])


def _events(people: Cloned, mass: Floats) -> Floats:
    """Mass that ends for each cause. Shape (K, G)."""
    ended, size = people.cause >= 0, len(people.grid)
    place = people.cause[ended] * size + people.leave[ended]
    return np.bincount(place, mass[ended], minlength=people.causes * size).reshape(people.causes, size).astype(float)
