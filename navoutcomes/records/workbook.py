"""What are the cells of an Excel workbook (xlsx)?"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import note
from navoutcomes.records.cells import DATE, NUMBER, TEXT, TRUTH
from navoutcomes.records.table import Table


def read_workbook(path: Path, sheet: str | None) -> Table:
    """The cells of one sheet as text, with what Excel itself holds them for (number, date, text). Formulas count as
    the values Excel last gave them; nothing in the workbook is run.

    Raises: ``DataProblem`` when the workbook cannot be opened, or when several sheets have cells and none is named.
    """
    file = named(path.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = _opened(path)
        if book is None:
            raise DataProblem("file_damaged", file=file)
        try:
            sheets = {name: _rows(book[name]) for name in book.sheetnames if sheet in (None, name)}
            names, epoch_year = list(book.sheetnames), book.epoch.year
        finally:
            book.close()
    shown = tuple(f"«{named(name)}»" for name in names)
    if sheet is not None and sheet not in sheets:
        raise DataProblem("sheet_unknown", file=file, sheets=shown)
    filled = {name: rows for name, rows in sheets.items() if rows}
    if len(filled) > 1:
        raise DataProblem("sheet_needed", file=file, sheets=tuple(f"«{named(name)}»" for name in filled))
    if not filled:
        raise DataProblem("file_empty", file=file, bytes=path.stat().st_size)
    chosen, rows = next(iter(filled.items()))
    notes = (note("sheet_read", file=file, sheet=f"«{named(chosen)}»"),) if len(names) > 1 else ()
    return _table(file, rows, notes, epoch_year == 1904)


def _opened(path: Path) -> Any:
    """The workbook, or None when it is not one."""
    from openpyxl import load_workbook

    try:
        return load_workbook(path, read_only=True, data_only=True)
    except Exception:
        return None


def _rows(sheet: Any) -> list[tuple[int, tuple[Any, ...]]]:
    """The rows with cells in them, with their numbers in the sheet. A chart sheet has none."""
    if not hasattr(sheet, "iter_rows"):
        return []
    sheet.reset_dimensions()
    numbered = enumerate(sheet.iter_rows(values_only=True), start=1)
    return [(number, row) for number, row in numbered if any(value not in (None, "") for value in row)]


def _table(file: str, rows: list[tuple[int, tuple[Any, ...]]], notes: Iterable[Any], from_1904: bool) -> Table:
    width = max(len(row) for _, row in rows)
    header = [_written(value)[0] for value in rows[0][1]]
    header += [""] * (width - len(header))
    columns: list[list[str]] = [[] for _ in range(width)]
    natives: list[list[int]] = [[] for _ in range(width)]
    for _, row in rows[1:]:
        for at in range(width):
            text, kind = _written(row[at]) if at < len(row) else ("", TEXT)
            columns[at].append(text)
            natives[at].append(kind)
    numbers = np.array([number for number, _ in rows[1:]], dtype=np.int64)
    return Table(
        file,
        tuple(header),
        tuple(columns),
        numbers,
        tuple(natives),
        heading=rows[0][0],
        workbook=True,
        from_1904=from_1904,
        notes=tuple(notes),
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
