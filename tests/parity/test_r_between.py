"""Endings between two times, and before one: R's ``survreg`` on interval-censored and left-censored data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference_files import FOLDER, MISSING, numbers, raw, same

import navoutcomes as nav
from navoutcomes.estimate.regression.parametric_models import asked, climbed, followed
from navoutcomes.estimate.regression.sample import sample

pytestmark = [] if FOLDER else [MISSING]
WITH_TERMS = {"weibull": "weibull", "lognormal": "log-normal"}
ALONE = {"weibull0": "weibull", "loglogistic0": "log-logistic"}
CLOSE = 1e-6


def diabetics() -> nav.Cohort:
    """Years until kidney damage, found at a visit: some are known to the year, some between two visits."""
    frame = pd.read_csv(Path(str(FOLDER), "data", "ll_interval_diabetes.csv"))
    frame["male"] = (frame["gender"] == "male").astype(float)
    return nav.Cohort.from_frame(
        frame.assign(ending=1), "right", "ending", endings={1: "damage"}, outcome="damage", unit="years"
    )


def equal(found: nav.ParametricRegression, theirs: dict[str, Any], order: list[str]) -> None:
    table = found.table.set_index("term").loc[order]
    same(table["estimate"], theirs["estimate"], CLOSE)
    same(table["std_error"], theirs["se"], CLOSE)
    same(table["statistic"], theirs["z"], 1e-5)
    np.testing.assert_allclose(table["p_value"], numbers(theirs["p"]), rtol=1e-4)
    same(found.covariance.loc[order, order], theirs["vcov"], CLOSE)
    same(np.exp(found.coefficients["log scale"]), theirs["scale"], CLOSE)


@pytest.mark.parametrize("key", WITH_TERMS)
def test_interval_diabetes(key: str) -> None:
    theirs = raw("interval_diabetes")["results"][key]
    found = diabetics().parametric(["male"], WITH_TERMS[key], last_seen="left")
    equal(found, theirs, ["intercept", "male", "log scale"])
    same([found.log_likelihood, found.null_log_likelihood], [theirs["loglik"], theirs["loglik_null"]], 1e-9)
    same(found.aic, theirs["aic"], 1e-9)
    assert found.events == theirs["n"]


@pytest.mark.parametrize("key", ALONE)
def test_interval_diabetes_without_terms(key: str) -> None:
    theirs = raw("interval_diabetes")["results"][key]
    people = diabetics()
    since = np.where(people.column("left") < people.array("time"), people.column("left"), np.nan)
    event = np.ones(len(since), dtype=bool)
    rows = followed(sample(people), np.empty((len(since), 0)), event, since)
    top = climbed(asked(ALONE[key], None, None, None, rows), rows)
    same(top.at, theirs["estimate"], CLOSE)
    same(np.sqrt(np.diag(np.linalg.inv(top.information))), theirs["se"], CLOSE)
    same(top.log_likelihood, theirs["loglik"], 1e-9)


def test_aft_tobin_is_a_logarithm_of_a_time() -> None:
    """Tobin's spending is normal and hidden below 0: exp of it is a log-normal time that is hidden before 1."""
    theirs = raw("aft_tobin")["results"]["tobit"]
    frame = pd.read_csv(Path(str(FOLDER), "data", "tobin.csv"))
    frame = frame.assign(time=np.exp(frame["durable"]), seen=np.where(frame["durable"] > 0, np.nan, 0.0), ending=1)
    people = nav.Cohort.from_frame(frame, "time", "ending", endings={1: "bought"}, outcome="bought")
    found = people.parametric(["age", "quant"], "log-normal", last_seen="seen")
    equal(found, theirs, ["intercept", "age", "quant", "log scale"])
    # A density of the time is one of its logarithm over the time.
    turned = float(frame["durable"].sum())
    same(found.log_likelihood + turned, theirs["loglik"], 1e-9)
    same(found.null_log_likelihood + turned, theirs["loglik_null"], 1e-9)
    same(found.aic - 2 * turned, theirs["aic"], 1e-9)
