"""Like with like: weights under which arms have the same traits, or those who stayed stand in for those lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.people import Adjusting, adjusting
from navoutcomes.estimate.adjusted.weights_censoring import lost
from navoutcomes.estimate.adjusted.weights_checks import arms_overlap, remarks
from navoutcomes.estimate.adjusted.weights_recipe import Recipe, recipe_of
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.weighting import Weighed, effective
from navoutcomes.notes import Note, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Weights(Result):
    """A weight a person. ``table`` has three rows an arm: effective sample size (``at_risk`` persons), largest weight,
    and the largest share of the arm's weight that one person holds.

    ``kind`` and ``target`` say what they are for; ``people`` whose they are, with ``terms``; ``given``, ``recipe`` and
    ``weighed`` how they were made, so that a variance can hold the weight model (``weighed`` None for ipcw).
    """

    kind: str
    target: str
    by: str
    people: FollowUp
    terms: tuple[Term | str, ...]
    given: Adjusting
    recipe: Recipe
    weighed: Weighed | None
    _values: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def values(self) -> Floats:
        """The weights in the order of ``people.rows``, times the people's own weights. Shape (n,). A copy.

        Of ipcw: the weight just before each person's exit.
        """
        return self._values.copy()

    @property
    def scores(self) -> Floats:
        """Probability of the second arm, given the terms. Shape (n,). Raises ``DesignProblem`` where there is none."""
        if self.weighed is None or self.weighed.score is None:
            raise DesignProblem("no_scores", asked=self.kind)
        return self.weighed.score.copy()

    @property
    def cohort(self) -> FollowUp:
        """The same people carrying these weights, for any other verb; its errors then take the weights as known.

        Raises: ``DesignProblem`` for ipcw, whose weights change over time.
        """
        if self.weighed is None:
            raise DesignProblem("weights_over_time")
        rows = self.people.rows
        rows["weight"] = self._values
        return replace(self.people, _rows=rows, log=self.people.log + note("weights_taken_as_known"))


@door
def weights(
    people: FollowUp,
    terms: Sequence[Term | str] | None = None,
    kind: str = "iptw",
    target: str | None = None,
    by: str = "arm",
    reference: str | None = None,
    truncate: float | tuple[float, float] | None = None,
    stabilise: bool = True,
) -> Weights:
    """How must people count, for the arms to be alike in what was known at time zero?

    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number; an office is a ``Category``), None:
    those the protocol adjusts for; ``kind`` ``iptw`` (one over the probability of the own arm, by logistic regression),
    ``overlap`` (the probability of the other arm), ``entropy`` (the most even weights that give both arms the same
    means) or ``ipcw`` (one over the probability of not being censored yet, by Cox within each arm, just before each
    time); ``target`` of whom the answer will speak: ``ATE`` everybody, ``ATT`` those in the arm that is not the
    reference, ``ATC`` those in the reference; ``by`` a column with two arms; ``reference`` None: the protocol's;
    ``truncate`` 0.99 or (0.01, 0.99): weights beyond these shares of their arm are moved to the limit; ``stabilise``
    multiplies iptw for everybody by the share of the arm.
    Shapes: ``values`` (n,) in the order of ``people.rows``.
    Raises: ``DesignProblem`` where somebody has nobody comparable in the other arm (a level of a category, or a column,
    that one arm lacks), naming arm and column; for more than two arms, or several rows a person.
    Assumes: what decides both arm and outcome is among the terms; that chance had a part in everybody's arm.
    Reference: Rosenbaum & Rubin 1983; Robins, Hernan & Brumback 2000; Hainmueller 2012; Li, Morgan & Zaslavsky 2018.
    """
    recipe = recipe_of(kind, target, truncate, stabilise)
    given = adjusting(people, terms, by, reference)
    chosen = tuple(people.protocol.adjust_for if terms is None else terms)
    if kind == "ipcw":
        if truncate is not None:
            raise DesignProblem("choice_unknown", asked="truncate", known=("truncate=None",))
        made, values = None, _of_censoring(given)
    else:
        if len(given.arms) != 2:
            raise DesignProblem("weights_of_two_arms", column=by, arms=given.arms)
        arms_overlap(people, given, chosen)
        made = recipe.weigh(given)
        values = given.weight * made.values
    return Weights(
        level=0.95,
        unit=people.unit,
        origin=people.origin,
        method=told(recipe, given, made),
        findings=remarks(given, values, made),
        reference=given.arms[0],
        randomised=people.protocol.randomised,
        kind=kind,
        target=recipe.target,
        by=by,
        people=people,
        terms=chosen,
        given=given,
        recipe=recipe,
        weighed=made,
        _values=values,
        _table=_by_arm(given, values),
    )


def told(recipe: Recipe, given: Adjusting, made: Weighed | None) -> tuple[Note, ...]:
    """How the weights were made, of whom they speak, and what was truncated."""
    lines = [note(f"method_weights_{recipe.kind}")]
    if made is not None:
        lines.append(population(recipe.target, given.arms))
    if made is not None and recipe.truncate is not None:
        low, high = (100 * one for one in recipe.truncate)
        lines.append(note("weights_truncated", low=low, high=high, count=int(made.moved.sum()), total=given.size))
    if recipe.stabilise:
        lines.append(note("weights_stabilised"))
    return tuple(lines)


def population(target: str, arms: Sequence[str]) -> Note:
    """Of whom an adjusted number speaks."""
    if target in ("ATE", "overlap"):
        return note(f"population_{target.lower()}")
    return note("population_arm", arm=arms[1 if target == "ATT" else 0])


def as_weights(people: FollowUp, asked: Weights) -> Weights:
    """Weights that were made of these very people. Raises ``DesignProblem`` for others."""
    if not isinstance(asked, Weights):
        raise DesignProblem("weights_needed", kind=type(asked).__name__)
    if asked.people is not people:
        raise DesignProblem("weights_of_others", persons=asked.given.size)
    return asked


def _of_censoring(given: Adjusting) -> Floats:
    values = np.array(given.weight)
    for arm in range(len(given.arms)):
        gone = lost(given, arm, given.x, given.columns)
        leave = given.followed.leave[gone.rows]
        values[gone.rows] *= gone.often[np.arange(len(leave)), leave]
    return values


def _by_arm(given: Adjusting, values: Floats) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(given.arms):
        own = values[given.within(place)]
        numbers = {
            "effective sample size": effective(own),
            "largest weight": float(own.max()),
            "largest share of weight": float(own.max() / own.sum()),
        }
        rows += [{"group": name, "measure": key, "estimate": one, "at_risk": len(own)} for key, one in numbers.items()]
    return tidy(pd.DataFrame(rows))
