"""Generalised linear models, least squares, sandwiches, Firth's penalty and rates equal R, quantity by quantity.

R stops when the deviance has settled to 1e-8, and prints standard errors from the weights of the step before: its
coefficients are right to about 1e-5 and its standard errors sometimes only to 1e-4. ``test_r_printed_the_step_before``
repeats R's own steps and gets R's own standard errors, so that the difference is explained and not only allowed.
Errors by two kinds of clusters are in ``test_r_gee.py``, average differences in ``test_r_means.py``. Not reproduced:
Newey-West and panel errors, which belong to series, and log-binomial models.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference_files import FOLDER, MISSING, raw, same
from scipy import special, stats

import navoutcomes as nav
from navoutcomes.maths.generalised.firth import profiled
from navoutcomes.maths.generalised.glm import Fit, fit
from navoutcomes.maths.generalised.glm_errors import covariance
from navoutcomes.maths.generalised.glm_links import deviance, pearson
from navoutcomes.maths.generalised.glm_rows import Observations

# file -> model -> (response, link). The rest of a file's results are named in ELSEWHERE.
MODELS: dict[str, dict[str, tuple[str, str]]] = {
    "glm_rossi_logit": {
        "logit": ("arrest", "logit"),
        "probit": ("arrest", "probit"),
        "cloglog": ("arrest", "cloglog"),
        "rd_lpm": ("arrest", "identity"),
        "rr_poisson": ("arrest", "log"),
    },
    "glm_rossi_discrete_time": {"logit_lin": ("arrest.time", "logit"), "cloglog": ("arrest.time", "cloglog")},
    "glm_jtrain2": {
        "lpm": ("unem78", "identity"),
        "lpm_adj": ("unem78", "identity"),
        "re78": ("re78", "identity"),
        "re78_adj": ("re78", "identity"),
        "logit": ("unem78", "logit"),
        "logit_adj": ("unem78", "logit"),
        "probit": ("unem78", "probit"),
    },
    "glm_ate_cd_nsw_mixtape": {"unadjusted": ("re78", "identity"), "adjusted": ("re78", "identity")},
    "glm_ate_daag_nswdemo": {"unadjusted": ("re78", "identity"), "adjusted": ("re78", "identity")},
    "glm_ate_wd_jtrain3": {"unadjusted": ("re78", "identity"), "adjusted": ("re78", "identity")},
    "glm_did_kielmc": {
        "a": ("rprice", "identity"),
        "b": ("rprice", "identity"),
        "c": ("rprice", "identity"),
        "lprice": ("lprice", "identity"),
    },
    "glm_did_lalonde_panel": {"did": ("re", "identity")},
    "glm_its_seatbelts": {"lm_month": ("log_killed", "identity"), "lm_simple": ("DriversKilled", "identity")},
    "glm_lalonde_ipw": {"ps": ("treat", "logit")},
    "glm_petersen": {"ols": ("y", "identity")},
    "pyears_diet": {"poisson": ("event", "log")},
}
CLUSTERS = {"glm_petersen": "firm", "glm_rossi_discrete_time": "id", "glm_did_lalonde_panel": "id"}
ERRORS = {
    "se_model": "model",
    "se_HC0": "hc0",
    "se_HC1": "hc1",
    "se_HC2": "hc2",
    "se_HC3": "hc3",
    "se_cluster_HC0_nocadjust": "cr0",
    "se_cluster_HC1": "cr1",
}
PRINTED = (
    "coef",
    "loglik",
    "aic",
    "bic",
    "n",
    "deviance",
    "null_deviance",
    "pearson_chi2",
    "sigma",
    "r2",
    "profile_ci",
)
QUANTITIES = (*PRINTED, *ERRORS, "p_model", "se_cluster_HC0_cadjust", "n_clusters")
LATER = {"ame", "NW_lag12_noprewhite", "NW_lag12_adjust", "NW_lag1", "NW_lag3", "dw", "bg1", "terms"}


@cache
def frame(name: str) -> pd.DataFrame:
    """The people, with the columns that R's formulas made on the way."""
    found = pd.read_csv(Path(str(FOLDER), raw(name)["dataset_csv"]))
    if name == "glm_rossi_discrete_time":
        found["wk"] = found["stop"]
    if name == "pyears_diet":
        found["event"] = (found["chd"] > 0).astype(int)
    if name == "glm_did_lalonde_panel":
        found = found[found["year"] != found["year"].min()].reset_index(drop=True)
        found["post"] = (found["year"] == found["year"].max()).astype(int)
    if name == "glm_its_seatbelts":
        found["t"] = np.arange(1, len(found) + 1)
        found["since"] = np.maximum(0, found["t"] - int(found.loc[found["law"] == 0, "t"].max()))
        found["log_killed"] = np.log(found["DriversKilled"])
    return found


def column(people: pd.DataFrame, term: str) -> np.ndarray:
    """The numbers that R's name of a coefficient stands for: a column, a level of one, or a product."""
    if ":" in term:
        first, second = term.split(":")
        return column(people, first) * column(people, second)
    term = term.replace("factor(month)", "month")
    if term in people:
        return people[term].to_numpy(dtype=float)
    name = max((one for one in people if term.startswith(one)), key=len)
    return (people[name].astype(str) == term[len(name) :]).to_numpy(dtype=float)


@cache
def seen(name: str, model: str) -> tuple[Observations, str]:
    """What a model was fitted to, and its link."""
    people, (response, link) = frame(name), MODELS[name][model]
    terms = raw(name)["results"][model]["terms"][1:]
    offset = np.log(people["y"].to_numpy() / 1000) if name == "pyears_diet" else None
    columns = np.column_stack([column(people, term) for term in terms])
    return Observations(columns, people[response].to_numpy(dtype=float), None, offset), link


@cache
def fitted(name: str, model: str) -> Fit:
    return fit(*seen(name, model))


def ours(name: str, model: str, quantity: str) -> Any:
    (data, link), found = seen(name, model), fitted(name, model)
    n, q = len(data), len(found.coefficients)
    spread = 1 if link == "identity" else 0
    likelihood = found.log_likelihood
    if quantity in ERRORS:
        codes = pd.factorize(frame(name)[CLUSTERS[name]])[0] if "cluster" in quantity else None
        return np.sqrt(np.diag(covariance(data, found, ERRORS[quantity], codes).matrix))
    if quantity == "se_cluster_HC0_cadjust":
        clusters = frame(name)[CLUSTERS[name]].nunique()
        return ours(name, model, "se_cluster_HC0_nocadjust") * np.sqrt(clusters / (clusters - 1))
    if quantity == "p_model":
        return p_values(name, model)
    if quantity == "profile_ci":
        around = profiled(data, link, penalty=False)
        return np.column_stack([around.low, around.high])
    rest = deviance("identity", found.linear, data.response, data.mass) if spread else 0.0
    return {
        "coef": found.coefficients,
        "loglik": likelihood,
        "aic": 2 * (q + spread) - 2 * likelihood,
        "bic": np.log(n) * (q + spread) - 2 * likelihood,
        "n": n,
        "deviance": deviance(link, found.linear, data.response, data.mass),
        "null_deviance": null_deviance(name, model),
        "pearson_chi2": pearson(link, found.linear, data.response, data.mass),
        "sigma": np.sqrt(found.dispersion),
        "r2": 1 - rest / max(((data.response - data.response.mean()) ** 2).sum(), 1e-300),
        "n_clusters": frame(name)[CLUSTERS[name]].nunique() if name in CLUSTERS else 0,
    }[quantity]


def null_deviance(name: str, model: str) -> float:
    """Of a model with the intercept (and the offset) only."""
    data, link = seen(name, model)
    none = Observations(np.empty((len(data), 0)), data.response, None, data.offset)
    return deviance(link, fit(none, link).linear, data.response, data.mass)


def p_values(name: str, model: str) -> np.ndarray:
    data, found = seen(name, model)[0], fitted(name, model)
    made = covariance(data, found, "model")
    return 2 * stats.t.sf(np.abs(found.coefficients) / np.sqrt(np.diag(made.matrix)), made.df)


# R joins profile points by a spline; the rest is what its stopping rule leaves (see above).
TOLERANCES = {"profile_ci": 2e-4, "p_model": 2e-4, "pearson_chi2": 1e-4, "coef": 2e-5}


def tolerance(name: str, model: str, quantity: str) -> float:
    if MODELS[name][model][1] == "identity" and quantity != "profile_ci":
        return 1e-8
    if quantity in ERRORS or quantity == "se_cluster_HC0_cadjust":
        return 1e-4
    return TOLERANCES.get(quantity, 1e-8)


def quantities() -> list[Any]:
    if FOLDER is None:
        return [pytest.param("", "", "", marks=MISSING, id="no folder")]
    return [
        pytest.param(name, model, quantity, id=f"{name} {model} {quantity}")
        for name, models in MODELS.items()
        for model in models
        for quantity in raw(name)["results"][model]
        if quantity in QUANTITIES and not (quantity == "profile_ci" and models[model][1] == "probit")
    ]


@pytest.mark.parametrize(("name", "model", "quantity"), quantities())
def test_models_equal_r(name: str, model: str, quantity: str) -> None:
    same(ours(name, model, quantity), raw(name)["results"][model][quantity], tolerance(name, model, quantity))


FITTED_BY_R = [
    (name, model) for name, models in MODELS.items() for model, (_, link) in models.items() if link != "identity"
]


START = {
    "logit": special.logit,
    "probit": special.ndtri,
    "log": np.log,
    "cloglog": lambda mu: np.log(-np.log1p(-mu)),
}
MEAN = {
    "logit": special.expit,
    "probit": special.ndtr,
    "log": np.exp,
    "cloglog": lambda eta: -np.expm1(-np.exp(eta)),
}
SLOPE = {
    "logit": lambda eta, mu: mu * (1 - mu),
    "probit": lambda eta, mu: np.exp(-eta * eta / 2) / np.sqrt(2 * np.pi),
    "log": lambda eta, mu: mu,
    "cloglog": lambda eta, mu: np.exp(eta - np.exp(eta)),
}


def r_steps(data: Observations, link: str) -> tuple[np.ndarray, np.ndarray]:
    """R's ``glm.fit`` as it is: weighted least squares until the deviance has settled to 1e-8; the standard errors of
    its last step, whose weights are those of the coefficients before."""
    y = data.response
    x = np.column_stack([np.ones(len(y)), data.columns])
    offset = np.zeros(len(y)) if data.offset is None else data.offset
    mu = y + 0.1 if link == "log" else (y + 0.5) / 2
    eta, last = START[link](mu), np.inf
    for _ in range(25):
        slope = SLOPE[link](eta, mu)
        root = np.sqrt(slope**2 / (mu if link == "log" else mu * (1 - mu)))
        target = eta - offset + (y - mu) / slope
        coefficients = np.linalg.lstsq(x * root[:, None], target * root, rcond=None)[0]
        eta = x @ coefficients + offset
        mu = MEAN[link](eta)
        now = deviance(link, eta, y, np.ones(len(y)))
        if abs(now - last) / (abs(now) + 0.1) < 1e-8:
            break
        last = now
    return coefficients, np.sqrt(np.diag(np.linalg.inv((x * (root**2)[:, None]).T @ x)))


@pytest.mark.parametrize(("name", "model"), FITTED_BY_R if FOLDER else [pytest.param("", "", marks=MISSING)])
def test_r_printed_the_step_before(name: str, model: str) -> None:
    """R's steps give R's numbers to the last digits; going on until nothing moves gives ours."""
    data, link = seen(name, model)
    coefficients, errors = r_steps(data, link)
    stored = raw(name)["results"][model]
    same(coefficients, stored["coef"], 1e-9)
    same(errors, stored["se_model"], 1e-9)
    found = fit(data, link)
    score = np.column_stack([np.ones(len(data)), data.columns]).T @ found.residual
    scale = np.sqrt(np.diag(np.linalg.inv(found.model_covariance)))
    assert np.abs(score / scale).max() < 1e-8


def test_satterthwaite_equals_club_sandwich() -> None:
    if FOLDER is None:
        pytest.skip("NAVOUTCOMES_REFERENCE names no folder with R's results")
    data, _ = seen("glm_petersen", "ols")
    codes = pd.factorize(frame("glm_petersen")["firm"])[0]
    made = covariance(data, fitted("glm_petersen", "ols"), "cr2", codes)
    theirs = raw("glm_petersen")["results"]["CR2"]
    same(np.sqrt(np.diag(made.matrix)), theirs["se"], 1e-10)
    same(made.df, theirs["df"], 1e-9)
    statistic = fitted("glm_petersen", "ols").coefficients / np.sqrt(np.diag(made.matrix))
    same(2 * stats.t.sf(np.abs(statistic), made.df), theirs["p"], 1e-8)


def test_independence_estimating_equations_are_cr0() -> None:
    if FOLDER is None:
        pytest.skip("NAVOUTCOMES_REFERENCE names no folder with R's results")
    stored, people = raw("glm_gee_ohio")["results"]["ind"], pd.read_csv(Path(str(FOLDER), "data/ohio.csv"))
    data = Observations(people[["age", "smoke"]].to_numpy(dtype=float), people["resp"].to_numpy(dtype=float))
    found = fit(data, "logit")
    same(found.coefficients, stored["coef"], 1e-5)
    made = covariance(data, found, "cr0", pd.factorize(people["id"])[0])
    same(np.sqrt(np.diag(made.matrix)), stored["se_robust"], 1e-5)
    same((found.coefficients / np.sqrt(np.diag(made.matrix))) ** 2, stored["wald"], 1e-4)


@pytest.mark.parametrize("name", ["glm_firth_sex2", "glm_jtrain2"] if FOLDER else [pytest.param("", marks=MISSING)])
def test_firth_equals_brglm2(name: str) -> None:
    stored, people = raw(name)["results"]["firth"], pd.read_csv(Path(str(FOLDER), raw(name)["dataset_csv"]))
    columns = np.column_stack([column(people, term) for term in stored["terms"][1:]])
    response = people["case" if name == "glm_firth_sex2" else "unem78"].to_numpy(dtype=float)
    found = profiled(Observations(columns, response), intervals=False)
    same(found.coefficients, stored["coef"], 1e-5)
    same(np.sqrt(np.diag(found.covariance)), stored["se"], 1e-5)


def test_quasi_poisson_equals_r() -> None:
    if FOLDER is None:
        pytest.skip("NAVOUTCOMES_REFERENCE names no folder with R's results")
    stored, people = raw("glm_its_seatbelts")["results"]["quasipoisson"], frame("glm_its_seatbelts")
    year = 2 * np.pi * people["month"] / 12
    columns = np.column_stack([people["t"], people["law"], people["since"], np.sin(year), np.cos(year)]).astype(float)
    data = Observations(columns, people["DriversKilled"].to_numpy(dtype=float))
    found = fit(data, "log")
    dispersion = pearson("log", found.linear, data.response, data.mass) / (len(data) - 6)
    same(found.coefficients, stored["coef"], 1e-7)
    same(dispersion, stored["dispersion"], 1e-7)
    same(np.sqrt(dispersion * np.diag(found.model_covariance)), stored["se"], 1e-6)


def rossi() -> nav.Cohort:
    people = pd.read_csv(Path(str(FOLDER), "data/rossi.csv"))
    return nav.Cohort.from_frame(
        people, "week", "arrest", endings={0: None, 1: "arrest"}, outcome="arrest", unit="weeks"
    )


@pytest.mark.parametrize("model", ["logit_lin", "cloglog"] if FOLDER else [pytest.param("", marks=MISSING)])
def test_hazards_by_week_need_no_row_a_week(model: str) -> None:
    """``discrete_hazard`` on 432 persons gives R's model of 19,809 person-weeks, with its clustered errors."""
    stored = raw("glm_rossi_discrete_time")["results"][model]
    terms = [nav.Category("fin", "no"), "age", "prio"]
    order = ["(intercept)", "fin: yes", "age", "prio", "week"]
    for errors, key in (("model", "se_model"), ("cr0", "se_cluster_HC0_nocadjust"), ("cr1", "se_cluster_HC1")):
        found = rossi().discrete_hazard(
            terms, link="logit" if model == "logit_lin" else "cloglog", baseline=nav.Number("week"), errors=errors
        )
        table = found.table.set_index("term").loc[order]
        same(table["estimate"], stored["coef"], 1e-6)
        same(table["std_error"], stored[key], 1e-4)
        same(found.log_likelihood, stored["loglik"], 1e-9)
        assert found.person_periods == stored["n"]


def test_the_verbs_give_what_the_arithmetic_gives() -> None:
    if FOLDER is None:
        pytest.skip("NAVOUTCOMES_REFERENCE names no folder with R's results")
    stored = raw("glm_rossi_logit")["results"]["logit"]
    terms = [nav.Category("fin", "no"), "age", nav.Category("race", "other"), nav.Category("wexp", "no"),
             nav.Category("mar", "not married"), nav.Category("paro", "no"), "prio"]  # fmt: skip
    for errors, key in (
        (None, "se_HC3"),
        ("model", "se_model"),
        ("hc0", "se_HC0"),
        ("hc1", "se_HC1"),
        ("hc2", "se_HC2"),
    ):
        table = rossi().logistic(terms, at=52, errors=errors).table
        same(table["estimate"], stored["coef"], 1e-7)
        same(table["std_error"], stored[key], 1e-5)


def test_rates_and_their_ratio_equal_r() -> None:
    if FOLDER is None:
        pytest.skip("NAVOUTCOMES_REFERENCE names no folder with R's results")
    stored, people = raw("pyears_diet")["results"], frame("pyears_diet")
    cohort = nav.Cohort.from_frame(people, "y", "event", endings={0: None, 1: "chd"}, outcome="chd", unit="years")
    table = cohort.rates(by="hieng", per=1000).table
    assert list(table["group"]) == stored["rates"]["level"]
    same(table["events"], stored["rates"]["events"])
    same(table["at_risk"], stored["rates"]["py"])
    same(table["estimate"], stored["rates"]["rate_per_1000"])
    same(table[["conf_low", "conf_high"]], stored["rates"]["ci_exact_per_1000"])
    ratio = cohort.rates(by="hieng", measure="rate ratio", reference="high").table.iloc[0]
    same(ratio["estimate"], stored["irr"]["irr"])
    same(ratio[["conf_low", "conf_high"]], stored["irr"]["ci"])
    same(ratio["p_value"], stored["irr"]["p"])
    found = cohort.poisson([nav.Category("hieng", "high")], errors="model").table
    same(found["estimate"] + np.array([np.log(1000), 0]), stored["poisson"]["coef"], 1e-7)
    same(found["std_error"], stored["poisson"]["se_model"], 1e-5)
    same(cohort.poisson([nav.Category("hieng", "high")]).table["std_error"], stored["poisson"]["se_HC3"], 1e-5)


def test_nothing_in_these_files_is_left_out() -> None:
    """What is not reproduced is named here."""
    if FOLDER is None:
        pytest.skip("NAVOUTCOMES_REFERENCE names no folder with R's results")
    for name, models in MODELS.items():
        for model in models:
            left = set(raw(name)["results"][model]) - set(QUANTITIES)
            assert left <= LATER, (name, model, left)
