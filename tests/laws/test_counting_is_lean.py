"""Counting people does not sort them and does not copy them: what makes it fast, held without a stopwatch."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd

import navoutcomes as nav

SIZE, TRIES = 400_000, 5


def crowd() -> nav.Cohort:
    roll = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "time": np.minimum(np.ceil(roll.exponential(300, SIZE)), 1000),
            "ending": roll.integers(0, 4, SIZE),
            "group": roll.integers(0, 10, SIZE),
        }
    )
    endings = {0: None, 1: "job", 2: "health", 3: "other"}
    return nav.Cohort.from_frame(frame, "time", "ending", endings=endings, outcome="job")


def fastest(call: Callable[[], object]) -> float:
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


def test_curves_of_ten_groups_take_less_than_sorting_the_times_once() -> None:
    people = crowd()
    values = people.rows["time"].to_numpy(dtype=float) + np.random.default_rng(2).random(SIZE)
    sorting = fastest(lambda: np.argsort(values, kind="stable"))
    assert fastest(lambda: people.survival_curve(by="group")) < sorting
    assert fastest(people.cumulative_incidence) < sorting


def test_curves_take_no_more_memory_than_three_times_their_columns() -> None:
    people = crowd()
    people.survival_curve(by="group")
    columns = 3 * 8 * SIZE
    for ask in (lambda: people.survival_curve(by="group"), lambda: people.cumulative_incidence(by="group")):
        tracemalloc.start()
        ask()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 3 * columns
