"""Fine and Gray's model with its rows written out, for reading: who ended for another cause gets a row for every later
time, with the weight of that time. Also its derivative in what each person weighs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Long:
    """One row a person and time at which somebody ends for the cause: at risk then, with this weight."""

    time: np.ndarray
    person: np.ndarray
    weight: np.ndarray
    ended: np.ndarray
    x: np.ndarray


def chance(frame: pd.DataFrame, time: float, mass: np.ndarray, tied_stay: bool = False) -> float:
    """G(t-) H(t-): the product limit of the censorings before t and that of the entries from t on, backwards."""
    entry, leave = frame["entry"].to_numpy(), frame["time"].to_numpy()
    ended = (frame["ending"] != "followed").to_numpy()
    value = 1.0
    for u in np.unique(leave[~ended & (leave < time)]):
        here = (entry < u) & ((leave > u) | ((leave == u) & (~ended | tied_stay)))
        value *= 1 - mass[~ended & (leave == u)].sum() / mass[here].sum()
    for u in np.unique(entry[(entry > 0) & (entry >= time)]):
        value *= 1 - mass[entry == u].sum() / mass[(entry <= u) & (u < leave)].sum()
    return float(value)


def written_out(frame: pd.DataFrame, terms: list[str], mass: np.ndarray | None = None, tied_stay: bool = False) -> Long:
    """All rows. ``mass`` what each person counts for in the chance of being under observation."""
    mass = np.ones(len(frame)) if mass is None else mass
    rows = []
    own = frame["ending"] == "job"
    for t in np.unique(frame.loc[own, "time"]):
        for i, one in enumerate(frame.itertuples()):
            if one.entry < t <= one.time:
                rows.append((t, i, 1.0, one.time == t and one.ending == "job"))
            elif one.time < t and one.ending == "other":
                kept = chance(frame, t, mass, tied_stay) / chance(frame, one.time, mass, tied_stay)
                rows.append((t, i, kept, False))
    time, person, weight, ended = (np.array(column) for column in zip(*rows, strict=True))
    return Long(time, person, weight, ended, frame[terms].to_numpy(dtype=float)[person])


def score(
    long: Long, weight: np.ndarray, beta: np.ndarray, efron: bool = True, strata: np.ndarray | None = None
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood, score and information; ``weight`` by person."""
    size = long.x.shape[1]
    value, slope, bend = 0.0, np.zeros(size), np.zeros((size, size))
    stratum = np.zeros(int(long.person.max()) + 1, dtype=int) if strata is None else strata
    mass = weight[long.person]
    theta = mass * long.weight * np.exp(long.x @ beta)
    for s in np.unique(stratum):
        for t in np.unique(long.time):
            here = (long.time == t) & (stratum[long.person] == s)
            tied = here & long.ended
            number = int(tied.sum())
            if not number:
                continue
            mean = mass[tied].sum() / number
            value += mass[tied] @ long.x[tied] @ beta
            slope += mass[tied] @ long.x[tied]
            for place in range(number):
                share = theta * (here - (place / number if efron else 0.0) * tied)
                average = share @ long.x / share.sum()
                value -= mean * np.log(share.sum())
                slope -= mean * average
                bend += mean * ((share[:, None] * long.x).T @ long.x / share.sum() - np.outer(average, average))
    return value, slope, bend


def solved(long: Long, weight: np.ndarray, efron: bool = True, strata: np.ndarray | None = None) -> np.ndarray:
    """The estimate, by Newton's method with halved steps."""
    beta = np.zeros(long.x.shape[1])
    value, slope, bend = score(long, weight, beta, efron, strata)
    for _ in range(60):
        move = np.linalg.solve(bend, slope)
        if np.abs(move).max() < 1e-13:
            break
        for _ in range(40):
            there = score(long, weight, beta + move, efron, strata)
            if there[0] >= value - 1e-12:
                break
            move = move / 2
        beta, (value, slope, bend) = beta + move, there
    return beta


def derivatives(estimate: Callable[[np.ndarray], np.ndarray], weight: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """What the estimate moves when each person weighs a little more, relative to the weight. Shapes: (n, p)."""
    found = []
    for i in range(len(weight)):
        up, down = weight.copy(), weight.copy()
        up[i] *= 1 + step
        down[i] *= 1 - step
        found.append((estimate(up) - estimate(down)) / (2 * step))
    return np.array(found)
