"""When have half of them left? Quantiles of staying, and of the time to a cause when the causes compete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.incidence import incidence_paths
from navoutcomes.estimate.curves.survival import survival_path
from navoutcomes.estimate.regression.precision import check_interval
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.curves.aalen_johansen import incidence_influence
from navoutcomes.maths.curves.quantiles import conditional_error, reached
from navoutcomes.notes import Log, Note, note

Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Quantiles(Result):
    """Times by which shares have left, by group; an empty time was not reached within follow-up."""


@door
def quantiles(
    people: FollowUp | RiskTable,
    q: float | Sequence[float] = 0.5,
    by: str | None = None,
    cause: str | None = None,
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> Quantiles:
    """By when has a share of the people left, at all or for one cause?

    Arguments: ``q`` shares 0-1 (0.5: the median); ``by`` a column; ``cause`` an ending, or None for any; ``interval``,
    ``level`` and ``errors`` as in ``survival_curve`` (with ``cause``: in ``cumulative_incidence``), whose pointwise
    interval is read sideways.
    Shapes: ``table`` has one row a group and share: estimate, conf_low, conf_high in the follow-up's unit, not a number
    where never reached. With ``cause`` there are two: ``quantile`` is the first time by which that share of everybody
    has left for the cause; ``conditional quantile`` is among those who did so within the group's follow-up.
    Raises: ``DesignProblem`` for a share that is none, and for names that do not exist.
    Assumes: who is censored would have left as those who stay.
    Reference: Brookmeyer & Crowley 1982; the plateau rule of R ``quantile.survfit``.
    """
    shares = tuple(float(one) for one in np.atleast_1d(np.asarray(q, dtype=float)))
    if not all(0 < one <= 1 for one in shares):
        raise DesignProblem("choice_unknown", asked=list(shares), known=("0 < q <= 1",))
    check_interval(interval, incidence=cause is not None)
    counts = as_risk_table(people, by)
    place = None if cause is None else counts.cause(cause)
    how = (shares, level, interval, errors)
    made = [
        _of_stay(counts, one, *how) if place is None else _of_cause(counts, one, place, *how) for one in counts.groups
    ]
    name: Note = made[0][2]
    return Quantiles(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(_method(counts, cause), name),
        findings=sum((log for _, log, _ in made), Log()),
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(quantiles, q=shares, cause=cause, interval=interval, level=level, errors=errors),
        _table=tidy(pd.DataFrame([row for rows, _, _ in made for row in rows])),
    )


def _method(counts: RiskTable, cause: str | None) -> Note:
    if cause is None:
        return note("method_quantiles")
    last = max(float(one.time[one.exits > 0].max()) for one in counts.groups.values())
    return note("method_quantiles_cause", cause=cause, time=last)


def _of_stay(
    counts: RiskTable, group: str, shares: tuple[float, ...], level: float, interval: str | None, errors: str | None
) -> tuple[Rows, Log, Note]:
    path = survival_path(counts, group, level, interval, errors)
    persons = counts.groups[group]
    time, findings, rows = persons.time[path.at], path.findings, []
    for share in shares:
        low, high = (
            reached(time, 1 - one, share, True, _turning(interval, end))
            for one, end in zip(path.limits, ("first", "last"), strict=True)
        )
        numbers = [reached(time, 1 - path.share, share, plateau=True), low, high]
        rows.append(_row(counts, group, f"quantile {share:g}", numbers, float(persons.all_events.sum())))
        if np.isnan(numbers[0]):
            findings += note("quantile_not_reached", group=group, percent=100 * share)
    return rows, findings, path.name


def _of_cause(
    counts: RiskTable,
    group: str,
    place: int,
    shares: tuple[float, ...],
    level: float,
    interval: str | None,
    errors: str | None,
) -> tuple[Rows, Log, Note]:
    paths = incidence_paths(counts, group, level, interval, errors, [place])
    _, left, _, (low, high) = paths.causes[0]
    persons, cause = counts.groups[group], counts.causes[place]
    time, findings, rows = persons.time[paths.at], paths.findings, []
    events = float(persons.events[place].sum())
    mass, cells = counts.mass(group), counts.cells[group]
    for share in shares:
        early, late = (
            reached(time, one, share, False, _turning(interval, end)) for one, end in ((high, "first"), (low, "last"))
        )
        numbers = [reached(time, left, share, plateau=False), early, late]
        rows.append({**_row(counts, group, f"quantile {share:g}", numbers, events), "cause": cause})
        if np.isnan(numbers[0]):
            findings += note("quantile_cause_not_reached", group=group, cause=cause, percent=100 * share)
        error = conditional_error(cells, mass, incidence_influence(mass, place), share)[paths.at]
        numbers = _conditional(time, left, share, paths.how.z * error)
        rows.append({**_row(counts, group, f"conditional quantile {share:g}", numbers, events), "cause": cause})
    return rows, findings, paths.names[0]


def _conditional(time: Floats, left: Floats, share: float, reach: Floats) -> list[float]:
    """Estimate and limits among those who have left in the end: where the curve less a share of its end is 0."""
    if not left[-1] > 0:
        return [float("nan")] * 3
    over = left - share * left[-1]
    low, high = reached(time, over + reach, 0.0, False, "first"), reached(time, over - reach, 0.0, False, "last")
    return [reached(time, over, 0.0, plateau=False), low, high]


def _turning(interval: str | None, end: str) -> str:
    """Limits that turn back: the widest reading, but as R where the interval was named."""
    return end if interval is None else "nearest"


def _row(counts: RiskTable, group: str, measure: str, numbers: list[float], events: float) -> dict[str, Any]:
    """``numbers`` are the estimate and its limits; a limit on the wrong side comes from times at which no limits could
    be given, and is not known."""
    estimate, low, high = numbers
    return {
        "group": group,
        "measure": measure,
        "estimate": estimate,
        "conf_low": float("nan") if low > estimate else low,
        "conf_high": float("nan") if high < estimate else high,
        "at_risk": float(counts.persons(group)),
        "events": events,
    }
