"""Can these dates be true: inside the window, not after the extraction, and no stand-in for "open" or "not known"?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.columns.date_forms import NO_DATE
from navoutcomes.records.rules import Rules, as_date
from navoutcomes.records.sources.cells import Cells, Mask

OPEN_YEAR = np.datetime64("9999-01-01", "D")
SEEN_BY_EXTRACTION = (
    *("start", "birth_date", "death_date", "outcome_date"),
    *("attended", "registered_date", "referred", "contact_date"),
)

Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Limits:
    """The first and last day a column may hold, both included, and whether the last is the day of extraction."""

    earliest: np.datetime64
    latest: np.datetime64
    extraction: bool


def limits_of(column: Column, rules: Rules) -> Limits:
    """The codebook's limits, else the window; what has happened has happened by the day of extraction."""
    earliest, latest = rules.window
    if column.low is not None:
        earliest = np.datetime64(as_date(_dated(column.low), "Column.low="), "D")
    if column.high is not None:
        latest = np.datetime64(as_date(_dated(column.high), "Column.high="), "D")
    extraction = rules.extracted is not None and column.name in SEEN_BY_EXTRACTION
    if extraction and np.datetime64(rules.extracted, "D") <= latest:
        return Limits(earliest, np.datetime64(rules.extracted, "D"), True)
    return Limits(earliest, latest, False)


def sift(
    found: Dates, cells: Cells, column: Column, rules: Rules, limits: Limits
) -> tuple[Dates, list[Note], DataProblem | None]:
    """Stand-ins become missing (an error in a start column), then every date must lie inside the limits.

    Shapes: ``found`` (k,), one date a distinct cell. Dates in the year 9999 mean open.
    """
    notes: list[Note] = []
    far = found >= OPEN_YEAR
    standing_in = np.isin(found, np.array(rules.placeholders, dtype="datetime64[D]")) & ~np.isnat(found)
    if column.name == "start" and (far | standing_in).any():
        seen = _dates_shown(found[far | standing_in])
        return found, notes, DataProblem("start_placeholder", dates=seen, **cells.found(far | standing_in))
    kept = np.where(far | standing_in, NO_DATE, found)
    if standing_in.any():
        seen = _dates_shown(found[standing_in])
        notes.append(warning("dates_placeholder", column=cells.header, dates=seen, count=cells.count(standing_in)))
    if far.any() and column.name != "end":
        notes.append(note("dates_far_missing", column=cells.header, count=cells.count(far)))
    return kept, notes, _outside(kept, cells, limits)


def open_ends(values: Any, header: str, rules: Rules) -> list[Note]:
    """How many spells are open, and on which day they are known to have been?"""
    count = int(values.isna().sum())
    if not count:
        return []
    if rules.extracted is None:
        return [note("open_ends_without_extraction", column=header, count=count)]
    return [note("open_ends", column=header, count=count, extracted=f"{rules.extracted:%d.%m.%Y}")]


def _outside(dates: Dates, cells: Cells, limits: Limits) -> DataProblem | None:
    late, early = dates > limits.latest, dates < limits.earliest
    if late.any() and limits.extraction:
        facts = {"last_month": _month(dates, late, np.max), "extracted": _shown(limits.latest)}
        return DataProblem("dates_after_extraction", **facts, **cells.found(late))
    if late.any() or early.any():
        outside = late | early
        facts = {"earliest": _shown(limits.earliest), "latest": _shown(limits.latest)}
        facts |= {"first_month": _month(dates, outside, np.min), "last_month": _month(dates, outside, np.max)}
        return DataProblem("dates_outside_window", **facts, **cells.found(outside))
    return None


def _month(dates: Dates, mask: Mask, extreme: Any) -> str:
    """An extreme to the month: enough to see what is wrong, too little to be one person's date."""
    return str(extreme(dates[mask]).astype("datetime64[M]"))


def _dates_shown(dates: Dates) -> tuple[str, ...]:
    return tuple(_shown(one) for one in np.unique(dates))[:5]


def _shown(day: np.datetime64) -> str:
    year, month, number = str(day).split("-")
    return f"{number}.{month}.{year}"


def _dated(limit: Any) -> Any:
    return limit if not isinstance(limit, int | float) else str(limit)
