"""Cox models equal R's: every file cox_* of the reference, every number it holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.maths.hazards.cox_curves import baseline
from tests.parity.cox_studies import CoxStudy, cox_cases, cox_study
from tests.parity.reference_files import FOLDER, MISSING, raw

pytestmark = [] if FOLDER else [MISSING]
CASES = cox_cases()
CLOSE = {"rtol": 1e-6, "atol": 1e-9}
cases = pytest.mark.parametrize(("name", "key"), CASES, ids=["-".join(one) for one in CASES])


def model_of(study: CoxStudy, **options: object) -> nav.CoxRegression:
    errors = "lin-wei" if study.stored["robust_se"] else "model"
    return study.cohort.cox(study.terms, ties=study.stored["ties"], strata=study.strata, **{"errors": errors} | options)


@cases
def test_coefficients_and_their_errors(name: str, key: str) -> None:
    study = cox_study(name, key)
    model, plain = model_of(study), model_of(study, errors="model")
    table = model.table.iloc[study.order]
    np.testing.assert_allclose(table["estimate"], study.stored["coef"], **CLOSE)
    np.testing.assert_allclose(plain.table["std_error"].iloc[study.order], study.stored["se"], **CLOSE)
    if study.stored["robust_se"]:
        np.testing.assert_allclose(table["std_error"], study.stored["robust_se"], **CLOSE)
    np.testing.assert_allclose(table["statistic"], study.stored["z"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(table["p_value"], study.stored["p"], rtol=1e-5)
    place = np.ix_(study.order, study.order)
    np.testing.assert_allclose(model.covariance.to_numpy()[place], study.stored["vcov"], rtol=1e-5, atol=1e-12)
    if model.events >= 20:
        ratios = model.ratios.iloc[study.order]
        for ours, theirs in (("estimate", "hr"), ("conf_low", "hr_lower"), ("conf_high", "hr_upper")):
            np.testing.assert_allclose(ratios[ours], study.stored[theirs], **CLOSE)


@cases
def test_likelihoods_and_whole_model_tests(name: str, key: str) -> None:
    study = cox_study(name, key)
    model = model_of(study, errors="model")
    assert model.log_likelihood == pytest.approx(study.stored["loglik"], rel=1e-8)
    assert model.model.start.log_likelihood == pytest.approx(study.stored["loglik_null"], rel=1e-8)
    tests = model.tests.set_index("measure")
    for ours, theirs in (("likelihood ratio", "lr_test"), ("score", "score_test")):
        statistic, df, p_value = study.stored[theirs]
        assert tests.loc[ours, "statistic"] == pytest.approx(statistic, rel=1e-6)
        assert tests.loc[ours, "df"] == df
        assert tests.loc[ours, "p_value"] == pytest.approx(p_value, rel=1e-5)
    wald = model_of(study).tests.set_index("measure").loc["wald", "statistic"]
    assert wald == pytest.approx(study.stored["wald_test"][0], abs=0.0051)
    assert study.stored["aic"] == pytest.approx(2 * len(model.table) - 2 * model.log_likelihood, rel=1e-8)


@cases
def test_concordance(name: str, key: str) -> None:
    study = cox_study(name, key)
    found = nav.concordance(model_of(study)).table.iloc[0]
    share, error = study.stored["concordance"]
    assert found["estimate"] == pytest.approx(share, rel=1e-8)
    assert found["std_error"] == pytest.approx(error, rel=1e-6)


@cases
def test_residual_sums(name: str, key: str) -> None:
    study = cox_study(name, key)
    model = model_of(study)
    for kind in ("martingale", "deviance"):
        found = float((nav.residuals(model, kind)["residual"] ** 2).sum())
        assert found == pytest.approx(study.stored["resid"][f"sum_{kind}_sq"], rel=1e-6), kind


@cases
def test_baseline_hazard_where_every_covariate_is_zero(name: str, key: str) -> None:
    study = cox_study(name, key)
    model = model_of(study)
    stored = study.stored["baseline_cumhaz_uncentered"]
    scale = np.exp(-model.model.centre @ model.model.end.beta)
    layers = stored.get("strata", [None] * len(stored["time"]))
    size = len(model.rows.time)
    for place, layer in enumerate(dict.fromkeys(layers)):
        chosen = np.array([one == layer for one in layers])
        at = place if layer is None else model.strata.index(str(layer).split("=")[-1])
        hazard = np.cumsum(baseline(model.model)[at * size : (at + 1) * size]) * scale
        where = np.searchsorted(model.rows.time, np.asarray(stored["time"], dtype=float)[chosen] + 1e-9) - 1
        np.testing.assert_allclose(hazard[where], np.asarray(stored["hazard"])[chosen], rtol=1e-6)


ZPH = [
    (name, key, how)
    for name, key in CASES
    for how, one in (raw(name)["results"][key].get("cox_zph") or {}).items()
    if one
]


@pytest.mark.parametrize(("name", "key", "how"), ZPH, ids=["-".join(one) for one in ZPH])
def test_proportional_hazards(name: str, key: str, how: str) -> None:
    study = cox_study(name, key)
    stored = study.stored["cox_zph"][how]
    found = nav.proportional_hazards_test(model_of(study), how)
    table = found.table
    if "tgrade.L" in study.columns:
        kept = [at for at, term in enumerate(table["term"]) if not term.startswith("tgrade")]
        theirs = [at for at, term in enumerate(stored["terms"]) if term != "tgrade"]
    else:
        kept = theirs = list(range(len(table)))
        assert list(found.df) == stored["df"]
    np.testing.assert_allclose(table["statistic"].iloc[kept], np.asarray(stored["chisq"])[theirs], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(table["p_value"].iloc[kept], np.asarray(stored["p"])[theirs], rtol=1e-4)


PREDICTED = [one for one in CASES if raw(one[0])["results"][one[1]].get("predicted_survival")]


@pytest.mark.parametrize(("name", "key"), PREDICTED, ids=["-".join(one) for one in PREDICTED])
def test_predicted_survival(name: str, key: str) -> None:
    study = cox_study(name, key)
    stored = study.stored["predicted_survival"]
    profiles = pd.DataFrame(stored["profile"])
    for term in study.terms:
        if isinstance(term, nav.Category):
            profiles[term.column] = profiles[term.column].astype(str)
    found = nav.predict(model_of(study), profiles, stored["time"], interval="log").table
    for ours, theirs in (
        ("estimate", "surv"),
        ("std_error", "se"),
        ("conf_low", "lower_log"),
        ("conf_high", "upper_log"),
    ):
        values = found[ours].to_numpy().reshape(len(profiles), -1).T
        np.testing.assert_allclose(values, np.asarray(stored[theirs], dtype=float), rtol=1e-5, err_msg=ours)


def split_at(frame: pd.DataFrame, time: str, cuts: np.ndarray) -> pd.DataFrame:
    """Rows cut at every time somebody ended, so that a covariate may change there."""
    parts = []
    for low, high in zip(np.concatenate([[0.0], cuts[:-1]]), cuts, strict=True):
        there = frame[frame[time] > low].copy()
        there["begin_"], there["event_"] = low, np.where(there[time] <= high, there["event_"], 0)
        there["end_"] = np.minimum(there[time], high)
        parts.append(there)
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    ("name", "source", "changing", "of_time"),
    [
        ("cox_rossi", "age_prio_fin", "age", lambda time: time),
        ("cox_veteran_zph_log20", "zph3", "karno", lambda time: np.log(time + 20)),
    ],
)
def test_coefficients_that_change_with_time(name: str, source: str, changing: str, of_time: object) -> None:
    stored = raw(name)["results"]["tt_age" if name == "cox_rossi" else "tt"]
    study = cox_study("cox_rossi" if name == "cox_rossi" else "cox_veteran", source)
    time = "week" if name == "cox_rossi" else "time"
    cuts = np.unique(study.frame.loc[study.frame["event_"] == 1, time].to_numpy(dtype=float))
    rows = split_at(study.frame.assign(person_=np.arange(len(study.frame))), time, cuts)
    rows["changing_"] = rows[changing] * of_time(rows["end_"])
    cohort = nav.Cohort.from_frame(
        rows,
        time="end_",
        entry="begin_",
        person="person_",
        ending="event_",
        endings={0: None, 1: "event"},
        outcome="event",
    )
    model = cohort.cox([*study.terms, "changing_"])
    names = [one.replace(f"tt({changing})", "changing_") for one in stored["terms"]]
    order = [[*study.columns, "changing_"].index(one) for one in names]
    np.testing.assert_allclose(model.table["estimate"].iloc[order], stored["coef"], rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(model.table["std_error"].iloc[order], stored["se"], rtol=1e-5)
    if "loglik" in stored:
        assert model.log_likelihood == pytest.approx(stored["loglik"][1], rel=1e-8)


def test_proportional_hazards_with_a_function_of_time_of_ones_own() -> None:
    stored = raw("cox_veteran_zph_log20")["results"]["zph"]
    model = model_of(cox_study("cox_veteran", "zph3"))
    found = nav.proportional_hazards_test(model, lambda time: np.log(time + 20)).table
    order = [list(found["term"]).index("global" if one == "GLOBAL" else one) for one in stored["terms"]]
    np.testing.assert_allclose(found["statistic"].iloc[order], stored["chisq"], rtol=1e-6)
