"""States over time, repeated events and pseudo-values equal R on invented people (``frozen/make_multistate.R``).

``survfit`` prints errors without what the shares at the start add; its influences have it, and those are squared there
(by office too, where R prints errors by person only).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import ENDINGS, oracle

import navoutcomes as nav

FOLDER = Path(__file__).parent / "frozen"
R: dict[str, Any] = json.loads((FOLDER / "r_multistate.json").read_text(encoding="utf-8"))
STATES = ("KVP", "work", "assistance", "left")
LIMITS = {"kvp": "log", "kvp_plain": "plain", "kvp_log-log": "log-log", "kvp_logit": "logit"}


@cache
def frame() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "states_300.csv")


@cache
def people(key: str) -> nav.Transitions:
    """The people of a key such as ``kvp_plain``, ``offices`` or ``landmark_work``."""
    own = frame()
    first = own.drop_duplicates("person").set_index("person")
    if key.startswith(("kvp", "from_start")):
        chosen = first["start"].eq(0) & (first["from"].eq("KVP") | key.startswith("from_start"))
        own = own[own["person"].isin(first.index[chosen])]
    if key.startswith("group_"):
        own = own[own["group"] == key[-1]]
    return nav.Transitions.from_frame(
        own,
        person="person",
        start="start",
        stop="stop",
        state_from="from",
        state_to="to",
        states=STATES,
        weight="weight" if key in ("weighted", "offices", "times_weighted") else None,
        cluster="office" if key == "offices" else None,
        unit="weeks",
    )


@cache
def repeats(arm: int | None = None) -> nav.Repeats:
    own = pd.read_csv(FOLDER / "oracle_656_recurrent.csv")
    own = own if arm is None else own[own["a"] == arm]
    return nav.Repeats.from_frame(
        own, person="id", start="start", stop="stop", event="ev", events={0: None, 1: "back"}, unit="weeks"
    )


def equal(ours: Any, theirs: Any, tolerance: float = 1e-10) -> None:
    theirs = np.array(theirs, dtype=float)
    np.testing.assert_allclose(np.asarray(ours, dtype=float), theirs, rtol=tolerance, atol=tolerance, equal_nan=True)


def wide(table: pd.DataFrame, column: str) -> np.ndarray:
    """Times down, states across in R's order."""
    return table.pivot(index="time", columns="cause", values=column)[list(STATES)].to_numpy()


def in_states(theirs: dict[str, Any], name: str) -> np.ndarray:
    """R's numbers with the states in our order."""
    order = [theirs["states"].index(state) for state in STATES]
    return np.array(theirs[name], dtype=float)[:, order]


@pytest.mark.parametrize(
    "key", ["everybody", "from_start", "kvp", "weighted", "offices", "group_a", "group_b", "since"]
)
def test_shares_in_states_and_their_errors(key: str) -> None:
    theirs = R[key]
    since = 10.5 if key == "since" else 0.0
    ours = nav.multistate(people(key), since=since).at(theirs["time"])
    equal(wide(ours, "estimate"), in_states(theirs, "pstate"))
    equal(wide(ours, "std_error"), in_states(theirs, "std_error"))
    if key not in ("weighted", "offices"):
        equal(wide(ours, "at_risk"), in_states(theirs, "n_risk"))


@pytest.mark.parametrize("key", list(LIMITS))
def test_named_intervals(key: str) -> None:
    ours = nav.multistate(people(key), interval=LIMITS[key]).at(R[key]["time"])
    equal(wide(ours, "conf_low"), in_states(R[key], "lower"))
    equal(wide(ours, "conf_high"), in_states(R[key], "upper"))
    equal(wide(ours, "std_error"), in_states(R[key], "std_err_printed"))


def test_groups_are_those_of_their_own_people() -> None:
    ours = nav.multistate(people("everybody"), by="group").at(R["group_a"]["time"])
    for group in "ab":
        equal(wide(ours[ours["group"] == group], "std_error"), in_states(R[f"group_{group}"], "std_error"))


@pytest.mark.parametrize("state", STATES[:3])
def test_landmark_chances_are_those_of_the_people_in_the_state(state: str) -> None:
    theirs = R[f"landmark_{state}"]
    ours = nav.multistate(people("everybody"), "transition", since=10.5, landmark=True).at(theirs["time"])
    ours = ours[ours["term"].str.startswith(f"{state} →")]
    equal(wide(ours, "estimate"), in_states(theirs, "pstate"))
    equal(wide(ours, "std_error"), in_states(theirs, "std_error"))


@pytest.mark.parametrize("key", ["times", "times_weighted"])
def test_mean_time_in_each_state(key: str) -> None:
    theirs = R[key]
    ours = nav.time_in_state(people(key), theirs["horizon"]).table.set_index("cause").loc[theirs["states"]]
    equal(ours["estimate"], theirs["rmean"])
    if theirs["se"] is not None:
        equal(ours["std_error"], theirs["se"])
    assert ours["estimate"].sum() == pytest.approx(theirs["horizon"], abs=1e-10)


def test_hazards_of_the_transitions() -> None:
    theirs = R["hazard"]
    fit = nav.multistate(people("everybody"), "hazard").at(theirs["time"])
    ours = fit.pivot(index="time", columns="term", values="estimate")
    states = R["everybody"]["states"]
    for column, pair in enumerate(theirs["transitions"]):
        begin, end = (states[int(one) - 1] for one in pair.split("."))
        equal(ours[f"{begin} → {end}"], np.array(theirs["cumhaz"], dtype=float)[:, column])


@pytest.mark.parametrize("arm", [None, 0, 1])
def test_mean_number_of_events(arm: int | None) -> None:
    theirs = R["mcf" if arm is None else f"mcf_{arm}"]
    ours = nav.recurrent(repeats(arm)).at(theirs["time"])
    equal(ours["estimate"], theirs["mean"])
    equal(ours["std_error"], theirs["std_error"])
    equal(ours["at_risk"], theirs["n_risk"])


@pytest.mark.parametrize("key", ["ag", "pwp_total", "pwp_gap", "pwp_pooled", "wlw"])
def test_hazard_ratios_of_repeated_events(key: str) -> None:
    ask = {
        "ag": lambda **how: nav.andersen_gill(repeats(), ["a"], **how),
        "pwp_total": lambda **how: nav.prentice_williams_peterson(repeats(), ["a"], **how),
        "pwp_gap": lambda **how: nav.prentice_williams_peterson(repeats(), ["a"], clock="gap", **how),
        "pwp_pooled": lambda **how: nav.prentice_williams_peterson(repeats(), ["a"], pooled=2, **how),
        "wlw": lambda **how: nav.wei_lin_weissfeld(repeats(), ["a"], 3, **how),
    }[key]
    found = ask()
    equal(found.coefficients.iloc[0], R[key]["coef"], 1e-8)
    equal(found.table["std_error"].iloc[0], R[key]["robust"], 1e-8)
    equal(ask(errors="model").table["std_error"].iloc[0], R[key]["model"], 1e-8)
    equal(found.log_likelihood, R[key]["loglik"], 1e-9)


def followed(entry: bool = False, weights: bool = False) -> nav.Cohort:
    how = {"entry": "entry" if entry else None, "weight": "w" if weights else None}
    return nav.Cohort.from_frame(oracle(), "t", "ev", endings=ENDINGS, outcome="j", **how)


def test_pseudo_values_by_the_derivative() -> None:
    equal(nav.pseudo_values(followed(), 30, method="infinitesimal")[30.0][:40], R["pseudo_survival"])
    ours = nav.pseudo_values(followed(), 30, "restricted mean", method="infinitesimal")
    equal(ours[30.0][:40], R["pseudo_mean"])


@pytest.mark.parametrize(
    ("key", "measure", "roles"),
    [
        ("jackknife_survival", "survival", {}),
        ("jackknife_job", "incidence", {}),
        ("jackknife_entry", "survival", {"entry": True}),
        ("jackknife_weighted", "incidence", {"entry": True, "weights": True}),
    ],
)
def test_pseudo_values_leaving_one_out(key: str, measure: str, roles: dict[str, bool]) -> None:
    equal(nav.pseudo_values(followed(**roles), 30, measure)[30.0][:40], R[key], 1e-9)
