"""How many times as often do people with one trait end, per person-time, as people with another? Poisson regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from scipy import stats

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.basis import basis_of, persons_of
from navoutcomes.estimate.rates import band_edges
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.glm import (
    INTERCEPT,
    Belonging,
    WithBaseline,
    rule_of,
    spoken_for,
    stopped,
    table_with_baseline,
)
from navoutcomes.estimate.regression.logistic import solved
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import by_term
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_errors import Covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.hazards.discrete_hazard import covariance, fit
from navoutcomes.maths.hazards.discrete_hazard_pass import NO_PLACES
from navoutcomes.maths.hazards.discrete_hazard_rows import PersonPeriods
from navoutcomes.maths.rates import band_of
from navoutcomes.notes import Log, note, warning

FEWEST_OFFICES = 10
MEASURES = ("log rate ratio", "log rate")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PoissonRegression(WithBaseline):
    """Rate ratios of one ending. ``events`` in ``person_time`` units of the follow-up's own time, both of persons;
    ``dispersion`` how many times as much offices spread as chance would make them (not a number without offices: nobody
    ends twice, so single persons cannot show it)."""

    cause: str
    events: int
    person_time: float
    dispersion: float
    bands: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Fitted:
    """Shapes: coefficients (q,); expected (n,) endings of each row."""

    coefficients: Floats
    covariance: Covariance
    log_likelihood: float
    expected: Floats


@door
def poisson(
    people: FollowUp,
    terms: Sequence[Term | str],
    cause: str | None = None,
    bands: Sequence[float] | None = None,
    errors: str | None = None,
    level: float = 0.95,
) -> PoissonRegression:
    """How many times as often do people with one trait end, per person-time under observation, as people with another?

    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number); ``cause`` an ending (None: the
    outcome), the others stop observation; ``bands`` times in the follow-up's unit at which the rate may change, as in
    ``rates``: a piecewise exponential model; ``errors`` None (below), ``model``, ``cr0``, ``cr1`` or ``cr2``, and
    without bands ``hc0`` to ``hc3``; ``level`` 0-1.
    Errors when None: HC3, which allows for more spread than Poisson's; with offices, several rows a person, or
    bands (then over persons) CR2 with Satterthwaite's degrees of freedom. With fewer than six offices, a trait
    found in one office or two persons, or fewer than four degrees of freedom, the estimate stands and the interval
    and p-value are empty.
    Shapes: ``table`` one row a term, and first the intercept, or one row a band: the log rate per unit of time where
    every term is at its reference.
    Raises: ``DesignProblem`` for no endings, an ending without person-time, collinear terms; ``NumericalProblem`` where
    nobody with a trait ended, naming the terms.
    Assumes: rates are proportional, and the same throughout a band. Person-time is counted as (entry, time].
    Reference: McCullagh & Nelder 1989, chapter 6; Holford 1980; Laird & Olivier 1981; Bell & McCaffrey 2002.
    """
    check_level(level)
    name, ended, entry, time = _endings(people, cause)
    weight, design = np.array(people.array("weight")), design_matrix(people, terms, drop_constant=True)
    codes, _, kind = people.clusters()
    person = persons_of(people)
    belong = Belonging.of(codes, kind, person)
    edges = band_edges(people, bands)
    if len(edges) == 2:
        starts: tuple[str, ...] = (INTERCEPT,)
        rule = rule_of(errors, belong)
        made = _plain(design.values, ended, time - entry, weight, (*starts, *design.names), rule.kind, belong)
    else:
        starts = tuple(f"> {low:g}" if high == edges[-1] else f"({low:g}, {high:g}]" for low, high in pairwise(edges))
        if belong.codes is None:
            belong = Belonging(np.arange(len(time)), len(time), "row", person)
        rule = rule_of(_by_person(errors), belong)
        rows = _banded(design.values, ended, entry, time, weight, edges)
        made = _in_bands(rows, (*starts, *design.names), rule.kind, belong)
    names = (*starts, *design.names)
    given, findings = spoken_for(design.values, names, len(starts), rule, belong, made.covariance.df)
    dispersion, spread = _dispersion(ended * weight, made.expected, belong, len(names))
    table = table_with_baseline(
        names, made.coefficients, made.covariance.matrix, MEASURES, starts, level, made.covariance.df, given, name
    )
    method = [note("method_poisson", cause=name, unit=people.unit), *rule.method]
    if len(edges) > 2:
        method.insert(1, note("poisson_bands", bands=len(starts)))
    return PoissonRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(method),
        findings=design.remarks + rule.findings + findings + spread,
        randomised=people.protocol.randomised,
        measure=MEASURES[0],
        ratio="rate ratio",
        baseline=MEASURES[1],
        baseline_ratio="rate",
        baseline_terms=starts,
        log_likelihood=made.log_likelihood,
        _basis=partial(basis_of, design.values, design.names, ended > 0, person=person),
        cause=name,
        events=int(ended.sum()),
        person_time=float((time - entry).sum()),
        dispersion=dispersion,
        bands=tuple(float(one) for one in edges[1:-1]),
        _table=table,
        _covariance=by_term(made.covariance.matrix, names),
    )


def _endings(people: FollowUp, cause: str | None) -> tuple[str, np.ndarray, Floats, Floats]:
    """The ending, who ended so, and between which times they were seen. Shapes: (n,) each."""
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    name = people.endings[0] if cause is None else cause
    if name not in people.endings:
        raise DesignProblem("cause_unknown", asked=name, known=people.endings)
    time, entry = np.array(people.array("time")), np.nan_to_num(people.array("entry"), nan=0.0)
    ended = people.causes() == people.endings.index(name)
    if not ended.any():
        raise DesignProblem("no_events", cause=name, total=len(time), known=people.endings)
    at_once = ended & ~(time > entry)
    if at_once.any():
        raise DataProblem("ended_without_time", count=int(at_once.sum()), total=len(time))
    return name, ended, entry, time


def _by_person(errors: str | None) -> str | None:
    """In bands the unit is the person, never a row a person and band."""
    if errors is not None and errors.startswith("hc"):
        raise DesignProblem("errors_unknown", asked=errors, known=("model", "cr0", "cr1", "cr2"))
    return errors


def _plain(
    columns: Floats,
    ended: np.ndarray,
    long: Floats,
    weight: Floats,
    names: tuple[str, ...],
    kind: str,
    belong: Belonging,
) -> _Fitted:
    """One rate throughout. Rows without time say nothing; their weight is 0."""
    there = long > 0
    if not there.all():
        weight, long = np.where(there, weight, 0.0), np.where(there, long, 1.0)
    unit = None if (weight == 1).all() else weight
    seen = Observations(columns, ended.astype(float), unit, np.log(long))
    model, spread = solved(seen, "log", names, kind, belong.codes)
    expected = weight * seen.response - model.residual
    return _Fitted(model.coefficients, spread, model.log_likelihood, expected)


def _banded(
    columns: Floats, ended: np.ndarray, entry: Floats, time: Floats, weight: Floats, edges: Floats
) -> PersonPeriods:
    return PersonPeriods(
        columns=columns,
        begin=NO_PLACES,
        end=NO_PLACES,
        place=np.where(ended, band_of(time, edges), -1),
        weight=weight,
        basis=np.eye(len(edges) - 1),
        varying=NO_PLACES,
        bends=np.zeros((len(edges) - 1, 0)),
        edges=edges,
        entry=entry,
        time=time,
    )


def _in_bands(rows: PersonPeriods, names: tuple[str, ...], kind: str, belong: Belonging) -> _Fitted:
    endings = rows.endings()
    if (endings == 0).any():
        empty = [names[int(at)] for at in np.flatnonzero(endings == 0)]
        raise DesignProblem("bands_without_endings", bands=empty)
    try:
        model = fit(rows, "log")
    except Unfit as unfit:
        raise stopped(unfit, names) from None
    matrix, df = covariance(rows, model, kind, belong.codes)
    gained = np.where(rows.place >= 0, rows.weight, 0.0)
    return _Fitted(model.coefficients, Covariance(matrix, df), model.log_likelihood, gained - model.rest)


def _dispersion(ended: Floats, expected: Floats, belong: Belonging, parameters: int) -> tuple[float, Log]:
    """Squared differences between endings and expected endings of offices, over what Poisson says of them."""
    if belong.kind != "office" or belong.codes is None or belong.clusters <= parameters:
        return float("nan"), Log()
    seen = np.bincount(belong.codes, ended, minlength=belong.clusters)
    wanted = np.bincount(belong.codes, expected, minlength=belong.clusters)
    rest = belong.clusters - parameters
    squares = float(((seen - wanted) ** 2 / np.maximum(wanted, 1e-300)).sum())
    found = squares / rest
    if belong.clusters >= FEWEST_OFFICES and found > 1 and stats.chi2.sf(squares, rest) < 0.05:
        return found, Log((warning("offices_spread", dispersion=f"{found:.1f}", clusters=belong.clusters),))
    return found, Log()
