"""Proportional hazards with a smooth baseline: log H(t | x) = s(log t) + x'b, s a natural cubic spline.

Parameters: terms (p), gamma 0, gamma 1 (the straight line; without inner knots that is Weibull's model) and one gamma
for each inner knot. Reference: Royston & Parmar 2002; the basis is that of R ``flexsurv``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.fine_gray_weights import Flags
from navoutcomes.maths.parametric.aft_newton import Chosen, Likelihood, Look, Part


@dataclass(frozen=True)
class SplineRows:
    """People and the knots of log time, with the outer two.

    Shapes: x (n, p), measured from centre (p,); entry (n,), 0 from the start; log_time (n,); event (n,) bool; knots
    (K + 2,).
    """

    x: Floats
    centre: Floats
    entry: Floats
    log_time: Floats
    event: Flags
    knots: Floats


def basis(u: Floats, knots: Floats) -> tuple[Floats, Floats]:
    """The basis and its slope at log times. Shapes: u (n,), knots (K + 2,) -> (n, K + 2), twice."""
    low, high = knots[0], knots[-1]
    level, slope = [np.ones_like(u), u], [np.zeros_like(u), np.ones_like(u)]
    for knot in knots[1:-1]:
        share = (high - knot) / (high - low)
        parts = ((knot, 1.0), (low, -share), (high, share - 1.0))
        over = [(np.maximum(u - at, 0.0), part) for at, part in parts]
        level.append(sum(part * past * past * past for past, part in over))
        slope.append(sum(3 * part * past * past for past, part in over))
    return np.column_stack(level), np.column_stack(slope)


def spline(rows: SplineRows) -> Likelihood:
    """The log-likelihood as a function of its parameters; outside its domain where a hazard seen is not positive."""
    return Likelihood(len(rows.log_time), lambda chosen: _of(rows, chosen))


def _of(rows: SplineRows, chosen: Chosen) -> Part:
    x, log_time, entry = rows.x[chosen] - rows.centre, rows.log_time[chosen], rows.entry[chosen]
    ended, late, size = np.flatnonzero(rows.event[chosen]), np.flatnonzero(entry > 0), x.shape[1]
    on, slope = basis(log_time, rows.knots)
    full, slope = np.column_stack([x, on]), slope[ended]
    start = np.column_stack([x[late], basis(np.log(entry[late]), rows.knots)[0]])

    def look(at: Floats) -> Look | None:
        level, climb = full @ at, slope @ at[size:]
        before = start @ at
        if (climb <= 0).any() or level.max() > 300 or before.max(initial=0.0) > 300:
            return None
        hazard, earlier = np.exp(level), np.exp(before)
        value = -hazard
        value[ended] += level[ended] + np.log(climb) - log_time[ended]
        value[late] += earlier
        score = -hazard[:, None] * full
        score[ended] += full[ended]
        score[ended, size:] += slope / climb[:, None]
        score[late] += earlier[:, None] * start

        def bend(weight: Floats) -> Floats:
            steep = slope * (np.sqrt(weight[ended]) / climb)[:, None]
            found = (full * (weight * hazard)[:, None]).T @ full
            found[size:, size:] += steep.T @ steep
            return np.asarray(found - (start * (weight[late] * earlier)[:, None]).T @ start)

        return Look(value, score, bend)

    return look
