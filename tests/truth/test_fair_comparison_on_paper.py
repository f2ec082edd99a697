"""Six people with a start after time zero, worked out on paper in fractions: clones, landmark, trials, lock-in.

    person   begins   leaves   how          within 2                      not within 2
    A        1        4        job          follows it                    censored at 1
    B        2        3        job          follows it                    censored at 2
    C                 2        job          counts: left within grace     counts
    D                 5        job          censored at 2                 follows it
    E        3        6        followed     censored at 2                 follows it (3 is later than 2)
    F                 4        other        censored at 2                 follows it

Within: at 2 one of six ends (1/6). Five are there after 2, of whom A and B had begun: each stands for 5/2. At 3 one of
two, at 4 the other. Not within: the chance of not having begun is 5/6 after 1 (six at risk) and 3/4 of that after 2 (C
has left first, so four at risk). At 2 one of B, C, D, E, F ends; at 4 one of D, E, F; at 5 one of D, E.
"""

from __future__ import annotations

from fractions import Fraction as Q

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.maths.artificial_censoring import beginning

SIX = pd.DataFrame(
    {
        "name": list("ABCDEF"),
        "start": [1.0, 2.0, np.nan, np.nan, 3.0, np.nan],
        "time": [4.0, 3.0, 2.0, 5.0, 6.0, 4.0],
        "ending": ["job", "job", "job", "job", "followed", "other"],
    }
)


def six() -> nav.Cohort:
    return nav.Cohort.from_frame(SIX, "time", "ending", outcome="job", censored="followed", unit="months")


def exactly(value: Q) -> object:
    return pytest.approx(float(value), abs=1e-12)


def number(table: pd.DataFrame, group: str, cause: str, measure: str, time: float) -> float:
    own = table[(table["group"] == group) & (table["measure"] == measure) & (table["time"] == time)]
    return float(own[own["cause"] == cause]["estimate"].iloc[0])


def test_clones_on_paper() -> None:
    found = six().emulate("start", 2, at=(3, 5), names=("not", "within"), replicates=0)
    share = "cumulative incidence"
    assert number(found.table, "within", "job", share, 3) == exactly(Q(1, 6) + Q(5, 6) * Q(1, 2))
    assert number(found.table, "within", "job", share, 5) == 1
    assert number(found.table, "not", "job", share, 3) == exactly(Q(1, 5))
    assert number(found.table, "not", "other", share, 5) == exactly(Q(4, 5) * Q(1, 3))
    assert number(found.table, "not", "job", share, 5) == exactly(Q(1, 5) + Q(8, 15) * Q(1, 2))
    assert number(found.table, "within", "job", "risk difference", 3) == exactly(Q(7, 12) - Q(1, 5))
    assert number(found.table, "within", "job", "risk ratio", 3) == exactly(Q(7, 12) / Q(1, 5))
    # Time since the job up to 5: within 1/6 from 2, 7/12 from 3, 1 from 4; not 1/5 from 2 to 5.
    lost = "restricted mean time lost"
    assert number(found.table, "within", "job", lost, 5) == exactly(Q(1, 6) + Q(7, 12) + 1)
    assert number(found.table, "within", "job", f"{lost} difference", 5) == exactly(Q(7, 4) - Q(3, 5))
    # Time until any ending up to 5: 2 + 5/6 + 5/12, against 2 + 2 * 4/5 + 8/15.
    mean = Q(13, 4) - (2 + Q(8, 5) + Q(8, 15))
    assert number(found.table, "within", "", "restricted mean difference", 5) == exactly(mean)
    assert (found.persons, found.begun, found.early) == (6, 2, 1)


def test_the_comparison_that_forbids_beginning_later_censors_e_at_3() -> None:
    """E leaves the others at 3, who then count 1/(1 - 1/3) more; at 4 one of D and F ends, at 5 the last."""
    table = six().emulate("start", 2, at=5, against="never", names=("not", "within"), replicates=0).table
    assert number(table, "not", "other", "cumulative incidence", 5) == exactly(Q(4, 5) * Q(1, 2))
    assert number(table, "not", "job", "cumulative incidence", 5) == exactly(Q(1, 5) + Q(2, 5))


def test_the_chance_of_not_having_begun_is_kaplan_meiers_without_covariates() -> None:
    begun = SIX["start"].fillna(np.inf).to_numpy()
    model = beginning(SIX["time"].to_numpy(), begun, np.empty((6, 0)), np.ones(6), 3.0)
    staying = model.staying(np.array([1.0, 1.5, 2.5, 4.0]), slice(0, 1))[0]
    # At 3 D, E and F are at risk (B leaves at 3, first), and E begins.
    assert staying.tolist() == [
        pytest.approx(float(one), abs=1e-12) for one in (Q(1), Q(5, 6), Q(5, 6) * Q(3, 4), Q(5, 8) * Q(2, 3))
    ]


def test_landmark_on_paper() -> None:
    """At 2 C has left; A and B had begun, D, E and F had not, and E begins only later."""
    moved = six().landmark(2, "start", names=("not", "begun"))
    assert moved.rows["time"].tolist() == [2, 1, 3, 4, 2]
    assert moved.rows["arm"].tolist() == ["begun", "begun", "not", "not", "not"]
    assert [(step.before, step.after) for step in moved.flow.steps] == [(6, 5)]
    exposure = next(one for one in moved.log if one.key == "landmark_exposure")
    assert dict(exposure.facts) == {"at": 2.0, "lost": 0, "later": 1}
    left = dict(next(one for one in moved.log if one.key == "left_before_landmark").facts)
    assert (left["count"], left["endings"], left["censored"]) == (1, ["job 1", "other 0"], 0)
    table = moved.contrast(at=2).table
    # Begun: both gone for a job by 2 (4 on the old clock). Not: none; one for other reasons.
    assert table["estimate"].tolist() == [1.0]


def test_monthly_trials_on_paper() -> None:
    """At 1 A begins, B to F are there. At 2 B begins, D, E and F are there (A began before, C has gone). At 3 E."""
    people = six().trial_people("start", every=1, names=("not", "begun"))
    rows = pd.concat([people.rows[["time", "arm"]], people.covariates[["name", "trial"]]], axis=1)
    began = rows[rows["arm"] == "begun"]
    assert began[["name", "trial", "time"]].to_numpy().tolist() == [["A", 0, 3.0], ["B", 1, 1.0], ["E", 2, 3.0]]
    others = {trial: "".join(own["name"]) for trial, own in rows[rows["arm"] == "not"].groupby("trial")}
    assert others == {0: "BCDEF", 1: "DEF", 2: "DF"}
    found = six().sequential_trials("start", every=1, at=(1, 2), names=("not", "begun"), replicates=0)
    assert found.trials[["time", "at_risk", "events"]].to_numpy().tolist() == [[1, 6, 1], [2, 4, 1], [3, 3, 1]]


def test_lock_in_on_paper() -> None:
    """Two and two: 'in' finds work at 3 and 4, 'out' at 1 and at 5. The difference is -1/2, -1/2, 0, 1/2, 0."""
    frame = pd.DataFrame({"time": [3, 4, 1, 5], "ending": 1, "arm": ["in", "in", "out", "out"]})
    people = nav.Cohort.from_frame(
        frame, "time", "ending", endings={1: "job", 0: None}, outcome="job", arm="arm", reference="out", unit="months"
    )
    found = people.lock_in()
    assert found.curve["time"].tolist() == [0, 1, 3, 4, 5]
    assert found.curve["estimate"].tolist() == pytest.approx([0.0, -0.5, 0.0, 0.5, 0.0], abs=1e-12)
    shares = found.table[found.table["measure"] == "risk difference"]
    assert shares["time"].tolist() == [1, 2, 3, 4, 5]
    assert shares["estimate"].tolist() == pytest.approx([-0.5, -0.5, 0.0, 0.5, 0.0], abs=1e-12)
    assert found.at([0, 2, 4.5])["estimate"].tolist() == pytest.approx([0.0, -0.5, 0.5], abs=1e-12)
    # Areas: -1/2 a month from 1 to 3, nothing to 4, 1/2 to 5.
    assert found.net["estimate"].tolist() == pytest.approx([0.0, -0.5, -1.0, -1.0, -0.5], abs=1e-12)
    assert {"lock_in_lowest", "lock_in_caught_up", "net_not_made_up"} <= set(found.findings.keys())
    caught = next(one for one in found.findings if one.key == "lock_in_caught_up")
    assert dict(caught.facts)["time"] == 3.0


def test_a_time_zero_for_those_who_never_begin() -> None:
    """The latest of the conditions' days counts, and the day the programme opened for those who met them before."""
    frame = pd.DataFrame(
        {
            "person": list("PQRS"),
            "start": pd.to_datetime(["2019-01-10"] * 4),
            "end": pd.to_datetime(["2019-06-01", "2019-06-01", "2019-01-20", None]),
            "exit_class": ["job", "job", "job", None],
            "referred": pd.to_datetime(["2018-11-01", "2019-03-01", "2019-02-01", "2019-01-15"]),
            "turned": pd.to_datetime(["2018-12-01", "2019-02-01", "2018-12-01", "2019-01-20"]),
            "began": pd.to_datetime(["2019-02-01", None, None, "2019-01-16"]),
        }
    )
    spells = nav.Spells(frame, nav.Origin())
    made = nav.time_zero(spells, eligible=["referred", "turned"], not_before="01.01.2019", start="began", prior="keep")
    # R had left before their referral; P met the conditions before the programme opened.
    assert made.frame["person"].tolist() == ["P", "Q", "S"]
    assert made.frame["time_zero"].dt.strftime("%d.%m.%Y").tolist() == ["01.01.2019", "01.03.2019", "20.01.2019"]
    assert made.log.keys() == ("left_before_time_zero",)
    kept = nav.time_zero(spells, eligible=["referred", "turned"], start="began", prior="exclude").frame
    assert kept["person"].tolist() == ["P", "Q"]
