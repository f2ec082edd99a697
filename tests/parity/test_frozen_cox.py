"""R's Cox models that the project carries itself: the 656 and the Rossi trial. And what the peers get wrong there."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import lifelines
import lifelines.datasets
import numpy as np
import pandas as pd
import pytest
from frozen_numbers import oracle, people

import navoutcomes as nav

R: dict[str, Any] = json.loads((Path(__file__).parent / "frozen" / "cox_numbers.json").read_text(encoding="utf-8"))
TERMS = ["arm", "age", "fem"]
ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
VARIANTS: dict[str, tuple[dict[str, bool], list[str], str | None]] = {
    "cluster": ({"offices": True}, TERMS, None),
    "strata_weights_cluster": ({"weights": True, "offices": True}, TERMS[:2], "fem"),
    "weights": ({"weights": True}, TERMS, None),
    "entry_cluster": ({"entry": True, "offices": True}, TERMS, None),
}


def rossi() -> nav.Cohort:
    frame = lifelines.datasets.load_rossi()
    return nav.Cohort.from_frame(
        frame, "week", "arrest", endings={0: None, 1: "arrest"}, outcome="arrest", unit="weeks"
    )


@pytest.mark.parametrize("key", VARIANTS)
def test_ties_entry_weights_strata_and_offices_of_the_656(key: str) -> None:
    roles, terms, strata = VARIANTS[key]
    stored = R["oracle"][key]
    cohort = people(**roles)
    robust = cohort.cox(terms, strata=strata, errors="lin-wei" if "offices" in roles else "robust").table
    plain = cohort.cox(terms, strata=strata, errors="model").table
    np.testing.assert_allclose(robust["estimate"], stored["coef"], rtol=1e-8)
    np.testing.assert_allclose(plain["std_error"], stored["se"], rtol=1e-8)
    np.testing.assert_allclose(robust["std_error"], stored["robust"], rtol=1e-8)


def test_what_is_checked_around_the_model_of_the_656() -> None:
    model, stored = people().cox(TERMS), R["oracle"]
    for transform in ("km", "identity"):
        found = nav.proportional_hazards_test(model, transform).table["statistic"]
        np.testing.assert_allclose(found, stored[f"zph_{transform}"], rtol=1e-5)
    assert nav.concordance(model).table["estimate"].iloc[0] == pytest.approx(stored["concordance"], abs=1e-10)
    profiles = pd.DataFrame({"arm": [0, 1], "age": [30, 40], "fem": [1, 0]})
    found = nav.predict(model, profiles, [10, 30]).table
    np.testing.assert_allclose(found["estimate"], stored["predicted"]["surv"], rtol=1e-8)
    np.testing.assert_allclose(found["std_error"], stored["predicted"]["se"], rtol=1e-8)


@pytest.mark.parametrize("key", ["efron", "breslow", "strata_wexp"])
def test_the_rossi_trial(key: str) -> None:
    """R stops when the likelihood changes by 1e-9 of itself: its coefficients are good to 2e-8."""
    stored, strata = R["rossi"][key], "wexp" if key == "strata_wexp" else None
    terms = [one for one in ROSSI if one != strata]
    model = rossi().cox(terms, ties="breslow" if key == "breslow" else "efron", strata=strata)
    np.testing.assert_allclose(model.table["estimate"], stored["coef"], rtol=1e-7)
    np.testing.assert_allclose(model.table["std_error"], stored["se"], rtol=1e-7)
    assert model.log_likelihood == pytest.approx(stored["loglik"], rel=1e-10)
    assert model.model.start.log_likelihood == pytest.approx(stored["loglik_null"], rel=1e-10)
    tests = model.tests.set_index("measure")["statistic"]
    assert tests["likelihood ratio"] == pytest.approx(stored["lr"], rel=1e-7)
    assert tests["score"] == pytest.approx(stored["score"], rel=1e-7)
    found = nav.concordance(model).table.iloc[0]
    assert [found["estimate"], found["std_error"]] == pytest.approx(stored["concordance"], rel=1e-7)
    for kind in ("martingale", "deviance"):
        assert (nav.residuals(model, kind)["residual"] ** 2).sum() == pytest.approx(stored[kind], rel=1e-7)
    for transform, chisq in stored["zph"].items():
        found = nav.proportional_hazards_test(model, transform).table["statistic"]
        np.testing.assert_allclose(found, chisq, rtol=1e-6, atol=1e-8)


def test_predicted_survival_of_the_rossi_trial() -> None:
    stored = R["rossi"]["efron"]["predicted"]
    profiles = pd.DataFrame({"fin": [0, 1], "age": 25, "race": 1, "wexp": 1, "mar": 0, "paro": 1, "prio": 3})
    found = nav.predict(rossi().cox(ROSSI), profiles, stored["time"], interval="log").table
    for ours, theirs in (
        ("estimate", "surv"),
        ("std_error", "se"),
        ("conf_low", "lower_log"),
        ("conf_high", "upper_log"),
    ):
        np.testing.assert_allclose(found[ours].to_numpy().reshape(2, -1).T, stored[theirs], rtol=1e-7, err_msg=ours)


def peer(**options: Any) -> pd.Series:
    frame = oracle().assign(event=lambda one: (one["ev"] == 1).astype(int))
    columns = ["t", "event", *TERMS, *options.pop("columns", [])]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = lifelines.CoxPHFitter().fit(frame[columns], "t", "event", **options)
    return pd.concat([fitter.params_.rename("coef"), fitter.standard_errors_.rename("se")], axis=1).loc["arm"]


def ours(*, entry: bool = False, offices: bool = False, weights: bool = False, **how: Any) -> pd.Series:
    return people(entry, weights, offices).cox(TERMS, **how).table.set_index("term").loc["arm"]


def test_lifelines_clusters_ties_wrongly() -> None:
    """Right: .162086 (R). lifelines: .162969, from score residuals of Breslow beside the coefficients of Efron."""
    assert ours(offices=True, errors="lin-wei")["std_error"] == pytest.approx(0.162085710691, rel=1e-9)
    assert peer(cluster_col="office", columns=["office"])["se"] == pytest.approx(0.162969, abs=1e-6)


def test_lifelines_clusters_with_delayed_entry_wrongly() -> None:
    """Right: .154513 (R). lifelines: .161122."""
    assert ours(entry=True, offices=True, errors="lin-wei")["std_error"] == pytest.approx(0.154512521783, rel=1e-9)
    found = peer(cluster_col="office", entry_col="entry", columns=["office", "entry"])
    assert found["se"] == pytest.approx(0.161122, abs=1e-6)


def test_statsmodels_clusters_efron_wrongly() -> None:
    """Right: .162086 (R). statsmodels: .159284."""
    from statsmodels.duration.hazard_regression import PHReg

    frame = oracle()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = PHReg(frame["t"], frame[TERMS], status=(frame["ev"] == 1).astype(int), ties="efron")
        found = model.fit(groups=frame["office"].to_numpy(), disp=0)
    assert found.bse[0] == pytest.approx(0.159284, abs=1e-6)
    assert ours(offices=True, errors="lin-wei")["std_error"] == pytest.approx(0.162085710691, rel=1e-9)


def test_lifelines_tests_proportional_hazards_the_way_of_before_2019() -> None:
    """Right: 1.0594 for arm (R's exact score test). lifelines: 1.1109."""
    from lifelines.statistics import proportional_hazard_test

    frame = oracle().assign(event=lambda one: (one["ev"] == 1).astype(int))[["t", "event", *TERMS]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = lifelines.CoxPHFitter().fit(frame, "t", "event")
        found = proportional_hazard_test(fitter, frame, time_transform="km").summary["test_statistic"]["arm"]
    right = nav.proportional_hazards_test(people().cox(TERMS)).table.set_index("term").loc["arm", "statistic"]
    assert right == pytest.approx(1.0593854, abs=1e-7)
    assert found == pytest.approx(1.1109, abs=1e-4)


def test_weighted_efron_keeps_the_weights_of_tied_endings() -> None:
    """Right: .19506 (R). A peer that drops the weights from Efron's terms says .22722."""
    assert ours(weights=True)["estimate"] == pytest.approx(0.19506096818, rel=1e-9)
