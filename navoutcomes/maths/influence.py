"""How much each person or office pulls an estimate: the infinitesimal jackknife on the grid.

With weights, clusters or delayed entry the textbook variances are wrong; the sum of squared influences is right. The
influence of a row of people on anything here is linear in what was seen of them less what was expected,
``h_j(u) = dN_j(u) - Y(u) dH_j(u)``, so it is made of running totals over the grid.

Reference: Jaeckel 1972; Therneau & Grambsch 2000, section 7.1; R ``survfit`` with ``robust=TRUE`` gives the same
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START, Cells, Counts

BLOCK = 4_000_000
ROUNDING = 1e-14

Apply = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Total:
    """An influence on one number: the sum over causes and times of surprise times ``worth``. Shape: worth (K, G)."""

    worth: Floats

    def __call__(self, surprise: Floats) -> Floats:
        """Shapes: (R, K, G) -> (R, 1)."""
        return np.einsum("rkg,kg->r", surprise, self.worth)[:, None]


@dataclass(frozen=True)
class Form:
    """An influence on a curve: at each time p + scale q, where p and q are running totals of surprises.

    Shapes: direct and carried (K, G) are what a surprise is worth in p and in q; scale (G,).
    """

    direct: Floats
    carried: Floats
    scale: Floats

    def __call__(self, surprise: Floats) -> Floats:
        """Shapes: (R, K, G) -> (R, G)."""
        p, q = (np.cumsum(np.einsum("rkg,kg->rg", surprise, one), axis=1) for one in (self.direct, self.carried))
        return np.asarray(p + self.scale * q)

    def read(self, weights: Floats) -> Total:
        """The influence on the sum over times of ``weights`` (G,) times the curve: an area, or the curve at a time."""
        later, scaled = (np.cumsum(one[::-1])[::-1] for one in (weights, weights * self.scale))
        return Total(self.direct * later + self.carried * scaled)

    def at(self, place: int) -> Total:
        """The influence on the curve at one position of the grid."""
        return self.read(np.where(np.arange(len(self.scale)) == place, 1.0, 0.0))


def jackknife(cells: Cells, counts: Counts, apply: Apply) -> Floats:
    """Variance of what ``apply`` turns surprises into: the sum of squared influences.

    Arguments: ``cells`` of one group; ``counts`` of the same people, weighted where they have weights; ``apply`` a
    ``Form`` or ``Total``, or any map of h of shape (R, K, G) to influences (R, T) that is linear.
    Shapes: returns (T,). Rows are clusters where the cells have clusters, otherwise single persons.
    """
    if isinstance(apply, Total):
        own = totals(cells, counts, apply)
        if cells.cluster is None:
            return np.array([float(cells.weight_squared @ own**2)])
        return np.array([float((np.bincount(cells.cluster, cells.weight * own) ** 2).sum())])
    if isinstance(apply, Form):
        if cells.cluster is None:
            return _squares(cells, counts, apply)
        return np.asarray(sum((part**2).sum(axis=0) for _, part in _by_row(cells, counts, apply)))
    parts = [(times[:, None] * apply(surprise) ** 2).sum(axis=0) for surprise, times in surprises(cells, counts)]
    return np.asarray(np.sum(parts, axis=0))


def influences(cells: Cells, counts: Counts, apply: Apply, clusters: int) -> Floats:
    """Influence of each cluster on what ``apply`` makes. Shapes: returns (clusters, T)."""
    if cells.cluster is None:
        raise ValueError("influences by cluster need clusters")
    if isinstance(apply, Total):
        own = cells.weight * totals(cells, counts, apply)
        return np.asarray(np.bincount(cells.cluster, own, minlength=clusters)[:, None], dtype=float)
    if isinstance(apply, Form):
        made = np.zeros((clusters, len(cells.time)))
        for names, part in _by_row(cells, counts, apply):
            made[names] = part
        return made
    parts, rows = [apply(np.zeros((0, cells.causes, len(cells.time))))], np.unique(cells.cluster)
    for surprise, _ in surprises(cells, counts):
        parts.append(apply(surprise))
    found = np.concatenate(parts)
    full = np.zeros((clusters, found.shape[1]))
    full[rows] = found
    return full


def totals(cells: Cells, counts: Counts, total: Total) -> Floats:
    """The influence of one person of weight 1 in each cell on a number. Shape (M,)."""
    return _ended(cells, total.worth) - _since(cells, np.cumsum((hazards(counts) * total.worth).sum(axis=0)))


def hazards(counts: Counts) -> Floats:
    """Events over at risk by cause, 0 where nobody is. Shape (K, G)."""
    risk = counts.at_risk
    return np.divide(counts.events, risk, out=np.zeros_like(counts.events), where=risk > 0)


def _ended(cells: Cells, worth: Floats) -> Floats:
    """What the ending of each cell is worth; nothing for the censored. Shape (M,)."""
    return np.where(cells.cause >= 0, worth[np.maximum(cells.cause, 0), cells.exit], 0.0)


def _since(cells: Cells, total: Floats) -> Floats:
    """A running total at exit less that at entry. Shape (M,)."""
    return total[cells.exit] - np.append(total, 0.0)[cells.entry]


def _squares(cells: Cells, counts: Counts, form: Form) -> Floats:
    """Sum of squared influences of single persons at each time, by running totals over the grid. Shape (G,)."""
    run, scale = running(cells, counts, form), form.scale
    ones = np.ones_like(run.p)
    pp, pq, qq = (run.left(one) for one in (run.p * run.p, run.p * run.q, run.q * run.q))
    total = pp + 2 * scale * pq + scale**2 * qq + run.there(ones) * run.here**2
    largest = pp + scale**2 * qq + run.came(ones) * run.here**2
    if cells.delayed:
        a, b = run.a, run.b
        still = 2 * run.here * (run.there(a) + scale * run.there(b)) + 2 * scale * run.there(a * b)
        total = total + still + run.there(a * a) + scale**2 * run.there(b * b)
        largest = largest + run.came(a * a) + scale**2 * run.came(b * b)
    # What rounding leaves of sums that cancel is nothing.
    return np.where(total > ROUNDING * largest, total, 0.0)


def crossed(cells: Cells, counts: Counts, form: Form, total: Total) -> Floats:
    """Covariance of a curve at each time with one number: the sum of products of influences of persons. Shape (G,)."""
    run, own = running(cells, counts, form), totals(cells, counts, total)
    found = run.left(run.p * own) + form.scale * run.left(run.q * own) + run.here * run.there(own)
    if cells.delayed:
        found = found + run.there(run.a * own) + form.scale * run.there(run.b * own)
    return np.asarray(found)


@dataclass(frozen=True)
class Running:
    """Influences of single persons in a form that can be summed over the grid.

    Who has left keeps p and q; who is there at t, since e, has -(a(t) - a(e)) - scale(t) (b(t) - b(e)), where a and b
    are the running totals of what was expected. Shapes: p, q, a (at entry), b (at entry) (M,); here (G,).
    """

    cells: Cells
    p: Floats
    q: Floats
    a: Floats
    b: Floats
    here: Floats

    def left(self, values: Floats) -> Floats:
        """Sum over those who have left by each time."""
        mass = self.cells.weight_squared * values
        return np.cumsum(np.bincount(self.cells.exit, mass, minlength=len(self.here))).astype(float)

    def came(self, values: Floats) -> Floats:
        """Sum over those who came before each time."""
        mass, late = self.cells.weight_squared * values, self.cells.entry != FROM_START
        start = float(mass[~late].sum())
        if not late.any():
            return np.full(len(self.here), start)
        own = np.bincount(self.cells.entry[late], mass[late], minlength=len(self.here))
        return np.asarray(start + np.cumsum(own) - own)

    def there(self, values: Floats) -> Floats:
        """Sum over those who came before each time and leave after it."""
        return self.came(values) - self.left(values)


def running(cells: Cells, counts: Counts, form: Form) -> Running:
    """The parts of the influences of single persons on a curve."""
    hazard = hazards(counts)
    a, b = (np.cumsum((hazard * one).sum(axis=0)) for one in (form.direct, form.carried))
    return Running(
        cells=cells,
        p=_ended(cells, form.direct) - _since(cells, a),
        q=_ended(cells, form.carried) - _since(cells, b),
        a=np.append(a, 0.0)[cells.entry],
        b=np.append(b, 0.0)[cells.entry],
        here=-(a + form.scale * b),
    )


def _by_row(cells: Cells, counts: Counts, form: Form) -> Iterator[tuple[Indices, Floats]]:
    """Blocks of clusters and their influences (R, G)."""
    size = len(cells.time)
    names, row = np.unique(np.asarray(cells.cluster), return_inverse=True)
    hazard, mass = hazards(counts), cells.weight
    order = np.argsort(row, kind="stable")
    step = max(1, BLOCK // max(1, size))
    for low in range(0, len(names), step):
        high = min(len(names), low + step)
        cut = order[np.searchsorted(row[order], low) : np.searchsorted(row[order], high)]
        bins, late = (high - low) * size, cells.entry[cut] != FROM_START
        leave = (row[cut] - low) * size + cells.exit[cut]
        moves = np.bincount(leave, mass[cut], minlength=bins)
        if late.any():
            moves -= np.bincount(((row[cut] - low) * size + cells.entry[cut])[late], mass[cut][late], minlength=bins)
        under = np.cumsum(moves.reshape(-1, size)[:, ::-1], axis=1)[:, ::-1]
        found = np.zeros((high - low, size))
        for worth, times in ((form.direct, 1.0), (form.carried, form.scale)):
            seen = np.bincount(leave, (mass * _ended(cells, worth))[cut], minlength=bins).reshape(-1, size)
            found += times * np.cumsum(seen - under * (hazard * worth).sum(axis=0), axis=1)
        yield names[low:high], found


def surprises(cells: Cells, counts: Counts) -> Iterator[tuple[Floats, Floats]]:
    """Blocks of ``h`` (R, K, G), and how many times each row's square counts (R,)."""
    size, causes = len(cells.time), cells.causes
    hazard = hazards(counts)
    if cells.cluster is None:
        row, rows = np.arange(len(cells.exit)), len(cells.exit)
        mass: Floats = np.ones(rows)
        times = cells.weight_squared
    else:
        names, row = np.unique(cells.cluster, return_inverse=True)
        rows, mass = len(names), cells.weight
        times = np.ones(rows)
    order = np.argsort(row, kind="stable")
    step = max(1, BLOCK // max(1, size * (causes + 1)))
    for low in range(0, rows, step):
        high = min(rows, low + step)
        chosen = order[np.searchsorted(row[order], low) : np.searchsorted(row[order], high)]
        seen = np.zeros((high - low, causes, size))
        leave = np.zeros((high - low, size))
        here, at, why = row[chosen] - low, cells.exit[chosen], cells.cause[chosen]
        ended = why >= 0
        np.add.at(seen, (here[ended], why[ended], at[ended]), mass[chosen][ended])
        np.add.at(leave, (here, at), mass[chosen])
        enter = cells.entry[chosen]
        late = enter != FROM_START
        np.add.at(leave, (here[late], enter[late]), -mass[chosen][late])
        under = np.cumsum(leave[:, ::-1], axis=1)[:, ::-1]
        yield seen - under[:, None, :] * hazard[None, :, :], times[low:high]
