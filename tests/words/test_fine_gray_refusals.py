"""Every reason why Fine and Gray's model is refused, and when the estimate stands without an interval."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import Case, cohort, frame, named, refused

import navoutcomes as nav

NUMERICAL = nav.NumericalProblem


def people(size: int = 24, **columns: object) -> nav.Cohort:
    """Two dozen people, half of them of each sex; age is nobody's in particular."""
    at = np.arange(size)
    return cohort(frame(size, age=at * 7 % 11, sex=at // 2 % 2, **columns))


def offices(each: int, size: int = 36, **columns: object) -> nav.Cohort:
    at = np.arange(size)
    return cohort(frame(size, office=at % each, age=at * 7 % 11, sex=at // 2 % 2, **columns), cluster="office")


def gaps() -> nav.Cohort:
    own = frame(12, person=[0, 0, *range(2, 12)], entry=0.0, age=np.arange(12) * 7 % 11)
    own.loc[1, "entry"] = 1.5
    return cohort(own, entry="entry", person="person")


def nobody_there() -> nav.Cohort:
    """Everybody followed has gone at 2, one of them for another cause; the rest come at 3."""
    return cohort(
        pd.DataFrame(
            {
                "entry": [0, 0, 0, 3, 3, 3, 3],
                "time": [1, 2, 2, 5, 6, 7, 8],
                "ending": [1, 2, 0, 1, 0, 1, 2],
                "age": [3, 1, 4, 1, 5, 9, 2],
            }
        ),
        entry="entry",
    )


CASES = [
    Case("no terms", "terms_needed", ("terms",), lambda: people().fine_gray([])),
    Case("a cause", "cause_unknown", ("work", "job, other"), lambda: people().fine_gray(["age"], cause="work")),
    Case("no events", "no_events", ("job", "24"), lambda: people(ending=2).fine_gray(["age"])),
    Case("all censored", "no_events", ("job", "24"), lambda: people(ending=0).fine_gray(["age"])),
    Case("one group", "term_constant", ("one",), lambda: people(one=1).fine_gray(["one"])),
    Case("collinear", "terms_collinear", ("twice",),
         lambda: people(twice=2.0 * (np.arange(24) * 7 % 11) + 1).fine_gray(["age", "sex", "twice"])),
    Case("separation", "likelihood_without_top", ("never",),
         lambda: people(never=(np.arange(24) % 4 == 2) * 1.0).fine_gray(["age", "never"]), NUMERICAL),
    Case("infinite", "not_a_number", ("far",), lambda: people(far=np.inf).fine_gray(["far"]), nav.DataProblem),
    Case("ties", "choice_unknown", ("exact", "efron"), lambda: people().fine_gray(["age"], ties="exact")),
    Case("errors", "choice_unknown", ("cr2", "lin-wei"), lambda: people().fine_gray(["age"], errors="cr2")),
    Case("95", "choice_unknown", ("95",), lambda: people().fine_gray(["age"], level=95)),
    Case("gaps", "observation_with_gaps", ("1", "12", "cox"), lambda: gaps().fine_gray(["age"])),
    Case("nobody there", "nobody_observed", ("2", "7", "cox"), lambda: nobody_there().fine_gray(["age"])),
    Case("1999 with offices", "fine_gray_errors_cannot", ("errors",),
         lambda: offices(6).fine_gray(["age"], errors="fine-gray")),
    Case("1999 with entry", "fine_gray_errors_cannot", ("errors",),
         lambda: cohort(frame(24, entry=0.5, age=np.arange(24) % 5), entry="entry").fine_gray(
             ["age"], errors="fine-gray")),
    Case("counts", "people_without_times", ("CountedCohort",),
         lambda: nav.estimate.regression.fine_gray.fine_gray(nav.from_counts({"job": 3, "other": 4}), ["age"])),
    Case("no profile", "columns_missing", ("age",),
         lambda: nav.predict_incidence(people().fine_gray(["age"]), pd.DataFrame({"x": [1]}), at=3), nav.DataProblem),
    Case("no stratum", "columns_missing", ("sex",),
         lambda: nav.predict_incidence(people().fine_gray(["age"], strata="sex"), pd.DataFrame({"age": [1]}), at=3),
         nav.DataProblem),
    Case("no such stratum", "level_unknown", ("sex",),
         lambda: nav.predict_incidence(
             people().fine_gray(["age"], strata="sex"), pd.DataFrame({"age": [1], "sex": [7]}), at=3), nav.DataProblem),
    Case("no time", "times_needed", ("at",),
         lambda: nav.predict_incidence(people().fine_gray(["age"]), pd.DataFrame({"age": [1]}), at=-1)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_refusal_names_what_is_wrong_and_nobody(case: Case) -> None:
    refused(case)


def test_every_refusal_of_the_model_is_tried() -> None:
    file = resources.files("navoutcomes.texts").joinpath("problems", "fine_gray.toml")
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= {case.key for case in CASES}


def test_with_five_offices_the_estimate_stands_alone() -> None:
    few, more = offices(5).fine_gray(["age"]), offices(6).fine_gray(["age"])
    assert np.isfinite(few.table[["estimate", "std_error"]].to_numpy()).all()
    assert few.table[["p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    assert "few_offices" in few.findings.keys()  # noqa: SIM118
    assert "few_offices" not in more.findings.keys()  # noqa: SIM118
    assert np.isfinite(more.table[["p_value", "conf_low", "conf_high"]].to_numpy()).all()
    curve = nav.predict_incidence(few, pd.DataFrame({"age": [4]}), at=6).table
    assert np.isfinite(curve[["estimate", "std_error"]].to_numpy()).all()
    assert curve[["conf_low", "conf_high"]].isna().all(axis=None)


def test_one_office_alone_in_an_arm_has_no_interval_and_the_other_terms_have() -> None:
    model = offices(7, own=(np.arange(36) % 7 == 3) * 1.0).fine_gray(["age", "own"])
    table = model.table.set_index("term")
    assert table.loc["own", ["p_value", "conf_low", "conf_high"]].isna().all()
    assert np.isfinite(table.loc["age", ["p_value", "conf_low", "conf_high"]].to_numpy(dtype=float)).all()
    assert "own" in model.findings.text("en")


def test_the_result_says_how_it_was_made_in_three_languages() -> None:
    model = people().fine_gray(["age"], ties="crr", errors="fine-gray")
    for language, word in (("nb", "Samtidige"), ("nn", "Samtidige"), ("en", "cmprsk")):
        assert word in "\n".join(one.text(language) for one in model.method)
    assert model.ratios["measure"].iloc[0] == "subdistribution hazard ratio (direction only)"
    assert "Fine" in model._repr_html_()
