"""Every reason why states, repeated events and pseudo-values are refused: class, key, names, nobody's value."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import pytest
from design_cases import CANARY, Case, named, no_trace, refused, register
from design_cases import cohort as person_cohort
from design_cases import frame as twelve

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES

DATA = nav.DataProblem
ROLES = {"person": "person", "start": "start", "stop": "stop", "state_from": "state", "state_to": "to"}


def stays(*changes: tuple[int, str, Any]) -> pd.DataFrame:
    """Eight persons of eight offices, two rows each; a name in every row. ``changes`` are (row, column, value)."""
    at = np.arange(16)
    made = pd.DataFrame(
        {
            "navn": [f"{CANARY} {one}" for one in at],
            "person": [f"{CANARY} {one // 2}" for one in at],
            "start": np.where(at % 2 == 0, 0.0, np.where(at < 8, 4.0, 3.0)),
            "stop": np.where(at % 2 == 1, 6.0 + at / 2, np.where(at < 8, 4.0, 3.0)),
            "state": np.where(at % 2 == 0, "KVP", "work"),
            "to": np.where(at % 2 == 0, "work", np.repeat(["left", "", "KVP", "", "left", "", "", "KVP"], 2)),
            "weight": 1.0,
            "office": at // 2,
            "arm": np.where(at // 2 % 2 == 0, "IPS", "Standard"),
        }
    )
    for row, column, value in changes:
        made[column] = made[column].astype(object)
        made.loc[row, column] = value
    return made


def people(*changes: tuple[int, str, Any], frame: pd.DataFrame | None = None, **how: Any) -> nav.Transitions:
    return nav.Transitions.from_frame(stays(*changes) if frame is None else frame, **ROLES, censored="", **how)


def repeats(*changes: tuple[int, str, Any], **how: Any) -> nav.Repeats:
    asked: dict[str, Any] = {"events": {"": None, "work": "work", "KVP": None, "left": "left"}} | how
    return nav.Repeats.from_frame(
        stays(*changes), person="person", start="start", stop="stop", event="to", terminal=("left",), **asked
    )


def spells(**how: Any) -> nav.Transitions:
    asked: dict[str, Any] = {"exits": {"job": "work", "health": "ill"}} | how
    return nav.Transitions.from_spells(register("P-1;KVP;01.01.2019;31.01.2019;Arbeid;A;a;",
                                                "P-2;KVP;01.01.2019;28.02.2019;Helse;A;b;"), **asked)  # fmt: skip


def no_last_day() -> nav.Transitions:
    return nav.Transitions.from_spells(
        register("P-1;KVP;01.01.2019;31.01.2019;Arbeid;A;a;", extracted=None), exits={"job": "work"}
    )


STILL = stays().assign(to="")
CASES = [
    Case("a column", "columns_missing", ("«stop»",), lambda: people(frame=stays().drop(columns="stop")), DATA),
    Case("no rows", "no_rows", ("«person»",), lambda: people(frame=stays().head(0)), DATA),
    Case("an empty person", "cells_empty", ("«person»", "3"), lambda: people((3, "person", None)), DATA),
    Case("an empty state", "cells_empty", ("«state»", "5"), lambda: people((5, "state", None)), DATA),
    Case("infinite", "not_a_number", ("«stop»", "1"), lambda: people((1, "stop", np.inf)), DATA),
    Case("a date for a number", "not_a_number", ("«start»",),
         lambda: people(frame=stays().assign(start=pd.Timestamp("2019-01-01"))), DATA),
    Case("before zero", "negative_time", ("«start»", "2"), lambda: people((2, "start", -1.0)), DATA),
    Case("no length", "entry_not_before_exit", ("«start»", "«stop»", "4"), lambda: people((4, "stop", 0.0)), DATA),
    Case("an overlap", "intervals_overlap", ("«person»", "3"), lambda: people((3, "start", 3.0)), DATA),
    Case("a gap", "states_gap", ("«person»", "3", "gaps="), lambda: people((3, "start", 5.0)), DATA),
    Case("a gap with a jump", "states_gap", ("«person»", "3"),
         lambda: people((3, "start", 5.0), (3, "state", "assistance")), DATA),
    Case("another state at once", "states_teleport", ("«state»", "«to»", "3"),
         lambda: people((3, "state", "KVP")), DATA),
    Case("an unknown state", "states_unknown", ("«to»", "0", "KVP, work, left"),
         lambda: people((0, "to", CANARY), states=("KVP", "work", "left")), DATA),
    Case("weights", "negative_weights", ("«weight»", "1"), lambda: people((1, "weight", -1.0), weight="weight"), DATA),
    Case("what to do with gaps", "choice_unknown", ("maybe", "unobserved"), lambda: people(gaps="maybe")),
    Case("everybody stays", "no_transitions", ("KVP", "work"),
         lambda: nav.multistate(people(frame=STILL.iloc[::2], states=("KVP", "work")))),
    Case("one state", "no_transitions", ("KVP",), lambda: people(frame=STILL.iloc[::2])),
    Case("nothing afterwards", "no_transitions", ("16",), lambda: nav.multistate(people(), since=13.6)),
    Case("nobody afterwards", "nobody_since", ("IPS", "13"), lambda: nav.multistate(people(), by="arm", since=13)),
    Case("nobody in the state", "nobody_in_state", ("KVP", "5"),
         lambda: nav.multistate(people(), "transition", since=5, landmark=True)),
    Case("a time", "times_needed", ("since=",), lambda: nav.multistate(people(), since=-1)),
    Case("a time to read", "times_needed", ("at=",), lambda: nav.multistate(people(), since=2).at(1)),
    Case("an endless time to read", "times_needed", ("at=",), lambda: nav.multistate(people()).at(np.inf)),
    Case("a measure", "choice_unknown", ("stay", "occupation"), lambda: nav.multistate(people(), "stay")),
    Case("a landmark of shares", "choice_unknown", ("landmark=True", "transition"),
         lambda: nav.multistate(people(), landmark=True)),
    Case("an interval", "interval_unknown", ("exact", "log-log"), lambda: nav.multistate(people(), interval="exact")),
    Case("an interval of a hazard", "interval_unknown", ("log-log", "plain"),
         lambda: nav.multistate(people(), "hazard", interval="log-log")),
    Case("errors", "errors_unknown", ("cr2", "aalen"), lambda: nav.multistate(people(), errors="cr2")),
    Case("95 for 0.95", "choice_unknown", ("95", "0 < level < 1"), lambda: nav.multistate(people(), level=95)),
    Case("a group that changes", "group_varies", ("«arm»", "3"),
         lambda: nav.multistate(people((3, "arm", "IPS"), (2, "arm", "Standard")), by="arm"), DATA),
    Case("people without states", "people_without_states", ("Cohort",),
         lambda: nav.multistate(person_cohort(twelve()))),
    Case("a horizon", "horizon_beyond_follow_up", ("99", "all"), lambda: nav.time_in_state(people((15, "to", "")), 99)),
    Case("a horizon of a group", "horizon_beyond_follow_up", ("13", "12", "IPS"),
         lambda: nav.time_in_state(people(), 13.2, by="arm")),
    Case("a horizon before the start", "horizon_beyond_follow_up", ("2",),
         lambda: nav.time_in_state(people(), 2, since=3)),
    Case("errors of a time", "errors_unknown", ("greenwood",),
         lambda: nav.time_in_state(people(), 5, errors="greenwood")),
    Case("a programme", "state_unnamed", ("KVP", "«programme»"), lambda: spells(programmes={"AAP": "AAP"})),
    Case("an exit", "state_unnamed", ("health", "«exit_class»"), lambda: spells(exits={"job": "work"})),
    Case("no last day", "last_day_needed", ("closes=",), no_last_day),
    Case("a register that closes early", "register_closes_early", ("«start»",),
         lambda: spells(closes=pd.Timestamp("2018-12-31").date()), DATA),
    Case("an event without a word", "endings_unknown", ("«to»",),
         lambda: repeats(events={"": None, "work": "work", "left": "left"}), DATA),
    Case("an end without a word", "events_needed", ("left", "work"), lambda: repeats(events={"": None, "work": "work",
         "KVP": None, "left": None})),
    Case("rows after the end", "rows_after_end", ("«person»", "3"), lambda: repeats((2, "to", "left")), DATA),
    Case("a state that comes back", "events_needed", ("pause",),
         lambda: nav.Repeats.from_transitions(people(), "pause")),
    Case("an end that people leave", "events_needed", ("work",),
         lambda: nav.Repeats.from_transitions(people(), "KVP", terminal=("work",))),
    Case("no events", "no_repeats", ("again", "16"),
         lambda: nav.recurrent(repeats(events={"": None, "work": None, "KVP": None, "left": "left", "x": "again"}))),
    Case("a kind of event", "cause_unknown", ("left", "work"), lambda: nav.recurrent(repeats(), cause="left")),
    Case("an interval of a count", "interval_unknown", ("logit",), lambda: nav.recurrent(repeats(), interval="logit")),
    Case("errors of a count", "errors_unknown", ("greenwood",), lambda: nav.recurrent(repeats(), errors="greenwood")),
    Case("people without repeats", "people_without_repeats", ("Transitions",), lambda: nav.recurrent(people())),
    Case("a clock", "choice_unknown", ("days", "gap"),
         lambda: nav.prentice_williams_peterson(repeats(), ["office"], clock="days")),
    Case("which event", "cause_unknown", ("None", "work, again"),
         lambda: nav.andersen_gill(repeats(events={"": None, "work": "work", "KVP": "again", "left": "left"}), ["a"])),
    Case("no number of events", "choice_unknown", ("events=0",),
         lambda: nav.wei_lin_weissfeld(repeats(), ["office"], 0)),
    Case("collinear terms", "terms_collinear", ("«twice»",),
         lambda: person_cohort(twelve().assign(twice=lambda own: own["office"] * 2)).pseudo_regression(
             ["office", "twice"], 5)),
    Case("a measure of pseudo-values", "choice_unknown", ("median", "survival"),
         lambda: person_cohort(twelve()).pseudo_values(5, "median")),
    Case("a method of pseudo-values", "choice_unknown", ("bootstrap", "jackknife"),
         lambda: person_cohort(twelve()).pseudo_values(5, method="bootstrap")),
    Case("a cause of pseudo-values", "cause_unknown", ("work", "job, other"),
         lambda: person_cohort(twelve()).pseudo_values(5, "incidence", cause="work")),
    Case("a cause of those who stay", "cause_unknown", ("job",),
         lambda: person_cohort(twelve()).pseudo_values(5, "survival", cause="job")),
    Case("a time of pseudo-values", "times_needed", ("at=",),
         lambda: person_cohort(twelve()).pseudo_values([np.nan])),
    Case("no time of pseudo-values", "times_needed", ("at=",), lambda: person_cohort(twelve()).pseudo_values([])),
    Case("a time after the last", "time_beyond_follow_up", ("99", "all"),
         lambda: person_cohort(twelve().assign(ending=0)).pseudo_values(99)),
    Case("weights of a person", "weights_vary", ("weight=",), lambda: person_cohort(
        twelve().assign(person=lambda own: own.index // 2, entry=lambda own: own["time"] - 1, ending=[0, 1] * 6,
                        weight=lambda own: own.index + 1.0), person="person", entry="entry", weight="weight")
         .pseudo_values(5)),
    Case("counts alone", "people_without_times", ("CountedCohort",),
         lambda: nav.pseudo_values(nav.from_counts({"job": 3, "other": 4}), 5)),
    Case("a link", "choice_unknown", ("logit", "cloglog"),
         lambda: person_cohort(twelve()).pseudo_regression(["office"], 5, link="logit")),
    Case("a link of a mean", "choice_unknown", ("cloglog", "identity, log"),
         lambda: person_cohort(twelve()).pseudo_regression(["office"], 5, "restricted mean", link="cloglog")),
    Case("errors of a regression", "errors_unknown", ("cr2",),
         lambda: person_cohort(twelve()).pseudo_regression(["office"], 5, errors="cr2")),
    Case("a state that nobody leaves", "choice_unknown", ("left", "KVP, work"),
         lambda: nav.leaving(people(), "left")),
    Case("a clock of a state", "choice_unknown", ("days",), lambda: nav.leaving(people(), "KVP", clock="days")),
    Case("a state nobody goes to", "cause_unknown", ("left",), lambda: nav.leaving(people(), "KVP", outcome="left")),
    Case("a result of few", "curve_of_few", ("20",),
         lambda: nav.release(nav.multistate(people())), nav.DisclosureRefused),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_refused_with_the_right_problem(case: Case) -> None:
    problem = refused(case)
    if "column_rows" in str(problem.facts):
        assert problem.facts["rows"]


def test_every_problem_of_these_rooms_is_asked_for() -> None:
    own = set()
    for name in ("multistate", "recurrent", "pseudo"):
        text = resources.files("navoutcomes.texts").joinpath("problems", f"{name}.toml").read_text(encoding="utf-8")
        own |= set(tomllib.loads(text))
    assert own <= {case.key for case in CASES}


@pytest.mark.parametrize("asked", ["multistate", "time_in_state", "recurrent"])
def test_fewer_than_six_offices_have_no_interval(asked: str) -> None:
    """The estimate stands, and a finding says why nothing is said beyond these offices."""
    few = stays().assign(office=lambda own: own["office"] % 5)

    def result(frame: pd.DataFrame, errors: str | None = None) -> Any:
        who = nav.Transitions.from_frame(frame, **ROLES, censored="", cluster="office")
        if asked == "recurrent":
            return nav.recurrent(nav.Repeats.from_transitions(who, "work", ("left",)), errors=errors)
        if asked == "time_in_state":
            return nav.time_in_state(who, 7, errors=errors)
        return nav.multistate(who, errors=errors)

    found = result(few)
    assert found.table["estimate"].notna().all()
    assert found.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert "few_clusters" in [one.key for one in found.findings]
    assert "interval_not_given" in [one.key for one in found.method]
    named_so = result(few, "lin-wei").table
    inside = named_so["std_error"] > 0
    assert inside.any()
    assert named_so.loc[inside, ["conf_low", "conf_high"]].notna().all(axis=None)
    enough = result(stays()).table
    assert enough.loc[enough["std_error"] > 0, "conf_low"].notna().all()


def test_a_regression_with_few_offices_has_no_interval() -> None:
    own = twelve(24).assign(office=lambda frame: frame.index % 4, age=lambda frame: frame.index % 7)
    found = person_cohort(own, cluster="office").pseudo_regression(["age"], 8)
    assert found.table["estimate"].notna().all()
    assert found.table[["p_value", "conf_low"]].isna().all(axis=None)
    assert "few_offices" in [one.key for one in found.findings]
    normal = person_cohort(own, cluster="office").pseudo_regression(["age"], 8, errors="lin-wei").table
    assert normal["p_value"].notna().all()


def test_gaps_are_left_out_when_asked_for_and_the_log_says_so() -> None:
    who = people((3, "start", 5.0), (5, "start", 5.0), (5, "state", "assistance"), gaps="unobserved")
    assert who.log.keys() == ("intervals_apart", "states_jump")
    for language in LANGUAGES:
        no_trace([who.log.text(language)])
    table = nav.multistate(who).at(5).set_index("cause")
    assert table.loc["work", "at_risk"] == 6


def test_rows_without_weight_are_not_counted_and_the_log_says_so() -> None:
    who = people((0, "weight", 0.0), (1, "weight", 0.0), weight="weight")
    assert who.persons == 7
    assert "zero_weights" in [one.key for one in who.log]


def test_nothing_shown_holds_a_value_of_anybody() -> None:
    results = [
        people(),
        repeats(),
        nav.multistate(people()),
        nav.time_in_state(people(), 6),
        nav.recurrent(repeats()),
        nav.andersen_gill(repeats(), ["office"]),
        person_cohort(twelve()).pseudo_regression(["office"], 5),
    ]
    for result in results:
        texts = [repr(result)]
        if hasattr(result, "_repr_html_"):
            texts.append(result._repr_html_())
        no_trace(texts)
        assert all(text.strip() for text in texts)
