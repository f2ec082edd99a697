"""Which spells do these records make: from when to when, in which programme, and how did each end?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.headers import column_missing
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.origin import Origin
from navoutcomes.records.sources.cells import Mask
from navoutcomes.records.spells.durations import check_durations
from navoutcomes.records.spells.exits import exit_classes, never_started
from navoutcomes.records.spells.lengths import check_deaths, exclusive_ends
from navoutcomes.records.spells.overlap import joined
from navoutcomes.records.spells.place import Place
from navoutcomes.texts import say

MAX_DURATION = 7305
SHOWN, MANY = 12, 5
CHOICES = {
    "overlap": ("error", "merge", "first"),
    "zero_length": ("error", "half"),
    "negative_one_day": ("error", "zero"),
    "exit_unknown": ("error", "own_category", "censor"),
    "missing_start": ("error", "keep"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Spells:
    """Valid spells: start before end, and no overlap within person and programme unless a rule said so.

    ``frame`` hands out a copy with at least ``person``, ``start``, ``end`` (the day after the last; missing while
    open) and ``exit_class`` (missing while open), ``programme`` where the file has one, and the other columns of the
    extract. ``cutoff`` is the last day the register covers, None when nobody has said. Shows itself by counts.
    """

    _frame: pd.DataFrame
    origin: Origin
    log: Log = field(default_factory=Log)

    @property
    def frame(self) -> pd.DataFrame:
        """The spells, as a copy."""
        return self._frame.copy()

    @property
    def cutoff(self) -> date | None:
        """The last day the register covers."""
        return self.origin.cutoff

    @classmethod
    @door
    def from_extract(
        cls,
        extract: Extract,
        overlap: str = "error",
        *,
        max_gap: int | None = 0,
        zero_length: str = "error",
        negative_one_day: str = "error",
        max_duration: int = MAX_DURATION,
        exit_unknown: str = "error",
        missing_start: str = "error",
        end_inclusive: bool | None = None,
    ) -> Self:
        """Which spells do the rows of this extract make?

        ``overlap``: spells of one person in one programme that overlap are an "error", "merge" into one, or only the
        "first" of them is kept.
        ``max_gap``: spells at most this many days apart are one spell (default 0: the next begins the day after the
        last day of the one before; None never joins).
        ``zero_length``: spells of no days are an "error" or last "half" a day.
        ``negative_one_day``: an end one day before the start is an "error" or means "zero" days, kept as half a day.
        ``max_duration``: longest possible spell in days (default 7305, 20 years).
        ``exit_unknown``: a finished spell without an exit reason is an "error", gets its "own_category"
        (completed_unknown) or becomes censored ("censor").
        ``missing_start``: a spell without a start is an "error", or "keep" it for a protocol that says how to enter it.
        ``end_inclusive``: whether the end is the last day of the spell (default: as the extract says).

        Raises: ``DataProblem`` when rows make no valid spells. Warns: ``DataWarning`` for repairs.
        Assumes: a missing end means that the spell was open on the day of extraction.
        """
        rules = _Rules(overlap, max_gap, zero_length, negative_one_day, max_duration, exit_unknown, missing_start)
        inclusive = extract.end_inclusive if end_inclusive is None else end_inclusive
        spells = cls(*_made(extract, rules, inclusive))
        announce(Log(spells.log.notes[len(extract.log) :]))
        return spells

    @door
    def only(self, column: str, *words: str) -> Self:
        """Which of these spells are one office's own (or one programme's): those whose ``column`` holds such a word?

        The log begins anew. Remarks on the whole file count other people, and what is written of one office may hold
        no other's numbers.
        Raises: ``DataProblem`` for a column that is not there, and for a word nobody has.
        """
        if column not in self._frame:
            raise DataProblem("columns_missing", column=[column], columns_found=list(self._frame), count=1)
        held = self._frame[column].astype("string")
        absent = [word for word in words if not held.eq(word).any()]
        if absent or not words:
            number = held.value_counts().sort_index()
            known = [str(word) for word in number.index[number >= MANY]][:SHOWN]
            raise DataProblem("only_nobody", column=column, asked=absent, known=known, count=len(number))
        own = self._frame[held.isin(words).fillna(False).to_numpy(np.bool_)].reset_index(drop=True)
        return type(self)(own, self.origin, Log((note("only_these", column=column, words=list(words)),)))

    def __repr__(self) -> str:
        return f"{_summary(self)}\n{self.log!r}"

    def _repr_html_(self) -> str:
        return f"<p>{_summary(self)}</p>{self.log._repr_html_()}"


@dataclass(frozen=True)
class _Rules:
    overlap: str
    max_gap: int | None
    zero_length: str
    negative_one_day: str
    max_duration: int
    exit_unknown: str
    missing_start: str

    def __post_init__(self) -> None:
        for option, allowed in CHOICES.items():
            if getattr(self, option) not in allowed:
                raise DataProblem("option_not_understood", option=f"{option}=", allowed=allowed)


def _made(extract: Extract, rules: _Rules, inclusive: bool) -> tuple[pd.DataFrame, Origin, Log]:
    """The steps from rows to spells, in the order in which one needs the other."""
    frame, rows = extract.frame, extract.rows
    _check_columns(extract, frame)
    notes: list[Note] = []
    for step in (_first_copies, never_started):
        left_out, remarks = step(frame, Place.of(extract, rows))
        frame, rows = frame[~left_out].reset_index(drop=True), rows[~left_out]
        notes += remarks
    place = Place.of(extract, rows)
    no_start = frame["start"].isna()
    if no_start.any() and rules.missing_start == "error":
        raise DataProblem("spells_start_missing", **place.found(no_start, "start"))
    cutoff = extract.origin.cutoff
    covered = cutoff if inclusive or cutoff is None else cutoff + timedelta(days=1)
    frame, remarks = exit_classes(frame, place, covered, rules.exit_unknown)
    notes += remarks
    frame, remarks = exclusive_ends(frame, place, inclusive, rules.zero_length, rules.negative_one_day)
    notes += remarks
    check_deaths(frame, place)
    check_durations(frame, place, rules.max_duration)
    frame, remarks = joined(frame, place, rules.overlap, rules.max_gap)
    first = [name for name in ("person", "programme", "start", "end", "exit_class") if name in frame]
    frame = frame[[*first, *(name for name in frame if name not in first)]]
    return frame, extract.origin, extract.log + Log((*notes, *remarks))


def _first_copies(frame: pd.DataFrame, place: Place) -> tuple[Mask, list[Note]]:
    """The same row twice is one record written twice."""
    copies = frame.duplicated().to_numpy(np.bool_)
    found = place.found(copies)
    facts = {"count": found["count"], "total": found["total"], "rows": found["rows"]}
    return copies, [warning("duplicates_dropped", **facts)] if copies.any() else []


def _check_columns(extract: Extract, frame: pd.DataFrame) -> None:
    """Person, start and end are there and hold what they should."""
    needed = {column.name: column for column in USUAL_COLUMNS.columns if column.name in ("person", "start", "end")}
    absent = [column for name, column in needed.items() if name not in frame]
    if absent:
        headers = tuple(extract.headers.values())
        raise column_missing(", ".join(extract.origin.names), absent, headers)
    place = Place.of(extract, extract.rows)
    for name in ("start", "end"):
        if not pd.api.types.is_datetime64_any_dtype(frame[name]):
            raise DataProblem("column_not_dates", column=place.headers.get(name, name))
    if frame["person"].isna().any():
        raise DataProblem("id_blank", **place.found(frame["person"].isna(), "person"))


def _summary(spells: Spells) -> str:
    frame = spells._frame
    facts = {"spells": len(frame), "persons": frame["person"].nunique(), "open": int(frame["end"].isna().sum())}
    return say("words", "spells_summary", **facts)
