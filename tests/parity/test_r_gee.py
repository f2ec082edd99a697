"""Six Cities' children and Petersen's firms: geepack's working correlations, and errors crossed by firm and year.

R's ``geepack`` stops when its steps are below 1e-4, before the last digits of exchangeable and ar1 have settled: with
the equations solved on, ours are within 1e-7 and 1e-5 of its numbers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference_files import FOLDER, MISSING, raw, same
from scipy import stats

import navoutcomes as nav

if FOLDER is None:
    pytestmark = MISSING
# R's name -> (correlation, terms, tolerance)
AGE, SMOKE = nav.Number("age"), nav.Number("smoke")
CHILDREN = {
    "ind": ("independence", (AGE, SMOKE), 1e-12),
    "exch": ("exchangeable", (AGE, SMOKE), 1e-7),
    "exch_inter": ("exchangeable", (AGE, SMOKE, nav.Interaction(AGE, SMOKE)), 1e-9),
    "ar1": ("ar1", (AGE, SMOKE), 1e-5),
}


@cache
def children() -> nav.Cohort:
    """Four years of each child."""
    frame = pd.read_csv(Path(str(FOLDER), "data/ohio.csv"))
    frame = frame.assign(begin=frame["age"] + 2, end=frame["age"] + 3, status=0)
    return nav.Cohort.from_frame(
        frame, "end", "status", endings={0: None, 1: "left"}, outcome="left", entry="begin", person="id", unit="years"
    )


@cache
def firms() -> nav.Cohort:
    """Ten years of each firm."""
    frame = pd.read_csv(Path(str(FOLDER), "data/PetersenCL.csv"))
    frame = frame.assign(begin=frame["year"] - 1, end=frame["year"], status=0)
    return nav.Cohort.from_frame(
        frame, "end", "status", endings={0: None, 1: "left"}, outcome="left", entry="begin", person="firm", unit="years"
    )


@pytest.mark.parametrize("name", list(CHILDREN))
def test_geepack(name: str) -> None:
    correlation, terms, tolerance = CHILDREN[name]
    stored = raw("glm_gee_ohio")["results"][name]
    found = children().gee("resp", terms, correlation=correlation, errors="cr0")
    same(found.table["estimate"], stored["coef"], tolerance)
    same(found.table["std_error"], stored["se_robust"], tolerance)
    same(found.table["statistic"] ** 2, stored["wald"], 1e4 * tolerance)
    same(stats.chi2.sf(found.table["statistic"] ** 2, 1), stored["p"], 10 * tolerance)
    same(found.scale, stored["scale"], tolerance)
    if stored["alpha"] is not None:
        same(found.alpha, stored["alpha"], 2 * tolerance)
    naive = children().gee("resp", terms, correlation=correlation, errors="model").covariance
    same(naive, stored["naive_var"], tolerance)
    assert found.clusters == stored["n_clusters"]


def by(errors: str, crossed: str | None) -> np.ndarray:
    found = firms().gee("y", ["x"], "identity", "independence", crossed_with=crossed, errors=errors)
    return found.table["std_error"].to_numpy()


def test_errors_crossed_by_firm_and_year_equal_vcov_cl() -> None:
    """``twoway_default`` corrects each of the three parts for its own number of clusters, as we do; ``twoway_HC1``
    leaves the cells of one row, which have no cluster, uncorrected."""
    stored = raw("glm_petersen")["results"]
    same(by("cr1", "year"), stored["twoway_default"], 1e-9)
    firm, white = by("cr0", None) ** 2, np.array(stored["ols"]["se_HC0"]) ** 2
    year = by("cr0", "year") ** 2 - firm + white
    rows = 4999 / 4998
    same(np.sqrt(rows * 10 / 9 * year), stored["year"], 1e-9)
    same(np.sqrt(rows * (500 / 499 * firm + 10 / 9 * year) - white), stored["twoway_HC1"], 1e-9)


def test_published_errors_of_petersen() -> None:
    """Petersen 2009: by firm .0670 and .0506, by firm and year .0651 and .0536."""
    assert by("cr0", None) == pytest.approx([0.0669, 0.0505], abs=5e-5)
    assert by("cr1", "year") == pytest.approx([0.0651, 0.0536], abs=5e-5)
