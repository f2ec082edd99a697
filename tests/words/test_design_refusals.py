"""Every reason why a question cannot be asked of these people: class, key, what it names, and nobody's value."""

from __future__ import annotations

import pickle
import tomllib
from datetime import date
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import CANARY, MAP, PLAIN, Case, assembled, but, cohort, frame, named, protocol, refused, register

import navoutcomes as nav

DATA = nav.DataProblem
JAN = date(2019, 1, 1)


def twice(name: str) -> pd.DataFrame:
    own = frame()
    return pd.concat([own, own[[name]]], axis=1)


def rows(*pieces: tuple[str, float, float, int]) -> pd.DataFrame:
    return pd.DataFrame(pieces, columns=["person", "entry", "time", "ending"]).assign(navn=CANARY)


def pieces(*given: tuple[str, float, float, int]) -> nav.Cohort:
    return cohort(rows(*given), person="person", entry="entry")


def asked(**how: object) -> nav.Estimand:
    return nav.Estimand(**({"measure": "cumulative incidence", "at": 365} | how))


FRAMES = [
    Case("columns", "columns_missing", ("«armm», «weekk»", "«time»", "2"),
         lambda: nav.Cohort.from_frame(frame(), "weekk", "ending", outcome="job", arm="armm"), DATA),
    Case("a group by a column that is not there", "columns_missing", ("«colour»", "«arm»", "1"),
         lambda: cohort(frame()).survival_curve(by="colour"), DATA),
    Case("time twice", "column_twice", ("«time»", "2"), lambda: cohort(twice("time")), DATA),
    Case("ending twice", "column_twice", ("«ending»", "2"), lambda: cohort(twice("ending")), DATA),
    Case("a group twice", "column_twice", ("«arm»", "2"), lambda: cohort(twice("arm")).survival_curve(by="arm"), DATA),
    Case("nobody", "no_rows", ("«time»", "«arm»"), lambda: cohort(frame().iloc[:0]), DATA),
    Case("a name for a time", "not_a_number", ("«time»", "5", "1", "12"), lambda: cohort(but(5, CANARY, "time")), DATA),
    Case("no end", "not_a_number", ("«time»", "3"), lambda: cohort(but(3, np.inf, "time")), DATA),
    Case("an empty entry", "not_a_number", ("«entry»", "7"),
         lambda: cohort(but(7, None, "entry"), entry="entry"), DATA),
    Case("an empty weight", "not_a_number", ("«weight»", "0"),
         lambda: cohort(but(0, None, "weight"), weight="weight"), DATA),
    Case("a date for a time", "not_a_number", ("«time»", "12"),
         lambda: cohort(frame(time=pd.Timestamp("2019-01-01"))), DATA),
    Case("yes and no for a time", "not_a_number", ("«time»", "12"), lambda: cohort(frame(time=True)), DATA),
    Case("B172", "cells_empty", ("«office»", "4, 9", "2", "12"),
         lambda: cohort(frame(office=[None if at in (4, 9) else at for at in range(12)]), cluster="office"), DATA),
    Case("an empty arm", "cells_empty", ("«arm»", "2"), lambda: cohort(but(2, None, "arm"), arm="arm"), DATA),
    Case("an empty group", "cells_empty", ("«arm»", "2"),
         lambda: cohort(but(2, None, "arm")).survival_curve(by="arm"), DATA),
    Case("a weight below zero", "negative_weights", ("«weight»", "6", "1", "12"),
         lambda: cohort(but(6, -1.0, "weight"), weight="weight"), DATA),
    Case("a time below zero", "negative_time", ("«time»", "0, 11", "2"),
         lambda: cohort(frame(time=[-1.0, *range(1, 11), -3.0])), DATA),
    Case("entry at the exit", "entry_not_before_exit", ("«entry»", "«time»", "2, 3", "entry=", "time="),
         lambda: cohort(frame(entry=[0.0, 0, 3, 9, *[0] * 8]), entry="entry"), DATA),
    Case("a person twice", "person_repeated", ("«navn»", "0, 1", "2", "entry="),
         lambda: cohort(frame(navn=[CANARY, CANARY, *(f"{CANARY} {at}" for at in range(10))]), person="navn"), DATA),
    Case("a person in two places", "intervals_overlap", ("«person»", "1", "(entry, time]"),
         lambda: pieces((CANARY, 0, 5, 0), (CANARY, 4, 8, 1), ("b", 0, 3, 1)), DATA),
    Case("a person after the end", "ended_twice", ("«person»", "2"),
         lambda: pieces((CANARY, 0, 5, 1), ("b", 0, 3, 1), (CANARY, 5, 8, 1)), DATA),
    Case("a name for an ending", "endings_unknown", ("«ending»", "4", "1", "12", "endings="),
         lambda: cohort(but(4, CANARY, "ending")), DATA),
    Case("an ending not explained", "endings_unknown", ("«ending»", "2, 6, 10", "3"),
         lambda: cohort(frame(), endings={0: None, 1: "job"}), DATA),
    Case("bare numbers", "endings_needed", ("«ending»", "2, 6, 10", "endings="),
         lambda: nav.Cohort.from_frame(frame(), "time", "ending", outcome="job")),
    Case("words without one for still followed", "censored_word_needed", ("«ending»", "2", "censored="),
         lambda: cohort(frame(ending=["job", "other"] * 6), endings=None)),
    Case("another outcome", "outcome_not_among_endings", ("«ending»", "work", "job, other", "outcome="),
         lambda: cohort(frame(), outcome="work")),
    Case("a column of names for endings", "outcome_not_among_endings", ("«navn»", "job", "(+12)"),
         lambda: nav.Cohort.from_frame(frame(), "time", "navn", outcome="job", censored="followed")),
]  # fmt: skip
PROTOCOLS = [
    Case("a measure", "estimand_measure", ("hazard", "cumulative incidence", "measure="),
         lambda: asked(measure="hazard")),
    Case("a strategy", "estimand_strategy", ("ignore", "competing", "intercurrent="),
         lambda: asked(intercurrent={"no_show": "ignore"})),
    Case("no times", "estimand_times", ("0", "at="), lambda: asked(at=())),
    Case("a time at zero", "estimand_times", ("1", "at="), lambda: asked(at=0)),
    Case("no estimand", "estimand_needed", ("Estimand(measure=, at=)",),
         lambda: assembled(register(*PLAIN)).answer()),
    Case("two outcomes", "one_outcome", ("2", "outcome="),
         lambda: protocol(outcome={"job": "job", "education": "education"})),
    Case("the outcome competes", "outcome_competes", ("job", "competing="), lambda: protocol(competing=("job",))),
    Case("a class in two endings", "class_in_two_endings", ("health", "competing="),
         lambda: protocol(competing={"health": "health", "rest": ("health", "other")})),
    Case("beyond the horizon", "beyond_horizon", ("365", "180", "horizon=", "at="),
         lambda: protocol(horizon=180, estimand=asked())),
    Case("no arms", "comparison_without_arms", ("risk difference", "arms="),
         lambda: protocol(estimand=asked(measure="risk difference"))),
]  # fmt: skip
ASSEMBLED = [
    Case("columns", "columns_missing", ("«kommune»", "1"),
         lambda: assembled(register(*PLAIN), cluster="kommune"), DATA),
    Case("no last day", "register_closes_needed", ("1", "4", "register_closes=", "extracted="),
         lambda: assembled(register(*PLAIN, extracted=None), register_closes=None)),
    Case("after the extract", "register_closes_late", ("31.12.2020", "31.12.2019", "register_closes="),
         lambda: assembled(register(*PLAIN), register_closes=date(2020, 12, 31))),
    Case("B034", "start_missing", ("«start»", "4", "1", "5", "entry=", "missing_start="),
         lambda: assembled(register(*PLAIN, "P-5;IPS;;31.05.2019;Arbeid;B;a;", missing_start="keep")), DATA),
    Case("B034 without a first day", "register_opens_needed", ("«start»", "1", "5", "register_opens=", "entry="),
         lambda: assembled(register(*PLAIN, "P-5;IPS;;31.05.2019;Arbeid;B;a;", missing_start="keep"),
                           missing_start="register_opens")),
    Case("time zero after the end", "end_before_time_zero", ("«job_date»", "1", "1", "time_zero="),
         lambda: assembled(register("P-1;IPS;01.01.2019;31.01.2019;Arbeid;A;a;01.02.2019",
                                    "P-2;IPS;01.01.2019;31.01.2019;Arbeid;A;a;01.03.2019"),
                           time_zero="job_date"), DATA),
    Case("B036", "event_before_start", ("2", "1", "drop_prior_events="),
         lambda: assembled(register(*PLAIN[:2], "P-3;IPS;01.02.2019;;;B;a;15.01.2019"), events={"job": "job_date"}),
         DATA),
    Case("B036 among those who are left", "event_before_start", ("2", "1"),
         lambda: assembled(register(*PLAIN[:2], "P-3;IPS;01.02.2019;;;B;a;15.01.2019"), events={"job": "job_date"},
                           eligibility=nav.OneOf("office", "B")), DATA),
    Case("B039", "two_endings_one_day", ("1", "0", "priority="),
         lambda: assembled(register("P-1;IPS;01.01.2019;31.01.2019;Helse;A;a;01.02.2019"),
                           events={"job": "job_date"})),
    Case("an ending without a name", "endings_unnamed", ("health, other", "job", "2", "competing="),
         lambda: assembled(register(*PLAIN[:2], "P-5;IPS;01.01.2019;31.01.2019;Annet;A;a;"), competing=())),
    Case("an event without a name", "endings_unnamed", ("education", "job, health, other"),
         lambda: assembled(register(*PLAIN), events={"education": "job_date"})),
    Case("a priority without a name", "endings_unnamed", ("jobb", "job, health, other"),
         lambda: assembled(register(*PLAIN), events={"job": "job_date"}, priority=("jobb",))),
    Case("nobody", "nobody_left", ("−4", "Z"),
         lambda: assembled(register(*PLAIN), eligibility=nav.OneOf("office", "Z"))),
    Case("B029", "arms_overlap", ("«programme»", "1", "IPS, KVP"),
         lambda: assembled(register("P-1;KVP;01.01.2019;30.06.2019;Annet;A;a;",
                                    "P-1;IPS;01.03.2019;31.03.2019;Annet;A;a;",
                                    "P-2;KVP;01.01.2019;31.01.2019;Arbeid;A;a;"), arms=nav.Arms("programme", "KVP"))),
    Case("first in one arm and then in another", "in_two_arms", ("«programme»", "1", "crossover="),
         lambda: assembled(register("P-1;KVP;01.01.2019;31.01.2019;Annet;A;a;",
                                    "P-1;IPS;01.03.2019;31.03.2019;Annet;A;a;"), arms=nav.Arms("programme", "KVP"))),
    Case("a reference that is not there", "reference_absent", ("«arm»", "c", "a, b", "reference="),
         lambda: assembled(register(*PLAIN), arms=nav.Arms("arm", "c"))),
    Case("an empty arm", "cells_empty", ("«arm»", "4"),
         lambda: assembled(register(*PLAIN, "P-5;IPS;01.01.2019;;;B;;"), arms=nav.Arms("arm", "a")), DATA),
    Case("B172", "cells_empty", ("«office»", "4", "1", "5"),
         lambda: assembled(register(*PLAIN, "P-5;IPS;01.01.2019;;;;a;"), cluster="office"), DATA),
    Case("names for weights", "not_a_number", ("«kjennetegn»", "4"),
         lambda: assembled(register(*PLAIN), weight="kjennetegn"), DATA),
    Case("a name for a date", "column_not_dates", ("«kjennetegn»",),
         lambda: assembled(register(*PLAIN), time_zero="kjennetegn"), DATA),
    Case("a condition on numbers for names", "not_a_number", ("«kjennetegn»", "4"),
         lambda: assembled(register(*PLAIN), eligibility=nav.Between("kjennetegn", 18, 30)), DATA),
    Case("a condition on dates for names", "column_not_dates", ("«kjennetegn»",),
         lambda: assembled(register(*PLAIN), eligibility=nav.Between("kjennetegn", JAN)), DATA),
    Case("a rule", "rule_unknown", ("same_day", "drop", "include, half, exclude"),
         lambda: assembled(register(*PLAIN), same_day="drop")),
]  # fmt: skip
CASES = [*FRAMES, *PROTOCOLS, *ASSEMBLED]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_refusal_names_what_is_wrong_and_nobody(case: Case) -> None:
    refused(case)


def test_a_closed_spell_without_a_reason_is_refused() -> None:
    """The records refuse it before; a frame that comes another way is refused here."""
    spells = register("P-1;IPS;01.01.2019;31.01.2019;Arbeid;A;a;", "P-2;IPS;01.01.2019;28.02.2019;;A;b;",
                      exit_unknown="own_category")  # fmt: skip
    case = Case("unknown", "endings_unnamed", ("completed_unknown", "1"), lambda: assembled(spells))
    refused(case)
    blank = nav.Spells(spells.frame.assign(exit_class=["job", None]), spells.origin)
    refused(Case("blank", "exit_class_missing", ("«exit_class»", "1", "2"), lambda: assembled(blank), DATA))


def test_every_refusal_of_the_design_is_tried() -> None:
    file = resources.files("navoutcomes.texts").joinpath("problems", "design.toml")
    keys = set(tomllib.loads(file.read_text(encoding="utf-8")))
    assert keys - {case.key for case in CASES} == {"exit_class_missing"}


def test_what_is_asked_for_twice_is_the_same_refusal() -> None:
    """A problem travels between processes with its facts."""
    with pytest.raises(nav.DesignProblem) as caught:
        cohort(frame(), outcome="work", endings=MAP)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.key, again.facts, again.text("en")) == (caught.value.key, caught.value.facts, caught.value.text("en"))
