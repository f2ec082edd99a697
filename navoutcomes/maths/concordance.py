"""How often does the one with the higher predicted hazard leave first? Counted in n log n.

A pair can be compared when one ended while the other was at risk (who is censored at that time was). Reference: Harrell
1982; Uno et al. 2011; Therneau & Atkinson 2024 for ties, weights and the infinitesimal jackknife.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled


@dataclass(frozen=True)
class Concordance:
    """Weighted pairs agreeing, disagreeing and tied in prediction; the share that agrees and its influences (n,)."""

    concordant: float
    discordant: float
    tied: float
    share: float
    influence: Floats


@compiled
def _sweep(row: Indices, sign: Floats, asks: Indices, weight: Floats, rank: Indices, out: Floats) -> None:
    """Walk through steps in order; each either adds ``sign`` times a row's weight to a tally by rank, or asks it.

    ``out`` (n, 3) gets ``sign`` times the weight below, level with and above the row's rank (a tree of running totals).
    """
    ranks = rank.max() + 1
    tree, level, total = np.zeros(ranks + 1), np.zeros(ranks), 0.0
    for at in range(len(row)):
        i = row[at]
        own = rank[i]
        if asks[at] == 1:
            below, place = 0.0, own
            while place > 0:
                below += tree[place]
                place -= place & -place
            out[i, 0] += sign[at] * below
            out[i, 1] += sign[at] * level[own]
            out[i, 2] += sign[at] * (total - below - level[own])
        else:
            mass = sign[at] * weight[i]
            total += mass
            level[own] += mass
            place = own + 1
            while place <= ranks:
                tree[place] += mass
                place += place & -place


def concordance(
    leave: Indices,
    enter: Indices,
    event: Floats,
    weight: Floats,
    predicted: Floats,
    stratum: Indices,
    counts: Floats | None = None,
) -> Concordance:
    """Pairs within strata. Shapes: all (n,); ``predicted`` larger for who should leave sooner; ``counts`` how much the
    pairs of each ending count, taken as known by the influences (None: 1)."""
    mass = weight if counts is None else weight * counts
    _, rank = np.unique(np.round(predicted, 12), return_inverse=True)
    rank = rank.astype(np.int64, copy=False)
    out = np.zeros((len(leave), 3))
    sooner = np.zeros((len(leave), 3))
    for layer in np.unique(stratum):
        inside = np.flatnonzero(stratum == layer)
        # One walk's steps are let go before the other's are made: they are the widest thing here.
        _sweep(*_backward(inside, leave, enter, event), weight, rank, out)
        _sweep(*_forward(inside, leave, enter, event), mass, rank, sooner)
    if counts is not None:
        out *= counts[:, None]
    # With an ending first: below is agreement. With the other's ending first: above is.
    agree, level, against = out[:, 0] + sooner[:, 2], out[:, 1] + sooner[:, 1], out[:, 2] + sooner[:, 0]
    pairs = [float(weight @ one) / 2 for one in (agree, level, against)]
    share = (pairs[0] + pairs[1] / 2) / sum(pairs)
    pull = (agree + level / 2 - share * (agree + level + against)) / sum(pairs)
    return Concordance(pairs[0], pairs[2], pairs[1], share, pull)


def uncensored_counts(leave: Indices, enter: Indices, event: Floats, weight: Floats, places: int) -> Floats:
    """1 / G(t-)² of each row's exit, G the share not censored yet (Kaplan-Meier; endings go before): Uno's weights."""
    ended = np.bincount(leave, weight * event, minlength=places)
    censored = np.bincount(leave, weight * (1 - event), minlength=places)
    late = enter >= 0
    joined = np.bincount(enter[late], weight[late], minlength=places)
    # At risk at a place: who leaves there or later, less who enters there or later.
    at_risk = np.cumsum((ended + censored - joined)[::-1])[::-1]
    left = at_risk - ended
    stays = 1 - np.divide(censored, left, out=np.zeros(places), where=censored > 0)
    before = np.concatenate([[1.0], np.cumprod(stays)[:-1]])[leave]
    return np.divide(1.0, before**2, out=np.zeros(len(leave)), where=before > 0)


Steps = tuple[Indices, Floats, Indices]


def _backward(inside: Indices, leave: Indices, enter: Indices, event: Floats) -> Steps:
    """For who ends: those still at risk just after, from the last time to the first."""
    ended, other = inside[event[inside] > 0], inside[event[inside] == 0]
    late = inside[enter[inside] >= 0]
    # At a time: the censored are there, who enters at it or later is not; then those who end ask, then they are there.
    parts = [(other, -leave[other], 0, 1.0, 0), (late, -enter[late], 1, -1.0, 0),
             (ended, -leave[ended], 2, 1.0, 1), (ended, -leave[ended], 3, 1.0, 0)]  # fmt: skip
    return _ordered(parts)


def _forward(inside: Indices, leave: Indices, enter: Indices, event: Floats) -> Steps:
    """For everybody: those who ended while they were at risk, from the first time to the last."""
    ended, other = inside[event[inside] > 0], inside[event[inside] == 0]
    late = inside[enter[inside] >= 0]
    parts = [(ended, leave[ended], 0, 1.0, 1), (ended, leave[ended], 1, 1.0, 0),
             (other, leave[other], 2, 1.0, 1), (late, enter[late], 3, -1.0, 1)]  # fmt: skip
    return _ordered(parts)


def _ordered(parts: list[tuple[Indices, Indices, int, float, int]]) -> Steps:
    row = np.concatenate([one[0] for one in parts]).astype(np.int64)
    sizes = [len(one[0]) for one in parts]
    order = np.argsort(np.concatenate([one[1] * 4 + one[2] for one in parts]), kind="stable")
    row = row[order]
    sign = np.repeat(np.array([one[3] for one in parts], dtype=np.int8), sizes)[order].astype(float)
    asks = np.repeat(np.array([one[4] for one in parts], dtype=np.int8), sizes)[order].astype(np.int64)
    return row, sign, asks
