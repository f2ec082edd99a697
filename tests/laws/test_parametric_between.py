"""Endings that came between two times: the likelihood written out with scipy, lifelines, and what must hold."""

from __future__ import annotations

import warnings
from functools import cache

import lifelines
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import navoutcomes as nav

VISITS = np.arange(0.0, 40.0, 4.0)
STANDARD = {
    "weibull": stats.gumbel_l,
    "log-normal": stats.norm,
    "log-logistic": stats.logistic,
}


def frame(size: int = 300, seed: int = 3) -> pd.DataFrame:
    """People who are looked at every four weeks; some are followed to the day."""
    roll = np.random.default_rng(seed)
    x = roll.normal(size=size)
    time = np.exp(2.2 + 0.4 * x + 0.5 * stats.gumbel_l.rvs(size=size, random_state=roll))
    place = np.searchsorted(VISITS, time)
    low, high = VISITS[place - 1], np.append(VISITS, np.inf)[place]
    # Everybody is followed to a visit that has nothing to do with them.
    last, exact = roll.choice(VISITS[2:], size), roll.random(size) < 0.2
    ended = np.where(exact, time, high) <= last
    frame = pd.DataFrame({"x": x, "low": np.where(exact, np.nan, low), "ending": ended.astype(int)})
    frame["time"] = np.where(ended, np.where(exact, time, high), last)
    frame["w"] = roll.choice([0.5, 1.0, 2.0], size)
    frame["entry"] = np.where(np.fmin(frame["low"], frame["time"]) > 2, roll.choice([0.0, 1.0, 2.0], size), 0.0)
    return frame


def cohort(rows: pd.DataFrame, **roles: str) -> nav.Cohort:
    return nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job", **roles)


@cache
def model(distribution: str, *roles: str) -> nav.ParametricRegression:
    how = {role: {"weight": "w", "entry": "entry"}[role] for role in roles}
    return cohort(frame(), **how).parametric(["x"], distribution, last_seen="low", errors="model")


def written_out(rows: pd.DataFrame, distribution: str, at: np.ndarray, late: bool) -> np.ndarray:
    """The log-likelihood of each row, from scipy's distribution functions."""
    family = STANDARD[distribution]

    def z(time: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return (np.log(time) - at[1] - at[0] * rows["x"].to_numpy()) / np.exp(at[2])

    time, low = rows["time"].to_numpy(), rows["low"].to_numpy()
    ended = rows["ending"].to_numpy() == 1
    exact = family.logpdf(z(time)) - at[2] - np.log(time)
    before = np.where(low > 0, family.cdf(z(np.maximum(low, 1e-12))), 0.0)
    chance = np.log(np.where(~ended | np.isnan(low) | (low == time), 1.0, family.cdf(z(time)) - before))
    value = np.where(ended, np.where(np.isnan(low) | (low == time), exact, chance), family.logsf(z(time)))
    entry = rows["entry"].to_numpy()
    return value - np.where(late & (entry > 0), family.logsf(z(np.maximum(entry, 1e-12))), 0.0)


@pytest.mark.parametrize("roles", [(), ("weight",), ("entry",), ("weight", "entry")], ids=str)
@pytest.mark.parametrize("distribution", STANDARD)
def test_the_top_is_that_of_the_likelihood_written_out(distribution: str, roles: tuple[str, ...]) -> None:
    rows, found = frame(), model(distribution, *roles)
    weight = rows["w"].to_numpy() if "weight" in roles else np.ones(len(rows))
    at = found.coefficients.to_numpy()

    def total(there: np.ndarray) -> float:
        return float(weight @ written_out(rows, distribution, there, "entry" in roles))

    assert found.log_likelihood == pytest.approx(total(at), rel=1e-10)
    nudge = 1e-3 * np.eye(3)
    slope = [(total(at + one) - total(at - one)) / 2e-3 for one in nudge]
    np.testing.assert_allclose(slope, 0.0, atol=2e-3)
    bend = [
        [-(total(at + a + b) - total(at + a - b) - total(at - a + b) + total(at - a - b)) / 4e-6 for a in nudge]
        for b in nudge
    ]
    np.testing.assert_allclose(found.covariance, np.linalg.inv(bend), rtol=2e-4, atol=1e-7)


@pytest.mark.parametrize("distribution", [*STANDARD, "exponential", "generalised gamma"])
def test_shorter_and_shorter_intervals_become_days(distribution: str) -> None:
    rows = frame()
    exact = cohort(rows).parametric(["x"], distribution)
    ended = rows["ending"] == 1
    gaps = []
    for width in (1e-1, 1e-2, 1e-3):
        near = rows.assign(low=np.where(ended, rows["time"] * (1 - width), np.nan))
        found = cohort(near).parametric(["x"], distribution, last_seen="low")
        gaps.append(np.abs(found.coefficients - exact.coefficients).max())
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 2e-3


def test_the_generalised_gamma_with_shape_one_is_no_better_than_its_own_top() -> None:
    gamma, weibull = model("generalised gamma"), model("weibull")
    assert gamma.log_likelihood >= weibull.log_likelihood - 1e-9


@pytest.mark.parametrize(
    ("distribution", "fitter"),
    [
        ("weibull", lifelines.WeibullAFTFitter),
        ("log-normal", lifelines.LogNormalAFTFitter),
        ("log-logistic", lifelines.LogLogisticAFTFitter),
    ],
)
def test_lifelines_finds_the_same(distribution: str, fitter: type) -> None:
    rows = frame()
    ended = rows["ending"] == 1
    low = rows["low"].where(ended, rows["time"]).fillna(rows["time"])
    data = pd.DataFrame({"low": np.maximum(low, 1e-9), "high": np.where(ended, rows["time"], np.inf), "x": rows["x"]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fitter().fit_interval_censoring(data, "low", "high")
    found = model(distribution)
    same = theirs.params_.xs("x", level=1).iloc[0]
    assert found.coefficients["x"] == pytest.approx(same, abs=2e-4)
    assert found.log_likelihood == pytest.approx(theirs.log_likelihood_, abs=2e-3)


def test_taking_the_visit_for_the_day_is_wrong_and_the_interval_is_right() -> None:
    """The truth: intercept 2.2, slope 0.4, log scale log 0.5, over sixty studies of three hundred."""
    right, naive = [], []
    for seed in range(60):
        rows = frame(seed=100 + seed)
        people = cohort(rows)
        right.append(people.parametric(["x"], last_seen="low").coefficients.to_numpy())
        naive.append(people.parametric(["x"]).coefficients.to_numpy())
    truth = np.array([0.4, 2.2, np.log(0.5)])
    error = np.std(right, axis=0) / np.sqrt(60)
    assert (np.abs(np.mean(right, axis=0) - truth) < 3.5 * error).all()
    assert abs(np.mean(naive, axis=0)[1] - 2.2) > 10 * error[1]


def test_robust_errors_are_the_pulls_of_rows() -> None:
    rows = frame()
    found = cohort(rows).parametric(["x"], last_seen="low", errors="robust")
    at = found.coefficients.to_numpy()
    pulls = np.column_stack(
        [
            (written_out(rows, "weibull", at + one, False) - written_out(rows, "weibull", at - one, False)) / 2e-5
            for one in 1e-5 * np.eye(3)
        ]
    )
    inverse = model("weibull").covariance.to_numpy()
    np.testing.assert_allclose(found.covariance, inverse @ pulls.T @ pulls @ inverse, rtol=1e-5)


def test_times_shared_by_a_third_do_not_stop_distributions_without_knots() -> None:
    """The knots of a spline nobody asked for fell on one another, and a Weibull was refused for it."""
    rows = pd.DataFrame({"time": [4.0] * 30 + [8.0] * 5, "ending": 1, "x": np.arange(35) % 4})
    assert np.isfinite(cohort(rows).parametric(["x"]).log_likelihood)
