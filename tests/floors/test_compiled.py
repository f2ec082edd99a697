"""Compiled loops: numba is loaded when first needed, and a cache that cannot be written never stops a run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pytest

from navoutcomes.maths import compiled as module
from navoutcomes.maths.blocks import halves

CODE = """
import sys
import numpy as np, pandas as pd, navoutcomes as nav
frame = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "ending": [1, 1, 0, 1, 1, 1], "x": [0, 1, 1, 0, 1, 0]})
cohort = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job")
curve = cohort.survival_curve().table
assert "numba" not in sys.modules
found = cohort.cox(["x"]).table["estimate"].iloc[0]
assert "numba" in sys.modules
sys.stdout.write(f"{found:.6f}")
"""


@pytest.mark.parametrize("folder", [None, "/dev/null/nowhere"])
def test_a_model_is_fitted_wherever_the_cache_may_not_be(folder: str | None) -> None:
    environment = dict(os.environ) | ({"NUMBA_CACHE_DIR": folder} if folder else {})
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert abs(float(done.stdout)) < 5


def test_a_broken_cache_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    asked = []
    real = numba.njit

    def njit(*arguments: object, **how: object) -> object:
        if "error_model" not in how:
            return real(*arguments, **how)
        asked.append(how["cache"])
        if how["cache"]:
            raise EOFError
        return real(*arguments, **how)

    monkeypatch.setattr(numba, "njit", njit)

    @module.compiled
    def added(values: np.ndarray) -> float:
        total = 0.0
        for one in values:
            total += one
        return total

    assert added(np.array([1.0, 2.0, 3.5])) == 6.5
    assert added(np.array([1.0])) == 1.0
    assert asked == [True, False]


def test_whoever_waits_for_the_compiler_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    caplog.set_level("INFO", logger="navoutcomes")

    @module.compiled
    def doubled(values: np.ndarray) -> float:
        return 2 * values.sum()

    assert doubled(np.ones(3)) == 6.0
    # The one who tells is a thread of its own, and has the words of the language to read first.
    end = time.monotonic() + 20
    while not caplog.records and time.monotonic() < end:
        time.sleep(0.01)
    assert any("maskinkode" in one.message for one in caplog.records)


@pytest.mark.parametrize(("rows", "cells", "parts"), [(100, 1, 1), (50_000, 10, 2), (50_000, 40_000, 1)])
def test_halves_cover_every_row_once_and_do_not_depend_on_the_machine(rows: int, cells: int, parts: int) -> None:
    seen = halves(rows, cells, lambda low, high: (low, high))
    assert len(seen) == parts
    assert seen[0][0] == 0
    assert seen[-1][1] == rows
    assert all(one[1] == other[0] for one, other in pairwise(seen))
