"""The intervals of models with a distribution of time cover the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_people import CALIBRATED, RUNS, inside

import navoutcomes as nav

RATIO = 0.4


def drawn(roll: np.random.Generator, size: int, weighted: bool) -> pd.DataFrame:
    """Weibull stays that a trait lengthens; weights that have to do with how long people stay for other reasons."""
    x, other = roll.integers(0, 2, size), roll.normal(size=size)
    time = np.exp(2 + RATIO * x) * roll.weibull(1.3, size)
    stop = roll.uniform(2, 40, size)
    weight = np.exp(0.6 * other) if weighted else np.ones(size)
    return pd.DataFrame(
        {"x": x, "time": np.minimum(time, stop), "ended": (time <= stop).astype(int), "weight": weight, "entry": 0.0}
    )


def late(roll: np.random.Generator, size: int) -> pd.DataFrame:
    frame = drawn(roll, 2 * size, False)
    frame["entry"] = roll.choice([0.0, 1.0, 3.0, 6.0], 2 * size)
    return frame[frame["entry"] < frame["time"]].reset_index(drop=True)


def in_offices(roll: np.random.Generator, offices: int) -> pd.DataFrame:
    """Offices that differ, each with one arm; the truth is that arms do not."""
    frame = drawn(roll, 20 * offices, False)
    office = np.repeat(np.arange(offices), 20)
    long = roll.normal(0, 0.3, offices)[office]
    time = np.exp(2 + long) * roll.weibull(1.3, len(office))
    stop = roll.uniform(2, 40, len(office))
    return frame.assign(x=office % 2, office=office, time=np.minimum(time, stop), ended=(time <= stop).astype(int))


def covered(frame: pd.DataFrame, truth: float, distribution: str, **how: str) -> bool:
    people = nav.Cohort.from_frame(
        frame, "time", "ended", endings={0: None, 1: "left"}, outcome="left", entry="entry", weight="weight", **how
    )
    row = people.parametric(["x"], distribution).table.iloc[0]
    return bool(row["conf_low"] <= truth <= row["conf_high"])


CELLS = {
    "120 people, Weibull": (lambda roll: drawn(roll, 120, False), RATIO, "weibull", {}),
    "150 people, late, Weibull": (lambda roll: late(roll, 150), RATIO, "weibull", {}),
    "200 people, weights, Weibull": (lambda roll: drawn(roll, 200, True), RATIO, "weibull", {}),
    "200 people, spline": (lambda roll: drawn(roll, 200, False), -1.3 * RATIO, "spline", {}),
    "12 offices, an arm each, Weibull": (lambda roll: in_offices(roll, 12), 0.0, "weibull", {"cluster": "office"}),
}


def share(cell: str, runs: int) -> float:
    draw, truth, distribution, how = CELLS[cell]
    roll = np.random.default_rng([77, sorted(CELLS).index(cell)])
    return float(np.mean([covered(draw(roll), truth, distribution, **how) for _ in range(runs)]))


@pytest.mark.parametrize("cell", CELLS)
def test_intervals_cover(cell: str) -> None:
    assert inside(share(cell, RUNS // 5), CALIBRATED, RUNS // 5)


@pytest.mark.full
@pytest.mark.parametrize("cell", CELLS)
def test_intervals_cover_in_many_runs(cell: str) -> None:
    assert inside(share(cell, 4 * RUNS), CALIBRATED, 4 * RUNS)
