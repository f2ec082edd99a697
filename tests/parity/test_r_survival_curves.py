"""Kaplan-Meier, Nelson-Aalen, Fleming-Harrington and restricted means equal R ``survfit``, quantity by quantity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from reference_files import INTERVALS, Study, numbers, over, pick, same, study, whole

import navoutcomes as nav


@cache
def survival(name: str, by: str | None, interval: str | None = None) -> nav.SurvivalCurves:
    return study(name).cohort.survival_curve(by=by, interval=interval)


@cache
def hazard(name: str, by: str | None, ties: str) -> nav.HazardCurves:
    return study(name).cohort.cumulative_hazard(by=by, ties=ties)


def _at(one: Study, curve: str, table: pd.DataFrame) -> pd.DataFrame:
    _, group, theirs = one.curve(curve)
    return pick(table, group, theirs["time"])


def _curve(one: Study, curve: str) -> pd.DataFrame:
    return _at(one, curve, survival(one.name, one.curve(curve)[0]).table)


def _hazard(one: Study, curve: str, ties: str) -> pd.DataFrame:
    return _at(one, curve, hazard(one.name, one.curve(curve)[0], ties).table)


def _counted(one: Study, curve: str, what: str) -> np.ndarray:
    """At risk and events: persons in our tables, sums of weights in R's; both come from the same gate."""
    if not one.weighted:
        return _curve(one, curve)[what].to_numpy()
    by, group, theirs = one.curve(curve)
    mass = survival(one.name, by).counts.mass(group)
    return getattr(mass, {"at_risk": "at_risk", "events": "all_events"}[what])[
        np.searchsorted(mass.time, theirs["time"])
    ]


def _std_error(one: Study, curve: str) -> np.ndarray:
    """The standard error of S, which stands under another name in the file of weighted people.

    R turned to robust errors for weights that are not whole, and its ``std.err`` is then that of S itself, while the
    script took it for that of log S: ``se_greenwood_log`` holds the error of S, and ``se_surv`` S times that again.
    """
    table = _curve(one, curve)
    return (table["std_error"] * (table["estimate"] if one.weighted else 1)).to_numpy()


def _std_error_log(one: Study, curve: str) -> np.ndarray:
    table = _curve(one, curve)
    return (table["std_error"] / (1 if one.weighted else table["estimate"])).to_numpy()


def _interval(kind: str, limit: str) -> Callable[[Study, str], Any]:
    def limits(one: Study, curve: str) -> Any:
        return _at(one, curve, survival(one.name, one.curve(curve)[0], INTERVALS[kind]).table)[limit]

    return limits


QUANTITIES: dict[str, Callable[[Study, str], Any]] = {
    "n": lambda one, curve: survival(one.name, one.curve(curve)[0]).counts.persons(one.curve(curve)[1]),
    "events": lambda one, curve: (
        survival(one.name, one.curve(curve)[0]).counts.mass(one.curve(curve)[1]).all_events.sum()
    ),
    "n_risk": lambda one, curve: _counted(one, curve, "at_risk"),
    "n_event": lambda one, curve: _counted(one, curve, "events"),
    "surv": lambda one, curve: _curve(one, curve)["estimate"],
    "se_surv": _std_error,
    "se_greenwood_log": _std_error_log,
    "cumhaz_nelson_aalen": lambda one, curve: _hazard(one, curve, "nelson-aalen")["estimate"],
    "se_cumhaz_na": lambda one, curve: _hazard(one, curve, "nelson-aalen")["std_error"],
    "surv_exp_minus_NA": lambda one, curve: np.exp(-_hazard(one, curve, "nelson-aalen")["estimate"]),
    "cumhaz_fleming_harrington_ties": lambda one, curve: _hazard(one, curve, "fleming-harrington")["estimate"],
    "surv_fleming_harrington_ties": lambda one, curve: np.exp(-_hazard(one, curve, "fleming-harrington")["estimate"]),
    **{f"lower_{kind}": _interval(kind, "conf_low") for kind in INTERVALS},
    **{f"upper_{kind}": _interval(kind, "conf_high") for kind in INTERVALS},
}
STATED = {"surv": "estimate", "se_surv": "std_error", "n_risk": "at_risk"}
SUMS = ("logrank", "logrank_stratified", "weighted_logrank_exact", "weighted_logrank_exact_stratified")
ELSEWHERE = ("spec", "overall", "by_group", "rmst_difference", *SUMS)


def _quantities(name: str) -> Iterator[tuple[str, str]]:
    for curve in study(name).curves:
        for quantity in QUANTITIES:
            yield curve, quantity


def _stated(name: str) -> Iterator[tuple[str, str]]:
    for curve in study(name).curves:
        for quantity in study(name).curve(curve)[2].get("at_times", {}):
            if quantity != "time":
                yield curve, quantity


def _means(name: str) -> Iterator[tuple[str, float]]:
    for curve in study(name).curves:
        for mean in study(name).curve(curve)[2].get("rmst", []):
            yield curve, mean["tau"]


def _differences(name: str) -> Iterator[tuple[float]]:
    for difference in study(name).results.get("rmst_difference", []):
        yield (difference["tau"],)


@over("km", "name curve quantity", _quantities)
def test_curves_at_every_event_time_equal_r(name: str, curve: str, quantity: str) -> None:
    one = study(name)
    same(QUANTITIES[quantity](one, curve), one.curve(curve)[2][quantity])


@over("km", "name curve quantity", _stated)
def test_curves_at_stated_times_equal_r(name: str, curve: str, quantity: str) -> None:
    one = study(name)
    by, group, theirs = one.curve(curve)
    kind = INTERVALS[quantity.split("_")[1]] if quantity.startswith(("lower", "upper")) else None
    curves = survival(name, by, kind)
    found = curves.at(theirs["at_times"]["time"])
    found = found[found["group"] == group]
    column = STATED.get(quantity) or {"lower": "conf_low", "upper": "conf_high"}[quantity.split("_")[0]]
    ours, expected = found[column].to_numpy(), numbers(theirs["at_times"][quantity])
    if quantity == "n_risk":
        ours, expected = _at_risk(one, curve, ours, expected)
    else:
        ours, expected = _followed_only(one, curve, ours, expected)
    same(ours, expected)


def _followed_only(one: Study, curve: str, ours: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """R was told to carry the last value on (``extend = TRUE``); we give nothing where nobody is followed."""
    by, group, reference = one.curve(curve)
    table = survival(one.name, by).table
    last = table[table["group"] == group].iloc[-1]
    past = np.array(reference["at_times"]["time"]) > last["time"]
    if last["estimate"] > 0 and past.any():
        assert np.isnan(ours[past]).all()
        assert not np.isnan(theirs[past]).any()
        return ours[~past], theirs[~past]
    return ours, theirs


def _at_risk(one: Study, curve: str, ours: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At a time between two exits R counts who is at risk at the next exit, also those who have not entered yet.

    Without delayed entry that is the same number. With it, ours is the count at the time itself (entry < t <= time).
    With weights R adds the weights up.
    """
    by, group, reference = one.curve(curve)
    times = np.array(reference["at_times"]["time"], dtype=float)
    counts = survival(one.name, by).counts
    if one.weighted:
        mass = counts.mass(group)
        return mass.at_risk[np.searchsorted(mass.time, times)], theirs
    entry = one.spec["entry"]
    if not entry:
        return ours, theirs
    own = one.frame if by is None else one.frame[one.frame[by].astype(str) == group]
    begin, end = own[entry].to_numpy()[:, None], own[one.spec["time"]].to_numpy()[:, None]
    np.testing.assert_array_equal(ours, ((begin < times) & (times <= end)).sum(axis=0))
    after = np.array([min(end[end >= time]) for time in times])
    return counts.at_risk(group, after), theirs


@over("km", "name curve horizon", _means)
def test_restricted_means_equal_r(name: str, curve: str, horizon: float) -> None:
    """R's error is Greenwood's, also where it gives robust ones for the curve: there it has to be asked for."""
    one = study(name)
    by, group, theirs = one.curve(curve)
    mean = next(mean for mean in theirs["rmst"] if mean["tau"] == horizon)
    errors = "greenwood" if one.weighted else None
    table = one.cohort.restricted_mean(horizon=horizon, by=by, small_sample=False, errors=errors).table
    found = table[table["group"] == group].iloc[0]
    same([found["estimate"], found["std_error"]], [mean["rmst"], mean["se"]])


@over("km", "name horizon", _differences)
def test_differences_of_restricted_means_equal_r(name: str, horizon: float) -> None:
    one = study(name)
    theirs = next(mean for mean in one.results["rmst_difference"] if mean["tau"] == horizon)
    by = one.spec["group"]
    means = one.cohort.restricted_mean(horizon=horizon, by=by, small_sample=False).table.set_index("group")
    for key, group in (("rmst_ref", "reference"), ("rmst_other", "other")):
        same(means.loc[theirs[group], ["estimate", "std_error"]], theirs[key])
    effects = one.cohort.contrast(
        by=by, at=horizon, measure="restricted mean difference", reference=theirs["reference"], small_sample=False
    )
    found = effects.table.set_index("group").loc[theirs["other"]]
    same(
        found[["estimate", "std_error", "conf_low", "conf_high"]], [theirs[k] for k in ("diff", "se", "lower", "upper")]
    )
    first, second = means.loc[theirs["other"]], means.loc[theirs["reference"]]
    same(first["estimate"] / second["estimate"], theirs["ratio"])


@over("km", "name", whole)
def test_nothing_in_a_file_of_curves_is_left_out(name: str) -> None:
    """Quantiles belong to a later issue; times and remarks are no results."""
    one = study(name)
    assert set(one.results) <= set(ELSEWHERE)
    for curve in one.curves:
        theirs = one.curve(curve)[2]
        left = {key for key in theirs if not key.startswith("quantiles_")}
        assert left <= {*QUANTITIES, "time", "curve_note", "at_times", "rmst"}
        assert set(theirs.get("at_times", {})) <= {
            "time",
            *STATED,
            *(f"{a}_{k}" for a in ("lower", "upper") for k in INTERVALS),
        }
