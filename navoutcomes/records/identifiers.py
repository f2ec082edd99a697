"""Does a column hold national identity numbers?

Columns are judged, not cells: a random number of 11 digits looks like a date of birth in three cases of ten. The date
decides; control digits, by the rules before and from 2032, only raise the confidence. Reference: Skatteetaten,
Folkeregisteret (birth numbers, D-numbers day + 40, H-numbers month + 40, synthetic numbers month + 40, 65 or 80).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, door
from navoutcomes.records.cells import Cells, Mask, cells_of
from navoutcomes.records.codebook import plain

ID_HEADERS = frozenset(
    ("fnr", "fodselsnr", "fodselsnummer", "foedselsnr", "foedselsnummer", "personnr", "personnummer", "dnr", "dnummer")
)
FIRST = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2])
SECOND = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
MONTH_MARKS = (0, 40, 65, 80)
MOST = 0.5

_LONG = re.compile(r"\d(?:[ \u00a0\u202f-]?\d){9}|\d[.,]\d{4,}[eE]\+?\d")
_WHOLE = re.compile(r"'?[A-Za-z]?(\d{10,11})(?:[.,]0+)?")
_GROUPED = re.compile(r"(?<!\d)(\d{6})([ \u00a0\u202f-]?)(\d{5})(?!\d)")
_POWER = re.compile(r"(\d)[.,](\d{4,10})[eE]\+?(09|9|10)")


def identity_cells(cells: Cells, id_column: bool) -> Mask:
    """Which distinct cells hold a national identity number, judged by the whole column?

    ``id_column`` says the column is meant for identities, where one cell in the form of such a number is enough.
    Elsewhere the control digits must hold too, or most cells must have the form. Shapes: (k,).
    """
    none = np.zeros(len(cells.distinct), np.bool_)
    if not _LONG.search("\n".join(cells.distinct)):
        return none
    whole = [_digits(text) for text in cells.distinct]
    eleven, ten = (np.array([len(digits) == size for digits in whole], np.bool_) for size in (11, 10))
    padded = ["0" + digits if len(digits) == 10 else digits if len(digits) == 11 else "0" * 11 for digits in whole]
    dated, controlled = _judged(padded)
    filled = max(1, cells.count(~cells.blank))
    short = ten & dated & (controlled if 2 * cells.count(ten & controlled) > cells.count(ten) else none)
    if id_column:
        found = eleven & (dated | (cells.count(eleven) > MOST * filled))
        return found | (ten & dated if found.any() else short)
    formed = eleven & dated
    certain = formed if cells.count(formed) > MOST * filled else formed & controlled
    hidden = np.array([_hidden(str(text)) for text in cells.distinct], np.bool_) & ~eleven
    return np.asarray(certain | (short | (ten & dated) if certain.any() else short) | hidden, dtype=np.bool_)


def refuse_identity(columns: Iterable[Cells], id_headers: Iterable[str] = ()) -> None:
    """Stop when any column holds national identity numbers.

    ``id_headers`` are the headers of columns meant for identities, beside those whose names say so. Raises:
    ``DataProblem`` naming the column and how many rows, never the numbers.
    """
    meant = {plain(header) for header in id_headers} | ID_HEADERS
    for cells in columns:
        found = identity_cells(cells, plain(cells.header) in meant)
        if found.any():
            raise DataProblem("identity_numbers", **cells.found(found))


@door
def refuse_identity_numbers(frame: pd.DataFrame, id_columns: Iterable[str] = ()) -> None:
    """Does a frame hold national identity numbers in any column?

    ``id_columns`` are the columns meant for identities (pseudonyms). Rows are counted from 1.

    Raises: ``DataProblem`` naming the column and how many rows.
    """
    rows = np.arange(1, len(frame) + 1)
    named = [(str(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    asked = [(name, values) for name, values in named if not pd.api.types.is_datetime64_any_dtype(values)]
    refuse_identity((cells_of(name, _as_text(values), rows) for name, values in asked), id_columns)


def holds_identity_number(text: str) -> bool:
    """Does a short text, such as a header, hold a national identity number?"""
    digits = _digits(text.strip())
    return _hidden(text) or (len(digits) == 11 and bool(_judged([digits])[0][0]))


def _as_text(values: pd.Series[Any]) -> list[str]:
    if pd.api.types.is_float_dtype(values):
        return ["" if pd.isna(value) else f"{value:.10g}" if abs(value) < 1e9 else f"{value:.0f}" for value in values]
    return ["" if value is None or value is pd.NA or value != value else str(value) for value in values]


def _digits(text: str) -> str:
    """The digits of a cell that is one whole number and nothing else; spaces and an Excel power are taken away."""
    if len(text) > 40 or sum(sign.isdigit() for sign in text) < 5:
        return ""
    power = _POWER.fullmatch(text)
    if power:
        return (power[1] + power[2]).ljust(int(power[3]) + 1, "0")[:11]
    found = _WHOLE.fullmatch(re.sub(r"(?<=\d)[ \u00a0\u202f-](?=\d{2})", "", text))
    return found[1] if found else ""


def _hidden(text: str) -> bool:
    """Is there such a number inside a longer text? Six digits, a space and five digits need no control digits."""
    for found in _GROUPED.finditer(text):
        dated, controlled = _judged([found[1] + found[3]])
        if dated[0] and (controlled[0] or found[2] not in ("", "-")):
            return True
    return False


def _judged(numbers: list[str]) -> tuple[Mask, Mask]:
    """Begins each number of 11 digits with a date, and do its control digits hold? Shapes: (k,), (k,)."""
    digits = np.array([[int(sign) for sign in number] for number in numbers], dtype=np.int64).reshape(-1, 11)
    day, month = digits[:, 0] * 10 + digits[:, 1], digits[:, 2] * 10 + digits[:, 3]
    day = np.where(day > 40, day - 40, day)
    dated = (day >= 1) & (day <= 31)
    dated &= np.logical_or.reduce([(month > mark) & (month <= mark + 12) for mark in MONTH_MARKS])
    return np.asarray(dated, dtype=np.bool_), _controlled(digits)


def _controlled(digits: NDArray[np.int64]) -> Mask:
    """From 2032 the first control digit may take four values; the second keeps its rule."""
    rest = digits[:, :9] @ FIRST % 11
    allowed = np.stack([(start - rest) % 11 for start in (11, 12, 13, 14)])
    first = (allowed == digits[:, 9]).any(axis=0)
    second = (11 - digits[:, :10] @ SECOND % 11) % 11 == digits[:, 10]
    return np.asarray(first & second, dtype=np.bool_)
