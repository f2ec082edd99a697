"""Every reason why a model with a distribution of time is refused, and when the estimate stands without an interval."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import Case, cohort, frame, named, refused

import navoutcomes as nav
from navoutcomes.estimate.regression.parametric_models import DISTRIBUTIONS

NUMERICAL = nav.NumericalProblem


def people(size: int = 24, **columns: object) -> nav.Cohort:
    at = np.arange(size)
    return cohort(frame(size, age=at * 7 % 11, sex=at // 2 % 2, **columns))


def offices(each: int, size: int = 36, **columns: object) -> nav.Cohort:
    at = np.arange(size)
    return cohort(frame(size, office=at % each, age=at * 7 % 11, sex=at // 2 % 2, **columns), cluster="office")


def all_at_the_end() -> nav.Cohort:
    """Ever more people leave the nearer the end: no shape is steep enough."""
    time = 1.0 + np.arange(40) ** 0.12
    return cohort(pd.DataFrame({"time": time, "ending": 1, "age": np.arange(40) * 7 % 11}))


CASES = [
    Case("no terms", "terms_needed", ("terms",), lambda: people().parametric([])),
    Case("a distribution", "choice_unknown", ("gompertz", "weibull"),
         lambda: people().parametric(["age"], "gompertz")),
    Case("a cause", "cause_unknown", ("work", "job, other"), lambda: people().parametric(["age"], cause="work")),
    Case("no events", "no_events", ("job", "24"), lambda: people(ending=2).parametric(["age"])),
    Case("all censored", "no_events", ("job", "24"), lambda: people(ending=0).parametric(["age"])),
    Case("one group", "term_constant", ("one",), lambda: people(one=1).parametric(["one"])),
    Case("collinear", "terms_collinear", ("twice",),
         lambda: people(twice=2.0 * (np.arange(24) * 7 % 11) + 1).parametric(["age", "sex", "twice"])),
    *(
        Case(f"separation {name}", "likelihood_without_top", ("never",),
             lambda name=name: people(never=(np.arange(24) % 4 == 2) * 1.0).parametric(["age", "never"], name),
             NUMERICAL)
        for name in DISTRIBUTIONS if name != "generalised gamma"
    ),
    Case("infinite", "not_a_number", ("far",), lambda: people(far=np.inf).parametric(["far"]), nav.DataProblem),
    Case("errors", "errors_unknown", ("cr2", "lin-wei"), lambda: people().parametric(["age"], errors="cr2")),
    Case("95", "choice_unknown", ("95",), lambda: people().parametric(["age"], level=95)),
    Case("time 0", "time_zero_has_no_logarithm", ("1", "24", "half"),
         lambda: people(time=np.arange(24.0)).parametric(["age"])),
    Case("strata of a rate", "argument_not_for_distribution", ("exponential", "strata"),
         lambda: people().parametric(["age"], "exponential", strata="sex")),
    Case("cuts of a curve", "argument_not_for_distribution", ("weibull", "cuts"),
         lambda: people().parametric(["age"], cuts=[3])),
    Case("knots of a curve", "argument_not_for_distribution", ("weibull", "knots"),
         lambda: people().parametric(["age"], knots=[3])),
    Case("falling cuts", "rising_times_needed", ("cuts",),
         lambda: people().parametric(["age"], "piecewise exponential", cuts=[5, 3])),
    Case("knots before time", "rising_times_needed", ("knots",),
         lambda: people().parametric(["age"], "spline", knots=[-1, 3])),
    Case("an empty piece", "piece_without_endings", ("3", "cuts"),
         lambda: people().parametric(["age"], "piecewise exponential", cuts=[5, 100])),
    Case("a knot after all", "knots_outside", ("knots",),
         lambda: people().parametric(["age"], "spline", knots=[5, 100])),
    Case("a shape that runs", "shape_runs_away", ("weibull", ".aic"),
         lambda: all_at_the_end().parametric(["age"], "generalised gamma"), NUMERICAL),
    Case("counts", "people_without_times", ("CountedCohort",),
         lambda: nav.parametric(nav.from_counts({"job": 3, "other": 4}), ["age"])),
    Case("no profile", "columns_missing", ("age",),
         lambda: nav.predict_times(people().parametric(["age"]), pd.DataFrame({"x": [1]})), nav.DataProblem),
    Case("no stratum", "columns_missing", ("sex",),
         lambda: nav.predict_times(people().parametric(["age"], strata="sex"), pd.DataFrame({"age": [1]})),
         nav.DataProblem),
    Case("no such stratum", "level_unknown", ("sex",),
         lambda: nav.predict_times(people().parametric(["age"], strata="sex"), pd.DataFrame({"age": [1], "sex": [7]})),
         nav.DataProblem),
    Case("all of them", "choice_unknown", ("0 < shares < 1",),
         lambda: nav.predict_times(people().parametric(["age"]), pd.DataFrame({"age": [1]}), shares=1)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_refusal_names_what_is_wrong_and_nobody(case: Case) -> None:
    refused(case)


def test_every_refusal_of_these_models_is_tried() -> None:
    file = resources.files("navoutcomes.texts").joinpath("problems", "parametric.toml")
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= {case.key for case in CASES}


def test_a_rate_in_pieces_does_not_mind_time_0() -> None:
    found = people(time=np.arange(24.0)).parametric(["age"], "piecewise exponential", cuts=[12])
    assert np.isfinite(found.table["estimate"]).all()


@pytest.mark.parametrize("distribution", DISTRIBUTIONS[:4])
def test_with_five_offices_the_estimate_stands_alone(distribution: str) -> None:
    few, more = (offices(each).parametric(["age"], distribution) for each in (5, 6))
    assert np.isfinite(few.table[["estimate", "std_error"]].to_numpy()).all()
    assert few.table[["p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    assert "few_offices" in few.findings.keys()  # noqa: SIM118
    assert np.isfinite(more.table[["p_value", "conf_low", "conf_high"]].to_numpy()).all()
    times = nav.predict_times(few, pd.DataFrame({"age": [4]})).table
    assert np.isfinite(times[["estimate", "std_error"]].to_numpy()).all()
    assert times[["conf_low", "conf_high"]].isna().all(axis=None)


def test_one_office_alone_in_an_arm_has_no_interval_and_the_other_terms_have() -> None:
    table = offices(7, own=(np.arange(36) % 7 == 3) * 1.0).parametric(["age", "own"]).table.set_index("term")
    assert table.loc["own", ["p_value", "conf_low", "conf_high"]].isna().all()
    assert np.isfinite(table.loc["age", ["p_value", "conf_low", "conf_high"]].to_numpy(dtype=float)).all()


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_result_says_what_was_assumed_in_three_languages(distribution: str) -> None:
    stays = 10 * np.random.default_rng(3).weibull(1.4, 60)
    model = people(60, time=stays).parametric(["age"], distribution)
    assert (
        len({one.text(language) for one in model.method for language in ("nb", "nn", "en")})
        >= 3 * len(model.method) - 1
    )
    assert list(model.ratios["term"]) == ["age"]
    assert model.ratios["measure"].iloc[0] in ("time ratio", "hazard ratio, cause-specific")
    assert set(model.table["measure"].iloc[1:]) <= {
        "intercept", "log scale", "shape", "log rate", *(f"gamma {at}" for at in range(4)),
    }  # fmt: skip


def test_times_beyond_the_follow_up_are_marked() -> None:
    model = people().parametric(["age"])
    near, far = (nav.predict_times(model, pd.DataFrame({"age": [4]}), share) for share in (0.05, 0.999))
    assert "times_beyond_follow_up" in far.findings.keys()  # noqa: SIM118
    assert "times_beyond_follow_up" not in near.findings.keys()  # noqa: SIM118
