"""Odds, rates and hazards by period equal R's ``glm`` gone on with until nothing moves: ties, entry, weights, offices.

``frozen/make_glm.R`` wrote the numbers, with sandwiches in full matrices (no package of R's). Rossi's data ship with
lifelines: the numbers of R on them are copied here.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import ENDINGS, FOLDER, oracle
from lifelines.datasets import load_rossi
from scipy import stats

import navoutcomes as nav
from navoutcomes.estimate.regression.regression import Regression
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import KINDS, covariance
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.rates import exact

R: dict[str, Any] = json.loads((FOLDER / "r_glm.json").read_text(encoding="utf-8"))
TERMS = ["arm", "age", "fem"]
BY_CLUSTER = ("cr0", "cr1", "cr2")
WEEK = nav.Number("week")


@cache
def cohort(weights: bool, ended_only: bool, offices: bool = True) -> nav.Cohort:
    frame = oracle()
    frame = frame[frame["ev"] > 0].assign(entry=0.0) if ended_only else frame
    return nav.Cohort.from_frame(
        frame,
        time="t",
        ending="ev",
        endings=ENDINGS,
        outcome="j",
        entry=None if ended_only else "entry",
        weight="w" if weights else None,
        cluster="office" if offices else None,
        unit="weeks",
    )


def asked(model: str, errors: str) -> Regression:
    """The model of a key, with the errors asked for."""
    weights = model.endswith("weights")
    people = cohort(weights, model.startswith("logistic"), errors not in ("hc0", "hc1", "hc2", "hc3"))
    if model.startswith("logistic"):
        return people.logistic(TERMS, errors=errors)
    if model.startswith("poisson"):
        return people.poisson(TERMS, errors=errors, bands=(10, 20) if "bands" in model else None)
    link = "logit" if model.startswith("logit") else "cloglog"
    if "week_" in model or model.endswith("week"):
        return people.discrete_hazard(TERMS, link=link, baseline=WEEK, errors=errors)
    crossed = [nav.Interaction(nav.Number("arm"), nav.Number("period"))] if "varying" in model else []
    return people.discrete_hazard([*TERMS, *crossed], link=link, period=4, errors=errors)


def in_order(model: str, found: Regression) -> pd.DataFrame:
    """Rows in R's order: it puts the week before the traits, and has rows for the periods."""
    table = found.table.set_index("term")
    return table.loc[["(intercept)", "week", *TERMS]] if "week" in table.index else table


def cases() -> list[tuple[str, str]]:
    by_person = [key for key in R if not key.startswith(("poisson_bands", "logit_", "cloglog"))]
    return [(model, kind) for model in R for kind in KINDS if kind in ("model", *BY_CLUSTER) or model in by_person]


@pytest.mark.parametrize(("model", "kind"), cases())
def test_standard_errors_equal_r(model: str, kind: str) -> None:
    stored, found = R[model], asked(model, kind)
    table = in_order(model, found)
    theirs = {name: np.array(stored[name])[-len(table) :] for name in ("coef", kind)}
    np.testing.assert_allclose(table["estimate"], theirs["coef"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(table["std_error"], theirs[kind], rtol=1e-8)


@pytest.mark.parametrize("model", [key for key in R if "poisson" not in key])
def test_likelihoods_equal_r(model: str) -> None:
    assert -2 * asked(model, "cr1").log_likelihood == pytest.approx(R[model]["deviance"], rel=1e-10)


@pytest.mark.parametrize("model", list(R))
def test_degrees_of_freedom_equal_sums_over_all_pairs_of_offices(model: str) -> None:
    """Ours come from sums by office; R's file from a matrix of all rows by all rows. Shown by the interval."""
    table = in_order(model, asked(model, "cr2"))
    df = np.array(R[model]["df"])[-len(table) :]
    reach = stats.t.ppf(0.975, df) * table["std_error"]
    np.testing.assert_allclose(table["conf_high"] - table["estimate"], reach, rtol=1e-7)
    np.testing.assert_allclose(table["p_value"], 2 * stats.t.sf(np.abs(table["statistic"]), df), rtol=1e-6)


@pytest.mark.parametrize("model", ["logistic", "logistic_weights", "poisson", "poisson_weights"])
def test_offices_are_the_default(model: str) -> None:
    """Corrected for few offices, with Satterthwaite's degrees of freedom, also with weights."""
    people = cohort(model.endswith("weights"), model.startswith("logistic"))
    found = people.logistic(TERMS) if model.startswith("logistic") else people.poisson(TERMS)
    pd.testing.assert_frame_equal(found.table, asked(model, "cr2").table)


def test_offices_are_the_default_for_hazards() -> None:
    found = cohort(True, False).discrete_hazard(TERMS, link="logit", baseline=WEEK)
    pd.testing.assert_frame_equal(found.table, asked("logit_week_weights", "cr2").table)


# R's numbers on Rossi's data, which lifelines carries.
ROSSI = {
    "logit": {
        "coef": [0.3428887773668067, -0.4372828258916793, -0.06742163062233963, 0.35385610073926016,
                 -0.1523641286915225, -0.4901521357103882, -0.08814596772035231, 0.10136255981933692],
        "hc3": [0.7496048813566356, 0.2345569006945692, 0.027496754121874554, 0.3638796212902801,
                0.26225441077053546, 0.4417690285371622, 0.23978103582369267, 0.03716094749373532],
        "profile": [[-0.9802045369160238, 1.6975018059062892], [-0.888975542824179, 0.008447240084237483]],
        "loglik": -233.68451746012155,
    },
    "logit_lin": {
        "coef": [-4.202995445626744, -0.35015625377815507, -0.06723295258599334, 0.09734610559465987,
                 0.018065590989851686],
        "loglik": -683.8758218777251,
        "cr0": [0.5247324562860837, 0.1922859289647589, 0.023569035276984816, 0.027220019896260498,
                0.0061780812138134515],
    },
    "cloglog": {
        "coef": [-4.206653287878675, -0.3490440400532074, -0.0671184163591956, 0.09700811463035679,
                 0.017998418609922726],
        "loglik": -683.8629789643178,
    },
}  # fmt: skip


@cache
def rossi() -> nav.Cohort:
    return nav.Cohort.from_frame(
        load_rossi(), "week", "arrest", endings={0: None, 1: "arrest"}, outcome="arrest", unit="weeks"
    )


def test_logistic_regression_equals_r_on_rossi() -> None:
    found = rossi().logistic(["fin", "age", "race", "wexp", "mar", "paro", "prio"], at=52)
    np.testing.assert_allclose(found.table["estimate"], ROSSI["logit"]["coef"], atol=1e-7)
    np.testing.assert_allclose(found.table["std_error"], ROSSI["logit"]["hc3"], atol=1e-5)
    assert found.log_likelihood == pytest.approx(ROSSI["logit"]["loglik"], rel=1e-10)
    assert (found.persons, found.events) == (432, 114)


@pytest.mark.parametrize("model", ["logit_lin", "cloglog"])
def test_hazards_by_week_equal_r_on_rossi(model: str) -> None:
    link = "logit" if model == "logit_lin" else "cloglog"
    found = rossi().discrete_hazard(["fin", "age", "prio"], link=link, baseline=WEEK)
    table = found.table.set_index("term").loc[["(intercept)", "fin", "age", "prio", "week"]]
    np.testing.assert_allclose(table["estimate"], ROSSI[model]["coef"], atol=1e-6)
    assert found.log_likelihood == pytest.approx(ROSSI[model]["loglik"], rel=1e-9)
    assert found.person_periods == 19_809
    if "cr0" in ROSSI[model]:
        robust = rossi().discrete_hazard(["fin", "age", "prio"], link=link, baseline=WEEK, errors="cr0").table
        robust = robust.set_index("term").loc[table.index]
        np.testing.assert_allclose(robust["std_error"], ROSSI[model]["cr0"], atol=1e-5)


def test_rates_of_events_equal_published_limits() -> None:
    """Garwood's limits as printed in tables of the Poisson distribution (Ulm 1990): 0, 1, 5, 10 events."""
    for events, low, high in ((0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)):
        np.testing.assert_allclose(exact(events, 1.0, 0.95), (low, high), atol=5e-4)


def test_the_arithmetic_takes_numbers_of_any_kind() -> None:
    """Least squares with clusters: Petersen's published test data are not ours to keep; made data in full matrices."""
    rng = np.random.default_rng(5)
    n, clusters = 60, 8
    codes = rng.integers(0, clusters, n)
    x = rng.normal(size=(n, 2))
    y = x @ [1.0, -0.5] + rng.normal(size=clusters)[codes] + rng.normal(size=n)
    data = Observations(x, y)
    made = covariance(data, fit(data, "identity"), "cr2", codes)
    full = np.column_stack([np.ones(n), x])
    inverse = np.linalg.inv(full.T @ full)
    hat = full @ inverse @ full.T
    rest = y - hat @ y
    meat, pulled = np.zeros((3, 3)), np.zeros((clusters, n, 3))
    for g in range(clusters):
        rows = np.flatnonzero(codes == g)
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - hat[np.ix_(rows, rows)])
        root = (vectors / np.sqrt(values)) @ vectors.T
        score = full[rows].T @ root @ rest[rows]
        meat += np.outer(score, score)
        pulled[g] = (np.eye(n) - hat)[:, rows] @ root @ full[rows] @ inverse
    np.testing.assert_allclose(made.matrix, inverse @ meat @ inverse, rtol=1e-9)
    for k in range(3):
        products = pulled[:, :, k] @ pulled[:, :, k].T
        assert made.df[k] == pytest.approx(np.trace(products) ** 2 / (products**2).sum(), rel=1e-9)
