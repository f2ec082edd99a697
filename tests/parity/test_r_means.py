"""Means of earnings by Welch and by one variance, average differences of a model, and sizes of studies, as R says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference_files import FOLDER, MISSING, raw, same
from scipy import stats

import navoutcomes as nav
from navoutcomes.maths import power
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import covariance
from navoutcomes.maths.generalised.glm_rows import Observations

if FOLDER is None:
    pytestmark = MISSING
# R's file -> (data, arm)
STUDIES = {
    "glm_ate_cd_nsw_mixtape": ("cd_nsw_mixtape", "treat"),
    "glm_ate_daag_nswdemo": ("daag_nswdemo", "trt"),
    "glm_ate_wd_jtrain3": ("wd_jtrain3", "train"),
}


def frame(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(str(FOLDER), "data", f"{name}.csv"))


def found(name: str) -> pd.DataFrame:
    data, arm = STUDIES[name]
    people = nav.Cohort.from_frame(
        frame(data).assign(seen=1.0, ended=1),
        "seen",
        "ended",
        endings={1: "seen"},
        outcome="seen",
        arm=arm,
        reference="0",
    )
    return people.mean_difference("re78").table


@pytest.mark.parametrize("name", list(STUDIES))
def test_welch(name: str) -> None:
    """Statistic, degrees of freedom (of the interval) and p-value; Neyman's variance of two means is the same."""
    stored, table = raw(name)["results"], found(name)
    means = table[table["measure"] == "mean"].set_index("group")
    assert means["at_risk"].to_dict() == stored["group_n"]
    # R puts the mean of the treated first.
    same(means.loc[["1", "0"], "estimate"], stored["means"], 1e-10)
    row = table.set_index("measure").loc["mean difference"]
    welch = stored["welch"]
    same(row["estimate"], stored["diff"], 1e-10)
    same(row["std_error"], welch["se"], 1e-10)
    statistic, reach = row["estimate"] / row["std_error"], (row["conf_high"] - row["estimate"]) / row["std_error"]
    same(statistic, welch["t"], 1e-9)
    same(reach, stats.t.ppf(0.975, welch["df"]), 1e-9)
    same(2 * stats.t.sf(abs(statistic), welch["df"]), welch["p"], 1e-9)
    same(row[["conf_low", "conf_high"]], welch["ci"], 1e-9)


@pytest.mark.parametrize("name", list(STUDIES))
def test_one_variance_for_both_arms(name: str) -> None:
    """Student's test is least squares on the arm, with the error of the model."""
    data, arm = STUDIES[name]
    people, pooled = frame(data), raw(name)["results"]["pooled"]
    seen = Observations(people[[arm]].to_numpy(dtype=float), people["re78"].to_numpy(dtype=float))
    model = fit(seen, "identity")
    made = covariance(seen, model, "model")
    error, df = float(np.sqrt(made.matrix[1, 1])), made.df[1]
    same(error, pooled["se"], 1e-10)
    same(model.coefficients[1] / error, pooled["t"], 1e-9)
    same(2 * stats.t.sf(abs(model.coefficients[1] / error), df), pooled["p"], 1e-9)
    side = stats.t.ppf(0.975, df) * error
    same(model.coefficients[1] + np.array([-side, side]), pooled["ci"], 1e-9)


def test_welch_is_hc2() -> None:
    """So that the adjusted models of these files and the plain difference have one error when nothing is adjusted."""
    for name in STUDIES:
        stored = raw(name)["results"]
        same(stored["unadjusted"]["se_HC2"][1], stored["welch"]["se"], 1e-10)
        row = found(name).set_index("measure").loc["mean difference"]
        same(row["std_error"], stored["unadjusted"]["se_HC2"][1], 1e-10)


def test_the_average_difference_of_a_model() -> None:
    """R's ``ame`` of a trait with two values: everybody once with and once without it. Of numbers it is a slope, and
    ours is the difference that one more makes: not the same question."""
    stored = raw("glm_rossi_logit")["results"]["logit"]["ame"][0]
    people = nav.Cohort.from_frame(
        frame("rossi"), "week", "arrest", endings={0: None, 1: "arrest"}, outcome="arrest", unit="weeks"
    )
    terms = [
        nav.Category("fin", "no"),
        "age",
        nav.Category("race", "other"),
        nav.Category("wexp", "no"),
        nav.Category("mar", "not married"),
        nav.Category("paro", "no"),
        "prio",
    ]
    table = people.dropout(terms, "arrest", at=52, errors="model").table
    row = table[(table["measure"] == "risk difference") & (table["term"] == "fin: yes")].iloc[0]
    assert stored["var"] == "fin"
    same(row["estimate"], stored["ame"], 1e-7)
    # R's error is made of its last step but one.
    same(row["std_error"], stored["se_delta"], 1e-5)


def test_sizes_of_two_shares() -> None:
    """R's ``power.prop.test``."""
    for one in raw("props")["results"]["power_prop"]:
        size = power.normal_size(one["p1"], one["p2"], one["power"], 0.95)
        # R searches to the fourth digit; it leaves the other tail out.
        assert size == pytest.approx(one["n_per_group"], rel=1e-4)


def test_endings_a_hazard_ratio_needs() -> None:
    """Schoenfeld's, for a ratio of 0.7 and a power of 0.8."""
    stored = raw("power_logrank")["results"]
    for key in ("schoenfeld_events", "formula_events"):
        same(power.hazard_events(0.7, 0.8, 0.95), stored[key], 1e-10)
