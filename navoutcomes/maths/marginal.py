"""Averages of predicted shares over people as if all had a trait, and none had: differences, ratios, their errors.

Delta method: a number made of q coefficients has variance J V J', J its slopes; with clusters V is CR2's of that very
contrast, with degrees of freedom of its own. Who was there adds the spread of people's own differences.
Reference: Lane & Nelder 1982; Terza 2016 (what being there by chance adds); Puhr et al. 2017 (FLIC).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm import Fit, fit
from navoutcomes.maths.generalised.glm_errors import Covariance, scores_by_cluster
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.generalised.sandwich import bias_reduced


@dataclass(frozen=True)
class Averaged:
    """Shares had all had a trait (``there``) and none (``here``), slopes (q,) in the coefficients, and each person's
    own shares (n,)."""

    there: float
    here: float
    slope_there: Floats
    slope_here: Floats
    each_there: Floats
    each_here: Floats

    @property
    def difference(self) -> tuple[float, Floats, Floats]:
        """Its value, its slopes (q,), and each person's own difference less it (n,)."""
        value = self.there - self.here
        return value, self.slope_there - self.slope_here, self.each_there - self.each_here - value

    @property
    def log_ratio(self) -> tuple[float, Floats, Floats]:
        """The same of the logarithm of the ratio."""
        slope = self.slope_there / self.there - self.slope_here / self.here
        own = (self.each_there - self.there) / self.there - (self.each_here - self.here) / self.here
        return float(np.log(self.there / self.here)), slope, own


def averaged(there: Floats, here: Floats, coefficients: Floats, mass: Floats) -> Averaged:
    """Shapes: there, here (n, p) columns of everybody with and without; coefficients (p + 1,); mass (n,)."""
    parts = []
    for columns in (there, here):
        full = np.column_stack([np.ones(len(columns)), columns])
        share = expit(full @ coefficients)
        weight = mass / mass.sum()
        parts.append((float(weight @ share), (weight * share * (1 - share)) @ full, share))
    (one, slope, each), (other, flat, rest) = parts
    return Averaged(one, other, slope, flat, each, rest)


def contrast_variance(
    seen: Observations, model: Fit, spread: Covariance, kind: str, cluster: Indices | None, slope: Floats
) -> tuple[float, float]:
    """Variance and degrees of freedom of a number with ``slope`` (q,) in the coefficients."""
    if kind != "cr2" or cluster is None:
        return float(slope @ spread.matrix @ slope), float(spread.df.min())
    scores = scores_by_cluster(seen, model, cluster)
    held = informations(_inner(seen, model), model.working, cluster, len(scores))
    found, df = bias_reduced(model.inverse, scores, held, (slope @ model.frame.back)[None])
    return float(found[0, 0]), float(df[0])


def spread_of_people(own: Floats, mass: Floats, cluster: Indices | None) -> float:
    """Variance of a mean that comes from who was there. Shapes: own (n,) summing to 0 under ``mass`` (n,)."""
    pull = mass * own / mass.sum()
    pull = pull if cluster is None else np.bincount(cluster, pull)
    return float(pull @ pull)


def informations(full: Floats, working: Floats, cluster: Indices, clusters: int) -> Floats:
    """Sums of working x x' by cluster. Shapes: (n, q), (n,), (n,) -> (G, q, q)."""
    q = full.shape[1]
    found = np.empty((clusters, q, q))
    for j in range(q):
        for k in range(j + 1):
            one = np.bincount(cluster, working * full[:, j] * full[:, k], minlength=clusters)
            found[:, j, k] = found[:, k, j] = one
    return found


def recentred(seen: Observations, coefficients: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Firth's slopes with the intercept under which as many are predicted as were seen (FLIC).

    Its covariance is that of an intercept fitted to given slopes, their uncertainty carried along.
    Shapes: (q,), (q, q) -> (q,), (q, q).
    """
    tilt = seen.columns @ coefficients[1:]
    nothing = np.empty((len(seen), 0))
    level = fit(Observations(nothing, seen.response, seen.weight, tilt), "logit")
    found = np.concatenate([level.coefficients, coefficients[1:]])
    mean = level.working @ seen.columns / level.working.sum()
    carry = np.vstack([-mean, np.eye(len(mean))])
    made = carry @ covariance[1:, 1:] @ carry.T
    made[0, 0] += 1 / level.working.sum()
    return found, made


def _inner(seen: Observations, model: Fit) -> Floats:
    return np.column_stack([np.ones(len(seen)), (seen.columns - model.frame.centre) / model.frame.scale])
