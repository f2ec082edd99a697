"""A register with dates: time zero for all, trials on the first of each month, and starts counted in days."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.design.start_times import start_times


def register(size: int = 200) -> nav.Spells:
    """Invented: referred through 2019, half begin after some weeks, all endings in 2019 and 2020."""
    roll = np.random.default_rng(13)
    referred = pd.Timestamp("2019-01-01") + pd.to_timedelta(roll.integers(0, 300, size), unit="D")
    stay = roll.integers(20, 400, size)
    wait = roll.integers(1, 150, size)
    begins = (roll.random(size) < 0.6) & (wait < stay)
    end = referred + pd.to_timedelta(stay, unit="D")
    closes = pd.Timestamp("2020-03-31")
    frame = pd.DataFrame(
        {
            "person": [f"P-{at}" for at in range(size)],
            "start": referred,
            "end": end.where(end <= closes, pd.NaT),
            "exit_class": np.where(end <= closes, roll.choice(["job", "other"], size), None),
            "referred": referred,
            "began": (referred + pd.to_timedelta(wait, unit="D")).where(begins, pd.NaT),
            "age": roll.integers(18, 30, size),
        }
    )
    return nav.Spells(frame, nav.Origin())


def assembled() -> tuple[nav.Cohort, nav.Spells]:
    spells = nav.time_zero(register(), eligible="referred", start="began", not_before="2019-02-01", prior="exclude")
    protocol = nav.Protocol(
        question="Do those who begin find work sooner?",
        outcome="job",
        competing=("other",),
        time_zero="time_zero",
        register_closes=date(2020, 3, 31),
    )
    return nav.Cohort.assemble(protocol, spells), spells


def test_dates_and_days_are_the_same_start() -> None:
    people, spells = assembled()
    found = start_times(people, "began")
    frame = spells.frame.set_index("person").loc[people.rows["person"]]
    wait = (frame["began"] - frame["time_zero"]).dt.days.to_numpy(dtype=float)
    left = people.rows["time"].to_numpy()
    expected = np.where(np.isnan(wait) | (wait >= left), np.inf, wait)
    assert found.tolist() == expected.tolist()
    asked = {"grace": 60, "terms": ["age"], "at": (120, 180), "replicates": 0}
    days = people.covariates.assign(days=np.where(np.isfinite(found), found, np.nan), time=left)
    days["how"] = people.rows["ending"].astype(object).fillna("here")
    again = nav.Cohort.from_frame(days, "time", "how", outcome="job", censored="here")
    first, second = people.emulate("began", **asked).table, again.emulate("days", **asked).table
    np.testing.assert_allclose(first["estimate"], second["estimate"], rtol=1e-12)


def test_trials_on_the_first_of_each_month_are_what_the_dates_say() -> None:
    """Every row against the dates: there on the day, not begun before the month, and begun in it or not."""
    people, spells = assembled()
    made = people.trial_people("began", calendar=True, names=("no", "yes"))
    dates = spells.frame.set_index("person")
    rows = pd.concat([made.rows[["time", "arm"]], made.covariates[["person", "trial"]]], axis=1)
    ends = dates["time_zero"] + pd.to_timedelta(people.rows.set_index("person")["time"].reindex(dates.index), unit="D")
    seen = 0
    for day in pd.date_range("2019-02-01", "2020-03-01", freq="MS"):
        before = day - pd.offsets.MonthBegin(1)
        there = (dates["time_zero"] <= day) & (ends > day) & ~(dates["began"] <= before)
        began = (dates["began"] <= day) & there
        if not began.any() or not (there & ~began).any():
            continue
        own = rows[rows["trial"] == seen]
        assert sorted(own["person"]) == sorted(dates.index[there])
        assert sorted(own.loc[own["arm"] == "yes", "person"]) == sorted(dates.index[began])
        left = (ends - day).dt.days.reindex(own["person"]).to_numpy()
        assert own["time"].tolist() == pytest.approx(left.tolist())
        seen += 1
    assert seen == rows["trial"].nunique()
    assert seen > 6
    found = people.sequential_trials("began", ["age"], at=60, calendar=True, replicates=0)
    assert found.trials["events"].sum() == (rows["arm"] == "yes").sum()
    assert found.trials["at_risk"].sum() == len(rows)


def test_a_landmark_at_zero_with_everybody_is_the_follow_up_itself() -> None:
    people, _ = assembled()
    moved = people.landmark(0)
    assert moved.rows["time"].tolist() == people.rows["time"].tolist()
    assert moved.flow.end == people.persons


def test_landmarks_keep_late_entry_and_weights() -> None:
    frame = pd.DataFrame(
        {
            "time": [5.0, 8.0, 3.0, 9.0],
            "entry": [0.0, 4.0, 1.0, 1.0],
            "how": [1, 0, 1, 1],
            "weight": [1.0, 2.0, 1.0, 0.5],
        }
    )
    people = nav.Cohort.from_frame(
        frame, "time", "how", endings={0: None, 1: "job"}, outcome="job", entry="entry", weight="weight"
    )
    moved = people.landmark(3).rows
    assert moved["time"].tolist() == [2.0, 5.0, 6.0]
    assert moved["entry"].fillna(-1).tolist() == [-1.0, 1.0, -1.0]
    assert moved["weight"].tolist() == [1.0, 2.0, 0.5]
