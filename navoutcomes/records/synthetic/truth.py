"""What is true about the invented people of Innsatsgjengen? The model they are drawn from, with every number.

The causes follow a multinomial logit given age, sex, months on social assistance and team; the stay in days follows a
distribution of its own for each cause. Intercepts are calibrated over all combinations of covariates, so that the
shares in the population are exactly the published 147, 192 and 317 of 656. Only those three numbers are about
Fredrikstad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

QUOTAS: Mapping[str, int] = MappingProxyType({"job": 147, "no_show": 192, "other": 317})
CAUSES = tuple(QUOTAS)
PERSONS = sum(QUOTAS.values())
OTHER_CLASSES: Mapping[str, float] = MappingProxyType(
    {"education": 0.28, "imprisonment": 0.07, "health": 0.25, "other": 0.40}
)
LONGEST = 540
HORIZONS = (91, 182, 365, 540)

YOUNGEST, AGES, AGE_POWER = 19, 42, 1.5
WOMEN = 0.36
TEAM_SHARES = (0.20, 0.17, 0.15, 0.13, 0.12, 0.10, 0.08, 0.05)
MOST_MONTHS = 60

SLOPES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "job": MappingProxyType({"age_per_10_years_from_30": -0.20, "woman": -0.10, "months_per_12": -0.60}),
        "no_show": MappingProxyType({"age_per_10_years_from_30": -0.35, "woman": -0.30, "months_per_12": 0.25}),
    }
)
TEAMS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "job": (0.0, 0.10, -0.15, 0.25, -0.30, 0.15, -0.10, 0.30),
        "no_show": (0.0, -0.20, 0.15, -0.30, 0.35, 0.0, 0.20, -0.10),
    }
)


@dataclass(frozen=True)
class Stay:
    """Days from referral to the end, for one cause: a Weibull or gamma distribution cut off after ``LONGEST`` days.

    ``scale`` is in days and is multiplied by ``exp(log_scale_per_12_months * months / 12)`` for people with that many
    months on social assistance. Whole days are the continuous time rounded up, so that the share out by day d is
    exactly the distribution at d.
    """

    distribution: str
    shape: float
    scale: float
    log_scale_per_12_months: float = 0.0

    def share_out(self, days: ArrayLike, months: ArrayLike = 0) -> Floats:
        """Share that has left by the end of day ``days``, among those who leave for this cause. Shapes broadcast."""
        whole: Floats = np.clip(np.floor(np.asarray(days, dtype=float)), 0, LONGEST)
        scale = self._scale(months)
        return np.asarray(self._uncut(whole / scale) / self._uncut(LONGEST / scale))

    def days(self, uniform: ArrayLike, months: ArrayLike = 0) -> NDArray[np.int64]:
        """Whole days of stay at a share between 0 and 1: the inverse of ``share_out``. Shapes broadcast."""
        scale = self._scale(months)
        at = np.asarray(uniform, dtype=float) * self._uncut(LONGEST / scale)
        if self.distribution == "gamma":
            time = scale * special.gammaincinv(self.shape, at)
        else:
            time = scale * (-np.log1p(-at)) ** (1 / self.shape)
        return np.asarray(np.clip(np.ceil(time), 1, LONGEST), dtype=np.int64)

    def _scale(self, months: ArrayLike) -> Floats:
        return self.scale * np.exp(self.log_scale_per_12_months * np.asarray(months, dtype=float) / 12)

    def _uncut(self, x: Floats) -> Floats:
        if self.distribution == "gamma":
            return np.asarray(special.gammainc(self.shape, x))
        return np.asarray(-np.expm1(-(x**self.shape)))


STAYS: Mapping[str, Stay] = MappingProxyType(
    {
        "job": Stay("gamma", 4.0, 42.0, log_scale_per_12_months=0.20),
        "no_show": Stay("weibull", 1.15, 55.0),
        "other": Stay("weibull", 1.7, 290.0),
    }
)


@dataclass(frozen=True)
class Truth:
    """The model with its calibrated intercepts. ``by_months`` (3, 61) is each cause's share by months on assistance."""

    intercepts: Mapping[str, float]
    by_months: Floats

    def probabilities(self, age: ArrayLike, woman: ArrayLike, months: ArrayLike, team: ArrayLike) -> Floats:
        """Probability of each cause for given people; ``team`` is 1 to 8. Shapes (n,) -> (3, n), rows as ``CAUSES``."""
        return _softmax([self.intercepts[cause] + _slope_part(cause, age, woman, months, team) for cause in SLOPES])

    def share(self, cause: str) -> float:
        """Share of all referred who leave for a cause in the end."""
        return float(self.by_months[CAUSES.index(cause)].sum())

    def incidence(self, cause: str, days: ArrayLike) -> Floats:
        """True cumulative incidence: share of all referred who have left for a cause by the end of each day."""
        months = np.arange(MOST_MONTHS + 1)
        out = STAYS[cause].share_out(np.asarray(days, dtype=float)[..., None], months)
        return np.asarray(out @ self.by_months[CAUSES.index(cause)])

    def exit_time(self, cause: str, days: ArrayLike) -> Floats:
        """Share out by the end of each day among those who leave for a cause: F_k(t), 1 at ``LONGEST``."""
        return self.incidence(cause, days) / self.share(cause)

    def table(self, days: ArrayLike = HORIZONS) -> pd.DataFrame:
        """True cumulative incidences as a table with columns cause, time (days), estimate."""
        days = np.atleast_1d(np.asarray(days))
        frames = [
            pd.DataFrame({"cause": cause, "time": days, "estimate": self.incidence(cause, days)}) for cause in CAUSES
        ]
        return pd.concat(frames, ignore_index=True)


@cache
def truth() -> Truth:
    """What is the truth behind the synthetic people of Innsatsgjengen? The same for every seed."""
    age, months, woman, team, weight = population()
    parts = np.array([_slope_part(cause, age, woman, months, team) for cause in SLOPES])
    goal = np.array([QUOTAS[cause] / PERSONS for cause in SLOPES])

    def missed(intercepts: Floats) -> Floats:
        return np.asarray(_softmax(parts + intercepts[:, None])[:-1] @ weight - goal)

    found = optimize.root(missed, np.zeros(len(goal)), tol=1e-14).x
    shares = _softmax(parts + found[:, None]) * weight
    by_months = np.array([np.bincount(months, share, minlength=MOST_MONTHS + 1) for share in shares])
    by_months.setflags(write=False)
    return Truth(MappingProxyType(dict(zip(SLOPES, map(float, found), strict=True))), by_months)


def age_share() -> Floats:
    """Share of each age 19 to 60, year of referral minus year of birth: P(age < 19 + j) = (j / 42) ** (1 / 1.5)."""
    return np.diff((np.arange(AGES + 1) / AGES) ** (1 / AGE_POWER))


def mean_months(age: ArrayLike) -> Floats:
    """Mean of the exponential whose whole part is the months on social assistance before referral, before the cap."""
    return 4 + 0.2 * (np.asarray(age, dtype=float) - YOUNGEST)


def most_months(age: ArrayLike) -> NDArray[np.int64]:
    """Cap on the months on social assistance: since the eighteenth birthday, at most 60."""
    return np.minimum(MOST_MONTHS, 12 * (np.asarray(age, dtype=np.int64) - 18))


def population() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]:
    """Every combination of age, months, woman and team, and its share of all people. Shapes (n,); shares sum to 1."""
    ages, months = np.arange(YOUNGEST, YOUNGEST + AGES), np.arange(MOST_MONTHS + 1)
    mean, cap = mean_months(ages)[:, None], most_months(ages)[:, None]
    at_least = np.where(months <= cap, np.exp(-months / mean), 0.0)
    months_share = at_least - np.append(at_least[:, 1:], np.zeros((AGES, 1)), axis=1)
    joint = (age_share()[:, None] * months_share)[:, :, None, None]
    weight = joint * np.array([1 - WOMEN, WOMEN])[:, None] * np.array(TEAM_SHARES)
    age, month, woman, team = np.meshgrid(ages, months, [0, 1], np.arange(len(TEAM_SHARES)) + 1, indexing="ij")
    return age.ravel(), month.ravel(), woman.ravel(), team.ravel(), weight.ravel()


def _slope_part(cause: str, age: ArrayLike, woman: ArrayLike, months: ArrayLike, team: ArrayLike) -> Floats:
    slope = SLOPES[cause]
    return np.asarray(
        slope["age_per_10_years_from_30"] * (np.asarray(age, dtype=float) - 30) / 10
        + slope["woman"] * np.asarray(woman, dtype=float)
        + slope["months_per_12"] * np.asarray(months, dtype=float) / 12
        + np.array(TEAMS[cause])[np.asarray(team, dtype=np.int64) - 1]
    )


def _softmax(log_odds: Any) -> Floats:
    """Probabilities from log odds against the last cause. Shapes (2, n) -> (3, n)."""
    odds = np.exp(np.asarray(log_odds, dtype=float))
    odds = np.concatenate([odds, np.ones((1, odds.shape[1]))])
    return np.asarray(odds / odds.sum(axis=0))
