"""Where do the cells of a large text file begin and end, and which of a column's cells are the same?

Works on bytes, so that millions of rows are coded without making a Python text of each cell. Nothing is decided by a
hash alone: cells with equal hashes are compared byte by byte.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from navoutcomes.maths.compiled import compiled

Bytes = NDArray[np.uint8]
Places = NDArray[np.int32]
Codes = NDArray[np.int64]
Whole = NDArray[np.uint64]

BLOCK, STEP = 1 << 14, 8
# As the second mark of a cell it says that the first is a hash.
LONG = np.uint64(0xFFFFFFFFFFFFFFFF)


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
def marks(content: Bytes, words: Whole, starts: Places, ends: Places, begin: int, made: Whole) -> int:
    """Three numbers a cell. Two tell it apart: its own bytes up to sixteen, of a longer cell a hash and ``LONG``. The
    third says where to look for it: cells that differ in their last sign alone are looked for in the same sixteen
    slots, so that pseudonyms that follow each other are found without leaving the cache.

    Shapes: ``words`` (b - 7,) the eight bytes from each byte on; ``starts`` and ``ends`` (rows,); ``made`` (r, 3) for
    the rows from ``begin`` on. Assumes: no byte is 0.
    """
    for at in range(made.shape[0]):
        first, length = starts[begin + at], ends[begin + at] - starts[begin + at]
        low, high = np.uint64(0), np.uint64(0)
        if length > 16:
            low, high = np.uint64(length), LONG
            for place in range(first, first + length):
                low = (low ^ np.uint64(content[place])) * np.uint64(1099511628211)
        elif first + 16 <= content.size:
            if length > 0:
                low = words[first] & (LONG >> np.uint64(64 - 8 * min(length, 8)))
            if length > 8:
                high = words[first + 8] & (LONG >> np.uint64(128 - 8 * length))
        else:
            for place in range(length - 1, -1, -1):
                high = (high << np.uint64(8)) | (low >> np.uint64(56))
                low = (low << np.uint64(8)) | np.uint64(content[first + place])
        near, far, sign = low, high, np.uint64(0)
        if length > 0:
            sign = np.uint64(content[first + length - 1])
        if 0 < length <= 8:
            near ^= sign << np.uint64(8 * (length - 1))
        elif 8 < length <= 16:
            far ^= sign << np.uint64(8 * (length - 9))
        mixed = near * np.uint64(11400714819323198485) ^ far * np.uint64(14029467366897019727)
        made[at, 0], made[at, 1], made[at, 2] = low, high, (mixed & ~np.uint64(15)) | (sign & np.uint64(15))
    return 0


@compiled
def coded(
    content: Bytes,
    starts: Places,
    ends: Places,
    begin: int,
    made: Whole,
    codes: Codes,
    firsts: Codes,
    known: Whole,
    slots: Places,
    shift: np.uint64,
    found: int,
) -> int:
    """Number the different cells of a column in the order they appear: the rows from ``begin`` on, as many as marks.

    Shapes: ``starts``, ``ends``, ``codes`` (rows,); ``made`` (r, 3) the rows' marks; ``firsts`` (most,) gets a row of
    each different cell and ``known`` (most, 3) its marks, ``found`` of them so far and room for r more; ``slots`` (2 to
    the power 64 - ``shift``, twice ``most`` and 16 at least) where they are, -1 elsewhere. The result is how many there
    are now.
    """
    for at in range(made.shape[0]):
        row, low, high, mixed = begin + at, made[at, 0], made[at, 1], made[at, 2]
        if at > 0 and high != LONG and low == made[at - 1, 0] and high == made[at - 1, 1]:
            codes[row] = codes[row - 1]
            continue
        slot = np.int64(mixed >> shift) ^ np.int64(mixed & np.uint64(15))
        while slots[slot] >= 0:
            same = known[slots[slot], 0] == low and known[slots[slot], 1] == high
            if same and high == LONG:
                other = firsts[slots[slot]]
                same = ends[other] - starts[other] == ends[row] - starts[row]
                for step in range(ends[row] - starts[row] if same else 0):
                    same = same and content[starts[other] + step] == content[starts[row] + step]
            if same:
                break
            slot = (slot + 1) & (slots.size - 1)
        if slots[slot] < 0:
            slots[slot], firsts[found] = found, row
            known[found, 0], known[found, 1], known[found, 2] = low, high, mixed
            found += 1
        codes[row] = slots[slot]
    return found


@compiled
def placed(known: Whole, found: int, slots: Places, shift: np.uint64) -> int:
    """Put cells that are known to be different into a larger table. Shapes: as in ``coded``."""
    for code in range(found):
        slot = np.int64(known[code, 2] >> shift) ^ np.int64(known[code, 2] & np.uint64(15))
        while slots[slot] >= 0:
            slot = (slot + 1) & (slots.size - 1)
        slots[slot] = code
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
    words: Whole = np.ndarray((max(0, content.size - 7),), np.uint64, content.data, 0, (1,))
    codes, room, found = np.empty(starts.size, np.int64), np.empty((BLOCK, 3), np.uint64), 0
    firsts, known, slots = np.empty(0, np.int64), np.empty((0, 3), np.uint64), np.empty(0, np.int32)
    shift = np.uint64(64)
    for begin in range(0, starts.size, BLOCK):
        made = room[: min(BLOCK, starts.size - begin)]
        marks(content, words, starts, ends, begin, made)
        if found + len(made) > len(firsts):
            most = min(STEP * (found + len(made)), starts.size)
            firsts, known = _longer(firsts, most), _longer(known, most)
            bits = max(4, (2 * most - 1).bit_length())
            slots, shift = np.full(1 << bits, -1, np.int32), np.uint64(64 - bits)
            placed(known, found, slots, shift)
        found = coded(content, starts, ends, begin, made, codes, firsts, known, slots, shift, found)
    firsts = firsts[:found]
    texts = np.empty(int((ends[firsts] - starts[firsts]).sum(dtype=np.int64)) + found, np.uint8)
    gathered(content, starts[firsts], ends[firsts], texts)
    return texts.tobytes(), codes


def _longer(array: Any, size: int) -> Any:
    longer = np.empty((size, *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
