"""What computing with spells, months and jobs refuses: the message names columns, numbers and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pytest
from bad_input import NUMBER
from canaries import PLANTED, names, refused

import navoutcomes as nav

MONTHS = ("2019-01", "2020-12")


def spells(**changes: Any) -> nav.Spells:
    """Two synthetic people in a programme; each has a name and an identity number in a column nobody asks for."""
    frame = pd.DataFrame(
        {
            "person": ["P-1", "P-2"],
            "programme": "KVP",
            "start": pd.to_datetime(["2019-03-01", "2019-05-01"]),
            "end": pd.to_datetime(["2019-09-01", None]),
            "exit_class": ["job", None],
            "birth_date": pd.to_datetime(["1995-01-01", "1996-01-01"]),
            "note": PLANTED,
        }
    )
    cutoff = changes.pop("cutoff", date(2020, 12, 31))
    return nav.Spells(frame.assign(**changes), nav.Origin(cutoff=cutoff))


def work(**changes: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"person_id": ["P-1", "P-2"], "month": ["2019-08", "2019-09"], "employed": [True, True]})
    return frame.assign(subsidised=False, sheltered=False, note=PLANTED).assign(**changes)


def months(**how: Any) -> nav.MonthPanel:
    with pytest.warns(nav.DataWarning):
        return nav.employment_months(work().drop(columns="note"), covers=how.pop("covers", MONTHS), **how)


def measures(**changes: Any) -> nav.MonthPanel:
    frame = pd.DataFrame({"person_id": ["P-1", "P-2"], "month": ["2019-08", "2019-09"], "s": ["X", "X"]})
    with pytest.warns(nav.DataWarning):
        return nav.MonthPanel.from_frame(frame.assign(**changes), "s", covers=MONTHS)


def again(**changes: Any) -> pd.DataFrame:
    return pd.concat([spells().frame.assign(**changes), spells().frame], ignore_index=True)


PLAIN = work().drop(columns="note")
OPEN = {"end": pd.to_datetime([None, None]), "exit_class": [None, None]}
CASES: dict[str, tuple[Callable[[], Any], str, tuple[str, ...]]] = {
    "no spells": (lambda: nav.intersect(spells(), PLAIN), "spells_needed", ("DataFrame",)),
    "no spells at all": (nav.union, "spells_needed", ()),
    "days that are no number": (lambda: nav.merge(spells(), -1), "option_not_understood", ("within=",)),
    "overlaps merged": (
        lambda: nav.merge(nav.Spells(again(), nav.Origin()), 3), "spells_overlap", ("start", "end", "2")),
    "another calendar": (lambda: nav.split_calendar(spells(), "week"), "option_not_understood", ("by=", "quarter")),
    "open without a cut-off": (lambda: nav.split_calendar(spells(cutoff=None)), "cutoff_needed", ("1", "2")),
    "open and begun after the cut-off": (
        lambda: nav.split_calendar(spells(cutoff=date(2019, 4, 1))), "spells_after_cutoff", ("start", "1", "2")),
    "no start": (
        lambda: nav.split_calendar(spells(start=pd.to_datetime([None, "2019-05-01"]))), "spell_starts_needed",
        ("start", "0")),
    "several spells": (
        lambda: nav.split_follow_up(nav.Spells(again(), nav.Origin(cutoff=date(2020, 1, 1)))), "one_spell_each",
        ("person", "4")),
    "ages without births": (
        lambda: nav.split_follow_up(spells(), ages=(25,), birth="born"), "panel_columns_missing", ("born",)),
    "births that are words": (
        lambda: nav.split_follow_up(spells(birth_date=PLANTED), ages=(25,)), "births_not_read", ("birth_date",)),
    "a birth nobody knows": (
        lambda: nav.split_follow_up(spells(birth_date=pd.to_datetime([None, "1990-01-01"])), ages=(25,)),
        "panel_cells_empty", ("birth_date", "0")),
    "born too late": (
        lambda: nav.split_follow_up(spells(birth_date=pd.Timestamp("2019-04-01")), ages=(25,)), "born_after_start",
        ("birth_date", "0")),
    "another scale": (lambda: nav.split_follow_up(spells(), scale="moon"), "option_not_understood", ("scale=",)),
    "half years": (lambda: nav.split_follow_up(spells(), ages=(24.5,)), "option_not_understood", ("ages=",)),
    "a date that is none": (
        lambda: nav.split_follow_up(spells(), dates=("31.02.2019",)), "option_not_understood", ("dates=",)),
    "months that are none": (
        lambda: nav.employment_months(PLAIN.assign(month=[PLANTED, "2019-01"])), "months_not_read", ("month", "0")),
    "months that are not covered": (
        lambda: nav.employment_months(PLAIN, covers=("2019-09", "2019-12")), "months_not_covered", ("month", "0")),
    "a cover from the end to the beginning": (
        lambda: nav.employment_months(PLAIN, covers=("2021-01", "2018-01")), "months_not_covered", ("covers=",)),
    "a cover that is none": (
        lambda: nav.employment_months(PLAIN, covers=("january", "2019-12")), "option_not_understood", ("covers=",)),
    "an empty register": (lambda: nav.employment_months(PLAIN.iloc[:0]), "panel_empty", ("month",)),
    "no column of months": (
        lambda: nav.employment_months(PLAIN.drop(columns="month")), "panel_columns_missing", ("month", "employed")),
    "an empty cell": (
        lambda: nav.employment_months(PLAIN.assign(employed=[True, None])), "panel_cells_empty", ("employed", "1")),
    "employed, in words": (
        lambda: nav.employment_months(PLAIN.assign(employed=[PLANTED, True])), "not_truth_values", ("employed", "0")),
    "kinds of work nobody told": (
        lambda: nav.employment_months(PLAIN.drop(columns=["subsidised", "sheltered"])), "work_kinds_needed",
        ("subsidised", "sheltered", "supported")),
    "measures that end early": (
        lambda: nav.employment_months(PLAIN, supported=spells(cutoff=date(2019, 8, 31))), "measures_end_early",
        ("31.08.2019", "2019-09")),
    "measures without programmes": (
        lambda: nav.employment_months(
            PLAIN, supported=nav.Spells(spells().frame.drop(columns="programme"), spells().origin)
        ),
        "panel_columns_missing", ("programme",)),
    "an identity number in the months": (
        lambda: nav.employment_months(work(fnr=NUMBER)), "identity_numbers", ("fnr", "2")),
    "months counted in another way": (
        lambda: nav.months_from_spells(spells(), counted="most"), "option_not_understood", ("counted=", "any_day")),
    "months of spells without a cut-off": (
        lambda: nav.months_from_spells(spells(cutoff=None)), "cutoff_needed", ("1", "2")),
    "spells before the register opens": (
        lambda: nav.months_from_spells(spells(), opens=date(2019, 4, 1)), "months_not_covered", ("start", "opens=")),
    "a gap that is no number": (
        lambda: nav.spells_from_months(months(), max_gap=0.5), "option_not_understood", ("max_gap=",)),
    "no months in work": (
        lambda: nav.first_jobs(spells(), nav.sustained()), "months_in_work_needed", ("sustained", "months=")),
    "a register that opens late": (
        lambda: nav.first_jobs(spells(), nav.sustained(), months(covers=("2019-05", "2020-12"))),
        "register_opens_late", ("1", "2", "2019-05")),
    "no date of time zero": (
        lambda: nav.first_jobs(spells(), nav.sustained(), months(), time_zero="note"), "column_not_dates", ("note",)),
    "a time zero nobody knows": (
        lambda: nav.first_jobs(spells(start=pd.to_datetime([None, "2019-05-01"])), nav.sustained(), months()),
        "spell_starts_needed", ("start", "0")),
    "reasons in words of one's own": (
        lambda: nav.first_jobs(spells(exit_class=[PLANTED, None]), nav.exit_reason()), "exit_classes_needed",
        ("exit_class", "1")),
    "reasons without a cut-off": (
        lambda: nav.first_jobs(spells(cutoff=None), nav.exit_reason()), "cutoff_needed", ("1",)),
    "no months in a row": (lambda: nav.sustained(0), "option_not_understood", ("k=",)),
    "another kind of work": (lambda: nav.register_month("voluntary"), "option_not_understood", ("sheltered",)),
    "no kind of work": (lambda: nav.sustained(3, ()), "option_not_understood", ("kinds=",)),
    "a share above all": (lambda: nav.exit_reason(20), "option_not_understood", ("unknown_at_most=",)),
    "a column that is there": (
        lambda: nav.with_event_dates(spells(job_date=pd.NaT), nav.first_jobs(spells(), nav.register_month(), months())),
        "event_column_there", ("job_date", "column=")),
    "outcomes of other people": (
        lambda: nav.with_event_dates(
            spells(person=["Q-1", "Q-2"]), nav.first_jobs(spells(), nav.register_month(), months())
        ),
        "outcomes_of_others", ("person", "2")),
    "statuses in other words": (
        lambda: nav.nav_exit(measures(), measures(s=["ARBEID", PLANTED[:4]])), "statuses_unknown",
        ("1", "2", "ARBEID_OG_YTELSE")),
    "two statuses at once": (
        lambda: nav.nav_exit(
            measures(), measures(person_id="P-1", month="2020-02", s=["ARBEID", "UFORE"])
        ),
        "two_statuses", ("1", "2")),
    "statuses that open late": (
        lambda: nav.nav_exit(
            measures(),
            nav.MonthPanel.from_frame(
                pd.DataFrame({"person_id": ["P-1"], "month": ["2020-12"], "s": ["ARBEID"]}), "s",
                covers=("2020-12", "2020-12"),
            ),
        ),
        "statuses_open_late", ("2", "2020-12")),
    "another table": (lambda: nav.table_schema("deltakelse"), "model_table_unknown", ("episode",)),
    "no episodes": (
        lambda: nav.episodes(nav.RegisterTables.from_frames({})), "model_table_needed", ("episode",)),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_it_is_refused_by_name_and_nobody_is_quoted(name: str) -> None:
    call, key, told = CASES[name]
    problem = refused(partial(call))
    assert problem.key == key
    names(problem, told)


def test_a_spell_of_its_own_with_a_canary_is_shown_by_counts_only() -> None:
    kept = nav.intersect(spells(), spells())
    found = nav.first_jobs(spells(), nav.register_month(), months())
    for shown in (kept, found, months(), nav.with_event_dates(spells(), found)):
        assert PLANTED not in repr(shown) + shown._repr_html_() and "P-1" not in repr(shown) + shown._repr_html_()
