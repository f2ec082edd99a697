"""The cumulative incidence of a profile under a Fine-Gray model, and how each person pulls it."""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.fine_gray import FineGrayFit
from navoutcomes.maths.hazards.fine_gray_rows import left_over
from navoutcomes.maths.hazards.fine_gray_variance import expected, scores
from navoutcomes.maths.hazards.partial_likelihood import within


def baseline(fitted: FineGrayFit) -> Floats:
    """Increments of the subdistribution hazard where every column is at the centre. Shapes: (J,)."""
    return np.asarray(fitted.end.sums[:, 0] * np.exp(-fitted.end.scale))


def places_until(fitted: FineGrayFit, stratum: int, position: int) -> Floats:
    """Which places of a stratum are at or before a position on the whole grid; 1.0 or 0.0. Shapes: (J,)."""
    rows = fitted.rows
    use = np.zeros(rows.places)
    low, high = rows.first[stratum] + 1, rows.first[stratum + 1]
    use[low:high] = rows.time[low:high] <= position
    return use


def hazards(fitted: FineGrayFit, x: Floats, use: Floats) -> tuple[Floats, Floats]:
    """The hazard of profiles added over places, and each row's influence on it.

    Shapes: x (m, p) profiles; use (m, T, J) 1.0 where a place counts -> (m, T) and (m, T, n).
    Reference: the derivative in the persons' weights; the weights of who ended for another cause are taken as known.
    """
    rows, end = fitted.rows, fitted.end
    inverse, undo = np.linalg.inv(end.information), np.exp(-end.scale)
    number = len(rows.slot)
    moved = (
        scores(fitted, expected(fitted), np.arange(number, dtype=np.int64), np.zeros((number, x.shape[1]))) @ inverse
    )
    ratio = np.exp((x - fitted.centre) @ end.beta)
    drawn = end.sums[:, 2, None] * end.risk[:, 1:] - end.sums[:, 3, None] * end.ending[:, 1:]
    mass = fitted.fixed.number * fitted.fixed.mean
    each = np.divide(end.sums[:, 0], mass, out=np.zeros_like(mass), where=mass > 0)
    who = rows.events
    total = np.empty(use.shape[:2])
    pulls = np.empty((*use.shape[:2], number))
    for profile, time in np.ndindex(*use.shape[:2]):
        some = use[profile, time]
        level = float(some @ end.sums[:, 0])
        slope = (x[profile] - fitted.centre) * level - some @ drawn
        direct = -end.theta * _met(fitted, some)
        direct[who] += rows.weight[who] * (some * each)[rows.slot[who]]
        total[profile, time] = ratio[profile] * undo * level
        pulls[profile, time] = ratio[profile] * undo * (direct + moved @ slope)
    return total, pulls


def _met(fitted: FineGrayFit, use: Floats) -> Floats:
    """Running totals of h0 over the places used, as each row met them with its weights. Shapes: (n,)."""
    rows, sums = fitted.rows, fitted.end.sums * use[:, None]
    upto = within(np.cumsum(sums[:, 2]), rows.first)
    after = left_over(rows.remain * sums[:, 2], rows.first)
    met = rows.met(upto, sums[:, 3], after)[rows.slot]
    late = rows.enter >= 0
    met[late] -= upto[rows.enter[late]]
    return np.asarray(met)
