"""The Aalen-Johansen estimate: the share that has left for each cause, when the causes compete.

One minus Kaplan-Meier answers another question (what if nobody ever left for other reasons), and is too high here.

Reference: Aalen & Johansen 1978; Andersen, Borgan, Gill & Keiding 1993, section IV.4. The variance is the infinitesimal
jackknife; without delayed entry, weights and clusters it equals the Greenwood-type sum over the grid (R ``survfit``,
``etm``, ``prodlim`` print the same; ``cmprsk`` prints Aalen's delta variance, which differs in the third digit).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts
from navoutcomes.maths.curves.kaplan_meier import before, inverse, kaplan_meier, remaining
from navoutcomes.maths.influence import Form, jackknife


@dataclass(frozen=True)
class Incidence:
    """Shapes: time, survival (G,); incidence (K, G). ``survival + incidence.sum(0)`` is 1 at every time."""

    time: Floats
    survival: Floats
    incidence: Floats


def aalen_johansen(counts: Counts) -> Incidence:
    """Share that has left for each cause by each time. Shapes: counts on (G,) with K causes -> (K, G)."""
    survival = kaplan_meier(counts).survival
    reach = before(survival, 1.0) * inverse(remaining(counts)[0])
    return Incidence(counts.time, survival, np.cumsum(counts.events * reach, axis=1))


def grid_variance(counts: Counts) -> Floats:
    """Variance of each incidence by running totals over the grid. Shape (K, G).

    Assumes: no delayed entry, no weights, no clusters; then equal to the jackknife over persons.
    """
    risk, left = remaining(counts)
    found = aalen_johansen(counts)
    ended = counts.all_events
    reach = before(found.survival, 1.0) * inverse(risk)
    share, drop = found.incidence, inverse(left)
    own = np.cumsum(reach**2 * counts.events * (risk - counts.events) * inverse(risk), axis=1)
    cross = reach * counts.events * inverse(risk)
    spread = ended * inverse(risk) * drop
    later = share**2 * np.cumsum(spread)
    variance = (
        own
        - 2 * (share * np.cumsum(cross, axis=1) - np.cumsum(cross * share, axis=1))
        + later
        - 2 * share * np.cumsum(spread * share, axis=1)
        + np.cumsum(spread * share**2, axis=1)
    )
    # What rounding leaves where everybody has left is nothing.
    return np.where(variance > 1e-14 * (own + later), variance, 0.0)


def incidence_influence(counts: Counts, cause: int) -> Form:
    """The influence on the incidence of one cause at each time."""
    risk, left = remaining(counts)
    found = aalen_johansen(counts)
    share, drop = found.incidence[cause], inverse(left)
    direct = np.zeros_like(counts.events) + drop * share
    direct[cause] += before(found.survival, 1.0) * inverse(risk)
    return Form(direct, np.zeros_like(direct) - drop, share)


def robust_variance(cells: Cells, counts: Counts, cause: int) -> Floats:
    """Infinitesimal jackknife variance, by person or summed by cluster. Shape (G,)."""
    return jackknife(cells, counts, incidence_influence(counts, cause))
