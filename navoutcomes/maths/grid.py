"""The grid of distinct times on which everything is counted.

Register time is whole days, but a time may reach us as 24173 from two dates and as 24172.999999999996 from a file.
Times closer than rounding are one time (the rule of R's ``survival``: ``timefix``), or ties would be broken at random.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

TOLERANCE = float(np.sqrt(np.finfo(float).eps))
WIDEST_WHOLE = 5_000_000


def reconcile(*times: Floats) -> tuple[Floats, list[Indices]]:
    """The distinct times of several arrays together, and each array as positions in them.

    Shapes: arrays (n,), (m,), ... -> grid (G,) increasing, and index arrays (n,), (m,), ...
    Assumes: all finite; checked one floor up.
    """
    together = np.concatenate([np.asarray(one, dtype=float).ravel() for one in times])
    if together.size == 0:
        return np.empty(0), [np.empty(0, dtype=np.int64) for _ in times]
    low, high = together.min(), together.max()
    if high - low < WIDEST_WHOLE and np.all(together == np.rint(together)):
        grid, position = _whole(together, low, high)
    else:
        grid, position = _floats(together)
    ends = np.cumsum([np.size(one) for one in times])[:-1]
    return grid, np.split(position, ends)


def _whole(times: Floats, low: float, high: float) -> tuple[Floats, Indices]:
    offset = (times - low).astype(np.int64)
    seen = np.bincount(offset, minlength=int(high - low) + 1) > 0
    rank = np.cumsum(seen) - 1
    return np.flatnonzero(seen) + low, rank[offset]


def _floats(times: Floats) -> tuple[Floats, Indices]:
    distinct, position = np.unique(times, return_inverse=True)
    gap = np.diff(distinct)
    apart = (gap > TOLERANCE) & (gap > TOLERANCE * np.mean(np.abs(times)))
    block = np.concatenate([[0], np.cumsum(apart)])
    first = np.concatenate([[True], apart])
    return distinct[first], block[position]
