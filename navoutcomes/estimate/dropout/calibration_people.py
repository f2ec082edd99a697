"""Predicted shares beside what happened, one row a person, and the four numbers made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Interaction
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.dropout.dropout import Dropout
from navoutcomes.estimate.dropout.dropout_model import DropoutModel, shares
from navoutcomes.estimate.regression.glm import Belonging, rule_of
from navoutcomes.estimate.regression.logistic import ended_by
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.discrimination import area, brier
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations

CERTAIN = 1e-12
Told = tuple[float, float, float]


@dataclass(frozen=True)
class Predicted:
    """Shapes: share, happened (n,)."""

    share: Floats
    happened: Floats
    belong: Belonging

    def __len__(self) -> int:
        return len(self.share)


@dataclass(frozen=True)
class Scores:
    """Brier's score, the area under the curve, and everybody's placing (n,)."""

    brier: float
    area: float
    placing: Floats


def predicted(model: Dropout, fitted: DropoutModel, people: FollowUp | None) -> Predicted:
    """Of those the model was fitted to, or of others. Raises ``DesignProblem`` for weighted people."""
    if people is None:
        if fitted.seen.weight is not None:
            raise DesignProblem("counts_weighted")
        return Predicted(fitted.share, fitted.seen.response, fitted.belong)
    at = None if np.isinf(model.at) else model.at
    _, _, first, happened = ended_by(people, model.cause, at)
    if (people.array("weight") != 1).any():
        raise DesignProblem("counts_weighted")
    terms = [part for one in fitted.design.terms for part in (one.terms if isinstance(one, Interaction) else (one,))]
    profiles = pd.DataFrame({one.column: people.column(one.column) for one in terms})
    codes, _, kind = people.clusters()
    codes = None if codes is None or kind == "person" else codes
    if first is not None:
        profiles, codes = profiles.iloc[first], None if codes is None else codes[first]
    share = shares(fitted.design.rows(profiles.reset_index(drop=True)), fitted.predicting)
    return Predicted(share, happened, Belonging.of(codes, kind))


def scores(share: Floats, happened: Floats) -> Scores:
    """Raises nothing: somebody dropped out and somebody did not."""
    value, placing = area(share, happened)
    return Scores(brier(share, happened)[0], value, placing)


def level_and_slope(seen: Predicted) -> tuple[Told, Told | None]:
    """The log odds by which predictions are too low, and their slope: estimate, error, degrees of freedom.

    No slope where all predictions are alike or the two kinds do not overlap.
    """
    linear = linear_of(seen.share)
    kind, codes = rule_of(None, seen.belong).kind, seen.belong.codes
    alone = Observations(np.empty((len(seen), 0)), seen.happened, None, linear)
    level = fit(alone, "logit")
    spread = covariance(alone, level, kind, codes)
    first = (float(level.coefficients[0]), float(np.sqrt(spread.matrix[0, 0])), float(spread.df[0]))
    own = Observations(np.ascontiguousarray(linear[:, None]), seen.happened)
    try:
        steep = fit(own, "logit")
    except Unfit:
        return first, None
    spread = covariance(own, steep, kind, codes)
    return first, (float(steep.coefficients[1]), float(np.sqrt(spread.matrix[1, 1])), float(spread.df[1]))


def slope_of(share: Floats, happened: Floats) -> float:
    """The slope alone. Raises ``Unfit`` where there is none."""
    made = fit(Observations(np.ascontiguousarray(linear_of(share)[:, None]), happened), "logit")
    return float(made.coefficients[1])


def linear_of(share: Floats) -> Floats:
    """Log odds of shares; a share so near 0 or 1 that the computer takes it for certain is held off it."""
    return np.asarray(logit(np.clip(share, CERTAIN, 1 - CERTAIN)))
