"""Sums over people in two halves side by side: the halves depend on the number of people, never on the machine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
SMALLEST = 20_000


def halves(rows: int, cells: int, work: Callable[[int, int], T]) -> list[T]:
    """What ``work(low, high)`` gives for each half of the rows, in order; all at once where they are few.

    Arguments: ``cells`` how many numbers each half keeps for itself. Assumes: ``work`` writes only rows low to high and
    lets go of the interpreter.
    """
    if rows < SMALLEST or 4 * cells > rows:
        return [work(0, rows)]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, (0, rows // 2), (rows // 2, rows)))
