"""How fast people leave for each cause: the cumulative hazard by group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.curves import curve_rows, laid_out
from navoutcomes.estimate.regression.precision import precision
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.curves.nelson_aalen import fleming_harrington, nelson_aalen, robust_variance
from navoutcomes.notes import Log, note

INTERVALS = ("log", "plain")
TIES = ("nelson-aalen", "fleming-harrington")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class HazardCurves(Curves):
    """Cumulative hazard of each cause, by group and time."""


@door
def cumulative_hazard(
    people: FollowUp | RiskTable,
    by: str | None = None,
    ties: str = "nelson-aalen",
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> HazardCurves:
    """How much hazard of leaving for each cause has built up by each time?

    Arguments: ``by`` a column; ``ties`` ``nelson-aalen`` (events over at risk) or ``fleming-harrington`` (tied exits
    one by one); ``interval`` log (default) or plain; ``level`` 0-1; ``errors`` as in ``survival_curve``.
    Shapes: ``table`` has one row a group, cause and time; the estimate is a sum of hazards, not a share.
    Raises: ``DesignProblem`` for names that do not exist.
    Reference: Nelson 1972; Aalen 1978; Fleming & Harrington 1984.
    """
    for asked, known in ((ties, TIES), (interval or "log", INTERVALS)):
        if asked not in known:
            raise DesignProblem("choice_unknown", asked=asked, known=known)
    counts = as_risk_table(people, by)
    parts, findings = [], Log()
    for group in counts.groups:
        how = precision(counts, group, level, errors)
        mass = counts.mass(group)
        found = nelson_aalen(mass) if ties == TIES[0] else fleming_harrington(mass, counts.groups[group])
        for cause in range(len(counts.causes)):
            value = found.hazard[cause]
            variance = robust_variance(counts.cells[group], mass, cause) if how.robust else found.variance[cause]
            std_error = np.sqrt(variance)
            parts.append(curve_rows(counts, group, cause, value, std_error, _limits(value, std_error, how.z, interval)))
        findings = findings + how.findings
    table, full = laid_out(parts)
    return HazardCurves(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(
            note("method_nelson_aalen" if ties == TIES[0] else "method_fleming_harrington"),
            note("variance_jackknife" if how.robust else "variance_aalen"),
            note(f"interval_{interval or 'log'}"),
        ),
        findings=findings,
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(cumulative_hazard, ties=ties, interval=interval, level=level, errors=errors),
        interval=interval or "log",
        _table=table,
        _full=full,
    )


def _limits(value: np.ndarray, std_error: np.ndarray, z: float, interval: str | None) -> tuple[np.ndarray, np.ndarray]:
    if interval == "plain":
        return np.clip(value - z * std_error, 0.0, None), value + z * std_error
    with np.errstate(divide="ignore", invalid="ignore"):
        return value * np.exp(-z * std_error / value), value * np.exp(z * std_error / value)
