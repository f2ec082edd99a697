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
ROUNDING = 1e-13

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
        return np.bincount(cells.cluster, own, minlength=clusters)[:, None]
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


def _since(cells: Cells, running: Floats) -> Floats:
    """A running total at exit less that at entry. Shape (M,)."""
    begin = np.append(running, 0.0)[cells.entry]
    return running[cells.exit] - begin


def _squares(cells: Cells, counts: Counts, form: Form) -> Floats:
    """Sum of squared influences of single persons at each time, by running totals over the grid. Shape (G,).

    Who has left keeps p and q; who is there at t, since e, has -(a(t) - a(e)) - scale(t) (b(t) - b(e)), where a and b
    are the running totals of what was expected.
    """
    hazard, size, scale = hazards(counts), len(cells.time), form.scale
    a, b = (np.cumsum((hazard * one).sum(axis=0)) for one in (form.direct, form.carried))
    p, q = _ended(cells, form.direct) - _since(cells, a), _ended(cells, form.carried) - _since(cells, b)
    mass = cells.weight_squared

    def left(values: Floats) -> Floats:
        return np.cumsum(np.bincount(cells.exit, mass * values, minlength=size))

    pp, pq, qq = left(p * p), left(p * q), left(q * q)
    gone = pp + 2 * scale * pq + scale**2 * qq
    here = -(a + scale * b)
    staying = mass.sum() - left(np.ones_like(p))
    largest = pp + scale**2 * qq
    if not cells.delayed:
        total, largest = gone + staying * here**2, largest + staying * here**2
        return np.where(total > ROUNDING * largest, total, 0.0)
    late = cells.entry != FROM_START
    x, y = (np.append(one, 0.0)[cells.entry] for one in (a, b))

    def there(values: Floats) -> Floats:
        came = np.bincount(cells.entry[late], (mass * values)[late], minlength=size)
        start = float((mass * values)[~late].sum())
        return start + np.cumsum(came) - came - left(values)

    staying, ones = there(np.ones_like(x)), there(x * x) + scale**2 * there(y * y)
    still = staying * here**2 + 2 * here * (there(x) + scale * there(y)) + ones + 2 * scale * there(x * y)
    total, largest = gone + still, largest + staying * here**2 + ones
    return np.where(total > ROUNDING * largest, total, 0.0)


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
