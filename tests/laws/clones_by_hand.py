"""Clones, monthly trials and their weights a second time: loops over people, scipy for the fits, nothing shared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import optimize

ENDINGS = {0: None, 1: "job", 2: "other"}


@dataclass(frozen=True)
class Person:
    time: float
    ending: int
    begun: float
    x: np.ndarray


def persons(frame: pd.DataFrame, terms: list[str]) -> list[Person]:
    columns = frame[terms].to_numpy(dtype=float)
    return [
        Person(float(row.time), int(row.ending), np.inf if np.isnan(row.start) else float(row.start), columns[at])
        for at, row in enumerate(frame.itertuples())
    ]


def logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Fitted chances, by minimising the deviance."""
    design = np.column_stack([np.ones(len(y)), x])

    def loss(beta: np.ndarray) -> float:
        eta = design @ beta
        return float(np.sum(np.logaddexp(0, eta)) - y @ eta)

    def slope(beta: np.ndarray) -> np.ndarray:
        return design.T @ (1 / (1 + np.exp(-design @ beta)) - y)

    best = optimize.minimize(loss, np.zeros(design.shape[1]), jac=slope, method="BFGS", options={"gtol": 1e-9})
    return 1 / (1 + np.exp(-design @ best.x))


def hazard_of_beginning(people: list[Person], window: float) -> tuple[list[float], np.ndarray, np.ndarray]:
    """Times, baseline steps and relative hazards: Efron's likelihood, then the grouped baseline by root finding."""
    times = sorted({one.begun for one in people if 0 < one.begun <= window and np.isfinite(one.begun)})
    sets = [
        (
            [k for k, one in enumerate(people) if one.time > t and one.begun >= t],
            [k for k, one in enumerate(people) if one.begun == t],
        )
        for t in times
    ]
    x = np.array([one.x for one in people])

    def loss(beta: np.ndarray) -> float:
        relative, total = np.exp(x @ beta), 0.0
        for risk, begin in sets:
            there, own = relative[risk].sum(), relative[begin].sum()
            total += float((x[begin] @ beta).sum())
            total -= sum(np.log(there - k / len(begin) * own) for k in range(len(begin)))
        return -total

    beta = np.zeros(x.shape[1])
    if x.shape[1]:
        beta = optimize.minimize(loss, beta, method="BFGS", options={"gtol": 1e-10}).x
    relative = np.exp(x @ beta)
    steps = []
    for risk, begin in sets:
        there, own = relative[risk].sum(), relative[begin]
        steps.append(
            optimize.brentq(lambda h, own=own, t=there: (own / -np.expm1(-own * h)).sum() - t, 1e-12, 200, xtol=1e-15)
        )
    return times, np.array(steps), relative


def incidence(rows: list[tuple[float, float, int, float]], cause: int, at: float) -> float:
    """Aalen-Johansen of weighted intervals (from, to, ending, weight)."""
    stay, found = 1.0, 0.0
    for time in sorted({to for _, to, ending, _ in rows if ending and to <= at}):
        risk = sum(w for begin, to, _, w in rows if begin < time <= to)
        own = sum(w for _, to, ending, w in rows if to == time and ending == cause)
        gone = sum(w for _, to, ending, w in rows if to == time and ending)
        found += stay * own / risk
        stay *= 1 - gone / risk
    return found


def clones(people: list[Person], grace: float, never: bool) -> tuple[list, list]:  # type: ignore[type-arg]
    """Both strategies as weighted intervals: not beginning, and beginning within the grace period."""
    window = np.inf if never else grace
    times, steps, relative = hazard_of_beginning(people, window)
    without = []
    for k, one in enumerate(people):
        out = one.begun <= window and np.isfinite(one.begun)
        end, ending = (one.begun, 0) if out else (one.time, one.ending)
        cuts = [t for t in times if t < end]
        edges = [-1.0, *cuts, end]
        for low, high in pairwise(edges):
            upto = sum(h for t, h in zip(times, steps, strict=True) if t < high)
            without.append((low, high, ending if high == end else 0, np.exp(relative[k] * upto)))
    there = [k for k, one in enumerate(people) if one.time > grace]
    began = np.array([float(people[k].begun <= grace) for k in there])
    chance = dict(zip(there, logistic(np.array([people[k].x for k in there]), began), strict=True))
    within = []
    for k, one in enumerate(people):
        if k not in chance:
            within.append((-1.0, one.time, one.ending, 1.0))
            continue
        within.append((-1.0, grace, 0, 1.0))
        if one.begun <= grace:
            within.append((grace, one.time, one.ending, 1 / chance[k]))
    return without, within


def trials(people: list[Person], every: float, at: float, cause: int, until: bool = False) -> tuple[float, float]:
    """Shares that had left for a cause, among those who did not begin and those who did, all trials together.

    With ``until`` those who had not begun are followed until they do, and the others stand for them.
    """
    rows = []
    for number in range(int(max(one.time for one in people) // every) + 1):
        moment = number * every
        here = [k for k, one in enumerate(people) if one.time > moment and one.begun > moment - every]
        now = [people[k].begun <= moment for k in here]
        if any(now) and not all(now):
            rows += [(k, moment, begin) for k, begin in zip(here, now, strict=True)]
    used = sorted({moment for _, moment, _ in rows})
    number = np.array([float(used.index(moment)) for _, moment, _ in rows])
    own = np.array([people[k].x for k, _, _ in rows])
    chance = logistic(np.column_stack([own, number, number**2]), np.array([float(begin) for *_, begin in rows]))
    times, steps, relative = hazard_of_beginning(people, np.inf)
    arms: dict[bool, list[tuple[float, float, int, float]]] = {False: [], True: []}
    for (k, moment, begin), p in zip(rows, chance, strict=True):
        one, weight = people[k], 1 / p if begin else 1 / (1 - p)
        if begin or not until:
            arms[begin].append((-1.0, one.time - moment, one.ending, weight))
            continue
        out = np.isfinite(one.begun)
        end, ending = (one.begun, 0) if out else (one.time, one.ending)
        edges = [moment - 1.0, *[t for t in times if moment < t < end], end]
        for low, high in pairwise(edges):
            spent = sum(h for t, h in zip(times, steps, strict=True) if moment < t < high)
            arms[False].append(
                (low - moment, high - moment, ending if high == end else 0, weight * np.exp(relative[k] * spent))
            )
    return incidence(arms[False], cause, at), incidence(arms[True], cause, at)
