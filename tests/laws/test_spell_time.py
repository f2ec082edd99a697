"""Laws of time split: no day is lost or counted twice, and months made of spells make the same spells again."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.errors import DataWarning
from tests.laws.some_people import quick
from tests.laws.spell_days import FIRST, day, days, made, number, records, spells

BY = ("month", "quarter", "year")


def _period(moment: date, by: str) -> str:
    return str(pd.Period(moment, freq={"month": "M", "quarter": "Q", "year": "Y"}[by]))


@quick
@given(records, st.sampled_from(BY))
def test_each_day_is_in_its_own_period_and_in_no_other(drawn: list, by: str) -> None:
    own = spells(drawn)
    rows = nav.split_calendar(own, by)
    found = [
        (row.person, at, str(row.period))
        for row in rows.itertuples()
        for at in range(number(row.start), number(row.end))
    ]
    assert sorted(found) == sorted((person, at, _period(day(at), by)) for person, at in days(own))
    assert rows["days"].sum() == len(days(own))


@quick
@given(records, st.sampled_from(BY))
def test_each_exit_stands_on_one_row_only(drawn: list, by: str) -> None:
    own = spells(drawn)
    rows = nav.split_calendar(own, by)
    columns = ["person", "end", "exit_class"]
    ended = own.frame.dropna(subset=["end"])[columns].sort_values(columns, ignore_index=True)
    assert rows[rows["ends"]][columns].sort_values(columns, ignore_index=True).equals(ended)
    assert rows.loc[~rows["ends"], "exit_class"].isna().all()


def _one_each(drawn: list) -> nav.Spells:
    first = {person: (person, start, length, still) for person, start, length, still in sorted(drawn, reverse=True)}
    return spells(list(first.values()))


def _born(spells: nav.Spells, births: list[int]) -> nav.Spells:
    frame = spells.frame
    born = [date(1995, 1, 1) + timedelta(days=births[at % len(births)]) for at in range(len(frame))]
    return nav.Spells(frame.assign(birth_date=pd.to_datetime(born).astype("datetime64[s]")), spells.origin)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@quick
@given(
    records.filter(bool),
    records,
    st.lists(st.integers(0, 1100), min_size=1, max_size=3),
    st.sampled_from(["follow_up", "age", "calendar"]),
)
def test_follow_up_split_is_what_a_loop_over_days_says(drawn: list, other: list, births: list, scale: str) -> None:
    """Every day of a person stands in one row, whose bands and state are those of the day."""
    own = _born(_one_each(drawn), births)
    work = spells(other, "job")
    asked = {"ages": (23, 25), "dates": (day(12), day(43)), "days": (7, 30), "states": {"in_work": work}}
    rows = nav.split_follow_up(own, scale=scale, **asked)
    who = own.frame.set_index("person")
    working = days(work)
    seen = 0
    for row in rows.itertuples():
        person = who.loc[row.person]
        zero = {"follow_up": person["start"], "age": person["birth_date"], "calendar": pd.Timestamp("1900-01-01")}[
            scale
        ]
        for at in np.arange(row.entry, row.time):
            today = (zero + pd.Timedelta(days=float(at))).date()
            number_today = (today - FIRST).days
            assert (row.person, number_today) in days(own)
            age, since = _age(person["birth_date"].date(), today), (today - person["start"].date()).days
            assert row.age_band == ("< 23" if age < 23 else "23–24" if age < 25 else "≥ 25")
            assert row.date_band[0] == ("<" if number_today < 12 else "≥")
            assert (row.date_band == f"≥ {day(43):%Y-%m-%d}") == (number_today >= 43)
            assert row.day_band == ("< 7" if since < 7 else "7–30" if since < 30 else "≥ 30")
            assert row.in_work == ((row.person, number_today) in working)
            seen += 1
    assert seen == len(days(own))


@quick
@given(records.filter(bool), st.lists(st.integers(0, 1100), min_size=1, max_size=3))
def test_split_follow_up_gives_the_same_curve(drawn: list, births: list) -> None:
    """Cutting rows changes nothing that does not look at the cuts."""
    own = _born(_one_each(drawn), births)
    how = {"entry": "entry", "person": "person", "outcome": "job", "endings": ENDINGS}
    curves = []
    for asked in ({}, {"ages": (23, 25), "days": (5, 9)}):
        rows = nav.split_follow_up(own, **asked)
        curves.append(nav.Cohort.from_frame(rows, "time", "ending", **how).cumulative_incidence().at([5, 20]))
    pd.testing.assert_frame_equal(*curves)


ENDINGS = {"censored": None, "job": "job", "other": "other", "health": "health"}
panel_rows = st.lists(
    st.tuples(st.sampled_from(["P-1", "P-2"]), st.integers(0, 23), st.sampled_from(["AAP", "DAGPENGER"])),
    min_size=1,
    max_size=25,
)


def _panel(drawn: list[tuple[str, int, str]]) -> nav.MonthPanel:
    rows = [(person, f"{2019 + at // 12}-{at % 12 + 1:02d}", state) for person, at, state in drawn]
    frame = pd.DataFrame(rows, columns=["person_id", "month", "benefit"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return nav.MonthPanel.from_frame(frame, "benefit", covers=("2019-01", "2020-12"))


@quick
@given(panel_rows)
def test_months_made_spells_and_put_on_months_again_are_the_same_months(drawn: list) -> None:
    panel = _panel(drawn)
    again = nav.months_from_spells(nav.spells_from_months(panel), opens=date(2019, 1, 1))
    assert again.frame.equals(panel.frame)
    assert (again.opens, again.closes) == (panel.opens, panel.closes)
    for counted in ("first_day", "last_day", "whole_month"):
        assert nav.months_from_spells(nav.spells_from_months(panel), counted=counted).frame.equals(panel.frame)


@quick
@given(panel_rows)
def test_spells_of_months_made_months_and_spells_again_are_the_same_spells(drawn: list) -> None:
    once = nav.spells_from_months(_panel(drawn))
    twice = nav.spells_from_months(nav.months_from_spells(once, opens=date(2019, 1, 1)))
    assert twice.frame.equals(once.frame)
    assert twice.cutoff == once.cutoff


@quick
@given(panel_rows)
def test_spells_of_months_are_what_a_loop_over_months_says(drawn: list) -> None:
    """Month by month: a spell runs in a month exactly when the panel has it, and neighbours are in one spell."""
    frame = nav.spells_from_months(_panel(drawn)).frame
    found = set()
    for row in frame.itertuples():
        end = pd.Timestamp("2021-01-01") if pd.isna(row.end) else row.end
        found |= {
            (row.person, int(at), row.programme)
            for at in range(24)
            if row.start <= pd.Timestamp(2019 + at // 12, at % 12 + 1, 1) < end
        }
    assert found == set(drawn)
    runs = {(person, at, state) for person, at, state in drawn if (person, at - 1, state) not in set(drawn)}
    assert len(frame) == len(runs)
    assert frame["end"].isna().sum() == len({one for one in drawn if one[1] == 23})


@quick
@given(records.filter(bool), st.sampled_from(["any_day", "first_day", "last_day", "whole_month"]))
def test_the_months_of_spells_are_those_a_loop_over_days_says(drawn: list, counted: str) -> None:
    """The world ends on 18 March, so the last whole month is February."""
    own = spells(drawn)
    inside = days(own)
    expected = set()
    for month in pd.period_range("2019-12", "2020-02", freq="M"):
        first, last = ((moment.date() - FIRST).days for moment in (month.start_time, month.end_time))
        wanted = {"any_day": range(first, last + 1), "first_day": [first], "last_day": [last]}
        for person in {who for who, _ in inside}:
            there = [(person, at) in inside for at in wanted.get(counted, range(first, last + 1))]
            if all(there) if counted == "whole_month" else any(there):
                expected.add((person, month))
    if counted == "whole_month":
        # Two spells that each hold a part of a month hold no whole month.
        expected = {one for one in expected if _in_one_spell(own, *one)}
    panel = nav.months_from_spells(own, counted=counted)
    assert {(row.person, row.month) for row in panel.frame.itertuples()} == expected
    assert str(panel.closes) == "2020-02"


def _in_one_spell(own: nav.Spells, person: str, month: pd.Period) -> bool:
    frame = own.frame[own.frame["person"] == person]
    first, after = month.start_time, (month + 1).start_time
    return bool(((frame["start"] <= first) & (frame["end"].isna() | (frame["end"] >= after))).any())


@pytest.mark.parametrize("max_gap", [0, 1, 2])
def test_a_gap_of_so_many_months_does_not_end_a_spell(max_gap: int) -> None:
    panel = _panel([("P-1", at, "AAP") for at in (3, 4, 6, 9)])
    frame = nav.spells_from_months(panel, max_gap=max_gap).frame
    assert [f"{one:%Y-%m}" for one in frame["start"]] == [
        ["2019-04", "2019-07", "2019-10"],
        ["2019-04", "2019-10"],
        ["2019-04"],
    ][max_gap]


def test_half_a_day_is_kept_as_half_a_day() -> None:
    own = made([("P-1", 5, 6)])
    half = nav.Spells(own.frame.assign(end=own.frame["start"] + pd.Timedelta(hours=12)), own.origin)
    assert nav.split_calendar(half)["days"].tolist() == [0.5]
    assert nav.intersect(half, own).frame["end"].tolist() == half.frame["end"].tolist()
    assert nav.split_follow_up(half, days=(3,))["time"].tolist() == [0.5]


def test_rows_split_by_age_and_date_give_the_same_hazard_ratio() -> None:
    """Forty synthetic people; what is the same on every row of a person is not moved by cutting the rows."""
    frame = pd.DataFrame({"person": [f"P-{at:02d}" for at in range(40)]})
    at = frame.index.to_series()
    frame["programme"] = "KVP"
    frame["start"] = pd.to_datetime("2019-01-01") + pd.to_timedelta(at % 7, unit="D")
    frame["end"] = frame["start"] + pd.to_timedelta(20 + (at * 37) % 300, unit="D")
    frame["exit_class"] = ["other" if one % 3 == 0 else "job" for one in at]
    frame["birth_date"] = pd.to_datetime("1994-06-01") + pd.to_timedelta(at * 11, unit="D")
    frame["woman"] = ((at * 7) % 5 < 2).astype(float)
    spells = nav.Spells(frame, nav.Origin())
    endings = {"job": "job", "other": "other", "censored": None}
    tables = []
    for asked in ({}, {"ages": (25,), "dates": ("2019-04-01", "2019-07-01"), "days": (30, 90)}):
        rows = nav.split_follow_up(spells, **asked)  # type: ignore[arg-type]
        people = nav.Cohort.from_frame(
            rows, "time", "ending", entry="entry", person="person", outcome="job", endings=endings
        )
        tables.append(people.cox((nav.Number("woman"),)).table)
    assert len(nav.split_follow_up(spells, days=(30, 90))) > len(frame)
    assert tables[0]["estimate"].tolist() == pytest.approx(tables[1]["estimate"].tolist(), rel=1e-9)
