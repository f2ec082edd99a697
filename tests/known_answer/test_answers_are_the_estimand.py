"""``answer`` gives the protocol's number, adjusted where the protocol adjusts, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav


def cohort(measure: str, adjusted: bool, size: int = 1_500, seed: int = 2) -> nav.Cohort:
    """Older people are more often in the new arm and leave later; the arm itself changes nothing."""
    roll = np.random.default_rng(seed)
    age = roll.normal(0, 1, size)
    arm = np.where(roll.random(size) < 1 / (1 + np.exp(-age)), "new", "old")
    time = np.ceil(roll.exponential(size=size) * 200 * np.exp(0.6 * age))
    frame = pd.DataFrame({"time": np.minimum(time, 400), "ending": (time <= 400).astype(int), "arm": arm, "age": age})
    made = nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm", reference="old"
    )
    asked = {
        "estimand": nav.Estimand(measure=measure, at=(200,)),
        "adjust_for": (nav.Number("age"),) if adjusted else (),
    }
    return replace(made, protocol=replace(made.protocol, **asked))


@pytest.mark.parametrize("measure", ["risk difference", "restricted mean difference"])
def test_an_adjusted_answer_finds_nothing_where_there_is_nothing(measure: str) -> None:
    crude, fair = cohort(measure, False).answer().table, cohort(measure, True).answer().table
    assert list(fair["measure"]) == [f"adjusted {measure}"]
    assert len(fair) == len(crude) == 1
    assert fair["conf_low"][0] < 0 < fair["conf_high"][0]
    assert not crude["conf_low"][0] < 0 < crude["conf_high"][0]


@pytest.mark.parametrize(
    ("measure", "verb"),
    [
        ("risk difference", lambda one: one.standardise(at=200)),
        ("risk ratio", lambda one: one.standardise(at=200)),
        ("cumulative incidence", lambda one: one.standardise(at=200)),
    ],
)
def test_it_is_the_number_of_the_verb(measure: str, verb: object) -> None:
    people = cohort(measure, True)
    answer, all_of_it = people.answer().table, verb(people).table
    name = {"cumulative incidence": "adjusted risk"}.get(measure, f"adjusted {measure}")
    expected = all_of_it[all_of_it["measure"] == name]["estimate"].tolist()
    assert answer["estimate"].tolist() == expected
    assert len(expected) == (2 if measure == "cumulative incidence" else 1)


def test_what_cannot_be_adjusted_is_refused() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        cohort("survival", True).answer()
    assert refused.value.key == "cannot_adjust"
