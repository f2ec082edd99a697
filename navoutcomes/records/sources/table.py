"""What is in the file, before columns have names and kinds?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.identity.identifiers import holds_identity_number
from navoutcomes.records.sources.cells import Cells, Mask, Raw, cells_from, trimmed

MOST_COLUMNS = 16_384


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Cells as text, column by column.

    ``rows`` are their rows in the file, ``heading`` the row of the headers, ``workbook`` whether the file is a
    spreadsheet and ``from_1904`` whether it counts days from 1904.
    """

    file: str
    headers: tuple[str, ...]
    columns: tuple[Raw, ...]
    rows: NDArray[np.int64]
    heading: int = 1
    workbook: bool = False
    from_1904: bool = False
    notes: tuple[Note, ...] = field(default=())

    def cells(self) -> tuple[Cells, ...]:
        """Every column as its distinct cells."""
        pairs = zip(self.headers, self.columns, strict=True)
        return tuple(cells_from(raw, header, self.rows, self.heading) for header, raw in pairs)

    def taken(self, keep: Mask | NDArray[np.int64], notes: tuple[Note, ...] = ()) -> Table:
        """Some of the rows, with remarks on why the others went."""
        columns = tuple(raw.taken(keep) for raw in self.columns)
        return replace(self, columns=columns, rows=self.rows[keep], notes=(*self.notes, *notes))


def with_headers_checked(table: Table) -> Table:
    """The table without empty columns nobody named; headers trimmed, each there and each once.

    Raises: ``DataProblem`` when the first row is data, when a column with cells has no header, when two headers are
    the same, or when there are no rows.
    """
    file, headers = named(table.file), tuple(trimmed(header) for header in table.headers)
    if any(holds_identity_number(header) or _is_value(header) for header in headers):
        raise DataProblem("header_is_data", file=file, rows=(table.heading,))
    if not len(table.rows):
        raise DataProblem("file_no_rows", file=file, columns=[header for header in headers if header])
    kept = [at for at, header in enumerate(headers) if header or table.columns[at].filled]
    unnamed = [at + 1 for at in kept if not headers[at]]
    if unnamed:
        raise DataProblem("header_blank", file=file, count=len(unnamed), positions=unnamed[:20])
    places: dict[str, list[int]] = {}
    for at in kept:
        places.setdefault(compared(headers[at]), []).append(at)
    for same in places.values():
        if len(same) > 1:
            positions = [at + 1 for at in same]
            raise DataProblem("header_repeated", file=file, column=headers[same[0]], positions=positions)
    return replace(
        table,
        headers=tuple(headers[at] for at in kept),
        columns=tuple(table.columns[at] for at in kept),
    )


def compared(header: str) -> str:
    """A header as it is compared with others; one of signs only is compared as it stands."""
    return plain(header) or header


def _is_value(header: str) -> bool:
    """A header that is a date, a moment or a number with decimals is somebody's data."""
    if len(header) <= 10 and 2 in (header.count("."), header.count("-")):
        return header.replace(".", "").replace("-", "").isdigit()
    return re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,20}|\d+[.,]\d+", header) is not None
