"""What no other file here touches: residuals row by row, joint models of event numbers, causes by Cox, stratified Gray,
rates with their exact limits, concordance after Uno."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from cox_studies import cox_cases, cox_study
from reference_files import FOLDER, MISSING, numbers, over, raw, same, study

import navoutcomes as nav

pytestmark = [] if FOLDER else [MISSING]
TERMS = ["rx", "size", "number"]
ITERATED = 1e-6
VALIDATION = [f"test{number}_{ties}" for number in (1, 2, 3) for ties in ("breslow", "efron")]


def results(name: str) -> dict[str, Any]:
    return raw(name)["results"]


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(str(FOLDER), "data", f"{name}.csv"))


@cache
def validated(number: str, ties: str) -> nav.CoxRegression:
    """Therneau and Grambsch's appendix E: six people, ten intervals, nine weighted people."""
    time, event = ("stop", "event") if number == "2" else ("time", "status")
    how = {"entry": "start"} if number == "2" else {"weight": "wt", "weight_type": "sampling"} if number == "3" else {}
    people = nav.Cohort.from_frame(
        data(f"tg_test{number}"), time, event, endings={0: None, 1: "event"}, outcome="event", **how
    )
    return people.cox(["x"], ties=ties, errors="model")


@pytest.mark.parametrize("key", VALIDATION)
@pytest.mark.parametrize("kind", ["martingale", "deviance", "score", "dfbeta"])
def test_tg_validate_residuals_of_every_row(key: str, kind: str) -> None:
    model = validated(key[4], key[6:])
    ours = nav.residuals(model, kind).to_numpy()[:, 0]
    # R has weighted these two already.
    weight = model.model.rows.weight if kind == "dfbeta" else np.ones(len(ours))
    same(ours * weight, results("tg_validate")[key][kind], ITERATED)


@pytest.mark.parametrize("key", VALIDATION)
def test_tg_validate_schoenfeld_residuals_in_order_of_time(key: str) -> None:
    ours = nav.residuals(validated(key[4], key[6:]), "schoenfeld")
    same(np.sort(ours["x"]), np.sort(results("tg_validate")[key]["schoenfeld"]), ITERATED)


@pytest.mark.parametrize("key", VALIDATION)
def test_tg_validate_curve_where_x_is_zero(key: str) -> None:
    theirs = results("tg_validate")[key]["surv_x0"]
    found = nav.predict(validated(key[4], key[6:]), pd.DataFrame({"x": [0.0]}), theirs["time"]).table
    same(found["estimate"], theirs["surv"], ITERATED)
    same(found["std_error"], theirs["std_err"], ITERATED)


def test_tg_validate_closed_forms() -> None:
    theirs = results("tg_validate")["closed_form"]
    for ties in ("breslow", "efron"):
        same(validated("1", ties).coefficients["x"], theirs[f"test1_{ties}_beta"], 1e-9)


def test_tg_validate_exact_ties_have_no_top() -> None:
    """R stops at 21.2 with the log-likelihood of the limit; here the term is named. See test_frozen_cox_exact.py."""
    theirs = results("tg_validate")["test1_exact"]
    assert theirs["loglik"][1] == pytest.approx(-2 * np.log(3), abs=1e-8)
    people = nav.Cohort.from_frame(data("tg_test1"), "time", "status", endings={0: None, 1: "e"}, outcome="e")
    with pytest.raises(nav.NumericalProblem) as caught:
        people.cox(["x"], ties="exact")
    assert caught.value.facts["column"] == ["x"]


@pytest.mark.parametrize(("name", "key"), cox_cases(), ids=["-".join(one) for one in cox_cases()])
def test_people_endings_and_bic_of_every_cox_model(name: str, key: str) -> None:
    one = cox_study(name, key)
    how = {"ties": one.stored["ties"], "strata": one.strata, "errors": "model"}
    model = one.cohort.cox(one.terms, **how)
    assert (model.rows.size, model.events) == (one.stored["n"], one.stored["n_event"])
    bic = len(model.table) * np.log(model.events) - 2 * model.log_likelihood
    same(bic, one.stored["bic_nevent"], 1e-8)


def _causes(name: str) -> list[tuple[int]]:
    return [(at,) for at in range(len(study(name).results.get("cause_specific_cox", [])))]


@over("cr", "name place", _causes)
def test_hazard_ratios_of_each_cause(name: str, place: int) -> None:
    one = study(name)
    theirs = one.results["cause_specific_cox"][place]
    frame = one.frame.copy()
    if name == "cr_melanoma":
        frame["male"] = (frame["sex"] == "Male").astype(float)
    for column in ("Sex", "D", "Phase", "Source"):
        for level in set(frame.get(column, ())):
            frame[f"{column}{'PB' if level == 'PB' else level}"] = (frame[column] == level).astype(float)
    frame = frame.rename(columns={"SourceBM+PB": "Source other"})
    people = nav.Cohort.from_frame(
        frame, one.spec["time"], one.spec["status"], endings={0: None, 1: "cause1", 2: "cause2"}, outcome="cause1"
    )
    model = people.cause_specific(theirs["terms"]).models[place]
    assert (model.cause, model.events) == (f"cause{place + 1}", theirs["n_event"])
    plain = people.cox(theirs["terms"], cause=model.cause)
    table = plain.table
    for column, key in (("estimate", "coef"), ("std_error", "se"), ("statistic", "z")):
        same(model.table[column], table[column], 1e-12)
        same(table[column], theirs[key], ITERATED)
    same(model.covariance, theirs["vcov"], ITERATED)
    same(model.log_likelihood, theirs["loglik"], 1e-9)
    for how, stored in theirs["cox_zph"].items():
        same(nav.proportional_hazards_test(model, how).table["statistic"], stored["chisq"], 1e-4)


def _stratified(name: str) -> list[tuple[int]]:
    return [(at,) for at in range(len(study(name).results.get("gray_test_stratified", {}).get("stat", [])))]


@over("cr", "name place", _stratified)
def test_grays_test_in_strata(name: str, place: int) -> None:
    one = study(name)
    theirs = one.results["gray_test_stratified"]
    found = one.cohort.gray_test(by=one.spec["group"], cause=f"cause{place + 1}", strata=theirs["strata"])
    same([found.statistic, found.p_value, found.df], [theirs[key][place] for key in ("stat", "pv", "df")])


def test_km_weighted_rossi_robust_errors_at_times() -> None:
    theirs = results("km_weighted_rossi")["robust"]
    found = study("km_weighted_rossi").cohort.survival_curve(by="fin").at(sorted(set(theirs["time"])))
    for at, layer in enumerate(theirs["strata"]):
        row = found[(found["group"] == layer.split("=")[1]) & (found["time"] == theirs["time"][at])].iloc[0]
        same([row["estimate"], row["std_error"]], [theirs["surv"][at], theirs["se_robust"][at]])


def tumours(split: list[str]) -> tuple[nav.Cohort, list[str]]:
    """Every person waits for each of four events; these terms have a coefficient for each event of their own."""
    frame = data("bladder")
    columns = []
    for term in TERMS:
        for number in range(1, 5) if term in split else [0]:
            name = f"{term} of {number}" if number else term
            frame[name] = frame[term] * (frame["enum"] == number if number else 1)
            columns.append(name)
    people = nav.Cohort.from_frame(
        frame, "stop", "event", endings={0: None, 1: "tumour"}, outcome="tumour", cluster="id"
    )
    return people, columns


def joint(split: list[str], ties: str, errors: str) -> nav.CoxRegression:
    people, columns = tumours(split)
    return people.cox(columns, ties=ties, strata="enum", errors=errors)


def test_rec_bladder_wlw_with_its_own_ratio_for_every_event() -> None:
    """R's model has the first event's coefficient and the others' differences from it."""
    theirs = results("rec_bladder_wlw")["WLW_inter"]
    robust, plain = (joint(TERMS, "efron", errors) for errors in ("lin-wei", "model"))
    turned = np.zeros((12, 12))
    for place, name in enumerate(theirs["terms"]):
        term = next(one for one in TERMS if one in name.split(":"))
        number = int(name.split("enum=")[1][0]) if "enum=" in name else 1
        turned[place, robust.coefficients.index.get_loc(f"{term} of {number}")] = 1.0
        if number > 1:
            turned[place, robust.coefficients.index.get_loc(f"{term} of 1")] = -1.0
    same(turned @ robust.coefficients, theirs["coef"], ITERATED)
    for model, key in ((robust, "robust_se"), (plain, "se")):
        same(np.sqrt(np.diag(turned @ model.covariance.to_numpy() @ turned.T)), theirs[key], ITERATED)
    same(robust.log_likelihood, np.ravel(theirs["loglik"])[-1], 1e-9)


def test_rec_bladder_wlw_paper_ratios_by_event_and_their_joint_variance() -> None:
    stored = results("rec_bladder_wlw_paper")
    found = joint(TERMS, "breslow", "lin-wei")
    own = [f"rx of {number}" for number in range(1, 5)]
    same(found.coefficients[own], stored["rx_by_stratum"], ITERATED)
    same(found.covariance.loc[own, own], stored["var"], ITERATED)


@pytest.mark.parametrize(("key", "number", "gap"), [("prentice_1", 1, 0), ("prentice_2a", 2, 0), ("prentice_2b", 2, 1)])
def test_rec_bladder_wlw_paper_one_event_alone(key: str, number: int, gap: int) -> None:
    """2a counts from the start of the study without late entry, as in the paper, 2b from the event before."""
    theirs = results("rec_bladder_wlw_paper")[key]
    frame = data("bladder2")
    frame = frame[frame["enum"] == number].assign(time=lambda one: one["stop"] - gap * one["start"])
    people = nav.Cohort.from_frame(frame, "time", "event", endings={0: None, 1: "tumour"}, outcome="tumour")
    found = people.cox(TERMS, ties="breslow", errors="model")
    assert (found.rows.size, found.events) == (theirs["n"], theirs["n_event"])
    same(found.coefficients, theirs["coef"], ITERATED)
    same(found.covariance, theirs["vcov"], ITERATED)
    same(found.log_likelihood, theirs["loglik"], 1e-9)


def test_rec_bladder_has_no_model_where_r_gave_none() -> None:
    assert results("rec_bladder")["PWP_GT_start0"] is None


def test_props_exact_limits_of_rates() -> None:
    for one in results("props")["poisson_exact"]:
        found = spread([one["x"]], [one["T"]]).rates(per=1, interval="exact").table.iloc[0]
        same(found["estimate"], one["rate"], 1e-9)
        same(found[["conf_low", "conf_high"]], one["ci"], 1e-9)


def test_props_ratio_of_two_rates() -> None:
    theirs = results("props")["poisson_two"]
    people = spread(theirs["x"], theirs["T"])
    found = people.rates(by="arm", measure="rate ratio", reference="1", interval="exact").table.iloc[0]
    same(found["estimate"], theirs["ratio"], 1e-9)
    same(found[["conf_low", "conf_high"]], theirs["ci"], 1e-8)
    same(found["p_value"], theirs["p"], 1e-8)


def spread(events: list[int], time: list[float]) -> nav.Cohort:
    """As many endings in as much time, in each arm; where there is none, one person who has not ended."""
    arms = [
        pd.DataFrame({"time": [length / max(number, 1)] * max(number, 1), "ending": int(number > 0), "arm": str(arm)})
        for arm, (number, length) in enumerate(zip(events, time, strict=True))
    ]
    frame = pd.concat(arms, ignore_index=True)
    return nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "event"}, outcome="event")


def test_concordance_lung() -> None:
    theirs = results("concordance_lung")
    one = cox_study("cox_lung", "a")
    model = one.cohort.cox(one.terms)
    plain, uno = nav.concordance(model), nav.concordance(model, weights="uno")
    same([plain.table["estimate"].iloc[0], plain.table["std_error"].iloc[0] ** 2], [theirs["harrell"], theirs["var"]])
    counts = theirs["counts"]
    assert (plain.concordant, plain.discordant, plain.tied) == (
        counts["concordant"],
        counts["discordant"],
        counts["tied.x"],
    )
    same(uno.table["estimate"].iloc[0], theirs["uno"])
    same(uno.table["std_error"].iloc[0] ** 2, theirs["uno_var"])


def test_numbers_are_read_as_numbers() -> None:
    assert np.isnan(numbers([None])[0])
