"""What are the cells of an Excel workbook (xlsx)?"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zipfile import ZipFile

import numpy as np

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, note
from navoutcomes.records.sources.cells import DATE, NUMBER, TEXT, TRUTH, raw_of
from navoutcomes.records.sources.heading import LOOKED_AT, Looked, find_heading, recognised
from navoutcomes.records.sources.progress import Progress
from navoutcomes.records.sources.table import Table
from navoutcomes.records.sources.workbook_parts import merged_cells, unmade_formulas

Rows = list[tuple[int, tuple[Any, ...]]]
LONG = 20_000


def read_workbook(content: bytes, archive: ZipFile, sheet: str | None, looked: Looked) -> Table:
    """The cells of one sheet as text, with what Excel itself holds them for (number, date, text). Formulas count as
    the values Excel last gave them; nothing in the workbook is run.

    Raises: ``DataProblem`` when the workbook cannot be opened, when several sheets have the columns and none is named,
    when the header fills two rows, and when formulas have never been worked out.
    """
    read = _sheets(content, sheet, looked.file)
    if read is None:
        raise DataProblem("file_damaged", file=looked.file)
    sheets, names, parts, from_1904 = read
    shown = tuple(f"«{named(name)}»" for name in names)
    if sheet is not None and sheet not in sheets:
        raise DataProblem("sheet_unknown", file=looked.file, sheets=shown)
    chosen = _chosen({name: rows for name, rows in sheets.items() if rows}, looked, len(content))
    notes = (note("sheet_read", file=looked.file, sheet=f"«{named(chosen)}»"),) if len(names) > 1 else ()
    looked = replace(looked, sheet=f"«{named(chosen)}»", merged=merged_cells(archive, parts.get(chosen, "")))
    unmade = unmade_formulas(archive, parts.get(chosen, ""))
    if unmade:
        facts = {"count": len(unmade), "cells": unmade[:5]}
        raise DataProblem("formulas_without_values", file=looked.file, sheet=looked.sheet, **facts)
    return _table(sheets[chosen], looked, notes, from_1904)


def _sheets(
    content: bytes, sheet: str | None, file: str
) -> tuple[dict[str, Rows], list[str], dict[str, str], bool] | None:
    """The rows of each sheet asked for, all names, each sheet's part of the file; None when it is no workbook."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = {name: _rows(book[name], file) for name in book.sheetnames if sheet in (None, name)}
            parts = {name: str(getattr(book[name], "_worksheet_path", "")) for name in sheets}
            return sheets, list(book.sheetnames), parts, book.epoch.year == 1904
        except Exception:
            return None


def _rows(sheet: Any, file: str) -> Rows:
    """The rows with cells in them, with their numbers in the sheet. A chart sheet has none."""
    if not hasattr(sheet, "iter_rows"):
        return []
    total = int(sheet.max_row or 0)
    sheet.reset_dimensions()
    kept: Rows = []
    with Progress(file, total, LONG) as progress:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(value not in (None, "") for value in row):
                kept.append((number, row))
            if not number % 1000:
                progress.at(number)
    return kept


def _chosen(filled: Mapping[str, Rows], looked: Looked, size: int) -> str:
    """The only sheet with cells, or the only one with the columns that are needed."""
    if not filled:
        raise DataProblem("file_empty", file=looked.file, bytes=size)
    if len(filled) == 1:
        return next(iter(filled))
    fitting = [name for name, rows in filled.items() if any(_fits(row, looked) for _, row in rows[:LOOKED_AT])]
    if len(fitting) != 1:
        sheets = tuple(f"«{named(name)}»" for name in fitting or filled)
        raise DataProblem("sheet_needed", file=looked.file, sheets=sheets)
    return fitting[0]


def _fits(row: tuple[Any, ...], looked: Looked) -> bool:
    cells = [_written(value)[0] for value in row]
    return recognised(cells, looked.known) >= 2 and looked.has_needed(cells)


def _table(rows: Rows, looked: Looked, notes: tuple[Note, ...], from_1904: bool) -> Table:
    top = [(number, [_written(value)[0] for value in row]) for number, row in rows[:LOOKED_AT]]
    place, more = find_heading(top, looked)
    width = max(len(row) for _, row in rows[place:])
    header = top[place][1] + [""] * (width - len(top[place][1]))
    columns: list[list[str]] = [[] for _ in range(width)]
    natives: list[list[int]] = [[] for _ in range(width)]
    for _, row in rows[place + 1 :]:
        for at in range(width):
            text, kind = _written(row[at]) if at < len(row) else ("", TEXT)
            columns[at].append(text)
            natives[at].append(kind)
    return Table(
        looked.file,
        tuple(header),
        tuple(raw_of(*one) for one in zip(columns, natives, strict=True)),
        np.array([number for number, _ in rows[place + 1 :]], dtype=np.int64),
        heading=top[place][0],
        workbook=True,
        from_1904=from_1904,
        notes=(*notes, *more),
    )


def _written(value: Any) -> tuple[str, int]:
    """A cell as text, and what Excel holds it for."""
    if value is None:
        return "", TEXT
    if isinstance(value, bool):
        return str(value).lower(), TRUTH
    if isinstance(value, int | float):
        return (str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)), NUMBER
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds"), DATE
    if isinstance(value, date):
        return value.isoformat(), DATE
    return str(value), TEXT
