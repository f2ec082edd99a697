"""Which records does a KOSTRA file hold, with everything that says who a person is blanked out before it is read?

The file lies in one buffer of bytes. Who each record is about becomes a pseudonym there, then the byte ranges of
``NEVER_READ`` are overwritten with spaces; only what is left is ever decoded. Every buffer that held a number is
overwritten with zeros, also when reading stops half way. The sha256 is that of the blanked records, as the one of the
file itself would let somebody who knows all but one number find that number by trying.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.kostra.layouts import HANDLER, Layout
from navoutcomes.records.kostra.recognise import check_layout

Signs = NDArray[np.uint8]
SYNTHETIC_HANDLER = b"SYNTETISK "
SPACE, NEWLINE, RETURN, END_OF_FILE = 32, 10, 13, 26
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHUNK = 10_000


@dataclass(frozen=True, eq=False, repr=False)
class Records:
    """Blanked records. Shapes: ``signs`` (n, length) of single-byte signs, ``persons`` (n,) pseudonyms, ``rows`` (n,)
    lines of the file counted from 1. ``linked`` says by what persons can be known again in another file."""

    file: str
    layout: Layout
    signs: Signs
    persons: NDArray[np.object_]
    rows: NDArray[np.int64]
    sha256: str
    synthetic: bool
    linked: str | None
    notes: tuple[Note, ...]


Persons = Callable[[Signs, NDArray[np.int64]], tuple[NDArray[np.object_], str | None, list[Note]]]


def read_records(path: str | Path, layout: Layout, persons: Persons, pad: bool) -> Records:
    """The records of a file. ``persons`` turns unblanked records into pseudonyms; ``pad`` fills up short records.

    Raises: ``DataProblem`` when the file is not there or empty, is of another form or year, or holds records of
    another length.
    """
    file = named(Path(path).name)
    buffer = _buffer(path, file)
    raw = np.frombuffer(buffer, np.uint8)
    single = signs = raw
    try:
        single, notes = _single_bytes(raw, file)
        starts, ends = _lines(single)
        if not len(starts):
            raise DataProblem("file_empty", file=file, bytes=len(buffer))
        rows = np.arange(1, len(starts) + 1)
        ends, more = check_layout(layout, single, starts, ends, file, pad)
        signs = _square(single, starts, ends, layout.length)
        synthetic, marks = _synthetic(signs, layout)
        pseudonyms, linked, told = persons(signs, rows)
        for field in layout.skipped:
            signs[:, field.place] = SPACE
    except BaseException:
        signs.fill(0)
        raise
    finally:
        raw.fill(0)
        single.fill(0)
    digest = hashlib.sha256(signs.tobytes()).hexdigest()
    return Records(file, layout, signs, pseudonyms, rows, digest, synthetic, linked, (*notes, *more, *marks, *told))


def _buffer(path: str | Path, file: str) -> bytearray:
    """The bytes of a file, read straight into memory that can be overwritten."""
    try:
        with Path(path).open("rb", buffering=0) as stream:
            buffer = bytearray(Path(path).stat().st_size)
            filled = 0
            while filled < len(buffer):
                got = stream.readinto(memoryview(buffer)[filled:])
                if not got:
                    break
                filled += got
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
        raise DataProblem("file_not_found", file=file) from None
    if not buffer:
        raise DataProblem("file_empty", file=file, bytes=0)
    return buffer


def _single_bytes(raw: Signs, file: str) -> tuple[Signs, list[Note]]:
    """One byte a sign: letters that UTF-8 writes with several bytes become one, so that places count signs.

    Letters beyond ASCII can stand only in fields that are blanked, so which letter it was does not matter.
    """
    if (raw == 0).any() or raw[:4].tobytes() == b"PK\x03\x04":
        raise DataProblem("kostra_not_text", file=file)
    if raw[:3].tobytes() == BYTE_ORDER_MARK:
        raw = raw[3:]
    if (raw < 128).all():
        return raw, []
    letters_only = np.where(raw < 128, SPACE, raw).astype(np.uint8)
    try:
        letters_only.tobytes().decode("utf-8")
    except UnicodeDecodeError:
        return raw, [note("kostra_encoding", file=file, encoding="cp1252")]
    single = raw[(raw & 0xC0) != 0x80]
    single[single >= 0xC0] = ord("?")
    return single, [note("kostra_encoding", file=file, encoding="UTF-8")]


def _lines(signs: Signs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each line begins and ends, without line ends, without blank lines at the end of the file."""
    stop = len(signs)
    while stop and signs[stop - 1] in (SPACE, NEWLINE, RETURN, END_OF_FILE):
        stop -= 1
    mark = NEWLINE if (signs[:stop] == NEWLINE).any() else RETURN
    breaks = np.flatnonzero(signs[:stop] == mark)
    last = breaks.max(initial=-1) + 1
    rest = np.flatnonzero((signs[last:] == NEWLINE) | (signs[last:] == RETURN) | (signs[last:] == END_OF_FILE))
    tail = last + int(rest[0]) if len(rest) else len(signs)
    if not stop:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    starts = np.concatenate([[0], breaks + 1]).astype(np.int64)
    ends = np.concatenate([breaks, [tail]]).astype(np.int64)
    ends -= (ends > starts) & (signs[np.maximum(ends - 1, 0)] == RETURN)
    return starts, ends


def _square(signs: Signs, starts: NDArray[np.int64], ends: NDArray[np.int64], length: int) -> Signs:
    """One row a record, short ones filled up with spaces. Shapes: (n, length)."""
    square = np.full((len(starts), length), SPACE, np.uint8)
    for first in range(0, len(starts), CHUNK):
        some = slice(first, first + CHUNK)
        at = starts[some, None] + np.arange(length)
        np.take(signs, at, out=square[some], mode="clip")
        square[some][at >= ends[some, None]] = SPACE
    return square


def _synthetic(signs: Signs, layout: Layout) -> tuple[bool, list[Note]]:
    """Do the records say that their people are invented? ``write_kostra`` says so where the case worker stands."""
    field = layout.field(HANDLER)
    if field is None:
        return False, []
    marked = (signs[:, field.place] == np.frombuffer(SYNTHETIC_HANDLER, np.uint8)).all(axis=1)
    if marked.all():
        return True, [note("synthetic_data", column=HANDLER)]
    if marked.any():
        return False, [warning("synthetic_in_part", column=HANDLER, count=int(marked.sum()), total=len(marked))]
    return False, []
