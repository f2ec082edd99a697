"""Cumulative incidence equals R: ``survfit`` (jackknife), ``etm`` and ``prodlim`` (Greenwood type), ``cmprsk``.

``cmprsk`` prints another variance (Aalen's delta method, which in the third digit is the larger one); ours is not that
one, and a test says how far they are apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
from reference_files import Study, numbers, over, same, study, whole

import navoutcomes as nav

CAUSES = ("cause1", "cause2")
LATER = {"fine_gray", "finegray_coxph", "cause_specific_cox"}
TESTS = {"gray_test", "gray_test_stratified"}
PARTS = {
    *("n", "counts", "states", "time", "n_risk", "pstate", "std_err_IJ", "at_times", "cmprsk_cuminc", "etm_greenwood"),
    *("prodlim", "restricted_mean_time_in_state", "event_free_KM", "one_minus_KM_naive"),
}


@cache
def incidence(name: str, by: str | None, interval: str) -> nav.IncidenceCurves:
    return study(name).cohort.cumulative_incidence(by=by, interval=interval)


@cache
def survival(name: str, by: str | None) -> nav.SurvivalCurves:
    return study(name).cohort.survival_curve(by=by, interval="log")


def read(one: Study, curve: str, times: list[float], cause: int, interval: str = "log") -> pd.DataFrame:
    """Our estimates at stated times; cause 0 is "still followed", as in R's states."""
    by, group, _ = one.curve(curve)
    found = (incidence(one.name, by, interval) if cause else survival(one.name, by)).at(times)
    found = found[found["group"] == group]
    return found[found["cause"] == CAUSES[cause - 1]] if cause else found


def _states(name: str) -> Iterator[tuple[str, int]]:
    for curve in study(name).curves:
        for state in range(3):
            yield curve, state


def _causes(name: str) -> Iterator[tuple[str, int]]:
    for curve in study(name).curves:
        yield curve, 1
        yield curve, 2


def _sources(name: str) -> Iterator[tuple[str, str, int]]:
    for curve, cause in _causes(name):
        for source in ("etm_greenwood", "prodlim"):
            if study(name).curve(curve)[2].get(source):
                yield curve, source, cause


@over("cr", "name curve state", _states)
def test_the_share_in_each_state_equals_survfit_at_every_time(name: str, curve: str, state: int) -> None:
    one = study(name)
    theirs = one.curve(curve)[2]
    found = read(one, curve, theirs["time"], state)
    same(found["at_risk"], theirs["n_risk"])
    same(found["estimate"], numbers(theirs["pstate"])[:, state])
    same(found["std_error"], numbers(theirs["std_err_IJ"])[:, state])


@over("cr", "name curve state", _states)
def test_stated_times_and_their_intervals_equal_survfit(name: str, curve: str, state: int) -> None:
    one = study(name)
    theirs = one.curve(curve)[2]["at_times"]
    assert theirs["conf_type"] == "log"
    found = read(one, curve, theirs["time"], state)
    columns = {"pstate": "estimate", "std_err_IJ": "std_error", "lower": "conf_low", "upper": "conf_high"}
    # Before anybody leaves R fills the limits of every state with 0, also of the one that holds everybody.
    started = found["time"].to_numpy() >= (min(one.curve(curve)[2]["time"]) if state == 0 else 0)
    for quantity, column in columns.items():
        same(found[column][started], numbers(theirs[quantity])[started, state])


@over("cr", "name curve source cause", _sources)
def test_the_variance_is_the_one_of_etm_and_prodlim(name: str, curve: str, source: str, cause: int) -> None:
    one = study(name)
    theirs = one.curve(curve)[2][source][cause - 1]
    found = read(one, curve, theirs["time"], cause, "plain")
    if source == "prodlim":
        assert theirs["cause"] == cause
        estimate, error, low, high = (theirs[key] for key in ("cuminc", "se", "lower", "upper"))
    else:
        assert theirs["trans"] == f"0 {cause}"
        estimate, error = theirs["P"], np.sqrt(numbers(theirs["var_greenwood"]))
        low, high = theirs["lower_linear"], theirs["upper_linear"]
    same(found["estimate"], estimate)
    same(found["std_error"], error)
    same(found["conf_low"], low)
    same(found["conf_high"], high)


@over("cr", "name curve cause", _causes)
def test_cmprsk_gives_the_same_curve_and_another_variance(name: str, curve: str, cause: int) -> None:
    one = study(name)
    theirs = one.curve(curve)[2]["cmprsk_cuminc"]
    found = read(one, curve, theirs["time"], cause)
    same(found["estimate"], theirs["est"][cause - 1])
    known = found["std_error"].to_numpy() > 0
    delta = np.sqrt(numbers(theirs["var_aalen_delta"][cause - 1]))
    ratio = found["std_error"].to_numpy()[known] / delta[known]
    assert (ratio < 1).all()
    assert (ratio > (0.96 if one.curve(curve)[2]["n"] >= 35 else 0.9)).all()


@over("cr", "name curve state", _states)
def test_mean_time_in_each_state_equals_survfit(name: str, curve: str, state: int) -> None:
    one = study(name)
    by, group, results = one.curve(curve)
    theirs = results["restricted_mean_time_in_state"]
    cause = CAUSES[state - 1] if state else None
    table = one.cohort.restricted_mean(horizon=theirs["tau"], by=by, cause=cause).table
    same(table.set_index("group").loc[group, "estimate"], theirs["rmean"][state])


@over("cr", "name curve", lambda name: [(curve,) for curve in study(name).curves])
def test_the_share_without_any_ending_is_kaplan_meier(name: str, curve: str) -> None:
    one = study(name)
    theirs = one.curve(curve)[2]["event_free_KM"]
    found = read(one, curve, theirs["time"], 0)
    same(found["estimate"], theirs["surv"])
    same(found["std_error"], theirs["se"])


@over("cr", "name curve cause", _causes)
def test_one_minus_kaplan_meier_is_the_wrong_curve(name: str, curve: str, cause: int) -> None:
    """With the other cause as a censoring we reproduce R's naive curve; the incidence is never above it."""
    one = study(name)
    by, group, results = one.curve(curve)
    times = results["event_free_KM"]["time"]
    alone = nav.Cohort.from_frame(
        one.frame,
        time=one.spec["time"],
        ending=one.spec["status"],
        endings={0: None, cause: "the cause", 3 - cause: None},
        outcome="the cause",
    )
    naive = alone.survival_curve(by=by).at(times)
    naive = 1 - naive.loc[naive["group"] == group, "estimate"].to_numpy()
    same(naive, results["one_minus_KM_naive"][cause - 1]["est"])
    right = read(one, curve, times, cause)["estimate"].to_numpy()
    assert (naive >= right - 1e-12).all()
    assert naive[-1] > right[-1] + 0.005


@over("cr", "name curve", lambda name: [(curve,) for curve in study(name).curves])
def test_persons_and_their_endings_are_counted_as_in_r(name: str, curve: str) -> None:
    one = study(name)
    by, group, theirs = one.curve(curve)
    counts = one.cohort.risk_table(by=by).groups[group]
    found = {"censor": counts.censored.sum(), "cause1": counts.events[0].sum(), "cause2": counts.events[1].sum()}
    assert found == theirs["counts"]
    assert sum(found.values()) == theirs["n"]


@over("cr", "name", whole)
def test_nothing_in_a_file_of_competing_risks_is_left_out(name: str) -> None:
    one = study(name)
    assert set(one.results) <= {"spec", "overall", "by_group", *TESTS, *LATER}
    assert all(set(one.curve(curve)[2]) <= PARTS for curve in one.curves)
