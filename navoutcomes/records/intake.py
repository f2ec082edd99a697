"""From a file to checked columns: the order in which things are looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.aliases import SYNTHETIC_MARKS
from navoutcomes.records.cells import Cells
from navoutcomes.records.codebook import Codebook, Column
from navoutcomes.records.date_limits import open_ends
from navoutcomes.records.files import load
from navoutcomes.records.headers import Recognised, recognise
from navoutcomes.records.identifiers import refuse_identity
from navoutcomes.records.kinds import Source, guessed, read_column
from navoutcomes.records.origin import Origin
from navoutcomes.records.rules import Rules
from navoutcomes.records.table import Table, with_headers_checked
from navoutcomes.records.words import folded


def take_in(
    path: str | Path, codebook: Codebook | None, rules: Rules, *, sheet: str | None, blank_id: str
) -> dict[str, Any]:
    """Load, refuse identities, recognise columns, read them. The result is what an ``Extract`` is made of.

    Identities are looked for before any cell is read.
    """
    table, sha256 = load(path, sheet)
    table = with_headers_checked(table)
    cells = table.cells()
    refuse_identity(cells)
    cells, synthetic, notes = _without_mark(cells)
    table = replace(table, headers=tuple(one.header for one in cells))
    source = Source(table.workbook, table.from_1904, blank_id)
    found = recognise(table, codebook)
    declared = zip(cells, found.columns, strict=True)
    refuse_identity(cells, [one.header for one, column in declared if column is not None and column.kind == "id"])
    notes = [*table.notes, *notes, note("columns_recognised", pairs=found.pairs(table.headers) or ("–",))]
    rules, more = _extraction(cells, found, rules, source)
    values, kinds, read_notes = _columns(cells, found, rules, source)
    frame, rows, dropped = _without_blank_ids(values, found, table)
    headers = dict(zip(found.names, table.headers, strict=True))
    if "end" in frame:
        read_notes += open_ends(frame["end"], headers["end"], rules)
    return {
        "_frame": frame,
        "origin": Origin(((Path(path).name, sha256),), rules.extracted, synthetic),
        "log": Log((*notes, *more, *read_notes, *dropped)),
        "headers": headers,
        "kinds": kinds,
        "rows": rows,
        "heading": table.heading,
    }


def _without_mark(cells: tuple[Cells, ...]) -> tuple[tuple[Cells, ...], bool, list[Note]]:
    """Take away the column that says the people are invented; a mark on some rows only is worth a warning."""
    kept, notes, synthetic = [], [], False
    for one in cells:
        marked = np.array([folded(text) in SYNTHETIC_MARKS for text in one.distinct], np.bool_)
        if marked.any() and marked[one.codes].all():
            synthetic = True
            notes.append(note("synthetic_data", column=one.header))
            continue
        if marked.any():
            notes.append(warning("synthetic_in_part", column=one.header, count=one.count(marked), total=len(one.codes)))
        kept.append(one)
    return tuple(kept), synthetic, notes


def _extraction(cells: tuple[Cells, ...], found: Recognised, rules: Rules, source: Source) -> tuple[Rules, list[Note]]:
    """The day of extraction: what the caller says, else the one date in the file's own column for it."""
    if "extracted" not in found.names:
        return rules, []
    place = found.names.index("extracted")
    column = found.columns[place] or Column("extracted", "date", required=False)
    parsed = read_column(cells[place], column, replace(rules, extracted=None), source)
    if parsed.problem is not None:
        raise parsed.problem
    dates = parsed.values.dropna().unique()
    header = cells[place].header
    if len(dates) != 1 or parsed.values.isna().any():
        return rules, [warning("extraction_dates_differ", column=header, count=len(dates))]
    day: date = pd.Timestamp(dates[0]).date()
    if rules.extracted is None:
        return replace(rules, extracted=day), [note("extraction_date_read", column=header, extracted=f"{day:%d.%m.%Y}")]
    if day != rules.extracted:
        both = {"extracted": f"{rules.extracted:%d.%m.%Y}", "in_file": f"{day:%d.%m.%Y}"}
        return rules, [warning("extraction_date_overruled", column=header, **both)]
    return rules, []


def _columns(
    cells: tuple[Cells, ...], found: Recognised, rules: Rules, source: Source
) -> tuple[dict[str, pd.Series[Any]], dict[str, str], list[Note]]:
    """Each column read as declared or as guessed; the first problem stops the reading."""
    values: dict[str, pd.Series[Any]] = {}
    kinds: dict[str, str] = {}
    notes: list[Note] = []
    decided: list[str] = []
    for one, declared, name in zip(cells, found.columns, found.names, strict=True):
        column, remarks = (declared, ()) if declared is not None else guessed(one, rules)
        notes += remarks
        if declared is None:
            decided.append(f"«{named(one.header)}»: {column.kind}")
        parsed = read_column(one, column, rules, source)
        if parsed.problem is not None:
            raise parsed.problem
        values[name], kinds[name] = parsed.values, column.kind
        notes += parsed.notes
    if decided:
        notes.insert(0, note("kinds_decided", kinds=decided))
    return values, kinds, notes


def _without_blank_ids(
    values: dict[str, pd.Series[Any]], found: Recognised, table: Table
) -> tuple[pd.DataFrame, Any, list[Note]]:
    """Rows without a pseudonym are left out when the caller says so; otherwise reading has already stopped."""
    frame = pd.DataFrame(values)
    ids = [(name, column) for name, column in zip(found.names, found.columns, strict=True) if column is not None]
    keys = [name for name, column in ids if column.kind == "id" and column.key]
    blank = frame[keys].isna().any(axis=1).to_numpy() if keys else np.zeros(len(frame), np.bool_)
    if not blank.any():
        return frame, table.rows, []
    if blank.all():
        raise DataProblem("file_no_rows", file=table.file, columns=list(table.headers))
    facts = {"count": int(blank.sum()), "total": len(frame), "rows": table.rows[blank].tolist()}
    headers = dict(zip(found.names, table.headers, strict=True))
    dropped = warning("ids_blank_dropped", column=[headers[name] for name in keys], **facts)
    return frame[~blank].reset_index(drop=True), table.rows[~blank], [dropped]
