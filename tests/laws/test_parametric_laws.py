"""What holds for models with a distribution of time whoever the people are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from some_people import brisk
from test_parametric_second_implementation import CUTS, DISTRIBUTIONS, KNOTS, TERMS, drawn, law

import navoutcomes as nav
from navoutcomes.errors import Problem

seeds = st.integers(0, 2**31)
kinds = st.sampled_from(DISTRIBUTIONS)
PROFILE = pd.DataFrame({"age": [0.4], "sex": [1]})


def people(frame: pd.DataFrame, **how: str) -> nav.Cohort:
    return nav.Cohort.from_frame(
        frame, "time", "ended", endings={0: None, 1: "left"}, outcome="left", entry="entry", weight="weight", **how
    )


def answered(frame: pd.DataFrame, distribution: str, **how: object) -> nav.ParametricRegression:
    """The model of people who give one."""
    if distribution == "piecewise exponential" and "cuts" not in how:
        how["cuts"] = CUTS
    if distribution == "spline" and "knots" not in how:
        how["knots"] = KNOTS
    try:
        return people(frame).parametric(TERMS, distribution, **how)
    except Problem:
        assume(False)
        raise


def alike(one: pd.Series, other: pd.Series, tolerance: float = 1e-6) -> None:
    np.testing.assert_allclose(one.to_numpy(), other.to_numpy(), rtol=tolerance, atol=tolerance)


@brisk
@given(seeds, kinds, st.floats(0.02, 50))
def test_another_unit_of_time_moves_only_where_the_clock_stands(seed: int, kind: str, unit: float) -> None:
    frame = drawn(seed)
    other = frame.assign(time=frame["time"] * unit, entry=frame["entry"] * unit)
    how: dict[str, object] = {}
    if kind == "piecewise exponential":
        how = {"cuts": np.array(CUTS) * unit}
    if kind == "spline":
        how = {"knots": np.array(KNOTS) * unit}
    first, second = answered(frame, kind), answered(other, kind, **how)
    for name in ("estimate", "std_error"):
        alike(first.table[name].iloc[:2], second.table[name].iloc[:2], 1e-5)
    events = frame.loc[frame["ended"] == 1, "weight"].sum()
    assert second.log_likelihood == pytest.approx(first.log_likelihood - events * np.log(unit), abs=1e-6)
    times = [nav.predict_times(one, PROFILE, (0.25, 0.5)).table["estimate"] for one in (first, second)]
    alike(times[0] * unit, times[1], 1e-5)


@brisk
@given(seeds, kinds, st.floats(-40, 40), st.floats(0.1, 20))
def test_a_term_may_be_measured_from_anywhere_in_any_unit(seed: int, kind: str, shift: float, unit: float) -> None:
    frame = drawn(seed)
    first, second = answered(frame, kind), answered(frame.assign(age=frame["age"] * unit + shift), kind)
    alike(first.table["estimate"].iloc[:2], second.table["estimate"].iloc[:2] * [unit, 1], 1e-5)
    alike(first.table["std_error"].iloc[:2], second.table["std_error"].iloc[:2] * [unit, 1], 1e-5)
    moved = PROFILE.assign(age=PROFILE["age"] * unit + shift)
    one, other = nav.predict_times(first, PROFILE).table, nav.predict_times(second, moved).table
    alike(one["estimate"], other["estimate"], 1e-5)
    alike(one["std_error"], other["std_error"], 1e-4)


@brisk
@given(seeds, kinds)
def test_a_person_cut_in_two_rows_is_still_one_person(seed: int, kind: str) -> None:
    frame = drawn(seed).assign(person=range(60))
    cut = frame[frame["time"] - frame["entry"] > 1]
    first = cut.assign(time=cut["entry"] + 1, ended=0)
    rest = frame.assign(entry=np.where(frame["time"] - frame["entry"] > 1, frame["entry"] + 1, frame["entry"]))
    both = people(pd.concat([first, rest], ignore_index=True), person="person")
    how = {"piecewise exponential": {"cuts": CUTS}, "spline": {"knots": KNOTS}}.get(kind, {})
    whole, parts = answered(frame, kind), both.parametric(TERMS, kind, **how)
    alike(whole.table["estimate"], parts.table["estimate"], 1e-5)
    alike(whole.table["std_error"], parts.table["std_error"], 1e-5)


@brisk
@given(seeds)
def test_a_rate_in_one_piece_is_the_exponential_and_a_straight_spline_is_weibulls(seed: int) -> None:
    frame = drawn(seed)
    exponential, piece = answered(frame, "exponential"), answered(frame, "piecewise exponential", cuts=())
    alike(exponential.table["estimate"], -piece.table["estimate"])
    alike(exponential.table["std_error"], piece.table["std_error"])
    weibull, straight = answered(frame, "weibull"), answered(frame, "spline", knots=())
    scale = np.exp(weibull.coefficients["log scale"])
    alike(weibull.table["estimate"].iloc[:2], -straight.table["estimate"].iloc[:2] * scale)
    assert straight.coefficients["gamma 1"] == pytest.approx(1 / scale, rel=1e-6)
    for one, other in ((exponential, piece), (weibull, straight)):
        assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-8)
        times = [nav.predict_times(model, PROFILE, (0.2, 0.9)).table for model in (one, other)]
        alike(times[0]["estimate"], times[1]["estimate"])
        alike(times[0]["std_error"], times[1]["std_error"], 1e-5)


@brisk
@given(seeds)
def test_wider_families_fit_no_worse(seed: int) -> None:
    frame = drawn(seed)
    value = {name: answered(frame, name).log_likelihood for name in DISTRIBUTIONS if name != "piecewise exponential"}
    assert value["generalised gamma"] >= max(value["weibull"], value["log-normal"]) - 1e-8
    assert value["weibull"] >= value["exponential"] - 1e-8
    assert value["spline"] >= value["weibull"] - 1e-8


@brisk
@given(seeds)
def test_scales_by_stratum_without_terms_in_common_are_separate_models(seed: int) -> None:
    """With the stratum and its product with every term among the terms, each half is fitted for itself."""
    frame = drawn(seed)
    frame = frame.assign(half=np.arange(60) % 2)
    terms = ["age", "half", nav.Interaction(nav.Number("age"), nav.Number("half"))]
    try:
        both = people(frame).parametric(terms, "weibull", strata="half", errors="model")
        halves = [people(frame[frame["half"] == one]).parametric(["age"], errors="model") for one in (0, 1)]
    except Problem:
        assume(False)
    assert both.log_likelihood == pytest.approx(sum(one.log_likelihood for one in halves), abs=1e-7)
    for place, one in enumerate(halves):
        assert both.coefficients[f"log scale, {place}"] == pytest.approx(one.coefficients["log scale"], abs=1e-6)


@brisk
@given(seeds, kinds, st.sampled_from([0.1, 0.5, 0.8]))
def test_at_the_predicted_time_that_share_has_left(seed: int, kind: str, share: float) -> None:
    """The survivor of scipy's distributions there; and its error is that of numerical derivatives."""
    frame = drawn(seed)
    model = answered(frame, kind)
    table = nav.predict_times(model, PROFILE, share).table
    time, at = table["estimate"].to_numpy(), model.coefficients.to_numpy()
    assume(kind != "generalised gamma" or abs(at[-1]) > 0.05)
    assume(kind != "piecewise exponential" or np.abs(time - CUTS).min() > 0.02)
    ends = frame.loc[frame["ended"] == 1, "time"].to_numpy()

    def left(values: np.ndarray, moment: np.ndarray = time) -> float:
        return float(law(kind, values[2:], PROFILE.to_numpy(dtype=float) @ values[:2], ends)[1](moment)[0])

    assert left(at) == pytest.approx(np.log1p(-share), abs=1e-6)
    hazard = -(left(at, time * (1 + 1e-6)) - left(at, time * (1 - 1e-6))) / (2e-6 * time[0])
    slope = [(left(at + step) - left(at - step)) / 2e-5 for step in 1e-5 * np.eye(len(at))] / hazard
    assert table["std_error"].iloc[0] == pytest.approx(np.sqrt(slope @ model.covariance.to_numpy() @ slope), rel=1e-4)
