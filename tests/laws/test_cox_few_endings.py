"""Firth's penalty and profile intervals against their definitions: plain loops, maximised by scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from cox_by_hand import People, derivative, log_likelihood, score
from scipy import optimize, stats

import navoutcomes as nav


def few(seed: int, size: int = 30) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "time": roll.integers(1, 12, size),
            "ending": (roll.random(size) < 0.4).astype(int),
            "x": roll.integers(0, 2, size).astype(float),
            "z": np.round(roll.normal(size=size), 2),
        }
    )


def fitted(frame: pd.DataFrame, **how: object) -> nav.CoxRegression:
    return nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job").cox(
        ["x", "z"], **how
    )


def by_hand(frame: pd.DataFrame) -> People:
    size = len(frame)
    return People(
        frame["time"].to_numpy(),
        np.full(size, -1.0),
        frame["ending"].to_numpy(),
        frame[["x", "z"]].to_numpy(),
        np.ones(size),
    )


def penalised(hand: People, beta: np.ndarray) -> float:
    information = -np.array([derivative(lambda b, at=at: score(hand, b)[at], beta) for at in range(2)])
    return log_likelihood(hand, beta) + 0.5 * np.linalg.slogdet(information)[1]


@pytest.mark.parametrize("seed", [1, 4, 5])
def test_firth_is_the_top_of_the_penalised_likelihood(seed: int) -> None:
    frame = few(seed)
    hand = by_hand(frame)
    found = fitted(frame, penalty="firth").table["estimate"].to_numpy()
    top = optimize.minimize(lambda beta: -penalised(hand, beta), found, method="Nelder-Mead", options={"xatol": 1e-9})
    np.testing.assert_allclose(found, top.x, atol=2e-5)
    slope = derivative(lambda beta: penalised(hand, beta), found, 1e-3)
    np.testing.assert_allclose(slope, 0.0, atol=2e-5)


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize("penalty", [None, "firth"])
def test_profile_limits_are_where_the_likelihood_has_fallen_by_half_the_quantile(
    seed: int, penalty: str | None
) -> None:
    frame = few(seed)
    hand, model = by_hand(frame), fitted(frame, penalty=penalty)
    assert model.events < 20

    def height(beta: np.ndarray) -> float:
        return penalised(hand, beta) if penalty else log_likelihood(hand, beta)

    beta = model.table["estimate"].to_numpy()
    for side in ("conf_low", "conf_high"):
        limit = model.table[side].iloc[0]
        best = optimize.minimize_scalar(
            lambda z, limit=limit: -height(np.array([limit, z])), bracket=(beta[1] - 1, beta[1] + 1)
        )
        assert height(beta) + best.fun == pytest.approx(stats.chi2.ppf(0.95, 1) / 2, abs=1e-4)


def test_with_twenty_endings_the_interval_is_walds() -> None:
    model = fitted(few(2, 120))
    assert model.events >= 20
    row = model.table.iloc[0]
    assert row["conf_high"] == pytest.approx(row["estimate"] + stats.norm.ppf(0.975) * row["std_error"], rel=1e-12)


@pytest.mark.parametrize("seed", [1, 4])
def test_the_ratio_of_penalised_likelihoods_tests_a_penalised_model(seed: int) -> None:
    frame = few(seed)
    model = fitted(frame, penalty="firth")
    hand = by_hand(frame)
    ratio = 2 * (penalised(hand, model.table["estimate"].to_numpy()) - penalised(hand, np.zeros(2)))
    tests = model.tests.set_index("measure")
    assert list(tests.index) == ["wald", "likelihood ratio"]
    assert tests.loc["likelihood ratio", "statistic"] == pytest.approx(ratio, rel=1e-6)
    assert tests.loc["likelihood ratio", "p_value"] == pytest.approx(stats.chi2.sf(ratio, 2), rel=1e-5)
