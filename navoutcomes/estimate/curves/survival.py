"""How many are still in the programme: Kaplan-Meier by group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import door
from navoutcomes.estimate.curves.curves import curve_rows, laid_out, steps
from navoutcomes.estimate.curves.late_entry import late_entry
from navoutcomes.estimate.regression.precision import Precision, check_interval, precision, survival_interval
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, robust_variance
from navoutcomes.notes import Log, Note, note


@dataclass(frozen=True)
class SurvivalPath:
    """One group's share still there, with its limits. Shapes: every array by position ``at`` of the grid."""

    group: str
    at: Indices
    share: Floats
    std_error: Floats
    limits: tuple[Floats, Floats]
    how: Precision
    name: Note
    findings: Log


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SurvivalCurves(Curves):
    """Share still without an ending (any ending), by group and time."""


@door
def survival_curve(
    people: FollowUp | RiskTable,
    by: str | None = None,
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> SurvivalCurves:
    """Which share is still in the programme, at each time after time zero?

    Arguments: ``by`` a column; ``interval`` one of plain, log, log-log, logit, arcsine, computed as named at every
    point, or None for the rule of ``estimate.precision``; ``level`` 0-1; ``errors`` None (Greenwood; the infinitesimal
    jackknife with weights or clusters), ``greenwood``, ``robust`` or ``lin-wei``.
    Shapes: ``table`` has one row a group and time: estimate (share 0-1), std_error, conf_low, conf_high, at_risk,
    events, censored.
    Raises: ``DesignProblem`` for names that do not exist.
    Assumes: who is censored would have left as those who stay.
    Reference: Kaplan & Meier 1958; Greenwood 1926; Fay, Brittain & Proschan 2013.
    """
    check_interval(interval, incidence=False)
    counts = as_risk_table(people, by)
    paths = [survival_path(counts, group, level, interval, errors) for group in counts.groups]
    parts = [curve_rows(counts, one.group, None, one.share, one.std_error, one.limits, one.at) for one in paths]
    table, full = laid_out(parts)
    variance = note("variance_jackknife" if paths[-1].how.robust else "variance_greenwood")
    return SurvivalCurves(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_kaplan_meier"), variance, *dict.fromkeys(one.name for one in paths)),
        findings=sum((one.findings for one in paths), Log()),
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(survival_curve, interval=interval, level=level, errors=errors),
        interval=interval or "default",
        _table=table,
        _full=full,
    )


def survival_path(
    counts: RiskTable, group: str, level: float, interval: str | None, errors: str | None
) -> SurvivalPath:
    """Kaplan-Meier of one group at the times at which somebody leaves."""
    how = precision(counts, group, level, errors)
    mass = counts.mass(group)
    found = kaplan_meier(mass)
    at = steps(counts, group)
    share = found.survival[at]
    std_error = np.sqrt(robust_variance(counts.cells[group], mass)) if how.robust else found.std_error
    std_error = np.where(share > 0, std_error[at], np.nan)
    low, high, name = survival_interval(counts, group, share, std_error, how, interval, level, at)
    return SurvivalPath(group, at, share, std_error, (low, high), how, name, how.findings + late_entry(counts, group))
