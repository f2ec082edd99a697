"""What are the cells of a parquet file, or of any other result of DuckDB?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.records.sources.cells import DATE, NUMBER, TEXT, TRUTH, Raw, raw_of
from navoutcomes.records.sources.heading import Looked
from navoutcomes.records.sources.table import MOST_COLUMNS, Table

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
# Beside its own errors, DuckDB lets some of C++ and of its bindings through: text that is no UTF-8, sizes of no sense.
FOREIGN = (RuntimeError, ValueError, TypeError, OverflowError)
NUMBERS = ("FLOAT", "DOUBLE", "DECIMAL", *WHOLE, *(f"U{name}" for name in WHOLE))


def read_parquet(path: Path, looked: Looked) -> Table:
    """Every cell as text, with the type the file declares. The first row with data counts as row 2, as in other files.

    Raises: ``DataProblem`` when the file cannot be read.
    """
    import duckdb

    literal = re.sub(r"([\[*?])", r"[\1]", str(path))
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            table = table_of(connection.sql("SELECT * FROM read_parquet(?)", params=[literal]), looked.file)
    except (duckdb.Error, *FOREIGN):
        table = None
    if table is None:
        raise DataProblem("file_damaged", file=looked.file)
    return table


def table_of(relation: Any, file: str) -> Table:
    """A relation of DuckDB as cells of text. Nothing of it is written to disk."""
    headers, declared = tuple(map(str, relation.columns)), tuple(map(str, relation.types))
    if len(headers) > MOST_COLUMNS:
        raise DataProblem("file_too_wide", file=file, count=len(headers), limit=MOST_COLUMNS)
    rows = relation.project("coalesce(COLUMNS(*)::VARCHAR, '')").fetchall()
    columns = tuple(zip(*rows, strict=True)) if rows else ((),) * len(headers)
    raws = tuple(_column(kind, texts) for kind, texts in zip(map(_kind, declared), columns, strict=True))
    return Table(file, headers, raws, np.arange(2, len(rows) + 2, dtype=np.int64))


def _column(kind: int, texts: tuple[str, ...]) -> Raw:
    return raw_of(texts, [kind if text else TEXT for text in texts])


def _kind(declared: str) -> int:
    if declared.startswith(NUMBERS):
        return NUMBER
    if declared.startswith(("DATE", "TIMESTAMP")):
        return DATE
    return TRUTH if declared == "BOOLEAN" else TEXT
