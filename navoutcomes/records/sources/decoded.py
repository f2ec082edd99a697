"""Which characters do the bytes of a text file stand for?"""

from __future__ import annotations

import re

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note

UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_TABLE = re.compile("[A-Za-z][†›¿Œ¾][a-z]|[A-Za-z][\x81\x8d\x8f\x90\x9d][a-z]")


def decoded(content: bytes, file: str) -> tuple[str, list[Note]]:
    """UTF-8 with or without mark of byte order; else UTF-16 with one; else cp1252, with a note.

    Raises: ``DataProblem`` for NUL bytes, and for bytes that are neither, or that cp1252 turns into signs inside words
    (files from DOS and old Macs).
    """
    wide = content.startswith(UTF16)
    if not wide and b"\0" in content:
        raise DataProblem("file_nul_bytes", file=file, offset=content.index(b"\0"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        text = _decode(content, encoding)
        if text is None or (encoding == "cp1252" and _OTHER_TABLE.search(text)):
            continue
        return text, [] if encoding == "utf-8-sig" else [note("encoding_used", file=file, encoding=encoding)]
    raise DataProblem("file_encoding_unknown", file=file)


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
