"""How much each person or office pulls an estimate: the infinitesimal jackknife on the grid.

With weights, clusters or delayed entry the textbook variances are wrong; the sum of squared influences is right. The
influence of a row of people on anything here is linear in what was seen of them less what was expected,
``h_j(u) = dN_j(u) - Y(u) dH_j(u)``, so it is made of running totals over the grid.

Reference: Jaeckel 1972; Therneau & Grambsch 2000, section 7.1; R ``survfit`` with ``robust=TRUE`` gives the same
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import FROM_START, Cells, Counts

BLOCK = 4_000_000

Apply = Callable[[Floats], Floats]


def jackknife(cells: Cells, counts: Counts, apply: Apply) -> Floats:
    """Variance of what ``apply`` turns surprises into: the sum of squared influences.

    Arguments: ``cells`` of one group; ``counts`` of the same people, weighted where they have weights; ``apply`` maps
    h of shape (R, K, G) to influences (R, T), linearly.
    Shapes: returns (T,). Rows are clusters where the cells have clusters, otherwise single persons.
    """
    parts = [(times[:, None] * apply(surprise) ** 2).sum(axis=0) for surprise, times in surprises(cells, counts)]
    return np.asarray(np.sum(parts, axis=0))


def influences(cells: Cells, counts: Counts, apply: Apply, clusters: int) -> Floats:
    """Influence of each cluster on what ``apply`` makes. Shapes: returns (clusters, T)."""
    if cells.cluster is None:
        raise ValueError("influences by cluster need clusters")
    parts, rows = [apply(np.zeros((0, cells.causes, len(cells.time))))], np.unique(cells.cluster)
    for surprise, _ in surprises(cells, counts):
        parts.append(apply(surprise))
    found = np.concatenate(parts)
    full = np.zeros((clusters, found.shape[1]))
    full[rows] = found
    return full


def surprises(cells: Cells, counts: Counts) -> Iterator[tuple[Floats, Floats]]:
    """Blocks of ``h`` (R, K, G), and how many times each row's square counts (R,)."""
    size, causes = len(cells.time), cells.causes
    risk = counts.at_risk
    hazard = np.divide(counts.events, risk, out=np.zeros_like(counts.events), where=risk > 0)
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
