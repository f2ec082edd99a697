"""Models with a distribution of time against R: ``survreg``, Poisson's ``glm`` on pieces, likelihoods climbed in R."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import FOLDER as FROZEN
from frozen_numbers import oracle
from reference_files import FOLDER, numbers, over, raw, same

import navoutcomes as nav

R: dict[str, Any] = json.loads((FROZEN / "r_parametric.json").read_text(encoding="utf-8"))
TERMS = ["arm", "age", "fem"]
NAMES = {
    "exponential": "exponential",
    "weibull": "weibull",
    "lognormal": "log-normal",
    "loglogistic": "log-logistic",
    "gengamma": "generalised gamma",
    "piecewise": "piecewise exponential",
    "spline": "spline",
}
ITERATED = 1e-6
# Left-censored: see test_r_between.py.
LEFT_CENSORED = "aft_tobin"


@cache
def people(entry: bool, weights: bool, offices: bool) -> nav.Cohort:
    return nav.Cohort.from_frame(
        oracle(),
        "t",
        "d",
        endings={0: None, 1: "left"},
        outcome="left",
        entry="entry" if entry else None,
        weight="w" if weights else None,
        cluster="office" if offices else None,
        unit="weeks",
    )


def model(key: str, errors: str | None = None) -> nav.ParametricRegression:
    """The model of a key such as ``weibull_entry_weights``."""
    one = people("entry" in key, "weights" in key, "offices" in key)
    name = NAMES[key.split("_")[0]]
    how: dict[str, Any] = {"spline": {"knots": (4, 12)}, "piecewise exponential": {"cuts": (4, 10, 20)}}.get(name, {})
    return one.parametric(TERMS, name, errors=errors, **how)


@pytest.mark.parametrize("key", R["survreg"])
def test_the_656_equal_survreg(key: str) -> None:
    theirs = R["survreg"][key]
    errors = "lin-wei" if "offices" in key else "robust" if "robust" in key else "model"
    found = model(key, errors)
    same(found.table["estimate"], theirs["estimate"], ITERATED)
    same(found.table["std_error"], theirs["std_error"], ITERATED)
    same([found.null_log_likelihood, found.log_likelihood], theirs["log_likelihood"], 1e-9)


@pytest.mark.parametrize("key", R["climbed"])
def test_late_entry_gamma_and_spline_equal_likelihoods_climbed_in_r(key: str) -> None:
    """R's climbers stop short: our top is as high or higher, and the place is the same to what they reach."""
    theirs, found = R["climbed"][key], model(key)
    same(found.table["estimate"], theirs["estimate"], 2e-4)
    same(found.log_likelihood, theirs["log_likelihood"], 1e-8)
    assert found.log_likelihood >= theirs["log_likelihood"] - 1e-9


@pytest.mark.parametrize("key", R["pieces"])
def test_pieces_equal_poissons_model(key: str) -> None:
    theirs, found = R["pieces"][key], model(key, "model")
    same(found.table["estimate"], theirs["estimate"], ITERATED)
    same(found.table["std_error"], theirs["std_error"], ITERATED)


@pytest.mark.parametrize("key", R["survreg_wrong"])
def test_robust_errors_with_weights_are_wrong_in_r_and_right_here(key: str) -> None:
    """R 3.5-3 leaves the weights out of the scores it squares: 0.081 where everybody's own derivative gives 0.121."""
    theirs, found = R["survreg_wrong"][key], model(key)
    same(found.table["estimate"], theirs["estimate"], ITERATED)
    assert (found.table["std_error"] > 1.3 * numbers(theirs["std_error"])).sum() >= 3
    if key == "weibull_weights":
        assert found.table["std_error"].iloc[0] == pytest.approx(0.121, abs=6e-4)
        assert theirs["std_error"][0] == pytest.approx(0.081, abs=6e-4)


@cache
def _frame(name: str) -> pd.DataFrame:
    """The data as R's script prepared them."""
    frame = pd.read_csv(Path(str(FOLDER), raw(name)["dataset_csv"]))
    if name == "aft_melanoma":
        frame["dead"] = (frame["status"] > 0).astype(int)
    if name == "aft_pharmacoSmoking":
        frame["t2"] = np.where(frame["ttr"] == 0, 0.5, frame["ttr"])
    if name == "aft_unemployment_romeo":
        frame = frame[frame["duration"] > 0]
    return frame


def _own(name: str, fit: dict[str, Any]) -> tuple[nav.Cohort, list[str], str | None]:
    """The people, the columns of R's model matrix under R's names, and the column of the strata."""
    frame = _frame(name).copy()
    left, right = fit["formula"].split("~")
    time, event = (part.strip() for part in left.strip()[5:-1].split(","))
    strata = right.split("strata(")[1].rstrip(")") if "strata(" in right else None
    columns = [part.strip() for part in right.split("+") if "strata" not in part]
    frame = frame.dropna(subset=[time, event, *columns])
    assert len(frame) == fit["n"]
    for column in columns:
        for level in frame[column].unique():
            if f"{column}{level}" in fit["terms"]:
                frame[f"{column}{level}"] = (frame[column] == level).astype(float)
    endings = {1: None, 2: "end"} if set(frame[event]) == {1, 2} else {0: None, 1: "end"}
    frame = frame.rename(columns={strata: "stratum"}) if strata else frame
    one = nav.Cohort.from_frame(frame, time, event, endings=endings, outcome="end")
    return one, [term for term in fit["terms"] if term in frame and term != "stratum"], "stratum" if strata else None


def _fits(name: str) -> Iterator[tuple[str]]:
    for key, fit in raw(name)["results"].items():
        if isinstance(fit, dict) and name != LEFT_CENSORED:
            yield (key,)


@cache
def _fitted(name: str, key: str) -> tuple[nav.ParametricRegression, dict[str, Any], list[str], str | None]:
    fit = raw(name)["results"][key]
    one, terms, strata = _own(name, fit)
    return one.parametric(terms, NAMES[fit["dist"]], strata=strata), fit, terms, strata


@over("aft", "name key", _fits)
def test_every_file_equals_survreg(name: str, key: str) -> None:
    found, fit, terms, strata = _fitted(name, key)
    scales = [f"log scale, {one}" for one in fit["terms"][1 + len(terms) :]] if strata else ["log scale"]
    order = ["intercept", *terms, *(scales if fit["dist"] != "exponential" else [])]
    table = found.table.set_index("term").loc[order]
    assert len(table) == len(found.table)
    for column, theirs in (("estimate", "estimate"), ("std_error", "se"), ("statistic", "z")):
        same(table[column], fit[theirs], ITERATED if column != "statistic" else 1e-5)
    np.testing.assert_allclose(table["p_value"], numbers(fit["p"]), rtol=1e-4)
    if fit["dist"] != "exponential":
        same(np.exp(table["estimate"].to_numpy()[1 + len(terms) :]), np.atleast_1d(fit["scale"]), ITERATED)
    same(found.covariance.loc[order, order], fit["vcov"], ITERATED)
    same([found.log_likelihood, found.null_log_likelihood], [fit["loglik"], fit["loglik_null"]], 1e-8)
    same(found.aic, fit["aic"], 1e-8)


def _quantiles(name: str) -> Iterator[tuple[str]]:
    for key, fit in raw(name)["results"].items():
        if isinstance(fit, dict) and "predicted_quantiles" in fit:
            yield (key,)


@over("aft", "name key", _quantiles)
def test_predicted_times_equal_those_of_survreg(name: str, key: str) -> None:
    found, fit, terms, _ = _fitted(name, key)
    theirs = fit["predicted_quantiles"]
    rows = [
        {
            term: next(_value(term, column, value) for column, value in one.items() if term.startswith(column))
            for term in terms
        }
        for one in theirs["profile"]
    ]
    table = nav.predict_times(found, pd.DataFrame(rows), shares=theirs["p"]).table
    for column, key_ in (("estimate", "q"), ("std_error", "se")):
        same(table[column].to_numpy().reshape(len(rows), -1).T.ravel(), numbers(theirs[key_]), 2e-6)


def _value(term: str, column: str, value: Any) -> float:
    return float(value) if term == column else float(term == f"{column}{value}")


def _shapes(name: str) -> list[tuple[()]]:
    return [()] if "shape" in raw(name)["results"] else []


@over("aft", "name", _shapes)
def test_shape_and_scale_of_the_weibull_curve(name: str) -> None:
    theirs = raw(name)["results"]
    frame = _frame(name)
    one = nav.Cohort.from_frame(frame, "recyrs", "censrec", endings={0: None, 1: "end"}, outcome="end")
    found = one.parametric([nav.Category("group", reference="Good")])
    numbers_ = found.coefficients
    same(np.exp(-numbers_["log scale"]), theirs["shape"], ITERATED)
    same(np.exp(numbers_["intercept"]), theirs["scale"], ITERATED)
    same(numbers_[["group: Medium", "group: Poor"]], theirs["coef"], ITERATED)
    same(found.log_likelihood, theirs["loglik"], 1e-9)
