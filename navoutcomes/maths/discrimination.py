"""How well predicted shares tell apart those who ended so from those who did not, and how far off they are.

Reference: DeLong, DeLong & Clarke-Pearson 1988 (area under the curve; ties count half); Obuchowski 1997 (clusters);
Brier 1950.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices


def area(share: Floats, happened: Floats) -> tuple[float, Floats]:
    """The chance that one who ended so had the higher predicted share than one who did not, and everybody's placing.

    A placing is the part of the other kind that a person is on the right side of. Shapes: (n,), (n,) -> (n,).
    """
    yes = happened > 0
    placing = np.empty(len(share))
    placing[yes] = _below(share[yes], share[~yes])
    placing[~yes] = 1 - _below(share[~yes], share[yes])
    return float(placing[yes].mean()), placing


def area_variance(placing: Floats, happened: Floats, cluster: Indices | None = None) -> float:
    """DeLong's variance; by cluster the pulls are summed, and made larger by G / (G - 1)."""
    yes = happened > 0
    m, n, middle = int(yes.sum()), int((~yes).sum()), placing[yes].mean()
    if cluster is None:
        if min(m, n) < 2:
            return float("nan")
        return float(placing[yes].var(ddof=1) / m + placing[~yes].var(ddof=1) / n)
    pull = np.bincount(cluster, np.where(yes, (placing - middle) / m, (placing - middle) / n))
    return float(pull @ pull * len(pull) / max(len(pull) - 1, 1))


def brier(share: Floats, happened: Floats, cluster: Indices | None = None) -> tuple[float, float]:
    """Mean squared distance between predicted share and what happened, and its variance."""
    each = (share - happened) ** 2
    value, own = float(each.mean()), each - each.mean()
    pull = own / len(own) if cluster is None else np.bincount(cluster, own) / len(own)
    return value, float(pull @ pull * len(pull) / max(len(pull) - 1, 1))


def tenths(share: Floats, parts: int = 10) -> Indices:
    """Which tenth of the predicted shares each person is in, from 0; equal predictions are never parted.

    Fewer groups come out where many are predicted alike.
    """
    order = np.argsort(share, kind="stable")
    rank = np.empty(len(share))
    rank[order] = np.arange(len(share))
    place = np.unique(np.round(share, 12), return_inverse=True)[1]
    middle = np.bincount(place, rank) / np.bincount(place)
    group = np.floor((middle + 0.5) / len(share) * parts).astype(np.int64).clip(0, parts - 1)
    return np.unique(group[place], return_inverse=True)[1].astype(np.int64)


def _below(one: Floats, other: Floats) -> Floats:
    """The part of ``other`` that each of ``one`` lies above; ties count half."""
    ordered = np.sort(other)
    low, high = np.searchsorted(ordered, one, "left"), np.searchsorted(ordered, one, "right")
    return np.asarray((low + high) / (2 * len(other)))
