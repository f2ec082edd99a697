"""What assignment says about attending: the instrument's ratio with its intervals, and bounds without assumptions.

Reference: Angrist, Imbens & Rubin 1996; Anderson & Rubin 1949; Fieller 1954; Balke & Pearl 1997; Manski 1990; Horowitz
& Manski 1995.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats

Limits = tuple[float, float]
NOTHING = (float("nan"), float("nan"))


def ratio_error(outcome: float, attendance: float, covariance: Floats) -> float:
    """Delta error of outcome / attendance. Shapes: covariance (2, 2) of the two."""
    slope = np.array([1 / attendance, -outcome / attendance**2])
    return float(np.sqrt(max(slope @ covariance @ slope, 0.0)))


def anderson_rubin(outcome: float, attendance: float, covariance: Floats, z: float) -> Limits:
    """Every ratio r for which outcome - r attendance is not far from 0: an interval where attendance is.

    Not a number where attendance is not z errors from 0: then the set has no ends.
    """
    a = attendance**2 - z**2 * covariance[1, 1]
    b = -2 * (outcome * attendance - z**2 * covariance[0, 1])
    c = outcome**2 - z**2 * covariance[0, 0]
    inside = b**2 - 4 * a * c
    if a <= 0 or inside < 0:
        return NOTHING
    root = np.sqrt(inside)
    return float((-b - root) / (2 * a)), float((-b + root) / (2 * a))


def balke_pearl(cells: Floats) -> Limits:
    """Sharp bounds on the mean difference had everybody attended, or nobody, when assignment was by chance.

    Shapes: cells (2, 2, 2) the chance of outcome y and attendance d given arm z, as [y, d, z].
    Assumes: the arm moves the outcome only through attending. Where the data deny it, the lower exceeds the upper.
    """
    p = cells
    low = (
        p[1, 1, 1] + p[0, 0, 0] - 1,
        p[1, 1, 0] + p[0, 0, 1] - 1,
        p[1, 1, 0] - p[1, 1, 1] - p[1, 0, 1] - p[0, 1, 0] - p[1, 0, 0],
        p[1, 1, 1] - p[1, 1, 0] - p[1, 0, 0] - p[0, 1, 1] - p[1, 0, 1],
        -p[0, 1, 1] - p[1, 0, 1],
        -p[0, 1, 0] - p[1, 0, 0],
        p[0, 0, 1] - p[0, 1, 1] - p[1, 0, 1] - p[0, 1, 0] - p[0, 0, 0],
        p[0, 0, 0] - p[0, 1, 0] - p[1, 0, 0] - p[0, 1, 1] - p[0, 0, 1],
    )
    high = (
        1 - p[0, 1, 1] - p[1, 0, 0],
        1 - p[0, 1, 0] - p[1, 0, 1],
        -p[0, 1, 0] + p[0, 1, 1] + p[0, 0, 1] + p[1, 1, 0] + p[0, 0, 0],
        -p[0, 1, 1] + p[1, 1, 1] + p[0, 0, 1] + p[0, 1, 0] + p[0, 0, 0],
        p[1, 1, 1] + p[0, 0, 1],
        p[1, 1, 0] + p[0, 0, 0],
        -p[1, 0, 1] + p[1, 1, 1] + p[0, 0, 1] + p[1, 1, 0] + p[1, 0, 0],
        -p[1, 0, 0] + p[1, 1, 0] + p[0, 0, 0] + p[1, 1, 1] + p[1, 0, 1],
    )
    return float(max(low)), float(min(high))


def trimmed(share: float, part: float) -> Limits:
    """Between which limits the share of a part of people lies, who are ``part`` of them, when that of all is known."""
    return max(0.0, (share - (1 - part)) / part), min(1.0, share / part)
