"""Which cells of one table must be hidden so that no small count can be read or worked out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from navoutcomes.release.facts import EVERY, Count, Population, Stated
from navoutcomes.release.give_way import hide_more
from navoutcomes.release.policy import DisclosurePolicy

Mask = NDArray[np.bool_]
Counts = NDArray[np.float64]


def suppressed(counts: Counts, policy: DisclosurePolicy) -> tuple[Mask, Mask]:
    """Hidden cells of a table, and its hidden row sums; other sums, and the total, are shown or known.

    The sums are a table of one row themselves, and a group (or an ending) of few persons is hidden there with another.
    In a row whose sum is hidden every cell is. Shapes: counts (R, C) -> (R, C) and (R,).
    """
    rows, columns = hidden_sums(counts.sum(axis=1), policy), hidden_sums(counts.sum(axis=0), policy)
    if len(counts) == 1:
        columns[:] = True
    start = np.broadcast_to(rows[:, None], counts.shape)
    return _closed(counts, policy, start, ~rows, ~columns), rows


def hidden_sums(sums: Counts, policy: DisclosurePolicy) -> Mask:
    """Hidden sums when their total is known. Shape of ``sums``."""
    if len(sums) == 1:
        return np.zeros(1, dtype=bool)
    nothing = np.zeros(len(sums), dtype=bool)
    return _closed(sums[None], policy, nothing[None], np.zeros(1, dtype=bool), nothing)[0]


def _closed(counts: Counts, policy: DisclosurePolicy, start: Mask, rows: Mask, columns: Mask) -> Mask:
    """Small counts are hidden first; then others, until a linear programme can pin none from the known sums."""
    small = np.vectorize(policy.small, otypes=[bool])(counts)
    groups = tuple(f"row {at}" for at in range(len(counts)))
    endings = tuple(f"column {at}" for at in range(counts.shape[1]))
    sums = [Count(groups[at], shown=counts[at].sum(), printed=False) for at in np.flatnonzero(rows)]
    sums += [Count(EVERY, endings[at], shown=counts[:, at].sum(), printed=False) for at in np.flatnonzero(columns)]
    cells = [
        Count(
            group, ending, shown=np.nan if small[spot] or start[spot] else float(counts[spot]), small=bool(small[spot])
        )
        for spot, group, ending in (
            ((row, column), groups[row], endings[column]) for row, column in np.ndindex(counts.shape)
        )
    ]
    everybody = Population((), int(counts.sum()))
    made = hide_more((), 0, Stated(everybody, "", groups, endings, (*sums, *cells), ended=True), policy.threshold)
    if made is None:
        return np.ones(counts.shape, dtype=bool)
    return np.array([one.hidden for one in made.counts[len(sums) :]]).reshape(counts.shape)
