"""Can a hidden cell be worked out from what is shown? A linear programme tries.

A table is cells with sums over rows and columns. Hidden cells are unknown numbers of at least 0; what is shown, and
every sum, are equations. A hidden small count is safe when it could still be anything from 1 to k - 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Mask = NDArray[np.bool_]
Counts = NDArray[np.float64]


def reach(counts: Counts, hidden: Mask, cell: tuple[int, int]) -> tuple[float, float]:
    """Smallest and largest value a hidden cell of a table with all sums shown can have.

    Shapes: counts and hidden (R, C); ``cell`` a position that is hidden.
    """
    at = np.argwhere(hidden)
    place = {(int(row), int(column)): k for k, (row, column) in enumerate(at)}
    equations, sums = [], []
    for axis, size in ((0, counts.shape[0]), (1, counts.shape[1])):
        for line in range(size):
            inside = [k for k, spot in enumerate(at) if spot[axis] == line]
            if inside:
                row = np.zeros(len(at))
                row[inside] = 1
                equations.append(row)
                total = counts[line].sum() if axis == 0 else counts[:, line].sum()
                shown = counts[line][~hidden[line]] if axis == 0 else counts[:, line][~hidden[:, line]]
                sums.append(total - shown.sum())
    goal = np.zeros(len(at))
    goal[place[cell]] = 1
    limits = []
    for sign in (1.0, -1.0):
        found = linprog(sign * goal, A_eq=np.array(equations), b_eq=np.array(sums), bounds=(0, None), method="highs")
        limits.append(float(found.fun) * sign if found.success else np.inf * -sign)
    return limits[0], limits[1]


def exposed(counts: Counts, hidden: Mask, small: Mask, threshold: int) -> list[tuple[int, int]]:
    """Small cells that are hidden and could be pinned within 1..k-1 from the sums."""
    found = []
    for row, column in np.argwhere(small):
        low, high = reach(counts, hidden, (int(row), int(column)))
        if low > 1 + 1e-6 or high < threshold - 1 - 1e-6:
            found.append((int(row), int(column)))
    return found
