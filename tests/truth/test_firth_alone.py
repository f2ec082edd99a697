"""One person alone with a trait, on paper: Firth's odds are those with half a person more on every side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav


@pytest.mark.parametrize(("others", "ended"), [(119, 76), (59, 30), (29, 11), (120, 1), (5, 2)])
def test_a_trait_of_one_person(others: int, ended: int) -> None:
    """The steps went to and fro for ever: the penalty bends the likelihood of one person as much as the person does."""
    rows = pd.DataFrame({"time": 1.0, "ending": [1] + [1] * ended + [2] * (others - ended)})
    rows["alone"] = (np.arange(others + 1) == 0).astype(float)
    people = nav.Cohort.from_frame(rows, "time", "ending", endings={1: "job", 2: "other"}, outcome="job")
    table = people.logistic(["alone"], penalty="firth").table.set_index("term")
    odds = (ended + 0.5) / (others - ended + 0.5)
    assert table.loc["alone", "estimate"] == pytest.approx(np.log(3 / odds), rel=1e-9)
    assert table.loc["(intercept)", "estimate"] == pytest.approx(np.log(odds), rel=1e-9)
    assert np.isfinite(table[["conf_low", "conf_high"]]).all().all()
