"""How do the odds of an ending by a stated time differ between people? Logistic regression, one row a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.basis import basis_of
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.glm import (
    INTERCEPT,
    Belonging,
    Rule,
    WithBaseline,
    rule_of,
    spoken_for,
    stopped,
    table_with_baseline,
)
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import PENALTIES, by_term, few_for_terms
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.firth import Profiled, profiled
from navoutcomes.maths.generalised.glm import Fit, fit
from navoutcomes.maths.generalised.glm_errors import Covariance, covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.notes import Log, note, warning

MEASURES = ("log odds ratio", "log odds")
SLACK = 1e-9


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class LogisticRegression(WithBaseline):
    """Odds ratios of one ending by one time. ``persons`` how many, of whom ``events`` had ended so by ``at`` (infinite:
    whenever they ended)."""

    outcome: str
    at: float
    persons: int
    events: int


@door
def logistic(
    people: FollowUp,
    terms: Sequence[Term | str],
    outcome: str | None = None,
    at: float | None = None,
    errors: str | None = None,
    penalty: str | None = None,
    level: float = 0.95,
) -> LogisticRegression:
    """How do the odds of having ended in a stated way by a stated time differ between people?

    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number), at time zero; ``outcome`` an ending
    (None: the protocol's outcome), everything else is "not"; ``at`` a time in the follow-up's unit (None: the
    protocol's, where it has one; else everybody must have ended); ``errors`` None (below), ``model``, ``hc0`` to
    ``hc3``, ``cr0``, ``cr1`` or ``cr2``; ``penalty`` None: Firth's, with a warning, where a term separates and rows are
    independent, unweighted persons, else none; ``firth`` for few endings; ``none``. Intervals and tests are then of the
    profiled penalised likelihood; ``level`` 0-1.
    Errors when None: HC3; with offices (or several rows a person) CR2 with Satterthwaite's degrees of freedom. With
    fewer than six offices, a trait found in one office or two persons, or fewer than four degrees of freedom, the
    estimate stands and the interval and p-value are empty.
    Shapes: ``table`` one row a term and one for the intercept, on the log odds; ``ratios`` the same exponentiated.
    Raises: ``DesignProblem`` where somebody's status at ``at`` is not known (followed for too short a time, or seen
    from after time zero only), where all or nobody ended so, for collinear terms or terms that are all constant (one
    among others is dropped with a warning); ``NumericalProblem`` for separation without a penalty, naming the terms.
    Assumes: the log odds are linear in the terms.
    Reference: McCullagh & Nelder 1989; MacKinnon & White 1985; Bell & McCaffrey 2002; Firth 1993.
    """
    check_level(level)
    if penalty not in PENALTIES:
        raise DesignProblem("choice_unknown", asked=str(penalty), known=PENALTIES[1:])
    name, time, rows, response = ended_by(people, outcome, at)
    design = design_matrix(people, terms, drop_constant=True)
    seen, belong = _persons(people, design.values, rows, response)
    names = (INTERCEPT, *design.names)
    dependent = seen.weight is not None or belong.codes is not None
    if penalty == "firth" and errors != "model" and dependent:
        raise DesignProblem("firth_needs_independence")
    may_switch = penalty is None and not dependent and errors in (None, "model")
    rule = rule_of("model" if penalty == "firth" else errors, belong)
    model: Fit | Profiled
    if penalty == "firth":
        (model, spread), instead = penalised(seen, names, level), Log()
    else:
        rule, (model, spread), instead = _with_a_top(seen, names, rule, belong, level, may_switch)
    firth = isinstance(model, Profiled)
    given, findings = spoken_for(seen.columns, names, 1, rule, belong, spread.df, penalised=firth)
    table = table_with_baseline(
        names, model.coefficients, spread.matrix, MEASURES, (INTERCEPT,), level, spread.df, given
    )
    method = [note("method_logistic", outcome=name), *rule.method]
    ended = int(min(response.sum(), (1 - response).sum()))
    if isinstance(model, Profiled):
        side = np.where(model.coefficients < 0, -1.0, 1.0)
        table["statistic"], table["p_value"] = side * np.sqrt(model.statistic), np.where(given, model.p_value, np.nan)
        table["conf_low"], table["conf_high"] = model.low, model.high
        method += [note("method_firth"), note("interval_profile")]
    return LogisticRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(method),
        findings=instead + design.remarks + rule.findings + findings + few_for_terms(ended, len(names) - 1),
        randomised=people.protocol.randomised,
        measure=MEASURES[0],
        ratio="odds ratio",
        baseline=MEASURES[1],
        baseline_ratio="odds",
        baseline_terms=(INTERCEPT,),
        log_likelihood=model.log_likelihood,
        _basis=partial(basis_of, seen.columns, names[1:], response > 0),
        outcome=name,
        at=time,
        persons=len(response),
        events=int(response.sum()),
        _table=table,
        _covariance=by_term(spread.matrix, names),
    )


def _with_a_top(
    seen: Observations, names: tuple[str, ...], rule: Rule, belong: Belonging, level: float, may_switch: bool
) -> tuple[Rule, tuple[Fit | Profiled, Covariance], Log]:
    """The ordinary likelihood's answer, or where a term separates and it ``may_switch`` Firth's, with a warning."""
    try:
        return rule, solved(seen, "logit", names, rule.kind, belong.codes), Log()
    except NumericalProblem as problem:
        if not may_switch or problem.key != "separation":
            raise
        told = Log((warning("firth_instead", column=problem.facts["column"]),))
    return rule_of("model", belong), penalised(seen, names, level), told


def _persons(
    people: FollowUp, columns: Floats, rows: Indices | None, response: Floats
) -> tuple[Observations, Belonging]:
    """One row a person, by their first, and which of them belong together."""
    weight, (codes, _, kind) = np.array(people.array("weight")), people.clusters()
    if rows is not None:
        columns, weight = columns[rows], weight[rows]
        codes = None if codes is None or kind == "person" else codes[rows]
    unit = None if (weight == 1).all() else weight
    return Observations(columns, response, unit), Belonging.of(codes, kind)


def ended_by(people: FollowUp, outcome: str | None, at: float | None) -> tuple[str, float, Indices | None, Floats]:
    """Who had ended for an outcome by a time, one row a person: the ending, the time (infinite for whenever), each
    person's first row (None where every row is one) and 1 or 0 (persons,).

    Raises: ``DesignProblem`` where somebody's status is not known, or is the same for all.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    name = people.endings[0] if outcome is None else outcome
    if name not in people.endings:
        raise DesignProblem("cause_unknown", asked=name, known=people.endings)
    if at is None and people.protocol.estimand is not None and len(people.protocol.estimand.at) == 1:
        at = people.protocol.estimand.at[0]
    when = np.inf if at is None else float(at)
    if np.isnan(when) or when < 0:
        raise DesignProblem("times_needed", argument="at")
    first, last = _first_and_last(people)
    entry, time, cause = people.array("entry"), people.array("time"), people.causes()
    rows = None if first is None else first
    begin, end, how = (entry, time, cause) if first is None else (entry[first], time[last], cause[last])
    slack = SLACK * max(1.0, float(end.max(initial=0.0)))
    late = begin > slack
    if late.any():
        raise DesignProblem("seen_late", count=int(late.sum()), total=len(end))
    by_then = end <= when + slack
    unknown = (how < 0) & (end < when - slack)
    if unknown.any():
        asked = "" if np.isinf(when) else f"{when:g}"
        raise DesignProblem("status_unknown", count=int(unknown.sum()), total=len(end), asked=asked or "–")
    response = (by_then & (how == people.endings.index(name))).astype(float)
    if not response.any():
        raise DesignProblem("no_events", cause=name, total=len(response), known=people.endings)
    if response.all():
        raise DesignProblem("all_events", cause=name, total=len(response))
    return name, when, rows, response


def _first_and_last(people: FollowUp) -> tuple[Indices | None, Indices | None]:
    """Each person's first and last row; None where everybody has one."""
    if not people.repeated:
        return None, None
    codes = pd.factorize(people.rows["person"])[0]
    order = np.lexsort((people.array("entry"), codes)).astype(np.int64)
    change = np.flatnonzero(np.diff(codes[order])) + 1
    return order[np.concatenate([[0], change])], order[np.concatenate([change, [len(order)]]) - 1]


def solved(
    seen: Observations, link: str, names: tuple[str, ...], kind: str, codes: Indices | None
) -> tuple[Fit, Covariance]:
    """The fit and the covariance of its coefficients. Raises where there is none, naming the terms."""
    try:
        model = fit(seen, link)
    except Unfit as unfit:
        raise stopped(unfit, names) from None
    return model, covariance(seen, model, kind, codes)


def penalised(seen: Observations, names: tuple[str, ...], level: float) -> tuple[Profiled, Covariance]:
    """Firth's estimates with profile intervals. Raises where there are none, naming the terms."""
    try:
        found = profiled(seen, "logit", level=level)
    except Unfit as unfit:
        raise stopped(unfit, names) from None
    return found, Covariance(found.covariance, np.full(len(names), np.inf))
