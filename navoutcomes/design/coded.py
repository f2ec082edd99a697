"""Rows of people as whole numbers, made once: positions on one grid, places of endings, codes of clusters and levels.

Every question starts from these, so that the second one costs no more than counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.grid import reconcile

NARROW = 100_000


@dataclass(frozen=True)
class Coded:
    """Who was seen when. One row a person-interval; the arrays are not to be written to.

    Shapes: grid (G,) increasing, with 0; place (n,) is ``(cause + 1) * G + exit``, cause -1 censored and exit a
    position on the grid; enter (n,) positions, -1 from the start, or None for all; weight (n,) or None (1 each);
    cluster (n,) codes or None. ``clustered`` is ``none``, ``person`` (several rows a person) or ``office``.
    """

    grid: Floats
    place: Indices
    enter: Indices | None
    weight: Floats | None
    cluster: Indices | None
    clusters: int
    clustered: str


def coded(rows: pd.DataFrame, endings: tuple[str, ...]) -> Coded:
    """The standard rows of a follow-up as whole numbers."""
    time, weight = (rows[name].to_numpy(dtype=float) for name in ("time", "weight"))
    entry = from_start(rows["entry"].to_numpy(dtype=float), time)
    late = ~np.isnan(entry)
    enter = None
    if late.any():
        grid, (leave, entered, _) = reconcile(time, entry[late], np.zeros(1))
        enter = np.full(len(time), FROM_START, dtype=np.int64)
        enter[late] = entered
    else:
        grid, (leave, _) = reconcile(time, np.zeros(1))
    place = causes(rows, endings)
    place += 1
    place *= len(grid)
    place += leave
    cluster, clusters, clustered = clusters_of(rows)
    unit = None if bool((weight == 1).all()) else weight
    return Coded(grid, place, enter, unit, cluster, clusters, clustered)


def from_start(entry: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Entries at or before 0 are under observation from the start (not a number), unless somebody leaves at 0.

    Shapes: (n,), (n,) -> (n,).
    """
    late = entry > 0 if (time > 0).all() else ~np.isnan(entry)
    return np.where(late, entry, np.nan)


def causes(rows: pd.DataFrame, endings: tuple[str, ...]) -> Indices:
    """How each row ended, as a place in ``endings``; -1 still followed. Shape (n,)."""
    ending = rows["ending"].cat
    place = np.array([*(endings.index(name) for name in ending.categories), -1], dtype=np.int64)
    return place[ending.codes]


def clusters_of(rows: pd.DataFrame) -> tuple[Indices | None, int, str]:
    """Which rows belong together: codes (n,) or None, how many clusters, and ``none``, ``person`` or ``office``."""
    for name, kind, belong in (
        ("cluster", "office", rows["cluster"].notna().any()),
        ("person", "person", rows["person"].duplicated().any()),
    ):
        if belong:
            codes, found = pd.factorize(rows[name], sort=True)
            return codes.astype(np.int64), len(found), kind
    return None, 0, "none"


def level_codes(values: pd.Series) -> tuple[Indices, list[Any]]:
    """Each value as a position among the levels in order; -1 for an empty cell. Shape (n,).

    Order: a category's own; else numbers by size and words by alphabet; where a column mixes them, as words.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, own = values.cat.codes.to_numpy(), list(values.cat.categories)
        seen = np.bincount(codes[codes >= 0], minlength=len(own)) > 0
        return _moved(codes, seen), [one for one, here in zip(own, seen, strict=True) if here]
    if values.dtype.kind in "iu" and isinstance(values.dtype, np.dtype) and len(values):
        numbers = values.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low < NARROW:
            offset = (numbers - low).astype(np.int64)
            seen = np.bincount(offset) > 0
            return _moved(offset, seen), [int(one) + low for one in np.flatnonzero(seen)]
    codes, found = pd.factorize(values)
    levels = list(found)
    try:
        order = sorted(range(len(levels)), key=levels.__getitem__)
    except TypeError:
        order = sorted(range(len(levels)), key=lambda at: str(levels[at]))
    rank = np.empty(len(levels) + 1, dtype=np.int64)
    rank[order], rank[-1] = np.arange(len(levels)), -1
    return rank[codes], [levels[at] for at in order]


def _moved(codes: np.ndarray, seen: np.ndarray) -> Indices:
    """Codes when the levels that nobody has are left out; -1 stays."""
    rank = np.append(np.cumsum(seen) - 1, -1).astype(np.int64)
    found: Indices = rank[codes]
    return found
