"""The intervals of Fine and Gray's model cover the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_people import CALIBRATED, RUNS, inside

import navoutcomes as nav

RATIO, SHARE, WEEK = 0.5, 0.5, 0.02
ENDINGS = {0: None, 1: "job", 2: "other"}


def drawn(roll: np.random.Generator, size: int, late: bool = False) -> pd.DataFrame:
    """Shares that end for the cause are 1 - (1 - p (1 - exp(-t)))^exp(b x), as Fine and Gray drew them, in weeks."""
    x = roll.integers(0, 2, size)
    ratio = np.exp(RATIO * x)
    ever = 1 - (1 - SHARE) ** ratio
    cause = np.where(roll.random(size) < ever, 1, 2)
    u = roll.random(size) * ever
    first = -np.log1p(-(1 - (1 - u) ** (1 / ratio)) / SHARE)
    time = np.ceil(np.where(cause == 1, first, roll.exponential(1 / ratio)) / WEEK)
    stop = roll.integers(10, 150, size).astype(float)
    begin = np.where(roll.random(size) < 0.5, roll.integers(0, 40, size), 0) if late else np.zeros(size)
    ended = np.where(time <= stop, cause, 0)
    frame = pd.DataFrame({"x": x, "time": np.minimum(time, stop), "ended": ended, "entry": begin})
    return frame[frame["entry"] < frame["time"]].reset_index(drop=True)


def in_offices(roll: np.random.Generator, offices: int, fixed: bool) -> pd.DataFrame:
    """Offices that differ in how fast people leave; x says nothing."""
    office = np.repeat(np.arange(offices), 20)
    speed = np.exp(roll.normal(0, 0.4, offices))[office]
    x = (office % 2 if fixed else roll.integers(0, 2, len(office))).astype(float)
    time, stop = np.ceil(roll.exponential(1 / speed) / WEEK), roll.integers(10, 150, len(office)).astype(float)
    keen = 1 / (1 + np.exp(-roll.normal(0, 0.4, offices)))[office]
    cause = np.where(roll.random(len(office)) < keen, 1, 2)
    ended = np.where(time <= stop, cause, 0)
    return pd.DataFrame({"x": x, "time": np.minimum(time, stop), "ended": ended, "entry": 0.0, "office": office})


def covered(frame: pd.DataFrame, truth: float, **how: str) -> bool:
    people = nav.Cohort.from_frame(frame, "time", "ended", endings=ENDINGS, outcome="job", entry="entry", **how)
    row = people.fine_gray(["x"]).table.iloc[0]
    return bool(row["conf_low"] <= truth <= row["conf_high"])


CELLS = {
    "150 people": (lambda roll: drawn(roll, 150), RATIO, {}),
    "300 people, half of them late": (lambda roll: drawn(roll, 300, late=True), RATIO, {}),
    "12 offices, both arms in each": (lambda roll: in_offices(roll, 12, False), 0.0, {"cluster": "office"}),
    "12 offices, an arm each": (lambda roll: in_offices(roll, 12, True), 0.0, {"cluster": "office"}),
}


def _share(cell: str, runs: int) -> float:
    draw, truth, how = CELLS[cell]
    roll = np.random.default_rng([28, sorted(CELLS).index(cell)])
    return float(np.mean([covered(draw(roll), truth, **how) for _ in range(runs)]))


@pytest.mark.parametrize("cell", CELLS)
def test_intervals_cover(cell: str) -> None:
    runs = RUNS // 4
    assert inside(_share(cell, runs), CALIBRATED, runs)


@pytest.mark.full
@pytest.mark.parametrize("cell", CELLS)
def test_intervals_cover_in_many_runs(cell: str) -> None:
    assert inside(_share(cell, 4 * RUNS), CALIBRATED, 4 * RUNS)
