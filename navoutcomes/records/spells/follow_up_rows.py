"""Follow-up split by age, by date, by time since the start and by other spells: rows (entry, time] for Cox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, warning
from navoutcomes.records.extract import announce
from navoutcomes.records.identity.identifiers import refuse_identity_numbers
from navoutcomes.records.periods import open_until
from navoutcomes.records.rules import as_date
from navoutcomes.records.spells.algebra import any_of
from navoutcomes.records.spells.exits import STILL_THERE
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import (
    DAY,
    Pieces,
    Stretches,
    TimeLine,
    Whole,
    covered,
    cut,
    inside,
    time_line,
)

SCALES = ("follow_up", "age", "calendar")
CALENDAR_ZERO = np.datetime64("1900-01-01", "s")


@door
def split_follow_up(
    spells: Spells,
    *,
    ages: Sequence[int] = (),
    dates: Sequence[str | date] = (),
    days: Sequence[int] = (),
    states: Mapping[str, Spells] | None = None,
    birth: str = "birth_date",
    scale: str = "follow_up",
) -> pd.DataFrame:
    """Which rows (entry, time] does each person's follow-up make when age, date and state may change on the way?

    ``ages``: full years; a new row begins on the birthday (in other years 1 March for who was born on 29 February).
    ``dates``: days (date, "yyyy-mm-dd" or "dd.mm.yyyy") from which a new row begins. ``days``: days since the start of
    the spell after which a new row begins. ``states``: names of columns that are true while the person is in one of the
    spells given for it, as ``{"in_work": work_spells}``. ``birth``: the column of birth dates, or of years of birth
    (then the birthday is taken to be 1 July, with a warning). ``scale``: ``entry`` and ``time`` count days since the
    start ("follow_up"), since birth ("age"), or since 1 January 1900 ("calendar").

    Shapes: rows in order of person and time: the columns of the spells, ``entry``, ``time``, ``ending`` (the exit class
    on the person's last row, ``censored`` on the others), ``age_band``, ``date_band``, ``day_band`` as far as asked,
    and the names of ``states``. The days of a person add up to those of the spell. They go into
    ``Cohort.from_frame(rows, "time", "ending", entry="entry", person="person", censored="censored", ...)``.
    Raises: ``DataProblem`` for persons with several spells, ages without dates of birth, births after the start, and
    options that cannot be understood.
    Assumes: exclusive ends; what is so on a day is so for the interval that ends with it.
    Reference: Lexis' diagram; Carstensen (2007), Age-period-cohort models for the Lexis diagram, Stat Med 26:3018.
    """
    if scale not in SCALES:
        raise DataProblem("option_not_understood", option="scale=", allowed=SCALES)
    frame = _one_each(spells)
    full = frame.assign(end=open_until(spells, frame))
    others = {name: other.frame for name, other in (states or {}).items()}
    line = time_line([full, *others.values()])
    places = line.places(full)
    born = _born(frame, birth) if len(ages) or scale == "age" else None
    inner = {name: any_of(line, other) for name, other in others.items()}
    marks = _marks(full, born, ages, dates, days)
    pieces = _pieces(line, places, marks, list(inner.values()))
    rows = frame.iloc[pieces.row].reset_index(drop=True)
    opens = _seconds_of(full["start"])
    zero = {"follow_up": opens, "age": born, "calendar": np.full(len(frame), CALENDAR_ZERO.astype(np.int64))}[scale]
    begun = line.low + pieces.start % line.room
    assert zero is not None
    rows["entry"] = (begun - zero[pieces.row]) / DAY
    rows["time"] = (line.low + pieces.end % line.room - zero[pieces.row]) / DAY
    last = np.append(pieces.row[1:] != pieces.row[:-1], True)[: len(pieces.row)]
    ended = last & frame["end"].notna().to_numpy()[pieces.row]
    rows["ending"] = rows["exit_class"].astype(object).where(ended, STILL_THERE)
    for name, (cuts, labels) in marks.items():
        band: Any = np.sum([one[pieces.row] <= begun for one in cuts], axis=0)
        rows[name] = pd.Categorical.from_codes(band, categories=pd.Index(labels), ordered=True)
    for name, stretches in inner.items():
        rows[name] = covered(pieces.start, stretches)
    return rows.drop(columns=["start", "end", "exit_class"])


def _one_each(spells: Spells) -> pd.DataFrame:
    frame = spells.frame
    refuse_identity_numbers(frame[["person"]], ("person",))
    twice = np.flatnonzero(frame["person"].duplicated(keep=False)).tolist()
    if twice:
        raise DataProblem("one_spell_each", column="person", rows=twice, count=len(twice), total=len(frame))
    return frame.sort_values("person", kind="stable", ignore_index=True)


def _born(frame: pd.DataFrame, birth: str) -> Whole:
    """The second each person was born, from a column of dates or of years."""
    column = birth if birth in frame else "birth_year" if birth == "birth_date" else birth
    if column not in frame:
        raise DataProblem("panel_columns_missing", column=[birth], columns_found=list(frame.columns), count=1)
    values = frame[column]
    empty = np.flatnonzero(values.isna()).tolist()
    if empty:
        raise DataProblem("panel_cells_empty", column=column, rows=empty, count=len(empty), total=len(frame))
    if pd.api.types.is_datetime64_any_dtype(values):
        born = _seconds_of(values)
    elif pd.api.types.is_numeric_dtype(values) and values.between(1900, 2199).all():
        years = values.to_numpy(dtype=np.int64) - 1970
        middle = (years * 12 + 6).astype("datetime64[M]").astype("datetime64[s]")
        born = np.asarray(middle.astype(np.int64), dtype=np.int64)
        announce(Log((warning("birthdays_taken_mid_year", column=column, count=len(frame)),)))
    else:
        raise DataProblem("births_not_read", column=column, total=len(frame))
    late = np.flatnonzero(born > _seconds_of(frame["start"])).tolist()
    if late:
        raise DataProblem("born_after_start", column=column, rows=late, count=len(late), total=len(frame))
    return born


def _marks(
    frame: pd.DataFrame, born: Whole | None, ages: Sequence[int], dates: Sequence[str | date], days: Sequence[int]
) -> dict[str, tuple[list[Whole], list[str]]]:
    """For each scale asked for: when each person passes each of its marks, and what the bands between are called."""
    found: dict[str, tuple[list[Whole], list[str]]] = {}
    if len(ages):
        years = _whole_marks(ages, "ages=")
        assert born is not None
        found["age_band"] = [_birthday(born, year) for year in years], _bands(years, 1)
    if len(dates):
        marks = sorted({as_date(one, "dates=") for one in dates})
        moments = [int(np.datetime64(one, "s").astype(np.int64)) for one in marks]
        words = [f"{one:%Y-%m-%d}" for one in marks]
        labels = [f"< {words[0]}", *(f"≥ {word}" for word in words)]
        found["date_band"] = [np.full(len(frame), moment) for moment in moments], labels
    if len(days):
        since = _whole_marks(days, "days=")
        opens = _seconds_of(frame["start"])
        found["day_band"] = [opens + one * DAY for one in since], _bands(since, 0)
    return found


def _whole_marks(given: Sequence[int], option: str) -> list[int]:
    if any(isinstance(one, bool) or not isinstance(one, int | np.integer) or one <= 0 for one in given):
        raise DataProblem("option_not_understood", option=option, allowed=("1, 2, 3, ...",))
    return sorted({int(one) for one in given})


def _bands(marks: list[int], step: int) -> list[str]:
    """Names of the bands between whole marks: "< 25", "25–29", "≥ 30"."""
    between = [f"{low}–{high - step}" if high - step > low else f"{low}" for low, high in pairwise(marks)]
    return [f"< {marks[0]}", *between, f"≥ {marks[-1]}"]


def _birthday(born: Whole, years: int) -> Whole:
    """The day somebody becomes so many years old; 29 February is 1 March where there is none."""
    day = born.astype("datetime64[s]").astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    moved = (month + 12 * years).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return np.asarray(moved.astype("datetime64[s]").astype(np.int64), dtype=np.int64)


def _pieces(
    line: TimeLine, places: Stretches, marks: Mapping[str, tuple[list[Whole], list[str]]], others: list[Stretches]
) -> Pieces:
    everybody = np.arange(len(places))
    rows, cuts = [], []
    for moments, _ in marks.values():
        for moment in moments:
            within = np.clip(moment - line.low, 0, line.last)
            rows.append(everybody)
            cuts.append(line.of(places.start) * line.room + within)
    for stretches in others:
        met = inside(places, stretches)
        rows += [met.row, met.row]
        cuts += [met.start, met.end]
    nothing = np.empty(0, dtype=np.int64)
    return cut(places, np.concatenate([*rows, nothing]), np.concatenate([*cuts, nothing]))


def _seconds_of(dates: pd.Series[Any]) -> Whole:
    return np.asarray(dates.to_numpy().astype("datetime64[s]").astype(np.int64), dtype=np.int64)
