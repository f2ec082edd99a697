"""A last period in which nearly everybody at risk ends: far from the others' hazard, and neither overshot nor dropped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

import navoutcomes as nav


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_a_period_far_from_the_others_keeps_its_own_hazard(link: str) -> None:
    roll = np.random.default_rng(3)
    size = 4_000
    time = np.minimum(roll.geometric(0.02, size), 30)
    x = roll.normal(size=size)
    ending = np.where(time < 30, 1, 0)
    last = np.flatnonzero(time == 30)
    # Those who are left come to one more period: nine in ten of them end there.
    time[last], ending[last] = 31, np.where(roll.random(len(last)) < 0.9, 1, 2)
    frame = pd.DataFrame({"time": time, "ending": ending, "x": x})
    cohort = nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job", 2: "other"}, outcome="job", unit="months"
    )
    found = cohort.discrete_hazard(["x"], link=link)
    hazards = found.hazards.set_index("time")["estimate"]
    observed = (ending[last] == 1).mean()
    shape = special.logit(observed) if link == "logit" else np.log(-np.log1p(-observed))
    assert hazards.iloc[-1] == pytest.approx(shape, abs=0.1) or hazards.iloc[-1] == pytest.approx(observed, abs=0.03)
    assert abs(found.table["estimate"].iloc[0]) < 0.1
