"""What does this file of the register say? Every column known, every repair in the log."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataWarning, door
from navoutcomes.notes import Log
from navoutcomes.records.columns.codebook import Codebook
from navoutcomes.records.columns.mapping import ColumnMapping
from navoutcomes.records.intake import Findings, take_in
from navoutcomes.records.origin import Origin
from navoutcomes.records.reading import prepared
from navoutcomes.records.rules import PLACEHOLDERS, WINDOW
from navoutcomes.texts import say


@dataclass(frozen=True, eq=False, repr=False)
class Extract:
    """Columns of a register file, read and checked; national identity numbers are refused and every repair is logged.

    ``frame`` hands out a copy of the rows; ``origin`` is the file, the day of extraction and whether the people are
    invented; ``headers`` what each column is called in the file; ``kinds`` what each holds; ``rows`` the row of the
    file each row came from and ``heading`` that of the headers; ``end_inclusive`` whether the end date is the last day
    in the spell. Shows itself by counts, never by cells.
    """

    _frame: pd.DataFrame
    origin: Origin
    log: Log
    codebook: Codebook | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    heading: int = 1
    end_inclusive: bool = True

    @property
    def frame(self) -> pd.DataFrame:
        """The rows, as a copy."""
        return self._frame.copy()

    def _holds(self, name: str) -> str:
        return say("words", f"kind_{self.kinds.get(name, 'unread')}")

    def __repr__(self) -> str:
        columns = ", ".join(f"{name}: {self._holds(name)}" for name in self._frame.columns)
        return f"{_summary(self)}\n{columns}\n{self.log!r}"

    def _repr_html_(self) -> str:
        filled = self._frame.notna().sum()
        titles = ("extract_column", "extract_kind", "extract_filled")
        head = "".join(f"<th>{escape(say('words', title))}</th>" for title in titles)
        body = "".join(
            f"<tr><td>{escape(str(name))}</td><td>{escape(self._holds(str(name)))}</td><td>{count}</td></tr>"
            for name, count in filled.items()
        )
        return f"<p>{escape(_summary(self))}</p><table><tr>{head}</tr>{body}</table>{self.log._repr_html_()}"


@door
def read(
    source: str | Path | Any,
    codebook: Codebook | None = None,
    *,
    table: str | None = None,
    query: str | None = None,
    parameters: Mapping[str, Any] | Sequence[Any] | None = None,
    mapping: str | Path | Mapping[str, Any] | ColumnMapping | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    extracted: str | date | None = None,
    date_format: str | Mapping[str, str] | None = None,
    pivot_year: int | Mapping[str, int] | None = None,
    excel_serial: bool = False,
    decimal: str | Mapping[str, str] | None = None,
    thousands: str | Mapping[str, str] | None = None,
    missing: tuple[str, ...] | str = (),
    missing_dates: tuple[str | date, ...] = PLACEHOLDERS,
    window: tuple[str | date | None, str | date | None] = WINDOW,
    end_inclusive: bool = True,
    blank_id: str = "error",
    repair_mojibake: bool = False,
    melt: tuple[str, ...] | str = (),
    pseudonymise: str | Path | None = None,
) -> Extract:
    """What does this file, table or answer of a database say of the register?

    Columns declared in the ``codebook`` are read as declared; for what it does not name, the usual Norwegian and
    English headers are recognised, and the kind of other columns is decided from what stands in them. Nothing is
    guessed that can mean two things: the message then names the option that decides it.

    ``source``: the path of a csv, txt, xlsx or parquet file, or of a zip or gz with one such file in it; a DuckDB or
    SQLite file; a relation or connection of DuckDB; an engine, connection or URL of SQLAlchemy. Never pickle.
    ``table``, ``query``: in a database, the table to read, or one question; ``parameters`` are the values of the
    question (:name through SQLAlchemy, $name in DuckDB), which are bound and never pasted. Nothing is changed.
    ``mapping``: what columns of other names mean, as a TOML file (``navoutcomes check FILE`` writes one to edit) or a
    mapping with the parts ``columns``, ``kinds`` and ``read``; options given here go before those it holds. By default
    the file the variable NAVOUTCOMES_CONFIG names, when it is the user's own.
    ``sheet``: which sheet of a workbook (default: the only one with cells, or with the columns that are needed).
    ``header_row``: the row of the file with the names of columns (default: the first with cells, or the one that names
    known columns); rows above it are left out.
    ``extracted``: the day the register was read (date, yyyy-mm-dd or dd.mm.yyyy); by default a column of the file that
    says so (Uttrekksdato), otherwise not known.
    ``date_format``: form of dates that could be read in two ways, such as "dd/mm/yyyy".
    ``pivot_year``: the last year a two-digit year can mean; dates of birth need their own,
    ``pivot_year={"birth_date": 2010}``.
    ``excel_serial``: whole numbers in date columns are days as Excel counts them.
    ``decimal``, ``thousands``: the signs in numbers (default: decimal comma, spaces between thousands).
    ``missing``: words that mean "not known". ``missing_dates``: dates that mean it (default 01.01.0001 and 01.01.1900).
    ``window``: first and last possible date (default 1945 to 2100). 31.12.9999 as an end means that the spell is open.
    ``end_inclusive``: whether the end date is the last day of the spell (as in NAV's registers) or the day after.
    ``blank_id``: "error", or "drop" to leave out rows without a pseudonym, with a warning.
    ``repair_mojibake``: letters that were read as the wrong alphabet before (TromsÃ¸) become what they were.
    ``melt``: the first part of columns that stand once a year ("utfall" for utfall_2015, utfall_2016): each year gets
    its own row, and the year a column.
    ``pseudonymise``: the file of a secret key (see ``nav.pseudonymise``), for those who may read identity numbers: they
    become pseudonyms before anything else is read. Without it a file with identity numbers is refused.
    ``date_format``, ``pivot_year``, ``decimal`` and ``thousands`` may be mappings from column names.

    Shapes: dates are datetime64[s], integers Int64, other numbers float64, flags boolean, words and ids str or None.
    Raises: ``DataProblem`` when the file cannot be read without guessing, or holds national identity numbers.
    Warns: ``DataWarning`` for each repair that somebody should look at; all repairs are in ``log``.
    """
    asked = {name: value for name, value in locals().items() if name not in ("source", "codebook")}
    ready = prepared(source, codebook, asked)
    taken = take_in(ready.table, ready.source, ready.rules, ready.asked, Findings())
    extract = Extract(**taken, codebook=codebook, end_inclusive=ready.end_inclusive)
    announce(extract.log)
    return extract


def announce(log: Log) -> None:
    """Issue the warnings of a log as ``DataWarning``, at the line of the caller of the public function."""
    for remark in log:
        if remark.level == "warning":
            warnings.warn(remark.text(), DataWarning, stacklevel=4)


def _summary(extract: Extract) -> str:
    facts: dict[str, Any] = {"rows": len(extract._frame), "columns": len(extract._frame.columns)}
    return say("words", "extract_summary", file=", ".join(extract.origin.names), **facts)
