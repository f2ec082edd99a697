"""In each period, how likely are those still there to leave for a cause, and for whom is it likelier?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.basis import persons_of
from navoutcomes.estimate.regression.glm import (
    Belonging,
    Rule,
    WithBaseline,
    rule_of,
    spoken_for,
    stopped,
    table_with_baseline,
)
from navoutcomes.estimate.regression.periods import (
    EACH,
    Asked,
    Baseline,
    Periods,
    asked,
    behind,
    laid_out,
    remarks,
    when_at_risk,
)
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_links import mean
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.hazards.discrete_hazard import HazardFit, covariance, fit
from navoutcomes.maths.hazards.discrete_hazard_time import AtRisk
from navoutcomes.notes import Log, note

LINKS = {"cloglog": "hazard ratio", "logit": "odds ratio of leaving in a period"}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class DiscreteHazards(WithBaseline):
    """Hazard (cloglog) or odds (logit) ratios by cause. ``period`` its length in the follow-up's unit,
    ``person_periods`` how many were at risk in how many."""

    causes: tuple[str, ...]
    link: str
    period: float
    person_periods: int
    _hazards: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def hazards(self) -> pd.DataFrame:
        """The baseline: the share (0-1) of those at risk who leave in each period, where every term is at its
        reference. One row a cause and period; ``time`` is where the period ends. A copy."""
        return self._hazards.copy()


@dataclass(frozen=True)
class _Cause:
    """What one cause adds to the result."""

    table: pd.DataFrame
    hazards: pd.DataFrame
    covariance: pd.DataFrame
    log_likelihood: float
    starts: tuple[str, ...]
    findings: Log


@door
def discrete_hazard(
    people: FollowUp,
    terms: Sequence[Term | str],
    link: str = "cloglog",
    period: float = 1.0,
    causes: str | Sequence[str] | None = None,
    baseline: Baseline = EACH,
    errors: str | None = None,
    level: float = 0.95,
) -> DiscreteHazards:
    """In each period, how much likelier is it that people with one trait leave for a cause, of those still there?

    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number); an ``Interaction`` of a term with
    ``Number("period")`` or ``Spline("period", ...)`` lets its association change over the periods, which are counted
    from 1; ``link`` ``cloglog`` (hazard ratios, as in a Cox model seen by the period) or ``logit`` (odds ratios);
    ``period`` its length in the follow-up's unit (30.4375 for months of days); ``causes`` one ending or several (None:
    the outcome), each with a model of its own in which the others are at risk and do not end; ``baseline`` ``each
    period``, or ``Number("period")`` or ``Spline("period", knots)`` for a straight or smooth one; ``errors`` None
    (below), ``model``, ``cr0``, ``cr1`` or ``cr2``; ``level`` 0-1.
    Periods: period m is ((m - 1) L, m L]. Who leaves in it counts in it; who is followed through a part of it without
    leaving, or comes in after it began, does not (a finding says how many). Traits are those at its beginning.
    Errors when None: of the likelihood, to which a person adds as many independent periods as they were at risk;
    with weights robust over persons, with offices CR2 over offices and Satterthwaite's degrees of freedom. With
    fewer than six offices, a trait found in one office or two persons, or fewer than four degrees of freedom, the
    estimate stands and the interval and p-value are empty.
    Shapes: ``table`` one row a cause and term, after the baseline's where it is straight or smooth; ``hazards`` the
    baseline by period. The covariance holds every coefficient; between causes it is not a number.
    Raises: ``DesignProblem`` for no endings or collinear terms; ``NumericalProblem`` for separation, naming the terms.
    Assumes: hazards (cloglog) or odds (logit) are proportional but for terms that interact with the period; censoring
    says nothing about what is to come, given the terms.
    Reference: Prentice & Gloeckler 1978; Allison 1982; Singer & Willett 1993.
    """
    check_level(level)
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    names = people.endings[:1] if causes is None else (causes,) if isinstance(causes, str) else tuple(causes)
    for one, known in ((link, tuple(LINKS)), *((name, people.endings) for name in names)):
        if one not in known:
            raise DesignProblem("choice_unknown" if known == tuple(LINKS) else "cause_unknown", asked=one, known=known)
    if not (np.isfinite(period) and period > 0):
        raise DesignProblem("choice_unknown", asked=f"{period:g}", known=("period > 0",))
    if errors is not None and errors.startswith("hc"):
        raise DesignProblem("errors_unknown", asked=errors, known=("model", "cr0", "cr1", "cr2"))
    what, at = asked(people, terms), when_at_risk(people, period)
    belong, rule = _errors(people, errors)
    measures = (f"log {LINKS[link]}", "complementary log-log hazard" if link == "cloglog" else "log odds of leaving")
    found = [_one(people, what, at, name, link, period, baseline, belong, rule, measures, level) for name in names]
    several = len(names) > 1
    silent = len(found[0].starts) * (isinstance(baseline, str))
    keys = [
        [f"{name}: {term}" if several else term for term in one.covariance]
        for name, one in zip(names, found, strict=True)
    ]
    blocks = [pd.DataFrame(one.covariance.to_numpy(), key, key) for key, one in zip(keys, found, strict=True)]
    order = [one for key in keys for one in key]
    findings = rule.findings
    for one in (remark for cause in found for remark in cause.findings):
        findings = findings if one in findings else findings + one
    return DiscreteHazards(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note("method_discrete", link=link, period=f"{period:g}", unit=people.unit), *rule.method),
        findings=findings + remarks(at, len(people.array("time"))),
        randomised=people.protocol.randomised,
        measure=measures[0],
        ratio=LINKS[link],
        baseline=measures[1],
        baseline_ratio="hazard" if link == "cloglog" else "odds of leaving",
        baseline_terms=found[0].starts,
        log_likelihood=sum(one.log_likelihood for one in found),
        # A hazard for each period is as free as Cox's; a line or a bend has coefficients.
        _basis=partial(behind, people, what, at, names, sum(len(one.covariance) - silent for one in found)),
        causes=names,
        link=link,
        period=period,
        person_periods=int((at.end - at.begin).sum()),
        _table=pd.concat([one.table for one in found], ignore_index=True),
        _hazards=tidy(pd.concat([one.hazards for one in found], ignore_index=True)),
        _covariance=pd.concat(blocks).reindex(index=order, columns=order),
    )


def _errors(people: FollowUp, errors: str | None) -> tuple[Belonging, Rule]:
    """Whose scores are added before they are squared, and the rule."""
    codes, _, kind = people.clusters()
    weight = people.array("weight")
    belong = Belonging.of(codes, kind, persons_of(people))
    robust = bool((weight != 1).any()) or kind == "office"
    if errors is None and not robust:
        errors = "model"
    if belong.codes is None and errors != "model":
        belong = replace(belong, codes=np.arange(len(weight)), clusters=len(weight), kind="row")
        errors = errors or "cr0"
    if errors is None and kind == "person":
        errors = "cr0"
    return belong, rule_of(errors, belong)


def _one(
    people: FollowUp,
    what: Asked,
    at: AtRisk,
    cause: str,
    link: str,
    period: float,
    baseline: Baseline,
    belong: Belonging,
    rule: Rule,
    measures: tuple[str, str],
    level: float,
) -> _Cause:
    """The model of one cause."""
    laid = laid_out(people, what, at, cause, baseline)
    try:
        model = fit(laid.rows, link)
    except Unfit as unfit:
        raise stopped(unfit, laid.names, penalty=False) from None
    matrix, df = covariance(laid.rows, model, rule.kind, belong.codes)
    if rule.kind == "cr0" and belong.kind != "office":
        df = np.full(len(df), np.inf)
    each = isinstance(baseline, str)
    silent = laid.starts if each else 0
    given, findings = spoken_for(what.design.values, laid.names, laid.starts, rule, belong, df, silent)
    starts = laid.names[: laid.starts]
    table = table_with_baseline(laid.names, model.coefficients, matrix, measures, starts, level, df, given, cause)
    if each:
        table = table.iloc[laid.starts :].reset_index(drop=True)
        empty = len(laid.at_risk) - len(laid.kept)
        if empty:
            findings = findings + note("periods_left_out", count=empty, total=len(laid.at_risk), cause=cause)
    hazards = _hazards(laid, model, link, cause, period, matrix, df, given, level)
    labelled = pd.DataFrame(matrix, list(laid.names), list(laid.names))
    return _Cause(table, hazards, labelled, model.log_likelihood, starts, findings)


def _hazards(
    laid: Periods,
    model: HazardFit,
    link: str,
    cause: str,
    period: float,
    matrix: Floats,
    df: Floats,
    given: np.ndarray,
    level: float,
) -> pd.DataFrame:
    """The baseline by period; 0 or 1 without an interval where nobody or everybody left."""
    k, basis = laid.starts, laid.rows.basis
    linear = basis @ model.coefficients[:k]
    error = np.sqrt(np.maximum(((basis @ matrix[:k, :k]) * basis).sum(axis=1), 0.0))
    used = basis != 0
    told = ~(used & ~given[:k]).any(axis=1)
    degrees = np.where(used, df[:k], np.inf).min(axis=1)
    reach = np.where(told, stats.t.ppf(0.5 + level / 2, degrees) * error, np.nan)
    hazard = np.where(laid.events > 0, 1.0, 0.0)
    low, high = np.full(len(hazard), np.nan), np.full(len(hazard), np.nan)
    hazard[laid.kept] = mean(link, linear)
    low[laid.kept], high[laid.kept] = mean(link, linear - reach), mean(link, linear + reach)
    return pd.DataFrame(
        {
            "cause": cause,
            "time": period * np.arange(1, len(hazard) + 1),
            "estimate": hazard,
            "conf_low": low,
            "conf_high": high,
            "at_risk": laid.at_risk,
            "events": laid.events,
        }
    )
