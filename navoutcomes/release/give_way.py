"""A table that comes after others gives way: which more of its counts must be hidden, so that none can be worked out?

For each count that is not safe a linear programme looks for the cheapest shown counts which, if they were not known,
would let it be anything from 1 to k - 1. What proves needless afterwards is shown again, the largest first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from navoutcomes.release.attack import SLACK, open_counts
from navoutcomes.release.facts import EVERY, Stated
from navoutcomes.release.unknowns import Unknowns, unknowns

Spot = tuple[str, str, float]
MANY = 1e4


def hide_more(earlier: Sequence[Stated], remembered: int, new: Stated, threshold: int) -> Stated | None:
    """The statement with more counts hidden until nothing small can be worked out; None where hiding cannot help.

    Arguments: ``earlier`` statements about the same persons, the first ``remembered`` of them from the register;
    ``threshold`` k. Raises ``Contradiction``.
    """
    made, number = new, len(earlier)
    while True:
        system = unknowns([*earlier, made])
        found = open_counts(system, threshold, remembered)
        if not found:
            break
        sides = _sides(system, found[0], remembered, threshold)
        spots = {spot for side in sides for spot in _cheapest(system, found[0], number, side)}
        if not spots:
            return None
        made = made.hiding(spots)
    return _shown_again(earlier, remembered, new, made, threshold)


def _sides(system: Unknowns, goal: int, remembered: int, threshold: int) -> tuple[float, ...]:
    return (float(threshold),) if system.counts[goal][0] < remembered else (1.0, float(threshold - 1))


def _shown_again(earlier: Sequence[Stated], remembered: int, new: Stated, made: Stated, threshold: int) -> Stated:
    pairs = zip(new.counts, made.counts, strict=True)
    gone = [before for before, after in pairs if after.hidden and not before.hidden]
    cells = [one for one in gone if one.ending != EVERY]
    for count in sorted(cells, key=lambda one: -one.shown):
        if any(one.group == count.group and one.ending == EVERY and one.group for one in gone):
            continue
        back = new.hiding(one.spot for one in gone if one is not count)
        if not open_counts(unknowns([*earlier, back]), threshold, remembered):
            gone.remove(count)
            made = back
    return made


def _cheapest(system: Unknowns, goal: int, number: int, value: float) -> set[Spot]:
    """Shown counts of one statement whose hiding would let a count have a value."""
    own = [
        (system.structure + row, int(at))
        for row, at in enumerate(system.shown)
        if system.counts[at][0] == number and system.counts[at][1].printed
    ]
    rows, columns = system.matrix.shape
    loose = sparse.csr_matrix(
        (np.ones(len(own)), ([row for row, _ in own], np.arange(len(own)))), shape=(rows + 1, len(own))
    )
    hard = sparse.vstack([system.matrix, system.sums[[goal]]])
    price = np.array([_price(system, at) for _, at in own])
    found = linprog(
        np.concatenate([np.zeros(columns), price, price]),
        A_eq=sparse.hstack([hard, loose, -loose]),
        b_eq=np.append(system.totals, value),
        bounds=(0, None),
        method="highs",
    )
    if found.x is None:
        return set()
    moved = found.x[columns : columns + len(own)] + found.x[columns + len(own) :]
    return {system.counts[at][1].spot for (_, at), far in zip(own, moved, strict=True) if far > SLACK}


def _price(system: Unknowns, at: int) -> float:
    """What it costs to hide a count: its size; a zero as the last resort, a group's size with all its counts."""
    count = system.counts[at][1]
    if count.ending == EVERY:
        return MANY
    return 1.0 + count.shown if count.shown else MANY / 10
