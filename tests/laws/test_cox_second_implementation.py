"""Cox models agree with plain loops, statsmodels, lifelines and moved weights, on random people."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from cox_by_hand import People, derivative, log_likelihood, pulls, score, top
from hypothesis import assume, given
from hypothesis import strategies as st
from some_people import brisk, quick

import navoutcomes as nav

TERMS = ["x", "z"]
ways = st.tuples(st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["efron", "breslow"]))


@st.composite
def people(draw: st.DrawFn, least: int = 25, most: int = 50) -> pd.DataFrame:
    """Whole weeks with many ties; two covariates with little to say, so that the likelihood has a top."""
    size, roll = draw(st.integers(least, most)), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    time = roll.integers(1, 8, size).astype(float)
    return pd.DataFrame(
        {
            "time": time,
            "entry": np.minimum(roll.integers(0, 5, size), time - 1),
            "event": (roll.random(size) < 0.7).astype(int),
            "x": roll.integers(0, 2, size).astype(float),
            "z": np.round(roll.normal(size=size), 2),
            "weight": roll.choice([0.5, 1.0, 1.25, 2.0], size),
            "office": roll.integers(0, 9, size),
            "stratum": roll.choice(["a", "b"], size),
        }
    )


def ours(frame: pd.DataFrame, entry: bool, weight: bool, strata: bool, ties: str, **how: object) -> nav.CoxRegression:
    roles = {"entry": "entry"} if entry else {}
    roles |= {"weight": "weight"} if weight else {}
    roles |= {"cluster": "office"} if how.pop("cluster", False) else {}
    cohort = nav.Cohort.from_frame(
        frame, "time", "event", endings={0: None, 1: "job"}, outcome="job", unit="weeks", **roles
    )
    return cohort.cox(TERMS, ties=ties, strata="stratum" if strata else None, **how)


def by_hand(frame: pd.DataFrame, entry: bool, weight: bool, strata: bool) -> People:
    return People(
        frame["time"].to_numpy(),
        np.where(frame["entry"] > 0, frame["entry"], -1) if entry else np.full(len(frame), -1.0),
        frame["event"].to_numpy(),
        frame[TERMS].to_numpy(),
        frame["weight"].to_numpy() if weight else np.ones(len(frame)),
        (frame["stratum"] == "b").to_numpy() if strata else None,
    )


@given(frame=people(), way=ways)
@quick
def test_estimate_likelihood_score_and_information(frame: pd.DataFrame, way: tuple[bool, bool, bool, str]) -> None:
    assume(frame["event"].sum() > 8)
    model, hand = ours(frame, *way, errors="model"), by_hand(frame, *way[:3])
    efron, beta = way[3] == "efron", model.coefficients.to_numpy()
    assert score(hand, beta, efron) == pytest.approx([0.0, 0.0], abs=1e-7)
    np.testing.assert_allclose(beta, top(hand, efron), rtol=1e-8, atol=1e-9)
    assert model.log_likelihood == pytest.approx(log_likelihood(hand, beta, efron), rel=1e-10)
    second = -np.array([derivative(lambda b, at=at: score(hand, b, efron)[at], beta) for at in range(2)])
    np.testing.assert_allclose(np.linalg.inv(model.covariance.to_numpy()), second, rtol=1e-7, atol=1e-7)


@given(frame=people(most=30), way=ways)
@brisk
def test_robust_errors_are_the_pulls_of_moved_weights(frame: pd.DataFrame, way: tuple[bool, bool, bool, str]) -> None:
    assume(frame["event"].sum() > 8)
    hand, efron = by_hand(frame, *way[:3]), way[3] == "efron"
    moved = pulls(hand, top(hand, efron), efron) * hand.weight[:, None]
    found = ours(frame, *way, errors="robust").covariance.to_numpy()
    np.testing.assert_allclose(found, moved.T @ moved, rtol=2e-6, atol=1e-9)
    office = pd.DataFrame(moved).groupby(frame["office"].to_numpy()).sum().to_numpy()
    found = ours(frame, *way, errors="lin-wei", cluster=True).covariance.to_numpy()
    np.testing.assert_allclose(found, office.T @ office, rtol=2e-6, atol=1e-9)


@given(frame=people(), ties=st.sampled_from(["efron", "breslow"]))
@brisk
def test_statsmodels_agrees_without_weights_and_entry(frame: pd.DataFrame, ties: str) -> None:
    """With delayed entry it counts who enters at a time as at risk then; with Efron its information is wrong."""
    from statsmodels.duration.hazard_regression import PHReg

    assume(frame["event"].sum() > 8)
    model = ours(frame, False, False, False, ties, errors="model")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = PHReg(frame["time"], frame[TERMS], status=frame["event"], ties=ties).fit(disp=0)
    np.testing.assert_allclose(model.table["estimate"], peer.params, rtol=1e-5, atol=1e-6)
    if ties == "breslow":
        np.testing.assert_allclose(model.table["std_error"], peer.bse, rtol=1e-5)


@given(frame=people())
@brisk
def test_lifelines_agrees_on_efron_and_on_a_weight_of_two(frame: pd.DataFrame) -> None:
    from lifelines import CoxPHFitter

    assume(frame["event"].sum() > 8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = CoxPHFitter().fit(frame[["time", "event", *TERMS]], "time", "event", fit_options={"precision": 1e-12})
    model = ours(frame, False, False, False, "efron", errors="model")
    np.testing.assert_allclose(model.table["estimate"], fitter.params_, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(model.table["std_error"], fitter.standard_errors_, rtol=1e-6)
    np.testing.assert_allclose(model.log_likelihood, fitter.log_likelihood_, rtol=1e-9)


@given(frame=people(), way=ways)
@brisk
def test_laws_of_the_hazard_ratio(frame: pd.DataFrame, way: tuple[bool, bool, bool, str]) -> None:
    """Order and units change nothing; the other label gives the inverse; one stratum is none; nor does moving z."""
    assume(frame["event"].sum() > 8)
    beta = ours(frame, *way).coefficients.to_numpy()
    shuffled = ours(frame.sample(frac=1, random_state=3), *way).coefficients.to_numpy()
    np.testing.assert_allclose(shuffled, beta, rtol=1e-9, atol=1e-11)
    days = ours(frame.assign(time=frame["time"] * 7, entry=frame["entry"] * 7), *way).coefficients.to_numpy()
    np.testing.assert_allclose(days, beta, rtol=1e-9, atol=1e-11)
    other = ours(frame.assign(x=1 - frame["x"], z=frame["z"] * 10 + 1e6), *way).coefficients.to_numpy()
    np.testing.assert_allclose(other, beta * [-1, 0.1], rtol=1e-6, atol=1e-9)
    alone = ours(frame.assign(stratum="a"), way[0], way[1], True, way[3]).coefficients.to_numpy()
    np.testing.assert_allclose(alone, ours(frame, way[0], way[1], False, way[3]).coefficients, rtol=1e-9, atol=1e-11)


@given(frame=people())
@brisk
def test_a_weight_of_two_is_the_row_twice_with_breslow(frame: pd.DataFrame) -> None:
    assume(frame["event"].sum() > 8)
    whole = frame.assign(weight=np.where(frame["weight"] > 1, 2.0, 1.0))
    twice = pd.concat([whole, whole[whole["weight"] == 2]], ignore_index=True)
    one = ours(whole, True, True, False, "breslow").coefficients
    other = ours(twice, True, False, False, "breslow").coefficients
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-10)


@given(frame=people())
@brisk
def test_a_person_cut_in_pieces_is_the_same_person(frame: pd.DataFrame) -> None:
    assume(frame["event"].sum() > 8)
    frame = frame.assign(person=np.arange(len(frame)))
    early = frame[frame["time"] > 3].assign(time=3.0, event=0)
    early = early[early["entry"] < 3]
    late = frame.assign(entry=np.where(frame["time"] > 3, np.maximum(frame["entry"], 3), frame["entry"]))
    pieces = pd.concat([early, late], ignore_index=True)
    whole = nav.Cohort.from_frame(
        frame, "time", "event", endings={0: None, 1: "job"}, outcome="job", entry="entry", person="person"
    ).cox(TERMS)
    cut = nav.Cohort.from_frame(
        pieces, "time", "event", endings={0: None, 1: "job"}, outcome="job", entry="entry", person="person"
    ).cox(TERMS)
    np.testing.assert_allclose(whole.table["estimate"], cut.table["estimate"], rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(whole.table["std_error"], cut.table["std_error"], rtol=1e-8)


@given(frame=people())
@brisk
def test_the_score_test_is_the_log_rank_test_without_ties(frame: pd.DataFrame) -> None:
    frame = frame.assign(time=np.random.default_rng(len(frame)).permutation(len(frame)) + 1.0)
    assume(frame["event"].sum() > 8 and frame["x"].nunique() == 2)
    cohort = nav.Cohort.from_frame(frame, "time", "event", endings={0: None, 1: "job"}, outcome="job")
    model = cohort.cox(["x"], errors="model")
    tests = model.tests.set_index("measure")["statistic"]
    assert tests["score"] == pytest.approx(cohort.logrank_test(by="x").statistic, rel=1e-8)


@given(frame=people())
@brisk
def test_residuals_add_up_and_the_curve_of_the_average_person_is_the_baseline(frame: pd.DataFrame) -> None:
    assume(frame["event"].sum() > 8)
    model = ours(frame, True, True, True, "efron")
    weight = frame["weight"].to_numpy()
    assert weight @ nav.residuals(model)["residual"] == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(weight @ nav.residuals(model, "score").to_numpy(), 0.0, atol=1e-7)
    moved = nav.residuals(model, "dfbeta").to_numpy() * weight[:, None]
    np.testing.assert_allclose(moved.T @ moved, model.covariance, rtol=1e-8, atol=1e-12)


@given(frame=people(most=30), entry=st.booleans(), weight=st.booleans())
@brisk
def test_a_curve_for_a_profile_moves_with_weights_as_its_error_says(
    frame: pd.DataFrame, entry: bool, weight: bool
) -> None:
    assume(frame["event"].sum() > 8)
    profile = pd.DataFrame({"x": [1.0], "z": [0.3]})
    frame = frame.assign(ending=np.where(frame["event"] == 1, np.where(frame["office"] < 5, 1, 2), 0))
    assume((frame["ending"].value_counts() > 5).all() and frame["ending"].nunique() == 3)
    roles = {"entry": "entry"} if entry else {}
    endings = {0: None, 1: "job", 2: "other"}

    def share(mass: np.ndarray) -> nav.ProfileCurves:
        rows = frame.assign(mass=mass)
        cohort = nav.Cohort.from_frame(rows, "time", "ending", endings=endings, outcome="job", weight="mass", **roles)
        return nav.predict(cohort.cause_specific(TERMS), profile, [3, 5])

    start = frame["weight"].to_numpy() if weight else np.ones(len(frame))
    pulled = []
    for row in range(len(frame)):
        nudge = np.zeros(len(frame))
        nudge[row] = 1e-5
        both = [share(start + sign * nudge).table["estimate"].to_numpy() for sign in (1, -1)]
        pulled.append((both[0] - both[1]) / 2e-5 * start[row])
    found = share(start + 1e-12).table["std_error"]
    np.testing.assert_allclose(found, np.sqrt((np.array(pulled) ** 2).sum(axis=0)), rtol=1e-5, atol=1e-8)


@given(frame=people(), way=ways)
@brisk
def test_more_laws_of_the_hazard_ratio(frame: pd.DataFrame, way: tuple[bool, bool, bool, str]) -> None:
    """Who is censored before anybody ends, weights in another unit, and names of people change nothing."""
    assume(frame["event"].sum() > 8)
    model = ours(frame, *way)
    early = frame.head(3).assign(time=0.5, entry=0.0, event=0)
    more = ours(pd.concat([frame.assign(entry=frame["entry"]), early], ignore_index=True), *way)
    np.testing.assert_allclose(more.table["estimate"], model.table["estimate"], rtol=1e-8, atol=1e-10)
    heavy = ours(frame.assign(weight=frame["weight"] * 7), *way)
    np.testing.assert_allclose(
        heavy.table[["estimate", "std_error"]], model.table[["estimate", "std_error"]], rtol=1e-7
    )


@given(frame=people(), way=ways)
@brisk
def test_an_offset_takes_the_place_of_what_is_known(frame: pd.DataFrame, way: tuple[bool, bool, bool, str]) -> None:
    """With the fitted part as an offset nothing is left to find; what predicts backwards is as often wrong as right."""
    assume(frame["event"].sum() > 8)
    model = ours(frame, *way)
    known = frame.assign(known=frame[TERMS].to_numpy() @ model.coefficients.to_numpy())
    left = ours(known, *way, offset="known")
    np.testing.assert_allclose(left.table["estimate"], 0.0, atol=1e-8)
    assert left.log_likelihood == pytest.approx(model.log_likelihood, rel=1e-10)
    found = nav.concordance(model)
    assert 0 <= found.table["estimate"].iloc[0] <= 1
    backwards = nav.concordance(ours(known.assign(known=-5 * known["known"]), *way, offset="known"))
    assert backwards.concordant + backwards.discordant + backwards.tied == pytest.approx(
        found.concordant + found.discordant + found.tied, rel=1e-12
    )


@given(frame=people())
@brisk
def test_every_cause_at_once_is_one_model_for_each(frame: pd.DataFrame) -> None:
    frame = frame.assign(ending=np.where(frame["event"] == 1, np.where(frame["office"] < 5, 1, 2), 0))
    assume((frame["ending"].value_counts() > 5).all() and frame["ending"].nunique() == 3)
    cohort = nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job", 2: "other"}, outcome="job", weight="weight"
    )
    both = cohort.cause_specific(TERMS).table
    for cause in ("job", "other"):
        alone = cohort.cox(TERMS, cause=cause).table
        pd.testing.assert_frame_equal(both[both["cause"] == cause].reset_index(drop=True), alone)
    shares = nav.predict(cohort.cause_specific(TERMS), frame[TERMS].head(2), [2, 4]).table
    together = shares.groupby(["group", "time"])["estimate"].sum()
    assert ((together > 0) & (together <= 1 + 1e-12)).all()
