"""What is inside a packed file, and is it safe to unpack? Sizes are looked at before anything is unpacked."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, note

LARGEST = 2 * 1024**3
RATIO = 100
HARMLESS = 20 * 1024**2
CHUNK = 1 << 20
_NO_DATA = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|[^/]*/)$", re.IGNORECASE)
_DECLARED = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)


def opened_zip(content: bytes, file: str) -> zipfile.ZipFile:
    """The archive, when what it says it expands to stays within the limits. Raises: ``DataProblem``."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, RecursionError):
        archive = None
    if archive is None:
        raise DataProblem("file_damaged", file=file)
    check_size(sum(part.file_size for part in archive.infolist()), len(content), file)
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise DataProblem("file_encrypted", file=file, kind="zip")
    return archive


def check_size(expanded: int, packed: int, file: str) -> None:
    """Neither larger than 2 GiB, nor more than a hundred times larger than it is packed. Raises: ``DataProblem``."""
    if expanded > LARGEST or (expanded > HARMLESS and expanded > RATIO * max(packed, 1)):
        facts = {"size": _shown(expanded), "limit": _shown(LARGEST), "ratio": RATIO}
        raise DataProblem("file_expands_too_much", file=file, **facts)


def is_office(archive: zipfile.ZipFile) -> bool:
    """Is this zip a document of Excel?"""
    return any(name.startswith("xl/") for name in archive.namelist())


def office_kind(archive: zipfile.ZipFile) -> str | None:
    """The name of another kind of document that is a zip inside."""
    names = set(archive.namelist())
    for part, kind in (("word/document.xml", "Word (.docx)"), ("ppt/presentation.xml", "PowerPoint (.pptx)")):
        if part in names:
            return kind
    if "xl/workbook.bin" in names:
        return "Excel (.xlsb)"
    return "OpenDocument (.ods)" if "mimetype" in names and "content.xml" in names else None


def only_member(archive: zipfile.ZipFile, file: str) -> tuple[str, bytes]:
    """The name and the content of the only file in a zip. Raises: ``DataProblem`` when there are more or none."""
    members = [part for part in archive.infolist() if not _NO_DATA.search(part.filename)]
    if len(members) != 1:
        names = tuple(f"«{named(part.filename)}»" for part in members[:5])
        raise DataProblem("archive_several_files", file=file, count=len(members), members=names or ("–",))
    content = part_of(archive, members[0].filename)
    if content is None:
        raise DataProblem("file_damaged", file=file)
    return members[0].filename, content


def part_of(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one part, or None when they are damaged or longer than they were said to be."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError, RuntimeError, ValueError):
        return None


def unzipped(content: bytes, file: str) -> tuple[bytes, Note]:
    """The content of a gz file, a bit at a time so that a bomb is noticed. Raises: ``DataProblem``."""
    pieces: list[bytes] = []
    size, broken = 0, False
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                check_size(size, len(content), file)
                pieces.append(piece)
    except (OSError, EOFError, zlib.error):
        broken = True
    if broken:
        raise DataProblem("file_damaged", file=file)
    member = named(file.removesuffix(".gz"))
    return b"".join(pieces), note("archive_opened", file=file, member=member, limit=_shown(LARGEST))


def member_note(file: str, member: str) -> Note:
    """Which file of the archive was read."""
    return note("archive_opened", file=file, member=named(member), limit=_shown(LARGEST))


def check_no_declarations(archive: zipfile.ZipFile, file: str) -> None:
    """No part of a workbook declares a document type or entities: they can make a small file endless.

    Raises: ``DataProblem``.
    """
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            content = part_of(archive, name)
            if content is None:
                raise DataProblem("file_damaged", file=file)
            if any(signs in content for signs in _DECLARED):
                raise DataProblem("workbook_declares_types", file=file)


def _shown(size: int) -> str:
    for unit, step in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if size >= step:
            return f"{size // step} {unit}"
    return f"{size} B"
