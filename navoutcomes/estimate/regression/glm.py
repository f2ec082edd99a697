"""What logistic, Poisson and period models share: which standard errors, which intervals, and what stops a fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, NumericalProblem
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
GLANCE = 10_000


@dataclass(frozen=True)
class Belonging:
    """Which rows belong together: codes (n,) without gaps or None, how many, and ``none``, ``row`` (each
    row is one), ``person`` or ``office``."""

    codes: Indices | None
    clusters: int
    kind: str

    @classmethod
    def of(cls, codes: Indices | None, kind: str) -> Belonging:
        """Codes that may have gaps, since rows were left out. Copied: kernels are compiled for arrays that are ours."""
        if codes is None:
            return cls(None, 0, "none")
        codes = np.array(codes)
        number = int(codes.max(initial=-1)) + 1
        used = np.bincount(codes, minlength=number) > 0
        if used.all():
            return cls(codes, number, kind)
        return cls((np.cumsum(used) - 1)[codes], int(used.sum()), kind)


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
    columns: Floats, names: Sequence[str], lead: int, rule: Rule, belong: Belonging, df: Floats, silent: int = 0
) -> tuple[np.ndarray, Log]:
    """Which coefficients get a p-value and an interval, and why the others do not.

    None do with fewer than six offices; not those of a trait that only one cluster has, or lacks, nor those with fewer
    than four degrees of freedom. The first ``silent`` are not named.
    Shapes: columns (n, p); names (q,), of which the first ``lead`` are not of columns; df (q,) -> (q,).
    """
    given, findings = np.ones(len(names), dtype=bool), Log()
    if rule.kind == "model":
        return given, findings
    clustered = rule.kind in CLUSTERS
    if clustered and belong.kind == "office" and belong.clusters < FEWEST_CLUSTERS:
        few = warning("few_offices", clusters=belong.clusters, fewest=FEWEST_CLUSTERS)
        return np.zeros(len(names), dtype=bool), Log((few,))
    codes = belong.codes if clustered else None
    p = columns.shape[1]
    lonely = np.array([_alone(columns[:, j], codes) for j in range(p)], dtype=bool)
    if lonely.any():
        key = "one_office_alone" if clustered and belong.kind == "office" else "one_person_alone"
        findings = findings + warning(key, column=[names[lead + int(j)] for j in np.flatnonzero(lonely)])
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


def _alone(column: Floats, codes: Indices | None) -> bool:
    """Whether a trait with two values is found in one cluster (or row) only, or lacking in all but one."""
    glance = None if codes is None else codes[:GLANCE]
    number = _fewest(column[:GLANCE], glance)
    # Two clusters on each side among some rows are two among all; three values are three.
    if len(column) > GLANCE and 0 <= number < 2:
        number = _fewest(column, codes)
    return 0 <= number < 2


def _fewest(column: Floats, codes: Indices | None) -> int:
    """In how many clusters (or rows) the rarer of two values is found; -1 for a column with more than two."""
    low, high = float(column.min()), float(column.max())
    is_high = column == high
    if (~is_high & (column != low)).any():
        return -1
    sides = (is_high, ~is_high)
    if codes is None:
        return min(int(side.sum()) for side in sides)
    return min(int((np.bincount(codes[side]) > 0).sum()) for side in sides)


def stopped(unfit: Unfit, names: Sequence[str], penalty: bool = True) -> DesignProblem | NumericalProblem:
    """The problem to raise where there is no fit. ``names`` (q,) of the coefficients."""
    named = [names[at] for at in unfit.columns] or [one for one in names if one != INTERCEPT]
    if unfit.kind == "collinear":
        return DesignProblem("terms_collinear", column=named)
    if unfit.kind == "separated":
        return NumericalProblem("separation" if penalty else "separation_by_period", column=named)
    return NumericalProblem("not_converged", steps=unfit.steps, column=named)
