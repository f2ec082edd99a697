"""Weights, balance, standardised and doubly robust shares equal R's glm, survfit and coxph put together by hand.

``frozen/make_adjusted.R`` wrote the numbers, the doubly robust ones by loops over persons and weeks.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from frozen_numbers import FOLDER, oracle

import navoutcomes as nav

R: dict[str, Any] = json.loads((FOLDER / "r_adjusted.json").read_text(encoding="utf-8"))
TERMS = ["age", "fem"]
AT = [10, 20]


@cache
def people() -> nav.Cohort:
    """The 656 from the start, followed for 25 weeks, in an arm that older people and women are more often in."""
    frame = oracle().drop(columns=["entry", "w"])
    arm = frame["age"] / 10 + frame["fem"] + (37 * frame["id"]) % 101 / 25 > 5.9
    frame = frame.assign(
        arm=arm.astype(int), time=frame["t"].clip(upper=25), cause=frame["ev"].where(frame["t"] <= 25, 0)
    )
    return nav.Cohort.from_frame(
        frame,
        time="time",
        ending="cause",
        endings={0: None, 1: "j", 2: "x", 3: "o"},
        outcome="j",
        arm="arm",
        reference="0",
        unit="weeks",
    )


@cache
def made(key: str) -> nav.Weights:
    if key == "overlap":
        return people().weights(TERMS, kind="overlap")
    kind, target = ("entropy", key.removeprefix("entropy_")) if key.startswith("entropy") else ("iptw", key)
    return people().weights(TERMS, kind=kind, target=target)


def column(result: nav.AdjustedEffects, measure: str, name: str = "estimate") -> np.ndarray:
    """Arms by times."""
    rows = result.table
    rows = rows[rows["measure"] == measure]
    return rows[name].to_numpy().reshape(rows["group"].nunique(), -1)


def both(stored: dict[str, Any], *path: str) -> np.ndarray:
    """Arms by times, of what R stored by arm."""
    found = []
    for arm in ("arm0", "arm1"):
        value: Any = stored[arm]
        for step in path:
            value = value[step]
        found.append(value)
    return np.array(found)


def test_probabilities_of_the_arm_equal_r() -> None:
    np.testing.assert_allclose(made("ATE").scores[:20], R["score"], rtol=1e-10)


@pytest.mark.parametrize("key", list(R["weighted"]))
def test_effective_sample_sizes_equal_r(key: str) -> None:
    table = made(key).table
    ours = table.loc[table["measure"] == "effective sample size", "estimate"]
    np.testing.assert_allclose(ours, R["weighted"][key]["ess"], rtol=1e-8)


@pytest.mark.parametrize("key", list(R["weighted"]))
def test_weighted_curves_and_their_errors_equal_r(key: str) -> None:
    """R's ``survfit`` takes weights as known: so does ``errors="fixed"``."""
    found = people().adjusted_contrast(made(key), at=AT, errors="fixed")
    np.testing.assert_allclose(column(found, "adjusted risk"), both(R["weighted"][key], "share"), rtol=1e-8)
    np.testing.assert_allclose(column(found, "adjusted risk", "std_error"), both(R["weighted"][key], "se"), rtol=1e-8)


@pytest.mark.parametrize("target", ["ATE", "ATT"])
def test_balance_equals_r(target: str) -> None:
    rows = people().balance(made(target)).differences
    for term in TERMS:
        assert rows.loc[term, "after"] == pytest.approx(R["balance"][target][term], abs=1e-9)
        if target == "ATE":
            assert rows.loc[term, "before"] == pytest.approx(R["balance"]["before"][term], rel=1e-12)


@pytest.mark.parametrize("target", ["ATE", "ATT"])
def test_standardised_shares_equal_r(target: str) -> None:
    found = people().standardise(TERMS, at=AT, target=target)
    theirs = [R["standardised"][arm][target] for arm in "01"]
    np.testing.assert_allclose(column(found, "adjusted risk"), theirs, rtol=1e-8)


def test_standardised_mean_time_equals_r() -> None:
    found = people().adjusted_restricted_mean(made("ATE"), 20, method="g-formula")
    theirs = [[R["standardised"][arm]["mean"]] for arm in "01"]
    np.testing.assert_allclose(column(found, "adjusted restricted mean"), theirs, rtol=1e-8)


@pytest.mark.parametrize("target", ["ATE", "ATT"])
def test_doubly_robust_shares_equal_r(target: str) -> None:
    found = people().doubly_robust(made(target), at=AT)
    np.testing.assert_allclose(column(found, "adjusted risk"), both(R["robust"][target]), rtol=1e-8)


@pytest.mark.parametrize("separate", [True, False])
def test_standardised_logistic_shares_equal_r(separate: bool) -> None:
    found = people().standardise(TERMS, at=10, model="logistic", separate=separate)
    theirs = R["logistic"]["separate" if separate else "together"]
    np.testing.assert_allclose(column(found, "adjusted risk")[:, 0], theirs, rtol=1e-9)


def test_doubly_robust_logistic_shares_equal_r() -> None:
    found = people().doubly_robust(made("ATE"), at=10, model="logistic")
    np.testing.assert_allclose(column(found, "adjusted risk")[:, 0], R["logistic"]["robust"], rtol=1e-9)


def test_adjustment_moves_the_answer() -> None:
    """The arms are not alike: the unadjusted difference is another number."""
    found = people().adjusted_contrast(made("ATE"), at=20)
    apart = column(found, "adjusted risk difference") - column(found, "risk difference")
    assert abs(apart[0, 0]) > 0.01
