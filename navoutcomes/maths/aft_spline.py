"""Proportional hazards with a smooth baseline: log H(t | x) = s(log t) + x'b, s a natural cubic spline.

Parameters: terms (p), gamma 0, gamma 1 (the straight line; without inner knots that is Weibull's model) and one gamma
for each inner knot. Reference: Royston & Parmar 2002; the basis is that of R ``flexsurv``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.aft_newton import Likelihood, Look
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.fine_gray_weights import Flags


@dataclass(frozen=True)
class SplineRows:
    """People on the basis of the spline, q = p + 2 + K columns.

    Shapes: level, slope (n, q) of s + x'b at exit; late (m,) rows that entered late; begin (m, q) the level at entry;
    log_time (n,); event (n,) bool.
    """

    level: Floats
    slope: Floats
    late: Indices
    begin: Floats
    log_time: Floats
    event: Flags
    terms: int


def basis(u: Floats, knots: Floats) -> tuple[Floats, Floats]:
    """The basis and its slope at log times. Shapes: u (n,), knots (K + 2,) -> (n, K + 2), twice."""
    low, high = knots[0], knots[-1]
    level, slope = [np.ones_like(u), u], [np.zeros_like(u), np.ones_like(u)]
    for knot in knots[1:-1]:
        share = (high - knot) / (high - low)
        parts = ((knot, 1.0), (low, -share), (high, share - 1.0))
        level.append(sum(part * np.maximum(u - at, 0.0) ** 3 for at, part in parts))
        slope.append(sum(3 * part * np.maximum(u - at, 0.0) ** 2 for at, part in parts))
    return np.column_stack(level), np.column_stack(slope)


def on_spline(x: Floats, log_time: Floats, event: Flags, late: Indices, log_entry: Floats, knots: Floats) -> SplineRows:
    """People on the basis with these knots (of log time, with the outer two)."""
    level, slope = basis(log_time, knots)
    begin, _ = basis(log_entry, knots)
    return SplineRows(
        np.column_stack([x, level]),
        np.column_stack([np.zeros_like(x), slope]),
        late,
        np.column_stack([x[late], begin]),
        log_time,
        event,
        x.shape[1],
    )


def spline(rows: SplineRows) -> Likelihood:
    """The log-likelihood as a function of its parameters; outside its domain where a hazard seen is not positive."""
    ended = np.flatnonzero(rows.event)

    def look(at: Floats) -> Look | None:
        level, climb = rows.level @ at, rows.slope[ended] @ at
        before = rows.begin @ at
        if (climb <= 0).any() or level.max() > 300 or before.max(initial=0.0) > 300:
            return None
        hazard, earlier = np.exp(level), np.exp(before)
        value = -hazard
        value[ended] += level[ended] + np.log(climb) - rows.log_time[ended]
        value[rows.late] += earlier
        score = -hazard[:, None] * rows.level
        score[ended] += rows.level[ended] + rows.slope[ended] / climb[:, None]
        score[rows.late] += earlier[:, None] * rows.begin

        def bend(weight: Floats) -> Floats:
            steep = rows.slope[ended] * (np.sqrt(weight[ended]) / climb)[:, None]
            found = (rows.level * (weight * hazard)[:, None]).T @ rows.level + steep.T @ steep
            return np.asarray(found - (rows.begin * (weight[rows.late] * earlier)[:, None]).T @ rows.begin)

        return Look(value, score, bend)

    return look
