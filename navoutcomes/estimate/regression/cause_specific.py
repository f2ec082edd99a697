"""Which traits go with leaving for each cause? One Cox model for every ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.regression.cox import TIES, CoxRegression, fitted
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.sample import sample
from navoutcomes.estimate.result import Result, tidy


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CauseSpecific(Result):
    """One Cox model for each ending, on the same people and terms. ``table`` has one row an ending and term."""

    models: tuple[CoxRegression, ...]


@door
def cause_specific(
    people: FollowUp,
    terms: Sequence[Term | str],
    ties: str = "efron",
    strata: str | None = None,
    errors: str | None = None,
    level: float = 0.95,
) -> CauseSpecific:
    """Which traits go with leaving for each cause? One Cox model for every ending that somebody had.

    Arguments: as ``cox``. Shapes: ``table`` one row an ending and term; ``models`` the models, in the order of endings.
    Raises: as ``cox``. Assumes: as ``cox``; a cause-specific hazard ratio alone says nothing about shares.
    Reference: Prentice et al. 1978.
    """
    check_level(level)
    if ties not in TIES:
        raise DesignProblem("choice_unknown", asked=ties, known=TIES)
    seen, design = sample(people, strata), design_matrix(people, terms)
    had = [name for place, name in enumerate(people.endings) if (seen.cause == place).any()]
    if not had:
        raise DesignProblem("no_events", cause=people.endings[0], total=seen.size, known=people.endings)
    models = tuple(fitted(people, seen, design, name, ties, None, errors, None, level, strata) for name in had)
    return CauseSpecific(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(*(one.method[0] for one in models), *models[0].method[1:]),
        findings=models[0].findings,
        models=models,
        _table=tidy(pd.concat([one.table for one in models], ignore_index=True)),
    )
