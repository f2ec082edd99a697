"""Likelihood beyond the quadratic: profile intervals, and Firth's penalty where the likelihood has no top.

Reference: Venzon & Moolgavkar 1988; Firth 1993; Heinze & Schemper 2001.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.cox import CoxFit, CoxRows, fit, step
from navoutcomes.maths.hazards.partial_likelihood import Fixed, Step, solved

NUDGE = 1e-4
FARTHEST = 60.0


@dataclass(frozen=True)
class Firth:
    """The top of the penalised likelihood, log L + log |I| / 2, there and where nothing is associated.

    Shapes: beta (p,); covariance (p, p). ``settled`` False where the climb did not end in ``steps``.
    """

    beta: Floats
    covariance: Floats
    penalised: float
    null: float
    start: Step
    end: Step
    steps: int
    settled: bool


def firth(rows: CoxRows, start: Step, most: int = 60) -> Firth:
    """Maximise the penalised partial likelihood: always finite, and less biased with few endings.

    Arguments: ``start`` the likelihood at 0. Assumes: its information can be inverted.
    """
    everything = np.ones(rows.x.shape[1], dtype=bool)
    end, steps, settled = _climb(rows, rows.fixed(), start, everything, most)
    covariance = np.linalg.inv(end.information)
    return Firth(end.beta, covariance, _penalised(end), _penalised(start), start, end, steps, settled)


def profile_interval(rows: CoxRows, top: CoxFit | Firth, place: int, level: float) -> tuple[float, float]:
    """Where the profile log-likelihood has fallen by half the chi-square quantile; infinite where it never does."""
    drop = stats.chi2.ppf(level, 1) / 2
    if isinstance(top, Firth):
        best, best_beta, scale = top.penalised, top.beta, np.sqrt(top.covariance[place, place])
    else:
        best, best_beta = top.end.log_likelihood, top.end.beta
        scale = np.sqrt(np.linalg.inv(top.end.information)[place, place])
    penalised = isinstance(top, Firth)

    def fall(value: float) -> float:
        return float(_profile(rows, place, value, best_beta, penalised) - best + drop)

    limits = []
    for side in (-1.0, 1.0):
        far = best_beta[place] + side * scale * 2
        while fall(far) > 0 and abs(far - best_beta[place]) < FARTHEST * scale:
            far += side * scale
        if fall(far) > 0:
            limits.append(side * np.inf)
            continue
        limits.append(float(optimize.brentq(fall, best_beta[place], far, xtol=1e-10, rtol=1e-12)))
    return limits[0], limits[1]


def _profile(rows: CoxRows, place: int, value: float, around: Floats, penalised: bool) -> float:
    """The largest (penalised) log-likelihood with one coefficient held."""
    others = np.arange(len(around)) != place
    if penalised:
        fixed = rows.fixed()
        start = step(rows, fixed, np.where(others, around, value), 0.0)
        return _penalised(_climb(rows, fixed, start, others, 60)[0])
    centre = rows.fixed().centre[place]
    offset = rows.offset + (rows.x[:, place] - centre) * value
    if not others.any():
        held = replace(rows, offset=rows.offset)
        return step(held, held.fixed(), np.array([value]), 0.0, second=False).log_likelihood
    held = replace(rows, x=np.ascontiguousarray(rows.x[:, others]), offset=offset)
    return fit(held, around[others]).end.log_likelihood


def _penalised(at: Step) -> float:
    sign, size = np.linalg.slogdet(at.information)
    return at.log_likelihood + 0.5 * float(size) if sign > 0 else -np.inf


def _climb(rows: CoxRows, fixed: Fixed, here: Step, free: np.ndarray, most: int) -> tuple[Step, int, bool]:
    """Newton on the penalised score over the free coefficients; the penalty's slope by central differences."""
    if not free.any():
        return here, 0, True
    for count in range(most):
        slope = here.score + 0.5 * _slope(rows, fixed, here)
        found = solved(here.information[np.ix_(free, free)], slope[free])
        if found is None:
            return here, count, False
        move = np.zeros_like(here.beta)
        move[free] = found
        there = step(rows, fixed, here.beta + move, here.scale)
        for _ in range(30):
            if _penalised(there) >= _penalised(here) - 1e-12 * abs(_penalised(here)):
                break
            move = move / 2
            there = step(rows, fixed, here.beta + move, here.scale)
        left = float(np.abs(move) @ np.sqrt(np.abs(np.diag(here.information))))
        here = there
        if left < 1e-9:
            return here, count + 1, True
    return here, most, False


def _slope(rows: CoxRows, fixed: Fixed, here: Step) -> Floats:
    """Slope of log |I| in each coefficient."""
    inverse = np.linalg.inv(here.information)
    out = np.empty(len(here.beta))
    for place in range(len(out)):
        nudge = np.zeros_like(here.beta)
        nudge[place] = NUDGE * np.sqrt(inverse[place, place]) if inverse[place, place] < 1 else NUDGE
        up, down = (step(rows, fixed, here.beta + sign * nudge, here.scale).information for sign in (1, -1))
        out[place] = float(np.trace(inverse @ (up - down))) / (2 * nudge[place])
    return out
