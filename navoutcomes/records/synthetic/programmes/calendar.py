"""On which days are people referred, and in which calendar month does something happen?"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
CLOSED = ("01-01", "05-01", "05-17", "12-25", "12-26")


def weekdays(first: date, last: date) -> Days:
    """Weekdays from the first to the last day, both included, without the fixed public holidays."""
    start, stop = np.datetime64(first, "D"), np.datetime64(last, "D")
    every = start + np.arange((stop - start).astype(int) + 1)
    monthday = np.array([str(day)[5:] for day in every])
    return np.asarray(every[np.is_busday(every) & ~np.isin(monthday, CLOSED)])


def dates(days: Any) -> pd.Series[Any]:
    """Days as a column of dates, with missing ones."""
    return pd.Series(np.asarray(days).astype("datetime64[ns]"))


def month_of(days: Any) -> NDArray[np.int64]:
    """The calendar month of each day, counted from 1970. Shapes: (n,)."""
    return np.asarray(np.asarray(days).astype("datetime64[M]").astype(np.int64))


def month_ends(days: Days, months: int) -> NDArray[np.int64]:
    """Days from each date to the last day of its calendar month and of the next ones. Shapes: (n,) -> (n, months)."""
    first = days.astype("datetime64[M]")[:, None] + np.arange(1, months + 1)
    return np.asarray((first.astype("datetime64[D]") - days[:, None]).astype(np.int64) - 1)


def months_written(months: NDArray[np.int64]) -> list[str]:
    """Calendar months as yyyy-mm."""
    return [str(month) for month in months.astype("datetime64[M]")]
