"""Some come without an offer and some do not come with one, and those who come are more able: what is true is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_people import CALIBRATED, inside

import navoutcomes as nav

AT = 180.0
EVERYWAY, ONLY_OFFERED = 0.15, 0.5  # come anyhow, come when offered, and the rest never
SHARE = {"anyhow": 0.55, "offered": 0.40, "never": 0.20}
DIFFERENCE = 0.20  # what coming adds to the share in work, for everybody


def frame(roll: np.random.Generator, size: int, offered_matters: float = 1.0) -> pd.DataFrame:
    """Half are offered it, by chance; work by day 180 depends on the kind of person and on coming; some are cut off."""
    kind = roll.choice(["anyhow", "offered", "never"], size, p=[EVERYWAY, ONLY_OFFERED, 1 - EVERYWAY - ONLY_OFFERED])
    arm = roll.permutation(np.arange(size) % 2)
    came = (kind == "anyhow") | ((kind == "offered") & (arm == 1) & (roll.random(size) < offered_matters))
    share = np.array([SHARE[one] for one in kind]) + DIFFERENCE * came
    # Exponential with that share by AT, so that censoring before AT takes information and no truth.
    time = roll.exponential(-AT / np.log1p(-share))
    last = roll.uniform(120, 400, size)
    return pd.DataFrame(
        {
            "time": np.minimum(time, last),
            "ending": (time <= last).astype(int),
            "arm": np.where(arm == 1, "offered", "not"),
            "came": came.astype(int),
        }
    )


def cohort(people: pd.DataFrame) -> nav.Cohort:
    return nav.Cohort.from_frame(
        people, "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm", reference="not",
        randomised=True,
    )  # fmt: skip


def test_in_many_people_each_answer_is_what_it_says() -> None:
    """Offered: 0.2 of half. Those who came because of it: 0.2, and inside every bound. As adhered: the able against all
    but them, far above."""
    table = cohort(frame(np.random.default_rng(1), 60_000)).effects_by_adherence("came", at=AT).table.set_index("term")
    value = table["estimate"]
    assert value["intention to treat"] == pytest.approx(DIFFERENCE * ONLY_OFFERED, abs=0.015)
    assert value["attended, instrument"] == pytest.approx(DIFFERENCE, abs=0.03)
    assert value["per protocol"] > DIFFERENCE + 0.05
    assert value["everybody, lowest"] < DIFFERENCE < value["everybody, highest"]
    # Those who come when offered: of them the offer moves only the larger part.
    own = DIFFERENCE * ONLY_OFFERED / (EVERYWAY + ONLY_OFFERED)
    assert value["attenders, lowest"] < own < value["attenders, highest"]


def test_anderson_rubin_and_delta_agree_where_attendance_differs_much() -> None:
    people = cohort(frame(np.random.default_rng(2), 4_000))
    rows = [people.attended_effect("came", at=AT, interval=one).table.iloc[0] for one in ("anderson-rubin", "delta")]
    assert rows[0]["estimate"] == rows[1]["estimate"]
    for side in ("conf_low", "conf_high"):
        assert rows[0][side] == pytest.approx(rows[1][side], abs=0.01)


def covered(runs: int, size: int, interval: str, matters: float = 1.0) -> tuple[float, int]:
    held, given = 0, 0
    for run in range(runs):
        people = cohort(frame(np.random.default_rng((3, size, run)), size, matters))
        try:
            row = people.attended_effect("came", at=AT, interval=interval).table.iloc[0]
        except nav.DesignProblem as problem:
            assert problem.key == "attendance_too_alike"
            continue
        given += 1
        held += row["conf_low"] <= DIFFERENCE <= row["conf_high"]
    return held / max(given, 1), given


def test_the_instruments_interval_covers() -> None:
    share, given = covered(200, 200, "anderson-rubin")
    assert given == 200
    assert inside(share, CALIBRATED, 200), share


@pytest.mark.full
@pytest.mark.parametrize("interval", ["anderson-rubin", "delta"])
def test_the_instruments_interval_covers_in_a_thousand_studies(interval: str) -> None:
    share, given = covered(1000, 200, interval)
    assert given == 1000
    assert inside(share, CALIBRATED, 1000), share


def test_where_the_offer_brings_nobody_it_is_refused_nearly_always() -> None:
    """Attendance is the same: in one of twenty studies chance makes it look different."""
    _, given = covered(100, 100, "anderson-rubin", matters=0.0)
    assert given <= 14


def test_offices_are_added_up_before_they_are_squared() -> None:
    """Sixty offices of ten who come together or not: the interval is wider than as single persons."""
    roll = np.random.default_rng(4)
    people = frame(roll, 600)
    people["office"] = np.repeat(np.arange(60), 10)
    people["came"] = np.where(roll.random(60)[people["office"]] < 0.5, (people["arm"] == "offered") * 1, people["came"])
    whole = nav.Cohort.from_frame(
        people, "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm", reference="not",
        cluster="office", randomised=True,
    )  # fmt: skip
    alone, together = (
        one.attended_effect("came", at=AT, interval="delta").table.iloc[0] for one in (cohort(people), whole)
    )
    assert alone["estimate"] == together["estimate"]
    assert alone["std_error"] != together["std_error"]
    few = nav.Cohort.from_frame(
        people.assign(office=people["office"] % 4), "time", "ending", endings={0: None, 1: "job"}, outcome="job",
        arm="arm", reference="not", cluster="office",
    )  # fmt: skip
    row = few.attended_effect("came", at=AT).table.iloc[0]
    assert np.isfinite(row["estimate"])
    assert np.isnan(row["conf_low"])
