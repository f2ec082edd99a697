"""Every estimator equals R on people with ties, delayed entry, weights and offices; needs no other folder.

``frozen/make_frozen.R`` made the numbers. Where R is asked for robust errors it gives the infinitesimal jackknife with
the normal multiplier: ``errors="lin-wei"`` with us.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import ENDINGS, SHIPPED, R, oracle, people, shipped, variant
from reference_files import numbers, same

import navoutcomes as nav

ORACLE: dict[str, Any] = R["oracle_656"]
CURVES = [key for key in ORACLE if key.startswith("km")]
INCIDENCES = [key for key in ORACLE if key.startswith("aj")]
SCORES = {
    "score_weights": {"weights": True},
    "score_offices": {"offices": True, "by": "fem"},
    "score_weights_offices": {"weights": True, "offices": True, "by": "fem"},
    "score_entry_weights": {"entry": True, "weights": True},
    "score_entry_weights_offices": {"entry": True, "weights": True, "offices": True, "by": "fem"},
    "score_within_fem": {"weights": True, "offices": True, "strata": "fem"},
}
GRAY = {
    "gray": {"by": "arm"},
    "gray_one": {"by": "arm", "rho": 1},
    "gray_within_fem": {"by": "arm", "strata": "fem"},
    "gray_within_fem_one": {"by": "arm", "strata": "fem", "rho": 1},
    "gray_within_office": {"by": "arm", "strata": "office"},
    "gray_offices_compared": {"by": "office"},
}
TESTS = {
    "logrank": {"by": "arm"},
    "logrank_half": {"by": "arm", "rho": 0.5},
    "logrank_one": {"by": "arm", "rho": 1},
    "logrank_offices_compared": {"by": "office"},
    "logrank_within_fem": {"by": "arm", "strata": "fem"},
    "logrank_within_office": {"by": "arm", "strata": "office", "rho": 1},
    "logrank_of_cause_1": {"by": "arm", "cause": "j"},
}
SETS = [(name, curve) for name in SHIPPED for curve in R[name] if curve.startswith(("overall", "group"))]


def errors(key: str) -> str | None:
    return "lin-wei" if "offices" in key else None


def check_curve(cohort: nav.Cohort, theirs: dict[str, Any], how: str | None, weights: bool, by: str | None = None,
                group: str = "all") -> None:  # fmt: skip
    """One Kaplan-Meier curve with everything R says about it."""

    def own(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["group"] == group]

    times = theirs["time"]
    curves = cohort.survival_curve(by=by, errors=how)
    found = own(curves.at(times))
    same(found["estimate"], theirs["estimate"])
    same(found["std_error"], theirs["std_error"])
    mass = curves.counts.mass(group)
    after = np.searchsorted(mass.time[mass.exits > 0], times)
    at_risk = mass.at_risk[mass.exits > 0][after]
    same(at_risk, theirs["n_risk"])
    if not weights and not curves.counts.delayed:
        same(found["at_risk"], theirs["n_risk"])
    for kind, limits in theirs["limits"].items():
        found = own(cohort.survival_curve(by=by, errors=how, interval=kind).at(times))
        same(found[["conf_low", "conf_high"]], limits)


def any_ending(cohort: nav.Cohort) -> nav.Cohort:
    """The same people when only leaving at all counts."""
    rows = cohort.rows
    frame = rows.assign(ending=rows["ending"].notna().astype(int))
    some = {role: role for role in ("entry", "weight", "cluster") if frame[role].notna().any()}
    return nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "any"}, outcome="any", **some)


def check_hazard(cohort: nav.Cohort, theirs: dict[str, Any], how: str | None, by: str | None = None,
                 group: str = "all") -> None:  # fmt: skip
    found = cohort.cumulative_hazard(by=by, errors=how).at(theirs["time"])
    found = found[found["group"] == group]
    same(found["estimate"], theirs["hazard"])
    same(found["std_error"], theirs["hazard_std_error"])
    ties = cohort.cumulative_hazard(by=by, errors=how, ties="fleming-harrington").at(theirs["time"])
    same(ties.loc[ties["group"] == group, "estimate"], theirs["hazard_ties"])


@pytest.mark.parametrize("key", CURVES)
def test_kaplan_meier_equals_survfit(key: str) -> None:
    check_curve(variant(key), ORACLE[key], errors(key), "weights" in key)


@pytest.mark.parametrize("key", CURVES)
def test_the_cumulative_hazard_equals_survfit(key: str) -> None:
    check_hazard(any_ending(variant(key)), ORACLE[key], errors(key))


@pytest.mark.parametrize(("name", "curve"), SETS)
def test_curves_of_public_data_equal_survfit(name: str, curve: str) -> None:
    by = None if curve == "overall" else SHIPPED[name][3]
    group = "all" if by is None else curve.split(" ", 1)[1]
    check_curve(shipped(name), R[name][curve], None, False, by, group)
    check_hazard(shipped(name), R[name][curve], None, by, group)


@pytest.mark.parametrize("key", INCIDENCES)
def test_cumulative_incidence_equals_survfit(key: str) -> None:
    cohort, theirs = variant(key), ORACLE[key]
    found = cohort.cumulative_incidence(errors=errors(key), interval="log").at(theirs["time"])
    stay = cohort.survival_curve(errors=errors(key)).at(theirs["time"])
    same(stay["estimate"], numbers(theirs["estimate"])[:, 0])
    columns = {"estimate": "estimate", "std_error": "std_error", "conf_low": "low", "conf_high": "high"}
    for state, cause in enumerate(("j", "x", "o"), start=1):
        for column, quantity in columns.items():
            if quantity in theirs:
                same(found.loc[found["cause"] == cause, column], numbers(theirs[quantity])[:, state])
        lost = cohort.restricted_mean(horizon=theirs["horizon"], cause=cause, errors=errors(key)).table
        same(lost["estimate"].iloc[0], theirs["mean_time"][state])
    mean = cohort.restricted_mean(horizon=theirs["horizon"], errors=errors(key)).table["estimate"].iloc[0]
    same(mean, theirs["mean_time"][0])


@pytest.mark.parametrize("key", [key for key in INCIDENCES if "entry" not in key])
def test_the_error_of_the_share_left_is_the_same_from_both_estimators(key: str) -> None:
    """R's error of the state "still there" from the multi-state curve is ours from Kaplan-Meier."""
    theirs = ORACLE[key]
    stay = variant(key).survival_curve(errors=errors(key)).at(theirs["time"])
    same(stay["std_error"], numbers(theirs["std_error"])[:, 0])


@pytest.mark.parametrize("key", [key for key in INCIDENCES if "entry" in key])
def test_with_delayed_entry_r_has_two_errors_for_the_share_left(key: str) -> None:
    """The multi-state curve has the jackknife, the plain curve Greenwood; ours follows, each by its name."""
    theirs, cohort = ORACLE[key], variant(key)
    same(
        cohort.survival_curve(errors=errors(key) or "robust").at(theirs["time"])["std_error"],
        numbers(theirs["std_error"])[:, 0],
    )
    plain = ORACLE[key.replace("aj", "km")]
    same(cohort.survival_curve(errors=errors(key)).at(plain["time"])["std_error"], plain["std_error"])


@pytest.mark.parametrize("key", ["mean_time", "mean_time_entry", "mean_time_arms"])
def test_restricted_means_equal_survfit(key: str) -> None:
    theirs = ORACLE[key]
    cohort = people(entry="entry" in key)
    by = "arm" if "arms" in key else None
    found = cohort.restricted_mean(horizon=theirs["horizon"], by=by, small_sample=False).table
    same(found["estimate"], numbers(theirs["estimate"]).ravel())
    same(found["std_error"], numbers(theirs["std_error"]).ravel())


@pytest.mark.parametrize("key", TESTS)
def test_the_log_rank_test_equals_survdiff(key: str) -> None:
    theirs = ORACLE[key]
    found = people().logrank_test(**TESTS[key])
    table = found.table.set_index("measure")
    same(table.loc["observed", "estimate"], theirs["observed"])
    same(table.loc["expected", "estimate"], theirs["expected"])
    same(found.covariance, theirs["covariance"])
    same(found.statistic, theirs["statistic"])


@pytest.mark.parametrize("key", SCORES)
def test_the_robust_log_rank_test_is_lin_and_weis_score_test(key: str) -> None:
    """R's robust score test at a coefficient of 0, with Breslow's ties."""
    how = dict(SCORES[key])
    by, strata = how.pop("by", "arm"), how.pop("strata", None)
    found = people(**how).logrank_test(by=by, strata=strata, errors="lin-wei")
    same([found.statistic, found.p_value], [ORACLE[key]["statistic"], ORACLE[key]["p_value"]])


@pytest.mark.parametrize("cause", ["j", "x", "o"])
@pytest.mark.parametrize("key", GRAY)
def test_grays_test_equals_cmprsk(key: str, cause: str) -> None:
    found = people().gray_test(cause=cause, **GRAY[key])
    at = list(ENDINGS.values()).index(cause) - 1
    theirs = ORACLE[key]
    same([found.statistic, found.p_value, found.df], [theirs[part][at] for part in ("statistic", "p_value", "df")])


@pytest.mark.parametrize("name", [name for name in SHIPPED if "logrank" in R[name]])
def test_tests_and_means_of_public_data_equal_r(name: str) -> None:
    theirs, cohort = R[name], shipped(name)
    _, _, _, by, strata = SHIPPED[name]
    for key, how in (("logrank", {}), ("logrank_one", {"rho": 1}), ("logrank_within", {"strata": strata})):
        if key in theirs:
            found = cohort.logrank_test(by=by, **how)
            same(found.covariance, theirs[key]["covariance"])
            same(found.statistic, theirs[key]["statistic"])
    mean = theirs["mean_time"]
    found = cohort.restricted_mean(horizon=mean["horizon"], by=by, small_sample=False).table
    same(found["estimate"], mean["estimate"])
    same(found["std_error"], mean["std_error"])


def test_the_printed_values_of_the_oracle_are_reached() -> None:
    """What R printed when the oracle was made (ten digits): cause 1 at 30 is 0.4701128097 (0.02015117858)."""
    at = people().cumulative_incidence(interval="log").at([10, 30])
    job = at[at["cause"] == "j"]
    same(job["estimate"], [0.2972560976, 0.4701128097], 1e-9)
    same(job["std_error"], [0.01784481333, 0.02015117858], 1e-9)
    late = people(entry=True).survival_curve().at([10, 30])
    assert late["at_risk"].tolist() == [312, 81]
    assert len(oracle()) == 656
    assert people().gray_test(by="arm").statistic == pytest.approx(3.84081796089, abs=1e-10)


def test_the_numbers_say_which_versions_made_them() -> None:
    assert set(R["made_with"]) == {"R", "survival", "cmprsk", "script"}
    assert R["made_with"]["survival"] == "3.5.3"
