"""How many are still in the programme: Kaplan-Meier by group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import door
from navoutcomes.estimate.curves import curve_rows, laid_out, steps
from navoutcomes.estimate.precision import check_interval, precision, survival_interval
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.kaplan_meier import kaplan_meier, robust_variance
from navoutcomes.notes import Log, Note, note


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
    parts, findings = [], Log()
    names: list[Note] = []
    for group in counts.groups:
        how = precision(counts, group, level, errors)
        mass = counts.mass(group)
        found = kaplan_meier(mass)
        at = steps(counts, group)
        share = found.survival[at]
        std_error = np.sqrt(robust_variance(counts.cells[group], mass)) if how.robust else found.std_error
        std_error = np.where(share > 0, std_error[at], np.nan)
        low, high, name = survival_interval(counts, group, share, std_error, how, interval, level, at)
        parts.append(curve_rows(counts, group, None, share, std_error, (low, high), at))
        findings, names = findings + how.findings, [*names, name]
    table, full = laid_out(parts)
    variance = note("variance_jackknife" if how.robust else "variance_greenwood")
    return SurvivalCurves(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_kaplan_meier"), variance, *dict.fromkeys(names)),
        findings=findings,
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(survival_curve, interval=interval, level=level, errors=errors),
        interval=interval or "default",
        _table=table,
        _full=full,
    )
