"""How likely somebody was not to have begun yet: the weights of those who are made to stand for who was censored.

The hazard of beginning is Cox's with fixed covariates, its baseline the grouped-data one, so that without covariates
the product is Kaplan-Meier's. Who begins at time zero is a share, by logistic regression. Whoever leaves at the very
time at which others begin has left first.

Reference: Cox 1972; Kalbfleisch & Prentice 1973; Hernan & Robins 2016; Maringe et al. 2020.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm import fit as glm_fit
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.hazards.cox import CoxRows
from navoutcomes.maths.hazards.cox import fit as cox_fit

EVERYBODY = 60.0
STEPS = 60


@dataclass(frozen=True)
class Beginning:
    """The hazard of beginning within a window.

    Shapes: times (J,) after 0 at which somebody begins; hazard (J,) the baseline's steps; relative (n,) each person's
    hazard over the baseline's; at_zero (n,) minus the logarithm of each person's chance of not beginning at time zero.
    """

    times: Floats
    hazard: Floats
    relative: Floats
    at_zero: Floats

    def staying(self, moments: Floats, rows: slice | np.ndarray = slice(None)) -> Floats:
        """Chance of not having begun before each moment. Shapes: moments (T,) -> (rows, T)."""
        total = np.concatenate([[0.0], np.cumsum(self.hazard)])
        upto = total[np.searchsorted(self.times, moments, side="left")]
        spent = self.relative[rows, None] * upto + self.at_zero[rows, None] * (moments > 0)
        return np.asarray(np.exp(-spent))


def share_of(columns: Floats, response: Floats, mass: Floats) -> Floats:
    """Each person's chance of 1, by logistic regression. Shapes: (n, p), (n,), (n,) -> (n,). Raises ``Unfit``."""
    total = float(mass @ response) / float(mass.sum())
    if columns.shape[1] == 0 or total in (0.0, 1.0):
        return np.full(len(response), total)
    model = glm_fit(Observations(columns, response, mass))
    return np.asarray(1 / (1 + np.exp(-model.linear)))


def beginning(time: Floats, begun: Floats, columns: Floats, mass: Floats, window: float) -> Beginning:
    """The hazard of beginning up to ``window``.

    Shapes: time, begun (infinite: never), mass (n,); columns (n, p). Raises: ``Unfit``.
    Assumes: begun < time where finite, and nobody began before 0.
    """
    now = (begun <= 0).astype(float)
    at_zero: Floats = np.asarray(np.zeros(len(time)))
    if (mass @ now) > 0:
        chance = np.maximum(1 - share_of(columns, now, mass), np.exp(-EVERYBODY))
        at_zero = np.asarray(-np.log(chance))
    within = (begun > 0) & (begun <= window) & np.isfinite(begun) & (mass > 0)
    times = np.unique(begun[within])
    # The last place at which each is at risk of beginning: who leaves at a time has left before others begin at it.
    last = np.searchsorted(times, np.where(within, begun, np.minimum(time, begun)), side="left") - ~within
    risk = (now == 0) & (last >= 0) & (mass > 0)
    relative: Floats = np.ones(len(time))
    if columns.shape[1] and within.any():
        relative = _relative(columns, last, within, risk, mass, len(times))
    hazard = _baseline(relative, last, within, risk, mass, len(times))
    return Beginning(times, hazard, relative, at_zero)


def _relative(
    columns: Floats, last: np.ndarray, within: np.ndarray, risk: np.ndarray, mass: Floats, size: int
) -> Floats:
    """Each person's hazard over that of the middle."""
    use = np.flatnonzero(risk)
    rows = CoxRows(
        x=np.ascontiguousarray(columns[use]),
        leave=last[use].astype(np.int64),
        enter=np.full(len(use), -1, dtype=np.int64),
        event=within[use].astype(float),
        weight=np.ascontiguousarray(mass[use]),
        offset=np.zeros(len(use)),
        first=np.array([0, size], dtype=np.int64),
    )
    model = cox_fit(rows)
    if not model.settled or not np.isfinite(model.end.beta).all():
        raise Unfit("not-converged", steps=model.steps)
    linear = (columns - model.centre) @ model.end.beta
    if np.abs(linear[use]).max() > EVERYBODY:
        raise Unfit("separated", np.flatnonzero(np.abs(model.end.beta) * np.ptp(columns[use], axis=0) > EVERYBODY / 2))
    return np.asarray(np.exp(np.clip(linear, -EVERYBODY, EVERYBODY)))


def _baseline(
    relative: Floats, last: np.ndarray, within: np.ndarray, risk: np.ndarray, mass: Floats, size: int
) -> Floats:
    """Steps h of the baseline: at each time the sum over those who begin of r / (1 - exp(-r h)) is that of r over all
    at risk. Shape (J,)."""
    if size == 0:
        return np.zeros(0)
    pull = mass * relative
    there = np.cumsum(np.bincount(last[risk], pull[risk], minlength=size)[::-1])[::-1]
    use = np.flatnonzero(within)
    place, own, weight = last[use], relative[use], pull[use]
    first = np.bincount(place, weight, minlength=size)
    hazard = np.bincount(place, mass[use], minlength=size) / there
    full = first >= there * (1 - 1e-12)
    for _ in range(STEPS):
        kept = -np.expm1(-own * hazard[place])
        value = np.bincount(place, weight / kept, minlength=size) - there
        slope = np.bincount(place, weight * own * (1 - kept) / kept**2, minlength=size) * hazard
        # Newton on log h: the sum falls with h, and h stays above 0.
        move = np.clip(value / np.maximum(slope, 1e-300), -1.0, 1.0)
        hazard = np.where(full, EVERYBODY, np.minimum(hazard * np.exp(np.where(full, 0.0, move)), EVERYBODY))
        if np.abs(np.where(full, 0.0, move)).max() < 1e-13:
            break
    return np.asarray(hazard)
