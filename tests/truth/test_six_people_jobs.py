"""Six people and what each definition of a job says of them, worked out on paper.

person  programme             ended by        work in 2020 (December 2019 too where said)
A       15 Jan - 31 Mar       job             competitive April-December
B       10 Jan -  9 May       other           competitive May, June, and August-October
C        3 Feb - 31 May       job_subsidised  with a wage subsidy June-December
D        1 Jan - (open)                       competitive November, December
E       20 Mar - 19 Apr       no_show         none
F        2 Jan - 29 Feb       education       competitive December 2019 - March, sheltered July
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.errors import DataWarning

CUTOFF = date(2020, 12, 31)
PROGRAMME = [
    ("A", "2020-01-15", "2020-04-01", "job"),
    ("B", "2020-01-10", "2020-05-10", "other"),
    ("C", "2020-02-03", "2020-06-01", "job_subsidised"),
    ("D", "2020-01-01", None, None),
    ("E", "2020-03-20", "2020-04-20", "no_show"),
    ("F", "2020-01-02", "2020-03-01", "education"),
]
WORK = {
    ("A", "competitive"): range(4, 13),
    ("B", "competitive"): [5, 6, 8, 9, 10],
    ("C", "subsidised"): range(6, 13),
    ("D", "competitive"): [11, 12],
    ("F", "competitive"): [0, 1, 2, 3],
    ("F", "sheltered"): [7],
}


def programme() -> nav.Spells:
    frame = pd.DataFrame(PROGRAMME, columns=["person", "start", "end", "exit_class"])
    frame.insert(1, "programme", "INNSATSGJENGEN")
    frame = frame.astype({"start": "datetime64[s]", "end": "datetime64[s]"})
    return nav.Spells(frame, nav.Origin((("innsats.csv", "0" * 64),), CUTOFF, synthetic=True))


def register() -> pd.DataFrame:
    rows = [
        {"person_id": who, "month": month_name(month), "employed": True, "subsidised": kind == "subsidised",
         "sheltered": kind == "sheltered"}
        for (who, kind), months in WORK.items() for month in months
    ]  # fmt: skip
    nobody = {"person_id": "E", "month": "2020-01", "employed": False, "subsidised": False, "sheltered": False}
    return pd.DataFrame([*rows, nobody])


def month_name(month: int) -> str:
    """Months of 2020; 0 is December 2019."""
    return f"2020-{month:02d}" if month else "2019-12"


def work() -> nav.MonthPanel:
    return nav.employment_months(register(), covers=("2019-12", "2020-12"))


def table(found: nav.Outcomes) -> dict[str, tuple[float, str]]:
    return {row.person: (row.time, row.ending) for row in found.rows.itertuples()}


def test_by_exit_reason() -> None:
    found = nav.first_jobs(programme(), nav.exit_reason())
    assert table(found) == {
        "A": (2, "job"), "B": (4, "other"), "C": (3, "job_subsidised"), "D": (11, "censored"), "E": (1, "no_show"),
        "F": (1, "education"),
    }  # fmt: skip


def test_by_register_month() -> None:
    found = nav.first_jobs(programme(), nav.register_month(), work())
    assert table(found) == {
        "A": (3, "job"), "B": (4, "job"), "C": (10, "censored"), "D": (10, "job"), "E": (9, "censored"), "F": (1, "job")
    }  # fmt: skip
    rows = found.rows.set_index("person")
    assert rows["month"].astype(str)[["A", "B", "D", "F"]].tolist() == ["2020-04", "2020-05", "2020-11", "2020-02"]
    assert rows["worked_before"].fillna(False).tolist() == [False, False, False, False, False, True]
    assert rows.loc["C", ["first_competitive", "first_subsidised"]].isna().tolist() == [True, False]
    assert (rows.loc["C", "first_subsidised"], rows.loc["F", "first_sheltered"]) == (4, 6)
    assert found.closes == CUTOFF


def test_by_three_months_in_a_row_the_last_two_months_tell_nothing() -> None:
    found = nav.first_jobs(programme(), nav.sustained(), work())
    assert table(found) == {
        "A": (3, "job"), "B": (7, "job"), "C": (8, "censored"), "D": (9, "censored"), "E": (7, "censored"),
        "F": (9, "censored"),
    }  # fmt: skip
    assert found.closes == date(2020, 10, 31)


def test_two_in_a_row_and_work_of_every_kind() -> None:
    assert table(nav.first_jobs(programme(), nav.sustained(2), work()))["B"] == (4, "job")
    assert table(nav.first_jobs(programme(), nav.sustained(2), work()))["D"] == (10, "job")
    every = nav.register_month(("sheltered", "subsidised", "competitive"))
    assert table(nav.first_jobs(programme(), every, work()))["C"] == (4, "job")
    assert every.kinds == ("competitive", "subsidised", "sheltered")


def test_one_month_in_a_row_is_a_register_month() -> None:
    by_run, by_month = (nav.first_jobs(programme(), one, work()) for one in (nav.sustained(1), nav.register_month()))
    assert by_run.rows.equals(by_month.rows)


def test_a_month_a_wage_subsidy_or_adapted_work_touches_is_not_competitive() -> None:
    """B's May is touched by a wage subsidy that ends on 1 May, A's April to June by work preparation."""
    rows = [
        ("A", "ARBFORB", "2020-04-30", "2020-06-02"),
        ("B", "MIDLERTIDIG_LONNSTLSKUDD", "2020-04-01", "2020-05-02"),
        ("D", "MENTOR", "2020-01-01", "2021-01-01"),
    ]
    frame = pd.DataFrame(rows, columns=["person", "programme", "start", "end"]).assign(exit_class="other")
    measures = nav.Spells(frame.astype({"start": "datetime64[s]", "end": "datetime64[s]"}), nav.Origin(cutoff=CUTOFF))
    months = nav.employment_months(
        register()[["person_id", "month", "employed"]], supported=measures, covers=("2019-12", "2020-12")
    )
    found = {(row.person, str(row.month)): row.state for row in months.frame.itertuples()}
    assert found["B", "2020-05"] == "subsidised" and found["B", "2020-06"] == "competitive"
    assert [found["A", f"2020-{month:02d}"] for month in (4, 6, 7)] == ["sheltered", "sheltered", "competitive"]
    assert found["D", "2020-11"] == "competitive"
    jobs = nav.first_jobs(programme(), nav.register_month(), months)
    assert (table(jobs)["A"], table(jobs)["B"]) == ((6, "job"), (5, "job"))


def test_who_has_several_spells_is_asked_about_from_the_first() -> None:
    later = programme().frame.assign(
        start=pd.Timestamp("2020-09-01").as_unit("s"), end=pd.Timestamp("2020-11-01").as_unit("s")
    )
    both = nav.Spells(pd.concat([later, programme().frame], ignore_index=True), programme().origin)
    assert table(nav.first_jobs(both, nav.register_month(), work()))["A"] == (3, "job")


def test_an_outcome_that_cannot_be_known_yet_has_no_row() -> None:
    late = pd.DataFrame({"person": ["G"], "start": ["2020-10-05"], "end": [None], "exit_class": [None]})
    frame = pd.concat([programme().frame, late.astype({"start": "datetime64[s]", "end": "datetime64[s]"})])
    spells = nav.Spells(frame.reset_index(drop=True), programme().origin)
    with pytest.warns(DataWarning, match="1 av 7"):
        found = nav.first_jobs(spells, nav.sustained(), work())
    assert "G" not in table(found)
    assert table(nav.first_jobs(spells, nav.register_month(), work()))["G"] == (2, "censored")


def test_the_outcomes_go_straight_into_a_cohort_and_name_their_definition() -> None:
    """By five months three of six have worked: F, A, B; by sustained work only A has."""
    for definition, by_five in ((nav.register_month(), Fraction(3, 6)), (nav.sustained(), Fraction(1, 6))):
        found = nav.first_jobs(programme(), definition, work())
        people = nav.Cohort.from_frame(found.rows, **found.roles)
        curve = people.cumulative_incidence()
        assert curve.at(5)["estimate"].tolist() == [pytest.approx(float(by_five))]
        assert people.unit == "months"
        (named,) = curve.origin.definitions
        assert definition.name in named.text("en")
        assert curve.origin.synthetic and curve.origin.names == ("innsats.csv",)


def test_by_exit_reason_the_other_reasons_compete() -> None:
    found = nav.first_jobs(programme(), nav.exit_reason())
    people = nav.Cohort.from_frame(found.rows, **found.roles)
    at_four = people.cumulative_incidence().at(4).set_index("cause")["estimate"]
    assert at_four["job"] == pytest.approx(1 / 6) and at_four.sum() == pytest.approx(5 / 6)


def test_in_days_the_event_is_the_last_day_of_its_month_and_the_last_months_are_cut_off() -> None:
    """A: 15 January to 30 April is 106 days. D is still in the programme when October ends."""
    found = nav.first_jobs(programme(), nav.sustained(), work())
    dated = nav.with_event_dates(programme(), found)
    assert dated.cutoff == date(2020, 10, 31)
    frame = dated.frame.set_index("person")
    assert f"{frame.loc['A', 'job_date']:%d.%m.%Y}" == "30.04.2020"
    assert frame.loc[["C", "D", "E", "F"], "job_date"].isna().all()
    protocol = nav.Protocol(
        question="In work for three months", outcome="job", competing=("no_show",),
        censored_by=("other", "education", "job_subsidised"),
    )  # fmt: skip
    people = nav.Cohort.assemble(protocol, dated, events={"job": "job_date"})
    rows = people.rows.set_index("person")
    assert (rows.loc["A", "time"], rows.loc["A", "ending"]) == (106, "job")
    assert (rows.loc["D", "time"], rows.loc["D", "ending"]) == (
        305,
        pytest.approx(rows.loc["D", "ending"], nan_ok=True),
    )
    assert "sustained" in people.log.text("en")
    assert [one.key for one in people.origin.definitions] == ["job_sustained"]


# Exits by Nav's definition. Months of 2020 in a measure, and status by month:
#   A Jan-Mar             exit March   status September: in work            3 months in
#   B Jan, Feb, Apr       exit April   status October: job seeker           4 (March alone is no exit)
#   C Feb-May             exit May     status November: work and benefit    4
#   D Jan-Dec             none                                              6: nobody is known beyond June
#   E Mar                 exit March   no status in September: elsewhere    1
#   F Jan, Jun-Aug        exit January status July: reduced capacity        1; the exit in August is not known
MEASURE = {"A": [1, 2, 3], "B": [1, 2, 4], "C": [2, 3, 4, 5], "D": range(1, 13), "E": [3], "F": [1, 6, 7, 8]}
STATUS = [
    ("A", 9, "ARBEID"), ("B", 10, "ARBEIDSSOKER"), ("C", 11, "ARBEID_OG_YTELSE"), ("F", 7, "NEDSATT_ARBEIDSEVNE"),
    ("E", 8, "ARBEID"), ("E", 10, "ARBEID"), ("F", 12, "UFORE"),
]  # fmt: skip


def in_measures() -> nav.MonthPanel:
    rows = [(who, f"2020-{month:02d}", "OPPFOLGING") for who, months in MEASURE.items() for month in months]
    frame = pd.DataFrame(rows, columns=["person_id", "month", "programme"])
    return nav.MonthPanel.from_frame(frame, "programme", covers=("2020-01", "2020-12"))


def statuses() -> nav.MonthPanel:
    rows = [(who, f"2020-{month:02d}", status) for who, month, status in STATUS]
    frame = pd.DataFrame(rows, columns=["person_id", "month", "status"])
    with pytest.warns(DataWarning):
        return nav.MonthPanel.from_frame(frame, "status", covers=("2020-01", "2020-12"))


def test_exits_as_nav_counts_them() -> None:
    found = nav.nav_exit(in_measures(), statuses())
    exits = [(row.person, str(row.month), str(row.status_month), row.status) for row in found.exits.itertuples()]
    assert exits == [
        ("A", "2020-03", "2020-09", "in_work"),
        ("B", "2020-04", "2020-10", "job_seeker"),
        ("C", "2020-05", "2020-11", "work_and_benefit"),
        ("E", "2020-03", "2020-09", "elsewhere"),
        ("F", "2020-01", "2020-07", "reduced_capacity"),
        ("F", "2020-08", "2021-02", None),
    ]
    assert found.undecided == 1
    assert found.counts == {
        "in_work": 1, "work_and_benefit": 1, "job_seeker": 1, "reduced_capacity": 1, "disability_benefit": 0,
        "elsewhere": 1,
    }  # fmt: skip


def test_the_first_exits_go_into_a_cohort() -> None:
    found = nav.nav_exit(in_measures(), statuses())
    assert table(found) == {
        "A": (3, "job"), "B": (4, "job_seeker"), "C": (4, "job"), "D": (6, "censored"), "E": (1, "elsewhere"),
        "F": (1, "reduced_capacity"),
    }  # fmt: skip
    assert found.closes == date(2020, 6, 30)
    people = nav.Cohort.from_frame(found.rows, **found.roles)
    # At one month two of six leave otherwise; at three one of four to a job, at four one of three: 1/6 + 1/6.
    at_six = people.cumulative_incidence().at(6).set_index("cause")["estimate"]
    assert at_six["job"] == pytest.approx(2 / 6)
    assert "nav_exit" in people.origin.definitions[0].text("nn")


def test_a_share_of_exits_leaves_out_those_whose_status_is_not_known() -> None:
    found = nav.nav_exit(in_measures(), statuses())
    shares = nav.from_counts(found.counts).proportion().table.set_index("cause")
    assert shares.loc["in_work", "estimate"] == pytest.approx(1 / 5)


def test_spells_in_measures_give_the_same_exits() -> None:
    by_day = nav.spells_from_months(in_measures())
    assert nav.nav_exit(by_day, statuses()).exits.equals(nav.nav_exit(in_measures(), statuses()).exits)
