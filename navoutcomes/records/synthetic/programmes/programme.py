"""What makes a programme's synthetic extract: a model, a default size, published margins, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.records.synthetic.programmes.calendar import dates
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

MARK = "Syntetiske data"
MARK_HEADER = "Datagrunnlag"
EXTRACT_HEADER = "Uttrekksdato"
PERSON_HEADER = "Løpenummer"
SEX = ("Mann", "Kvinne")
YES_NO = ("Nei", "Ja")
CANDIDATES = 30
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Programme:
    """One programme of which synthetic extracts are made.

    ``name`` is also the file's name. ``size`` persons by default, which is when the published margins hold
    exactly. ``people`` draws them from (size or None, seed); ``tables`` writes them as the office's
    tables, the main one first; ``truth`` tells the true numbers. ``start``, ``end`` and ``reason`` are the main table's
    columns that faults may touch.
    """

    name: str
    size: int
    seed: int
    extracted: date
    people: Callable[[int | None, int], pd.DataFrame]
    tables: Callable[[pd.DataFrame, int, date], Tables]
    truth: Callable[[], SyntheticTruth]
    end: str = "Til dato"
    reason: str = "Utfall"
    start: str = "Fra dato"


def filled(people: pd.DataFrame, key: pd.Series[Any] | NDArray, quotas: Mapping[Any, int]) -> pd.DataFrame:
    """The first people of each kind until the kind's quota is full, in order of drawing."""
    kind = pd.Series(np.asarray(key), index=people.index)
    place = people.groupby(kind).cumcount()
    return people[place < kind.map(dict(quotas)).fillna(0)].reset_index(drop=True)


def until(read: date, days: Any) -> NDArray[np.bool_]:
    """Which days the register had seen when it was read. Missing days were not seen."""
    return np.asarray(dates(days) <= pd.Timestamp(read))


def closed(frame: pd.DataFrame, read: date) -> pd.DataFrame:
    """The rows in order of pseudonym, each with the day of extraction and the mark of synthetic data."""
    frame = frame.sort_values(PERSON_HEADER, kind="stable", ignore_index=True)
    frame[EXTRACT_HEADER] = pd.Timestamp(read)
    frame[MARK_HEADER] = MARK
    return frame


def outcome(
    people: pd.DataFrame, words: Mapping[str, str], read: date, longest: int | None = None
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Last day of each person's follow-up and the word for how it ended; both missing while open on the day of reading.

    The end is the day before ``start + days``, because the last day counts. People still there after ``longest`` days
    are open too.
    """
    end = people["start"] + pd.to_timedelta(people["days"] - 1, unit="D")
    seen = until(read, end) & (np.ones(len(people), np.bool_) if longest is None else people["days"] <= longest)
    return end.where(seen), people["cause"].map(dict(words)).where(seen)


def yes_no(values: Any) -> NDArray[np.str_]:
    """Ja or Nei."""
    return np.array(YES_NO)[np.asarray(values, dtype=np.int64)]
