"""Months as registers write them: 2019-03, 201903, a date of the month, a period of pandas."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.records.spells.stretches import Whole

FORMS = ("2019-03", "201903")
UNREAD = np.iinfo(np.int64).min
_WRITTEN = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?:[T ]00:00:00)?")
EARLIEST, LATEST = 1900, 2199


def months_in(values: pd.Series[Any], column: str) -> Whole:
    """The months of a column, counted from January 1970. Raises: ``DataProblem`` naming the rows (from 0) that hold no
    month between 1900 and 2199."""
    codes, distinct = pd.factorize(values)
    read = np.array([month(one) for one in distinct] + [UNREAD], dtype=np.int64)[codes]
    bad = np.flatnonzero(read == UNREAD).tolist()
    if bad:
        raise DataProblem("months_not_read", column=column, rows=bad, count=len(bad), total=len(values), allowed=FORMS)
    return read


def month_given(value: Any, option: str) -> int:
    """A month given as an option. Raises: ``DataProblem`` naming the option."""
    found = month(value)
    if found == UNREAD:
        raise DataProblem("option_not_understood", option=option, allowed=FORMS)
    return found


def month(value: Any) -> int:
    """One month counted from January 1970, ``UNREAD`` for anything else."""
    if isinstance(value, pd.Period) and value.freqstr == "M":
        year, number = value.year, value.month
    elif isinstance(value, np.datetime64) and not np.isnat(value):
        return month(pd.Timestamp(value))
    elif isinstance(value, date) and not pd.isna(value):
        year, number = value.year, value.month
    else:
        whole = isinstance(value, int | np.integer) or (isinstance(value, float) and value.is_integer())
        found = _WRITTEN.fullmatch(str(int(value)) if whole and not isinstance(value, bool) else str(value).strip())
        year, number = (int(found[1]), int(found[2])) if found else (0, 0)
    return (year - 1970) * 12 + number - 1 if EARLIEST <= year <= LATEST else UNREAD
