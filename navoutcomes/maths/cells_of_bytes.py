"""Where do the cells of a large text file begin and end, and which of a column's cells are the same?

Works on bytes, so that millions of rows are coded without making a Python text of each cell. Nothing is decided by a
hash alone: cells with equal hashes are compared byte by byte.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from navoutcomes.maths.compiled import compiled

Bytes = NDArray[np.uint8]
Places = NDArray[np.int32]
Codes = NDArray[np.int64]

FEW, STEP = 1 << 16, 8


@compiled
def lines_in(content: Bytes, start: int, stop: int) -> int:
    """How many lines end between two bytes?"""
    found = 0
    for at in range(start, stop):
        found += content[at] == 10
    return found


@compiled
def cell_places(
    content: Bytes,
    start: int,
    stop: int,
    separator: int,
    quoted: bool,
    longest: int,
    first_row: int,
    last_row: int,
    starts: Places,
    ends: Places,
) -> int:
    """Fill in where each cell starts and ends; quotation marks around whole cells are left outside.

    Shapes: ``content`` (b,), ``starts`` and ``ends`` (columns, rows), with a line a row from byte ``start`` up to
    ``stop``; rows from ``first_row`` up to ``last_row`` are filled. ``quoted`` whether quotation marks or carriage
    returns stand anywhere. The result is the number of rows, or -1 where a row is longer or shorter, a cell has more
    than ``longest`` bytes, or a quotation mark stands elsewhere than around a cell.
    """
    columns = starts.shape[0]
    row, column, began = first_row, 0, start
    for at in range(start, stop):
        sign = content[at]
        if sign == 10 or sign == separator:
            if row >= last_row or column >= columns or (sign == 10) != (column == columns - 1):
                return -1
            first, last = began, at
            if quoted:
                if sign == 10 and last > first and content[last - 1] == 13:
                    last -= 1
                if last - first >= 2 and content[first] == 34 and content[last - 1] == 34:
                    first, last = first + 1, last - 1
                for inside in range(first, last):
                    if content[inside] == 34 or content[inside] == 13:
                        return -1
            if last - first > longest:
                return -1
            starts[column, row], ends[column, row] = first, last
            began = at + 1
            column += 1
            if sign == 10:
                row, column = row + 1, 0
    return row - first_row if column == 0 and began == stop else -1


@compiled
def coded(
    content: Bytes, starts: Places, ends: Places, codes: Codes, firsts: Codes, slots: Places, begin: int, known: int
) -> int:
    """Number the different cells of a column in the order they appear.

    Shapes: ``starts``, ``ends`` and ``codes`` (rows,); ``firsts`` (most,) gets a row of each different cell; ``slots``
    (a power of 2, twice ``most`` and 16 at least) holds -1 everywhere. Rows before ``begin`` are numbered already, with
    ``known`` different cells whose rows stand in ``firsts``. The result is how many different cells there are, or, when
    there are more than ``most``, -1 minus the row where there was no room.

    Cells that differ in their last sign alone are hashed to the same sixteen slots: numbers that follow each other, as
    pseudonyms often do, are then found without leaving the cache.
    """
    found, most, mask = 0, firsts.size, slots.size - 1
    for at_row in range(known + starts.size - begin):
        row = firsts[at_row] if at_row < known else begin + at_row - known
        first, length = starts[row], ends[row] - starts[row]
        if at_row >= known and row > 0 and length == ends[row - 1] - starts[row - 1]:
            before, step = starts[row - 1], 0
            while step < length and content[before + step] == content[first + step]:
                step += 1
            if step == length:
                codes[row] = codes[row - 1]
                continue
        mixed = np.uint64(length)
        last = first + length - 1
        for chunk in range(first, last, 8):
            packed = np.uint64(0)
            for at in range(chunk, min(chunk + 8, last)):
                packed = (packed << np.uint64(8)) | np.uint64(content[at])
            mixed = (mixed ^ packed) * np.uint64(11400714819323198485)
            mixed ^= mixed >> np.uint64(32)
        slot = np.int64((mixed ^ (mixed >> np.uint64(29))) & np.uint64(mask))
        if length > 0:
            slot ^= content[last] & 15
        while True:
            code = slots[slot]
            if code < 0:
                if found == most:
                    return -1 - row
                slots[slot], firsts[found], codes[row] = found, row, found
                found += 1
                break
            other = starts[firsts[code]]
            same = ends[firsts[code]] - other == length
            if same:
                for step in range(length):
                    if content[other + step] != content[first + step]:
                        same = False
                        break
            if same:
                codes[row] = code
                break
            slot = (slot + 1) & mask
    return found


@compiled
def gathered(content: Bytes, starts: Places, ends: Places, made: Bytes) -> int:
    """Write some cells after each other, a line each; ``made`` is exactly long enough. The result is its length."""
    at = 0
    for cell in range(starts.size):
        for place in range(starts[cell], ends[cell]):
            made[at] = content[place]
            at += 1
        made[at] = 10
        at += 1
    return at


def distinct_cells(content: Bytes, starts: Places, ends: Places) -> tuple[bytes, Codes]:
    """A column's different cells, a line each, and which of them each row holds.

    Shapes: ``starts`` and ``ends`` (rows,) in; codes (rows,) out.
    """
    codes = np.empty(starts.size, np.int64)
    firsts, begin, known = np.empty(min(FEW, starts.size), np.int64), 0, 0
    while True:
        slots = np.full(1 << max(4, (2 * firsts.size - 1).bit_length()), -1, np.int32)
        found = coded(content, starts, ends, codes, firsts, slots, begin, known)
        if found >= 0:
            break
        begin, known = -1 - found, firsts.size
        more = np.empty(min(STEP * known, starts.size), np.int64)
        more[:known] = firsts
        firsts = more
    firsts = firsts[:found]
    made = np.empty(int((ends[firsts] - starts[firsts]).sum(dtype=np.int64)) + found, np.uint8)
    gathered(content, starts[firsts], ends[firsts], made)
    return made.tobytes(), codes
