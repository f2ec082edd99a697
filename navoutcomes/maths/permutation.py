"""Could the difference between two kinds of office be the luck of which offices were chosen? All choices, or many.

Reference: Fisher 1935; Gail, Mark, Carroll, Green & Pee 1996 (whole groups chosen by chance).
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from navoutcomes.maths.arrays import Floats

ALIKE = 1e-9


def choices(offices: int, chosen: int) -> int:
    """How many ways there are to choose so many of so many."""
    return comb(offices, chosen)


def all_sums(values: Floats, chosen: int) -> Floats:
    """The sum over each choice of ``chosen`` of the values. Shapes: (G,) -> (G over chosen,)."""
    places = np.fromiter((one for some in combinations(range(len(values)), chosen) for one in some), dtype=np.int64)
    return np.asarray(values[places.reshape(-1, chosen)].sum(axis=1))


def drawn_sums(values: Floats, chosen: int, draws: int, rng: np.random.Generator) -> Floats:
    """The sum over random choices. Shapes: (G,) -> (draws,)."""
    order = np.argsort(rng.random((draws, len(values))), axis=1)[:, :chosen]
    return np.asarray(values[order].sum(axis=1))


def share_as_far(sums: Floats, seen: float, middle: float, drawn: bool) -> float:
    """Share of choices at least as far from the middle as the one that was made; of drawn ones, it counts as one."""
    far = abs(seen - middle)
    as_far = float((np.abs(sums - middle) >= far - ALIKE * max(far, 1.0)).sum())
    return (as_far + 1) / (len(sums) + 1) if drawn else as_far / len(sums)
