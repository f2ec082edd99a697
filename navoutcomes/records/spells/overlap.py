"""Which spells of a person in a programme overlap, and which follow so closely that they are one?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.sources.cells import Mask
from navoutcomes.records.spells.place import Place

NEVER_ENDS = np.iinfo(np.int64).max // 4
DAY = 86400


@dataclass(frozen=True, eq=False, repr=False)
class Line:
    """Spells in order of person, programme and start. Shapes: all (n,); ``reached`` is the latest end so far of the
    same person and programme, in seconds, and ``first`` says that there is none before."""

    group: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    reached: NDArray[np.int64]
    first: Mask

    @property
    def overlapping(self) -> Mask:
        """Which spells start before an earlier one has ended?"""
        return np.asarray(~self.first & (self.start < self.reached), dtype=np.bool_)

    @property
    def gap(self) -> NDArray[np.int64]:
        """Whole days since the latest end before; negative when overlapping."""
        return np.asarray((self.start - self.reached) // DAY, dtype=np.int64)


def joined(frame: pd.DataFrame, place: Place, overlap: str, max_gap: int | None) -> tuple[pd.DataFrame, list[Note]]:
    """The frame without overlaps, spells at most ``max_gap`` days apart made one. Sorted by person and start.

    A joined spell keeps the first row's columns, the last end, and the exit class that belongs to it. Raises:
    ``DataProblem`` for overlaps under overlap="error", and for two exit classes on the last day of one spell. Assumes:
    exclusive ends.
    """
    frame, rows, line = _in_line(frame, place.rows)
    notes: list[Note] = []
    hit = line.overlapping
    if hit.any():
        persons = frame["person"][hit].nunique()
        nested = int((hit & (line.end <= line.reached)).sum())
        if overlap == "error":
            here = Place(place.headers, rows, place.heading)
            facts = {"persons": persons, "nested": nested, **here.found(hit, "start", "end")}
            raise DataProblem("spells_overlap", **facts)
        key = "overlaps_merged" if overlap == "merge" else "overlaps_first_kept"
        notes.append(warning(key, persons=persons, count=int(hit.sum()), nested=nested))
    if overlap == "first" and hit.any():
        kept = _first_of_each(line)
        frame, rows, line = _in_line(frame.loc[kept], rows[kept])
    apart = ~line.first & ~line.overlapping
    near = apart & (line.gap <= (-1 if max_gap is None else max_gap))
    if apart.any() and max_gap is not None:
        notes.append(note("spells_joined", max_gap=max_gap, count=int(near.sum()), total=int(apart.sum())))
    merging = near | line.overlapping
    if not merging.any():
        return frame, notes
    made, lost = _one_each(frame, line, np.cumsum(~merging), Place(place.headers, rows, place.heading))
    if lost:
        notes.append(warning("exits_inside_joined", count=lost))
    return made, notes


def _in_line(frame: pd.DataFrame, rows: NDArray[np.int64]) -> tuple[pd.DataFrame, NDArray[np.int64], Line]:
    kinds = [name for name in ("person", "programme") if name in frame]
    group = np.asarray(frame.groupby(kinds, dropna=False, sort=True).ngroup(), dtype=np.int64)
    start, end = _seconds(frame["start"], -NEVER_ENDS), _seconds(frame["end"], NEVER_ENDS)
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order], end[order]
    latest = pd.Series(end).groupby(group).cummax().to_numpy(np.int64)
    first = np.r_[True, group[1:] != group[:-1]][: len(group)]
    reached = np.where(first, -NEVER_ENDS, np.roll(latest, 1))
    return frame.iloc[order].reset_index(drop=True), rows[order], Line(group, start, end, reached, first)


def _seconds(dates: pd.Series[Any], missing: int) -> NDArray[np.int64]:
    known = dates.to_numpy().astype("datetime64[s]").astype(np.int64)
    return np.asarray(np.where(dates.isna(), missing, known), dtype=np.int64)


def _first_of_each(line: Line) -> Mask:
    """Which spells remain when each, in order, is kept unless one kept before it still runs?

    From each kept spell to the next of the same group that starts when it has ended, all groups at once: as many steps
    as the longest row of kept spells, however many overlap.
    """
    _, rank = np.unique(np.concatenate([line.start, line.end]), return_inverse=True)
    size, room = len(line.start), int(rank.max(initial=0)) + 1
    start, end = line.group * room + rank[:size], line.group * room + rank[size:]
    kept = np.zeros(size, np.bool_)
    at = np.flatnonzero(line.first)
    while len(at):
        kept[at] = True
        after = np.searchsorted(start, end[at], side="left")
        group = np.append(line.group, -1)[after]
        at = after[group == line.group[at]]
    return kept


def _one_each(frame: pd.DataFrame, line: Line, spell: NDArray[Any], place: Place) -> tuple[pd.DataFrame, int]:
    """One row a spell, and how many exit classes inside spells no longer count."""
    latest = pd.Series(line.end).groupby(spell).transform("max").to_numpy() == line.end
    classes = frame["exit_class"].where(latest).groupby(spell).transform("nunique").to_numpy()
    undecided = latest & (classes > 1)
    if undecided.any():
        reason = "exit_class" if "exit_class" in place.headers else "reason"
        raise DataProblem("exits_differ_on_last_day", **place.found(undecided, "end", reason))
    closing = pd.Series(np.flatnonzero(latest)).groupby(spell[latest]).first().to_numpy()
    opening = np.flatnonzero(np.r_[True, spell[1:] != spell[:-1]])
    made = frame.iloc[opening].reset_index(drop=True)
    for name in ("end", "exit_class"):
        made[name] = frame[name].iloc[closing].reset_index(drop=True)
    inside = ~latest & frame["exit_class"].notna().to_numpy()
    return made, int(inside.sum())
