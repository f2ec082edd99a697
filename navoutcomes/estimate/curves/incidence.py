"""How many have left for each cause: Aalen-Johansen by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import door
from navoutcomes.estimate.curves.curves import curve_rows, laid_out, steps
from navoutcomes.estimate.curves.late_entry import late_entry
from navoutcomes.estimate.regression.precision import Precision, check_interval, incidence_interval, precision
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, grid_variance, robust_variance
from navoutcomes.notes import Log, Note, note


@dataclass(frozen=True)
class IncidencePaths:
    """One group's shares that have left. ``causes``: place, share, standard error and limits by position ``at``."""

    group: str
    at: Indices
    causes: tuple[tuple[int, Floats, Floats, tuple[Floats, Floats]], ...]
    how: Precision
    names: tuple[Note, ...]
    findings: Log


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
    paths = [incidence_paths(counts, group, level, interval, errors) for group in counts.groups]
    parts = [
        curve_rows(counts, one.group, place, share, std_error, limits, one.at)
        for one in paths
        for place, share, std_error, limits in one.causes
    ]
    names = [name for one in paths for name in one.names]
    table, full = laid_out(parts)
    return IncidenceCurves(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_aalen_johansen"), note("variance_jackknife"), *dict.fromkeys(names)),
        findings=sum((one.findings for one in paths), Log()),
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(cumulative_incidence, interval=interval, level=level, errors=errors),
        interval=interval or "default",
        _table=table,
        _full=full,
    )


def incidence_paths(
    counts: RiskTable,
    group: str,
    level: float,
    interval: str | None,
    errors: str | None,
    places: Sequence[int] | None = None,
) -> IncidencePaths:
    """Aalen-Johansen of one group at the times at which somebody leaves, for some causes (None: all)."""
    # With delayed entry people do not overlap in the way the grid's sum assumes.
    how = precision(counts, group, level, errors, always_robust=counts.delayed)
    mass = counts.mass(group)
    found, at = aalen_johansen(mass), steps(counts, group)
    variance = None if how.robust else grid_variance(mass)
    causes, names = [], []
    for place in range(len(counts.causes)) if places is None else places:
        own = robust_variance(counts.cells[group], mass, place) if variance is None else variance[place]
        share, std_error = found.incidence[place][at], np.sqrt(own[at])
        low, high, name = incidence_interval(counts, group, share, std_error, how, interval, level, at)
        causes.append((place, share, std_error, (low, high)))
        names.append(name)
    findings = how.findings + late_entry(counts, group)
    return IncidencePaths(group, at, tuple(causes), how, tuple(names), findings)
