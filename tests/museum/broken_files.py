"""Files that once broke the reading, made from sound ones by the change that did it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb


def parquet_with_a_header_that_is_no_utf8() -> bytes:
    """The name of a column in bytes that are no UTF-8: DuckDB answered with a RuntimeError of its bindings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.parquet")
        with duckdb.connect() as connection:
            table = "SELECT 'P-1' AS person, 'x' AS merkelapp, DATE '2019-02-01' AS fom"
            connection.execute(f"COPY ({table}) TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)")
        content = path.read_bytes()
    return content.replace(b"merkelapp", b"merke\xff\xfepp")


def csv_of_nothing_but_addresses() -> bytes:
    """A file whose only column is private: nothing was left to look for sums in, and that was an IndexError."""
    return b"^\nx@y.no\nx@y.no\n"


def csv_with_a_header_of_ten_thousand_letters() -> bytes:
    """A pattern for years at the end of a header tried every place of it: seconds for a header, and more for two."""
    return f"P;tom;{'a' * 9_000};{'b' * 9_000}\nP-1;01.02.2019;x;y\n".encode()
