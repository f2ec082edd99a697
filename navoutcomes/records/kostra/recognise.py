"""Is this the form and the year the caller says, and are all records as long as they should be?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.kostra.layouts import Layout, layouts

VERSION = slice(4, 6)
CENTURY = 2000
MOST_STRIPPED = 70
NO_YEAR = -1


def check_layout(
    asked: Layout,
    signs: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    file: str,
    pad: bool,
) -> tuple[NDArray[np.int64], list[Note]]:
    """Where the records end, spaces beyond the record cut off, once length and year are as asked.

    ``pad``: records whose last spaces a program has taken away are filled up. Raises: ``DataProblem`` naming the form
    and year the file seems to be of, or the records that differ.
    """
    ends, notes = _without_spaces_beyond(asked.length, signs, starts, ends)
    lengths, years = ends - starts, _years(signs, starts, ends)
    stated = _usual(years)
    fits = pad and asked.length - MOST_STRIPPED <= int(lengths.min()) and int(lengths.max()) <= asked.length
    if not (fits and stated == asked.year):
        _check_recognised(asked, _usual(lengths), stated, file)
        _check_lengths(asked, lengths, file)
    elif (lengths < asked.length).any():
        notes.append(warning("kostra_padded", count=int((lengths < asked.length).sum()), total=len(lengths)))
    other = years != asked.year
    if other.any():
        facts = {"count": int(other.sum()), "total": len(years), "rows": _rows(other)}
        raise DataProblem("kostra_years_mixed", file=file, year=asked.year, **facts)
    return ends, notes


def _check_recognised(asked: Layout, length: int, year: int, file: str) -> None:
    """Refuse, by name, a file of another form or year."""
    same_length = [one for one in layouts() if one.length == length]
    found = [one for one in same_length if one.year == year] or same_length
    if found and asked not in found:
        raise DataProblem("kostra_other_layout", file=file, asked=asked.name, found=tuple(one.name for one in found))
    if length == asked.length and year not in (asked.year, NO_YEAR):
        raise DataProblem("kostra_other_layout", file=file, asked=asked.name, found=(f"{asked.form} {year}",))


def _check_lengths(asked: Layout, lengths: NDArray[np.int64], file: str) -> None:
    wrong = lengths != asked.length
    if wrong.any():
        raise DataProblem(
            "kostra_length",
            file=file,
            layout=asked.name,
            expected=asked.length,
            shortest=int(lengths.min()),
            longest=int(lengths.max()),
            count=int(wrong.sum()),
            total=len(lengths),
            rows=_rows(wrong),
        )


def _without_spaces_beyond(
    length: int, signs: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[Note]]:
    """Ends moved back to the length of a record where nothing but spaces stands beyond it."""
    kept = ends.copy()
    for row in np.flatnonzero(ends - starts > length):
        if (signs[starts[row] + length : ends[row]] == ord(" ")).all():
            kept[row] = starts[row] + length
    count = int((kept != ends).sum())
    return kept, [note("kostra_spaces_cut", count=count)] if count else []


def _years(signs: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The reporting year each record states, -1 where none stands. Shapes: (n,)."""
    at = np.minimum(starts[:, None] + np.arange(VERSION.start, VERSION.stop), len(signs) - 1)
    digits = signs[at].astype(np.int64) - ord("0")
    there = ((digits >= 0) & (digits <= 9)).all(axis=1) & (ends - starts >= VERSION.stop)
    return np.where(there, CENTURY + digits[:, 0] * 10 + digits[:, 1], NO_YEAR)


def _usual(values: NDArray[np.int64]) -> int:
    """The most frequent value."""
    distinct, counts = np.unique(values, return_counts=True)
    return int(distinct[counts.argmax()])


def _rows(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple((np.flatnonzero(mask) + 1).tolist())
