"""Which cells of one table must be hidden so that no small count can be read or worked out."""

from __future__ import annotations

import numpy as np

from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.solve import Counts, Mask, exposed


def suppressed(counts: Counts, policy: DisclosurePolicy) -> Mask:
    """Hidden cells of a table whose row and column sums are shown or known.

    Small counts are hidden first; then, while a linear programme can pin one of them, the smallest other cell of its
    row or column. Shapes: counts (R, C) -> (R, C).
    """
    small = np.vectorize(policy.small, otypes=[bool])(counts)
    hidden = small.copy()
    while True:
        open_cells = exposed(counts, hidden, small, policy.threshold)
        if not open_cells:
            return hidden
        more = _next(counts, hidden, open_cells)
        if more is None:
            return np.ones_like(hidden)
        hidden[more] = True


def _next(counts: Counts, hidden: Mask, open_cells: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The cheapest cell that could cover an open one: in its column or row, smallest first, zeros last."""
    candidates = []
    for row, column in open_cells:
        line = [(row, other) for other in range(counts.shape[1])] + [
            (other, column) for other in range(counts.shape[0])
        ]
        candidates += [spot for spot in line if not hidden[spot]]
    if not candidates:
        candidates = [(int(row), int(column)) for row, column in np.argwhere(~hidden)]
    if not candidates:
        return None
    return min(candidates, key=lambda spot: (counts[spot] == 0, counts[spot], spot))
