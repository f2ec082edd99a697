"""Repeated draws of mean times from the cells of a table: people are not copied, how often each cell is drawn is.

Reference: Efron & Tibshirani 1993, chapter 13 (percentile interval); clusters are drawn whole (Davison & Hinkley 1997,
section 3.8).
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START, Cells
from navoutcomes.maths.curves.restricted_mean import widths

BLOCK = 2_000_000
SPARSE = 12


def drawn_means(
    cells: Cells, horizon: float, cause: int | None, rng: np.random.Generator, replicates: int
) -> tuple[Floats, int]:
    """Mean times up to the horizon in samples of the cells' persons drawn with replacement, (replicates,).

    Arguments: ``cause`` None for the time until any ending, else the time since an ending for it. The second number is
    how many samples had nobody followed to the horizon; their last value is carried on.
    Assumes: whole persons of weight 1.
    """
    persons = cells.persons.astype(np.int64)
    number = int(persons.sum())
    step = max(1, BLOCK // max(number if number < SPARSE * len(persons) else len(persons), len(cells.time), 1))
    means, short = [], 0
    for low in range(0, replicates, step):
        size = min(step, replicates - low)
        found, few = _means(cells, _persons(persons, number, rng, size), horizon, cause)
        means.append(found)
        short += few
    return np.concatenate(means), short


def drawn_by_clusters(
    groups: list[Cells], clusters: int, horizon: float, cause: int | None, rng: np.random.Generator, replicates: int
) -> tuple[list[Floats], int]:
    """The same for several groups when whole clusters are drawn: a cluster drawn twice counts twice in every group.

    Where every cluster stands in one group, each group's clusters are drawn by themselves, so that no group is empty.
    """
    own = [np.unique(np.asarray(cells.cluster)) for cells in groups]
    apart = sum(len(one) for one in own) == len(np.unique(np.concatenate(own)))
    pools = own if apart else [np.unique(np.concatenate(own))]
    step = max(1, BLOCK // max(*(len(cells.exit) for cells in groups), len(groups[0].time), clusters))
    means: list[list[Floats]] = [[] for _ in groups]
    short = 0
    for low in range(0, replicates, step):
        size = min(step, replicates - low)
        times = np.zeros((size, clusters))
        for pool in pools:
            times[:, pool] = rng.multinomial(len(pool), np.full(len(pool), 1 / len(pool)), size=size)
        for at, cells in enumerate(groups):
            found, few = _means(cells, times[:, np.asarray(cells.cluster)] * cells.persons, horizon, cause)
            means[at].append(found)
            short += few
    return [np.concatenate(one) for one in means], short


def _persons(persons: Indices, number: int, rng: np.random.Generator, size: int) -> Floats:
    """How often each cell is drawn: multinomial, by single draws where persons are few for the cells. (size, M)."""
    if number >= SPARSE * len(persons):
        return rng.multinomial(number, persons / number, size=size).astype(float)
    cell = np.repeat(np.arange(len(persons)), persons)
    drawn = cell[rng.integers(0, number, (size, number), dtype=np.int32)]
    drawn += np.arange(size)[:, None] * len(persons)
    found: Floats = np.bincount(drawn.ravel(), minlength=size * len(persons)).reshape(size, -1).astype(float)
    return found


def _means(cells: Cells, drawn: Floats, horizon: float, cause: int | None) -> tuple[Floats, int]:
    """Mean times from how often each cell was drawn, and how many draws end before the horizon. Shape (R,)."""
    ended, late = cells.cause >= 0, cells.entry != FROM_START
    leave = _added(drawn, cells.exit, len(cells.time))
    left = _added(drawn[:, ended], cells.exit[ended], len(cells.time))
    entered = _added(drawn[:, late], cells.entry[late], len(cells.time)) if late.any() else 0.0
    risk = np.cumsum((leave - entered)[:, ::-1], axis=1)[:, ::-1]
    stay = np.cumprod(1 - np.divide(left, risk, out=np.zeros_like(left), where=risk > 0), axis=1)
    span = widths(cells.time, horizon)
    last = len(cells.time) - 1 - np.argmax(leave[:, ::-1] > 0, axis=1)
    short = int(((cells.time[last] < horizon) & (stay[:, -1] > 0)).sum())
    if cause is None:
        lead = min(max(float(cells.time[0]), 0.0), horizon)
        return lead + stay @ span, short
    own = cells.cause == cause
    gone = _added(drawn[:, own], cells.exit[own], len(cells.time))
    ahead = np.concatenate([np.ones((len(stay), 1)), stay[:, :-1]], axis=1)
    incidence = np.cumsum(ahead * np.divide(gone, risk, out=np.zeros_like(gone), where=risk > 0), axis=1)
    return incidence @ span, short


def _added(drawn: Floats, place: Indices, size: int) -> Floats:
    """Columns added up by position on the grid. Shapes: (R, M), (M,) -> (R, size)."""
    order = np.argsort(place, kind="stable")
    first = np.flatnonzero(np.diff(place[order], prepend=-1))
    found = np.zeros((len(drawn), size))
    if len(first):
        found[:, place[order][first]] = np.add.reduceat(drawn[:, order], first, axis=1)
    return found
