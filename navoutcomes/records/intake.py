"""From a file to checked columns: the order in which things are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.columns.aliases import SYNTHETIC_MARKS, USUAL_COLUMNS
from navoutcomes.records.columns.by_content import settled
from navoutcomes.records.columns.codebook import Codebook, Column, known_as
from navoutcomes.records.columns.constant import not_one_person
from navoutcomes.records.columns.date_limits import open_ends
from navoutcomes.records.columns.empty import check_filled
from navoutcomes.records.columns.headers import Recognised, id_headers, recognise
from navoutcomes.records.columns.kinds import Source, guessed, read_column
from navoutcomes.records.columns.mapping import LEFT_OUT, ColumnMapping
from navoutcomes.records.columns.translated import words_read_as
from navoutcomes.records.columns.words import folded
from navoutcomes.records.identity.identifiers import refuse_identity
from navoutcomes.records.identity.private import without_private
from navoutcomes.records.identity.pseudonyms import pseudonymised
from navoutcomes.records.identity.secret_key import secret_key
from navoutcomes.records.origin import Origin
from navoutcomes.records.rules import Rules
from navoutcomes.records.sources.cells import Cells
from navoutcomes.records.sources.mojibake import cells_repaired, headers_repaired
from navoutcomes.records.sources.table import Table, with_headers_checked
from navoutcomes.records.sources.totals import without_totals
from navoutcomes.records.sources.wide import made_long
from navoutcomes.texts import LANGUAGES, Text, say


@dataclass(frozen=True)
class Asked:
    """How the caller wants a table taken in: by which mapping, and what to do about blanks, letters and years."""

    codebook: Codebook | None
    mapping: ColumnMapping
    blank_id: str = "error"
    repair_mojibake: bool = False
    melt: tuple[str, ...] = ()
    key: str | Path | None = None
    beside: Path | None = None


@dataclass
class Findings:
    """What has been found so far. With ``stop`` the first problem ends the reading; a check goes on and keeps them."""

    stop: bool = True
    headers: tuple[str, ...] = ()
    recognised: Recognised | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[DataProblem] = field(default_factory=list)

    def problem(self, found: DataProblem) -> None:
        """Stop here, or keep it and go on."""
        if self.stop:
            raise found
        self.problems.append(found)


def take_in(table: Table, source: tuple[str, str], rules: Rules, asked: Asked, findings: Findings) -> dict[str, Any]:
    """Refuse identities, recognise columns, read them. The result is what an ``Extract`` is made of.

    ``source`` is the name and sha256 of what was read. Identities are looked for before any cell is read; with a key
    they are pseudonyms from then on.
    """
    table = with_headers_checked(headers_repaired(table))
    findings.headers = table.headers
    table = made_long(table, asked.melt, *_known(asked.codebook))
    cells = table.cells()
    key = None if asked.key is None else secret_key(asked.key, asked.beside or Path())
    cells, made = (cells, []) if key is None else pseudonymised(cells, key)
    made += refuse_identity(cells, id_headers(table.headers, asked.codebook, asked.mapping))
    cells, left = _left_out(cells, asked.mapping)
    cells, private = without_private(cells, asked.codebook, asked.mapping)
    cells, translated = words_read_as(cells, asked.mapping)
    cells, synthetic, notes = _without_mark(cells)
    if not cells:
        raise DataProblem("no_columns_left", file=table.file, columns=table.headers, count=len(table.headers))
    cells, mended = cells_repaired(cells, asked.repair_mojibake)
    found = recognise(replace(table, headers=tuple(one.header for one in cells)), asked.codebook, asked.mapping)
    found = settled(found, cells, asked.mapping, rules)
    cells, dropped = without_totals(cells, found.place("person"), table.file)
    headers = tuple(one.header for one in cells)
    findings.headers, findings.recognised = headers, found
    findings.notes += [*table.notes, *made, *left, *private, *translated, *notes, *mended, *dropped]
    findings.notes.append(note("columns_recognised", pairs=found.pairs(headers) or ("–",)))
    taken = Source(table.workbook, table.from_1904, asked.blank_id)
    rules, more = _extraction(cells, found, rules, taken, findings)
    findings.notes += more
    values, kinds = _columns(cells, found, rules, taken, findings)
    findings.notes += check_filled(cells, found, _ended(values, rules), asked.blank_id, findings.problem)
    frame, rows = pd.DataFrame(values, copy=False), cells[0].rows
    blanks: list[Note] = []
    if asked.blank_id == "drop":
        frame, rows, blanks = _without_blank_ids(frame, found, headers, rows, table.file)
    by_name = dict(zip(found.names, headers, strict=True))
    if (confused := not_one_person(frame, by_name, rows, table.heading)) is not None:
        findings.problem(confused)
    if "end" in frame:
        findings.notes += open_ends(frame["end"], by_name["end"], rules)
    findings.notes += blanks
    return {
        "_frame": frame,
        "origin": Origin((source,), rules.extracted, synthetic),
        "log": Log(tuple(findings.notes)),
        "headers": by_name,
        "kinds": kinds,
        "rows": rows,
        "heading": table.heading,
    }


def _known(codebook: Codebook | None) -> tuple[frozenset[str], frozenset[str]]:
    """Headers with a meaning, and those the codebook declares, as ``plain`` writes them."""
    declared = frozenset(name for column in (codebook.columns if codebook else ()) for name in known_as(column))
    return declared | {name for column in USUAL_COLUMNS.columns for name in known_as(column)}, declared


def _left_out(cells: tuple[Cells, ...], mapping: ColumnMapping) -> tuple[tuple[Cells, ...], list[Note]]:
    """The columns the mapping does not leave out; a mapping that speaks of other columns is worth a warning."""
    out = [one.header for one in cells if mapping.target(one.header) == LEFT_OUT]
    notes = [note("columns_left_out", columns=out)] if out else []
    absent = mapping.absent(tuple(one.header for one in cells))
    if absent:
        notes.append(warning("mapping_headers_absent", file=named(mapping.file), columns=absent))
    kept = tuple(one for one in cells if one.header not in out)
    if not kept:
        raise DataProblem("mapping_leaves_nothing", file=named(mapping.file), columns=out)
    return kept, notes


def _without_mark(cells: tuple[Cells, ...]) -> tuple[tuple[Cells, ...], bool, list[Note]]:
    """Take away the column that says the people are invented; a mark on some rows only is worth a warning."""
    kept, notes, synthetic = [], [], False
    for one in cells:
        if not any(one.holds(mark) for mark in SYNTHETIC_MARKS):
            kept.append(one)
            continue
        marked = np.array([folded(text) in SYNTHETIC_MARKS for text in one.distinct], np.bool_)
        if marked.any() and marked[one.codes].all():
            synthetic = True
            notes.append(note("synthetic_data", column=one.header))
            continue
        if marked.any():
            notes.append(warning("synthetic_in_part", column=one.header, count=one.count(marked), total=len(one.codes)))
        kept.append(one)
    return tuple(kept), synthetic, notes


def _extraction(
    cells: tuple[Cells, ...], found: Recognised, rules: Rules, source: Source, findings: Findings
) -> tuple[Rules, list[Note]]:
    """The day of extraction: what the caller says, else the one date in the file's own column for it."""
    place = found.place("extracted")
    if place is None:
        return rules, []
    column = found.columns[place] or Column("extracted", "date", required=False)
    parsed = read_column(cells[place], column, replace(rules, extracted=None), source)
    if parsed.problem is not None:
        if findings.stop:
            raise parsed.problem
        return rules, []
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
    cells: tuple[Cells, ...], found: Recognised, rules: Rules, source: Source, findings: Findings
) -> tuple[dict[str, pd.Series[Any]], dict[str, str]]:
    """Each column read as declared or as guessed; remarks by header, so that the order of columns changes no report."""
    values: dict[str, pd.Series[Any]] = {}
    kinds: dict[str, str] = {}
    told: dict[str, tuple[Note, ...]] = {}
    decided: dict[str, Text] = {}
    for one, declared, name in zip(cells, found.columns, found.names, strict=True):
        column, remarks = (declared, ()) if declared is not None else guessed(one, rules)
        if declared is None:
            decided[one.header] = _decided(one.header, column.kind)
        parsed = read_column(one, column, rules, source)
        kinds[name] = column.kind
        told[one.header] = (*remarks, *parsed.notes)
        if parsed.problem is None:
            values[name], findings.kinds[name] = parsed.values, column.kind
        else:
            findings.problem(parsed.problem)
    if decided:
        findings.notes.append(note("kinds_decided", kinds=[decided[header] for header in sorted(decided)]))
    findings.notes += [remark for header in sorted(told) for remark in told[header]]
    return values, kinds


def _decided(header: str, kind: str) -> Text:
    """What a column was taken to hold, in every language."""
    shown = f"«{named(header)}»"
    return Text(**{language: f"{shown}: {say('words', f'kind_{kind}', language)}" for language in LANGUAGES})


def _ended(values: dict[str, pd.Series[Any]], rules: Rules) -> bool:
    """Has any spell ended by the day of extraction?"""
    ends = values.get("end")
    if ends is None or not pd.api.types.is_datetime64_any_dtype(ends):
        return False
    known = ends.to_numpy()
    return bool((known <= np.datetime64(rules.extracted or "9999-12-31", "s")).any())


def _without_blank_ids(
    frame: pd.DataFrame, found: Recognised, headers: tuple[str, ...], rows: Any, file: str
) -> tuple[pd.DataFrame, Any, list[Note]]:
    """Rows without a pseudonym are left out where the caller says so; otherwise they stop the reading."""
    ids = [(name, column) for name, column in zip(found.names, found.columns, strict=True) if column is not None]
    keys = [name for name, column in ids if column.kind == "id" and column.key and name in frame]
    blank = frame[keys].isna().any(axis=1).to_numpy() if keys else np.zeros(len(frame), np.bool_)
    if not blank.any():
        return frame, rows, []
    if blank.all():
        raise DataProblem("file_no_rows", file=named(file), columns=list(headers))
    facts = {"count": int(blank.sum()), "total": len(frame), "rows": rows[blank].tolist()}
    by_name = dict(zip(found.names, headers, strict=True))
    dropped = warning("ids_blank_dropped", column=[by_name[name] for name in keys], **facts)
    return frame[~blank].reset_index(drop=True), rows[~blank], [dropped]
