"""A last period of which only a part is seen: whoever is at risk in it ends, its hazard is far from the others'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav


@pytest.mark.parametrize("link", ["logit", "cloglog"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_thin_period_is_neither_overshot_nor_lets_the_others_run_away(seed: int, link: str) -> None:
    """Seed 1 made Newton step to log odds of 20 in that period and then of a hundred million."""
    roll = np.random.default_rng(seed)
    x = roll.normal(size=(2_000, 3))
    until = np.ceil(roll.exponential(size=len(x)) * 400 / np.exp(x @ [-0.3, 0.1, 0.3])).clip(1, 1_000)
    closed = roll.integers(1, 1_001, len(x))
    ending = ((until <= closed) & (until < 1_000)) * roll.integers(1, 4, len(x))
    frame = pd.DataFrame(x, columns=["a", "b", "c"]).assign(time=np.minimum(until, closed), ending=ending)
    cohort = nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job", 2: "no_show", 3: "other"}, outcome="job"
    )
    found = cohort.discrete_hazard(["a", "b", "c"], period=365.25 / 12, link=link)
    smooth = cohort.discrete_hazard(["a", "b", "c"], period=365.25 / 12, link=link, baseline=nav.Number("period"))
    assert np.isfinite(found.hazards["estimate"]).all()
    for model in (found, smooth):
        table = model.table.set_index("term").loc[["a", "b", "c"]]
        assert (np.abs(table["estimate"] - [-0.3, 0.1, 0.3]) < 4 * table["std_error"]).all()
