"""Laws of curves that hold for any people: what adds to one, what is an area, what never turns back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_people import ENDINGS, brisk, close, cohort, common_horizon, people, quick, two_groups

import navoutcomes as nav
from navoutcomes.maths.counting import count, gather, tally

FORMS = [(), ("entry",), ("weight",), ("cluster",), ("entry", "weight", "cluster")]
ALONE = {"followed": None, "job": "job", "other": None}
named = pytest.mark.parametrize("roles", FORMS, ids=lambda roles: " ".join(roles) or "plain")


def by_cause(one: nav.Cohort, **how: object) -> dict[str, pd.DataFrame]:
    table = one.cumulative_incidence(**how).table
    return {cause: own.reset_index(drop=True) for cause, own in table.groupby("cause")}


@named
@given(frame=people())
@brisk
def test_those_who_left_and_those_who_stay_make_one(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    one = cohort(frame, *roles)
    left, stay = by_cause(one), one.survival_curve().table
    total = left["job"]["estimate"] + left["other"]["estimate"] + stay["estimate"]
    np.testing.assert_allclose(total, 1, atol=1e-12)


@named
@given(frame=people())
@brisk
def test_curves_never_turn_back_and_never_leave_0_to_1(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    one = cohort(frame, *roles)
    stay = one.survival_curve().table["estimate"]
    assert (stay.diff().dropna() <= 1e-12).all()
    assert stay.between(-1e-12, 1 + 1e-12).all()
    for own in by_cause(one).values():
        assert (own["estimate"].diff().dropna() >= -1e-12).all()
        assert own["estimate"].between(-1e-12, 1 + 1e-12).all()


@named
@given(frame=people())
@brisk
def test_with_one_cause_the_incidence_is_what_kaplan_meier_lacks(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    """The error is the same too where both are the jackknife."""
    one = cohort(frame.assign(ending=frame["ending"].replace("other", "job")), *roles, endings=ALONE)
    stay = one.survival_curve(errors="robust").table
    left = one.cumulative_incidence(errors="robust").table
    np.testing.assert_allclose(left["estimate"], 1 - stay["estimate"], atol=1e-12)
    given_out = stay["std_error"].notna()
    np.testing.assert_allclose(left["std_error"][given_out], stay["std_error"][given_out], atol=1e-10)


@named
@given(frame=people())
@brisk
def test_one_minus_kaplan_meier_is_never_below_the_incidence(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    naive = 1 - cohort(frame, *roles, endings=ALONE).survival_curve().table["estimate"]
    right = by_cause(cohort(frame, *roles))["job"]["estimate"]
    assert (naive.to_numpy() >= right.to_numpy() - 1e-12).all()


@given(frame=people(endings=("job", "other")))
@quick
def test_without_censoring_the_incidence_is_the_share_counted(frame: pd.DataFrame) -> None:
    for cause, own in by_cause(cohort(frame)).items():
        counted = [((frame["ending"] == cause) & (frame["time"] <= time)).mean() for time in own["time"]]
        np.testing.assert_allclose(own["estimate"], counted, atol=1e-12)
        share = own["estimate"]
        np.testing.assert_allclose(own["std_error"], np.sqrt(share * (1 - share) / len(frame)), atol=1e-8)


@named
@given(frame=people(), part=st.floats(0.2, 1.0))
@brisk
def test_a_restricted_mean_is_the_area_and_the_means_make_the_horizon(
    roles: tuple[str, ...], frame: pd.DataFrame, part: float
) -> None:
    one = cohort(frame, *roles)
    horizon = part * common_horizon(one, None)
    steps = np.unique(np.append(np.arange(0, horizon, 1.0), horizon))
    height = one.survival_curve().at(steps[:-1])["estimate"].to_numpy()
    stay = one.restricted_mean(horizon).table["estimate"].iloc[0]
    assert stay == pytest.approx(float(height @ np.diff(steps)), abs=1e-10)
    lost = [one.restricted_mean(horizon, cause=cause).table["estimate"].iloc[0] for cause in ("job", "other")]
    assert stay + sum(lost) == pytest.approx(horizon, abs=1e-10)


@named
@given(frame=people())
@brisk
def test_the_hazard_is_never_below_minus_the_log_of_the_share_that_stays(
    roles: tuple[str, ...], frame: pd.DataFrame
) -> None:
    """exp(-Nelson-Aalen) >= Kaplan-Meier, as 1 - x <= exp(-x)."""
    one = cohort(frame, *roles)
    hazard = one.cumulative_hazard().table.groupby("time")["estimate"].sum().to_numpy()
    assert (np.exp(-hazard) >= one.survival_curve().table["estimate"].to_numpy() - 1e-12).all()


@given(frame=people(least=3))
@quick
def test_without_entry_weights_and_offices_greenwood_is_the_jackknife(frame: pd.DataFrame) -> None:
    one = cohort(frame)
    for verb in ("survival_curve", "cumulative_incidence"):
        plain, robust = (getattr(one, verb)(errors=how).table for how in ("greenwood", "robust"))
        np.testing.assert_allclose(plain["std_error"], robust["std_error"], atol=1e-8)
    horizon = common_horizon(one, None)
    plain, robust = (one.restricted_mean(horizon, errors=how).table for how in (None, "robust"))
    np.testing.assert_allclose(plain["std_error"], robust["std_error"], atol=1e-8)


@pytest.mark.parametrize("roles", [(), ("entry",), ("weight",), ("entry", "weight")], ids=" ".join)
@given(frame=two_groups())
@brisk
def test_offices_of_one_person_each_are_persons(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    frame = frame.assign(office=range(len(frame)))
    persons, offices = cohort(frame, *roles), cohort(frame, *roles, "cluster")
    for verb in ("survival_curve", "cumulative_incidence", "cumulative_hazard"):
        one = getattr(persons, verb)(by="group", errors="robust").table
        close(one, getattr(offices, verb)(by="group", errors="lin-wei").table, columns=("estimate", "std_error"))
    horizon = common_horizon(persons)
    means = persons.restricted_mean(horizon, by="group", errors="robust", small_sample=False).table
    close(means, offices.restricted_mean(horizon, by="group", errors="lin-wei").table)
    apart = persons.contrast(by="group", at=horizon, errors="robust").table
    close(apart, offices.contrast(by="group", at=horizon, errors="lin-wei").table, columns=("estimate", "std_error"))
    if "weight" in roles:
        first, second = (one.logrank_test(by="group", errors="lin-wei") for one in (persons, offices))
        np.testing.assert_allclose(first.covariance, second.covariance, atol=1e-10)


@pytest.mark.parametrize("interval", ["plain", "log", "log-log", "logit", "arcsine", "cloglog", None])
@given(frame=people(), level=st.sampled_from([0.5, 0.8]))
@brisk
def test_intervals_hold_the_estimate_and_widen_with_the_level(
    interval: str | None, frame: pd.DataFrame, level: float
) -> None:
    one = cohort(frame)
    for verb in ("survival_curve", "cumulative_incidence")[interval == "cloglog" :]:
        narrow, wide = (getattr(one, verb)(interval=interval, level=how).table for how in (level, 0.99))
        known = narrow["conf_low"].notna() & narrow["conf_high"].notna()
        narrow, wide = narrow[known], wide[known]
        assert (narrow["conf_low"] <= narrow["estimate"] + 1e-9).all()
        assert (narrow["conf_high"] >= narrow["estimate"] - 1e-9).all()
        assert (wide["conf_low"] <= narrow["conf_low"] + 1e-9).all()
        assert (wide["conf_high"] >= narrow["conf_high"] - 1e-9).all()
        assert narrow["conf_low"].between(0, 1).all()
        assert narrow["conf_high"].between(0, 1).all()


@named
@given(frame=two_groups())
@brisk
def test_differences_are_the_differences_of_the_curves(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    one = cohort(frame, *roles)
    at = common_horizon(one)
    measures = ("risk difference", "restricted mean difference", "restricted mean time lost difference")
    how = {"errors": "lin-wei"} if "cluster" in roles else {}
    found = one.contrast(by="group", at=at, measure=measures, **how).table.set_index("measure")["estimate"]
    share = one.cumulative_incidence(by="group").at(at).query("cause == 'job'").set_index("group")["estimate"]
    mean, lost = (
        one.restricted_mean(at, by="group", cause=cause).table.set_index("group")["estimate"] for cause in (None, "job")
    )
    expected = [values["b"] - values["a"] for values in (share, mean, lost)]
    assert found[list(measures)].tolist() == pytest.approx(expected, abs=1e-10)


@given(one=people(), other=people())
@quick
def test_the_counts_of_two_groups_add_up_to_the_counts_of_both(one: pd.DataFrame, other: pd.DataFrame) -> None:
    def counted(frame: pd.DataFrame) -> object:
        cause = frame["ending"].map({name: place - 1 for place, name in enumerate(ENDINGS)})
        return count(frame["time"], cause, 2, frame["entry"], frame["weight"])

    added, together = counted(one) + counted(other), counted(pd.concat([one, other]))
    for part in ("time", "entered", "events", "censored", "at_risk"):
        np.testing.assert_allclose(getattr(added, part), getattr(together, part), atol=1e-12)


@given(frame=people())
@quick
def test_everybody_who_comes_in_goes_out_and_nobody_is_at_risk_below_zero(frame: pd.DataFrame) -> None:
    cause = frame["ending"].map({name: place - 1 for place, name in enumerate(ENDINGS)})
    counts = tally(gather(frame["time"], cause, 2, frame["entry"]))
    assert counts.exits.sum() == counts.entered.sum() == len(frame)
    assert (counts.at_risk >= 0).all()
    begin, end = frame["entry"].to_numpy()[:, None], frame["time"].to_numpy()[:, None]
    np.testing.assert_array_equal(counts.at_risk, ((begin < counts.time) & (counts.time <= end)).sum(axis=0))
