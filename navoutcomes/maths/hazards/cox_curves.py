"""Curves for a profile: the baseline hazard, and how much each row of people pulls any sum over it.

Reference: Therneau & Grambsch 2000, chapter 10 (Efron's baseline with Efron's ties); section 7.1 for the jackknife.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.cox import CoxFit
from navoutcomes.maths.hazards.cox_residuals import hazard_met, relative_hazard, score_residuals, totals
from navoutcomes.maths.hazards.partial_likelihood import within


def baseline(model: CoxFit) -> Floats:
    """Increments of the hazard at the centre of the covariates, by place. Shape (S G,)."""
    return np.asarray(model.end.sums[:, 0] * np.exp(-model.end.scale))


def relative(model: CoxFit, x: Floats) -> Floats:
    """Hazard of profiles over that of the centre. Shapes: (m, p) -> (m,)."""
    return np.asarray(np.exp((x - model.centre) @ model.end.beta))


def drift(model: CoxFit, x: Floats, use: Floats) -> Floats:
    """How a profile's hazard, each place counted ``use`` times, moves with the coefficients. (p,), (S G,) -> (p,)."""
    undo = np.exp(-model.end.scale)
    risk, ending, sums = model.end.risk[:, 1:], model.end.ending[:, 1:], model.end.sums
    moved = (sums[:, 2, None] * risk - sums[:, 3, None] * ending) * undo
    own = float(relative(model, x[None])[0])
    return np.asarray(own * ((x - model.centre) * (use @ baseline(model)) - use @ moved))


def hazard_variance(model: CoxFit, x: Floats, use: Floats, covariance: Floats) -> float:
    """Model variance of a profile's hazard summed over places counted ``use`` (0 or 1) times; a weight is that many
    people, here as in the information."""
    undo = np.exp(-2 * model.end.scale)
    own = float(relative(model, x[None])[0])
    slope = drift(model, x, use)
    return float(own**2 * (use @ model.end.sums[:, 2]) * undo + slope @ covariance @ slope)


def influence(model: CoxFit, x: Floats, use: Floats, inverse: Floats) -> Floats:
    """How each row pulls a profile's hazard summed with weights ``use``. Shapes: (p,), (S G,), (p, p) -> (n,)."""
    rows, made = model.rows, totals(model)
    number, weight = model.fixed.number, model.fixed.mean
    new = use * baseline(model)
    per_tie = np.divide(new, number * weight, out=np.zeros_like(new), where=number > 0)
    undo = np.exp(-2 * model.end.scale)
    upto = within(np.cumsum(use * model.end.sums[:, 2] * undo), rows.first)
    own = use * model.end.sums[:, 3] * undo
    direct = rows.event * per_tie[rows.leave] - relative_hazard(model) * hazard_met(model, upto, own)
    return np.asarray(
        float(relative(model, x[None])[0]) * direct + score_residuals(model, made) @ inverse @ drift(model, x, use)
    )
