"""Rows of people to the cells of every group in one pass: a histogram where it fits, a sort where it does not."""

from __future__ import annotations

from math import prod

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import Cells

ROOMY = 100_000
WIDEST = 2**62
Part = tuple[Indices, int]
Sums = tuple[Floats, Floats, Floats]


def gather_groups(
    grid: Floats,
    place: Indices,
    causes: int,
    group: Indices | None,
    groups: int,
    enter: Indices | None = None,
    weight: Floats | None = None,
    cluster: Indices | None = None,
) -> list[Cells]:
    """The cells of each group, all on one grid.

    Arguments: ``place`` (n,) is ``(cause + 1) * G + exit``, cause -1 for censored and exit a position on ``grid`` (G,);
    ``group`` (n,) codes 0..groups-1, None for one group; ``enter`` (n,) positions, -1 from the start, or None for all
    from the start; ``weight`` (n,) or None (1 each); ``cluster`` (n,) codes or None.
    Shapes: returns ``groups`` cells.
    """
    size = len(grid)
    parts: dict[str, Part] = {} if group is None else {"group": (group, groups)}
    parts["place"] = (place, (causes + 1) * size)
    if enter is not None:
        parts["enter"] = (enter + 1, size + 1)
    if cluster is not None:
        parts["cluster"] = (cluster, int(cluster.max(initial=0)) + 1)
    found, (persons, mass, square) = _alike(list(parts.values()), weight)
    code = dict(zip(parts, found, strict=True))
    cause, leave = np.divmod(code["place"], size)
    entry = code["enter"] - 1 if enter is not None else np.full(len(cause), -1)
    edges = [0, len(cause)] if group is None else np.searchsorted(code["group"], np.arange(groups + 1))
    cuts = [slice(edges[at], edges[at + 1]) for at in range(groups)]
    return [
        Cells(
            time=grid,
            entry=entry[cut],
            exit=leave[cut],
            cause=cause[cut] - 1,
            persons=persons[cut],
            weight=mass[cut],
            weight_squared=square[cut],
            cluster=code["cluster"][cut] if cluster is not None else None,
            causes=causes,
        )
        for cut in cuts
    ]


def _alike(parts: list[Part], weight: Floats | None) -> tuple[list[Indices], Sums]:
    """The distinct combinations of codes in order, and how many rows, weights and squared weights each has."""
    width = prod(wide for _, wide in parts)
    if width >= WIDEST:
        return _by_columns(parts, weight)
    key = parts[0][0]
    for at, (code, wide) in enumerate(parts[1:]):
        key = np.multiply(key, wide, out=key if at else None)
        key += code
    used, sums = _counted(key, width, weight) if width <= 2 * len(key) + ROOMY else _sorted(key, weight)
    codes = []
    for _, wide in parts[::-1]:
        used, code = np.divmod(used, wide)
        codes.append(code)
    return codes[::-1], sums


def _counted(key: Indices, width: int, weight: Floats | None) -> tuple[Indices, Sums]:
    number = np.bincount(key, minlength=width)
    used = np.flatnonzero(number)
    persons = number[used].astype(float)
    if weight is None:
        return used, (persons, persons, persons)
    mass: Floats = np.bincount(key, weight, minlength=width)[used].astype(float)
    square: Floats = np.bincount(key, weight * weight, minlength=width)[used].astype(float)
    return used, (persons, mass, square)


def _sorted(key: Indices, weight: Floats | None) -> tuple[Indices, Sums]:
    order = None if weight is None else np.argsort(key, kind="stable")
    ordered = np.sort(key) if order is None else key[order]
    return _runs(ordered, np.flatnonzero(np.diff(ordered, prepend=-1)), order, weight)


def _runs(ordered: Indices, first: Indices, order: Indices | None, weight: Floats | None) -> tuple[Indices, Sums]:
    persons = np.diff(first, append=len(ordered)).astype(float)
    if weight is None or order is None:
        return ordered[first], (persons, persons, persons)
    own = weight[order]
    mass: Floats = np.add.reduceat(own, first)
    square: Floats = np.add.reduceat(own * own, first)
    return ordered[first], (persons, mass, square)


def _by_columns(parts: list[Part], weight: Floats | None) -> tuple[list[Indices], Sums]:
    """Where one whole number cannot hold the combination."""
    codes = [code for code, _ in parts]
    order = np.lexsort(codes[::-1])
    changed = np.zeros(len(order), dtype=bool)
    changed[:1] = True
    for code in codes:
        changed[1:] |= np.diff(code[order]) != 0
    first = np.flatnonzero(changed)
    _, sums = _runs(order, first, order, weight)
    return [code[order[first]] for code in codes], sums
