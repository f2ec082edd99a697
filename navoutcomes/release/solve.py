"""Can a hidden cell be worked out from what is shown? A linear programme tries.

A table is cells with sums over rows and columns. Hidden cells are unknown numbers of at least 0; what is shown, and
every sum that is known, are equations. A hidden small count is safe when it could still be anything from 1 to k - 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Mask = NDArray[np.bool_]
Counts = NDArray[np.float64]
Known = tuple[Mask, Mask]


def reach(counts: Counts, hidden: Mask, cell: tuple[int, int], known: Known) -> tuple[float, float]:
    """Smallest and largest value a hidden cell can have, when the total of the table is known.

    Shapes: counts and hidden (R, C); ``cell`` a position that is hidden; ``known`` (R,) and (C,), whose sums are known.
    """
    at = np.argwhere(hidden)
    equations, sums = [np.ones(len(at))], [counts[hidden].sum()]
    for axis in (0, 1):
        for line in np.flatnonzero(known[axis]):
            inside = at[:, axis] == line
            if inside.any():
                equations.append(inside.astype(float))
                sums.append(counts[at[inside, 0], at[inside, 1]].sum())
    goal = (at == cell).all(axis=1).astype(float)
    limits = []
    for sign in (1.0, -1.0):
        found = linprog(sign * goal, A_eq=np.array(equations), b_eq=np.array(sums), bounds=(0, None), method="highs")
        limits.append(float(found.fun) * sign if found.success else np.inf * -sign)
    return limits[0], limits[1]


def exposed(counts: Counts, hidden: Mask, small: Mask, threshold: int, known: Known) -> Iterator[tuple[int, int]]:
    """Small cells that are hidden and could be pinned within 1..k-1 from the sums."""
    for row, column in np.argwhere(small):
        low, high = reach(counts, hidden, (int(row), int(column)), known)
        if low > 1 + 1e-6 or high < threshold - 1 - 1e-6:
            yield int(row), int(column)
