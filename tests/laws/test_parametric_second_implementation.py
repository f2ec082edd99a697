"""Models with a distribution of time against likelihoods written with scipy's own distributions, numerical derivatives,
and lifelines."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import navoutcomes as nav

DISTRIBUTIONS = (
    "exponential", "weibull", "log-normal", "log-logistic", "generalised gamma", "piecewise exponential", "spline",
)  # fmt: skip
CUTS, KNOTS = (2.2, 4.3), (2.5, 5.0)
TERMS = ["age", "sex"]


def drawn(seed: int, size: int = 60, entry: bool = True, weight: bool = True) -> pd.DataFrame:
    """People who stay longer the older they are, with ties, late entry and weights."""
    roll = np.random.default_rng(seed)
    age, sex = roll.normal(size=size).round(2), roll.integers(0, 2, size)
    time = np.ceil(2 * roll.weibull(1.4, size) * np.exp(1 + 0.4 * age - 0.3 * sex)) / 2
    stop = roll.integers(2, 30, size) / 2
    begin = np.minimum(roll.choice([0, 0, 1, 2], size), np.minimum(time, stop) - 0.5) if entry else np.zeros(size)
    return pd.DataFrame(
        {
            "time": np.minimum(time, stop),
            "entry": begin,
            "ended": (time <= stop).astype(int),
            "weight": roll.choice([0.5, 1.0, 1.7, 3.0], size) if weight else np.ones(size),
            "office": np.arange(size) % 8,
            "age": age,
            "sex": sex,
        }
    )


def fitted(frame: pd.DataFrame, distribution: str, errors: str | None = None, **how: str) -> nav.ParametricRegression:
    people = nav.Cohort.from_frame(
        frame, "time", "ended", endings={0: None, 1: "left"}, outcome="left", entry="entry", weight="weight", **how
    )
    extra = {"piecewise exponential": {"cuts": CUTS}, "spline": {"knots": KNOTS}}.get(distribution, {})
    return people.parametric(TERMS, distribution, errors=errors, **extra)


def law(distribution: str, at: np.ndarray, eta: np.ndarray, ends: np.ndarray) -> tuple[Callable, Callable]:
    """Log density and log survivor at times, by scipy's distributions; ``at`` what follows the terms."""
    if distribution == "piecewise exponential":
        rates = np.exp(at)
        edges = np.array([0.0, *CUTS, np.inf])

        def total(t: np.ndarray) -> np.ndarray:
            stayed = [np.clip(t, low, high) - low for low, high in pairwise(edges)]
            return np.exp(eta) * sum(rate * one for rate, one in zip(rates, stayed, strict=True))

        return lambda t: np.log(rates[np.searchsorted(CUTS, t)]) + eta - total(t), lambda t: -total(t)
    if distribution == "spline":
        low, high = np.log(ends.min()), np.log(ends.max())

        def level(u: np.ndarray) -> np.ndarray:
            found = at[0] + at[1] * u
            for part, knot in zip(at[2:], np.log(KNOTS), strict=True):
                share = (high - knot) / (high - low)
                cubes = [np.maximum(u - one, 0) ** 3 for one in (knot, low, high)]
                found = found + part * (cubes[0] - share * cubes[1] - (1 - share) * cubes[2])
            return found

        def hazard(t: np.ndarray) -> np.ndarray:
            u = np.log(t)
            steep = (level(u + 1e-5) - level(u - 1e-5)) / 2e-5
            return level(u) + eta + np.log(steep) - u

        return lambda t: hazard(t) - np.exp(level(np.log(t)) + eta), lambda t: -np.exp(level(np.log(t)) + eta)
    middle, scale = np.exp(at[0] + eta), np.exp(at[1]) if distribution != "exponential" else 1.0
    if distribution == "generalised gamma":
        size = at[2] ** -2
        own = stats.gengamma(size, at[2] / scale, scale=middle / size ** (scale / at[2]))
    else:
        own = {
            "exponential": lambda: stats.weibull_min(1.0, scale=middle),
            "weibull": lambda: stats.weibull_min(1 / scale, scale=middle),
            "log-normal": lambda: stats.lognorm(scale, scale=middle),
            "log-logistic": lambda: stats.fisk(1 / scale, scale=middle),
        }[distribution]()
    return own.logpdf, own.logsf


def by_row(frame: pd.DataFrame, distribution: str, at: np.ndarray) -> np.ndarray:
    """The log-likelihood of each row."""
    eta = frame[TERMS].to_numpy(dtype=float) @ at[:2]
    ended = frame["ended"].to_numpy() == 1
    density, survivor = law(distribution, at[2:], eta, frame["time"].to_numpy()[ended])
    time, entry = frame["time"].to_numpy(), frame["entry"].to_numpy()
    before = survivor(np.where(entry > 0, entry, 1.0))
    return np.where(ended, density(time), survivor(time)) - np.where(entry > 0, before, 0.0)


def slopes(frame: pd.DataFrame, distribution: str, at: np.ndarray, step: float = 1e-4) -> np.ndarray:
    """Each row's score, by central differences of fourth order. Shapes: (n, q)."""
    found = []
    for place in range(len(at)):
        total = np.zeros(len(frame))
        for times, part in ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12)):
            moved = at.copy()
            moved[place] += times * step
            total += part * by_row(frame, distribution, moved) / step
        found.append(total)
    return np.column_stack(found)


def bends(frame: pd.DataFrame, distribution: str, at: np.ndarray, mass: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """Less the second derivative of the sum, by central differences of the score."""
    found = []
    for place in range(len(at)):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        found.append(mass @ (slopes(frame, distribution, up) - slopes(frame, distribution, down)) / (2 * step))
    return -np.array(found)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_likelihood_score_and_information_are_those_of_scipys_distributions(distribution: str) -> None:
    for seed in range(1, 5):
        frame = drawn(seed, entry=seed % 2 == 0, weight=seed > 1)
        model, mass = fitted(frame, distribution, "model"), frame["weight"].to_numpy()
        at = model.coefficients.to_numpy()
        assert mass @ by_row(frame, distribution, at) == pytest.approx(model.log_likelihood, rel=1e-9)
        errors = model.table["std_error"].to_numpy()
        # The score is nothing to less than a hundred thousandth of a standard error of the estimate, which is what the
        # differences of differences of the spline can see.
        assert np.abs(mass @ slopes(frame, distribution, at) * errors).max() < 1e-5
        scaled = bends(frame, distribution, at, mass) * np.outer(errors, errors)
        ours = np.linalg.inv(model.covariance.to_numpy()) * np.outer(errors, errors)
        np.testing.assert_allclose(ours, scaled, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_robust_errors_are_the_scores_of_scipys_distributions_squared(distribution: str) -> None:
    frame = drawn(7)
    model, mass = fitted(frame, distribution), frame["weight"].to_numpy()
    at, bread = model.coefficients.to_numpy(), fitted(frame, distribution, "model").covariance.to_numpy()
    pulls = slopes(frame, distribution, at) * mass[:, None] @ bread
    np.testing.assert_allclose(model.covariance, pulls.T @ pulls, rtol=1e-5, atol=1e-7)
    office = fitted(frame, distribution, "lin-wei", cluster="office")
    together = np.array([pulls[frame["office"] == one].sum(axis=0) for one in range(8)])
    np.testing.assert_allclose(office.covariance, together.T @ together, rtol=1e-5, atol=1e-7)
    own = [bends(frame, distribution, at, mass * (frame["office"] == one).to_numpy()) for one in range(8)]
    size = len(at)
    grown = np.array([np.linalg.solve(np.eye(size) - bread @ own[one], together[one]) for one in range(8)])
    corrected = fitted(frame, distribution, cluster="office")
    np.testing.assert_allclose(corrected.table["std_error"], np.sqrt((grown**2).sum(axis=0)), rtol=1e-3)


@pytest.mark.parametrize("distribution", [one for one in DISTRIBUTIONS if one != "generalised gamma"])
def test_robust_errors_are_what_people_move_the_estimate(distribution: str) -> None:
    """The infinitesimal jackknife: everybody is weighed a little more and less, and all is fitted again (the gamma's
    scores are held against scipy's above; fitting it eighty times takes too long)."""
    frame = drawn(11, size=40)
    model = fitted(frame, distribution)
    moved = []
    for row in range(len(frame)):
        sides = []
        for sign in (1, -1):
            own = frame.copy()
            own.loc[row, "weight"] *= 1 + sign * 1e-4
            sides.append(fitted(own, distribution, "model").coefficients.to_numpy())
        moved.append((sides[0] - sides[1]) / 2e-4)
    expected = np.sqrt((np.array(moved) ** 2).sum(axis=0))
    np.testing.assert_allclose(model.table["std_error"], expected, rtol=1e-5)


def test_the_jackknife_that_leaves_people_out_agrees_with_us_and_not_with_lifelines() -> None:
    """Weights of 0.5 to 3: lifelines' robust error of a weighted Weibull model is that of other people."""
    from lifelines import WeibullAFTFitter

    frame = drawn(5, size=150, entry=False)
    model = fitted(frame, "weibull")
    left_out = [
        fitted(frame.drop(index=row).reset_index(drop=True), "weibull", "model").coefficients for row in range(150)
    ]
    away = np.array(left_out) - model.coefficients.to_numpy()
    jackknife = np.sqrt((away**2).sum(axis=0))
    np.testing.assert_allclose(model.table["std_error"], jackknife, rtol=0.12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = WeibullAFTFitter().fit(
            frame[["time", "ended", "weight", *TERMS]], "time", "ended", weights_col="weight", robust=True
        )
    theirs = peer.standard_errors_["lambda_"][TERMS].to_numpy()
    np.testing.assert_allclose(peer.params_["lambda_"][TERMS], model.coefficients[TERMS], atol=1e-4)
    assert (theirs < 0.7 * jackknife[:2]).all()


PEERS = {"weibull": "WeibullAFTFitter", "log-normal": "LogNormalAFTFitter", "log-logistic": "LogLogisticAFTFitter"}


@pytest.mark.parametrize("distribution", PEERS)
def test_lifelines_gives_the_same_estimates_with_late_entry_and_weights(distribution: str) -> None:
    import lifelines

    frame = drawn(3, size=200)
    model = fitted(frame, distribution, "model")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = getattr(lifelines, PEERS[distribution])().fit(
            frame[["time", "ended", "entry", "weight", *TERMS]],
            "time",
            "ended",
            weights_col="weight",
            entry_col="entry",
        )
    first = peer.params_.index.get_level_values(0)[0]
    np.testing.assert_allclose(
        peer.params_[first][[*TERMS, "Intercept"]], model.coefficients[[*TERMS, "intercept"]], atol=5e-4
    )
    assert peer.log_likelihood_ <= model.log_likelihood + 1e-6
    assert peer.log_likelihood_ == pytest.approx(model.log_likelihood, abs=1e-4)


def test_lifelines_gives_the_same_generalised_gamma_and_pieces() -> None:
    from lifelines import GeneralizedGammaRegressionFitter, PiecewiseExponentialRegressionFitter

    frame = drawn(3, size=200, entry=False, weight=False).assign(one=1.0)
    model = fitted(frame, "generalised gamma", "model")
    pieces = fitted(frame, "piecewise exponential", "model")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gamma = GeneralizedGammaRegressionFitter().fit(
            frame[["time", "ended", *TERMS, "one"]], "time", "ended",
            regressors={"mu_": [*TERMS, "one"], "sigma_": ["one"], "lambda_": ["one"]},
        )  # fmt: skip
        crude = PiecewiseExponentialRegressionFitter(breakpoints=list(CUTS)).fit(
            frame[["time", "ended", "one"]], "time", "ended", regressors={f"lambda_{at}_": ["one"] for at in range(3)}
        )
    assert gamma.log_likelihood_ == pytest.approx(model.log_likelihood, abs=1e-3)
    assert crude.log_likelihood_ == pytest.approx(pieces.null_log_likelihood, abs=1e-4)
    np.testing.assert_allclose(gamma.params_["mu_"][TERMS], model.coefficients[TERMS], atol=5e-3)


def test_lifelines_gives_no_higher_likelihood_of_a_spline_without_inner_bends() -> None:
    """Its spline has knots of its own; with the outer two only, both are Weibull's model."""
    frame = drawn(3, size=200, entry=False, weight=False)
    people = nav.Cohort.from_frame(frame, "time", "ended", endings={0: None, 1: "left"}, outcome="left")
    straight, weibull = (
        people.parametric(TERMS, name, **how) for name, how in (("spline", {"knots": ()}), ("weibull", {}))
    )
    assert straight.log_likelihood == pytest.approx(weibull.log_likelihood, abs=1e-9)
    assert fitted(frame, "spline").log_likelihood >= straight.log_likelihood - 1e-9
