"""Estimating equations with a working correlation equal R's, written there with every matrix in full.

``frozen/make_gee.R`` wrote the numbers in base R from the 656 simulated persons: people of an office who are alike, and
rows of a person in months with gaps, by person and by office.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import FOLDER, oracle
from scipy import stats

import navoutcomes as nav

R: dict[str, Any] = json.loads((FOLDER / "r_gee.json").read_text(encoding="utf-8"))
MONTHS = np.array([0, 1, 3, 4, 7])
LONG = [key for key in R if "person" in key]
KINDS = ("model", "cr0", "cr2", "cr3")


@cache
def long() -> pd.DataFrame:
    """Two to five months of each of the first 240, and what was seen in each: made up by counting, as in R."""
    first = oracle().iloc[:240]
    times = 2 + first["id"].to_numpy() % 4
    frame = first.loc[first.index.repeat(times)].reset_index(drop=True)
    frame["month"] = np.concatenate([MONTHS[:k] for k in times])
    turn = (frame["t"] * 7 + frame["month"] * 11 + frame["age"] * 3 + 5 * frame["id"]) % 13
    frame["worked"] = (turn + frame["fem"] > 7).astype(int)
    # Rows in any order: the follow-up's own times say which comes first.
    return frame.assign(begin=frame["month"], end=frame["month"] + 1.0, status=0).sample(frac=1, random_state=3)


def people(key: str) -> nav.Cohort:
    how: dict[str, Any] = {"endings": {0: None, 1: "j", 2: "x", 3: "o"}, "outcome": "j"}
    if key in LONG:
        if key == "office_of_person":
            how |= {"cluster": "office", "weight": "w"}
        return nav.Cohort.from_frame(long(), "end", "status", entry="begin", person="id", **how)
    frame = oracle().assign(job=lambda one: (one["ev"] == 1).astype(int))
    weight = "w" if key.endswith("weights") else None
    return nav.Cohort.from_frame(frame, "t", "ev", cluster="office", weight=weight, **how)


@cache
def asked(key: str, errors: str | None) -> nav.MarginalRegression:
    link = next((one for one in ("log", "identity") if key == f"office_{one}"), "logit")
    column = "worked" if key in LONG else "job" if link == "logit" else "t"
    terms = ["arm", "fem", "month"] if key in LONG else ["arm", "age", "fem"]
    correlation = "ar1" if key in LONG and "exchangeable" not in key else "exchangeable"
    return people(key).gee(column, terms, link, correlation, errors=errors)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", list(R))
def test_estimates_and_their_errors_equal_r(key: str, kind: str) -> None:
    found = asked(key, kind)
    # R's search for the decay of the correlation stops at 1e-8 of it.
    tolerance = 2e-7 if found.correlation == "ar1" else 1e-9
    np.testing.assert_allclose(found.table["estimate"], R[key]["coef"], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(found.table["std_error"], R[key][kind], rtol=tolerance)
    assert found.alpha == pytest.approx(R[key]["alpha"], rel=1e-6 if found.correlation == "ar1" else 1e-10)
    assert found.scale == pytest.approx(R[key]["scale"], rel=tolerance)


@pytest.mark.parametrize(("kind", "key_df"), [("cr2", "df2"), ("cr3", "df3"), (None, "df2")])
@pytest.mark.parametrize("key", list(R))
def test_degrees_of_freedom_equal_sums_over_all_pairs_of_clusters(key: str, kind: str | None, key_df: str) -> None:
    """And the default is CR2."""
    table, df = asked(key, kind).table, np.array(R[key][key_df])
    reach = stats.t.ppf(0.975, df) * table["std_error"]
    np.testing.assert_allclose(table["conf_high"] - table["estimate"], reach, rtol=1e-6)
    np.testing.assert_allclose(table["p_value"], 2 * stats.t.sf(np.abs(table["statistic"]), df), rtol=1e-5)
