"""Odds ratios, risk ratios and averaged differences equal R's (``glm``, ``sandwich``) on Rossi's data, which ship with
lifelines: their numbers are copied here. Firth's are held against R where ``NAVOUTCOMES_REFERENCE`` names a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_rossi
from reference_files import FOLDER, MISSING, raw

import navoutcomes as nav

TERMS = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
LOG_ODDS = [
    -0.4372828258916793, -0.06742163062233963, 0.35385610073926016, -0.1523641286915225, -0.4901521357103882,
    -0.08814596772035231, 0.10136255981933692,
]  # fmt: skip
AVERAGED = (-0.07916277796402126, 0.041063056359071794)
LOG_RISK = [-0.28506556620801776, -0.06297988136389378]
HC0, HC3 = [0.1612852697404824, 0.0199079669249922], [0.16242001531252376, 0.020138101065441512]


def prisoners() -> nav.Cohort:
    frame = load_rossi()
    frame["ending"] = np.where(frame["arrest"] == 1, "no_show", "job")
    endings = {"job": "job", "no_show": "no_show"}
    return nav.Cohort.from_frame(frame, "week", "ending", endings=endings, outcome="job")


def rows(found: nav.Dropout, measure: str) -> pd.DataFrame:
    table = found.table
    return table[table["measure"] == measure].set_index("term")


def test_odds_ratios_equal_r() -> None:
    found = rows(prisoners().dropout(TERMS), "odds ratio")
    np.testing.assert_allclose(np.log(found["estimate"]), LOG_ODDS, rtol=1e-6)


def test_the_averaged_difference_of_a_trait_equals_r() -> None:
    """R's average marginal effect of a factor, delta method, people as they are."""
    row = rows(prisoners().dropout(TERMS, errors="model"), "risk difference").loc["fin"]
    np.testing.assert_allclose([row["estimate"], row["std_error"]], AVERAGED, rtol=1e-5)


@pytest.mark.parametrize(("errors", "theirs"), [("hc0", HC0), ("model", HC0), ("hc3", HC3), (None, HC3)])
def test_modified_poisson_equals_r(errors: str | None, theirs: list[float]) -> None:
    found = rows(prisoners().dropout(["fin", "age"], errors=errors), "risk ratio")
    np.testing.assert_allclose(np.log(found["estimate"]), LOG_RISK, rtol=1e-6)
    np.testing.assert_allclose(found["std_error"], theirs, rtol=1e-5)


@pytest.mark.skipif(FOLDER is None, reason=MISSING.kwargs["reason"])
def test_firths_estimates_equal_r() -> None:
    stored = raw("glm_firth_sex2")
    theirs, frame = stored["results"]["firth"], pd.read_csv(Path(str(FOLDER), stored["dataset_csv"]))
    frame = frame.assign(ending=np.where(frame["case"] == 1, "no_show", "job"), time=1.0)
    endings = {"job": "job", "no_show": "no_show"}
    cohort = nav.Cohort.from_frame(frame, "time", "ending", endings=endings, outcome="job")
    terms = theirs["terms"][1:]
    found = rows(cohort.dropout(terms, penalty="firth"), "odds ratio").loc[terms]
    np.testing.assert_allclose(np.log(found["estimate"]), theirs["coef"][1:], rtol=1e-5)
    np.testing.assert_allclose(found["std_error"], theirs["se"][1:], rtol=1e-5)
