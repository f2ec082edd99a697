"""Times last seen that cannot be: one clear problem, rows and counts, never a person's value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from canaries import PLANTED, names, refused

import navoutcomes as nav


def cohort(low: object, **columns: object) -> nav.Cohort:
    frame = pd.DataFrame({"time": np.arange(1.0, 21.0), "x": np.arange(20) % 3, "ending": 1, "who": PLANTED})
    frame["low"] = low
    roles = {"entry": "entry"} if "entry" in columns else {}
    return nav.Cohort.from_frame(
        frame.assign(**columns), "time", "ending", endings={0: None, 1: "job"}, outcome="job", **roles
    )


@pytest.mark.parametrize("bad", [-1.0, 30.0, np.inf, -np.inf])
def test_a_time_outside_the_stay_names_its_rows(bad: float) -> None:
    low = np.zeros(20)
    low[[4, 9]] = bad
    problem = refused(lambda: cohort(low).parametric(["x"], last_seen="low"), nav.DataProblem)
    assert problem.key == "last_seen_outside"
    assert problem.facts["count"] == 2
    names(problem, ["low", "5, 10" if problem.facts["rows"] == [5, 10] else "4, 9"])


def test_nobody_is_seen_before_they_come() -> None:
    problem = refused(lambda: cohort(0.0, entry=0.5).parametric(["x"], last_seen="low"), nav.DataProblem)
    assert problem.key == "last_seen_outside"


def test_words_are_no_times() -> None:
    problem = refused(lambda: cohort(0.0).parametric(["x"], last_seen="who"), nav.DesignProblem)
    assert problem.key == "term_not_numbers"


@pytest.mark.parametrize("distribution", ["spline", "piecewise exponential"])
def test_distributions_that_multiply_the_hazard_know_days_only(distribution: str) -> None:
    problem = refused(lambda: cohort(0.0).parametric(["x"], distribution, last_seen="low"), nav.DesignProblem)
    assert problem.key == "argument_not_for_distribution"
    names(problem, ["last_seen", distribution])


def test_those_who_did_not_end_are_not_looked_at_and_the_number_is_said() -> None:
    frame = cohort(0.0).covariates.assign(time=np.arange(1.0, 21.0), ending=[0, 1] * 10, x=np.arange(20) % 3)
    frame["low"] = np.where(frame["ending"] == 1, frame["time"] - 1, -99.0)
    people = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job")
    found = people.parametric(["x"], last_seen="low")
    told = [one for one in found.method if one.key == "endings_between"]
    assert dict(told[0].facts) == {"count": 10}
