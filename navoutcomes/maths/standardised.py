"""Shares of people with given hazards, and how any number made of them moves with every increment of every hazard.

From one Cox model for each ending: dF_k = S(t-) (1 - exp(-dA)) dA_k / dA, so that everybody is somewhere at every time.
Reference: Andersen et al. 1993, section VII.2; Ozenne et al. 2020 (standardised shares and their influence function).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.cox import CoxFit
from navoutcomes.maths.hazards.cox_curves import baseline, influence
from navoutcomes.maths.hazards.cox_residuals import score_residuals


@dataclass(frozen=True)
class Paths:
    """Shapes: new, share (m, K, G) increments of hazards and shares that have left; before, stay (m, G) the share there
    just before and after each time; whole (m, G) all hazards together."""

    new: Floats
    whole: Floats
    before: Floats
    stay: Floats
    share: Floats

    def curve(self, cause: int | None) -> Floats:
        """The share that stays, or has left for a cause. Shape (m, G)."""
        return self.stay if cause is None else self.share[:, cause]


def paths(new: Floats) -> Paths:
    """Everybody's shares from their hazards. Shapes: (m, K, G)."""
    whole = new.sum(axis=1)
    stay = np.exp(-np.cumsum(whole, axis=1))
    before = np.concatenate([np.ones((len(new), 1)), stay[:, :-1]], axis=1)
    leaving = before * _per_hazard(whole)
    return Paths(new, whole, before, stay, np.cumsum(leaving[:, None, :] * new, axis=2))


def _per_hazard(whole: Floats) -> Floats:
    """(1 - exp(-h)) / h, 1 where the hazard is 0."""
    return np.divide(-np.expm1(-whole), whole, out=np.ones_like(whole), where=whole > 0)


def slopes(found: Paths, cause: int, along: Floats) -> Floats:
    """Derivative of sum_s along(s) F_cause(s) in every increment of hazard. Shapes: along (m, G) -> (m, K, G)."""
    later = np.cumsum(along[:, ::-1], axis=1)[:, ::-1]
    share = found.share[:, cause]
    still = np.cumsum((along * share)[:, ::-1], axis=1)[:, ::-1] - later * share
    part = np.divide(found.new[:, cause], found.whole, out=np.zeros_like(found.whole), where=found.whole > 0)
    direct = found.before * _per_hazard(found.whole)
    common = (found.stay - direct) * part * later - still
    made = np.repeat(common[:, None, :], found.new.shape[1], axis=1)
    made[:, cause] += direct * later
    return made


def stay_slopes(found: Paths, along: Floats) -> Floats:
    """Derivative of sum_s along(s) S(s), the same in every hazard's increment. Shapes: (m, G) -> (m, G)."""
    return -np.cumsum((along * found.stay)[:, ::-1], axis=1)[:, ::-1]


def profile_hazards(model: CoxFit, x: Floats) -> Floats:
    """Increments of hazard of people with covariates. Shapes: (m, p) -> (m, J)."""
    return np.exp((x - model.centre) @ model.end.beta)[:, None] * baseline(model)


def pulled_through(model: CoxFit, x: Floats, worth: Floats) -> Floats:
    """Pull of each row of a Cox model on a number, from what increments of people's hazards are worth.

    Shapes: x (m, p), worth (m, J) of those people -> (n,) rows of the model, their own weights in it.
    """
    relative = np.exp((x - model.centre) @ model.end.beta)
    use = relative @ worth
    steep = (x - model.centre).T @ (relative * (worth @ baseline(model)))
    inverse = np.linalg.inv(model.end.information)
    rows = influence(model, model.centre, use, inverse) + score_residuals(model) @ (inverse @ steep)
    return np.asarray(model.rows.weight * rows)
