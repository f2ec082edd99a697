"""Shares by a time from models of arm, outcome and censoring together: right when either the outcome models are, or
the other two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.estimate.adjusted.models import Hazards, ended_so, hazards_of, odds_of
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted, of_target
from navoutcomes.estimate.adjusted.result import Estimates
from navoutcomes.estimate.adjusted.weighted import Traits
from navoutcomes.estimate.adjusted.weights_censoring import Lost, lost
from navoutcomes.estimate.adjusted.weights_recipe import Recipe
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.doubly_robust import Seen, corrected
from navoutcomes.maths.standardised import slopes
from navoutcomes.maths.weighting import Weighed


@dataclass(frozen=True)
class Summed:
    """One arm at one time: what everybody adds (n,), what each weight is worth (n,), pulls through the models (n,)."""

    adds: Floats
    worth: Floats
    pull: Floats


@dataclass(frozen=True)
class ByBoth:
    """``recipe`` of weights that are not stabilised; ``cox`` hazards and censoring, else logistic regression; ``gone``
    traits of the censoring model, None for the same as of the others."""

    given: Adjusting
    asked: Wanted
    recipe: Recipe
    cox: bool
    gone: Traits | None = None

    def __call__(self, rows: Indices | None = None) -> Estimates:
        """Of everybody, with their pulls; or of persons drawn, without."""
        given = self.given if rows is None else self.given.take(rows)
        traits = self.gone if self.gone is None or rows is None else self.gone.take(rows)
        made = self.recipe.weigh(given)
        target = of_target(given, self.recipe.target)
        whole = float(given.weight @ target)
        shape = (len(given.arms), len(self.asked.times))
        value, pull = np.zeros(shape), np.zeros((shape[0], given.size, shape[1]))
        for arm in range(shape[0]):
            if self.cox:
                gone = lost(given, arm, *((given.x, given.columns) if traits is None else (traits.x, traits.columns)))
                sums = self._by_hazards(given, made, target, arm, gone, rows is None)
            else:
                sums = self._by_odds(given, made, target, arm, rows is None)
            for t, found in enumerate(sums):
                value[arm, t] = given.weight @ found.adds / whole
                own = given.weight * (found.adds - value[arm, t] * target)
                pull[arm, :, t] = own + made.carried(found.worth[:, None])[:, 0] + found.pull
        return Estimates(value, None if rows is not None else pull / whole)

    def _by_odds(self, given: Adjusting, made: Weighed, target: Floats, arm: int, pulls: bool) -> list[Summed]:
        done = []
        here = given.arm == arm
        weight = np.where(here, made.values, 0.0)
        for time in self.asked.times:
            happened = ended_so(given, self.asked.cause, time)
            odds = odds_of(given, arm, True, happened, self.asked.name)
            rest = happened - odds.share
            through = odds.pulled(given.weight * (target - weight)) if pulls else np.zeros(given.size)
            done.append(Summed(target * odds.share + weight * rest, given.weight * here * rest, through))
        return done

    def _by_hazards(
        self, given: Adjusting, made: Weighed, target: Floats, arm: int, gone: Lost, pulls: bool
    ) -> list[Summed]:
        models = hazards_of(given, arm, True)
        grid = given.followed.time
        places = [int(np.searchsorted(grid, time * (1 + 1e-12), side="right")) - 1 for time in self.asked.times]
        return [_at(given, models, gone, made, target, int(self.asked.cause or 0), last, pulls) for last in places]


def _at(
    given: Adjusting,
    models: Hazards,
    gone: Lost,
    made: Weighed,
    target: Floats,
    cause: int,
    last: int,
    pulls: bool,
) -> Summed:
    """One arm by the grid's place ``last``."""
    adds, worth, pull = np.zeros(given.size), np.zeros(given.size), np.zeros(given.size)
    if last < 0:
        return Summed(adds, worth, pull)
    for people in models.blocks():
        found = models.paths(people)
        mass = (given.weight * target)[people]
        adds[people] += target[people] * found.share[:, cause, last]
        if pulls:
            along = np.zeros((len(people), len(given.followed.time)))
            along[:, last] = mass
            pull += models.pulled(people, slopes(found, cause, along), given.size)
    here = gone.rows
    weight = given.weight[here] * made.values[here]
    seen = Seen(given.followed.take(here), models.paths(here), gone.new, weight)
    more = corrected(seen, cause, last)
    adds[here] += made.values[here] * more.value
    worth[here] = given.weight[here] * more.value
    if pulls:
        pull += models.pulled(here, more.outcome, given.size)
        pull[here] += gone.pulled(more.censoring)
    return Summed(adds, worth, pull)
