"""What are the cells of a text file with separators, whatever its encoding, separator and line ends?"""

from __future__ import annotations

import csv
import io
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import note
from navoutcomes.records.sources.cells import BLANKS, raw_of
from navoutcomes.records.sources.decoded import decoded
from navoutcomes.records.sources.heading import LOOKED_AT, Looked, find_heading, recognised
from navoutcomes.records.sources.one_column import sign_between
from navoutcomes.records.sources.progress import Progress
from navoutcomes.records.sources.table import MOST_COLUMNS, Table

Rows: TypeAlias = NDArray[np.int64]
Records: TypeAlias = list[list[str]]
SEPARATORS = {";": ";", "\t": "tab", "|": "|", ",": ","}
LONGEST_CELL = 10_000
TOP = 1 << 16


def read_delimited(content: bytes, looked: Looked) -> Table:
    """Every cell as text. The separator is the one that makes most of the header known, or the one a first line
    ``sep=`` names.

    Raises: ``DataProblem`` for bytes that are no text, an open quotation mark, cells or rows beyond all measure, or
    rows longer or shorter than the header.
    """
    text, notes = decoded(content, looked.file)
    lines, separator, skipped = with_separator(text.replace("\r\n", "\n").replace("\r", "\n"), looked)
    records = _records(lines, separator, skipped, looked.file)
    filled = [at for at, record in enumerate(records) if any(cell.strip(BLANKS) for cell in record)]
    if not filled:
        raise DataProblem("file_empty", file=looked.file, bytes=len(content))
    first = [(at + skipped + 1, records[at]) for at in filled[:LOOKED_AT]]
    place, more = find_heading(first, looked)
    header, rows = records[filled[place]], [records[at] for at in filled[place + 1 :]]
    if len(header) == 1 and (sign := sign_between(header[0], [row[0] for row in rows[:LOOKED_AT] if row], looked)):
        raise DataProblem("file_separator_strange", file=looked.file, sign=sign, rows=(filled[place] + skipped + 1,))
    numbers = np.array(filled[place:], dtype=np.int64) + skipped + 1
    shown = SEPARATORS.get(separator, separator)
    if skipped:
        notes.append(note("separator_hint", file=looked.file, separator=shown))
    elif len(header) > 1:
        notes.append(note("separator_found", file=looked.file, separator=shown))
    blank = len(records) - filled[place] - len(numbers)
    if blank:
        notes.append(note("blank_rows_skipped", file=looked.file, count=blank))
    _check_cells(rows, numbers[1:], len(header), separator, '"' in lines, looked.file)
    _check_lengths(rows, numbers[1:], len(header), shown, looked.file)
    columns = tuple(zip(*rows, strict=False))[: len(header)] if rows else ((),) * len(header)
    raws = tuple(raw_of(texts) for texts in columns)
    return Table(looked.file, tuple(header), raws, numbers[1:], int(numbers[0]), notes=(*notes, *more))


def with_separator(lines: str, looked: Looked) -> tuple[str, str, int]:
    """The lines, the separator, and how many lines above the table said so.

    Outside quotation marks, the separator by which most headers are known, else the one the first line has most of;
    semicolon when there is a choice. Raises: ``DataProblem`` when there are more columns than anybody has.
    """
    first, _, rest = lines.partition("\n")
    hint = first.strip(" ").strip('"')
    if hint.lower().startswith("sep=") and len(hint) <= 5:
        return rest, hint[4:] or "\t", 1
    top = [line[:TOP] for line in lines.split("\n", 4 * LOOKED_AT)[: 4 * LOOKED_AT] if line.strip(BLANKS)][:LOOKED_AT]
    outside = "".join((top[0] if top else "").split('"')[::2])

    def fits(separator: str) -> tuple[int, int]:
        named = [recognised([cell.strip('" ') for cell in line.split(separator)], looked.known) for line in top]
        return max(named, default=0), outside.count(separator)

    separator = max(SEPARATORS, key=fits)
    columns = max((line.count(separator) + 1 for line in lines.split("\n", LOOKED_AT)[:LOOKED_AT]), default=0)
    if columns > MOST_COLUMNS:
        raise DataProblem("file_too_wide", file=looked.file, count=columns, limit=MOST_COLUMNS)
    return lines, separator, 0


def _records(lines: str, separator: str, skipped: int, file: str) -> Records:
    """The rows of the file, blank ones included so that rows can be counted, but for those at the end."""
    records: Records = []
    source, broken = io.StringIO(lines, newline=""), ""
    reader = csv.reader(source, delimiter=separator, strict=True)
    with Progress(file, len(lines)) as progress:
        try:
            for record in reader:
                records.append(record)
                if not len(records) % 50_000:
                    progress.at(source.tell())
        except csv.Error as error:
            broken = "long" if "limit" in str(error) and '"' not in lines else "quote"
    number = (len(records) + skipped + 1,)
    if broken == "long":
        raise DataProblem("cell_too_long", file=file, rows=number, limit=LONGEST_CELL)
    if broken:
        raise DataProblem("file_quote_open", file=file, rows=number)
    while records and not any(records[-1]):
        records.pop()
    return records


def _check_cells(rows: Records, numbers: Rows, width: int, separator: str, quoted: bool, file: str) -> None:
    """No cell is longer than any text, and none has swallowed rows after a quotation mark closed much later."""
    long = [at for at, row in enumerate(rows) if max(map(len, row), default=0) > LONGEST_CELL]
    if long and not quoted:
        raise DataProblem("cell_too_long", file=file, rows=numbers[long].tolist(), limit=LONGEST_CELL)
    if quoted and width > 1:
        swallowed = (any("\n" in cell and _holds_rows(cell, width, separator) for cell in row) for row in rows)
        long += [at for at, found in enumerate(swallowed) if found]
    if long:
        raise DataProblem("file_quote_open", file=file, rows=numbers[sorted(set(long))].tolist())


def _holds_rows(cell: str, width: int, separator: str) -> bool:
    return any(line.count(separator) >= width - 1 for line in cell.split("\n"))


def _check_lengths(rows: Records, numbers: Rows, width: int, separator: str, file: str) -> None:
    """Every row is as long as the header; blank cells beyond it do no harm."""
    ragged = [at for at, row in enumerate(rows) if len(row) != width and (len(row) < width or any(row[width:]))]
    if ragged:
        facts = {"count": len(ragged), "total": len(rows), "rows": numbers[ragged].tolist()}
        raise DataProblem("file_rows_ragged", file=file, expected=width, separator=separator, **facts)
