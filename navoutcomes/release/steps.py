"""Steps of enough persons: exits wait until there are enough of them, entries are counted with those before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import Cells

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Who:
    """The persons of some rows: how many in each row, and who they are where one may stand in several rows.

    Shapes: rows (M,); person (M,) codes or None.
    """

    rows: Floats
    person: Indices | None

    @property
    def number(self) -> float:
        """How many persons."""
        return float(self.rows.sum()) if self.person is None else float(len(np.unique(self.person)))

    def among(self, chosen: Mask) -> Who:
        """Those of some rows."""
        return Who(self.rows[chosen], None if self.person is None else self.person[chosen])


def pooled_exits(month: Indices, who: Who, threshold: int) -> Indices:
    """For each row the month in which it is shown: the first by which enough wait, the last few with the step before.

    Shapes: (M,) -> (M,). Too few in all stay where they are.
    """
    ends = [months[-1] for months in _pools(month, who, threshold, np.unique(month))]
    if not ends:
        return month
    place = np.minimum(np.searchsorted(ends, month), len(ends) - 1)
    return np.asarray(ends)[place].astype(np.int64)


def pooled_entries(month: Indices, who: Who, threshold: int) -> Indices:
    """For each row the month in which its entry is shown: earlier or the same, with enough others.

    The first few, with whom nobody earlier can be counted, draw the first pool to themselves. Shapes: (M,) -> (M,).
    """
    begins = [months[-1] for months in _pools(month, who, threshold, np.unique(month)[::-1])][::-1]
    if not begins:
        return np.full_like(month, month.min())
    shown = np.asarray(begins)[np.maximum(np.searchsorted(begins, month, side="right") - 1, 0)].astype(np.int64)
    first = int(month.min())
    return np.where(shown == begins[0], first, shown) if first < begins[0] else shown


def _pools(month: Indices, who: Who, threshold: int, order: Indices) -> Iterator[list[int]]:
    """Months in the order given, gathered until they hold enough persons; an unfinished rest is left out."""
    waiting: list[int] = []
    for one in order:
        waiting.append(int(one))
        if who.among(np.isin(month, waiting)).number >= threshold:
            yield waiting
            waiting = []


def gathered_anew(cells: Cells, kept: Mask | None = None) -> Cells:
    """Rows that share everything put together, so that nothing is left of the days they came from."""
    kept = np.ones(len(cells.exit), dtype=bool) if kept is None else kept
    cluster = np.zeros(len(cells.exit), dtype=np.int64) if cells.cluster is None else cells.cluster
    keys = np.stack([cells.exit, cells.cause, cells.entry, cluster], axis=1)[kept]
    alike, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.reshape(-1)

    def added(values: Floats) -> Floats:
        return np.bincount(place, values[kept], minlength=len(alike)).astype(float)

    return replace(
        cells,
        exit=alike[:, 0],
        cause=alike[:, 1],
        entry=alike[:, 2],
        cluster=None if cells.cluster is None else alike[:, 3],
        persons=added(cells.persons),
        weight=added(cells.weight),
        weight_squared=added(cells.weight_squared),
    )
