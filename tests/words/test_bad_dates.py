"""Every bad date is read right or refused with a message that names the column, the rows and the way out."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bad_input import NAME, Case, accepted, check_logged, check_told, column, name_of, refused, write_csv

from navoutcomes.records.columns.codebook import Codebook, Column
from navoutcomes.records.columns.dates import age
from navoutcomes.records.extract import read
from navoutcomes.records.spells.stays import Spells

READ = [
    Case("B001", {"startdato": ["03.04.2019", "05.06.2019"]}, values={"start": ["2019-04-03", "2019-06-05"]},
         logged={"dates_read_as": ("«startdato»", "dd.mm.")}),
    Case("B002", {"startdato": ["03.04.2019", "2019-04-13", "04.04.2019"]},
         values={"start": ["2019-04-03", "2019-04-13", "2019-04-04"]},
         logged={"!dates_mixed_forms": ("«startdato»", "dd.mm.yyyy: 2 [2]", "yyyy-mm-dd: 1 [3]")}),
    Case("B003 with the form given", {"startdato": ["13/04/2019", "04/05/2019"]}, {"date_format": "dd/mm/yyyy"},
         values={"start": ["2019-04-13", "2019-05-04"]}, logged={"dates_read_as": ("«startdato»", "dd/mm/")}),
    Case("B004 with the American form given", {"startdato": ["04/05/2019"]}, {"date_format": "%m/%d/%Y"},
         values={"start": ["2019-04-05"]}),
    Case("B004 with a form a column", {"startdato": ["04/05/2019"], "sluttdato": ["06/07/2019"]},
         {"date_format": {"start": "dd/mm/yyyy", "sluttdato": "mm/dd/yyyy"}},
         values={"start": ["2019-05-04"], "end": ["2019-06-07"]}),
    Case("slashes that prove themselves", {"startdato": ["13/04/2019", "05/05/2019"]},
         values={"start": ["2019-04-13", "2019-05-05"]}, logged={"!dates_day_first": ("«startdato»", "2")}),
    Case("B005 with the option", {"startdato": ["43466", "43500"]}, {"excel_serial": True},
         values={"start": ["2019-01-01", "2019-02-04"]},
         logged={"!dates_from_serials": ("«startdato»", "43400", "43500", "2019-01", "2019-02")}),
    Case("B007", {"startdato": ["01.01.2019"] * 3, "sluttdato": ["31.12.9999", "", "01.02.2019"]},
         {"extracted": "31.12.2019"}, values={"end": [None, None, "2019-02-01"]},
         logged={"open_ends": ("«sluttdato»", "2", "31.12.2019")}),
    Case("B007 in other forms", {"startdato": ["01.01.2019"] * 4,
                                 "sluttdato": ["9999-12-31", "9999-12-31T23:59:59Z", "31.12.9999 00:00", "1.1.2020"]},
         values={"end": [None, None, None, "2020-01-01"]}, logged={"open_ends_without_extraction": ("3",
         "extracted=")}),
    Case("B008", {"startdato": ["01.01.2019"] * 3, "sluttdato": ["01.01.1900", "01.01.0001", "01.02.2019"]},
         values={"end": [None, None, "2019-02-01"]},
         logged={"!dates_placeholder": ("«sluttdato»", "01.01.1900", "01.01.0001", "2")}),
    Case("B008 with its own list", {"startdato": ["01.01.2019"] * 2, "sluttdato": ["11.11.1111", "01.02.2019"]},
         {"missing_dates": ("11.11.1111",)}, values={"end": [None, "2019-02-01"]},
         logged={"!dates_placeholder": ("11.11.1111", "1")}),
    Case("B011 with a pivot", {"startdato": ["01.01.19", "31.12.68"]}, {"pivot_year": 2030},
         values={"start": ["2019-01-01", "1968-12-31"]}, logged={"!dates_two_digit_placed": ("«startdato»", "2")}),
    Case("B011 with a pivot a column", {"startdato": ["01.01.19"], "fødselsdato": ["01.01.19"]},
         {"pivot_year": {"start": 2030, "birth_date": 2010}},
         values={"start": ["2019-01-01"], "birth_date": ["1919-01-01"]}),
    Case("B013", {"startdato": ["15. mai 2019", "15 mai 2019", "15-Mai-19", "28. October 2014", "1. DES. 2018"]},
         values={"start": ["2019-05-15"] * 3 + ["2014-10-28", "2018-12-01"]},
         logged={"!dates_month_names": ("«startdato»", "5")}),
    Case("B014", {"startdato": ["2019-03-31T23:30:00Z", "2019-04-01T01:30:00+02:00", "2018-12-31 23:59:59+0000"]},
         values={"start": ["2019-04-01", "2019-04-01", "2019-01-01"]},
         logged={"dates_to_norwegian_time": ("«startdato»", "converted to Europe/Oslo")}),
    Case("times of day", {"startdato": ["30.03.2019 08:15", "2019-03-31 00:00:00"]},
         values={"start": ["2019-03-30", "2019-03-31"]}, logged={"times_dropped": ("«startdato»", "1")}),
    Case("B021", {"startdato": ["01.01.2019"] * 4, "sluttdato": ["ukjent", "-", "n/a", "00.00.0000"]},
         {"missing": ("Ukjent", "-", "N/A", "00.00.0000")}, values={"end": [None] * 4},
         logged={"!words_missing": ("«sluttdato»", "«ukjent»", "«-»", "«n/a»", "«00.00.0000»", "4")}),
    Case("B022", {"startdato": ["01.01.1950"], "hendelsesdato": ["31.12.1969"]},
         values={"start": ["1950-01-01"], "outcome_date": ["1969-12-31"]}),
    Case("compact forms", {"startdato": ["20190413", "13042019"]}, values={"start": ["2019-04-13"] * 2}),
    Case("six digits with a form", {"startdato": ["130419"]}, {"date_format": "ddmmyy", "pivot_year": 2030},
         values={"start": ["2019-04-13"]}),
    Case("leap days", {"startdato": ["29.02.2000", "2020-02-29"]}, values={"start": ["2000-02-29", "2020-02-29"]}),
    Case("year first", {"startdato": ["2019/04/13", "2019.04.13"]}, values={"start": ["2019-04-13"] * 2}),
    Case("blanks of many kinds", {"startdato": [" 3. 4. 2019 ", "\u00a03.4.2019\u202f", "'03.04.2019"]},
         values={"start": ["2019-04-03"] * 3}),
    Case("a column nobody declared", {"møtedato": ["13.04.2019", "", "14.04.2019"]},
         values={"møtedato": ["2019-04-13", None, "2019-04-14"]}, logged={"kinds_decided": ("«møtedato»",)}),
    Case("mostly dates in a column nobody declared", {"møtedato": ["13.04.2019", "14.04.2019", "avlyst"]},
         values={"møtedato": ["13.04.2019", "14.04.2019", "avlyst"]},
         logged={"!column_mixed_kept_as_words": ("«møtedato»", "3", "2")}),
]  # fmt: skip

REFUSED = [
    Case("B003", {"startdato": ["13/04/2019", "04/13/2019"]}, key="dates_order_undecidable",
         told=("«startdato»", "2", "3", "date_format=")),
    Case("B004", {"startdato": ["04/05/2019", "13/04/2019", "05-06-2019"]}, key="dates_order_ambiguous",
         told=("«startdato»", "2", "4", "date_format=")),
    Case("month first throughout", {"startdato": ["04/05/2019", "04/13/2019", "12/31/2018"]}, key="dates_month_first",
         told=("«startdato»", "2 ", "3, 4", "date_format=", "mm/dd/yyyy")),
    Case("B004 in a column nobody declared", {"møtt": ["04/05/2019"]}, key="dates_order_ambiguous",
         told=("«møtt»", "1", "date_format=")),
    Case("B005", {"startdato": ["43466", "43500"]}, key="dates_serial_numbers",
         told=("«startdato»", "43400", "43500", "2019-01", "2019-02", "excel_serial=")),
    Case("B005 out of range", {"startdato": ["43466", "19999"]}, {"excel_serial": True}, key="dates_are_numbers",
         told=("«startdato»", "2, 3")),
    Case("B005 beside dates", {"startdato": ["43466", "01.01.2019"]}, {"excel_serial": True}, key="dates_are_numbers",
         told=("«startdato»", "2")),
    Case("B007 as a start", {"startdato": ["31.12.9999", "01.01.2019"]}, key="start_placeholder",
         told=("«startdato»", "1", "31.12.9999")),
    Case("B008 as a start", {"startdato": ["01.01.2019", "01.01.1900"]}, key="start_placeholder",
         told=("«startdato»", "1", "01.01.1900", "3")),
    Case("B011", {"startdato": ["01.01.19", "01.01.2019"]}, key="dates_two_digit_year",
         told=("«startdato»", "1", "pivot_year=", '"start"')),
    Case("B011 for dates of birth", {"startdato": ["01.01.2019"], "fødselsdato": ["01.01.68"]}, {"pivot_year": 2030},
         key="dates_two_digit_year", told=("«fødselsdato»", "pivot_year=", '"birth_date"')),
    Case("B013 with two centuries possible", {"fødselsdato": ["15. mai 19"]}, key="dates_two_digit_year",
         told=("«fødselsdato»", "pivot_year=")),
    Case("B016", {"startdato": ["12.05.2035", "01.01.2019"]}, {"extracted": "2019-12-31"}, key="dates_after_extraction",
         told=("«startdato»", "1", "2035-05", "31.12.2019")),
    Case("B018", {"startdato": ["31.12.1944", "01.01.1945"]}, key="dates_outside_window",
         told=("«startdato»", "1", "1944-12", "01.01.1945", "window=")),
    Case("B019", {"startdato": ["01.01.2019", "12.3"]}, key="dates_are_numbers", told=("«startdato»", "1", "3")),
    Case("B021 undeclared", {"startdato": ["01.01.2019"] * 3, "sluttdato": ["ukjent", "01.02.2019", NAME]},
         key="dates_unreadable", told=("«sluttdato»", "«aaaaaa»", "«Aaaa Aaaaaa»", "2, 4", "missing=")),
    Case("an unsure date", {"startdato": ["ca. mai 2019", "01.01.2019"]}, key="dates_unreadable",
         told=("«startdato»", "«aa. aaa 9999»")),
    Case("B022 outside", {"startdato": ["01.01.2019"], "sluttdato": ["01.01.2263"]}, key="dates_outside_window",
         told=("«sluttdato»", "1", "2263-01", "31.12.2100", "window=")),
    Case("30.02.2019", {"startdato": ["01.01.2019", "30.02.2019"]}, key="dates_impossible",
         told=("«startdato»", "1", "3")),
    Case("31.04.2019", {"startdato": ["31.04.2019"]}, key="dates_impossible", told=("«startdato»", "2")),
    Case("a leap day in 1900", {"fødselsdato": ["29.02.1900"]}, key="dates_impossible", told=("«fødselsdato»",)),
    Case("month 13", {"startdato": ["2019-13-01"]}, key="dates_impossible", told=("«startdato»",)),
    Case("25 o'clock", {"startdato": ["01.01.2019 25:00"]}, key="dates_impossible", told=("«startdato»",)),
    Case("month first although day first was said", {"startdato": ["04/13/2019"]}, {"date_format": "dd/mm/yyyy"},
         key="dates_impossible", told=("«startdato»", "date_format=")),
    Case("a year alone", {"startdato": ["2019", "2020"]}, key="dates_are_numbers", told=("«startdato»",)),
    Case("six digits", {"startdato": ["130419"]}, key="dates_are_numbers", told=("«startdato»", "date_format=")),
    Case("an error code", {"startdato": ["#REF!", "01.01.2019"]}, key="error_codes_in_key",
         told=("«startdato»", "#REF!", "1")),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=name_of)
def test_dates_are_read_as_they_are_meant_and_the_log_says_how(case: Case, tmp_path: Path) -> None:
    result, said = accepted(partial(read, write_csv(tmp_path, case.columns), **case.options))
    for name, values in case.values.items():
        assert column(result, name) == list(values)
    check_logged(result, said, case.logged)


@pytest.mark.parametrize("case", REFUSED, ids=name_of)
def test_dates_that_could_mean_two_things_or_nothing_are_refused(case: Case, tmp_path: Path) -> None:
    problem = refused(partial(read, write_csv(tmp_path, case.columns), **case.options))
    assert problem.key == case.key
    check_told(problem, case.told)


def test_b010_a_leap_day_birthday_counts_from_the_first_of_march() -> None:
    born = date(2000, 2, 29)
    assert [age(born, on) for on in (date(2019, 2, 28), date(2019, 3, 1), date(2020, 2, 28), date(2020, 2, 29))] == [
        18, 19, 19, 20,
    ]  # fmt: skip
    births = pd.Series([pd.Timestamp(born), pd.NaT])
    assert age(births, date(2019, 3, 1)).tolist() == [19, pd.NA]
    days = pd.Series(pd.to_datetime(["2019-02-28", "2019-03-01"]))
    assert age(born, days).tolist() == [18, 19]


def test_b015_two_days_across_the_change_to_summer_time_are_two_days(tmp_path: Path) -> None:
    columns = {"fom": ["2019-03-30T00:00:00"], "tom": ["2019-03-31T00:00:00"], "årsak": ["Arbeid"]}
    extract, _ = accepted(partial(read, write_csv(tmp_path, columns)))
    spells, _ = accepted(partial(Spells.from_extract, extract))
    assert (spells.frame["end"] - spells.frame["start"]).dt.days.tolist() == [2]


def test_b015_local_midnights_with_their_zone_are_the_same_two_days(tmp_path: Path) -> None:
    columns = {"fom": ["2019-03-30T00:00:00+01:00"], "tom": ["2019-04-01T00:00:00+02:00"], "årsak": ["Arbeid"]}
    extract, _ = accepted(partial(read, write_csv(tmp_path, columns)))
    assert column(extract, "start") + column(extract, "end") == ["2019-03-30", "2019-04-01"]


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        ([43466, 43500], ["2019-01-01", "2019-02-04"]),
        ([datetime(2019, 1, 1), datetime(2019, 2, 4)], ["2019-01-01", "2019-02-04"]),
        ([datetime(2019, 1, 1), "04.02.2019"], ["2019-01-01", "2019-02-04"]),
        ([20190101, "2019-02-04"], ["2019-01-01", "2019-02-04"]),
    ],
)
def test_dates_of_a_workbook_may_be_real_dates_text_or_whole_numbers(
    tmp_path: Path, cells: list[object], dates: list[str]
) -> None:
    result, _ = accepted(partial(read, _workbook(tmp_path, cells)))
    assert column(result, "start") == dates


def test_b019_a_decimal_number_in_a_date_column_of_a_workbook_is_refused(tmp_path: Path) -> None:
    problem = refused(partial(read, _workbook(tmp_path, [datetime(2019, 1, 1), 12.3])))
    assert problem.key == "dates_are_numbers"
    check_told(problem, ("«startdato»", "3"))


def test_open_ends_of_a_workbook_are_open(tmp_path: Path) -> None:
    result, _ = accepted(partial(read, _workbook(tmp_path, [datetime(9999, 12, 31), None], "sluttdato")))
    assert column(result, "end") == [None, None]


def test_a_codebook_sets_limits_to_a_column_of_dates(tmp_path: Path) -> None:
    book = Codebook((Column("start", "date", headers=("oppstart",), low="01.01.2019", high=date(2019, 12, 31)),))
    path = write_csv(tmp_path, {"oppstart": ["31.12.2018", "01.01.2019"]})
    problem = refused(partial(read, path, book))
    assert problem.key == "dates_outside_window"
    check_told(problem, ("«oppstart»", "01.01.2019", "31.12.2019", "2018-12"))


@pytest.mark.parametrize(
    "options",
    [
        {"date_format": "åååå"},
        {"date_format": "ddmmmm"},
        {"pivot_year": 30},
        {"extracted": "i går"},
        {"extracted": "30.02.2019"},
        {"window": ("1945", None)},
        {"missing_dates": ("1900",)},
        {"decimal": ";"},
        {"decimal": ",", "thousands": ","},
        {"blank_id": "guess"},
    ],
)
def test_an_option_that_makes_no_sense_is_refused_by_name(tmp_path: Path, options: dict[str, object]) -> None:
    problem = refused(partial(read, write_csv(tmp_path, {"startdato": ["01.01.2019"]}), **options))  # type: ignore[arg-type]
    assert problem.key == "option_not_understood"
    check_told(problem, (next(iter(options)) + "=",))


def _workbook(folder: Path, cells: list[object], header: str = "startdato") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Løpenummer", header, "Merknad"])
    for at, cell in enumerate(cells):
        sheet.append([f"P-{at}", cell, NAME])
    path = folder / "uttrekk.xlsx"
    book.save(path)
    return path
