"""Sums over people in two halves side by side: the halves depend on the number of people, never on the machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
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
    later = _pool().submit(work, rows // 2, rows)
    first = work(0, rows // 2)
    return [first, later.result()]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


# A forked process has none of its parent's threads.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
