"""When was somebody in two programmes at once, in one and not the other, in either, or in none?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.extract import announce
from navoutcomes.records.spells.exits import STILL_THERE, UNKNOWN
from navoutcomes.records.spells.overlap import joined
from navoutcomes.records.spells.place import Place
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import DAY, Pieces, Stretches, TimeLine, inside, outside, time_line, united
from navoutcomes.records.spells.together import together


@door
def intersect(spells: Spells, other: Spells) -> Spells:
    """When were people in both: which parts of these spells fall in any spell that the same person has in ``other``?

    Each part keeps the columns of its spell. A part that ends where its spell ends keeps the exit class; one that ends
    because ``other`` does has not ended in any way, and its exit class is ``censored``. With different cut-offs both
    are seen as they were on the earlier.

    Shapes: a row a part, in order of person, start and programme.
    Raises: ``DataProblem`` when either is not ``Spells``.
    Assumes: exclusive ends; a missing end is open on the cut-off.
    """
    return _parts(spells, other, inside)


@door
def subtract(spells: Spells, other: Spells) -> Spells:
    """When were people in these spells and not in ``other``: which parts of them fall in no spell of ``other``?

    As ``intersect``: a part keeps the columns of its spell, and its exit class when it ends where the spell does.

    Shapes: a row a part, in order of person, start and programme.
    Raises: ``DataProblem`` when either is not ``Spells``.
    Assumes: exclusive ends; a missing end is open on the cut-off.
    """
    return _parts(spells, other, outside)


@door
def union(*spells: Spells, programme: str | None = None) -> Spells:
    """When were people in any of them: the days of all spells of a person, each counted once?

    Columns ``person``, ``start``, ``end`` and ``exit_class``, and ``programme`` when a name is given for "any of them".
    The exit class is that of the spell that ends last; where several end there in different ways it is
    ``completed_unknown``, with a warning.

    Shapes: a row a stretch without a day's break, in order of person and start.
    Raises: ``DataProblem`` for anything but ``Spells``. Warns: ``DataWarning`` for undecided exits.
    """
    frames, origin, log = together(*spells)
    if not frames:
        raise DataProblem("spells_needed", kind="()")
    frame = _stacked(frames)
    line = time_line([frame])
    places = line.places(frame)
    whole, part = united(places)
    closing = places.end == whole.end[part]
    exits = frame["exit_class"].where(closing)
    several = exits.groupby(part).nunique()
    found = exits.groupby(part).first()
    undecided = (several > 1).to_numpy()
    made = _frame_of(line, whole)
    made["exit_class"] = found.reindex(range(len(whole))).to_numpy(dtype=object)
    made["exit_class"] = made["exit_class"].mask(undecided, UNKNOWN).mask(made["end"].isna(), None)
    if programme is not None:
        made.insert(1, "programme", programme)
    log += note("spells_united", count=len(frame), made=len(made))
    remarks = [warning("united_exits_differ", count=int(undecided.sum()))] if undecided.any() else []
    announce(type(log)(tuple(remarks)))
    return Spells(made, origin, log + remarks)


@door
def gaps(spells: Spells) -> pd.DataFrame:
    """How long were people out of every programme between two spells?

    Shapes: a row a gap, in order: ``person``, ``start`` (the first day out), ``end`` (the day they are in again) and
    ``days``. Time before the first spell and after the last is no gap. Raises: ``DataProblem`` for anything but
    ``Spells``.
    """
    (frame,), _, _ = together(spells)
    line = time_line([frame])
    whole, _ = united(line.places(frame))
    same = line.of(whole.start[1:]) == line.of(whole.end[:-1])
    found = _frame_of(line, Stretches(whole.end[:-1][same], whole.start[1:][same]))
    return found.assign(days=(found["end"] - found["start"]).dt.total_seconds() / DAY)


@door
def merge(spells: Spells, within: int = 0) -> Spells:
    """Which stays remain when spells of a person in a programme at most ``within`` days apart are one?

    ``within``: days out of the programme that do not count as having left (default 0: only spells that follow day upon
    day). A merged spell keeps the columns of its first part, and the end and exit class of its last.

    Shapes: a row a spell, in order of person, programme and start. Raises: ``DataProblem`` when ``within`` is negative
    or no whole number, or spells overlap. Warns: ``DataWarning`` for exits that no longer count.
    """
    if isinstance(within, bool) or not isinstance(within, int | np.integer) or within < 0:
        raise DataProblem("option_not_understood", option="within=", allowed=("0, 1, 2, ...",))
    (frame,), origin, log = together(spells)
    place = Place({}, np.arange(2, len(frame) + 2), 1)
    made, remarks = joined(frame, place, "error", int(within))
    announce(type(log)(tuple(remarks)))
    return Spells(made, origin, log + remarks)


def any_of(line: TimeLine, frame: pd.DataFrame) -> Stretches:
    """The days of a frame's spells, each once, in order, for the persons of the line."""
    known = frame[frame["person"].isin(line.person)]
    return united(line.places(known))[0]


def _parts(spells: Spells, other: Spells, taken: Any) -> Spells:
    (frame, against), origin, log = together(spells, other)
    line = time_line([frame, against])
    places = line.places(frame)
    pieces: Pieces = taken(places, any_of(line, against))
    made = frame.iloc[pieces.row].reset_index(drop=True)
    made["start"], made["end"] = line.dates(pieces.start), line.dates(pieces.end)
    shortened = (pieces.end != places.end[pieces.row]) & made["end"].notna().to_numpy()
    if "exit_class" in made:
        made["exit_class"] = made["exit_class"].astype(object).mask(shortened, STILL_THERE)
    order = ["person", "start", *(["programme"] if "programme" in made else [])]
    made = made.sort_values(order, kind="stable", ignore_index=True)
    remark: Note = note("spells_in_parts", count=len(frame), made=len(made), shortened=int(shortened.sum()))
    return Spells(made, origin, log + remark)


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Persons, dates and exit classes of several registers, one after the other."""
    parts: dict[str, list[Any]] = {"person": [], "start": [], "end": [], "exit_class": []}
    for frame in frames:
        for name, values in parts.items():
            kind = "datetime64[s]" if name in ("start", "end") else object
            there = frame[name].to_numpy() if name in frame else np.full(len(frame), None, dtype=object)
            values.append(there.astype(kind))
    return pd.DataFrame({name: np.concatenate(values) for name, values in parts.items()})


def _frame_of(line: TimeLine, stretches: Stretches) -> pd.DataFrame:
    columns = {"person": line.persons(stretches.start)}
    return pd.DataFrame(columns | {"start": line.dates(stretches.start), "end": line.dates(stretches.end)})
