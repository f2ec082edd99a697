"""The Nelson-Aalen estimate of the cumulative hazard.

Reference: Nelson 1972; Aalen 1978; Fleming & Harrington 1984 for tied times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts
from navoutcomes.maths.curves.kaplan_meier import inverse, remaining
from navoutcomes.maths.influence import Form, jackknife


@dataclass(frozen=True)
class CumulativeHazard:
    """Shapes: hazard and variance (K, G), one row a cause; time (G,)."""

    time: Floats
    hazard: Floats
    variance: Floats


def nelson_aalen(counts: Counts) -> CumulativeHazard:
    """Sum of events over at risk for each cause; variance the sum of events over at risk squared.

    Shapes: counts on (G,) with K causes -> (K, G).
    """
    scale = inverse(remaining(counts)[0])
    return CumulativeHazard(
        counts.time,
        np.cumsum(counts.events * scale, axis=1),
        np.cumsum(counts.events * scale**2, axis=1),
    )


def fleming_harrington(counts: Counts, persons: Counts) -> CumulativeHazard:
    """The same with ties taken one by one: d exits among Y add 1/Y + 1/(Y-1) + ... (d terms).

    ``persons`` are the unweighted counts (how many terms); with weights each exit removes the mean weight of its time.
    """
    risk = remaining(counts)[0]
    hazard, variance = np.zeros_like(counts.events), np.zeros_like(counts.events)
    for cause, (mass, number) in enumerate(zip(counts.events, persons.events, strict=True)):
        for at in np.flatnonzero(number > 0):
            mean = mass[at] / number[at]
            terms = mean / (risk[at] - mean * np.arange(int(number[at])))
            hazard[cause, at], variance[cause, at] = terms.sum(), (terms**2).sum()
    return CumulativeHazard(counts.time, np.cumsum(hazard, axis=1), np.cumsum(variance, axis=1))


def hazard_influence(counts: Counts, cause: int) -> Form:
    """The influence on the cumulative hazard of one cause at each time."""
    direct = np.zeros_like(counts.events)
    direct[cause] = inverse(remaining(counts)[0])
    return Form(direct, np.zeros_like(direct), np.zeros_like(counts.time))


def robust_variance(cells: Cells, counts: Counts, cause: int) -> Floats:
    """Infinitesimal jackknife variance, by person or summed by cluster. Shape (G,)."""
    return jackknife(cells, counts, hazard_influence(counts, cause))
