"""Those who wait for a step: where they may really be, and how far that could move a comparison.

In a protected table k - 1 persons of each step may have left earlier, from the month after the step before, and of the
last step as many as it holds above k may have left later; within a month, some are lost before others end. That is
known from the rule, not from the persons; so a comparison is made of the shown table and of those in which everybody
waiting is at one end, and its interval is as wide as all of theirs together. The ends are those of a share, not every
table between them. Of weighted persons the heaviest rows wait; who in an office waits is not tried, and a note says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import CENSORED, Cells
from navoutcomes.notes import Note, note
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.steps import gathered_anew

EARLY, LATE, UNTIL, AWAY = range(4)
KEYS = ("group", "cause", "term", "measure", "time")
# Within a month days are even: three of their standard deviations, in months.
WITHIN = 3 / np.sqrt(12)


Months = tuple[int, ...]


def alternatives(
    safe: RiskTable, base: str, own: int | None, policy: DisclosurePolicy, months: Months = (), inside: Months = ()
) -> Iterator[RiskTable]:
    """Tables with those waiting at one end: the base's share lowest and the others' highest, and the other way round.

    A share by a month is highest where its own endings come as late as they may until then (and so inherit most from
    the censored), and the other endings and the censored as early as they may; lowest where its own come after the
    month or else early, and all others late. Its error needs both ends of the censored, in the base and in the others.
    Arguments: ``own`` the ending asked about (None: all); ``months`` asked about (none: the last); ``inside`` those of
    them of which a time within was asked: who left in them may have left after it. The same months as the protected
    table, and one more for who left after it.
    """
    grid = np.arange(0.0, len(next(iter(safe.cells.values())).time) + 1)
    lost = [
        any((one.cause == CENSORED).any() for name, one in safe.cells.items() if (name == base) == mine)
        for mine in (True, False)
    ]
    ends = [(EARLY, LATE) if some else (LATE,) for some in lost]
    for month, high, *gone in product(dict.fromkeys(months) or (len(grid) - 2,), (True, False), *ends):
        cells = {}
        for name, one in safe.cells.items():
            asked = _Asked(own, month, high != (name == base), gone[name != base], inside)
            cells[name] = _moved(replace(one, time=grid), asked, policy.threshold)
        yield replace(safe, cells=cells)


@dataclass(frozen=True)
class _Asked:
    """One end of a group: whether the share of ``own`` by ``month`` is highest, and where the censored are."""

    own: int | None
    month: int
    high: bool
    lost: int
    inside: Months

    def end(self, cause: int) -> int:
        if cause == CENSORED:
            return self.lost
        if self.own in (None, cause):
            return UNTIL if self.high else AWAY
        return EARLY if self.high else LATE


def _moved(cells: Cells, asked: _Asked, threshold: int) -> Cells:
    for cause in range(CENSORED, cells.causes):
        steps, end = np.unique(cells.exit[cells.cause == cause]), asked.end(cause)
        if not len(steps):
            continue
        held = float(cells.persons[_still(cells, cause, steps[-1])].sum())
        above = min(threshold - 1.0, held - threshold)
        cells = _ending_moved(cells, cause, steps, asked, threshold)
        if end in (LATE, AWAY):
            cells = _some(cells, _still(cells, cause, steps[-1]), above, len(cells.time) - 1)
            leave, here = cells.exit.copy(), (cells.cause == cause) & np.isin(cells.exit, asked.inside)
            leave[here] = np.minimum(leave[here] + 1, len(cells.time) - 1)
            cells = replace(cells, exit=leave)
        elif end == UNTIL and steps[-1] < asked.month:
            cells = _some(cells, _still(cells, cause, steps[-1]), above, asked.month)
        elif cause == CENSORED:
            cells = _before_others(cells, steps, max(1.0, held - 2 * threshold + 1))
    return gathered_anew(cells)


def _ending_moved(cells: Cells, cause: int, steps: Indices, asked: _Asked, threshold: int) -> Cells:
    """One ending's waiting persons at one end of their months, between the step before and their own."""
    end = asked.end(cause)
    for place, step in enumerate(steps):
        first = int(steps[place - 1]) + 1 if place else 1
        here = _still(cells, cause, step) & (cells.entry < first)
        if end == EARLY or (end == AWAY and step <= asked.month and step not in asked.inside):
            cells = _some(cells, here, threshold - 1.0, first)
        elif end == UNTIL and first <= asked.month < step:
            cells = _some(cells, here, threshold - 1.0, asked.month)
    return cells


def _before_others(cells: Cells, steps: Indices, staying: float) -> Cells:
    """Within a month some are lost before others end. In the last one somebody is followed to the end of it; where many
    are lost in it, it is where follow-up ends, and all stay but about twice the limit."""
    lost = cells.cause == CENSORED
    last = lost & (cells.exit == steps[-1])
    cells = _some(cells, last, float(cells.persons[last].sum()) - staying, int(steps[-1]) - 1)
    lost = cells.cause == CENSORED
    leave, here = cells.exit.copy(), lost & (cells.exit < steps[-1])
    leave[here] = np.maximum(leave[here] - 1, np.maximum(cells.entry[here] + 1, 0))
    return replace(cells, exit=leave)


def _still(cells: Cells, cause: int, step: int) -> np.ndarray:
    found: np.ndarray = (cells.cause == cause) & (cells.exit == step)
    return found


def _some(cells: Cells, here: np.ndarray, number: float, month: int) -> Cells:
    """A number of persons of some rows in another month, those who weigh most first; the last row is parted."""
    rows: Indices = np.flatnonzero(here)
    if not len(rows) or number <= 0:
        return cells
    rows = rows[np.argsort(-cells.weight[rows] / cells.persons[rows], kind="stable")]
    before = np.cumsum(cells.persons[rows]) - cells.persons[rows]
    part = np.clip((number - before) / cells.persons[rows], 0.0, 1.0)
    rows, part = rows[part > 0], part[part > 0]
    share = np.ones(len(cells.persons))
    share[rows] = 1 - part

    def both(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values * share, values[rows] * part])

    def twice(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values, values[rows]])

    made = replace(
        cells,
        exit=np.concatenate([cells.exit, np.full(len(rows), month)]),
        cause=twice(cells.cause),
        entry=twice(cells.entry),
        cluster=None if cells.cluster is None else twice(cells.cluster),
        persons=both(cells.persons),
        weight=both(cells.weight),
        weight_squared=both(cells.weight_squared),
    )
    return gathered_anew(made, made.persons > 1e-9)


def months_inside(safe: RiskTable, times: tuple[float, ...]) -> Months:
    """The months of times, on the follow-up's own clock, that are not their month's end.

    A time is its month's end where no whole unit of time lies between the two.
    """
    per = safe.months_per_unit or 1.0
    months = safe.clock(times)
    within = np.floor(times) + 1 <= months / per + 1e-9
    return tuple(int(one) for one in months[within])


def months_asked(table: pd.DataFrame) -> Months:
    """The months a protected table answers at."""
    found = table["time"].dropna().unique() if "time" in table else ()
    return tuple(int(one) for one in np.ceil(np.asarray(found, dtype=float) - 1e-9) if one > 0)


def reach_told(safe: RiskTable, policy: DisclosurePolicy) -> tuple[Note, ...]:
    """What a reader is told of a wider interval."""
    about = safe.weighted or safe.clustered != "none"
    return (note("comparison_widened", waiting=policy.threshold - 1), *([note("comparison_widened_about")] * about))


def widened(shown: pd.DataFrame, found: list[pd.DataFrame], within: float | Floats = 0.0) -> pd.DataFrame:
    """The shown estimates with limits as wide as all found; none where one has none. ``within`` is added on each side.

    Rows are matched by their words and, in order, by their times.
    """
    shown = shown.drop(columns=[name for name in ("std_error", "statistic") if name in shown]).reset_index(drop=True)
    low = np.array([one["conf_low"].to_numpy(dtype=float) for one in (shown, *found)])
    high = np.array([one["conf_high"].to_numpy(dtype=float) for one in (shown, *found)])
    least, most = low.min(axis=0), high.max(axis=0)
    # Of one over a difference: limits on both sides of nothing enclose everything.
    turned = (shown["measure"] == "number needed to treat").to_numpy() & (least < 0) & (most > 0)
    shown["conf_low"] = np.where(turned, np.nan, least) - within
    shown["conf_high"] = np.where(turned, np.nan, most) + within
    return shown


def enclosed(
    ask: Callable[[RiskTable], pd.DataFrame], shown: pd.DataFrame, tables: Iterator[RiskTable]
) -> list[pd.DataFrame]:
    """What is found of each table; one that cannot be answered has no limits."""
    found = []
    for one in tables:
        try:
            found.append(ask(one))
        except DesignProblem:
            found.append(shown.assign(conf_low=np.nan, conf_high=np.nan))
    return found
