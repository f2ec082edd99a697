"""R's stored results about states, repeated events and pseudo-values, where NAVOUTCOMES_REFERENCE names a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference_files import FOLDER, MISSING, numbers, raw, same

import navoutcomes as nav

STATES = ("Tx", "PR", "RelDeath")
TERMS = ["rx", "size", "number"]

there = pytest.mark.skipif(FOLDER is None, reason=MISSING.kwargs["reason"])


def results(name: str) -> dict[str, Any]:
    return raw(name)["results"]


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(str(FOLDER), "data", f"{name}.csv"))


@cache
def transplanted() -> nav.Transitions:
    return nav.Transitions.from_frame(
        data("long_ebmt3"),
        person="id",
        start="entry",
        stop="exit",
        state_from="from",
        state_to="to",
        censored="cens",
        states=STATES,
        unit="years",
    )


def wide(table: pd.DataFrame, column: str) -> np.ndarray:
    return table.pivot(index="time", columns="cause", values=column)[list(STATES)].to_numpy()


@cache
def reached() -> dict[str, Any]:
    """R's numbers up to the last follow-up; it repeats the last ones afterwards, where we give nothing."""
    stored = results("ms_ebmt3")["ms"]
    last = transplanted().rows["stop"].max()
    kept = [at for at, time in enumerate(stored["at_times"]["time"]) if time <= last]
    return stored | {"kept": kept}


@there
@pytest.mark.parametrize(
    ("quantity", "column"),
    [("pstate", "estimate"), ("std_err_IJ", "std_error"), ("lower_log", "conf_low"), ("upper_log", "conf_high"),
     ("n_risk", "at_risk")],
)  # fmt: skip
def test_ms_ebmt3_at_times(quantity: str, column: str) -> None:
    stored, kept = reached()["at_times"], reached()["kept"]
    ours = nav.multistate(transplanted(), interval="log").at([stored["time"][at] for at in kept])
    same(wide(ours, column), numbers(stored[quantity])[kept])


@there
def test_ms_ebmt3_transitions_and_counts() -> None:
    stored, rows = reached(), transplanted().rows
    seen = rows.assign(to=rows["state_to"].fillna("(censored)")).groupby(["state_from", "to"]).size()
    table = stored["transitions"]
    for begin, row in zip(table["rownames"], table["values"], strict=True):
        for end, count in zip(table["colnames"], row, strict=True):
            assert seen.get((begin, end), 0) == count
    for begin, row in zip(stored["counts"]["rownames"], stored["counts"]["values"], strict=True):
        for end, count in zip(stored["counts"]["colnames"], row, strict=True):
            assert seen.get((begin, "(censored)" if end == "cens" else end), 0) == count


@there
def test_ms_ebmt3_hazard_of_each_transition() -> None:
    stored, kept = reached()["nelson_aalen_by_transition"], reached()["kept"]
    ours = nav.multistate(transplanted(), "hazard").at([stored["time"][at] for at in kept])
    for column, pair in enumerate(stored["transitions"]):
        begin, end = (STATES[int(one) - 1] for one in pair.split("."))
        same(ours.loc[ours["term"] == f"{begin} → {end}", "estimate"], numbers(stored["cumhaz"])[kept, column])


@there
def test_ms_ebmt3_mean_time_in_state() -> None:
    stored = reached()["mean_time_in_state"]
    ours = nav.time_in_state(transplanted(), stored["tau"]).table
    assert ours["cause"].tolist() == stored["states"]
    same(ours["estimate"], stored["rmean"])


@there
@pytest.mark.parametrize("start", ["s=0", "s=0.27378507871321"])
def test_ms_ebmt3_etm_transition_probabilities_and_greenwood(start: str) -> None:
    stored = reached()["etm_transition_probabilities"][start]
    found = nav.multistate(transplanted(), "transition", since=stored["s"], errors="greenwood")
    last = transplanted().rows["stop"].max()
    for one in (one for one in stored["results"] if one["time"] <= last):
        table = found.at(one["time"])
        for begin, probability, variance in zip(STATES, one["P"], one["var_greenwood"], strict=True):
            own = table[table["term"].str.startswith(f"{begin} →")]
            if begin == "RelDeath":
                assert own.empty
                continue
            same(own["estimate"], probability)
            same(own["std_error"] ** 2, variance)


CLASSES = {
    "dissubALL": ("dissub", "ALL"),
    "dissubCML": ("dissub", "CML"),
    "age20.40": ("age", "20-40"),
    "age.40": ("age", ">40"),
    "drmatchGender.mismatch": ("drmatch", "Gender mismatch"),
    "tcdTCD": ("tcd", "TCD"),
}


@cache
def with_traits() -> nav.Transitions:
    """The transplanted with their traits as columns of noughts and ones."""
    wide, long = data("ms_ebmt3").set_index("id"), data("long_ebmt3")
    for name, (column, level) in CLASSES.items():
        long[name] = (wide[column] == level).astype(float).reindex(long["id"]).to_numpy()
    roles = {"person": "id", "start": "entry", "stop": "exit", "state_from": "from", "state_to": "to"}
    return nav.Transitions.from_frame(long, **roles, censored="cens", states=STATES, unit="years")


@there
@pytest.mark.parametrize(("key", "clock"), [("stacked_markov_breslow", "total"), ("clock_reset_breslow", "gap")])
def test_ms_ebmt3_hazard_ratios_of_each_transition(key: str, clock: str) -> None:
    """R fits the three transitions in one model of three strata: its blocks are ours one by one."""
    stored, likelihood = results("ms_ebmt3")[key], 0.0
    for number, (begin, end) in enumerate((("Tx", "PR"), ("Tx", "RelDeath"), ("PR", "RelDeath")), start=1):
        who = nav.leaving(with_traits(), begin, outcome=end, clock=clock)
        fit = nav.cox(who, list(CLASSES), ties="breslow", errors="model")
        own = [stored["terms"].index(f"{name}.{number}") for name in CLASSES]
        same(fit.coefficients, numbers(stored["coef"])[own], 1e-6)
        same(fit.covariance, numbers(stored["vcov"])[np.ix_(own, own)], 1e-6)
        likelihood += fit.log_likelihood
    same(likelihood, stored["loglik"], 1e-9)


@there
@pytest.mark.parametrize("key", ["stacked_prop_breslow", "stacked_prop_prtime_breslow"])
def test_ms_ebmt3_proportional_baselines(key: str) -> None:
    """Transitions into relapse or death share a baseline, and recovery multiplies it: rows stacked as R's are."""
    stored, rows = results("ms_ebmt3")[key], data("long_ebmt3_stacked")
    for name, (column, level) in CLASSES.items():
        for number in (1, 2, 3):
            rows[f"{name}.{number}"] = ((rows[column] == level) & (rows["trans"] == number)).astype(float)
    rows["pr"] = (rows["trans"] == 3).astype(float)
    rows["prtime"] = rows["pt"] * rows["pr"]
    rows["tgt"] = np.where(rows["trans"] == 1, 1, 2)
    ends = {0: None, 1: "moved"}
    people = nav.Cohort.from_frame(rows, "Tstop", "status", entry="Tstart", endings=ends, outcome="moved", unit="years")
    fit = people.cox(stored["terms"], ties="breslow", strata="tgt")
    same(fit.coefficients, stored["coef"], 1e-6)
    same(fit.table["std_error"], stored["se"], 1e-6)
    same(fit.log_likelihood, stored["loglik"], 1e-9)


@cache
def tumours(name: str = "bladder2") -> nav.Repeats:
    return nav.Repeats.from_frame(
        data(name), person="id", start="start", stop="stop", event="event", events={0: None, 1: "again"}, unit="months"
    )


def _mcf() -> Iterator[str]:
    yield from ("overall", "1", "2")


@there
@pytest.mark.parametrize("group", list(_mcf()))
def test_rec_bladder_mcf(group: str) -> None:
    stored = results("rec_bladder")["mcf"]
    theirs = stored["overall"] if group == "overall" else stored["by_group"][group]
    ours = nav.recurrent(tumours(), by=None if group == "overall" else "rx").at(theirs["time"])
    ours = ours[ours["group"] == ("all" if group == "overall" else group)]
    same(ours["estimate"], theirs["mcf_cumhaz"])
    same(ours["std_error"], theirs["std_chaz_robust"])
    same(ours["at_risk"], theirs["n_risk"])


FITS: dict[tuple[str, str], Callable[[], nav.CoxRegression]] = {
    ("rec_bladder", "AG"): lambda: nav.andersen_gill(tumours(), TERMS),
    ("rec_bladder", "AG_breslow"): lambda: nav.andersen_gill(tumours(), TERMS, ties="breslow"),
    ("rec_bladder", "AG_norobust"): lambda: nav.andersen_gill(tumours(), TERMS, errors="model"),
    ("rec_bladder", "PWP_CP"): lambda: nav.prentice_williams_peterson(tumours(), TERMS),
    ("rec_bladder", "PWP_GT"): lambda: nav.prentice_williams_peterson(tumours(), TERMS, clock="gap"),
    ("rec_bladder_wlw", "WLW"): lambda: nav.wei_lin_weissfeld(tumours(), TERMS, 4),
    ("rec_bladder_wlw_paper", "ag_breslow"): lambda: nav.andersen_gill(tumours(), TERMS, ties="breslow"),
}


@there
@pytest.mark.parametrize(("name", "key"), list(FITS), ids=[" ".join(one) for one in FITS])
def test_rec_bladder_hazard_ratios(name: str, key: str) -> None:
    """R stops at a change of 1e-9 in the likelihood, so its last digits are not the last ones."""
    theirs, ours = results(name)[key], FITS[name, key]()
    order = theirs["terms"]
    same(ours.coefficients[order], theirs["coef"], 1e-7)
    same(ours.covariance.loc[order, order], theirs["vcov"], 1e-7)
    same(ours.log_likelihood, theirs["loglik"], 1e-9)
    same(ours.table.set_index("term").loc[order, "p_value"], theirs["p"], 1e-6)


@there
def test_rec_bladder_wlw_by_event_number() -> None:
    """The paper's four ratios for treatment, one an event, from the rows of each event alone."""
    stored = results("rec_bladder_wlw_paper")
    first = nav.wei_lin_weissfeld(tumours(), TERMS, 1, ties="breslow")
    same(first.coefficients["rx"], stored["rx_by_stratum"][0], 1e-7)
    same(first.covariance.loc["rx", "rx"], stored["var"][0][0], 1e-7)
    same(first.coefficients["rx"], stored["prentice_1"]["coef"][0], 1e-7)


@there
@pytest.mark.parametrize(("key", "time"), [("jackknife_t26", 26.0), ("jackknife_t52", 52.0)])
def test_pseudo_jackknife_rossi(key: str, time: float) -> None:
    people = nav.Cohort.from_frame(data("rossi"), "week", "arrest", endings={0: None, 1: "arrest"}, outcome="arrest")
    same(people.pseudo_values([26, 52])[time], results("pseudo_jackknife_rossi")[key])


@cache
def veterans() -> nav.Cohort:
    return nav.Cohort.from_frame(data("veteran"), "time", "status", endings={0: None, 1: "dead"}, outcome="dead")


@there
@pytest.mark.parametrize("place", [0, 1, 2])
def test_pseudo_veteran_survival(place: int) -> None:
    stored = results("pseudo_veteran")
    ours = veterans().pseudo_values(stored["times"], method="infinitesimal")
    same(ours.iloc[:, place], numbers(stored["pseudo_surv_IJ"])[:, place])


@there
def test_pseudo_veteran_restricted_mean() -> None:
    ours = veterans().pseudo_values(365, "restricted mean", method="infinitesimal")
    same(ours[365.0], results("pseudo_veteran")["pseudo_rmst365_IJ"])


@there
@pytest.mark.parametrize(
    ("key", "measure", "at"),
    [("gee_identity_surv180", "survival", 180), ("gee_identity_rmst365", "restricted mean", 365)],
)
def test_pseudo_veteran_gee(key: str, measure: str, at: float) -> None:
    ours = veterans().pseudo_regression(["trt", "karno"], at, measure, method="infinitesimal")
    theirs = results("pseudo_veteran")[key]
    same(ours.table["estimate"], theirs["coef"])
    same(ours.table["std_error"], theirs["se"])
