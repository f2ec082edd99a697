"""What are the cells of a text file with separators, whatever its encoding, separator and line ends?"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, note
from navoutcomes.records.table import Table

Rows: TypeAlias = NDArray[np.int64]
SEPARATORS = {";": ";", "\t": "tab", "|": "|", ",": ","}
LONGEST_CELL = 10_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_delimited(path: Path) -> Table:
    """Every cell as text. The separator is the one the header has most of, or the one a first line ``sep=`` names.

    Raises: ``DataProblem`` for bytes that are no text, an open quotation mark, or rows longer or shorter than the
    header.
    """
    file = named(path.name)
    text, notes = _decoded(path.read_bytes(), file)
    lines, separator, skipped = _with_separator(text.replace("\r\n", "\n").replace("\r", "\n"))
    records = _records(lines, separator, skipped, file)
    filled = [at for at, record in enumerate(records) if any(map(str.strip, record))]
    if not filled:
        raise DataProblem("file_empty", file=file, bytes=path.stat().st_size)
    header, rows = records[filled[0]], [records[at] for at in filled[1:]]
    numbers = np.array(filled, dtype=np.int64) + skipped + 1
    shown = SEPARATORS.get(separator, separator)
    if skipped:
        notes.append(note("separator_hint", file=file, separator=shown))
    elif len(header) > 1:
        notes.append(note("separator_found", file=file, separator=shown))
    if len(records) > len(filled):
        notes.append(note("blank_rows_skipped", file=file, count=len(records) - len(filled)))
    if '"' in lines:
        _check_quotes(rows, numbers[1:], len(header), separator, file)
    _check_lengths(rows, numbers[1:], len(header), shown, file)
    columns = tuple(zip(*rows, strict=False))[: len(header)] if rows else ((),) * len(header)
    return Table(file, tuple(header), columns, numbers[1:], heading=int(numbers[0]), notes=tuple(notes))


def _decoded(content: bytes, file: str) -> tuple[str, list[Note]]:
    """UTF-8 with or without mark of byte order; else UTF-16 with one; else cp1252, with a note."""
    wide = content.startswith(UTF16)
    if not wide and b"\0" in content:
        raise DataProblem("file_nul_bytes", file=file, offset=content.index(b"\0"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        text = _decode(content, encoding)
        if text is not None:
            return text, [] if encoding == "utf-8-sig" else [note("encoding_used", file=file, encoding=encoding)]
    raise DataProblem("file_encoding_unknown", file=file)


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _with_separator(lines: str) -> tuple[str, str, int]:
    """The lines, the separator, and how many lines above the table said so.

    Outside quotation marks, the separator the header has most of; semicolon when there is a choice.
    """
    first, _, rest = lines.partition("\n")
    hint = first.strip(" ").strip('"')
    if hint.lower().startswith("sep=") and len(hint) <= 5:
        return rest, hint[4:] or "\t", 1
    header = next((line for line in lines.split("\n") if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return lines, max(SEPARATORS, key=outside.count), 0


def _records(lines: str, separator: str, skipped: int, file: str) -> list[list[str]]:
    """The rows of the file, blank ones included so that rows can be counted, but for those at the end."""
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True)
    try:
        records.extend(reader)
        broken = False
    except csv.Error:
        broken = True
    if broken:
        raise DataProblem("file_quote_open", file=file, rows=(len(records) + skipped + 1,))
    while records and not any(records[-1]):
        records.pop()
    return records


def _check_quotes(rows: list[list[str]], numbers: Rows, width: int, separator: str, file: str) -> None:
    """No cell has swallowed rows after a quotation mark that was opened and closed much later."""
    swallowed = [at for at, row in enumerate(rows) if any(_has_swallowed(cell, width, separator) for cell in row)]
    if swallowed:
        raise DataProblem("file_quote_open", file=file, rows=numbers[swallowed].tolist())


def _has_swallowed(cell: str, width: int, separator: str) -> bool:
    if len(cell) > LONGEST_CELL:
        return True
    whole_rows = "\n" in cell and width > 1
    return whole_rows and any(line.count(separator) >= width - 1 for line in cell.split("\n"))


def _check_lengths(rows: list[list[str]], numbers: Rows, width: int, separator: str, file: str) -> None:
    """Every row is as long as the header; blank cells beyond it do no harm."""
    ragged = [at for at, row in enumerate(rows) if len(row) != width and (len(row) < width or any(row[width:]))]
    if ragged:
        facts = {"count": len(ragged), "total": len(rows), "rows": numbers[ragged].tolist()}
        raise DataProblem("file_rows_ragged", file=file, expected=width, separator=separator, **facts)
