"""People as the Fine-Gray arithmetic wants them: places of the endings for the cause, slots of people who end alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.fine_gray_weights import Flags
from navoutcomes.maths.hazards.partial_likelihood import within


@dataclass(frozen=True)
class FineGrayRows:
    """People for the model, checked one floor up.

    Places are the times at which somebody ends for the cause, by stratum; the first of a stratum stands before them.
    A slot is how a row ends: 0..J-1 for the cause at a place, J..2J-1 censored after it, then K for another
    cause, after the place ``away_place`` with ``away_carry`` 1 / A(s).
    Shapes: x (n, p) C order; slot (n,); enter (n,) places, -1 from the start; weight (n,); away_place, away_carry (K,);
    remain (J,) A(t); time (J,) positions on the whole grid (not used at the first place of a stratum); first (S + 1,).
    """

    x: Floats
    slot: Indices
    enter: Indices
    weight: Floats
    away_place: Indices
    away_carry: Floats
    remain: Floats
    time: Indices
    first: Indices
    efron: bool = True

    @property
    def places(self) -> int:
        """How many places the strata have together."""
        return int(self.first[-1])

    @property
    def slots(self) -> int:
        """How many ways of ending there are."""
        return 2 * self.places + len(self.away_place)

    @property
    def events(self) -> Indices:
        """Which rows end for the cause."""
        return np.flatnonzero(self.slot < self.places)

    def met(self, upto: Floats, own: Floats, after: Floats) -> Floats:
        """What each slot meets of running totals: up to its place (its own tie spared), and beyond it for the gone.

        Shapes: (J, ...), three times -> (slots, ...).
        """
        carry = self.away_carry.reshape(-1, *(1,) * (upto.ndim - 1))
        away = upto[self.away_place] + carry * after[self.away_place]
        return np.concatenate([upto - own, upto, away])


def laid(
    x: Floats,
    enter: Indices,
    leave: Indices,
    event: Flags,
    other: Flags,
    weight: Floats,
    stratum: Indices,
    remain: Floats,
    efron: bool = True,
) -> FineGrayRows:
    """Rows on the whole grid moved to the places of the endings for the cause.

    Arguments: ``enter``, ``leave`` (n,) positions on the whole grid; ``event`` and ``other`` (n,) bool, ended for the
    cause and for another; ``remain`` (S, G) from ``observed``.
    """
    shape, level = remain.shape, remain.ravel()
    key = leave if shape[0] == 1 else stratum * shape[1] + leave
    ended = np.zeros(remain.size, dtype=bool)
    ended[key[event]] = True
    here = ended.reshape(shape)
    upto = np.cumsum(here, axis=1)
    first = np.concatenate([[0], np.cumsum(upto[:, -1] + 1)])
    place = (first[:-1, None] + upto).ravel()
    begin = np.full(len(enter), -1, dtype=np.int64)
    late = np.flatnonzero(enter >= 0)
    begin[late] = place[stratum[late] * shape[1] + enter[late]]
    strata, times = np.nonzero(here)
    own = first[strata] + upto[strata, times]
    kept, time = np.ones(first[-1]), np.zeros(first[-1], dtype=np.int64)
    kept[own], time[own] = remain[strata, times], times
    gone = np.zeros(remain.size, dtype=bool)
    gone[key[other]] = True
    away = np.flatnonzero(gone)
    ways = np.concatenate([place, place + first[-1], 2 * first[-1] + np.cumsum(gone) - 1])
    slot = ways[key + len(level) * (np.where(other, 2, 1) - event)]
    with np.errstate(divide="ignore"):
        carry = 1.0 / level[away]
    return FineGrayRows(x, slot, begin, weight, place[away], carry, kept, time, first, efron)


def left_over(values: Floats, first: Indices) -> Floats:
    """What is left of the total of a stratum after each place. Shapes: (J, ...) -> the same."""
    upto = within(np.cumsum(values, axis=0), first)
    return np.asarray(np.repeat(upto[first[1:] - 1], np.diff(first), axis=0) - upto)
