"""What logistic, Poisson and period models share: which standard errors, which intervals, and what stops a fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, NumericalProblem
from navoutcomes.estimate.few_persons import fewest_with, too_few
from navoutcomes.estimate.regression.regression import Regression, coefficient_table
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm_errors import KINDS
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.sandwich import CLUSTERS
from navoutcomes.notes import Log, Note, note, warning

INTERCEPT = "(intercept)"
FEWEST_DEGREES = 4.0
# Beyond this many clusters the correction of each one changes nothing that is printed, and costs more than the fit.
MOST_CORRECTED = 10_000


@dataclass(frozen=True)
class Belonging:
    """Which rows belong together: codes (n,) without gaps or None, how many, and ``none``, ``row`` (each
    row is one), ``person`` or ``office``; ``person`` (n,) whose each row is, where persons have several."""

    codes: Indices | None
    clusters: int
    kind: str
    person: Indices | None = None

    @classmethod
    def of(cls, codes: Indices | None, kind: str, person: Indices | None = None) -> Belonging:
        """Codes that may have gaps, since rows were left out. Copied: kernels are compiled for arrays that are ours."""
        if codes is None:
            return cls(None, 0, "none", person)
        codes = np.array(codes)
        number = int(codes.max(initial=-1)) + 1
        used = np.bincount(codes, minlength=number) > 0
        if used.all():
            return cls(codes, number, kind, person)
        return cls((np.cumsum(used) - 1)[codes], int(used.sum()), kind, person)


@dataclass(frozen=True)
class Rule:
    """How uncertainty is reckoned: ``kind`` of ``KINDS``, and what is said of it."""

    kind: str
    method: tuple[Note, ...] = ()
    findings: Log = field(default_factory=Log)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class WithBaseline(Regression):
    """A model whose table also holds rows of the baseline: what people with every term at its reference do.

    ``baseline`` names these rows' scale, ``baseline_ratio`` what it becomes when exponentiated.
    """

    baseline: str
    baseline_ratio: str
    baseline_terms: tuple[str, ...] = ()

    @property
    def ratios(self) -> pd.DataFrame:
        """The table exponentiated: ratios with their intervals, odds or rates for the baseline; ``std_error`` stays
        that of the logarithm."""
        found = super().ratios
        found["measure"] = np.where(found["term"].isin(self.baseline_terms), self.baseline_ratio, self.ratio)
        return found


def rule_of(errors: str | None, belong: Belonging, alone: str = "hc3") -> Rule:
    """The rule asked for, or by convention: with clusters CR2, else ``alone``.

    Raises: ``DesignProblem`` for a rule that does not exist, or one for clusters where there are none.
    """
    if errors is not None and errors not in KINDS:
        raise DesignProblem("errors_unknown", asked=str(errors), known=KINDS)
    if errors in CLUSTERS and belong.codes is None:
        raise DesignProblem("errors_need_clusters", asked=errors)
    if errors is None:
        corrected = "cr2" if belong.clusters <= MOST_CORRECTED else "cr1"
        errors = alone if belong.codes is None else corrected
    findings = Log((warning("clusters_left_out", clusters=belong.clusters),) * (
        belong.kind in ("person", "office") and errors not in CLUSTERS
    ))  # fmt: skip
    if errors in CLUSTERS:
        made = note("errors_by_cluster", rule=errors.upper(), clusters=belong.clusters)
    elif errors == "model":
        made = note("errors_of_model")
    else:
        made = note("errors_by_row", rule=errors.upper())
    return Rule(errors, (made,), findings)


def spoken_for(
    columns: Floats,
    names: Sequence[str],
    lead: int,
    rule: Rule,
    belong: Belonging,
    df: Floats,
    silent: int = 0,
    penalised: bool = False,
) -> tuple[np.ndarray, Log]:
    """Which coefficients get a p-value and an interval, and why the others do not.

    Not those of a trait that fewer than three persons have, or lack; of robust errors none with fewer than six offices,
    not those of a trait that only one office has, or lacks, nor those with fewer than four degrees of freedom. The
    first ``silent`` are not named. Of a ``penalised`` model it is the p-values alone that are left out.
    Shapes: columns (n, p); names (q,), of which the first ``lead`` are not of columns; df (q,) -> (q,).
    """
    given, p = np.ones(len(names), dtype=bool), columns.shape[1]
    rare, findings = too_few(columns, names[lead : lead + p], belong.person, penalised)
    given[lead : lead + p] = ~rare
    if rule.kind == "model":
        return given, findings
    clustered = rule.kind in CLUSTERS
    if clustered and belong.kind == "office" and belong.clusters < FEWEST_CLUSTERS:
        few = warning("few_offices", clusters=belong.clusters, fewest=FEWEST_CLUSTERS)
        return np.zeros(len(names), dtype=bool), findings + few
    if clustered and belong.kind == "office":
        office = [0 <= fewest_with(columns[:, j], belong.codes, enough=2) < 2 for j in range(p)]
        lonely = np.array(office, dtype=bool) & ~rare
        if lonely.any():
            column = [names[lead + int(j)] for j in np.flatnonzero(lonely)]
            findings = findings + warning("one_office_alone", column=column)
        given[lead : lead + p] &= ~lonely
    short = given & ~(df >= FEWEST_DEGREES)
    named = [names[int(j)] for j in np.flatnonzero(short) if j >= silent]
    if named:
        findings = findings + warning("glm_few_degrees", column=named, fewest=int(FEWEST_DEGREES))
    return given & ~short, findings


def table_with_baseline(
    names: tuple[str, ...],
    coefficients: Floats,
    covariance: Floats,
    measures: tuple[str, str],
    baseline_terms: tuple[str, ...],
    level: float,
    df: Floats,
    given: np.ndarray,
    cause: str = "",
) -> pd.DataFrame:
    """One row a coefficient. ``measures``: of the terms, of the baseline. Shapes as ``coefficient_table``."""
    table = coefficient_table(names, coefficients, covariance, measures[0], level, df, cause, given)
    table.loc[table["term"].isin(baseline_terms), "measure"] = measures[1]
    return table


def stopped(unfit: Unfit, names: Sequence[str], penalty: bool = True) -> DesignProblem | NumericalProblem:
    """The problem to raise where there is no fit. ``names`` (q,) of the coefficients."""
    named = [names[at] for at in unfit.columns] or [one for one in names if one != INTERCEPT]
    if unfit.kind == "collinear":
        return DesignProblem("terms_collinear", column=named)
    if unfit.kind == "separated":
        return NumericalProblem("separation" if penalty else "separation_by_period", column=named)
    return NumericalProblem("not_converged", steps=unfit.steps, column=named)
