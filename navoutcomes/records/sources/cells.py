"""What stands in one column of the file, before anybody has read a meaning into it?

A column is kept as its distinct cells and, for each row, which of them it holds: registers repeat themselves, so
reading the distinct cells once reads the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.maths.digits_of_bytes import MANY_SIGNS, signs_of
from navoutcomes.notes import Note

Mask: TypeAlias = NDArray[np.bool_]
TEXT, NUMBER, DATE, TRUTH = range(4)
BLANKS = " \t\r\n\v\f\u00a0\u2007\u2008\u2009\u200a\u200b\u202f\u2060\ufeff"
ERROR_CODES = ("#N/A", "#I/T", "#DIV/0!", "#REF!", "#VALUE!", "#VERDI!", "#NAME?", "#NAVN?", "#NULL!", "#TOM!", "#NUM!")
SHAPES_SHOWN = 5
SHAPE_LENGTH = 24


@dataclass(frozen=True, eq=False, repr=False)
class Raw:
    """One column as the file has it, nothing trimmed: its distinct cells and which of them each row holds.

    Shapes: ``distinct`` and ``native`` (k,), ``codes`` (n,).
    """

    distinct: NDArray[np.object_]
    native: NDArray[np.int8]
    codes: NDArray[np.int64]

    @cached_property
    def joined(self) -> str:
        """All distinct cells in one text, a line each."""
        return "\n".join(self.distinct)

    @property
    def filled(self) -> bool:
        """Is there anything but blanks?"""
        return any(text.strip(BLANKS) for text in self.distinct)

    def taken(self, keep: Mask | NDArray[np.int64]) -> Raw:
        """Some of the rows, without the cells only others held."""
        codes, used = _compact(self.codes[keep])
        return Raw(self.distinct[used], self.native[used], codes)


@dataclass(frozen=True, eq=False, repr=False)
class Cells:
    """One column: its header in the file, its distinct cells as text, and where they stand.

    Shapes: ``distinct``, ``native`` and ``outer_blanks`` (k,), ``codes`` and ``rows`` (n,). ``native`` says what the
    file itself holds the cell for (text in csv; number, date or truth in workbooks and parquet, then written with a
    decimal point, as yyyy-mm-dd, as true or false). ``rows`` are rows of the file, ``heading`` the row of its header,
    ``outer_blanks`` which cells had blanks around them that are taken away.
    """

    header: str
    distinct: NDArray[np.object_]
    native: NDArray[np.int8]
    codes: NDArray[np.int64]
    rows: NDArray[np.int64]
    heading: int = 1
    outer_blanks: Mask | None = None

    @cached_property
    def joined(self) -> str:
        """All distinct cells in one text, a line each: one look at it spares a look at each of millions."""
        return "\n".join(self.distinct)

    @cached_property
    def folded(self) -> str:
        """The same in small letters, with a line break at both ends, to look words up in."""
        return f"\n{self.joined.casefold()}\n"

    @cached_property
    def signs(self) -> frozenset[str]:
        """Which signs stand in ``folded``? A word with another sign need not be looked for."""
        if len(self.folded) < MANY_SIGNS or not self.folded.isascii():
            return frozenset(self.folded)
        return frozenset(chr(sign) for sign in signs_of(np.frombuffer(self.folded.encode("ascii"), np.uint8)))

    def holds(self, word: str) -> bool:
        """Does the word, in small letters, stand anywhere in the cells? A line break is an end of a cell."""
        return self.signs.issuperset(word) and word in self.folded

    @cached_property
    def times(self) -> NDArray[np.int64]:
        """How many rows hold each distinct cell? Shape (k,)."""
        times = np.bincount(self.codes, minlength=len(self.distinct))
        times.flags.writeable = False
        return times

    def taken(self, keep: Mask) -> Cells:
        """Some of the rows, without the cells only others held."""
        codes, used = _compact(self.codes[keep])
        outer = None if self.outer_blanks is None else self.outer_blanks[used]
        distinct, native = self.distinct[used], self.native[used]
        return replace(self, distinct=distinct, native=native, codes=codes, rows=self.rows[keep], outer_blanks=outer)

    @cached_property
    def blank(self) -> Mask:
        """Which distinct cells hold nothing?"""
        blank = np.asarray(self.distinct == "", dtype=np.bool_)
        blank.flags.writeable = False
        return blank

    def count(self, mask: Mask) -> int:
        """How many rows hold one of these distinct cells?"""
        return int(self.times[mask].sum())

    def where(self, mask: Mask) -> tuple[int, ...]:
        """Which rows of the file hold one of these distinct cells?"""
        return tuple(self.rows[mask[self.codes]].tolist())

    def found(self, mask: Mask) -> dict[str, Any]:
        """The facts every finding in a column has: which column, how many rows of how many, and which."""
        return {
            "column": self.header,
            "count": self.count(mask),
            "total": len(self.codes),
            "rows": self.where(mask),
            "heading": self.heading,
        }


@dataclass(frozen=True, eq=False, repr=False)
class Parsed:
    """A column read: values a row, what was noted on the way, and the first thing that makes it unreadable."""

    values: Any = None
    notes: tuple[Note, ...] = field(default=())
    problem: DataProblem | None = None


def raw_of(texts: Sequence[str], native: Sequence[int] | None = None) -> Raw:
    """Cells in row order as a column. Shapes: (n,), (n,)."""
    whole = np.empty(len(texts), dtype=object)
    whole[:] = texts if native is None else [f"{kind}{text}" for kind, text in zip(native, texts, strict=True)]
    codes, distinct = pd.factorize(whole)
    kinds = np.array([TEXT if native is None else int(text[0]) for text in distinct], np.int8)
    if native is not None:
        distinct = as_objects([text[1:] for text in distinct])
    return Raw(distinct, kinds, codes.astype(np.int64))


def cells_of(
    header: str,
    texts: Sequence[str],
    rows: NDArray[np.int64],
    native: Sequence[int] | None = None,
    heading: int = 1,
) -> Cells:
    """A column as its distinct cells, trimmed and in composed letters (NFC)."""
    return cells_from(raw_of(texts, native), header, rows, heading)


def cells_from(raw: Raw, header: str, rows: NDArray[np.int64], heading: int = 1) -> Cells:
    """A column of a file, trimmed and in composed letters (NFC)."""
    joined = raw.joined
    kept, outer = raw.distinct, np.zeros(len(raw.distinct), np.bool_)
    several_lines = joined.count("\n") >= max(1, len(kept))
    if several_lines or not joined.isascii() or any(blank in joined for blank in BLANKS if blank != "\n"):
        outer = np.array([bool(text) and text != text.strip(BLANKS) for text in kept], np.bool_)
        kept = as_objects([trimmed(text) for text in kept])
    cells = Cells(header, kept, raw.native, raw.codes, rows, heading, outer)
    if kept is raw.distinct:
        known(cells, joined)
    return cells


def known(cells: Raw | Cells, joined: str) -> None:
    """Spare a column the work of joining its cells. No field: ``replace`` must never carry it to other cells."""
    vars(cells)["joined"] = joined


def as_objects(texts: Sequence[str]) -> NDArray[np.object_]:
    """Texts as an array of objects, whatever their lengths."""
    kept = np.empty(len(texts), dtype=object)
    kept[:] = texts
    return kept


def _compact(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Codes counted without gaps, and which of the old ones they are."""
    used, codes = np.unique(codes, return_inverse=True)
    return codes.astype(np.int64), used


def trimmed(text: str) -> str:
    """A text without outer blanks of any kind, letters composed."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip(BLANKS)


def texts(cells: Cells) -> pd.Series[Any]:
    """The distinct cells, ready for pattern matching."""
    return pd.Series(cells.distinct, dtype=object)


def matches(cells: Cells, pattern: str | re.Pattern[str], needs: str = "") -> Mask:
    """Which distinct cells are wholly of this pattern? One of the signs of ``needs`` must stand in each that is."""
    if needs and not any(sign in cells.joined for sign in needs):
        return np.zeros(len(cells.distinct), np.bool_)
    compiled = re.compile(pattern)
    return np.array([found is not None for found in map(compiled.fullmatch, cells.distinct)], dtype=np.bool_)


def shapes(cells: Cells, mask: Mask) -> tuple[str, ...]:
    """What these cells look like, letters as a and A, digits as 9: enough to recognise a form, never a person."""
    seen = dict.fromkeys(shape(str(text)) for text in cells.distinct[mask][:1000])
    return tuple(f"«{one}»" for one in list(seen)[:SHAPES_SHOWN])


def shape(text: str) -> str:
    """One text as letters a and A, digits 9, other signs as they are, at most 24 signs."""
    masked = "".join(
        "9"
        if sign.isdigit()
        else "A"
        if sign.isupper()
        else "a"
        if sign.isalpha()
        else sign
        if sign.isprintable()
        else " "
        for sign in text[: SHAPE_LENGTH + 1]
    )
    return masked if len(masked) <= SHAPE_LENGTH else masked[:SHAPE_LENGTH] + "…"


def without_apostrophe(cells: Cells) -> tuple[Cells, Mask]:
    """Cells without the apostrophe a spreadsheet puts before numbers kept as text, and which cells had it."""
    marked = matches(cells, r"['’]\s*[-+\d].*", needs="'’")
    if not marked.any():
        return cells, marked
    kept = cells.distinct.copy()
    kept[marked] = [text[1:].strip(BLANKS) for text in kept[marked]]
    return replace(cells, distinct=kept), marked
