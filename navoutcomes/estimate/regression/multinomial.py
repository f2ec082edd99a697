"""How do the ways to end divide between people? Multinomial logistic regression, one row a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.basis import Basis, basis_of, together
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.glm import INTERCEPT, Belonging, Rule, WithBaseline, rule_of, spoken_for, stopped
from navoutcomes.estimate.regression.multinomial_endings import EndingsBy, endings_by
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import coefficient_table
from navoutcomes.estimate.result import tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_errors import Covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.multinomial import MultinomialFit, covariance, fit
from navoutcomes.notes import Log, note, warning

MEASURES = ("log relative risk ratio", "log relative risk")
FEWEST_A_COLUMN = 5


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class MultinomialRegression(WithBaseline):
    """Relative risk ratios of every ending against ``reference_ending``, by ``at`` (infinite: whenever they ended).

    ``table`` has a row an ending and term; ``counted`` how many ended in each way.
    """

    reference_ending: str
    at: float
    persons: int
    counted: tuple[tuple[str, int], ...]

    @property
    def coefficients(self) -> pd.Series:
        """The estimates by ending and term. A copy."""
        index = pd.MultiIndex.from_frame(self._table[["cause", "term"]])
        return pd.Series(self._table["estimate"].to_numpy(), index=index, name="estimate")


@door
def multinomial(
    people: FollowUp,
    terms: Sequence[Term | str],
    reference_ending: str,
    at: float | None = None,
    errors: str | None = None,
    level: float = 0.95,
) -> MultinomialRegression:
    """How many times as often, against one way to end, do people with a trait end in each of the other ways?

    A relative risk ratio is the ratio, between people with and without the trait, of the share that ended so to the
    share that ended as ``reference_ending``.
    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number), at time zero; ``reference_ending`` an
    ending, or ``followed`` for those still there at ``at``; ``at`` a time in the follow-up's unit (None: the
    protocol's, where it has one; else everybody must have ended); ``errors`` and ``level`` as in ``logistic``: None is
    HC3, with offices CR2 with Satterthwaite's degrees of freedom.
    Endings that nobody had by then are left out and named.
    Shapes: ``table`` one row an ending and term, the intercepts among them, as logarithms; ``ratios`` exponentiated;
    ``covariance`` by ``ending: term``.
    Raises: ``DesignProblem`` where somebody's status at ``at`` is not known, for a reference nobody had, collinear
    terms; ``NumericalProblem`` for separation, naming endings and terms.
    Assumes: log ratios of shares are linear in the terms; leaving an ending out would not change the ratios between the
    others.
    Reference: Agresti 2013, section 8.1; MacKinnon & White 1985; Bell & McCaffrey 2002.
    """
    check_level(level)
    ended = endings_by(people, at)
    if reference_ending not in ended.names:
        raise DesignProblem("multinomial_reference", asked=reference_ending, known=ended.names)
    others = tuple(name for name in ended.names if name != reference_ending)
    code = np.array([[*others, reference_ending].index(name) for name in ended.names])[ended.code]
    design = design_matrix(people, terms, drop_constant=True)
    columns, weight, belong = _persons(people, design.values, ended)
    names = (INTERCEPT, *design.names)
    rule = rule_of(errors, belong)
    both = [f"{ending}: {term}" for ending in others for term in names]
    try:
        made = fit(columns, code, len(others) + 1, weight)
    except Unfit as unfit:
        raise stopped(unfit, both) from None
    spread = covariance(made, rule.kind, belong.codes)
    table, findings = _table(made, spread, others, names, columns, rule, belong, level)
    findings += _few(ended, people.endings, columns.shape[1])
    return MultinomialRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note("method_multinomial", ending=reference_ending), *rule.method),
        findings=design.remarks + rule.findings + findings,
        randomised=people.protocol.randomised,
        measure=MEASURES[0],
        ratio="relative risk ratio",
        baseline=MEASURES[1],
        baseline_ratio="relative risk",
        baseline_terms=(INTERCEPT,),
        log_likelihood=made.log_likelihood,
        reference_ending=reference_ending,
        at=ended.at,
        persons=len(code),
        _basis=partial(_behind, columns, names, code, (*others, reference_ending)),
        counted=tuple((name, int((ended.code == at).sum())) for at, name in enumerate(ended.names)),
        _table=table,
        _covariance=pd.DataFrame(spread.matrix, index=both, columns=both),
    )


def _persons(people: FollowUp, columns: Floats, ended: EndingsBy) -> tuple[Floats, Floats | None, Belonging]:
    weight, (codes, _, kind) = np.array(people.array("weight")), people.clusters()
    codes = None if codes is None or kind == "person" else codes
    if ended.first is not None:
        columns, weight = np.ascontiguousarray(columns[ended.first]), weight[ended.first]
        codes = None if codes is None else codes[ended.first]
    return columns, None if (weight == 1).all() else weight, Belonging.of(codes, kind)


def _table(
    made: MultinomialFit,
    spread: Covariance,
    others: tuple[str, ...],
    names: tuple[str, ...],
    columns: Floats,
    rule: Rule,
    belong: Belonging,
    level: float,
) -> tuple[pd.DataFrame, Log]:
    parts, findings, q = [], Log(), len(names)
    for at, ending in enumerate(others):
        own = slice(at * q, (at + 1) * q)
        given, more = spoken_for(columns, names, 1, rule, belong, spread.df[own])
        findings += [one for one in more if one not in findings]
        matrix = spread.matrix[own, own]
        part = coefficient_table(
            names, made.coefficients[at], matrix, MEASURES[0], level, spread.df[own], ending, given
        )
        part.loc[part["term"] == INTERCEPT, "measure"] = MEASURES[1]
        parts.append(part)
    return tidy(pd.concat(parts, ignore_index=True)), findings


def _behind(columns: Floats, names: tuple[str, ...], code: np.ndarray, endings: tuple[str, ...]) -> Basis:
    """Each ending against all the others. Shapes: columns (n, q) with the intercept first; code (n,) of ``endings``."""
    found = [basis_of(columns[:, 1:], names[1:], code == place) for place in range(len(endings))]
    return together(found, columns.shape[1] * (len(endings) - 1))


def _few(ended: EndingsBy, known: Sequence[str], columns: int) -> Log:
    """Endings nobody had, and those too few for so many columns."""
    findings = Log()
    absent = [name for name in known if name not in ended.names]
    if absent:
        findings += warning("multinomial_absent", endings=absent)
    number = np.bincount(ended.code, minlength=len(ended.names))
    few = [name for name, one in zip(ended.names, number, strict=True) if one < FEWEST_A_COLUMN * columns]
    if few:
        findings += warning("multinomial_few", endings=few, fewest=FEWEST_A_COLUMN, terms=columns)
    return findings
