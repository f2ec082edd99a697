"""From days to a grid of months whose every step holds enough people.

A curve at full precision gives back the day of nearly every exit. On months, with no step of fewer than k exits for any
cause, and none of fewer than k censorings or entries, no single person can be placed.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from navoutcomes.errors import DesignProblem, DisclosureRefused
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import CENSORED, Cells
from navoutcomes.notes import Note, note
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.steps import Mask, Who, gathered_anew, pooled_entries, pooled_exits

DAYS_A_MONTH = 30.4375
DAYS_A_UNIT = {"days": 1.0, "weeks": 7.0, "months": DAYS_A_MONTH, "years": 12 * DAYS_A_MONTH}


def months_of(times: Floats, unit: str) -> Indices:
    """Months, rounded up: day 1-30 is month 1, day 365 is month 12; time 0 belongs to month 1.

    Raises: ``DesignProblem`` for a unit that is not days, weeks, months or years.
    """
    if unit not in DAYS_A_UNIT:
        raise DesignProblem("unit_unknown", asked=unit, known=tuple(DAYS_A_UNIT))
    months = np.ceil(np.asarray(times, dtype=float) * DAYS_A_UNIT[unit] / DAYS_A_MONTH - 1e-9)
    return np.maximum(months, 1).astype(np.int64)


def day_of(time: float, unit: str) -> float:
    """A time among the months, for counts up to it: the month itself where no whole day of it comes after."""
    days, month = time * DAYS_A_UNIT[unit], int(months_of(np.array([time]), unit)[0])
    return float(month) if math.floor(month * DAYS_A_MONTH) <= days else days / DAYS_A_MONTH


def on_months(counts: RiskTable) -> RiskTable:
    """The same people on a grid of whole months; nothing merged yet."""
    if counts.protected:
        return counts
    grid = next(iter(counts.cells.values())).time
    month = months_of(grid, counts.unit)
    last = int(month.max())
    moved = {name: cells.moved(np.arange(0.0, last + 1), month) for name, cells in counts.cells.items()}
    strata = {
        layer: {name: cells.moved(np.arange(0.0, last + 1), month) for name, cells in groups.items()}
        for layer, groups in counts.strata.items()
    }
    unit = DAYS_A_UNIT[counts.unit] / DAYS_A_MONTH
    return replace(counts, cells=moved, strata=strata, unit="months", months_per_unit=unit)


def protected_table(counts: RiskTable, policy: DisclosurePolicy) -> RiskTable:
    """Counts on months in which every number of exits, for each cause and group, is 0 or at least the limit.

    An exit is counted in the month in which the limit of its cause and group is reached, the last few with the step
    before them; so no curve is ever more than k - 1 persons from the exact one. Groups of fewer than four times the
    limit are left out. Follow-up is cut where too few are left. Raises ``DisclosureRefused`` when no group is left, or
    a cause has too few exits to be shown at all.
    """
    monthly = on_months(counts)
    kept = {name: one for name, one in monthly.cells.items() if monthly.persons(name) >= policy.smallest_curve}
    if not kept:
        few = {"fewest": policy.smallest_curve, "threshold": policy.threshold, "groups": len(monthly.cells)}
        raise DisclosureRefused("curve_of_few", **few)
    decisions: list[Note] = []
    if len(kept) < len(monthly.cells):
        gone = len(monthly.cells) - len(kept)
        decisions.append(note("groups_left_out", count=gone, fewest=policy.smallest_curve))
    table = replace(monthly, cells=kept, strata={})
    last = _cut(table, policy)
    if last < monthly_length(table):
        decisions.append(note("curve_cut", month=last))
    if table.delayed:
        decisions.append(note("entries_pooled", threshold=policy.threshold))
    ended = replace(table, cells={name: _ended(one, last) for name, one in kept.items()})
    bound = max((policy.threshold - 1) / ended.persons(name) for name in kept)
    decisions.insert(0, note("months_merged", threshold=policy.threshold, points=math.ceil(1000 * bound) / 10))
    cells = {name: _coarse(ended, name, policy) for name in kept}
    safe = replace(table, cells=cells, protected=True, protection=tuple(decisions))
    if any(_thin(safe, name, policy) for name in kept):
        raise DisclosureRefused("steps_of_few", threshold=policy.threshold)
    return safe


def monthly_length(table: RiskTable) -> int:
    """Last month in which somebody leaves."""
    return max(int(np.flatnonzero(one.exits)[-1]) for one in table.groups.values())


def _ended(cells: Cells, last: int) -> Cells:
    """Follow-up cut after a month: who is left then is still followed, and who came in later was never there."""
    late = cells.exit > last
    cut = replace(cells, exit=np.minimum(cells.exit, last), cause=np.where(late, CENSORED, cells.cause))
    return gathered_anew(cut, cells.entry < last)


def _cut(table: RiskTable, policy: DisclosurePolicy) -> int:
    """Latest month at which nothing small has to be shown: every cause, and those still followed, 0 or enough."""
    longest = monthly_length(table)
    for last in range(longest, longest // 2, -1):
        ended = replace(table, cells={name: _ended(cells, last) for name, cells in table.cells.items()})
        if all(_enough(ended, name, policy) for name in ended.groups):
            return last
    for name, counts in table.groups.items():
        for cause, events in zip(table.causes, counts.events, strict=True):
            if 0 < events.sum() < policy.threshold:
                raise DisclosureRefused("cause_of_few", cause=cause, group=name, threshold=policy.threshold)
    raise DisclosureRefused("steps_of_few", threshold=policy.threshold)


def _enough(ended: RiskTable, group: str, policy: DisclosurePolicy) -> bool:
    cells = ended.cells[group]
    totals = [_who(ended, cells, cells.cause == cause).number for cause in range(CENSORED, cells.causes)]
    small = any(0 < total < policy.threshold for total in totals)
    return not small and ended.persons(group) >= policy.smallest_curve


def _who(table: RiskTable, cells: Cells, chosen: Mask) -> Who:
    """Some of a group's persons: rows are persons unless a person may have several."""
    person = np.asarray(cells.cluster)[chosen] if table.clustered == "person" else None
    return Who(cells.persons[chosen], person)


def _coarse(table: RiskTable, group: str, policy: DisclosurePolicy) -> Cells:
    """Exits of each cause, and the censored, moved to the month in which the limit is reached; entries to earlier ones.

    Only entries move to earlier times, so that nobody leaves before coming in.
    """
    cells = table.cells[group]
    leave = cells.exit.copy()
    for cause in range(CENSORED, cells.causes):
        chosen = cells.cause == cause
        leave[chosen] = pooled_exits(leave[chosen], _who(table, cells, chosen), policy.threshold)
    enter = np.minimum(cells.entry, leave - 1)
    if cells.delayed:
        enter = pooled_entries(enter, _who(table, cells, np.ones(len(enter), dtype=bool)), policy.threshold)
    return gathered_anew(replace(cells, exit=leave, entry=enter))


def _thin(safe: RiskTable, group: str, policy: DisclosurePolicy) -> bool:
    """Whether so few are under observation in some month, between those who have left and those yet to come."""
    counts = safe.groups[group]
    return safe.delayed and any(0 < number < policy.threshold for number in counts.at_risk)
