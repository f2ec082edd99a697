"""What is in the file, before columns have names and kinds?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note
from navoutcomes.records.cells import BLANKS, Cells, cells_of, trimmed
from navoutcomes.records.codebook import plain
from navoutcomes.records.identifiers import holds_identity_number


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Cells as text, column by column.

    ``rows`` are their rows in the file, ``native`` what the file holds each cell for (None where everything is text),
    ``heading`` the row of the headers, ``workbook`` whether the file is a spreadsheet.
    """

    file: str
    headers: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    rows: NDArray[np.int64]
    native: tuple[Sequence[int], ...] | None = None
    heading: int = 1
    workbook: bool = False
    from_1904: bool = False
    notes: tuple[Note, ...] = field(default=())

    def cells(self) -> tuple[Cells, ...]:
        """Every column as its distinct cells."""
        natives = self.native or (None,) * len(self.columns)
        parts = zip(self.headers, self.columns, natives, strict=True)
        return tuple(cells_of(header, texts, self.rows, native, self.heading) for header, texts, native in parts)


def with_headers_checked(table: Table) -> Table:
    """The table without empty columns nobody named; headers trimmed, each there and each once.

    Raises: ``DataProblem`` when the first row is data, when a column with cells has no header, when two headers are
    the same, or when there are no rows.
    """
    headers = tuple(trimmed(header) for header in table.headers)
    if any(holds_identity_number(header) or _is_value(header) for header in headers):
        raise DataProblem("header_is_data", file=named(table.file), rows=(table.heading,))
    if not len(table.rows):
        raise DataProblem("file_no_rows", file=named(table.file), columns=[header for header in headers if header])
    kept = [at for at, header in enumerate(headers) if header or any(text.strip(BLANKS) for text in table.columns[at])]
    unnamed = [at + 1 for at in kept if not headers[at]]
    if unnamed:
        raise DataProblem("header_blank", file=named(table.file), count=len(unnamed), positions=unnamed)
    for header in (headers[at] for at in kept):
        places = [at + 1 for at in kept if compared(headers[at]) == compared(header)]
        if len(places) > 1:
            raise DataProblem("header_repeated", file=named(table.file), column=header, positions=places)
    return replace(
        table,
        headers=tuple(headers[at] for at in kept),
        columns=tuple(table.columns[at] for at in kept),
        native=None if table.native is None else tuple(table.native[at] for at in kept),
    )


def compared(header: str) -> str:
    """A header as it is compared with others; one of signs only is compared as it stands."""
    return plain(header) or header


def _is_value(header: str) -> bool:
    """A header that is a date or a number with decimals is somebody's data."""
    dated = header.count(".") == 2 or header.count("-") == 2
    return dated and header.replace(".", "").replace("-", "").isdigit() and len(header) <= 10
