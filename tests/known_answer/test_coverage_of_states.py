"""Intervals of shares in states, mean times, mean counts and pseudo-value regressions cover the simulated truth.

Courses go between programme (0) and work (1) until people leave (2); a frailty of each person makes some move fast and
some slowly, so that the way a person came to a state tells where it goes next, and only the landmark version is right.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from drawn_people import inside

import navoutcomes as nav

RUNS, MANY, SIZE, READ, LANDMARK = 200, 3000, 200, 3.0, 1.0
BAND = (0.93, 0.975)
STATES = ("KVP", "work", "left")
RATES = np.array([[0.0, 0.7, 0.15], [0.5, 0.0, 0.25]])


def courses(
    roll: np.random.Generator, size: int, spread: float, end: np.ndarray, boost: np.ndarray | float = 1.0
) -> pd.DataFrame:
    """Courses until ``end``; rates of moves times a frailty with this spread (0: the past does not matter)."""
    pace = boost * (roll.gamma(1 / spread, spread, size) if spread else np.ones(size))
    now, state, parts = np.zeros(size), np.zeros(size, dtype=int), []
    alive = np.arange(size)
    while len(alive):
        rates = RATES[state[alive]] * pace[alive, None]
        stop = now[alive] + roll.exponential(1 / rates.sum(axis=1))
        share = np.cumsum(rates / rates.sum(axis=1, keepdims=True), axis=1)
        to = (roll.random(len(alive))[:, None] > share).sum(axis=1)
        seen = stop <= end[alive]
        own = {"person": alive, "start": now[alive], "stop": np.where(seen, stop, end[alive]), "state": state[alive]}
        parts.append(pd.DataFrame(own | {"to": np.where(seen, to, -1)}))
        state[alive], now[alive] = to, stop
        alive = alive[seen & (to < 2)]
    return pd.concat(parts, ignore_index=True)


def censored(roll: np.random.Generator, spread: float = 0.0) -> pd.DataFrame:
    return courses(roll, SIZE, spread, roll.uniform(1.0, 8.0, SIZE))


def in_states(frame: pd.DataFrame) -> nav.Transitions:
    words = np.array([*STATES, ""], dtype=object)
    frame = frame.assign(state=words[frame["state"]], to=words[frame["to"]])
    roles = {"person": "person", "start": "start", "stop": "stop", "state_from": "state", "state_to": "to"}
    return nav.Transitions.from_frame(frame, **roles, censored="", states=STATES)


def state_at(frame: pd.DataFrame, time: float) -> np.ndarray:
    """Where everybody is at a time, for courses that nobody censored."""
    found = np.full(frame["person"].max() + 1, 2)
    here = frame[(frame["start"] <= time) & (time < frame["stop"])]
    found[here["person"]] = here["state"]
    return found


@cache
def truth(spread: float) -> dict[str, float]:
    """From 400,000 people without censoring: about 0.001 from the truth."""
    size = 400_000
    frame = courses(np.random.default_rng(2), size, spread, np.full(size, 9.0))
    first, later = state_at(frame, LANDMARK), state_at(frame, READ)
    into_work = frame[(frame["to"] == 1) & (frame["stop"] <= READ)]
    spent = frame[frame["state"] == 1]
    length = (spent["stop"].clip(upper=READ) - spent["start"]).clip(lower=0).sum()
    return {
        "occupation": float((later == 1).mean()),
        "landmark": float((later[first == 1] == 1).mean()),
        "time": float(length / size),
        "count": len(into_work) / size,
    }


def occupation(frame: pd.DataFrame) -> pd.Series:
    return nav.multistate(in_states(frame)).at(READ).set_index("cause").loc["work"]


def chance(landmark: bool) -> Callable[[pd.DataFrame], pd.Series]:
    def found(frame: pd.DataFrame) -> pd.Series:
        people = in_states(frame)
        table = nav.multistate(people, "transition", since=LANDMARK, landmark=landmark).at(READ)
        return table.set_index("term").loc["work → work"]

    return found


def time_at_work(frame: pd.DataFrame) -> pd.Series:
    people = in_states(frame)
    return nav.time_in_state(people, READ).table.set_index("cause").loc["work"]


def count(frame: pd.DataFrame) -> pd.Series:
    people = nav.Repeats.from_transitions(in_states(frame), "work", terminal=("left",))
    return nav.recurrent(people).at(READ).iloc[0]


CELLS = [
    ("occupation", 0.0, occupation),
    ("occupation", 2.0, occupation),
    ("landmark", 2.0, chance(landmark=True)),
    ("time", 2.0, time_at_work),
    ("count", 2.0, count),
]


def coverage(key: str, spread: float, answer: Callable[[pd.DataFrame], pd.Series], runs: int) -> tuple[float, float]:
    """How often the interval holds the truth, and the mean error of the estimate in its own standard errors."""
    roll, right, off = np.random.default_rng(7), 0, []
    for _ in range(runs):
        found = answer(censored(roll, spread))
        right += found["conf_low"] <= truth(spread)[key] <= found["conf_high"]
        off.append((found["estimate"] - truth(spread)[key]) / found["std_error"])
    return right / runs, float(np.mean(off))


@pytest.mark.parametrize(("key", "spread", "answer"), CELLS, ids=lambda one: str(one) if not callable(one) else "")
def test_intervals_cover(key: str, spread: float, answer: Callable[[pd.DataFrame], pd.Series]) -> None:
    share, off = coverage(key, spread, answer, RUNS)
    assert inside(share, BAND, RUNS)
    assert abs(off) < 0.25


@pytest.mark.full
@pytest.mark.parametrize(("key", "spread", "answer"), CELLS, ids=lambda one: str(one) if not callable(one) else "")
def test_intervals_cover_in_many_runs(key: str, spread: float, answer: Callable[[pd.DataFrame], pd.Series]) -> None:
    assert inside(coverage(key, spread, answer, MANY)[0], BAND, MANY)


def test_without_a_landmark_the_chance_is_wrong_where_the_past_matters() -> None:
    """Nearly two standard errors at 200 people: who is in work early is quick to leave it again."""
    _, off = coverage("landmark", 2.0, chance(landmark=False), 60)
    assert abs(off) > 1.0


def trial(roll: np.random.Generator, size: int) -> pd.DataFrame:
    """Two arms with exponential stays, censored evenly."""
    arm = roll.integers(0, 2, size)
    time, end = roll.exponential(np.where(arm == 1, 2.0, 3.0)), roll.uniform(2.5, 8.0, size)
    return pd.DataFrame({"time": np.minimum(time, end), "left": (time <= end).astype(int), "arm": arm})


def test_differences_by_pseudo_values_cover() -> None:
    """Of shares at 2: exp(-1) - exp(-2/3); of mean times up to 2: 2(1 - exp(-1)) - 3(1 - exp(-2/3))."""
    roll, runs, right = np.random.default_rng(5), RUNS, np.zeros(2)
    exact = np.exp(-1) - np.exp(-2 / 3), 2 * (1 - np.exp(-1)) - 3 * (1 - np.exp(-2 / 3))
    for _ in range(runs):
        people = nav.Cohort.from_frame(trial(roll, 150), "time", "left", endings={0: None, 1: "job"}, outcome="job")
        for place, measure in enumerate(("survival", "restricted mean")):
            row = people.pseudo_regression(["arm"], 2, measure).table.iloc[-1]
            right[place] += row["conf_low"] <= exact[place] <= row["conf_high"]
    assert all(inside(float(share), BAND, runs) for share in right / runs)
