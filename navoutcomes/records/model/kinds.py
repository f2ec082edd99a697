"""Does a column of a table hold what its kind says, and as what is it kept?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.records.model.tables import Field
from navoutcomes.records.months.reading import UNREAD, month
from navoutcomes.records.periods import periods
from navoutcomes.records.sources.cells import Mask

kinds = pd.api.types


def unfit(values: pd.Series[Any], field: Field) -> Mask:
    """Which filled cells are not of the column's kind? Shape (n,)."""
    filled = values.notna().to_numpy()
    return np.asarray(filled & ~_fits(values, field.kind), dtype=np.bool_)


def typed(values: pd.Series[Any], field: Field) -> pd.Series[Any]:
    """The column as its kind is kept. Assumes: no cell is unfit."""
    values = values.reset_index(drop=True)
    if field.kind in ("date", "datetime"):
        return pd.to_datetime(values).astype("datetime64[s]")
    if field.kind == "month":
        return _months(values)
    if field.kind == "words":
        return values.map(words_of, na_action="ignore").astype(object)
    if field.kind in ("id", "word"):
        return values.astype(object).mask(values.isna(), None)
    if field.kind == "integer":
        return pd.Series(values.to_numpy(dtype=float, na_value=np.nan)).astype("Int64")
    return values.astype("boolean") if field.kind == "flag" else values.astype(float)


def words_of(cell: Any) -> frozenset[str]:
    """The words of a cell that holds several: a collection, or a text with bars between."""
    return frozenset(cell.split("|")) - {""} if isinstance(cell, str) else frozenset(cell)


def each_distinct(values: pd.Series[Any], question: Any) -> NDArray[Any]:
    """A question put to each distinct cell once, answered for every row; False for empty cells."""
    try:
        codes, distinct = pd.factorize(values)
    except TypeError:
        return np.array([bool(question(cell)) for cell in values], dtype=np.bool_)
    answers = np.array([bool(question(one)) for one in distinct] + [False], dtype=np.bool_)
    return np.asarray(answers[codes])


def _fits(values: pd.Series[Any], kind: str) -> NDArray[Any]:
    everything, nothing = (np.full(len(values), one) for one in (True, False))
    if values.dtype == object and kind in OF_CELLS:
        # Cell by cell: to a table of distinct cells, 0 and False are the same.
        return np.array([OF_CELLS[kind](cell) for cell in values], dtype=np.bool_)
    if kind in ("date", "datetime"):
        if not kinds.is_datetime64_any_dtype(values) or values.dt.tz is not None:
            return nothing
        return everything if kind == "datetime" else np.asarray(values.isna() | (values == values.dt.normalize()))
    if kind in ("integer", "number"):
        if not kinds.is_numeric_dtype(values) or kinds.is_bool_dtype(values) or kinds.is_complex_dtype(values):
            return nothing
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        return np.isfinite(numbers) & ((numbers == np.floor(numbers)) | (kind == "number"))
    if kind == "flag":
        return everything if kinds.is_bool_dtype(values) else np.asarray(values.isin([True, False]))
    if kind == "month":
        return each_distinct(values, lambda one: month(one) != UNREAD)
    return each_distinct(values, lambda one: isinstance(one, str))


def _is_number(cell: Any) -> bool:
    real = isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool)
    return real and bool(np.isfinite(cell))


def _is_date(cell: Any) -> bool:
    return isinstance(cell, date) and getattr(cell, "tzinfo", None) is None


def _is_words(cell: Any) -> bool:
    if isinstance(cell, str):
        return True
    return isinstance(cell, set | frozenset | tuple | list) and all(isinstance(one, str) for one in cell)


def _months(values: pd.Series[Any]) -> pd.Series[Any]:
    codes, distinct = pd.factorize(values)
    found = np.array([month(one) for one in distinct] + [0], dtype=np.int64)[codes]
    return pd.Series(periods(found)).mask(codes < 0)


OF_CELLS: dict[str, Callable[[Any], bool]] = {
    "integer": lambda cell: _is_number(cell) and float(cell).is_integer(),
    "number": _is_number,
    "date": lambda cell: _is_date(cell) and pd.Timestamp(cell) == pd.Timestamp(cell).normalize(),
    "datetime": _is_date,
    "words": _is_words,
    "flag": lambda cell: isinstance(cell, bool | np.bool_) or (_is_number(cell) and cell in (0, 1)),
}
"""What a cell of a mixed column must be."""
