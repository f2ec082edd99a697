"""Six people with spells in two registers, every part of January worked out on paper.

Days of January 2020, the first day in and the day after the last:

    person  KVP             AAP             both            KVP only                either
    A       1-11            5-21            5-11            1-5                     1-21
    B       1-11            11-15           -               1-11                    1-15
    C       5-9             1-20            5-9             -                       1-20
    D       1-21            4-6, 10-12      4-6, 10-12      1-4, 6-10, 12-21        1-21
    E       3-7             -               -               3-7                     3-7
    F       1-5, 8-13       3-10            3-5, 8-10       1-3, 10-13              1-13
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.errors import DataWarning

KVP = [("A", 1, 11), ("B", 1, 11), ("C", 5, 9), ("D", 1, 21), ("E", 3, 7), ("F", 1, 5), ("F", 8, 13)]
AAP = [("A", 5, 21), ("B", 11, 15), ("C", 1, 20), ("D", 4, 6), ("D", 10, 12), ("F", 3, 10)]
CUTOFF = date(2020, 1, 31)


def spells(rows: list[tuple[str, int, int | None]], programme: str, exit_class: str = "job") -> nav.Spells:
    frame = pd.DataFrame(rows, columns=["person", "start", "end"])
    ends = [pd.NaT if pd.isna(end) else pd.Timestamp(2020, 1, int(end)) for end in frame["end"]]
    made = pd.DataFrame(
        {
            "person": frame["person"],
            "programme": programme,
            "start": pd.Series([pd.Timestamp(2020, 1, day) for day in frame["start"]], dtype="datetime64[s]"),
            "end": pd.Series(ends, dtype="datetime64[s]"),
            "exit_class": pd.Series([None if pd.isna(end) else exit_class for end in ends], dtype=object),
        }
    )
    return nav.Spells(made, nav.Origin((("kvp.csv", programme * 8),), CUTOFF))


def on_paper(found: nav.Spells | pd.DataFrame) -> list[tuple[str, int, int]]:
    frame = found if isinstance(found, pd.DataFrame) else found.frame
    return [(row.person, row.start.day, row.end.day) for row in frame.itertuples()]


def test_in_both() -> None:
    both = nav.intersect(spells(KVP, "KVP"), spells(AAP, "AAP", "benefit"))
    assert on_paper(both) == [
        ("A", 5, 11), ("C", 5, 9), ("D", 4, 6), ("D", 10, 12), ("F", 3, 5), ("F", 8, 10)
    ]  # fmt: skip
    # A, C and the first of F end where KVP ends; the others end because AAP does.
    assert both.frame["exit_class"].tolist() == ["job", "job", "censored", "censored", "job", "censored"]
    assert both.frame["programme"].eq("KVP").all()
    assert both.log.keys()[-1] == "spells_in_parts"


def test_in_one_and_not_the_other() -> None:
    alone = nav.subtract(spells(KVP, "KVP"), spells(AAP, "AAP", "benefit"))
    assert on_paper(alone) == [
        ("A", 1, 5), ("B", 1, 11), ("D", 1, 4), ("D", 6, 10), ("D", 12, 21), ("E", 3, 7), ("F", 1, 3), ("F", 10, 13)
    ]  # fmt: skip
    ended = ["censored", "job", "censored", "censored", "job", "job", "censored", "job"]
    assert alone.frame["exit_class"].tolist() == ended


def test_in_either() -> None:
    either = nav.union(spells(KVP, "KVP"), spells(AAP, "AAP", "benefit"), programme="KVP or AAP")
    assert on_paper(either) == [("A", 1, 21), ("B", 1, 15), ("C", 1, 20), ("D", 1, 21), ("E", 3, 7), ("F", 1, 13)]
    assert either.frame["exit_class"].tolist() == ["benefit", "benefit", "benefit", "job", "job", "job"]
    assert either.frame["programme"].eq("KVP or AAP").all()
    assert either.origin.names == ("kvp.csv", "kvp.csv")


def test_two_spells_that_end_together_in_two_ways_leave_the_way_unknown() -> None:
    with pytest.warns(DataWarning, match="1"):
        either = nav.union(spells([("A", 1, 9)], "KVP"), spells([("A", 3, 9)], "AAP", "benefit"))
    assert either.frame["exit_class"].tolist() == ["completed_unknown"]


def test_gaps_and_what_is_left_of_them_when_three_days_do_not_count() -> None:
    kvp = spells(KVP, "KVP")
    assert on_paper(nav.gaps(kvp)) == [("F", 5, 8)]
    assert nav.gaps(kvp)["days"].tolist() == [3]
    assert on_paper(nav.merge(kvp, 2)) == on_paper(kvp)
    with pytest.warns(DataWarning):
        merged = nav.merge(kvp, 3)
    assert on_paper(merged)[-1] == ("F", 1, 13)


def test_spells_that_only_touch_have_nothing_in_both() -> None:
    one, other = spells([("A", 5, 9), ("B", 9, 12)], "KVP"), spells([("A", 9, 12), ("B", 5, 9)], "AAP")
    assert on_paper(nav.intersect(one, other)) == []
    assert on_paper(nav.subtract(one, other)) == [("A", 5, 9), ("B", 9, 12)]
    assert on_paper(nav.union(one, other)) == [("A", 5, 12), ("B", 5, 12)]


def test_open_spells_stay_open_and_the_earlier_cut_off_decides() -> None:
    """KVP is known to 31 January, AAP only to the 15th: what KVP says of the days after cannot be compared."""
    kvp = spells([("A", 1, None), ("B", 1, 20), ("C", 16, None)], "KVP")
    aap = spells([("A", 5, None), ("B", 3, None)], "AAP")
    aap = nav.Spells(aap.frame, nav.Origin(cutoff=date(2020, 1, 15)))
    both = nav.intersect(kvp, aap)
    assert both.cutoff == date(2020, 1, 15)
    assert both.frame["person"].tolist() == ["A", "B"]
    assert both.frame["end"].isna().all() and both.frame["exit_class"].isna().all()
    assert nav.subtract(kvp, aap).frame["end"].tolist() == [pd.Timestamp(2020, 1, 5), pd.Timestamp(2020, 1, 3)]
    assert "spells_as_known" in {one.key for one in both.log}


def calendar(start: str, end: str | None) -> nav.Spells:
    frame = spells([("A", 1, 2)], "KVP").frame
    frame["start"] = pd.to_datetime([start]).astype("datetime64[s]")
    frame["end"] = pd.to_datetime([end]).astype("datetime64[s]")
    frame["exit_class"] = frame["exit_class"].astype(object).where(frame["end"].notna(), None)
    return nav.Spells(frame, nav.Origin(cutoff=date(2020, 4, 2)))


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("month", {"2019-12": 2, "2020-01": 31, "2020-02": 29, "2020-03": 31, "2020-04": 1}),
        ("quarter", {"2019Q4": 2, "2020Q1": 91, "2020Q2": 1}),
        ("year", {"2019": 2, "2020": 92}),
    ],
)
def test_the_days_of_a_spell_in_each_period(by: str, expected: dict[str, int]) -> None:
    """From 30 December to 1 April, 2020 being a leap year: 94 days."""
    rows = nav.split_calendar(calendar("2019-12-30", "2020-04-02"), by)
    assert dict(zip(rows["period"].astype(str), rows["days"], strict=True)) == expected
    assert rows["ends"].tolist() == [False] * (len(expected) - 1) + [True]
    assert rows["exit_class"].iloc[-1] == "job"


def test_an_open_spell_is_counted_to_the_cut_off_and_ends_nowhere() -> None:
    rows = nav.split_calendar(calendar("2020-03-30", None))
    assert rows["days"].tolist() == [2, 2]
    assert not rows["ends"].any() and rows["exit_class"].isna().all()


def test_a_spell_that_ends_with_the_month_is_not_in_the_next() -> None:
    rows = nav.split_calendar(calendar("2020-02-01", "2020-03-01"))
    assert rows["days"].tolist() == [29]


def test_follow_up_split_at_birthdays_dates_days_and_by_another_register() -> None:
    """Born 10 January 1995 and in KVP 1-20 January 2020: 25 years old from the 10th (day 9 after the start); AAP
    from the 5th (day 4) to the 14th (day 13 is the 14th, when it is over)."""
    kvp = spells([("A", 1, 21)], "KVP")
    kvp = nav.Spells(kvp.frame.assign(birth_date=pd.Timestamp(1995, 1, 10)), kvp.origin)
    rows = nav.split_follow_up(
        kvp, ages=(25, 30), dates=("2020-01-12",), days=(2,), states={"on_aap": spells([("A", 5, 14)], "AAP")}
    )
    assert rows["entry"].tolist() == [0, 2, 4, 9, 11, 13]
    assert rows["time"].tolist() == [2, 4, 9, 11, 13, 20]
    assert rows["age_band"].astype(str).tolist() == ["< 25", "< 25", "< 25", "25–29", "25–29", "25–29"]
    assert rows["date_band"].astype(str).tolist() == ["< 2020-01-12"] * 4 + ["≥ 2020-01-12"] * 2
    assert rows["day_band"].astype(str).tolist() == ["< 2"] + ["≥ 2"] * 5
    assert rows["on_aap"].tolist() == [False, False, True, True, True, False]
    assert rows["ending"].tolist() == ["censored"] * 5 + ["job"]
    by_age = nav.split_follow_up(kvp, ages=(25,), scale="age")
    assert by_age["time"].tolist() == [9131 + 0.0, 9131 + 11.0]
    assert by_age["entry"].tolist() == [9131 - 9.0, 9131 + 0.0]


def test_who_was_born_on_29_february_has_a_birthday_on_1_march_in_other_years() -> None:
    frame = calendar("2021-02-01", "2021-03-05").frame.assign(birth_date=pd.Timestamp(1996, 2, 29))
    rows = nav.split_follow_up(nav.Spells(frame, nav.Origin(cutoff=date(2021, 6, 1))), ages=(25,))
    assert rows["entry"].tolist() == [0, 28]


def test_of_a_year_of_birth_the_middle_is_taken_and_said() -> None:
    frame = calendar("2020-01-01", "2021-01-01").frame.assign(birth_year=1995)
    with pytest.warns(DataWarning, match="1. juli"):
        rows = nav.split_follow_up(nav.Spells(frame, nav.Origin(cutoff=date(2021, 6, 1))), ages=(25,))
    assert rows["entry"].tolist() == [0, 182]


def test_months_of_six_people_make_the_spells_on_paper() -> None:
    """2020: A January-March, B February and April, C all the year, D December, E nothing, F in two states."""
    months = {"A": [1, 2, 3], "B": [2, 4], "C": range(1, 13), "D": [12], "F": [5, 6]}
    rows = [(who, f"2020-{month:02d}", "AAP") for who, own in months.items() for month in own]
    rows += [("F", "2020-06", "DAGPENGER"), ("F", "2020-06", "DAGPENGER")]
    frame = pd.DataFrame(rows, columns=["person_id", "month", "benefit"])
    made = nav.spells_from_months(nav.MonthPanel.from_frame(frame, "benefit", covers=("2020-01", "2020-12")))
    found = made.frame
    table = [
        (row.person, row.programme, f"{row.start:%d.%m}", None if pd.isna(row.end) else f"{row.end:%d.%m}")
        for row in found.itertuples()
    ]
    assert table == [
        ("A", "AAP", "01.01", "01.04"),
        ("B", "AAP", "01.02", "01.03"),
        ("B", "AAP", "01.04", "01.05"),
        ("C", "AAP", "01.01", None),
        ("D", "AAP", "01.12", None),
        ("F", "AAP", "01.05", "01.07"),
        ("F", "DAGPENGER", "01.06", "01.07"),
    ]
    assert found["exit_class"].notna().equals(found["end"].notna())
    assert made.cutoff == date(2020, 12, 31)
    # When a month out does not end a spell, one that was last seen in November may still go on.
    november = frame.assign(month=frame["month"].replace("2020-12", "2020-11"))
    with pytest.warns(DataWarning, match="1 av 12"):
        may_go_on = nav.MonthPanel.from_frame(november, "benefit", covers=("2020-01", "2020-12"))
    assert nav.spells_from_months(may_go_on).frame["end"].notna().all()
    assert nav.spells_from_months(may_go_on, max_gap=1).frame["end"].isna().sum() == 2
    assert [one.facts[0] for one in made.log if one.key == "panel_spells_begun_before"] == [("count", 2)]
