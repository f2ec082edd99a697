"""What are the cells of a parquet file?"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from navoutcomes.errors import DataProblem, named
from navoutcomes.records.cells import DATE, NUMBER, TEXT, TRUTH
from navoutcomes.records.table import Table

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
NUMBERS = ("FLOAT", "DOUBLE", "DECIMAL", *WHOLE, *(f"U{name}" for name in WHOLE))


def read_parquet(path: Path) -> Table:
    """Every cell as text, with the type the file declares. The first row with data counts as row 2, as in other files.

    Raises: ``DataProblem`` when the file cannot be read.
    """
    file = named(path.name)
    read = _read(path)
    if read is None:
        raise DataProblem("file_damaged", file=file)
    headers, types, rows = read
    columns = tuple(zip(*rows, strict=True)) if rows else ((),) * len(headers)
    native = tuple(tuple(kind if text else TEXT for text in texts) for kind, texts in zip(types, columns, strict=True))
    return Table(file, headers, columns, np.arange(2, len(rows) + 2, dtype=np.int64), native)


def _read(path: Path) -> tuple[tuple[str, ...], tuple[int, ...], list[tuple[str, ...]]] | None:
    """Headers, what each column holds, and rows of text; None when DuckDB cannot read the file."""
    import duckdb

    literal = re.sub(r"([\[*?])", r"[\1]", str(path))
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [literal]).fetchall()
            question = "SELECT coalesce(COLUMNS(*)::VARCHAR, '') FROM read_parquet(?)"
            rows = connection.execute(question, [literal]).fetchall()
    except duckdb.Error:
        return None
    return tuple(str(one[0]) for one in described), tuple(_kind(str(one[1])) for one in described), rows


def _kind(declared: str) -> int:
    if declared.startswith(NUMBERS):
        return NUMBER
    if declared.startswith(("DATE", "TIMESTAMP")):
        return DATE
    return TRUTH if declared == "BOOLEAN" else TEXT
