"""Days, months, quarters and years: from one to the other, for whole columns at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, door
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import DAY, Whole, seconds

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
FREQUENCY = {"month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}


def month_of(dates: pd.Series[Any]) -> Whole:
    """The month of each date, counted from January 1970. Assumes: no date is missing."""
    return np.asarray(dates.to_numpy().astype("datetime64[M]").astype(np.int64), dtype=np.int64)


def month_before(dates: pd.Series[Any]) -> Whole:
    """The month of the last day of a spell, from its exclusive end. Assumes: no date is missing."""
    last = (seconds(dates) - 1).astype("datetime64[s]").astype("datetime64[M]")
    return np.asarray(last.astype(np.int64), dtype=np.int64)


def first_days(months: Whole) -> NDArray[np.datetime64]:
    """The first day of each month."""
    return np.asarray(months, dtype=np.int64).astype("datetime64[M]").astype("datetime64[s]")


def last_days(months: Whole) -> NDArray[np.datetime64]:
    """The last day of each month."""
    return np.asarray(first_days(np.asarray(months) + 1) - np.timedelta64(DAY, "s"))


def last_whole_month(day: date) -> int:
    """The last month whose days have all come by the end of a day, counted from January 1970."""
    after = np.datetime64(day, "D") + 1
    return int(after.astype("datetime64[M]").astype(np.int64)) - 1


def periods(months: Whole, by: str = "month") -> pd.PeriodIndex:
    """Months (counted from January 1970) as periods of pandas: months, quarters or years."""
    ordinals: Any = np.asarray(months) // MONTHS_IN[by]
    return pd.PeriodIndex(pd.arrays.PeriodArray(ordinals, dtype=pd.PeriodDtype(FREQUENCY[by])))


def open_until(spells: Spells, frame: pd.DataFrame) -> pd.Series[Any]:
    """The ends of spells, open ones on the day after the cut-off. Raises: ``DataProblem`` when nobody said when that is
    and a spell is open."""
    still = frame["end"].isna()
    if not still.any():
        return frame["end"]
    if spells.cutoff is None:
        raise DataProblem("cutoff_needed", count=int(still.sum()), total=len(frame))
    after = pd.Timestamp(spells.cutoff) + pd.Timedelta(days=1)
    late = (frame["start"] >= after).to_numpy() & still.to_numpy()
    if late.any():
        rows = np.flatnonzero(late).tolist()
        raise DataProblem("spells_after_cutoff", column="start", rows=rows, count=len(rows), total=len(frame))
    return frame["end"].mask(still, after)


@door
def split_calendar(spells: Spells, by: str = "month") -> pd.DataFrame:
    """How many days was each person in a programme in each month, quarter or year?

    ``by``: "month", "quarter" or "year".

    Shapes: a row a spell and period, in the order of the spells: their columns with ``start`` and ``end`` cut at the
    period's first day and the next one's, ``period`` (of pandas), ``days`` in it, and ``ends`` (whether the spell ended
    in it). Only that row keeps the exit class. Open spells reach to the cut-off.
    Raises: ``DataProblem`` for another ``by``, an open spell without a cut-off, or a spell without a start.
    """
    if by not in MONTHS_IN:
        raise DataProblem("option_not_understood", option="by=", allowed=tuple(MONTHS_IN))
    frame = spells.frame.reset_index(drop=True)
    no_start = np.flatnonzero(frame["start"].isna()).tolist()
    if no_start:
        raise DataProblem("spell_starts_needed", column="start", rows=no_start, count=len(no_start), total=len(frame))
    end = open_until(spells, frame)
    first = month_of(frame["start"]) // MONTHS_IN[by]
    number = month_before(end) // MONTHS_IN[by] - first + 1
    row = np.repeat(np.arange(len(frame)), number)
    period = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    made = frame.iloc[row].reset_index(drop=True)
    opens, closes = (first_days((period + step) * MONTHS_IN[by]) for step in (0, 1))
    start = np.maximum(frame["start"].to_numpy().astype("datetime64[s]")[row], opens)
    until = np.minimum(end.to_numpy().astype("datetime64[s]")[row], closes)
    last = np.append(row[1:] != row[:-1], True)[: len(row)]
    ends = last & frame["end"].notna().to_numpy()[row]
    made["start"], made["end"] = start, until
    if "exit_class" in made:
        made["exit_class"] = made["exit_class"].astype(object).mask(~ends, None)
    days = (until - start).astype(np.int64) / DAY
    return made.assign(period=periods(period * MONTHS_IN[by], by), days=days, ends=ends)
