"""Offices, not persons, were given the programme: how often would another choice of offices differ as much?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.curves.pseudo_values import pseudo_values
from navoutcomes.estimate.draws import seeded
from navoutcomes.estimate.regression.cox import cox
from navoutcomes.estimate.regression.sample import Sample, sample
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.cox_residuals import martingale
from navoutcomes.maths.permutation import all_sums, choices, drawn_sums, share_as_far
from navoutcomes.notes import Note, note

MEASURES = ("risk difference", "restricted mean difference", "restricted mean time lost difference", "hazard ratio")
NUMBERS = dict(
    zip(MEASURES, ("share left", "restricted mean", "restricted mean time lost", "endings less expected"), strict=True)
)
ALL_BELOW = 50_000


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PermutationTest(Result):
    """``p_value`` the share of ``choices`` of offices that differ at least as much; ``statistic`` the difference."""

    statistic: float
    p_value: float
    choices: int
    offices: pd.DataFrame


@door
def permutation_test(
    people: FollowUp,
    by: str = "arm",
    measure: str = "risk difference",
    at: float | None = None,
    cause: str | None = None,
    terms: Sequence[Term | str] = (),
    reference: str | None = None,
    draws: int = 10_000,
    rng: int | np.random.Generator | None = None,
) -> PermutationTest:
    """Could the difference between the arms be chance in which offices were chosen?

    Arguments: ``by`` a column that is the same for everybody in an office; ``measure`` of ``MEASURES``; ``at`` the time
    in the follow-up's unit (not for hazard ratios); ``cause`` an ending (None: the outcome; of restricted means, any
    exit); ``terms`` what the hazard is adjusted for, ``reference`` the arm compared with; ``draws`` and ``rng`` where
    there are more than 50,000 choices.
    Shapes: ``table`` has one row an arm: the mean of its offices' numbers; ``offices`` one row an office: the mean
    pseudo-value of its persons, made from everybody together, or its endings less those expected if no arm differed.
    Raises: ``DesignProblem`` for people without offices, an arm that is not fixed by office, fewer than six offices or
    one in an arm, or no ``rng`` where choices are drawn.
    Assumes: each choice of as many offices could have been made, and the programme changes nothing for anybody.
    Reference: Gail et al. 1996; pseudo-values Andersen & Pohar Perme 2010; martingale residuals Therneau & Grambsch.
    """
    if measure not in MEASURES:
        raise DesignProblem("choice_unknown", asked=measure, known=MEASURES)
    hazard = measure == "hazard ratio"
    if (at is None) != hazard:
        raise DesignProblem("permutation_time", measure=measure)
    if terms and not hazard:
        raise DesignProblem("permutation_terms", measure=measure)
    seen, (arm, names) = sample(people), people.levels(by)
    base = named_reference(dict(zip(names, np.bincount(arm), strict=True)), reference or _arms_reference(people), by)
    office, treated = _offices(seen, arm, names, base, by)
    own = _residuals(people, seen, terms, cause) if hazard else _pseudo(people, measure, float(at or 0), cause)
    values: Floats = np.bincount(office, seen.weight * own).astype(float)
    if not hazard:
        values = values / np.bincount(office, seen.weight)
    chance, number, exact = _chance(values, treated, draws, rng)
    first, second = values[treated].mean(), values[~treated].mean()
    rows = [
        {
            "group": name,
            "measure": NUMBERS[measure],
            "estimate": float(mean),
            "p_value": float("nan") if name == base else chance,
            "at_risk": float((arm == names.index(name)).sum()),
        }
        for name, mean in zip(_in_order(names, base), (second, first), strict=True)
    ]
    return PermutationTest(
        level=0.95,
        unit=people.unit,
        origin=people.origin,
        method=(
            *_how(hazard, bool(terms)),
            note("permutation_all" if exact else "permutation_drawn", choices=number),
            *(() if exact else seeded(rng)),
        ),
        reference=base,
        randomised=people.protocol.randomised,
        statistic=float(first - second),
        p_value=chance,
        choices=number,
        offices=pd.DataFrame({"arm": np.where(treated, _in_order(names, base)[1], base), "value": values}),
        _table=tidy(pd.DataFrame(rows)),
    )


def _arms_reference(people: FollowUp) -> str | None:
    return people.protocol.arms.reference if people.protocol.arms else None


def _in_order(names: Sequence[str], base: str) -> tuple[str, str]:
    return base, next(name for name in names if name != base)


def _offices(seen: Sample, arm: np.ndarray, names: Sequence[str], base: str, by: str) -> tuple[np.ndarray, np.ndarray]:
    """Each row's office, and which offices have the other arm."""
    if len(names) != 2:
        raise DesignProblem("permutation_two_arms", column=by, count=len(names))
    if seen.clustered != "office" or seen.cluster is None:
        raise DesignProblem("permutation_offices", column=by)
    other = arm != names.index(base)
    has, size = np.bincount(seen.cluster, other), np.bincount(seen.cluster)
    if ((has > 0) & (has < size)).any():
        raise DesignProblem("arm_varies_within_office", column=by, count=int(((has > 0) & (has < size)).sum()))
    treated = has > 0
    fewest = int(min(treated.sum(), (~treated).sum()))
    if len(treated) < FEWEST_CLUSTERS or fewest < 2:
        name = base if (~treated).sum() == fewest else _in_order(names, base)[1]
        raise DesignProblem("too_few_clusters", clusters=len(treated), fewest=FEWEST_CLUSTERS, arm=name)
    return seen.cluster, treated


def _pseudo(people: FollowUp, measure: str, at: float, cause: str | None) -> Floats:
    """Pseudo-values from everybody together: under no difference the arm is only a name."""
    kind = "incidence" if measure == "risk difference" else "restricted mean"
    name = cause or (people.endings[0] if measure != "restricted mean difference" else None)
    found = pseudo_values(people, at, kind, None if measure == "restricted mean difference" else name)
    return np.asarray(found.iloc[:, 0], dtype=float)


def _residuals(people: FollowUp, seen: Sample, terms: Sequence[Term | str], cause: str | None) -> Floats:
    """Endings less those expected where the arm says nothing: of a model with the terms, or of nothing at all."""
    if terms:
        return martingale(cox(people, terms, cause=cause).model)
    name = cause or people.endings[0]
    if name not in people.endings:
        raise DesignProblem("cause_unknown", asked=name, known=people.endings)
    event, size = seen.cause == people.endings.index(name), len(seen.time)
    ends = np.bincount(seen.leave, seen.weight * event, minlength=size)
    leaves = np.bincount(seen.leave, seen.weight, minlength=size)
    late = seen.enter >= 0
    enters = np.bincount(seen.enter[late], seen.weight[late], minlength=size)
    at_risk = np.cumsum((leaves - enters)[::-1])[::-1]
    hazard = np.cumsum(np.divide(ends, at_risk, out=np.zeros(size), where=at_risk > 0))
    before = np.where(late, hazard[np.maximum(seen.enter, 0)], 0.0)
    return np.asarray(event - (hazard[seen.leave] - before))


def _chance(
    values: Floats, treated: np.ndarray, draws: int, rng: int | np.random.Generator | None
) -> tuple[float, int, bool]:
    chosen, number = int(treated.sum()), choices(len(values), int(treated.sum()))
    middle, seen = chosen * float(values.mean()), float(values[treated].sum())
    if number <= ALL_BELOW:
        return share_as_far(all_sums(values, chosen), seen, middle, drawn=False), number, True
    if rng is None:
        raise DesignProblem("generator_needed")
    sums = drawn_sums(values, chosen, draws, np.random.default_rng(rng))
    return share_as_far(sums, seen, middle, drawn=True), draws, False


def _how(hazard: bool, adjusted: bool) -> tuple[Note, ...]:
    if not hazard:
        return (note("permutation_pseudo"),)
    return (note("permutation_residuals_adjusted" if adjusted else "permutation_residuals"),)
