"""The Kaplan-Meier estimate: the share still in the programme.

Reference: Kaplan & Meier 1958; Greenwood 1926.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts
from navoutcomes.maths.influence import Form, jackknife

EMPTY = 1e-10


@dataclass(frozen=True)
class Survival:
    """Shapes: all (G,). ``log_variance`` is Greenwood's sum, the variance of log S; not a number once S is 0."""

    time: Floats
    survival: Floats
    log_variance: Floats
    at_risk: Floats

    @property
    def std_error(self) -> Floats:
        """Greenwood's standard error of S."""
        return self.survival * np.sqrt(self.log_variance)


def remaining(counts: Counts) -> tuple[Floats, Floats]:
    """At risk, and at risk less those whose follow-up ends with an ending now. Shapes (G,), (G,).

    What rounding of weights leaves of an empty risk set is nothing.
    """
    risk = counts.at_risk
    left = risk - counts.all_events
    nothing = EMPTY * float(risk.max(initial=0.0))
    return np.where(risk <= nothing, 0.0, risk), np.where(left <= nothing, 0.0, left)


def kaplan_meier(counts: Counts) -> Survival:
    """Share still without an ending at each time of the grid, any ending counted.

    Shapes: counts on (G,) -> Survival of (G,).
    """
    risk, left = remaining(counts)
    ended = counts.all_events
    stay = np.divide(left, risk, out=np.ones_like(risk), where=(risk > 0) & (ended > 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(ended > 0, ended / (risk * left), 0.0)
    variance = np.cumsum(step)
    return Survival(
        counts.time, np.cumprod(stay).astype(float), np.where(np.isfinite(variance), variance, np.nan), risk
    )


def before(values: Floats, start: float) -> Floats:
    """A step function just before each time: ``values`` moved one place on. Works on the last axis."""
    head = np.full((*values.shape[:-1], 1), start)
    return np.concatenate([head, values[..., :-1]], axis=-1)


def inverse(values: Floats) -> Floats:
    """1 / values, 0 where nothing is left: used where what is multiplied by it is 0 as well."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def survival_influence(counts: Counts) -> Form:
    """The influence on S at each time: what the jackknife squares."""
    scale = inverse(remaining(counts)[1])
    nothing = np.zeros_like(counts.events)
    return Form(nothing, nothing - scale, kaplan_meier(counts).survival)


def robust_variance(cells: Cells, counts: Counts) -> Floats:
    """Infinitesimal jackknife variance of S, by person or summed by cluster. Shape (G,)."""
    return jackknife(cells, counts, survival_influence(counts))
