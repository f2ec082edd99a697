"""Weights that make arms alike, with their slopes in the weight model and everybody's pull on that model.

A number made of weighted people moves with the weight model by what each weight is worth times its slope; with
everybody's pull on the model this is the part of the variance that treating weights as known leaves out.

Reference: Rosenbaum & Rubin 1983; Robins, Hernán & Brumback 2000 (stabilised); Lunceford & Davidian 2004 (stacked
equations); Li, Morgan & Zaslavsky 2018 (overlap); Cole & Hernán 2008 (truncation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm import Fit, fit
from navoutcomes.maths.generalised.glm_rows import Observations

TARGETS = ("ATE", "ATT", "ATC", "overlap")


@dataclass(frozen=True)
class Weighed:
    """Weights (n,), their slope (n, q) in the model's coefficients, pull (n, q) of each row on these.

    ``score`` (n,) the probability of the second arm where there is one; ``moved`` which rows were truncated. A weight
    is on top of the row's own; a pull has the row's own weight in it.
    """

    values: Floats
    slope: Floats
    pull: Floats
    score: Floats | None
    moved: np.ndarray
    model: Fit | None = None

    def carried(self, worth: Floats) -> Floats:
        """Pull of each row through the model on a number. Shapes: worth (n, T) of each weight -> (n, T)."""
        return np.asarray(self.pull @ (self.slope.T @ worth))


def by_logistic(x: Floats, treated: np.ndarray, own: Floats, target: str) -> Weighed:
    """Inverse probabilities of the arm, or overlap weights. Shapes: x (n, p); treated (n,) True or False; own (n,).

    Arguments: ``target`` one of ``TARGETS``: everybody, those in the second arm, those in the first, or those who might
    have been in either. Raises: ``Unfit`` where no probabilities exist.
    """
    seen = Observations(x, treated.astype(float), None if bool((own == 1).all()) else own)
    model = fit(seen, "logit")
    inner = np.column_stack([np.ones(len(x)), (x - model.frame.centre) / model.frame.scale])
    score = expit(model.linear)
    values, steep = tilted(score, treated, target)
    pull = (model.residual[:, None] * inner) @ model.inverse
    return Weighed(values, steep[:, None] * inner, pull, score, np.zeros(len(x), dtype=bool), model)


def tilted(score: Floats, treated: np.ndarray, target: str) -> tuple[Floats, Floats]:
    """Weights from probabilities of the second arm, and their derivative in the log odds. Shapes (n,), (n,)."""
    rest = 1 - score
    with np.errstate(divide="ignore"):
        odds, against = score / rest, rest / score
    nothing, one = np.zeros_like(score), np.ones_like(score)
    both = score * rest
    first, second = {
        "ATE": ((1 + odds, odds), (1 + against, -against)),
        "ATT": ((odds, odds), (one, nothing)),
        "ATC": ((one, nothing), (against, -against)),
        "overlap": ((score, both), (rest, -both)),
    }[target]
    return np.where(treated, second[0], first[0]), np.where(treated, second[1], first[1])


def stabilised(made: Weighed, treated: np.ndarray, own: Floats) -> Weighed:
    """Weights times the share of the arm, so that they are 1 on average. The share is taken as known: no number that
    is made within arms feels it."""
    share = float(own @ treated) / float(own.sum())
    factor = np.where(treated, share, 1 - share)
    return replace(made, values=made.values * factor, slope=made.slope * factor[:, None])


def truncated(made: Weighed, arm: Indices, share: tuple[float, float]) -> Weighed:
    """Weights outside the stated shares of their arm moved to the limit, which is taken as known.

    Arguments: ``share`` lower and upper, as (0, 0.99). Weights that are all alike in an arm are left alone.
    """
    values, slope, moved = made.values.copy(), made.slope.copy(), np.zeros(len(arm), dtype=bool)
    for one in np.unique(arm):
        here = np.flatnonzero(arm == one)
        low, high = np.quantile(values[here], share)
        kept = np.clip(values[here], low, high)
        changed = here[kept != values[here]]
        values[here], slope[changed], moved[changed] = kept, 0.0, True
    return replace(made, values=values, slope=slope, moved=moved)


def effective(weight: Floats) -> float:
    """Kish's effective number of persons: how many of equal weight would know as much."""
    return float(weight.sum() ** 2 / (weight @ weight))
