"""Everything stated about one population as equations in unknown counts of persons.

The unknowns are persons by ending and by month (the core), and the same for each division into groups (a spoke). Tables
that share only endings and times need no more: any spokes that agree on the core can belong to one population. So the
equations grow with the tables, not with the product of their columns, and nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy import sparse

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.release.facts import ALWAYS, ANY, EVERY, Count, Stated, parts_among

STILL = "\x00still"


@dataclass
class _Rows:
    """Equations being written: sums of unknowns, and what they come to."""

    places: list[Indices] = field(default_factory=list)
    signs: list[Floats] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)

    def add(self, plus: Indices, total: float, minus: Indices | None = None) -> None:
        gone = np.empty(0, dtype=np.int64) if minus is None else minus.ravel()
        self.places.append(np.concatenate([plus.ravel(), gone]))
        self.signs.append(np.concatenate([np.ones(plus.size), -np.ones(len(gone))]))
        self.totals.append(total)

    def matrix(self, columns: int) -> sparse.csr_matrix:
        row = np.repeat(np.arange(len(self.places)), [len(one) for one in self.places])
        place = np.concatenate([*self.places, np.empty(0, dtype=np.int64)])
        sign = np.concatenate([*self.signs, np.empty(0)])
        return sparse.csr_matrix((sign, (row, place)), shape=(len(self.places), columns))


@dataclass(frozen=True)
class Spoke:
    """One division into groups. Shapes: place (R, E, T), or (R, E, 1) where it has no times."""

    by: str
    groups: tuple[str, ...]
    place: Indices
    sums: tuple[str, ...]


@dataclass(frozen=True)
class Unknowns:
    """``matrix`` x = ``totals`` for every x >= 0 that agrees with what is stated.

    ``counts`` are the counts in the order stated, with (number of the statement, count) for each; ``sums`` (F, N) says
    which unknowns each is the sum of. Rows of ``matrix`` from ``structure`` on are the shown counts, and ``shown`` (S,)
    says which count each of them is.
    """

    matrix: sparse.csr_matrix
    totals: Floats
    structure: int
    counts: tuple[tuple[int, Count], ...]
    sums: sparse.csr_matrix
    shown: Indices


def unknowns(stated: Sequence[Stated]) -> Unknowns:
    """The equations of statements about the same persons. Raises ``ValueError`` for none."""
    if not stated:
        raise ValueError("nothing is stated")
    endings = [*dict.fromkeys(ending for one in stated for ending in one.endings), STILL]
    months = sorted({count.month for one in stated for count in one.counts} | {ALWAYS})
    size = len(endings) * len(months)
    core = np.arange(size).reshape(len(endings), len(months))
    rows = _Rows()
    rows.add(core, float(stated[0].population.persons))
    if len(months) > 1:
        # Who has no ending is counted once, after the last month.
        rows.add(core[-1, :-1], 0.0)
    if any(one.ended for one in stated):
        rows.add(core[-1], 0.0)
    spokes: dict[tuple[str, frozenset[str]], Spoke] = {}
    for one in stated:
        key = (one.by, frozenset(one.groups))
        if one.groups and key not in spokes:
            spokes[key] = _spoke(one, [other for other in stated if (other.by, frozenset(other.groups)) == key],
                                 core.shape, size)  # fmt: skip
            size += spokes[key].place.size
            _joined(rows, spokes[key], core, dict(one.parts))
    for first, second in combinations(spokes.values(), 2):
        _related(rows, first, second)
    structure = len(rows.totals)
    counts: list[tuple[int, Count]] = []
    wanted, shown = _Rows(), []
    for number, one in enumerate(stated):
        spoke = spokes.get((one.by, frozenset(one.groups)))
        for count in one.counts:
            place = _place(count, core, spoke, endings, months)
            wanted.add(place, count.shown)
            if not count.hidden:
                rows.add(place, count.shown)
                shown.append(len(counts))
            counts.append((number, count))
    return Unknowns(
        rows.matrix(size), np.array(rows.totals), structure, tuple(counts), wanted.matrix(size), np.array(shown, int)
    )


def _spoke(one: Stated, alike: Iterable[Stated], shape: tuple[int, ...], first: int) -> Spoke:
    timed = any(count.group and count.month != ALWAYS for other in alike for count in other.counts)
    whole = (len(one.groups), shape[0], shape[1] if timed else 1)
    place = first + np.arange(int(np.prod(whole))).reshape(whole)
    return Spoke(one.by, one.groups, place, tuple(name for name, _ in one.parts))


def _joined(rows: _Rows, spoke: Spoke, core: Indices, parts: dict[str, tuple[str, ...]]) -> None:
    """The groups that are no sums add up to everybody, and the others are the sums they are."""
    base = [at for at, name in enumerate(spoke.groups) if name not in spoke.sums]
    for ending, month in np.ndindex(spoke.place.shape[1:]):
        of = core[ending] if spoke.place.shape[2] == 1 else core[ending, month]
        rows.add(spoke.place[base, ending, month], 0.0, np.atleast_1d(of))
        for whole, some in parts.items():
            inside = [spoke.groups.index(name) for name in some]
            rows.add(spoke.place[spoke.groups.index(whole), ending, month], 0.0, spoke.place[inside, ending, month])


def _related(rows: _Rows, first: Spoke, second: Spoke) -> None:
    """Two divisions that have a group in common, or one of which holds a group that is a sum of the other's."""
    for one, other in ((first, second), (second, first)):
        shared: list[tuple[str, tuple[str, ...]]] = []
        # Offices that persons are clustered by have no column's name.
        if one.by == other.by or not (one.by and other.by):
            shared = [(name, (name,)) for name in one.groups if name in other.groups]
        merged = parts_among(tuple(dict.fromkeys((*one.groups, *other.groups))))
        shared += [(whole, some) for whole, some in merged if whole in one.groups and set(some) <= set(other.groups)]
        for whole, some in shared:
            inside = [other.groups.index(name) for name in some]
            for ending in range(one.place.shape[1]):
                rows.add(one.place[one.groups.index(whole), ending], 0.0, other.place[inside, ending])


def _place(
    count: Count, core: Indices, spoke: Spoke | None, endings: Sequence[str], months: Sequence[float]
) -> Indices:
    cells = core if count.group == EVERY or spoke is None else spoke.place[spoke.groups.index(count.group)]
    every = {EVERY: slice(None), ANY: slice(0, -1)}
    rows = every[count.ending] if count.ending in every else endings.index(count.ending)
    return np.asarray(cells[rows, : months.index(count.month) + 1] if cells.shape[-1] > 1 else cells[rows])
