"""How much longer do people with one trait stay than people with another, when the time follows a distribution?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.adjusted.pulled_errors import Pull, model_errors, pulled_errors
from navoutcomes.estimate.basis import basis_of, persons_of
from navoutcomes.estimate.regression.cox_errors import Errors, sparing
from navoutcomes.estimate.regression.design_matrix import DesignMatrix, collinear, design_matrix
from navoutcomes.estimate.regression.last_seen import last_seen_of
from navoutcomes.estimate.regression.parametric_models import (
    DISTRIBUTIONS,
    Ancillary,
    Distribution,
    Followed,
    ancillary,
    asked,
    climbed,
    followed,
)
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import Regression, by_term, coefficient_table
from navoutcomes.estimate.regression.sample import Sample, sample
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.parametric.aft import WIDEST_SHAPE
from navoutcomes.maths.parametric.aft_newton import Top
from navoutcomes.notes import Note, note

ERRORS = (None, "model", "robust", "lin-wei")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ParametricRegression(Regression):
    """Time ratios or hazard ratios under a distribution. ``table`` has the terms first, then the distribution's own.

    ``null_log_likelihood`` is that of everybody alike; ``distribution`` holds its name, cuts and knots; ``last`` is the
    last time anybody was followed to.
    """

    cause: str
    events: int
    null_log_likelihood: float
    distribution: Distribution
    last: float
    strata: tuple[str, ...]
    stratified_by: str | None
    design: DesignMatrix
    errors: Errors

    @property
    def ratios(self) -> pd.DataFrame:
        """The terms exponentiated; the distribution's own numbers are no ratios."""
        return super().ratios.iloc[: len(self.design.names)]

    @property
    def aic(self) -> float:
        """Akaike's criterion: smaller is better; comparable between distributions of the same people."""
        return 2 * len(self._table) - 2 * self.log_likelihood


@door
def parametric(
    people: FollowUp,
    terms: Sequence[Term | str],
    distribution: str = "weibull",
    cause: str | None = None,
    strata: str | None = None,
    cuts: Sequence[float] | None = None,
    knots: Sequence[float] | None = None,
    last_seen: str | None = None,
    errors: str | None = None,
    level: float = 0.95,
) -> ParametricRegression:
    """How many times longer do people with one trait stay until an ending than people with another?

    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number); ``distribution`` ``exponential``,
    ``weibull``, ``log-normal``, ``log-logistic`` or ``generalised gamma`` (terms stretch time: time ratios),
    ``piecewise exponential`` or ``spline`` (terms multiply the hazard: hazard ratios); ``cause`` an ending (None: the
    outcome), the others then stop observation; ``strata`` a column whose levels have scales of their own; ``cuts``
    where the hazard may change (None: the quartiles of the endings) and ``knots`` inside the spline (None: two, at the
    thirds of log time), in the follow-up's unit; ``last_seen`` a column with the last time each was known to be there
    still, where an ending is known only to have come after it and not later than ``time`` (0: any time before; empty
    or the same as ``time``: to the day), for distributions that stretch time; ``errors`` None (from the information;
    with weights, or several endings of one person, robust by person; with offices by office with Student's t, and
    larger below 100 offices), ``model``, ``robust`` or ``lin-wei``; ``level`` 0-1.
    A trait that fewer than three persons have, or lack, has an estimate only: no p-value, no interval.
    Shapes: ``table`` has one row a term and then one for each number of the distribution (intercept and log scale as in
    R ``survreg``; shape Q; log rates; gammas as in R ``flexsurv``); ``ratios`` the terms exponentiated.
    Raises: ``DesignProblem`` for no terms, no endings, collinear terms, exits at time 0, or cuts and knots that do not
    fit; ``NumericalProblem`` where the likelihood has no top, naming the terms.
    Assumes: the distribution; censoring and late entry say nothing about what is to come, given the terms.
    Reference: Kalbfleisch & Prentice 2002; Holford 1980; Royston & Parmar 2002. The second implementation in the tests
    is lifelines, which gives fewer digits; its and R 3.5's robust errors with weights are wrong.
    """
    check_level(level)
    if errors not in ERRORS:
        raise DesignProblem("errors_unknown", asked=str(errors), known=[one for one in ERRORS if one])
    if distribution not in DISTRIBUTIONS:
        raise DesignProblem("choice_unknown", asked=distribution, known=DISTRIBUTIONS)
    seen, design = sample(people, strata), design_matrix(people, terms, drop_constant=True)
    name, event = _events(people, seen, cause)
    rows = followed(seen, design.values, event, last_seen_of(people, last_seen, event))
    how = asked(distribution, strata, cuts, knots, rows)
    top, others = _solved(how, rows, design.names), ancillary(how, rows)
    names, moved = (*design.names, *others.names), _measured_from_zero(rows.centre, others)
    person = persons_of(people)
    found = sparing(_errors(seen, design, rows, top, names, errors), design, person)
    covariance = moved @ found.covariance @ moved.T
    size, measure = len(design.names), "log time ratio" if how.accelerates else "log hazard ratio"
    if not how.accelerates and len(people.endings) > 1:
        measure += ", cause-specific"
    table = coefficient_table(names, moved @ top.at, covariance, measure, level, found.df, name, found.given)
    table.loc[size:, "measure"] = [one.split(",")[0].split(" (")[0].split(" after")[0] for one in others.names]
    return ParametricRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(
            note("method_parametric", cause=name),
            note(f"distribution_{_word(distribution)}"),
            *_known(rows.since),
            *found.method,
        ),
        findings=design.remarks + found.findings,
        randomised=people.protocol.randomised,
        measure=measure,
        ratio=measure.removeprefix("log "),
        log_likelihood=top.log_likelihood,
        null_log_likelihood=climbed(how, rows.alike()).log_likelihood,
        cause=name,
        events=int(event.sum()),
        distribution=how,
        last=float(seen.time[-1]),
        strata=seen.strata if strata is not None else (),
        stratified_by=strata,
        design=design,
        errors=found,
        _basis=partial(basis_of, design.values, design.names, event > 0, person=person),
        _table=table,
        _covariance=by_term(covariance, names),
    )


def _events(people: FollowUp, seen: Sample, cause: str | None) -> tuple[str, np.ndarray]:
    """Who ended for the cause. Raises ``DesignProblem`` where nobody did."""
    name = people.endings[0] if cause is None else cause
    if name not in people.endings:
        raise DesignProblem("cause_unknown", asked=name, known=people.endings)
    event = seen.cause == people.endings.index(name)
    if not event.any():
        raise DesignProblem("no_events", cause=name, total=seen.size, known=people.endings)
    return name, event


def _solved(how: Distribution, rows: Followed, names: tuple[str, ...]) -> Top:
    """The top of the likelihood. Raises where there is none, naming the terms."""
    collinear(rows.spread(), names)
    top = climbed(how, rows)
    if len(top.diverging):
        raise NumericalProblem("likelihood_without_top", column=[names[at] for at in top.diverging])
    if how.name == "generalised gamma" and abs(top.at[-1]) > 0.9 * WIDEST_SHAPE:
        raise NumericalProblem("shape_runs_away")
    if not top.settled:
        raise NumericalProblem("not_converged", steps=top.steps, column=list(names))
    return top


def _measured_from_zero(centre: Floats, others: Ancillary) -> Floats:
    """What turns parameters of terms measured from their means into those of terms measured from 0. Shape (q, q)."""
    size = len(centre)
    moved = np.eye(size + len(others.names))
    moved[size:, :size] = -np.outer(others.shifted, centre)
    return moved


def _errors(
    seen: Sample, design: DesignMatrix, rows: Followed, top: Top, names: tuple[str, ...], errors: str | None
) -> Errors:
    inverse = np.linalg.inv(top.information)
    ended = np.zeros(1) if seen.cluster is None else np.bincount(seen.cluster, rows.event, minlength=seen.clusters)
    repeated = seen.clustered == "person" and bool((ended > 1).any())
    if errors == "model" or (errors is None and not (seen.weighted or seen.clustered == "office" or repeated)):
        return model_errors(inverse)
    score = top.likelihood.score(top.at)
    score *= rows.weight[:, None]

    def added(group: Indices, groups: int) -> Floats:
        return np.column_stack([np.bincount(group, one, minlength=groups) for one in score.T])

    def own(group: Indices, groups: int) -> Floats:
        return top.likelihood.bends(top.at, rows.weight, group, groups)

    pull = Pull(inverse, lambda: np.asarray(score.T @ score), added, own)
    return pulled_errors(seen, pull, design.values, names, errors)


def _known(since: Floats) -> tuple[Note, ...]:
    vague = int((~np.isnan(since)).sum())
    return (note("endings_between", count=vague),) if vague else ()


def _word(distribution: str) -> str:
    return distribution.replace(" ", "_").replace("-", "_")
