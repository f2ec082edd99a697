"""Which signs stand in many bytes, and can there be a long number among them? One look at each byte.

Says where nothing can be, so that a column of millions is not searched for each thing by itself; where something may
be, those who ask look with care.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from navoutcomes.maths.compiled import compiled

Bytes = NDArray[np.uint8]
LONG, IN_PIECES = 1, 2
# From so many on one look at the bytes costs less than a search for each thing.
MANY_SIGNS = 1 << 20


@compiled
def _mark(content: Bytes, seen: Bytes) -> int:
    for sign in content:
        seen[sign] = 1
    return 0


def signs_of(content: Bytes) -> NDArray[np.int64]:
    """The different bytes, in order. Shapes: (b,) -> (at most 256,)."""
    seen = np.zeros(256, np.uint8)
    _mark(content, seen)
    return np.flatnonzero(seen)


@compiled
def digit_forms(content: Bytes, skipped: Bytes) -> int:
    """Sum of ``LONG`` where at least nine digits follow each other, the signs that ``skipped`` marks left out, and
    ``IN_PIECES`` where digits stand as 00.00000 (one to three signs between) or 000.000.000.00, the signs between
    neither letters, digits nor line breaks.

    Shapes: ``content`` (b,), ``skipped`` (256,).
    """
    long = pieces = False
    run = 0
    digits = gap = 0
    before = second = third = 0
    for sign in content:
        if 48 <= sign <= 57:
            run += 1
            long = long or run >= 9
            digits += 1
            if digits >= 5 and 1 <= gap <= 3 and before >= 2:
                pieces = True
            if digits >= 2 and gap == 1 and before == 3 and second == 3 and third >= 3:
                pieces = True
            continue
        if not skipped[sign]:
            run = 0
        if sign == 10 or 65 <= sign <= 90 or 97 <= sign <= 122:
            digits = gap = before = second = third = 0
            continue
        if digits > 0:
            third = second if gap == 1 else 0
            second = before if gap == 1 else 0
            before, digits, gap = digits, 0, 0
        gap += 1
    return (1 if long else 0) + (2 if pieces else 0)
