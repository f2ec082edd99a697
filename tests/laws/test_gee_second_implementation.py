"""statsmodels solves the same equations when it is handed our working correlation (its moments subtract parameters)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

LINKS = ("logit", "log", "identity")
COV = {"exchangeable": "Exchangeable", "ar1": "Autoregressive", "independence": "Independence"}


def months(seed: int, people: int = 60, weighted: bool = False) -> pd.DataFrame:
    """Two to six months of each, alike within a person."""
    roll = np.random.default_rng(seed)
    times = roll.integers(2, 7, people)
    person = np.repeat(np.arange(people), times)
    month = np.concatenate([np.arange(k) for k in times])
    own, age = roll.normal(0, 0.8, people)[person], roll.normal(size=people)[person]
    linear = 0.2 + 0.4 * age + 0.1 * month + own
    return pd.DataFrame(
        {
            "person": person,
            "begin": month,
            "end": month + 1,
            "status": 0,
            "age": age,
            "month": month,
            "logit": (roll.random(len(person)) < 1 / (1 + np.exp(-linear))).astype(int),
            "log": roll.poisson(np.exp(0.5 * linear)),
            "identity": linear + roll.normal(size=len(person)),
            "weight": roll.choice([0.5, 1.0, 2.0], people)[person] if weighted else 1.0,
        }
    )


def cohort(frame: pd.DataFrame, **how: object) -> nav.Cohort:
    return nav.Cohort.from_frame(
        frame, "end", "status", endings={0: None, 1: "x"}, outcome="x", entry="begin", person="person", **how
    )


def theirs(frame: pd.DataFrame, link: str, correlation: str, alpha: float, errors: str = "robust") -> Any:
    import statsmodels.api as sm

    families = {"logit": sm.families.Binomial(), "log": sm.families.Poisson(), "identity": sm.families.Gaussian()}
    structure = getattr(sm.cov_struct, COV[correlation])(**({"grid": True} if correlation == "ar1" else {}))
    if correlation != "independence":
        structure.dep_params = alpha
        structure.update = lambda params: None
    x = np.column_stack([np.ones(len(frame)), frame["age"], frame["month"]])
    model = sm.GEE(
        frame[link].to_numpy(dtype=float),
        x,
        groups=frame["person"].to_numpy(),
        time=frame["month"].to_numpy(dtype=float)[:, None] if correlation == "ar1" else None,
        family=families[link],
        cov_struct=structure,
        # Its corrected errors stumble over weights, also of 1.
        weights=frame["weight"].to_numpy() if (frame["weight"] != 1).any() else None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(maxiter=200, ctol=1e-12, cov_type=errors)


@pytest.mark.parametrize("correlation", list(COV))
@pytest.mark.parametrize("link", LINKS)
def test_the_same_equations(link: str, correlation: str) -> None:
    frame = months(7)
    found = cohort(frame).gee(link, ["age", "month"], link, correlation, errors="cr0")
    fit = theirs(frame, link, correlation, found.alpha)
    np.testing.assert_allclose(found.table["estimate"], fit.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.table["std_error"], fit.bse, rtol=1e-6)
    corrected = theirs(frame, link, correlation, found.alpha, "bias_reduced")
    own = cohort(frame).gee(link, ["age", "month"], link, correlation, errors="cr3").table["std_error"]
    np.testing.assert_allclose(own, np.sqrt(np.diag(corrected.cov_robust_bc)), rtol=1e-6)


def test_weights_of_persons() -> None:
    frame = months(8, weighted=True)
    found = cohort(frame, weight="weight").gee("logit", ["age", "month"], correlation="exchangeable", errors="cr0")
    fit = theirs(frame, "logit", "exchangeable", found.alpha)
    np.testing.assert_allclose(found.table["estimate"], fit.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.table["std_error"], fit.bse, rtol=1e-6)


@pytest.mark.parametrize("correlation", list(COV))
def test_a_person_counted_twice_is_two_alike(correlation: str) -> None:
    """Estimates stand, errors become smaller by the root of two."""
    frame = months(9)
    twice = pd.concat([frame, frame.assign(person=frame["person"] + 1000)])
    one, two = (cohort(it).gee("logit", ["age"], correlation=correlation, errors="cr0") for it in (frame, twice))
    np.testing.assert_allclose(one.table["estimate"], two.table["estimate"], atol=1e-9)
    np.testing.assert_allclose(one.table["std_error"], np.sqrt(2) * two.table["std_error"], rtol=1e-8)
    assert one.alpha == pytest.approx(two.alpha)
    weighted = cohort(frame.assign(double=2.0), weight="double").gee("logit", ["age"], correlation=correlation)
    np.testing.assert_allclose(one.table["estimate"], weighted.table["estimate"], atol=1e-9)
    assert one.alpha == pytest.approx(weighted.alpha)


@pytest.mark.parametrize("correlation", list(COV))
def test_neither_the_order_of_rows_nor_the_unit_of_a_term_matters(correlation: str) -> None:
    frame = months(10)
    moved = frame.sample(frac=1, random_state=1).assign(age=lambda it: 1000 + 50 * it["age"])
    one = cohort(frame).gee("log", ["age", "month"], "log", correlation).table.set_index("term")
    two = cohort(moved).gee("log", ["age", "month"], "log", correlation).table.set_index("term")
    np.testing.assert_allclose(one.loc["age", "statistic"], two.loc["age", "statistic"], rtol=1e-7)
    np.testing.assert_allclose(
        one.loc["month"].iloc[1:].astype(float), two.loc["month"].iloc[1:].astype(float), rtol=1e-7
    )


def test_crossed_with_something_finer_is_the_coarser_alone() -> None:
    """Months numbered through all persons: every row a month of its own, so that persons alone are left."""
    frame = months(11).assign(line=lambda it: np.arange(len(it)))
    plain = cohort(frame).gee("identity", ["age"], "identity", "independence", errors="cr0").table["std_error"]
    crossed = cohort(frame).gee("identity", ["age"], "identity", "independence", "line", "cr0").table["std_error"]
    np.testing.assert_allclose(plain, crossed, rtol=1e-10)
