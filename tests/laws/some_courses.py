"""Any courses at all, for the laws of states and repeated events; and their estimates once more in plain loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import navoutcomes as nav

STATES = ("KVP", "work", "left")
STEP = 1e-5


class Stay(NamedTuple):
    """Under observation in (start, stop] in a state; ``to`` empty where nothing happened."""

    person: int
    start: int
    stop: int
    state: str
    to: str
    weight: float
    office: int
    group: str


@st.composite
def courses(draw: st.DrawFn, most: int = 12, late: bool = True, gaps: bool = True) -> pd.DataFrame:
    """Courses with ties, late entry, times when nobody saw the person, weights and offices; somebody moves."""
    roll = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = [Stay(0, 0, 1, "KVP", "work", 1.0, 0, "a"), Stay(1, 0, 2, "KVP", "left", 1.0, 1, "b")]
    rows += [row for person in range(2, draw(st.integers(3, most))) for row in _course(roll, person, late, gaps)]
    return pd.DataFrame(rows)


def _course(roll: np.random.Generator, person: int, late: bool, gaps: bool) -> list[Stay]:
    state, time = str(roll.choice(STATES[:2], p=[0.8, 0.2])), int(roll.integers(0, 4)) * late
    own = float(roll.choice([0.5, 1.0, 1.25, 2.0])), int(roll.integers(0, 4)), str(roll.choice(["a", "b"]))
    rows = []
    for _ in range(int(roll.integers(1, 5))):
        stop = time + int(roll.integers(1, 4))
        to = str(roll.choice([one for one in (*STATES, "") if one != state]))
        rows.append(Stay(person, time, stop, state, to, *own))
        if to == "left":
            break
        state = to or state
        time = stop + int(gaps and roll.random() < 0.2)
    return rows


def in_states(frame: pd.DataFrame, *roles: str) -> nav.Transitions:
    """The courses with the columns a law speaks of: ``weight``, ``office``."""
    return nav.Transitions.from_frame(
        frame,
        person="person",
        start="start",
        stop="stop",
        state_from="state",
        state_to="to",
        censored="",
        states=STATES,
        weight="weight" if "weight" in roles else None,
        cluster="office" if "office" in roles else None,
        gaps="unobserved",
    )


def stays(frame: pd.DataFrame, weighted: bool) -> list[Stay]:
    """The rows of a frame; without weights each counts one."""
    rows = [Stay(*row) for row in frame.itertuples(index=False, name=None)]
    return rows if weighted else [row._replace(weight=1.0) for row in rows]


def risk(rows: Sequence[Stay], weights: Sequence[float], time: float, state: str | None) -> float:
    pairs = zip(rows, weights, strict=True)
    return sum(w for row, w in pairs if row.start < time <= row.stop and state in (None, row.state))


def moved(rows: Sequence[Stay], weights: Sequence[float], time: float, state: str | None, to: str) -> float:
    pairs = zip(rows, weights, strict=True)
    return sum(w for row, w in pairs if row.stop == time and row.to == to and state in (None, row.state))


def times(rows: Sequence[Stay], until: float) -> list[int]:
    return sorted({row.stop for row in rows if row.to and row.stop <= until})


def begun(rows: Sequence[Stay], weights: Sequence[float]) -> dict[str, float]:
    """The shares at the start: of those at risk at the first move."""
    first = times(rows, np.inf)[0]
    total = risk(rows, weights, first, None)
    return {state: risk(rows, weights, first, state) / total for state in STATES}


def occupation(
    rows: Sequence[Stay], weights: Sequence[float], until: float, start: dict[str, float] | None = None
) -> np.ndarray:
    """Shares in the states at a time, one time after the other."""
    share = begun(rows, weights) if start is None else start
    for time in times(rows, until):
        after = dict(share)
        for begin in STATES:
            for end in STATES:
                count = moved(rows, weights, time, begin, end)
                if count > 0:
                    step = share[begin] * count / risk(rows, weights, time, begin)
                    after[begin], after[end] = after[begin] - step, after[end] + step
        share = after
    return np.array([share[state] for state in STATES])


def mean_time(rows: Sequence[Stay], weights: Sequence[float], horizon: float) -> np.ndarray:
    """Areas under the shares, rectangle by rectangle."""
    edges = [0.0, *times(rows, horizon), horizon]
    return np.sum([occupation(rows, weights, begin) * (end - begin) for begin, end in pairwise(edges)], axis=0)


def mean_count(rows: Sequence[Stay], weights: Sequence[float], until: float) -> np.ndarray:
    """Mean number of times into work by a time, when "left" ends a course."""
    alive, count = 1.0, 0.0
    for time in times(rows, until):
        under = risk(rows, weights, time, None)
        count += alive * moved(rows, weights, time, None, "work") / under
        alive *= 1 - moved(rows, weights, time, None, "left") / under
    return np.array([count])


def errors(
    rows: Sequence[Stay], estimate: Callable[[Sequence[float]], np.ndarray], unit: Callable[[Stay], int]
) -> np.ndarray:
    """Root of the sum of squared pulls: each unit's weights are moved a little up and down together."""
    base = np.array([row.weight for row in rows])
    found = []
    for name in sorted({unit(row) for row in rows}):
        own = np.array([unit(row) == name for row in rows])
        up, down = base * (1 + STEP * own), base * (1 - STEP * own)
        found.append((estimate(up.tolist()) - estimate(down.tolist())) / (2 * STEP))
    return np.sqrt(np.sum(np.square(found), axis=0))
