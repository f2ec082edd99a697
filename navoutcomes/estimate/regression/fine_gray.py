"""Do people with one trait more often end in a way, of all who began? Fine and Gray's subdistribution hazard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import positions
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.adjusted.pulled_errors import Pull, model_errors, pulled_errors
from navoutcomes.estimate.basis import basis_of, persons_of
from navoutcomes.estimate.regression.cox_errors import Errors, sparing
from navoutcomes.estimate.regression.design_matrix import DesignMatrix, collinear, design_matrix
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import Regression, by_term, coefficient_table, few_for_terms
from navoutcomes.estimate.regression.sample import Sample, sample
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.fine_gray import FineGrayFit, fit
from navoutcomes.maths.hazards.fine_gray_rows import FineGrayRows, laid
from navoutcomes.maths.hazards.fine_gray_variance import added, own_information, squared, with_censoring
from navoutcomes.maths.hazards.fine_gray_weights import Observed, observed
from navoutcomes.notes import Log, note

TIES = ("efron", "breslow", "crr")
ERRORS = (None, "robust", "lin-wei", "model", "fine-gray")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SubdistributionRegression(Regression):
    """Subdistribution hazard ratios for one ending; ``events`` how many ended for it, ``strata`` whose baselines are
    their own."""

    cause: str
    ties: str
    strata: tuple[str, ...]
    stratified_by: str | None
    events: int
    rows: Sample
    design: DesignMatrix
    model: FineGrayFit
    errors: Errors

    @property
    def null_log_likelihood(self) -> float:
        """The log-likelihood where nothing is associated."""
        return self.model.start.log_likelihood


@door
def fine_gray(
    people: FollowUp,
    terms: Sequence[Term | str],
    cause: str | None = None,
    strata: str | None = None,
    errors: str | None = None,
    level: float = 0.95,
    ties: str = "efron",
) -> SubdistributionRegression:
    """Do people with one trait end for a cause more often than people with another, when other causes compete?

    The ratio tells in which direction the cumulative incidence goes, not by how much: show the shares beside it.
    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number); ``cause`` an ending (None: the
    outcome); ``strata`` a column whose levels have baselines, and chances of being censored, of their own; ``ties``
    ``efron`` (R ``finegray`` and ``coxph``), ``breslow``, or ``crr`` (R ``cmprsk::crr``: Breslow's, and endings tied
    with a censoring are at risk of it); ``errors`` None (robust by person; by office with Student's t, and larger below
    100 offices), ``lin-wei`` (by office as R), ``model`` (the information alone), ``fine-gray`` (adds what estimating
    the chance of being censored costs); ``level`` 0-1.
    A trait that fewer than three persons have, or lack, has an estimate only: no p-value, no interval.
    Shapes: ``table`` has one row a term, on the log subdistribution hazard; ``ratios`` the same exponentiated.
    Raises: ``DesignProblem`` for no terms, nobody ending for the cause, collinear terms, gaps in a person's rows, or a
    time at which nobody is under observation; ``NumericalProblem`` where the likelihood has no top, naming the terms.
    Assumes: the ratio is constant; censoring (and late entry) say nothing about what is to come and depend on no term.
    They are counted in persons, whatever these weigh, as R does.
    Reference: Fine & Gray 1999; Geskus 2011; with late entry the weights are G H, Zhang, Zhang & Fine 2011.
    """
    check_level(level)
    for asked, known in ((ties, TIES), (errors, ERRORS)):
        if asked not in known:
            raise DesignProblem("choice_unknown", asked=str(asked), known=[one for one in known if one])
    seen, design = sample(people, strata), design_matrix(people, terms, drop_constant=True)
    name = people.endings[0] if cause is None else cause
    chance = _chance(people, seen, ties == "crr")
    model = _solved(_rows(people, seen, design.values, name, chance, ties), design.names)
    person = persons_of(people)
    how = sparing(_errors(seen, design, model, chance, errors, ties == "crr"), design, person)
    measure = "log subdistribution hazard ratio"
    method = [note("method_fine_gray", cause=name), note(f"fine_gray_ties_{ties}"), *how.method]
    if strata is not None:
        method.append(note("method_stratified", strata=len(seen.strata)))
    return SubdistributionRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(method),
        findings=design.remarks
        + how.findings
        + without_competing(seen.cause, people.endings.index(name), name)
        + note("subdistribution_direction")
        + few_for_terms(len(model.rows.events), len(design.names)),
        randomised=people.protocol.randomised,
        measure=measure,
        ratio="subdistribution hazard ratio (direction only)",
        log_likelihood=model.end.log_likelihood,
        _basis=partial(basis_of, design.values, design.names, model.rows.slot < model.rows.places, person=person),
        cause=name,
        ties=ties,
        strata=seen.strata if strata is not None else (),
        stratified_by=strata,
        events=len(model.rows.events),
        rows=seen,
        design=design,
        model=model,
        errors=how,
        _table=coefficient_table(design.names, model.end.beta, how.covariance, measure, level, how.df, name, how.given),
        _covariance=by_term(how.covariance, design.names),
    )


def without_competing(cause: np.ndarray, place: int, name: str) -> Log:
    """A remark where nobody ended in another way: the ratio is then Cox's hazard ratio."""
    own, other = int((cause == place).sum()), int(((cause >= 0) & (cause != place)).sum())
    return Log(() if other else (note("fine_gray_is_cox", cause=name, count=own, other=other),))


def _chance(people: FollowUp, seen: Sample, tied_stay: bool) -> Observed:
    """How likely people were to be under observation. Raises ``DesignProblem`` for gaps within a person's rows."""
    first = last = None
    if people.repeated:
        person, order = _persons(people, seen)
        again = person[order][1:] == person[order][:-1]
        gap = again & (seen.enter[order][1:] != seen.leave[order][:-1])
        if gap.any():
            bad = np.zeros(seen.size, dtype=bool)
            bad[order[1:][gap]] = True
            raise DesignProblem("observation_with_gaps", rows=positions(bad), count=int(gap.sum()), total=seen.size)
        first, last = np.ones(seen.size, dtype=bool), np.ones(seen.size, dtype=bool)
        first[order[1:][again]] = last[order[:-1][again]] = False
    shape = len(seen.strata), len(seen.time)
    return observed(seen.enter, seen.leave, seen.cause >= 0, seen.stratum, shape, first, last, tied_stay)


def _persons(people: FollowUp, seen: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Who each row belongs to, and the rows by person and time."""
    names = people.rows["person"]
    _, person = np.unique(names.to_numpy(dtype=str), return_inverse=True)
    return person, np.lexsort((seen.leave, person))


def _rows(people: FollowUp, seen: Sample, x: Floats, cause: str, chance: Observed, ties: str) -> FineGrayRows:
    """People as the arithmetic wants them. Raises where nobody ended for the cause or was observed when others did."""
    if cause not in people.endings:
        raise DesignProblem("cause_unknown", asked=cause, known=people.endings)
    event = seen.cause == people.endings.index(cause)
    if not event.any():
        raise DesignProblem("no_events", cause=cause, total=seen.size, known=people.endings)
    other = (seen.cause >= 0) & ~event
    weight = np.array(seen.weight)
    rows = laid(x, seen.enter, seen.leave, event, other, weight, seen.stratum, chance.remain, ties == "efron")
    lost = ~np.isfinite(rows.away_carry)
    if lost.any():
        count = int(np.isin(rows.slot - 2 * rows.places, np.flatnonzero(lost)).sum())
        raise DesignProblem("nobody_observed", count=count, total=seen.size)
    return rows


def _solved(rows: FineGrayRows, names: tuple[str, ...]) -> FineGrayFit:
    """The fit. Raises where there is no answer, naming the terms."""
    model = fit(rows)
    collinear((model.begun or model.end).information, names)
    if len(model.diverging):
        raise NumericalProblem("likelihood_without_top", column=[names[at] for at in model.diverging])
    if not model.settled:
        raise NumericalProblem("not_converged", steps=model.steps, column=list(names))
    return model


def _errors(
    seen: Sample, design: DesignMatrix, model: FineGrayFit, chance: Observed, errors: str | None, tied_stay: bool
) -> Errors:
    inverse = np.linalg.inv(model.end.information)
    if errors == "model":
        return model_errors(inverse)
    if errors == "fine-gray":
        if seen.delayed or seen.cluster is not None:
            raise DesignProblem("fine_gray_errors_cannot")
        scores = with_censoring(model, chance, seen.leave, seen.cause >= 0, seen.stratum, tied_stay)
        told = note("errors_fine_gray")
        moved = scores @ inverse
        plain = model_errors(moved.T @ moved)
        return Errors(plain.covariance, plain.df, plain.given, True, (told,), Log())
    pull = Pull(inverse, partial(squared, model), partial(added, model), partial(own_information, model))
    return pulled_errors(seen, pull, design.values, design.names, errors)
