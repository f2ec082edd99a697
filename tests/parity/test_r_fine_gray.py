"""Fine and Gray's model against R: ``finegray`` with ``coxph``, and ``cmprsk::crr``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import FOLDER as FROZEN
from frozen_numbers import people
from reference_files import FOLDER, cohort, names, numbers, over, raw, same

import navoutcomes as nav

R: dict[str, Any] = json.loads((FROZEN / "r_fine_gray.json").read_text(encoding="utf-8"))
EXACT, ITERATED = 1e-8, 1e-5
PROFILES = pd.DataFrame({"arm": [0, 1], "age": [40, 25], "fem": [0, 1]})


@pytest.mark.parametrize("key", R["finegray"])
@pytest.mark.parametrize("errors", ["robust", "model"])
def test_coefficients_and_errors_equal_those_of_finegray_and_coxph(key: str, errors: str) -> None:
    theirs = R["finegray"][key]
    one = people("entry" in key, "weights" in key, "offices" in key)
    cause = key.split("_")[1] if key.startswith("cause") else None
    how = "lin-wei" if errors == "robust" and "offices" in key else errors
    ties = "breslow" if "breslow" in key else "efron"
    model = one.fine_gray(theirs["terms"], cause, "fem" if "strata" in key else None, errors=how, ties=ties)
    same(model.table["estimate"], theirs["estimate"], EXACT)
    same(model.table["std_error"], theirs[errors], EXACT)
    same([model.null_log_likelihood, model.log_likelihood], theirs["log_likelihood"], EXACT)


@pytest.mark.parametrize("key", R["crr"])
def test_everything_equals_crr_with_its_ties_and_its_errors(key: str) -> None:
    theirs = R["crr"][key]
    model = people().fine_gray(theirs["terms"], key[-1], errors="fine-gray", ties="crr")
    same(model.table["estimate"], theirs["estimate"], EXACT)
    same(model.table["std_error"], theirs["robust"], EXACT)
    same([model.null_log_likelihood, model.log_likelihood], theirs["log_likelihood"], EXACT)
    found = nav.predict_incidence(model, PROFILES, at=theirs["time"]).table["estimate"]
    same(found.to_numpy().reshape(2, -1).T, theirs["incidence"], EXACT)


def test_the_curve_of_a_profile_equals_that_of_survfit() -> None:
    theirs = R["curves_entry"]
    model = people(entry=True).fine_gray(["arm", "age", "fem"])
    found = nav.predict_incidence(model, PROFILES, at=theirs["time"]).table["estimate"]
    same(found.to_numpy().reshape(2, -1).T, theirs["incidence"], EXACT)


def test_breslow_alone_is_not_crr_and_the_difference_is_in_the_fourth_digit() -> None:
    """Where nobody ends and is censored on one day, both are the same; with weekly ties they are not."""
    ours, theirs = R["finegray"]["breslow"]["estimate"], R["crr"]["cause_j"]["estimate"]
    assert 1e-5 < np.abs(np.subtract(ours, theirs)).max() < 1e-2
    roll = np.random.default_rng(4)
    frame = pd.DataFrame({"t": roll.permutation(60) + 1.0, "ev": roll.integers(0, 3, 60), "x": roll.normal(size=60)})
    one = nav.Cohort.from_frame(frame, "t", "ev", endings={0: None, 1: "j", 2: "k"}, outcome="j")
    plain = one.fine_gray(["x"], ties="breslow", errors="model")
    same(plain.table["estimate"], one.fine_gray(["x"], ties="crr").table["estimate"], EXACT)
    same(plain.table["estimate"], one.fine_gray(["x"], ties="efron").table["estimate"], EXACT)


@cache
def _study(name: str) -> tuple[dict[str, Any], nav.Cohort, pd.DataFrame]:
    """R's results, the people, and the columns of R's model matrix under R's own names."""
    stored = raw(name)
    results = next(iter(stored["results"].values()))
    frame = pd.read_csv(Path(str(FOLDER), stored["dataset_csv"]))
    if name == "cr_melanoma":
        frame = frame.assign(
            male=(frame["sex"] == "Male").astype(float), ulc=(frame["ulcer"] == "present").astype(float)
        )
    else:
        for column in ("Sex", "D", "Phase", "Source"):
            for level in sorted(frame[column].unique()):
                frame[f"{column}{'PB' if level == 'PB' else level}"] = (frame[column] == level).astype(float)
    one = cohort(frame, results["spec"], {0: None, 1: "cause1", 2: "cause2"}, "cause1")
    return results, one, frame


def _fits(kind: str) -> Any:
    def parts(name: str) -> Iterator[tuple[int]]:
        for fit in next(iter(raw(name)["results"].values())).get(kind, []):
            yield (fit["cause"],)

    return parts


def _fit(name: str, kind: str, cause: int) -> dict[str, Any]:
    return next(one for one in _study(name)[0][kind] if one["cause"] == cause)


@over("cr", "name cause", _fits("finegray_coxph"))
def test_every_file_equals_finegray_and_coxph(name: str, cause: int) -> None:
    theirs, one = _fit(name, "finegray_coxph", cause), _study(name)[1]
    model = one.fine_gray(theirs["terms"], f"cause{cause}")
    same(model.table["estimate"], theirs["coef"], ITERATED)
    same(model.table["std_error"], theirs["se_robust"], ITERATED)
    same(
        one.fine_gray(theirs["terms"], f"cause{cause}", errors="model").table["std_error"], theirs["se_naive"], ITERATED
    )


@over("cr", "name cause", _fits("fine_gray"))
def test_every_file_equals_crr(name: str, cause: int) -> None:
    """``crr`` stops at a gradient of 1e-6, so the estimate is known to about that."""
    theirs, (_, one, frame) = _fit(name, "fine_gray", cause), _study(name)
    model = one.fine_gray(theirs["terms"], f"cause{cause}", errors="fine-gray", ties="crr")
    table, ratios = model.table, model.ratios
    assert len(frame) == theirs["n"]
    for ours, key in (
        (table["estimate"], "coef"), (table["std_error"], "se"), (ratios["estimate"], "shr"),
        (ratios["conf_low"], "lower"), (ratios["conf_high"], "upper"),
    ):  # fmt: skip
        same(ours, theirs[key], ITERATED)
    np.testing.assert_allclose(table["p_value"], numbers(theirs["p"]), rtol=1e-3)
    same([model.log_likelihood, model.null_log_likelihood], [theirs["loglik"], theirs["loglik_null"]], 1e-9)
    curve = theirs["predicted_cif_at_covariate_means"]
    profile = pd.DataFrame([curve["x"]], columns=theirs["terms"])
    same(nav.predict_incidence(model, profile, at=curve["time"]).table["estimate"], curve["cif"], ITERATED)


def _validation(name: str) -> Iterator[tuple[str]]:
    for key, value in raw(name)["results"].items():
        if "ties" in value:
            yield (key,)


def _tested(number: str) -> nav.Cohort:
    frame = pd.read_csv(Path(str(FOLDER), "data", f"tg_test{number}.csv"))
    time, event = ("stop", "event") if number == "2" else ("time", "status")
    how = {"entry": "start"} if number == "2" else {"weight": "wt", "weight_type": "sampling"} if number == "3" else {}
    return nav.Cohort.from_frame(frame, time, event, endings={0: None, 1: "event"}, outcome="event", **how)


@over("tg", "name key", _validation)
def test_without_other_causes_therneau_and_grambschs_validation_examples_hold(name: str, key: str) -> None:
    """Appendix E of their book: nobody leaves for another cause, so the model is Cox's."""
    theirs = raw(name)["results"][key]
    model = _tested(key[4]).fine_gray(["x"], ties=theirs["ties"], errors="model")
    same(model.table["estimate"], [theirs["beta"]], ITERATED)
    same(model.table["std_error"], [theirs["se"]], ITERATED)
    same([model.null_log_likelihood, model.log_likelihood], theirs["loglik"], 1e-8)
    start = model.model.start
    same(start.score @ np.linalg.solve(start.information, start.score), theirs["score_test"], EXACT)
    if "dfbeta" in theirs:  # which R has weighted already
        robust = _tested(key[4]).fine_gray(["x"], ties=theirs["ties"])
        same(robust.table["std_error"], [np.sqrt(np.sum(numbers(theirs["dfbeta"]) ** 2))], ITERATED)


def test_the_files_are_there_when_the_folder_is() -> None:
    assert FOLDER is None or {"cr_bmtcrr", "cr_melanoma"} <= set(names("cr"))
