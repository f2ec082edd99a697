"""The gate where people become counts: who enters, who leaves, why and when, on a grid of distinct times.

Everything not parametric is a function of these sums, so it costs the same however many people there are, and the
counts of two groups of people added are the counts of both together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.grid import reconcile

CENSORED = -1
FROM_START = -1


@dataclass(frozen=True)
class Counts:
    """Sums over people on a grid. ``a + b`` is the counts of both groups of people.

    Shapes: time (G,) increasing; entered (G,) who come under observation at this time (at risk just after it);
    events (K, G) exits for each cause; censored (G,) exits without an ending.
    """

    time: Floats
    entered: Floats
    events: Floats
    censored: Floats

    @cached_property
    def at_risk(self) -> Floats:
        """Who is at risk at each time, entry < t <= time. Shape (G,)."""
        leave = self.exits
        return np.cumsum((leave - self.entered)[::-1])[::-1]

    @cached_property
    def exits(self) -> Floats:
        """Who leaves at each time, with or without an ending. Shape (G,)."""
        return self.events.sum(axis=0) + self.censored

    @cached_property
    def all_events(self) -> Floats:
        """Endings of any cause. Shape (G,)."""
        return self.events.sum(axis=0)

    def on(self, grid: Floats) -> Counts:
        """The same counts on a finer grid that holds every time of this one."""
        at = np.searchsorted(grid, self.time)
        entered, censored = np.zeros(len(grid)), np.zeros(len(grid))
        events = np.zeros((len(self.events), len(grid)))
        entered[at], censored[at], events[:, at] = self.entered, self.censored, self.events
        return Counts(grid, entered, events, censored)

    def __add__(self, other: Counts) -> Counts:
        if len(self.events) != len(other.events):
            raise ValueError("counts of different causes cannot be added")
        if self.time is other.time:
            return Counts(
                self.time,
                self.entered + other.entered,
                self.events + other.events,
                self.censored + other.censored,
            )
        grid = self.time if np.array_equal(self.time, other.time) else np.union1d(self.time, other.time)
        a, b = self.on(grid), other.on(grid)
        return Counts(grid, a.entered + b.entered, a.events + b.events, a.censored + b.censored)


@dataclass(frozen=True)
class Cells:
    """People who share entry, exit, cause and cluster, kept together: what counts and robust variances are made of.

    Shapes: time (G,); entry, exit, cause, persons, weight, weight_squared (M,), cluster (M,) or None.
    ``entry`` and ``exit`` are positions on the grid, entry -1 means under observation from the start; ``cause`` -1
    means censored; ``weight`` and ``weight_squared`` are sums over the persons of the cell.
    """

    time: Floats
    entry: Indices
    exit: Indices
    cause: Indices
    persons: Floats
    weight: Floats
    weight_squared: Floats
    cluster: Indices | None
    causes: int

    @property
    def delayed(self) -> bool:
        return bool(np.any(self.entry != FROM_START))

    def moved(self, grid: Floats, place: Indices) -> Cells:
        """Every time moved to ``grid[place]``: how a curve is coarsened before it is estimated again.

        Shapes: place (G,), or (K + 1, G) with a row a cause and the last for the censored; entries move by that one.
        Who enters and leaves within one place would have no time at risk; such an entry counts as one place earlier.
        """
        by_cause = np.atleast_2d(place)
        entry = np.where(self.entry == FROM_START, FROM_START, by_cause[-1][self.entry])
        leave = by_cause[self.cause if len(by_cause) > 1 else 0, self.exit]
        return replace(self, time=grid, entry=np.minimum(entry, leave - 1), exit=leave)


def gather(
    time: ArrayLike,
    cause: ArrayLike,
    causes: int,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    grid: Floats | None = None,
) -> Cells:
    """Gather rows of people into cells.

    Arguments: ``time`` (n,) exit; ``cause`` (n,) 0..causes-1, or -1 for censored; ``entry`` (n,) or None, not a number
    for those under observation from the start; ``weight`` (n,) or None (1 each); ``cluster`` (n,) codes 0.. or None;
    ``grid`` a common grid of several groups, which must hold every time, or None.
    Shapes: see ``Cells``. Assumes: checked one floor up (finite, entry < time, weight >= 0).
    """
    time = np.asarray(time, dtype=float)
    cause = np.asarray(cause, dtype=np.int64)
    begin = np.full(len(time), np.nan) if entry is None else np.asarray(entry, dtype=float)
    late = ~np.isnan(begin)
    if grid is None:
        grid, (leave, entered) = reconcile(time, begin[late])
    else:
        leave, entered = nearest(grid, time), nearest(grid, begin[late])
    enter = np.full(len(time), FROM_START)
    enter[late] = entered
    unit = np.ones(len(time)) if weight is None else np.asarray(weight, dtype=float)
    group = None if cluster is None else np.asarray(cluster, dtype=np.int64)

    key = leave * (causes + 1) + cause + 1
    if late.any():
        key = key * (len(grid) + 1) + enter + 1
    if group is not None:
        key = key * (int(group.max(initial=0)) + 1) + group
    first, place = _distinct(key)
    return Cells(
        time=grid,
        entry=enter[first],
        exit=leave[first],
        cause=cause[first],
        persons=np.bincount(place, minlength=len(first)).astype(float),
        weight=np.bincount(place, unit, minlength=len(first)).astype(float),
        weight_squared=np.bincount(place, unit * unit, minlength=len(first)).astype(float),
        cluster=None if group is None else group[first],
        causes=causes,
    )


def tally(cells: Cells, weighted: bool = False) -> Counts:
    """Cells to counts: of persons, or with ``weighted`` of their weights."""
    grid, size = cells.time, len(cells.time)
    mass = cells.weight if weighted else cells.persons
    ended = cells.cause >= 0
    place = cells.cause[ended] * size + cells.exit[ended]
    events = np.bincount(place, mass[ended], minlength=cells.causes * size)
    late = cells.entry != FROM_START
    return Counts(
        time=grid,
        entered=np.bincount(cells.entry[late], mass[late], minlength=size).astype(float),
        events=events.reshape(cells.causes, size).astype(float),
        censored=np.bincount(cells.exit[~ended], mass[~ended], minlength=size).astype(float),
    )


def count(
    time: ArrayLike,
    cause: ArrayLike,
    causes: int,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    grid: Floats | None = None,
) -> Counts:
    """Rows of people straight to counts; the arguments of ``gather``."""
    return tally(gather(time, cause, causes, entry, weight, grid=grid), weighted=weight is not None)


def nearest(grid: Floats, times: Floats) -> Indices:
    """Positions of times on a grid that holds them, up to rounding. Shape of ``times``."""
    if len(grid) < 2:
        return np.zeros(len(times), dtype=np.int64)
    middle = (grid[1:] + grid[:-1]) / 2
    return np.searchsorted(middle, times).astype(np.int64)


def _distinct(key: Indices) -> tuple[Indices, Indices]:
    """First row of each distinct key, and for each row which distinct key it has."""
    widest = int(key.max(initial=0)) + 1
    if widest <= 4 * len(key) + 100_000:
        first = np.full(widest, -1, dtype=np.int64)
        first[key[::-1]] = np.arange(len(key) - 1, -1, -1)
        used = np.flatnonzero(first >= 0)
        rank = np.empty(widest, dtype=np.int64)
        rank[used] = np.arange(len(used))
        return first[used], rank[key]
    _, index, inverse = np.unique(key, return_index=True, return_inverse=True)
    return index, inverse
