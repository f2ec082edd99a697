"""Every reason why a fair comparison, or a question of what would change an answer, is refused; and all remarks."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import Case, cohort, frame, named, refused

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES

DATA = nav.DataProblem
AT = np.arange(24)


def people(**columns: object) -> nav.Cohort:
    """Two dozen people, a third of whom begin after one to three days; a name in every row."""
    own = {
        "begun": np.where(AT % 3 == 0, 1.0 + AT % 4, np.nan),
        "age": AT * 7 % 11,
        "came": (AT % 4 < 2) * 1,
        "time": 4.0 + AT,
    }
    made = frame(24, **(own | columns))
    return cohort(made, arm="arm", reference="Standard")


def spells(**columns: object) -> nav.Spells:
    own = {
        "person": [f"P-{at}" for at in range(4)],
        "start": pd.Timestamp("2019-01-01"),
        "end": pd.Timestamp("2019-06-01"),
        "exit_class": "job",
        "referred": pd.Timestamp("2019-02-01"),
        "began": pd.to_datetime(["2019-01-15", None, "2019-03-01", None]),
        "navn": "Kari Canary",
    }
    return nav.Spells(pd.DataFrame(own | columns), nav.Origin())


def counts(missing: int = 4) -> nav.CountedCohort:
    return nav.from_counts({"a": {"job": 3, "no": 4, "missing": missing}, "b": {"job": 1, "no": 5, "missing": 2}})


def repeated() -> nav.Cohort:
    own = frame(12, person=[0, 0, *range(2, 12)], entry=0.0, begun=1.0)
    own.loc[1, "entry"] = 1.5
    return cohort(own, entry="entry", person="person")


def several() -> nav.Cohort:
    own = frame(12, person=[0, 0, *range(2, 12)], entry=0.0, begun=1.0)
    own.loc[1, ["entry", "begun"]] = [1.5, 0.5]
    return cohort(own, entry="entry", person="person")


def late(**more: object) -> nav.Cohort:
    return cohort(frame(24, begun=1.0, entry=0.5, **more), entry="entry")


def alike() -> nav.Cohort:
    return people(came=(AT // 2 % 2) * 1)


SOME = {"at": 8, "replicates": 0}
CASES = [
    Case("B125", "immortal_time", ("«begun»", "8", "24", "landmark", "split_follow_up", "emulate", "sequential_trials"),
         lambda: people().baseline_arms("begun")),
    Case("ever", "ever_against_never", ("«begun»", "grace="), lambda: people().emulate("begun", None, at=5)),
    Case("ever, far away", "ever_against_never", ("grace=",), lambda: people().emulate("begun", np.inf, at=5)),
    Case("a word for a start", "start_not_time", ("«arm»",), lambda: people().landmark(3, "arm")),
    Case("yes and no for a start", "start_not_time", ("«on»",), lambda: people(on=AT % 2 == 0).landmark(3, "on")),
    Case("two starts", "several_starts", ("«begun»", "1"), lambda: several().landmark(0.5, "begun"), DATA),
    Case("dates without a zero", "start_without_time_zero", ("«day»", "«start»"),
         lambda: people(day=pd.Timestamp("2019-01-01")).landmark(3, "day")),
    Case("calendar without dates", "start_without_time_zero", ("«calendar=»",),
         lambda: people().trial_people("begun", calendar=True)),
    Case("several rows", "one_row_each", ("1",), lambda: repeated().emulate("begun", 2, **SOME)),
    Case("several rows checked", "one_row_each", ("1",), lambda: repeated().immortal_time_check("begun")),
    Case("no condition", "eligible_needed", ("eligible=",), lambda: nav.time_zero(spells(), eligible=[])),
    Case("a missing condition", "columns_missing", ("«applied»", "«referred»"),
         lambda: nav.time_zero(spells(), eligible="applied"), DATA),
    Case("a condition that is no date", "column_not_dates", ("«person»",),
         lambda: nav.time_zero(spells(), eligible="person"), DATA),
    Case("begun before", "begun_before_time_zero", ("«began»", "1", "prior="),
         lambda: nav.time_zero(spells(), eligible="referred", start="began")),
    Case("begun before, cloned", "begun_before_time_zero", ("«begun»", "24"),
         lambda: people(begun=-1.0).emulate("begun", 2, **SOME)),
    Case("the column is there", "column_taken", ("«referred»", "name="),
         lambda: nav.time_zero(spells(), eligible="start", name="referred")),
    Case("the column is there", "column_taken", ("«begun»",), lambda: people().landmark(3, "begun")),
    Case("one group", "landmark_one_group", ("24",),
         lambda: people(begun=np.where(AT == 0, 1.0, np.nan)).landmark(0.5, "begun", name="on")),
    Case("nobody there", "nobody_at_landmark", ("24", "99"), lambda: people().landmark(99)),
    Case("no landmark", "times_needed", ("at",), lambda: people().landmark(np.nan)),
    Case("no trial", "no_trial", ("24", "every="), lambda: people(begun=np.nan).sequential_trials("begun", **SOME)),
    Case("late", "emulated_late_entry", ("24",), lambda: late().emulate("begun", 2, **SOME)),
    Case("late trials", "emulated_late_entry", ("24",), lambda: late().sequential_trials("begun", **SOME)),
    Case("nobody begins", "nobody_to_compare", ("«begun»", "0", "24", "grace="),
         lambda: people(begun=np.nan).emulate("begun", 2, **SOME)),
    Case("everybody begins", "nobody_to_compare", ("«begun»", "24"),
         lambda: people(begun=1.0).emulate("begun", 2, **SOME)),
    Case("too early a question", "asked_within_grace", ("3", "2"),
         lambda: people().emulate("begun", 3, at=2, replicates=0)),
    Case("a trait decides", "no_comparable_people", ("«age»",),
         lambda: people(age=np.where(AT % 3 == 0, 1.0, 0.0)).emulate("begun", 5, ["age"], **SOME)),
    Case("no generator", "generator_needed", (), lambda: people().emulate("begun", 2, at=8)),
    Case("a time beyond", "time_beyond_follow_up", ("99",),
         lambda: people(ending=0).emulate("begun", 2, at=99, replicates=0)),
    Case("two columns", "several_start_columns", ("«first», «second»", "2"),
         lambda: two_starts().immortal_time_check()),
    Case("no ratios", "no_ratio", ("measure=",), lambda: nav.e_value(counts().bounds(reference="b"))),
    Case("common?", "common_needed", ("hazard ratio", "common="), lambda: nav.e_value(0.5, measure="hazard ratio")),
    Case("a logarithm", "ratio_not_positive", (".ratios",), lambda: nav.e_value(-0.7)),
    Case("limits turned", "limits_turned", ("conf_low",), lambda: nav.e_value(2.0, 3.0, 1.0)),
    Case("three groups", "two_groups_needed", ("3",),
         lambda: nav.two_by_two(nav.from_counts({one: {"job": 1, "no": 1} for one in "abc"}))),
    Case("no counts", "counts_not_whole", (), lambda: nav.two_by_two(5, 4, 1, 3), DATA),
    Case("half a person", "counts_not_whole", (), lambda: nav.two_by_two(1.5, 4, 1, 3), DATA),
    Case("nobody known", "nobody_known", ("9",), lambda: nav.from_counts({"job": 0, "no": 0, "missing": 9})
         .tipping_point(target=0.5)),
    Case("too many", "too_many_completions", ("4002",), lambda: nav.from_counts(
        {"a": {"job": 3, "no": 4, "missing": 2000}, "b": {"job": 1, "no": 5, "missing": 2002}}
    ).tipping_point(reference="b")),
    Case("a target of two", "target_of_one_group", ("2", "target="), lambda: counts().tipping_point(target=0.6)),
    Case("a target in per cent", "target_of_one_group", ("1",),
         lambda: nav.from_counts({"job": 3, "no": 4, "missing": 1}).tipping_point(target=60)),
    Case("no such ending", "cause_unknown", ("unknown",), lambda: counts().bounds(missing="unknown")),
    Case("attendance not known", "attendance_not_known", ("«came»", "1", "24"),
         lambda: people(came=[None, *AT[1:] % 2]).effects_by_adherence("came", at=6)),
    Case("all came", "attendance_the_same", ("«came»", "24"),
         lambda: people(came=1).effects_by_adherence("came", at=6)),
    Case("attendance alike", "attendance_too_alike", ("«arm»", "effects_by_adherence"),
         lambda: alike().attended_effect("came", at=6)),
    Case("no lock-in beyond", "horizon_beyond_follow_up", ("99",), lambda: people(ending=0).lock_in(horizon=99)),
]  # fmt: skip


def two_starts() -> nav.Cohort:
    zero = pd.Timestamp("2019-01-01")
    day = pd.Series(np.where(AT % 2 == 0, zero + pd.Timedelta(days=2), pd.NaT)).astype("datetime64[ns]")
    return people(start=zero, first=day, second=day)


@pytest.fixture(autouse=True)
def _bokmal() -> object:
    nav.use_language("nb")
    return None


@pytest.mark.parametrize("case", CASES, ids=named)
def test_refused(case: Case) -> None:
    refused(case)


def test_every_problem_of_these_topics_is_refused_somewhere_here() -> None:
    keys: set[str] = set()
    for topic in ("fair_comparison", "sensitivity"):
        folder = resources.files("navoutcomes.texts").joinpath("problems")
        keys |= set(tomllib.loads(folder.joinpath(f"{topic}.toml").read_text(encoding="utf-8")))
    assert keys == keys & {case.key for case in CASES}


def results() -> list[object]:
    own = people()
    return [
        own.immortal_time_check("begun"),
        own.emulate("begun", 2, at=8, replicates=0),
        own.emulate("begun", 2, ["age"], at=8, truncate=0.9, replicates=0),
        own.sequential_trials("begun", every=1, at=6, replicates=0),
        own.sequential_trials("begun", every=1, at=6, effect="per protocol", replicates=0),
        own.lock_in(programme_length=12),
        own.effects_by_adherence("came", at=6),
        alike().effects_by_adherence("came", at=6),
        counts().bounds(reference="b"),
        counts().tipping_point(reference="b"),
        nav.two_by_two(22, 46, 3, 37),
        nav.e_value(2.0, 1.2, 3.0, measure="odds ratio", common=True),
        nav.e_value(0.5, error=0.1, measure="standardised difference"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_result_shows_itself_and_claims_no_cause(language: str) -> None:
    nav.use_language(language)
    causal = ("effekt", "førte til", "virkning", "verknad", "effect", "led to", "caused")
    for found in results():
        said = "\n".join(
            [*(one.text(language) for one in found.method), *(one.text(language) for one in found.findings)]
        )
        assert said
        assert "{" not in said
        assert not [word for word in causal if word in said.lower()], said
        assert found._repr_html_().startswith("<p><b>")
        assert repr(found)
    nav.use_language("nb")


def test_remarks_of_landmark_and_trials_are_said_in_every_language() -> None:
    own = people()
    for moved in (own.landmark(3, "begun", name="on"), own.trial_people("begun", every=1, name="on")):
        keys = moved.log.keys()
        assert keys
        for language in LANGUAGES:
            assert "{" not in moved.log.text(language)
            assert moved.flow.text(language)


def test_groups_are_called_in_the_language_or_as_the_analyst_says() -> None:
    own = people()
    assert own.landmark(3, "begun", name="on").protocol.arms.reference == "ikke begynt"
    nav.use_language("nn")
    assert own.landmark(3, "begun", name="on").protocol.arms.reference == "ikkje byrja"
    assert own.landmark(3, "begun", names=("no", "yes"), name="on").protocol.arms.reference == "no"
    nav.use_language("nb")


def test_a_landmark_is_another_question_than_the_protocols() -> None:
    """No estimand and no chance: ``answer`` refuses, and nothing speaks of an effect."""
    moved = people().landmark(3, "begun", name="on")
    assert not moved.protocol.randomised
    with pytest.raises(nav.DesignProblem) as told:
        moved.answer()
    assert told.value.key == "estimand_needed"


def test_a_curve_from_month_zero_passes_the_gate_on_months_and_a_check_for_the_analyst_stays() -> None:
    many = np.arange(600)
    rows = pd.DataFrame(
        {
            "time": 1 + many * 37 % 500,
            "ending": (0, 1, 2, 1)[0],
            "arm": np.where(many % 2 == 0, "IPS", "Standard"),
            "begun": np.where(many % 5 == 0, 20.0, np.nan),
        }
    ).assign(ending=many % 3)
    own = cohort(rows, arm="arm", reference="Standard")
    safe = nav.release(own.lock_in(horizon=365))
    assert (safe.table["time"] == safe.table["time"].round()).all()
    assert safe.table["time"].max() <= 12
    assert safe.result.curve["time"].max() <= 12
    assert (safe.result.curve["time"] == safe.result.curve["time"].round()).all()
    with pytest.raises(nav.DisclosureRefused) as told:
        nav.release(own.immortal_time_check("begun"))
    assert told.value.key == "kind_stays"
    assert "emulate" in told.value.parts("nb")[3]
    emulated = nav.release(own.emulate("begun", 30, at=365, replicates=0))
    assert not hasattr(emulated.result, "curves")
    assert set(emulated.table) <= {"group", "cause", "measure", "time", "estimate", "conf_low", "conf_high"}
