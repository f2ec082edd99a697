"""Quantiles of staying equal R ``quantile.survfit``, and ratios and tests of mean times R's, file by file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from frozen_numbers import oracle, people, shipped
from reference_files import INTERVALS, over, same, study
from scipy import stats

import navoutcomes as nav

R: dict[str, Any] = json.loads((Path(__file__).parent / "frozen" / "r_curves.json").read_text(encoding="utf-8"))
PEOPLE = {
    "km": {},
    "km_arm_0": {"arm": 0},
    "km_arm_1": {"arm": 1},
    "km_entry": {"entry": True},
    "km_weights": {"weights": True},
    "km_offices": {"offices": True},
}
SETS = ("rossi", "lung", "gbsg2", "waltons")
KINDS = tuple(INTERVALS.values())


def job_alone() -> nav.Cohort:
    """The oracle when the other endings only stop observation."""
    return nav.Cohort.from_frame(
        oracle(), "t", "ev", endings={0: None, 1: "job", 2: None, 3: None}, outcome="job", arm="arm", reference="0"
    )


def cohort(key: str) -> nav.Cohort:
    if key in SETS:
        return shipped(key)
    return job_alone() if key == "km_job" else people(**PEOPLE[key])


def found(one: nav.Cohort, probs: list[float], kind: str, by: str | None = None, group: str = "all") -> np.ndarray:
    """Rows estimate, low, high; a column a share."""
    table = one.quantiles(
        probs, by=by, interval=kind, errors="lin-wei" if one.clusters()[0] is not None else None
    ).table
    return table.loc[table["group"] == group, ["estimate", "conf_low", "conf_high"]].to_numpy().T


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", [*PEOPLE, "km_job", *SETS])
def test_quantiles_equal_r(key: str, kind: str) -> None:
    same(found(cohort(key), R["probs"], kind), R["quantiles"][key][kind])


def _stored(name: str) -> Iterator[tuple[str, str]]:
    for curve in study(name).curves:
        for quantity in study(name).curve(curve)[2]:
            if quantity.startswith("quantiles_"):
                yield curve, quantity


@over("km", "name curve quantity", _stored)
def test_stored_quantiles_equal_r(name: str, curve: str, quantity: str) -> None:
    one = study(name)
    by, group, theirs = one.curve(curve)
    stored = theirs[quantity]
    ours = found(one.cohort, stored["prob"], INTERVALS[quantity.split("_")[1]], by, group)
    same(ours, [stored["q"], stored["lower"], stored["upper"]])


def _differences(name: str) -> Iterator[tuple[float]]:
    for difference in study(name).results.get("rmst_difference", []):
        yield (difference["tau"],)


@over("km", "name horizon", _differences)
def test_stored_ratios_and_tests_of_mean_times_equal_r(name: str, horizon: float) -> None:
    one = study(name)
    theirs = next(mean for mean in one.results["rmst_difference"] if mean["tau"] == horizon)
    by = one.spec["group"]
    effects = one.cohort.contrast(
        by=by, at=horizon, measure="restricted mean ratio", reference=theirs["reference"], small_sample=False
    )
    row = effects.table.set_index("group").loc[theirs["other"]]
    same(row[["estimate", "conf_low", "conf_high"]], [theirs[key] for key in ("ratio", "ratio_lower", "ratio_upper")])
    same(2 * stats.norm.sf(abs(np.log(row["estimate"]) / row["std_error"])), theirs["ratio_p"])
    if len(one.results["by_group"]) == 2:
        same(one.cohort.restricted_mean_test(horizon, by=by, small_sample=False).p_value, theirs["p"])


def test_a_trend_over_groups_is_the_quadratic_form_of_survdiff() -> None:
    test = people().logrank_test(by="office", trend=range(1, 13))
    same([test.statistic, test.df], [R["trend"]["statistic"], 1])
    same(test.p_value, stats.chi2.sf(R["trend"]["statistic"], 1))


@pytest.mark.parametrize(("adjust", "key"), [("none", "plain"), ("holm", "holm")])
def test_pairs_are_adjusted_as_p_adjust_does(adjust: str, key: str) -> None:
    frame = oracle().assign(cell=lambda one: one["arm"] + 2 * one["fem"])
    one = nav.Cohort.from_frame(frame, "t", "ev", endings={0: None, 1: "j", 2: "x", 3: "o"}, outcome="j")
    same(one.pairwise_tests(by="cell", adjust=adjust).table["p_value"], R["pairs"][key])


def test_shares_at_one_time_are_compared_as_with_survfits_errors() -> None:
    one = people()
    same(one.fixed_time_test(30, by="arm").statistic, R["at_30"]["any"])
    same(one.fixed_time_test(30, by="arm", cause="j").statistic, R["at_30"]["job"])


def test_means_to_30_their_ratio_and_their_test_equal_r() -> None:
    """.67262 and .68553 are the errors printed when the oracle was made."""
    one, theirs = job_alone(), R["mean_30"]
    table = one.restricted_mean(30, by="arm", small_sample=False).table
    same(table["estimate"], theirs["mean"])
    same(table["std_error"], theirs["std_error"])
    same(table["std_error"], [0.67262367, 0.68553449], 1e-8)
    effects = one.contrast(
        at=30, measure=["restricted mean difference", "restricted mean ratio"], small_sample=False
    ).table.set_index("measure")
    same(effects.loc["restricted mean difference", "estimate"], theirs["difference"])
    ratio = effects.loc["restricted mean ratio"]
    same(
        ratio[["estimate", "std_error", "conf_low", "conf_high"]],
        [theirs[k] for k in ("ratio", "log_error", "low", "high")],
    )
    same(one.restricted_mean_test(30, small_sample=False).statistic, theirs["statistic"])
    same(people().restricted_mean(30, by="arm", cause="j").table["estimate"], R["lost_30"]["mean"])


def test_the_quantiles_printed_with_the_oracle_are_reached() -> None:
    """7 (6 to 9) and 19 (16 to 23), log-log."""
    same(found(job_alone(), [0.25, 0.5], "log-log"), [[7, 19], [6, 16], [9, 23]])
