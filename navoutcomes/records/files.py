"""Which kind of file is this, and what are its cells?"""

from __future__ import annotations

import hashlib
from pathlib import Path

from navoutcomes.errors import DataProblem, named
from navoutcomes.records.delimited import read_delimited
from navoutcomes.records.parquet import read_parquet
from navoutcomes.records.table import Table
from navoutcomes.records.workbook import read_workbook

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")


def load(path: str | Path, sheet: str | None) -> tuple[Table, str]:
    """The cells of a file and the sha256 of its bytes. What the bytes are decides, not the name alone.

    Raises: ``DataProblem`` when the file is not there, is empty, or is none of csv, txt, tsv, xlsx and parquet.
    """
    path = Path(path)
    file = named(path.name)
    if not path.is_file():
        raise DataProblem("file_not_found", file=file)
    if path.suffix.lower() not in SUFFIXES:
        raise DataProblem("file_kind_unknown", file=file, allowed=SUFFIXES)
    with path.open("rb") as stream:
        start = stream.read(8)
        stream.seek(0)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if not start:
        raise DataProblem("file_empty", file=file, bytes=0)
    if start.startswith(b"PAR1"):
        return read_parquet(path), sha256
    if start.startswith(b"PK\x03\x04") and path.suffix.lower() == ".xlsx":
        return read_workbook(path, sheet), sha256
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")) or path.suffix.lower() in (".xlsx", ".parquet"):
        raise DataProblem("file_not_its_kind", file=file, allowed=SUFFIXES)
    return read_delimited(path), sha256
