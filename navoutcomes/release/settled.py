"""A result made to say no more than was decided: cells emptied, curves estimated again from fewer steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from navoutcomes.errors import DesignProblem, DisclosureRefused
from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.result import lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.estimate.shares import Shares
from navoutcomes.maths.counting import CENSORED as NO_ENDING
from navoutcomes.maths.counting import Cells
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.release.across import Verdict
from navoutcomes.release.facts import ALWAYS, CENSORED, EVERY, Stated, office_of
from navoutcomes.release.models import FEWEST_OFFICES
from navoutcomes.release.steps import gathered_anew

R = TypeVar("R")
# Later than any month.
MANY = 10**6
GONE = ("estimate", "std_error", "conf_low", "conf_high", "events")


def settled(result: R, verdicts: Sequence[Verdict], threshold: int) -> tuple[R, tuple[Note, ...]]:
    """The result after the verdicts, and what was done; nothing done is no note."""
    notes: list[Note] = []
    safe: Any = result
    for one in verdicts:
        facts = {"beside": one.beside, "threshold": threshold}
        if one.hidden and isinstance(safe, OfficeComparison):
            hidden = {office_of(count.group) for count in one.stated.counts if count.hidden}
            safe = _offices_left(safe, hidden, threshold)
            notes.append(note("offices_hidden", count=len(hidden), threshold=threshold))
            continue
        if one.hidden and one.beside:
            notes.append(note("cells_hidden_beside", hidden=one.hidden, **facts))
        elif one.hidden:
            notes.append(note("cells_hidden_in_sums", hidden=one.hidden, threshold=threshold))
        if one.hidden:
            safe = _emptied(safe, one.stated)
        if one.steps:
            safe = _estimated_again(safe, one.stated, threshold)
            notes.append(note("steps_fewer_beside", steps=one.steps, **facts))
            notes += [note("curve_cut", month=int(one.stated.cut))] if one.stated.cut < ALWAYS else []
        notes += [warning("tables_contradict", beside=one.against)] if one.against else []
        notes += [warning("close_to_earlier", report=report, threshold=threshold) for report in one.close]
    return safe, tuple(notes)


def told_again(decisions: Log, result: Any) -> Log:
    """Decisions with the bound that holds now; offices left out are counted together."""
    if isinstance(result, OfficeComparison):
        return Log(tuple(one for one in decisions if one.key not in ("offices_hidden", "nothing_hidden")))
    table = result if isinstance(result, RiskTable) else getattr(result, "counts", None)
    if not isinstance(table, RiskTable):
        return decisions
    now = {one.key: one for one in table.protection}
    return Log(tuple(now.get(one.key, one) if one.key == "months_merged" else one for one in decisions))


def _emptied(result: Shares | GroupTest, stated: Stated) -> Shares | GroupTest:
    hidden = {(one.group, one.ending) for one in stated.counts if one.hidden}
    table = result.table
    rows = lines(table)
    groups = [row.group if stated.groups else EVERY for row in rows]
    sizes = np.array([(group, EVERY) in hidden for group in groups])
    if isinstance(result, GroupTest):
        events = np.array([any(group == one and ending for one, ending in hidden) for group in groups])
    else:
        events = np.array([(group, row.cause) in hidden for group, row in zip(groups, rows, strict=True)])
    table.loc[events, [name for name in GONE if name in table]] = np.nan
    table.loc[sizes, "at_risk"] = np.nan
    return replace(result, _table=table)


def _offices_left(result: OfficeComparison, hidden: set[str], threshold: int) -> OfficeComparison:
    left = result.table[~result.table["group"].isin(hidden)].reset_index(drop=True)
    if left["group"].nunique() < FEWEST_OFFICES:
        raise DisclosureRefused("offices_of_few", count=len(hidden), threshold=threshold)
    return replace(result, _table=left)


def _estimated_again(result: Any, stated: Stated, threshold: int) -> Any:
    if isinstance(result, RiskTable):
        return coarser(result, stated, threshold)
    try:
        return result.again(coarser(result.counts, stated, threshold))
    except DesignProblem:
        # What was asked for lies after the month at which the curve must end.
        problem = DisclosureRefused("time_not_shown", month=int(min(stated.cut, MANY)), threshold=threshold)
    raise problem


def coarser(table: RiskTable, stated: Stated, threshold: int) -> RiskTable:
    """A protected table with only the steps that are stated; the rest of a group's endings come at its last step."""
    cells = {}
    for group, own in table.cells.items():
        ended = _ended(own, int(min(stated.cut, MANY)))
        leave = ended.exit.copy()
        name = group if stated.groups else EVERY
        for cause in range(NO_ENDING, ended.causes):
            chosen = ended.cause == cause
            if not chosen.any():
                continue
            ending = CENSORED if cause == NO_ENDING else table.causes[cause]
            last = int(leave[chosen].max())
            kept = {int(one.month) for one in stated.steps if (one.group, one.ending) == (name, ending)}
            ends = np.array([*sorted(month for month in kept if month < last), last])
            leave[chosen] = ends[np.searchsorted(ends, leave[chosen])]
        cells[group] = gathered_anew(replace(ended, exit=leave))
    made = replace(table, cells=cells)
    bound = max((_lag(table, made, group, stated.cut) + threshold - 1) / made.persons(group) for group in cells)
    points = math.ceil(1000 * bound) / 10
    protection = tuple(
        replace(one, facts=tuple((name, points if name == "points" else value) for name, value in one.facts))
        for one in table.protection
    )
    return replace(made, protection=protection)


def _lag(before: RiskTable, after: RiskTable, group: str, cut: float) -> float:
    """The most persons whose ending is shown later than it was, in any month."""
    old, new = before.groups[group], after.groups[group]
    late = np.cumsum(old.events, axis=1) - np.cumsum(new.on(old.time).events, axis=1)
    return float(late[:, old.time <= cut].max(initial=0.0))


def _ended(cells: Cells, month: int) -> Cells:
    """Followed until a month and no longer; who came later was never there."""
    late = cells.exit > month
    cut = replace(cells, exit=np.minimum(cells.exit, month), cause=np.where(late, NO_ENDING, cells.cause))
    return gathered_anew(cut, cut.entry < cut.exit)
