"""One fault at a time is planted in an evaluation that has none, and the check for it speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.estimate.checks.words import causal_words

ENDINGS = {0: None, 1: "job", 2: "completed_unknown"}


def people(size: int = 600, seed: int = 4, **more: object) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    new = np.arange(size) % 2
    time = np.ceil(roll.exponential(size=size) * 300 / (1 + 0.3 * new))
    ending = np.where(roll.random(size) < 0.85, 1, 2)
    frame = pd.DataFrame(
        {
            "time": np.minimum(time, 730.0),
            "ending": np.where(time > 730, 0, ending),
            "arm": np.where(new, "new", "old"),
            "age": roll.normal(40, 9, size),
            "office": np.arange(size) // 2 % 20,
            "start": pd.Timestamp("2015-01-01") + pd.to_timedelta(roll.integers(0, 700, size), unit="D"),
        }
    )
    return frame.assign(**more)


def cohort(frame: pd.DataFrame, **how: object) -> nav.Cohort:
    asked = {"arm": "arm", "reference": "old", "randomised": True, "question": "Kommer de raskere i jobb?"}
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", **asked | how)


def looks(found: nav.Checks) -> set[str]:
    table = found.table
    return set(table.loc[table["state"] == "look", "check"])


def keys(found: nav.Checks) -> set[str]:
    return {one.key for one in found.findings}


def test_an_evaluation_without_faults_passes() -> None:
    found = cohort(people()).checks()
    assert looks(found) == set()
    assert found.passed
    assert len(found.table) == 14


@pytest.mark.parametrize("seed", range(5))
def test_false_alarms_are_few(seed: int) -> None:
    assert len(looks(cohort(people(seed=seed)).checks())) <= 1


def with_dates(frame: pd.DataFrame, **protocol: object) -> nav.Cohort:
    """As an assembled cohort has it: time zero a column of dates, and a register with a last day."""
    made = cohort(frame)
    origin = nav.Origin(cutoff=date(2018, 12, 31))
    return replace(made, protocol=replace(made.protocol, time_zero="start", **protocol), origin=origin)


def test_a_start_that_only_the_treated_have_is_found() -> None:
    frame = people()
    begun = (frame["start"] + pd.Timedelta(days=20)).where(frame["arm"] == "new")
    assert keys(with_dates(frame.assign(begun=begun)).checks()) == {"check_immortal"}


def test_arms_that_nobody_drew_and_nothing_adjusts_for_are_found() -> None:
    assert looks(cohort(people(), randomised=False).checks()) == {"adjustment"}


def test_words_of_effect_are_found_unless_chance_decided() -> None:
    asked = {"question": "Hvilken effekt har tiltaket, og hva førte det til?"}
    assert "words" in looks(cohort(people(), randomised=False, **asked).checks())
    assert "words" not in looks(cohort(people(), **asked).checks())


@pytest.mark.parametrize(
    "text", ["Effekten av IPS", "tiltaket har ført til", "the impact on jobs", "dette førte til", "verknaden"]
)
def test_the_same_promise_in_other_words(text: str) -> None:
    assert causal_words(text)


@pytest.mark.parametrize(
    "text", ["Er det en sammenheng?", "effektiv drift er ikke et tema her", "forskjellen mellom gruppene"]
)
def test_what_is_no_promise(text: str) -> None:
    assert causal_words(text) == ()


def test_a_thin_arm_is_found() -> None:
    frame = people()
    assert "arms" in looks(cohort(frame[(frame["arm"] == "old") | (frame.index < 8)]).checks())


@pytest.mark.parametrize(("offices", "expected"), [(4, {"check_few_offices"}), (20, set())])
def test_few_offices_are_found(offices: int, expected: set[str]) -> None:
    frame = people().assign(office=lambda one: (np.arange(len(one)) // 2) % offices)
    assert keys(cohort(frame, cluster="office").checks()) == expected


def test_an_arm_with_one_office_is_found() -> None:
    frame = people().assign(office=lambda one: np.where(one["arm"] == "new", 0, 1 + np.arange(len(one)) % 9))
    assert "check_office_alone" in keys(cohort(frame, cluster="office").checks())


def test_people_lost_from_one_arm_are_found() -> None:
    frame = people()
    lost = (frame["arm"] == "new") & (np.random.default_rng(1).random(len(frame)) < 0.3)
    frame.loc[lost, "ending"] = 0
    frame.loc[lost, "time"] = np.ceil(frame.loc[lost, "time"] / 2)
    assert "lost_unevenly" in looks(cohort(frame).checks())


def test_hazards_that_cross_are_found() -> None:
    frame = people()
    new = frame["arm"] == "new"
    roll = np.random.default_rng(3)
    early = np.ceil(roll.weibull(0.6, len(frame)) * 300)
    late = np.ceil(roll.weibull(2.0, len(frame)) * 300)
    time = np.where(new, late, early)
    frame = frame.assign(time=np.minimum(time, 730), ending=np.where(time > 730, 0, 1))
    assert "hazards_cross" in looks(cohort(frame).checks())


def test_too_many_terms_are_found() -> None:
    frame = people(120)
    made = with_dates(frame, adjust_for=tuple(nav.Category("office", reference=str(0)) for _ in range(1)))
    assert "events_per_term" in looks(made.checks())


def test_unknown_reasons_are_found() -> None:
    frame = people()
    frame.loc[(frame["ending"] == 1) & (frame.index % 3 == 0), "ending"] = 2
    assert "unknown_endings" in looks(cohort(frame).checks())


def test_a_follow_up_that_is_too_short_is_found() -> None:
    frame = people().assign(ending=0, time=lambda one: one["time"].clip(upper=90))
    frame.loc[:20, "ending"] = 1
    estimand = nav.Estimand(measure="risk difference", at=(365,))
    assert "horizon" in looks(with_dates(frame, estimand=estimand).checks())


def test_ends_by_rule_are_found() -> None:
    frame = people()
    long = frame["time"] > 200
    ruled = frame.assign(time=frame["time"].clip(upper=200), ending=np.where(long, 1, frame["ending"]))
    assert "check_one_time" in keys(cohort(ruled).checks())
    new_year = pd.Timestamp("2016-12-31")
    frame = frame.assign(start=pd.Timestamp("2015-06-01"))
    moved = frame.index % 12 == 0
    frame.loc[moved, "time"] = float((new_year - pd.Timestamp("2015-06-01")).days + 1)
    frame.loc[moved, "ending"] = 1
    assert "check_new_year" in keys(with_dates(frame).checks())


def test_months_that_are_not_registered_yet_are_found() -> None:
    frame = people(3_000)
    day = frame["start"] + pd.to_timedelta(frame["time"] - 1, unit="D")
    late = (pd.Timestamp("2016-06-30") - day).dt.days.between(0, 29)
    after = day > pd.Timestamp("2016-06-30")
    frame = frame[~after & ~(late & (frame.index % 4 > 0))]
    made = with_dates(frame)
    assert "register_lag" in looks(replace(made, origin=nav.Origin(cutoff=date(2016, 6, 30))).checks())
    whole = people(3_000)[~after]
    assert "register_lag" not in looks(replace(with_dates(whole), origin=nav.Origin(cutoff=date(2016, 6, 30))).checks())


def test_the_list_is_shown_in_three_languages() -> None:
    found = cohort(people(), randomised=False).checks()
    for language, word in (("nb", "loddtrekning"), ("nn", "loddtrekking"), ("en", "drawn by lot")):
        nav.use_language(language)
        try:
            assert word in repr(found)
            assert word in found._repr_html_()
        finally:
            nav.use_language("nb")
