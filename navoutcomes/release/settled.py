"""A result made to say no more than was decided: cells emptied, curves estimated again from fewer steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.result import lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.estimate.shares import Shares
from navoutcomes.maths.counting import CENSORED as NO_ENDING
from navoutcomes.maths.counting import Cells
from navoutcomes.notes import Note, note, warning
from navoutcomes.release.across import Verdict
from navoutcomes.release.facts import CENSORED, EVERY, Stated
from navoutcomes.release.steps import gathered_anew

R = TypeVar("R")
GONE = ("estimate", "std_error", "conf_low", "conf_high", "events")


def settled(result: R, verdicts: Sequence[Verdict], threshold: int) -> tuple[R, tuple[Note, ...]]:
    """The result after the verdicts, and what was done; nothing done is no note."""
    notes: list[Note] = []
    safe: Any = result
    for one in verdicts:
        facts = {"beside": one.beside, "threshold": threshold}
        if one.hidden and one.beside:
            notes.append(note("cells_hidden_beside", hidden=one.hidden, **facts))
        elif one.hidden:
            notes.append(note("cells_hidden_in_sums", hidden=one.hidden, threshold=threshold))
        if one.hidden:
            safe = _emptied(safe, one.stated)
        if one.steps:
            safe = _estimated_again(safe, one.stated)
            notes.append(note("steps_fewer_beside", steps=one.steps, **facts))
        notes += [warning("close_to_earlier", report=report, threshold=threshold) for report in one.close]
    return safe, tuple(notes)


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


def _estimated_again(result: Any, stated: Stated) -> Any:
    if isinstance(result, RiskTable):
        return coarser(result, stated)
    return result.again(coarser(result.counts, stated))


def coarser(table: RiskTable, stated: Stated) -> RiskTable:
    """A protected table with only the steps that are stated; the rest of a group's endings come at its last step."""
    cells = {}
    for group, own in table.cells.items():
        leave = own.exit.copy()
        name = group if stated.groups else EVERY
        for cause in range(NO_ENDING, own.causes):
            chosen = own.cause == cause
            if not chosen.any():
                continue
            ending = CENSORED if cause == NO_ENDING else table.causes[cause]
            last = int(leave[chosen].max())
            kept = {int(one.month) for one in stated.steps if (one.group, one.ending) == (name, ending)}
            ends = np.array([*sorted(month for month in kept if month < last), last])
            leave[chosen] = ends[np.searchsorted(ends, leave[chosen])]
        cells[group] = gathered_anew(replace(own, exit=leave))
    points = math.ceil(1000 * max(_bound(one, table.persons(group)) for group, one in cells.items())) / 10
    protection = tuple(
        replace(one, facts=tuple((name, points if name == "points" else value) for name, value in one.facts))
        for one in table.protection
    )
    return replace(table, cells=cells, protection=protection)


def _bound(cells: Cells, persons: int) -> float:
    """How far a curve can be from the exact one: all but one of its largest step."""
    steps = [
        cells.persons[(cells.cause == cause) & (cells.exit == month)].sum()
        for cause in range(cells.causes)
        for month in np.unique(cells.exit[cells.cause == cause])
    ]
    return (max(steps, default=1.0) - 1) / persons
