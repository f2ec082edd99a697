"""When is somebody in something? Stretches of time of many persons on one line, so that sets of days can be computed.

Every person's time is laid after the person before, with room between, so that two stretches that touch belong to one
person and sorting once sorts everybody. Times are whole seconds; ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Whole = NDArray[np.int64]
DAY = 86_400


@dataclass(frozen=True, eq=False, repr=False)
class Stretches:
    """Stretches [start, end) on the line. Shapes: ``start`` and ``end`` (n,)."""

    start: Whole
    end: Whole

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False, repr=False)
class Pieces:
    """Parts of stretches: ``row`` says of which one each is a part. Shapes: all (p,)."""

    row: Whole
    start: Whole
    end: Whole

    def where(self, kept: NDArray[np.bool_]) -> Pieces:
        """Some of the pieces."""
        return Pieces(self.row[kept], self.start[kept], self.end[kept])


@dataclass(frozen=True, eq=False, repr=False)
class TimeLine:
    """How persons and dates are places on the line: ``person`` the persons in order, ``low`` the first second, ``last``
    the last place of a person, ``room`` from one person to the next. A date nobody knows stands at 0 or ``last``."""

    person: pd.Index[Any]
    low: int
    last: int
    room: int

    def places(self, frame: pd.DataFrame) -> Stretches:
        """Where the columns ``start`` and ``end`` of a frame lie; a missing end is after everything."""
        at = self.person.get_indexer(pd.Index(frame["person"])).astype(np.int64) * self.room
        start = _inside(frame["start"], self.low, 0)
        return Stretches(at + start, at + _inside(frame["end"], self.low, self.last))

    def of(self, places: Whole) -> Whole:
        """Whose place is it? Positions in ``person``."""
        return np.asarray(places // self.room, dtype=np.int64)

    def persons(self, places: Whole) -> pd.Series[Any]:
        """The pseudonyms of places."""
        return pd.Series(self.person.take(self.of(places)), dtype=self.person.dtype)

    def dates(self, places: Whole) -> pd.Series[Any]:
        """Places as dates, missing at either end of a person's time."""
        inside = places % self.room
        unknown = (inside == 0) | (inside == self.last)
        dates = (inside + self.low).astype("datetime64[s]")
        return pd.Series(np.where(unknown, np.datetime64("NaT", "s"), dates))


def time_line(frames: Sequence[pd.DataFrame], spare: int = 0) -> TimeLine:
    """A line with room for all spells of some frames and ``spare`` seconds between persons."""
    everybody = np.concatenate([frame["person"].to_numpy(dtype=object) for frame in frames])
    persons = pd.Index(pd.unique(everybody)).sort_values()
    known = [seconds(frame[name][frame[name].notna()]) for frame in frames for name in ("start", "end")]
    low = min((int(one.min()) for one in known if len(one)), default=0) - 1
    high = max((int(one.max()) for one in known if len(one)), default=0) + 1
    return TimeLine(persons, low, high - low, high - low + 1 + max(spare, 0))


def seconds(dates: pd.Series[Any]) -> Whole:
    """Dates as whole seconds since 1970."""
    return np.asarray(dates.to_numpy().astype("datetime64[s]").astype(np.int64), dtype=np.int64)


def united(stretches: Stretches, tolerance: int = 0) -> tuple[Stretches, Whole]:
    """The stretches without overlap, those at most ``tolerance`` seconds apart made one, in order; and which of them
    each was made part of. Shapes: (m,) and (n,)."""
    order = np.argsort(stretches.start, kind="stable")
    start, end = stretches.start[order], stretches.end[order]
    reached = np.maximum.accumulate(end)
    opens = np.ones(len(start), dtype=np.bool_)
    opens[1:] = start[1:] > reached[:-1] + tolerance
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(start))[: len(first)] - 1
    part = np.empty(len(start), dtype=np.int64)
    part[order] = np.cumsum(opens) - 1
    return Stretches(start[first], reached[last]), part


def inside(one: Stretches, other: Stretches) -> Pieces:
    """The parts of each stretch of ``one`` that lie in ``other``. Assumes: ``other`` is in order, without overlap."""
    first, number = _met(one, other)
    row, which = _spread(number, first)
    return Pieces(row, np.maximum(one.start[row], other.start[which]), np.minimum(one.end[row], other.end[which]))


def outside(one: Stretches, other: Stretches) -> Pieces:
    """The parts of each stretch of ``one`` that lie in no stretch of ``other``. Assumes: as ``inside``."""
    first, number = _met(one, other)
    row, after = _spread(number + 1, first)
    start, end = one.start[row].copy(), one.end[row].copy()
    opening = np.diff(row, prepend=-1) != 0
    closing = np.diff(row, append=-1) != 0
    start[~opening] = other.end[after[~opening] - 1]
    end[~closing] = other.start[after[~closing]]
    return Pieces(row, start, end).where(start < end)


def cut(stretches: Stretches, row: Whole, place: Whole) -> Pieces:
    """Stretches cut at places: ``place[i]`` lies in or beyond stretch ``row[i]``; only those inside cut. Shapes:
    ``row`` and ``place`` (k,)."""
    within = (place > stretches.start[row]) & (place < stretches.end[row])
    rows = np.concatenate([np.arange(len(stretches)), row[within]])
    starts = np.concatenate([stretches.start, place[within]])
    order = np.lexsort((starts, rows))
    rows, starts = rows[order], starts[order]
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = (rows[1:] != rows[:-1]) | (starts[1:] != starts[:-1])
    rows, starts = rows[fresh], starts[fresh]
    last = np.append(rows[1:] != rows[:-1], True)[: len(rows)]
    ends = np.append(starts[1:], 0)[: len(rows)]
    return Pieces(rows, starts, np.where(last, stretches.end[rows], ends))


def covered(places: Whole, other: Stretches) -> NDArray[np.bool_]:
    """Which places lie in a stretch? Assumes: ``other`` is in order, without overlap."""
    before = np.searchsorted(other.start, places, side="right") - 1
    ends = np.append(other.end, np.iinfo(np.int64).min)
    return np.asarray((before >= 0) & (places < ends[before]), dtype=np.bool_)


def _met(one: Stretches, other: Stretches) -> tuple[Whole, Whole]:
    """The first stretch of ``other`` each of ``one`` meets, and how many it meets."""
    first = np.searchsorted(other.end, one.start, side="right")
    beyond = np.searchsorted(other.start, one.end, side="left")
    return first, np.maximum(beyond - first, 0)


def _spread(number: Whole, first: Whole) -> tuple[Whole, Whole]:
    """Each row as many times as it has pieces, and the running number of each piece from ``first`` on."""
    row = np.repeat(np.arange(len(number)), number)
    run = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    return row, first[row] + run


def _inside(dates: pd.Series[Any], low: int, missing: int) -> Whole:
    unknown = dates.isna().to_numpy()
    known = np.where(unknown, 0, dates.to_numpy().astype("datetime64[s]").astype(np.int64))
    return np.asarray(np.where(unknown, missing, known - low), dtype=np.int64)
