"""Curves of weighted people: which share would have left, had the arms been alike?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.estimate.adjusted.people import Adjusting, Wanted, moving
from navoutcomes.estimate.adjusted.result import Estimates
from navoutcomes.estimate.adjusted.weights_censoring import lost
from navoutcomes.estimate.adjusted.weights_recipe import Recipe
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.weighted_incidence import read
from navoutcomes.maths.weighting import Weighed


@dataclass(frozen=True)
class Traits:
    """Columns of the model of being censored. Shapes: x (n, p)."""

    x: Floats
    columns: tuple[str, ...]

    def take(self, rows: Indices) -> Traits:
        """Of some persons."""
        return Traits(*moving(self.x[rows], self.columns))


@dataclass(frozen=True)
class ByWeights:
    """Numbers of weighted people: ``recipe`` None for everybody as they are; ``gone`` traits of the censoring model, or
    None; ``known`` takes the weights as known."""

    given: Adjusting
    asked: Wanted
    recipe: Recipe | None
    gone: Traits | None = None
    known: bool = False

    def __call__(self, rows: Indices | None = None) -> Estimates:
        """Of everybody, with their pulls; or of persons drawn, without."""
        given = self.given if rows is None else self.given.take(rows)
        made = None if self.recipe is None else self.recipe.weigh(given)
        values = np.ones(given.size) if made is None else made.values
        value = np.empty((len(given.arms), len(self.asked.times)))
        pull = None if rows is not None else np.zeros((len(given.arms), given.size, len(self.asked.times)))
        for arm in range(len(given.arms)):
            own = self._arm(given, values, made, arm, rows)
            value[arm] = own[0]
            if pull is not None:
                pull[arm] = own[1]
        return Estimates(value, pull)

    def _arm(
        self, given: Adjusting, values: Floats, made: Weighed | None, arm: int, rows: Indices | None
    ) -> tuple[Floats, Floats]:
        """One arm's numbers (T,) and everybody's pull on them (n, T)."""
        here = given.within(arm)
        mass = (given.weight * values)[here]
        traits = self.gone if self.gone is None or rows is None else self.gone.take(rows)
        gone = None if traits is None else lost(given, arm, traits.x, traits.columns)
        often = None if gone is None or gone.model is None else gone.often
        number, pull = [], np.zeros((given.size, len(self.asked.times)))
        worth = np.zeros_like(pull)
        for t, asked in enumerate(self.asked.read_from(given.followed.time)):
            found = read(given.followed.take(here), mass, asked, often)
            number.append(found.value)
            if rows is not None:
                continue
            pull[here, t] = mass * found.worth
            worth[here, t] = given.weight[here] * found.worth
            if gone is not None and found.over_time is not None and not self.known:
                pull[here, t] += gone.pulled(gone.worth_of_weights(mass[:, None] * found.over_time))
        if made is not None and rows is None and not self.known:
            pull += made.carried(worth)
        return np.array(number), pull
