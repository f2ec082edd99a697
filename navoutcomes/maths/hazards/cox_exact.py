"""Cox regression where time comes in whole units: the exact (conditional logistic) likelihood of tied endings.

At each time the d who ended are compared with every other d of those at risk: prod exp(x'b) over its sum over all
subsets of d. Reference: Cox 1972, section 6; Gail, Lubin & Rubinstein 1981.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.cox import CoxFit, CoxRows, step
from navoutcomes.maths.hazards.cox_exact_kernel import exact_pass
from navoutcomes.maths.hazards.partial_likelihood import solved

NEARER, FARTHEST = 1e-10, 60.0


@dataclass(frozen=True)
class ExactOrder:
    """The order of the pass, see ``exact_pass``. ``work``: how many sums over subsets one pass brings up to date."""

    order: Indices
    begin: Indices
    place: Indices
    degree: Indices
    fresh: Indices
    work: int


@dataclass(frozen=True)
class ExactStep:
    """The likelihood at one ``beta``. Shapes: beta, score (p,); information (p, p)."""

    beta: Floats
    log_likelihood: float
    score: Floats
    information: Floats


def exact_order(rows: CoxRows) -> ExactOrder:
    """Who joins the people at risk when, from the last time back to the first.

    On the way back the people at risk only grow, until somebody who had not entered yet has to leave them: sums over
    subsets cannot give anybody back without losing digits, so there they are made anew.
    """
    ended = np.bincount(rows.leave, rows.event, minlength=rows.grid)[: rows.grid]
    rising = np.flatnonzero(ended)
    layer = np.searchsorted(rows.first, rising, side="right") - 1
    own = rows.first[np.searchsorted(rows.first, rows.leave, side="right") - 1]
    low = np.searchsorted(rising, np.maximum(rows.enter, own - 1), side="right")
    high = np.searchsorted(rising, rows.leave, side="right")
    there = low < high
    size = len(rising)
    enters = np.bincount(low[there], minlength=size + 1)
    at_risk = np.cumsum(enters - np.bincount(high[there], minlength=size + 1))[:size]
    # Whoever enters just before the next place has to be taken out again on the way down from it.
    fresh = np.append(enters[1:size] > 0, True) | (np.diff(layer, append=-1) != 0)
    new = np.where(fresh, at_risk, at_risk - np.append(at_risk[1:], 0))
    degree = _most_from_here(ended[rising].astype(np.int64), fresh)
    order = np.argsort(-rows.leave, kind="stable")
    begin = np.searchsorted(-rows.leave[order], -rows.first[layer + 1], side="right")
    begin, rising, degree, runs = (np.ascontiguousarray(one[::-1]) for one in (begin, rising, degree, fresh))
    return ExactOrder(order, begin, rising, degree, runs.astype(np.int64), int((new * degree[::-1]).sum()))


def _most_from_here(tied: Indices, fresh: np.ndarray) -> Indices:
    """The most that end together at a place or at an earlier one of the same run; a run ends at a fresh place."""
    run = np.cumsum(np.append(False, fresh[:-1]))
    above = int(tied.max()) + 1
    return np.asarray(np.maximum.accumulate(tied + run * above) - run * above)


def exact_step(rows: CoxRows, way: ExactOrder, centre: Floats, beta: Floats) -> ExactStep:
    """Log-likelihood, score and information at ``beta``."""
    score, information = np.zeros(len(beta)), np.zeros((len(beta),) * 2)
    value = exact_pass(
        rows.x, centre, beta, rows.offset, rows.enter, rows.leave, rows.event,
        way.order, way.begin, way.place, way.degree, way.fresh, score, information,
    )  # fmt: skip
    information = information + np.tril(information, -1).T
    return ExactStep(beta, value, score, information)


def exact_fit(rows: CoxRows, way: ExactOrder, most: int = 40) -> CoxFit:
    """Maximise the exact likelihood by Newton's method with halved steps.

    What is read from the fit beside the likelihood (hazards, martingale residuals) is Breslow's at these coefficients,
    as in R. Assumes: weights are 1; ``rows.efron`` is False.
    """
    fixed = rows.fixed()
    begun = exact_step(rows, way, fixed.centre, np.zeros(rows.x.shape[1]))
    end, steps, settled = _climb(rows, way, fixed.centre, begun, most)
    spread = np.sqrt(np.maximum(np.diag(begun.information), 0.0) / float(fixed.number.sum()))
    first, last = (replace(step(rows, fixed, one.beta, 0.0), **vars(one)) for one in (begun, end))
    return CoxFit(rows, fixed, first, last, steps, settled, spread)


def _climb(
    rows: CoxRows, way: ExactOrder, centre: Floats, here: ExactStep, most: int = 40
) -> tuple[ExactStep, int, bool]:
    near = NEARER**2 * float(rows.event.sum())
    for count in range(1, most + 1):
        move = solved(here.information, here.score)
        if move is None:
            return here, count, False
        if float(move @ here.score) < near:
            return replace(here, beta=here.beta + move), count, True
        there = exact_step(rows, way, centre, here.beta + move)
        for _ in range(30):
            if there.log_likelihood >= here.log_likelihood - 1e-11 * abs(here.log_likelihood):
                break
            move = move / 2
            there = exact_step(rows, way, centre, here.beta + move)
        here = there
    return here, most, False


def exact_interval(model: CoxFit, way: ExactOrder, place: int, level: float) -> tuple[float, float]:
    """Where the profile of the exact likelihood has fallen by half the chi-square quantile; infinite where it never
    does. Reference: Venzon & Moolgavkar 1988."""
    rows, best = model.rows, model.end.beta
    scale = float(np.sqrt(np.linalg.inv(model.end.information)[place, place]))
    drop = stats.chi2.ppf(level, 1) / 2
    others = np.arange(len(best)) != place

    def fall(value: float) -> float:
        if not others.any():
            return exact_step(rows, way, model.centre, np.array([value])).log_likelihood - top
        offset = rows.offset + (rows.x[:, place] - model.centre[place]) * value
        held = replace(rows, x=np.ascontiguousarray(rows.x[:, others]), offset=offset)
        start = exact_step(held, way, model.centre[others], best[others])
        return _climb(held, way, model.centre[others], start)[0].log_likelihood - top

    top = model.end.log_likelihood - drop
    limits = []
    for side in (-1.0, 1.0):
        far = best[place] + side * scale * 2
        while fall(far) > 0 and abs(far - best[place]) < FARTHEST * scale:
            far += side * scale
        limits.append(side * np.inf if fall(far) > 0 else optimize.brentq(fall, best[place], far, xtol=1e-10))
    return float(limits[0]), float(limits[1])
