"""Those who wait for a step: where they may really be, and how far that could move a comparison.

In a protected table k - 1 persons of each step may have left earlier, from the month after the step before, and of the
last step as many as it holds above k may have left later. That is known from the rule, not from the persons; so a
comparison is made of the shown table and of those in which everybody waiting is moved to one end, and its interval is
as wide as all of theirs together. Not every table between the ends is tried, so an exact limit may
once in a while lie a little outside (8 of 511 small studies), but none was surer than the exact one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import CENSORED, Cells
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.steps import gathered_anew

EARLY, LATE = -1, 1
KEYS = ("group", "cause", "term", "measure", "time")
# Within a month days are even: three of their standard deviations, in months.
WITHIN = 3 / np.sqrt(12)


Months = tuple[int, ...]


def alternatives(
    safe: RiskTable, base: str, own: int | None, policy: DisclosurePolicy, inside: Months = ()
) -> Iterator[RiskTable]:
    """Tables with those waiting at one end: of the base and of the others, of one ending (None: all) and of the rest.

    Arguments: ``inside`` months within which a time was asked about: who left in them may have left after it.
    The same months as the protected table, and one more for who left after it.
    """
    grid = np.arange(0.0, len(next(iter(safe.cells.values())).time) + 1)
    later = list(product((False, True), repeat=2)) if inside else [(False, False)]
    for ends, after in product(product((EARLY, LATE), repeat=4), later):
        side = {True: (ends[:2], after[0]), False: (ends[2:], after[1])}
        cells = {}
        for name, one in safe.cells.items():
            way, postponed = side[name == base]
            moved = _moved(replace(one, time=grid), way, own, policy.threshold)
            cells[name] = _postponed(moved, inside) if postponed else moved
        yield replace(safe, cells=cells)


def _postponed(cells: Cells, inside: Months) -> Cells:
    """Exits of some months in the month after."""
    leave = np.where(np.isin(cells.exit, inside), np.minimum(cells.exit + 1, len(cells.time) - 1), cells.exit)
    return gathered_anew(replace(cells, exit=leave))


def _moved(cells: Cells, ends: tuple[int, ...], own: int | None, threshold: int) -> Cells:
    for cause in range(CENSORED, cells.causes):
        mine = cause >= 0 if own is None else cause == own
        cells = _ending_moved(cells, cause, ends[0] if mine else ends[1], threshold)
    return gathered_anew(cells)


def _ending_moved(cells: Cells, cause: int, end: int, threshold: int) -> Cells:
    """One ending's waiting persons at one end of their months."""
    steps = np.unique(cells.exit[cells.cause == cause])
    if not len(steps):
        return cells
    if end == LATE:
        here = (cells.cause == cause) & (cells.exit == steps[-1])
        above = float(cells.persons[here].sum()) - threshold
        return _some(cells, here, min(threshold - 1.0, above), len(cells.time) - 1)
    for place, step in enumerate(steps):
        first = int(steps[place - 1]) + 1 if place else 1
        here = (cells.cause == cause) & (cells.exit == step) & (cells.entry < first)
        cells = _some(cells, here, threshold - 1.0, first)
    return cells


def _some(cells: Cells, here: np.ndarray, number: float, month: int) -> Cells:
    """A number of persons of some rows in another month; the last row is parted where need be."""
    rows: Indices = np.flatnonzero(here)
    if not len(rows) or number <= 0:
        return cells
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
