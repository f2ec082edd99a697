"""How many have left for each cause: Aalen-Johansen by group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import door
from navoutcomes.estimate.curves import curve_rows, laid_out, steps
from navoutcomes.estimate.precision import check_interval, incidence_interval, precision
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.aalen_johansen import aalen_johansen, grid_variance, robust_variance
from navoutcomes.notes import Log, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class IncidenceCurves(Curves):
    """Share that has left for each cause, by group and time; the causes and "still followed" add to one."""


@door
def cumulative_incidence(
    people: FollowUp | RiskTable,
    by: str | None = None,
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> IncidenceCurves:
    """Which share has left for each cause by each time after time zero, when the causes compete?

    Arguments: ``by`` a column; ``interval`` None for log(-log(1 - F)) (``cloglog``), or plain, log (as R), log-log,
    logit, arcsine; ``level`` 0-1; ``errors`` None, ``greenwood``, ``robust`` or ``lin-wei``.
    Shapes: ``table`` has one row a group, cause and time: estimate (share 0-1), std_error, conf_low, conf_high,
    at_risk, events, censored.
    Raises: ``DesignProblem`` for names that do not exist.
    Assumes: who is censored would have left as those who stay. Nothing is assumed about the causes being independent.
    Reference: Aalen & Johansen 1978; the variance is the infinitesimal jackknife (R ``survfit``).
    """
    check_interval(interval, incidence=True)
    counts = as_risk_table(people, by)
    parts, findings, names = [], Log(), []
    for group in counts.groups:
        # With delayed entry people do not overlap in the way the grid's sum assumes.
        how = precision(counts, group, level, errors, always_robust=counts.delayed)
        mass = counts.mass(group)
        found = aalen_johansen(mass)
        variance = None if how.robust else grid_variance(mass)
        at = steps(counts, group)
        for cause in range(len(counts.causes)):
            own = robust_variance(counts.cells[group], mass, cause) if variance is None else variance[cause]
            share, std_error = found.incidence[cause][at], np.sqrt(own[at])
            limits = incidence_interval(counts, group, share, std_error, how, interval, level, at)
            parts.append(curve_rows(counts, group, cause, share, std_error, limits[:2], at))
            names.append(limits[2])
        findings = findings + how.findings
    table, full = laid_out(parts)
    return IncidenceCurves(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_aalen_johansen"), note("variance_jackknife"), *dict.fromkeys(names)),
        findings=findings,
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(cumulative_incidence, interval=interval, level=level, errors=errors),
        interval=interval or "default",
        _table=table,
        _full=full,
    )
