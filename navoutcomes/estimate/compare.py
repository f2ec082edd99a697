"""Two groups at stated times: estimates, and the interval of their difference under three kinds of dependence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.curves.incidence import cumulative_incidence
from navoutcomes.estimate.curves.restricted_mean import check_horizon, mean_time, restricted_mean
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Counts
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, incidence_influence
from navoutcomes.maths.influence import Total, influences
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import mover_difference

Measured = tuple[float, float, float, float]
NOT_GIVEN = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Asked:
    """What a comparison is about: the reference, the cause's position, times, level, rule and factor.

    ``times`` are in the follow-up's own unit.
    """

    base: str
    place: int
    times: tuple[float, ...]
    level: float
    errors: str | None = None
    small_sample: bool = True


@dataclass(frozen=True)
class Compared:
    """One group against the reference. Shapes: every array (T,), one a time.

    ``first`` and ``second`` are the group's and the reference's estimates, ``low`` and ``high`` the limits of their
    difference, ``log_error`` the standard error of the log ratio; ``area`` is
    empty for shares, ``survival`` or ``lost`` for mean times.
    """

    group: str
    times: tuple[float, ...]
    first: Floats
    second: Floats
    std_error: Floats
    low: Floats
    high: Floats
    log_error: Floats
    z: float
    persons: float
    events: Floats
    area: str = ""
    log_odds_error: Floats | None = None

    def measured(self, measure: str, k: int) -> Measured:
        """Estimate, standard error and limits of one measure at the k-th time."""
        a, b = float(self.first[k]), float(self.second[k])
        low, high = float(self.low[k]), float(self.high[k])
        if measure.endswith("difference"):
            return a - b, float(self.std_error[k]), low, high
        if measure == "number needed to treat":
            covers = not (low > 0 or high < 0)
            limits = NOT_GIVEN if covers else tuple(sorted((1 / low, 1 / high)))
            return (1 / (a - b) if a != b else float("nan")), float("nan"), limits[0], limits[1]
        odds = measure == "odds ratio"
        if min(a, b) <= 0 or (odds and max(a, b) >= 1):
            return float("nan"), float("nan"), *NOT_GIVEN
        ratio = (a / (1 - a)) / (b / (1 - b)) if odds else a / b
        error = self._log_odds_error(k) if odds else float(self.log_error[k])
        return ratio, error, ratio * np.exp(-self.z * error), ratio * np.exp(self.z * error)

    def _log_odds_error(self, k: int) -> float:
        if self.log_odds_error is None:
            return float("nan")
        return float(self.log_odds_error[k])

    @classmethod
    def of_shares(
        cls,
        group: str,
        first: tuple[float, float, tuple[float, float]],
        second: tuple[float, float, tuple[float, float]],
        z: float,
    ) -> Compared:
        """Two counted shares, each (events, persons, its limits)."""
        (a, n, a_limits), (b, m, b_limits) = first, second
        p, q = a / n, b / m
        _, low, high = mover_difference((p, *a_limits), (q, *b_limits))
        with np.errstate(divide="ignore"):
            log_error = np.sqrt((1 - p) / np.float64(a) + (1 - q) / np.float64(b))
            odds = np.sqrt(1 / np.float64(a) + 1 / np.float64(n - a) + 1 / np.float64(b) + 1 / np.float64(m - b))
        one = np.atleast_1d
        error = np.sqrt(p * (1 - p) / n + q * (1 - q) / m)
        return cls(
            group, (float("nan"),), one(p), one(q), one(error), one(low), one(high), one(log_error), z, n, one(a),
            log_odds_error=one(odds),
        )  # fmt: skip


def independent(counts: RiskTable, other: str, asked: Asked, area: str) -> Compared:
    """Groups that share nobody: MOVER from the two intervals; mean times by their variances added."""
    base, times, level = asked.base, asked.times, asked.level
    cause = counts.causes[asked.place]
    if area:
        mean = partial(restricted_mean, counts, cause=cause if area == "lost" else None, level=level)
        tables = [mean(one, errors=asked.errors, small_sample=asked.small_sample).table for one in times]
        table = pd.concat(tables, ignore_index=True)
    else:
        table = cumulative_incidence(counts, level=level, errors=asked.errors).at(times)
        table = table[table["cause"] == cause]
    a, b = (table[table["group"] == name].reset_index(drop=True) for name in (other, base))
    _check_supported(a, b, other, base, times)
    z = critical(level)
    first, second = a["estimate"].to_numpy(), b["estimate"].to_numpy()
    error = np.hypot(a["std_error"].to_numpy(), b["std_error"].to_numpy())
    if area:
        low, high = first - second - z * error, first - second + z * error
    else:
        limits = [
            mover_difference(
                (first[k], a["conf_low"][k], a["conf_high"][k]), (second[k], b["conf_low"][k], b["conf_high"][k])
            )
            for k in range(len(times))
        ]
        low, high = np.array([one[1] for one in limits]), np.array([one[2] for one in limits])
    log_error, log_odds_error = _log_errors(first, second, a["std_error"].to_numpy(), b["std_error"].to_numpy())
    persons, events = float(counts.persons(other)), a["events"].to_numpy()
    times = tuple(float(one) for one in counts.clock(asked.times))
    return Compared(other, times, first, second, error, low, high, log_error, z, persons, events, area, log_odds_error)


def by_clusters(
    counts: RiskTable, other: str, asked: Asked, area: str, df: int | None = None, given: bool = True
) -> Compared:
    """Clusters with people in both groups: influences are added within a cluster before they are squared."""
    base, place, level = asked.base, asked.place, asked.level
    times = tuple(float(one) for one in counts.clock(asked.times))
    a, a_pull = _pulls(counts, other, place, times, area)
    b, b_pull = _pulls(counts, base, place, times, area)
    z = critical(level, df) if given else float("nan")
    error = np.sqrt(((a_pull - b_pull) ** 2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_error = np.sqrt(((a_pull / a - b_pull / b) ** 2).sum(axis=0))
        odds = np.sqrt(((a_pull / (a * (1 - a)) - b_pull / (b * (1 - b))) ** 2).sum(axis=0))
    low, high = a - b - z * error, a - b + z * error
    persons = float(counts.persons(other))
    events = _events(counts, other, place, times)
    return Compared(other, times, a, b, error, low, high, log_error, z, persons, events, area, odds)


def by_offices(counts: RiskTable, other: str, asked: Asked, area: str, given: bool = True) -> Compared:
    """Every office in one arm: the mean of each office's pseudo-values, compared by Student's t on offices less two."""
    base, place, level = asked.base, asked.place, asked.level
    times = tuple(float(one) for one in counts.clock(asked.times))
    means, errors = [], []
    offices = 0
    for name in (other, base):
        estimate, pull = _pulls(counts, name, place, times, area)
        cells = counts.cells[name]
        size = np.bincount(np.asarray(cells.cluster), cells.weight, minlength=counts.clusters)
        here = size > 0
        pseudo = estimate + size.sum() * pull[here] / size[here][:, None]
        means.append(pseudo.mean(axis=0))
        errors.append(((pseudo - means[-1]) ** 2).sum(axis=0))
        offices += int(here.sum())
    number = [counts.clusters_in(name) for name in (other, base)]
    df = offices - 2
    pooled = (errors[0] + errors[1]) / max(df, 1)
    error = np.sqrt(pooled / number[0] + pooled / number[1])
    z = critical(level, df) if given and df > 0 else float("nan")
    a, b = means
    with np.errstate(divide="ignore", invalid="ignore"):
        log_error = np.sqrt(pooled / number[0] / a**2 + pooled / number[1] / b**2)
    low, high = a - b - z * error, a - b + z * error
    events = _events(counts, other, place, times)
    persons = float(counts.persons(other))
    return Compared(other, times, a, b, error, low, high, log_error, z, persons, events, area)


def _pulls(counts: RiskTable, group: str, place: int, times: tuple[float, ...], area: str) -> tuple[Floats, Floats]:
    """A group's estimates (T,) and each cluster's influence on them (clusters, T)."""
    mass, cells = counts.mass(group), counts.cells[group]
    estimates, pulls = [], []
    for time in times:
        if area:
            check_horizon(counts, group, time)
            estimate, apply = mean_time(mass, time, place if area == "lost" else None)
        else:
            estimate, apply = _at(mass, place, time, counts, group)
        estimates.append(estimate)
        pulls.append(influences(cells, mass, apply, counts.clusters)[:, 0])
    return np.array(estimates), np.stack(pulls, axis=1)


def _at(mass: Counts, place: int, time: float, counts: RiskTable, group: str) -> tuple[float, Total]:
    check_horizon(counts, group, time)
    found = aalen_johansen(mass)
    at = int(np.searchsorted(found.time, time * (1 + 1e-12), side="right")) - 1
    return float(found.incidence[place, at]), incidence_influence(mass, place).at(at)


def _events(counts: RiskTable, group: str, place: int, times: tuple[float, ...]) -> Floats:
    persons = counts.groups[group]
    return np.array([persons.events[place][persons.time <= time].sum() for time in times])


def _check_supported(a: pd.DataFrame, b: pd.DataFrame, other: str, base: str, times: tuple[float, ...]) -> None:
    for name, table in ((other, a), (base, b)):
        bad = table["estimate"].isna().to_numpy()
        if bad.any():
            asked = f"{times[int(np.argmax(bad))]:g}"
            raise DesignProblem("time_beyond_follow_up", asked=asked, group=name)


def _log_errors(first: Floats, second: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.hypot(a / first, b / second)
        odds = np.hypot(a / (first * (1 - first)), b / (second * (1 - second)))
    return plain, odds
