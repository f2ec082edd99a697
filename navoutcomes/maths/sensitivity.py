"""What would have to be so for an answer to be another: E-values, and every completion of what is missing.

Reference: VanderWeele & Ding 2017; VanderWeele 2020 (common outcomes); Manski 1990; Newcombe 1998; Wilson 1927.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats


def e_value(ratio: float) -> float:
    """How strongly something unmeasured would have to go with both, as risk ratios. 1 for a ratio of 1."""
    if not np.isfinite(ratio) or ratio <= 0:
        return float("nan")
    away = max(ratio, 1 / ratio)
    return float(away + np.sqrt(away * (away - 1)))


def as_risk_ratio(value: float, measure: str, common: bool) -> float:
    """A ratio as about a risk ratio. Measures: risk ratio, rate ratio, odds ratio, hazard ratio, standardised
    difference; ``common`` whether the outcome is (above 15 % by the end)."""
    if measure == "standardised difference":
        return float(np.exp(0.91 * value))
    if measure == "odds ratio" and common:
        return float(np.sqrt(value))
    if measure == "hazard ratio" and common:
        # 1 - 0.5 ** x as expm1, so that a ratio of 1 gives 1.
        return float(np.expm1(-np.log(2) * np.sqrt(value)) / np.expm1(-np.log(2) * np.sqrt(1 / value)))
    return float(value)


def wilson_limits(events: Floats, persons: float, z: float) -> tuple[Floats, Floats]:
    """Score intervals of many counts out of the same number. Shapes: (m,) -> (m,), (m,)."""
    share, extra = events / persons, z * z / persons
    centre = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / persons + extra / (4 * persons)) / (1 + extra)
    return np.where(events == 0, 0.0, centre - half), np.where(events == persons, 1.0, centre + half)


def completed_differences(
    first: tuple[int, int, int], second: tuple[int, int, int], z: float
) -> tuple[Floats, Floats, Floats]:
    """Difference of shares and Newcombe's limits for every completion.

    Each group is (events, others, missing); of the missing, i in the first and j in the second had the event.
    Shapes: (m + 1, k + 1) each, for m and k missing.
    """
    a, n = first[0] + np.arange(first[2] + 1.0)[:, None], float(sum(first))
    b, m = second[0] + np.arange(second[2] + 1.0)[None, :], float(sum(second))
    (a_low, a_high), (b_low, b_high) = wilson_limits(a, n, z), wilson_limits(b, m, z)
    difference = a / n - b / m
    low = difference - np.hypot(a / n - a_low, b_high - b / m)
    high = difference + np.hypot(a_high - a / n, b / m - b_low)
    return difference, low, high


def verdicts(low: Floats, high: Floats, against: float = 0.0) -> np.ndarray:
    """1 where an interval lies above, -1 where it lies below, 0 where it covers. Shape of ``low``."""
    return (low > against).astype(np.int64) - (high < against).astype(np.int64)


def fewest(changed: np.ndarray) -> tuple[int, ...] | None:
    """The completion with the fewest events among the missing where something holds; None where it never does.

    Where several have as few, the one with fewest in the first group. Shapes: changed (m + 1,) or (m + 1, k + 1).
    """
    where = np.argwhere(changed)
    if not len(where):
        return None
    order = np.lexsort((where[:, 0], where.sum(axis=1)))
    return tuple(int(one) for one in where[order[0]])
