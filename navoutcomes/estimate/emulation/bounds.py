"""Between which limits does the answer lie, whatever happened to those nobody knows of?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import door
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.emulation.missing_outcomes import Known, outcomes
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.sensitivity import completed_differences
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log, note, warning

WIDE = 0.2


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Bounds(Result):
    """Lowest and highest possible shares and differences: a row each. ``conf_low`` of the lowest and ``conf_high`` of
    the highest add what other people would have done; ``missing`` is how many are not known, ``known`` by group
    how many had the outcome, had not, and are not known."""

    missing: int
    known: tuple[Known, ...] = ()


@door
def bounds(
    people: FollowUp | CountedPeople,
    by: str | None = None,
    at: float | None = None,
    cause: str | None = None,
    missing: str = "missing",
    reference: str | None = None,
    level: float = 0.95,
) -> Bounds:
    """How low and how high can the share, and the difference between two groups, be, whatever became of those who are
    not known?

    Arguments: ``by`` a column (counts bring their groups); ``at`` a time in the follow-up's unit: who is censored
    before it is not known (None: the protocol's); ``cause`` an ending (None: the outcome); ``missing`` the ending that
    means "not known", for counts; ``reference`` the group compared with, for two groups (None: the protocol's);
    ``level`` 0-1.
    Shapes: ``table`` has two rows a group (lowest, highest share) and two for the difference.
    Raises: ``DesignProblem`` as ``two_by_two``; for weights and delayed entry.
    Assumes: nothing about those who are not known. Intervals are Wilson's and Newcombe's at the two ends.
    Reference: Manski 1990; Horowitz & Manski 2000.
    """
    check_level(level)
    known = outcomes(people, by, cause, at, missing)
    z, rows = critical(level), []
    for group, (had, others, unknown) in known.groups.items():
        total = had + others + unknown
        for measure, events in (("lowest share", had), ("highest share", had + unknown)):
            low, high = wilson(events, total, z)
            rows.append(_row(group, known.cause, measure, known.time, events / total, (low, high), total, events))
    base = None
    if len(known.groups) == 2:
        group, base = known.pair(reference)
        rows += _difference(group, base, known.groups, known.cause, known.time, z)
    findings = Log((note("bounds_missing", count=known.missing, total=sum(map(sum, known.groups.values()))),))
    widest = max(unknown / max(sum(one), 1) for one in known.groups.values() for unknown in one[2:])
    if widest > WIDE:
        findings += warning("bounds_wide", percent=round(100 * widest))
    return Bounds(
        level=level,
        unit=known.unit,
        origin=known.origin,
        method=(note("method_bounds"),),
        findings=findings,
        reference=base,
        randomised=known.randomised,
        missing=known.missing,
        known=tuple(known.groups.values()),
        _table=tidy(pd.DataFrame(rows)),
    )


def _difference(
    group: str, base: str, groups: dict[str, Known], cause: str, time: float, z: float
) -> list[dict[str, object]]:
    difference, low, high = completed_differences(groups[group], groups[base], z)
    total, had = sum(groups[group]), groups[group][0]
    first, last = (0, -1), (-1, 0)
    limits = {
        "lowest risk difference": (difference[first], (low[first], high[first]), had),
        "highest risk difference": (difference[last], (low[last], high[last]), had + groups[group][2]),
    }
    return [
        _row(group, cause, measure, time, float(value), (float(ends[0]), float(ends[1])), total, events)
        for measure, (value, ends, events) in limits.items()
    ]


def _row(
    group: str, cause: str, measure: str, time: float, value: float, ends: tuple[float, float], total: int, events: int
) -> dict[str, object]:
    row = {
        "group": group,
        "cause": cause,
        "measure": measure,
        "estimate": value,
        "conf_low": ends[0],
        "conf_high": ends[1],
        "at_risk": float(total),
        "events": float(events),
    }
    return row if np.isnan(time) else {**row, "time": time}
