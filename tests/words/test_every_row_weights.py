"""Rows B168 to B173 of the bad inputs: weights, offices and strata."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from canaries import accepted, names, refused
from row_people import cohort, frame

import navoutcomes as nav


def b168_who_weighs_nothing_is_not_counted_and_that_is_said() -> None:
    weight = np.where(np.arange(60) < 3, 0.0, 1.5)
    people, _ = accepted(lambda: cohort(frame(w=weight), weight="w"))
    note = next(one for one in people.log if one.key == "zero_weights")
    assert dict(note.facts) == {"column": "w", "count": 3}


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan, -0.5])
def test_b169_weights_that_are_infinite_missing_or_negative_name_their_rows(bad: float) -> None:
    weight = np.ones(60)
    weight[[4, 9]] = bad
    problem = refused(lambda: cohort(frame(w=weight), weight="w"), nav.DataProblem)
    names(problem, ["«w»", "4, 9", "2"])


def b170_one_person_who_holds_forty_per_cent_is_remarked() -> None:
    people, _ = accepted(lambda: cohort(frame(w=[40.5, *[1.0] * 59]), weight="w"))
    note = next(one for one in people.log if one.key == "weight_heavy")
    assert note.level == "warning"
    assert dict(note.facts) == {"column": "w", "percent": 41, "worth": round(99.5**2 / (40.5**2 + 59), 1), "total": 60}
    assert all(one.key != "weight_heavy" for one in cohort(frame(w=[20.5, *[1.0] * 59]), weight="w").log)


def b171_whole_numbers_are_no_weights_before_it_is_said_what_they_are() -> None:
    rows = frame(w=np.arange(60) % 3 + 1)
    problem = refused(lambda: cohort(rows, weight="w"), nav.DesignProblem)
    assert problem.key == "weight_type_needed"
    names(problem, ["«w»", "weight_type=", "60"])
    people, _ = accepted(lambda: cohort(rows, weight="w", weight_type="sampling"))
    repeated = pd.DataFrame(rows.to_numpy().repeat(rows["w"], axis=0), columns=rows.columns).infer_objects()
    as_people = cohort(repeated).cox(["x"]).table.iloc[0]
    as_weights = people.cox(["x"], ties="breslow").table.iloc[0]
    breslow = cohort(repeated).cox(["x"], ties="breslow").table.iloc[0]
    assert as_weights["estimate"] == pytest.approx(breslow["estimate"], rel=1e-9)
    assert as_weights["std_error"] > 1.1 * as_people["std_error"]
    counted = cohort(rows, weight="w", weight_type="frequency")
    assert counted.persons == rows["w"].sum()
    pd.testing.assert_series_equal(counted.cox(["x"]).table.iloc[0], as_people)


def b171_persons_of_a_frequency_are_their_own_and_half_a_person_is_none() -> None:
    rows = frame(w=np.arange(60) % 3, who=[f"P-{at}" for at in range(60)])
    people = cohort(rows, weight="w", weight_type="frequency", person="who")
    assert people.persons == rows["w"].sum()
    half = refused(lambda: cohort(rows.assign(w=rows["w"] + 0.5), weight="w", weight_type="frequency"), nav.DataProblem)
    assert half.key == "frequencies_not_whole"
    assert refused(lambda: cohort(rows, weight="w", weight_type="person")).key == "choice_unknown"
    many = refused(lambda: cohort(rows.assign(w=10**9), weight="w", weight_type="frequency"), nav.DesignProblem)
    assert many.key == "frequencies_too_many"


@pytest.mark.parametrize("weight", [np.arange(60) % 3 + 1.0, np.arange(60) % 2, np.ones(60, int)])
def test_b171_what_was_computed_and_marks_of_0_and_1_need_no_type(weight: np.ndarray) -> None:
    assert cohort(frame(w=weight), weight="w").persons in (30, 60)


def b172_an_office_that_is_missing_names_its_rows() -> None:
    office = (np.arange(60) % 8).astype(object)
    office[[4, 9]] = None
    problem = refused(lambda: cohort(frame(office=office), cluster="office"), nav.DataProblem)
    assert problem.key == "cells_empty"
    names(problem, ["«office»", "4, 9", "2"])


def b173_strata_of_one_person_say_nothing_and_are_counted() -> None:
    stratum = [f"s{at}" if at < 3 else "rest" for at in range(60)]
    model = accepted(lambda: cohort(frame(s=stratum)).cox(["x"], strata="s"))[0]
    note = next(one for one in model.findings if one.key == "silent_strata")
    assert dict(note.facts) == {"count": 3, "total": 4}
    without = cohort(frame(s=stratum)[3:].reset_index(drop=True)).cox(["x"])
    assert model.table["estimate"].iloc[0] == pytest.approx(without.table["estimate"].iloc[0], rel=1e-10)


ROWS = [value for name, value in sorted(globals().items()) if name.startswith("b1")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.__name__[:4].upper()} {row.__name__[5:]}")
def test_row(row: Callable[[], None]) -> None:
    row()
