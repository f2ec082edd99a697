"""Which cells of one table must be hidden so that no small count can be read or worked out."""

from __future__ import annotations

import numpy as np

from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.solve import Counts, Known, Mask, exposed


def suppressed(counts: Counts, policy: DisclosurePolicy) -> tuple[Mask, Mask]:
    """Hidden cells of a table, and its hidden row sums; other sums, and the total, are shown or known.

    The sums are a table of one row themselves, and a group (or an ending) of few persons is hidden there with another.
    In a row whose sum is hidden every cell is. Shapes: counts (R, C) -> (R, C) and (R,).
    """
    rows, columns = hidden_sums(counts.sum(axis=1), policy), hidden_sums(counts.sum(axis=0), policy)
    if len(counts) == 1:
        columns[:] = True
    start = np.broadcast_to(rows[:, None], counts.shape)
    return _closed(counts, policy, start, (~rows, ~columns)), rows


def hidden_sums(sums: Counts, policy: DisclosurePolicy) -> Mask:
    """Hidden sums when their total is known."""
    if len(sums) == 1:
        return np.zeros(1, dtype=bool)
    alone = np.ones(1, dtype=bool), np.zeros(len(sums), dtype=bool)
    return _closed(sums[None], policy, np.zeros((1, len(sums)), dtype=bool), alone)[0]


def _closed(counts: Counts, policy: DisclosurePolicy, start: Mask, known: Known) -> Mask:
    """Small counts are hidden first; then, while a linear programme can pin one, the cheapest beside it."""
    small = np.vectorize(policy.small, otypes=[bool])(counts)
    hidden = small | start
    while open_cells := list(exposed(counts, hidden, small, policy.threshold, known)):
        more = _next(counts, hidden, open_cells)
        if more is None:
            return np.ones_like(hidden)
        hidden[more] = True
    # What was hidden on the way and is no longer needed is shown again, the largest first.
    for row, column in sorted(np.argwhere(hidden & ~small & ~start).tolist(), key=lambda spot: -counts[tuple(spot)]):
        hidden[row, column] = False
        if next(exposed(counts, hidden, small, policy.threshold, known), None) is not None:
            hidden[row, column] = True
    return hidden


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
