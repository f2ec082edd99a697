"""From times to periods: who is at risk in which, and what to do with a part of one.

Period m (from 0) is (m L, (m + 1) L]. Whoever ends in it counts in it. Whoever was followed through a part of it
without ending, or came in after it began, does not: nothing is known of the rest of it. Traits are those at its
beginning.
Reference: Allison 1982; Singer & Willett 1993 (who leaves observation in a period is not at risk in it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

SLACK = 1e-9


@dataclass(frozen=True)
class AtRisk:
    """Shapes: begin, end (n,): at risk in begin <= m < end; place (n,) period of the ending or -1. ``parts`` rows lose
    a part of a period at their censoring or entry; ``lost`` persons end in the period they came in, and count nowhere.
    """

    begin: Indices
    end: Indices
    place: Indices
    parts: int
    lost: int


def periods_at_risk(entry: Floats, time: Floats, ended: np.ndarray, length: float, person: Indices | None) -> AtRisk:
    """Arguments: ``entry`` not a number from the start; ``ended`` whether the row ends in any way; ``length`` L;
    ``person`` codes where persons have several rows, or None. Shapes: all (n,).
    """
    start, stop = np.nan_to_num(entry, nan=0.0) / length, time / length
    slack = SLACK * np.maximum(1.0, np.abs(stop))
    begin = np.ceil(start - slack).astype(np.int64)
    up, down = np.ceil(stop - slack).astype(np.int64), np.floor(stop + slack).astype(np.int64)
    end = np.where(ended, np.maximum(up, 1), down)
    late, short = begin > start + slack, ~ended & (down < up)
    if person is not None:
        return _chained(begin, end, late, short, start, stop, ended, person)
    lost = ended & (begin >= end)
    place = np.where(ended & ~lost, end - 1, -1)
    return AtRisk(np.minimum(begin, end), end, place, int(late.sum() + short.sum()), int(lost.sum()))


def _chained(
    begin: Indices,
    end: Indices,
    late: np.ndarray,
    short: np.ndarray,
    start: Floats,
    stop: Floats,
    ended: np.ndarray,
    person: Indices,
) -> AtRisk:
    """Rows that follow on each other share no period: a period belongs to the row in force at its beginning, and so
    does an ending in it."""
    order = np.lexsort((start, person))
    start, stop, begin, end = start[order], stop[order], begin[order], end[order]
    own, ended = person[order], ended[order]
    follows = (own[1:] == own[:-1]) & np.isclose(start[1:], stop[:-1], rtol=SLACK, atol=SLACK)
    chain = np.concatenate([[0], np.cumsum(~follows)])
    first, last = np.append(True, ~follows), np.append(~follows, True)
    limit = end[last][chain]
    how = np.where(ended[last], end[last] - 1, -1)[chain]
    following = np.append(begin[1:], 0)
    end = np.where(last, limit, np.minimum(limit, following))
    place = np.where((begin <= how) & (how < end), how, -1)
    lost = ended[last] & (np.bincount(chain, place >= 0) == 0)
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    parts = int(late[order][first].sum() + short[order][last].sum())
    return AtRisk(np.minimum(begin, end)[back], end[back], place[back], parts, int(lost.sum()))
