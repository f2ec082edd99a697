"""Laws of the tests of no difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from some_people import brisk, cohort, people, quick, two_groups

import navoutcomes as nav

WEIGHTS = ["logrank", "gehan", "tarone-ware", "peto", "modified-peto", "fleming-harrington"]


@pytest.mark.parametrize("weights", WEIGHTS)
@given(frame=two_groups())
@brisk
def test_scores_add_to_nothing_and_so_do_their_variances(weights: str, frame: pd.DataFrame) -> None:
    frame.loc[[0, 1], "office"] = [0, 1]
    for roles in ((), ("entry",), ("weight", "cluster", "entry")):
        found = cohort(frame, *roles).logrank_test(by="office", weights=weights, errors="lin-wei")
        scale = 1 + np.abs(found.covariance).max()
        np.testing.assert_allclose(found.score.sum() / scale, 0, atol=1e-9)
        np.testing.assert_allclose(found.covariance.sum(axis=0) / scale, 0, atol=1e-9)
        np.testing.assert_allclose(found.covariance, found.covariance.T, atol=1e-9 * scale)
        assert (np.linalg.eigvalsh(found.covariance) >= -1e-9 * scale).all()


@given(frame=two_groups())
@quick
def test_one_stratum_is_no_strata(frame: pd.DataFrame) -> None:
    one = cohort(frame.assign(stratum="same"))
    for plain, layered in (
        (one.logrank_test(by="group"), one.logrank_test(by="group", strata="stratum")),
        (one.gray_test(by="group"), one.gray_test(by="group", strata="stratum")),
    ):
        assert plain.statistic == pytest.approx(layered.statistic, nan_ok=True)
        assert plain.p_value == pytest.approx(layered.p_value, nan_ok=True)


@given(frame=two_groups())
@quick
def test_strata_are_added(frame: pd.DataFrame) -> None:
    """Score and variance of a stratified test are the sums over the strata tested alone."""
    # A stratum of whom all leave at one time cannot be tested alone.
    assume((frame.groupby("stratum")["time"].nunique() > 1).all())
    for verb in ("logrank_test", "gray_test"):
        whole = getattr(cohort(frame), verb)(by="group", strata="stratum")
        score, covariance = np.zeros(2), np.zeros((2, 2))
        for _, own in frame.groupby("stratum"):
            if own["group"].nunique() == 2 and (own["ending"] == "job").any():
                part = getattr(cohort(own), verb)(by="group")
                score, covariance = score + part.score, covariance + part.covariance
            elif verb == "logrank_test" and own["group"].nunique() == 2 and (own["ending"] == "other").any():
                swapped = cohort(own, outcome="other", endings={"followed": None, "job": "job", "other": "other"})
                part = swapped.logrank_test(by="group")
                score, covariance = score + part.score, covariance + part.covariance
        np.testing.assert_allclose(whole.score, score, atol=1e-10)
        np.testing.assert_allclose(whole.covariance, covariance, atol=1e-10)


@given(frame=two_groups())
@quick
def test_with_one_cause_grays_score_is_the_log_rank_score(frame: pd.DataFrame) -> None:
    one = cohort(frame.assign(ending=frame["ending"].replace("other", "job")))
    np.testing.assert_allclose(
        one.gray_test(by="group").score, one.logrank_test(by="group", cause="job").score, atol=1e-10
    )


@given(frame=two_groups(endings=("job", "other")))
@quick
def test_without_censoring_grays_score_keeps_those_who_left_for_other_reasons_at_risk(frame: pd.DataFrame) -> None:
    """It is the log-rank score when they are followed to the end, as long as every group has somebody at risk."""
    frame.loc[[0, 1], "time"] = 50
    found = cohort(frame).gray_test(by="group", cause="job")
    gone = frame["ending"] == "other"
    kept = frame.assign(time=frame["time"].where(~gone, 99), ending=frame["ending"].where(~gone, "followed"))
    np.testing.assert_allclose(found.score, cohort(kept).logrank_test(by="group", cause="job").score, atol=1e-10)


@given(frame=two_groups())
@quick
def test_the_weight_of_fleming_and_harrington_without_powers_is_the_log_rank_test(frame: pd.DataFrame) -> None:
    one = cohort(frame)
    first, second = one.logrank_test(by="group"), one.logrank_test(by="group", weights="fleming-harrington")
    np.testing.assert_allclose(first.score, second.score, atol=1e-12)
    np.testing.assert_allclose(first.covariance, second.covariance, atol=1e-12)


@given(frame=people(least=6))
@quick
def test_the_statistic_does_not_depend_on_which_group_is_left_out(frame: pd.DataFrame) -> None:
    """Three groups: the first is dropped from the quadratic form; renamed, another one is."""
    frame.loc[[0, 1, 2], "stratum"] = ["x", "y", "z"]
    frame.loc[0, "ending"] = "job"
    frame.loc[[0, 1], "time"], frame.loc[[0, 1], "entry"] = [1, 2], 0
    turned = frame.assign(stratum=frame["stratum"].map({"x": "z", "y": "x", "z": "y"}))
    for verb in ("logrank_test", "gray_test"):
        first, second = (getattr(cohort(one), verb)(by="stratum") for one in (frame, turned))
        assert first.df == second.df
        assert first.statistic == pytest.approx(second.statistic, rel=1e-6, abs=1e-8, nan_ok=True)


def test_where_cmprsk_prints_a_negative_chi_square_we_print_none() -> None:
    """Nine of ten leave at two times: R's variance is -0.20 and its statistic -7.13 with p = 1."""
    frame = pd.DataFrame({"time": [2, 2, 1, 1, 2, 2, 2, 1, 2, 2], "group": list("abbabbaabb")})
    frame["ending"] = ["job"] * 2 + ["followed"] + ["job"] * 7
    found = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="followed").gray_test(by="group")
    assert found.covariance[1, 1] == pytest.approx(-0.20203379, abs=1e-8)
    assert np.isnan(found.statistic)
    assert np.isnan(found.p_value)
