"""Which kind of file is this, and what are its cells?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note
from navoutcomes.records.sources.beside import check_memory, copies_beside, unchanged
from navoutcomes.records.sources.delimited import read_delimited
from navoutcomes.records.sources.heading import Looked
from navoutcomes.records.sources.packed import (
    LARGEST,
    check_no_declarations,
    is_office,
    member_note,
    office_kind,
    only_member,
    opened_zip,
    unzipped,
)
from navoutcomes.records.sources.parquet import read_parquet
from navoutcomes.records.sources.signatures import GZIP, OFFICE_OLE, PARQUET, ZIP, foreign_kind
from navoutcomes.records.sources.splitting import read_large
from navoutcomes.records.sources.table import Table
from navoutcomes.records.sources.workbook import read_workbook

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet", ".zip", ".gz", ".duckdb", ".sqlite")
TEXTS = (".csv", ".txt", ".tsv", ".tab", ".dat", "")
STARTS = 4096
ELSEWHERE = 0x1000 | 0x40000 | 0x400000
ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))


def load(path: str | Path, sheet: str | None, looked: Callable[[str], Looked]) -> tuple[Table, str]:
    """The cells of a file and the sha256 of its bytes. What the bytes are decides, not the name.

    ``looked`` says for the name of a file what to look for in it. Raises: ``DataProblem`` when the file is not there,
    is empty, open in Excel, not downloaded, encrypted, too large, changed while it was read, or of another kind.
    """
    path = Path(path)
    file = named(path.name)
    with unchanged(path, file):
        content = _content(path, file)
        with ThreadPoolExecutor(1) as beside:
            digest = beside.submit(hashlib.sha256, content)
            table = _table(content, path.suffix.lower(), sheet, looked(file), path)
    return replace(table, notes=(*table.notes, *copies_beside(path))), digest.result().hexdigest()


def _content(path: Path, file: str) -> bytes:
    """The bytes, or why there are none."""
    if not is_there(path):
        raise DataProblem("file_not_found", file=file)
    if path.name.startswith("~$") or is_there(path.with_name(f"~${path.name}")):
        raise DataProblem("file_locked", file=named(path.name.removeprefix("~$")))
    content, refused = b"", ""
    try:
        found = path.stat()
        if found.st_size > LARGEST:
            refused = "large"
        else:
            check_memory(found.st_size, file)
            content = path.read_bytes()
            away = bool(getattr(found, "st_file_attributes", 0) & ELSEWHERE)
            refused = "away" if len(content) < found.st_size or (away and not content) else ""
    except PermissionError:
        refused = "locked"
    except OSError:
        refused = "away"
    if refused == "large":
        raise DataProblem("file_too_large", file=file, limit=f"{LARGEST // 1024**3} GiB")
    if refused == "locked":
        raise DataProblem("file_locked", file=file)
    synced = any(part.casefold().startswith(("onedrive", "sharepoint", "dropbox")) for part in path.parts)
    if refused or (content and not any(content[:STARTS])) or (synced and not content):
        raise DataProblem("file_online_only", file=file)
    if not content:
        raise DataProblem("file_empty", file=file, bytes=0)
    return content


def is_there(path: Path) -> bool:
    """Is there a file of this name? Names no system can have are no files either."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _table(content: bytes, suffix: str, sheet: str | None, looked: Looked, path: Path | None) -> Table:
    file, start = looked.file, content[:STARTS]
    if start.startswith(PARQUET) and path is not None:
        return read_parquet(path, looked)
    if start.startswith(ZIP):
        return _from_zip(content, sheet, looked, path is not None)
    if start.startswith(GZIP) and path is not None:
        inner, remark = unzipped(content, file)
        return _inside(inner, Path(path.stem).suffix.lower(), sheet, looked, remark)
    if start.startswith(OFFICE_OLE) and any(signs in content for signs in ENCRYPTED):
        raise DataProblem("file_encrypted", file=file, kind="xlsx")
    detected = foreign_kind(start)
    if start.startswith(PARQUET):
        detected = "Parquet"
    if detected is None and suffix in (".xlsx", ".xlsm", ".xls", ".parquet", ".zip", ".gz"):
        if b"\0" not in start:
            raise DataProblem("file_is_text", file=file)
        detected = "?"
    if detected is not None:
        raise DataProblem("file_not_its_kind", file=file, detected=detected, allowed=SUFFIXES)
    if suffix not in TEXTS:
        raise DataProblem("file_kind_unknown", file=file, allowed=SUFFIXES)
    return read_large(content, looked) or read_delimited(content, looked)


def _from_zip(content: bytes, sheet: str | None, looked: Looked, outermost: bool) -> Table:
    """A workbook, or the one file in an archive."""
    with opened_zip(content, looked.file) as archive:
        if is_office(archive) and office_kind(archive) is None:
            check_no_declarations(archive, looked.file)
            return read_workbook(content, archive, sheet, looked)
        detected = office_kind(archive) or ("" if outermost else "zip")
        if detected:
            raise DataProblem("file_not_its_kind", file=looked.file, detected=detected, allowed=SUFFIXES)
        member, inner = only_member(archive, looked.file)
    return _inside(inner, Path(member).suffix.lower(), sheet, looked, member_note(looked.file, member))


def _inside(content: bytes, suffix: str, sheet: str | None, looked: Looked, remark: Note) -> Table:
    if not content:
        raise DataProblem("file_empty", file=looked.file, bytes=0)
    table = _table(content, suffix, sheet, looked, None)
    return replace(table, notes=(remark, *table.notes))
