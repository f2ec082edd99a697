"""By which rules is this file read, and are the rules themselves clear?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from navoutcomes.errors import DataProblem

DATE_FORMATS = ("dd.mm.yyyy", "dd/mm/yyyy", "mm/dd/yyyy", "yyyymmdd", "ddmmyy", "%d/%m/%Y")
SIGNS = (",", ".", " ")
WINDOW = ("1945-01-01", "2100-12-31")
PLACEHOLDERS = ("0001-01-01", "1900-01-01")

_TOKENS = {"%d": "d", "%m": "m", "%Y": "yyyy", "%y": "yy"}
_WIDTHS = {"d": r"(?P<day>\d{1,2})", "dd": r"(?P<day>\d{LOW,2})", "m": r"(?P<month>\d{1,2})"}
_WIDTHS |= {"mm": r"(?P<month>\d{LOW,2})", "yy": r"(?P<year>\d{2})", "yyyy": r"(?P<year>\d{4})"}


@dataclass(frozen=True)
class Rules:
    """The options of ``read``, checked. Options that may differ by column are values or mappings from column names."""

    date_format: str | Mapping[str, str] | None
    pivot_year: int | Mapping[str, int] | None
    excel_serial: bool
    decimal: str | Mapping[str, str] | None
    thousands: str | Mapping[str, str] | None
    missing: frozenset[str]
    placeholders: tuple[np.datetime64, ...]
    window: tuple[np.datetime64, np.datetime64]
    extracted: date | None


def rules_of(
    *,
    date_format: str | Mapping[str, str] | None,
    pivot_year: int | Mapping[str, int] | None,
    excel_serial: bool,
    decimal: str | Mapping[str, str] | None,
    thousands: str | Mapping[str, str] | None,
    missing: tuple[str, ...] | str,
    missing_dates: tuple[str | date, ...],
    window: tuple[str | date | None, str | date | None],
    extracted: str | date | None,
) -> Rules:
    """The options of ``read`` as rules. Raises ``DataProblem`` naming the option that cannot be understood."""
    for form in _all(date_format):
        date_pattern(form)
    for option, signs in (("decimal", decimal), ("thousands", thousands)):
        if not set(_all(signs)) <= set(SIGNS[:2] if option == "decimal" else SIGNS):
            raise DataProblem("option_not_understood", option=f"{option}=", allowed=("','", "'.'"))
    if decimal is not None and decimal == thousands:
        raise DataProblem(
            "option_not_understood", option="decimal=, thousands=", allowed=("decimal=',', thousands='.'",)
        )
    for pivot in _all(pivot_year):
        if not isinstance(pivot, int) or not 1900 <= pivot <= 2200:
            raise DataProblem("option_not_understood", option="pivot_year=", allowed=("1900–2200",))
    words = (missing,) if isinstance(missing, str) else missing
    earliest, latest = (end if end is not None else default for end, default in zip(window, WINDOW, strict=True))
    return Rules(
        date_format=date_format,
        pivot_year=pivot_year,
        excel_serial=excel_serial,
        decimal=decimal,
        thousands=thousands,
        missing=frozenset(word.strip().casefold() for word in words),
        placeholders=tuple(np.datetime64(as_date(one, "missing_dates="), "D") for one in missing_dates),
        window=(np.datetime64(as_date(earliest, "window="), "D"), np.datetime64(as_date(latest, "window="), "D")),
        extracted=None if extracted is None else as_date(extracted, "extracted="),
    )


def chosen(option: Any, name: str, header: str) -> Any:
    """An option for one column: the value itself, or what a mapping says for its standard name or its header."""
    return option.get(name, option.get(header)) if isinstance(option, Mapping) else option


def as_date(value: str | date, option: str) -> date:
    """A date given as an option: a date, ``yyyy-mm-dd`` or ``dd.mm.yyyy``. Raises ``DataProblem`` naming the option."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = str(value).strip()
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    parts = iso.groups() if iso else dotted.groups()[::-1] if dotted else ("0", "0", "0")
    year, month, day = (int(part) for part in parts)
    if 1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= int(days_in_month(np.array(year), np.array(month))):
        return date(year, month, day)
    raise DataProblem("option_not_understood", option=option, allowed=("yyyy-mm-dd", "dd.mm.yyyy"))


def days_in_month(year: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Days of a month, 0 for months there are not. Shapes: as ``year`` and ``month``."""
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    known = (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.asarray(np.where(known, lengths[np.where(known, month, 0)] + (leap & (month == 2)), 0))


def date_pattern(form: str) -> re.Pattern[str]:
    """A date format as a pattern with the groups day, month and year.

    ``form`` is written with d, m and y (or å), such as ``dd/mm/yyyy``, or with %d, %m, %Y and %y.

    Raises: ``DataProblem`` when one of day, month and year is missing or stands twice.
    """
    words = str(form).lower().replace("å", "y") if "%" not in str(form) else str(form)
    for token, word in _TOKENS.items():
        words = words.replace(token, word)
    pieces = re.findall(r"d+|m+|y+|[^dmy]+", words)
    fields = sorted(piece[0] for piece in pieces if piece[0] in "dmy")
    widths = all(piece in _WIDTHS for piece in pieces if piece[0] in "dmy")
    separators = [piece for piece in pieces if piece[0] not in "dmy"]
    if fields != ["d", "m", "y"] or not widths or any(re.search(r"[\w%]", piece) for piece in separators):
        raise DataProblem("option_not_understood", option="date_format=", allowed=DATE_FORMATS)
    low = "1" if separators else "2"
    return re.compile("".join(_WIDTHS.get(piece, re.escape(piece)).replace("LOW", low) for piece in pieces))


def _all(option: Any) -> tuple[Any, ...]:
    return () if option is None else tuple(option.values()) if isinstance(option, Mapping) else (option,)
