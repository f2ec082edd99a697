"""Rows B001 to B022 of the bad inputs: dates."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bad_rows import Case, all_of, check_all, reading, reading_book, spells

from navoutcomes.records.columns.dates import age

FIRST = ["01.01.2019"]


def _ages(_: Path) -> Any:
    born = date(2000, 2, 29)
    return pd.Series([age(born, on) for on in (date(2019, 2, 28), date(2019, 3, 1), date(2019, 3, 2))])


def _leap(ages: Any) -> None:
    assert ages.tolist() == [18, 19, 19]


def _two_days(made: Any) -> None:
    assert ((made.frame["end"] - made.frame["start"]).dt.total_seconds() == 2 * 86400).all()


ROWS: dict[str, tuple[Case, ...]] = {
    "B001": (
        Case(reading({"startdato": ["03.04.2019", "05.06.2019"]}), values={"start": ["2019-04-03", "2019-06-05"]},
             said={"dates_read_as": ("«startdato»", "dd.mm.")}),
    ),
    "B002": (
        Case(reading({"startdato": ["03.04.2019", "2019-04-13"]}), values={"start": ["2019-04-03", "2019-04-13"]},
             said={"!dates_mixed_forms": ("«startdato»", "dd.mm.yyyy: 1 [2]", "yyyy-mm-dd: 1 [3]")}),
    ),
    "B003": (
        Case(reading({"startdato": ["13/04/2019", "04/13/2019"]}), "dates_order_undecidable",
             ("«startdato»", "2", "3", "date_format=")),
        Case(reading({"startdato": ["13-04-2019", "04-13-2019"]}), "dates_order_undecidable", ("date_format=",)),
        Case(reading({"startdato": ["13/04/2019", "03/04/2019"]}, date_format="dd/mm/yyyy"),
             values={"start": ["2019-04-13", "2019-04-03"]}),
    ),
    "B004": (
        Case(reading({"startdato": ["04/05/2019", "13/04/2019"]}), "dates_order_ambiguous",
             ("«startdato»", "1", "2", "date_format=")),
        Case(reading({"startdato": ["04/05/2019"]}, date_format="mm/dd/yyyy"), values={"start": ["2019-04-05"]}),
    ),
    "B005": (
        Case(reading({"startdato": ["43466", "43500"]}), "dates_serial_numbers",
             ("«startdato»", "43400", "43500", "2019-01", "2019-02", "excel_serial=")),
        Case(reading({"startdato": ["43466", "43500"]}, excel_serial=True),
             values={"start": ["2019-01-01", "2019-02-04"]}, said={"!dates_from_serials": ("«startdato»", "2019-01")}),
        Case(reading_book({"startdato": [43466, 43500]}), values={"start": ["2019-01-01", "2019-02-04"]},
             said={"!dates_from_serials": ("«startdato»",)}),
        Case(reading({"startdato": ["43466", "61000"]}, excel_serial=True), "dates_are_numbers", ("«startdato»",)),
    ),
    "B007": (
        Case(reading({"fom": FIRST * 2, "sluttdato": ["31.12.9999", "01.02.2019"]}, extracted="31.12.2019"),
             values={"end": [None, "2019-02-01"]}, said={"open_ends": ("«sluttdato»", "1", "31.12.2019")}),
        Case(reading({"fom": FIRST, "sluttdato": ["9999-12-31T00:00:00"]}), values={"end": [None]}),
    ),
    "B008": (
        Case(reading({"fom": FIRST * 3, "sluttdato": ["01.01.1900", "01.01.0001", "01.02.2019"]}),
             values={"end": [None, None, "2019-02-01"]},
             said={"!dates_placeholder": ("«sluttdato»", "01.01.1900", "01.01.0001", "2")}),
        Case(reading({"startdato": ["01.01.1900", "01.02.2019"]}), "start_placeholder",
             ("«startdato»", "01.01.1900", "1", "2")),
    ),
    "B010": (Case(_ages, then=_leap),),
    "B011": (
        Case(reading({"startdato": ["01.01.19", "01.01.2019"]}), "dates_two_digit_year",
             ("«startdato»", "1", "2", "pivot_year=")),
        Case(reading({"fødselsdato": ["01.01.68"], "fom": FIRST}, pivot_year=2030), "dates_two_digit_year",
             ("«fødselsdato»", "pivot_year=")),
        Case(reading({"fødselsdato": ["01.01.68"], "startdato": ["01.01.19"]},
                     pivot_year={"birth_date": 2010, "start": 2030}),
             values={"birth_date": ["1968-01-01"], "start": ["2019-01-01"]}),
    ),
    "B013": (
        Case(reading({"startdato": ["15. mai 2019", "15 mai 2019", "15-Mai-19", "15. MAI 2019", "15.mai.2019"]}),
             values={"start": ["2019-05-15"] * 5}, said={"!dates_month_names": ("«startdato»", "5")}),
    ),
    "B014": (
        Case(reading({"startdato": ["2019-03-31T23:30:00Z", "2019-04-01T01:30:00+02:00"]}),
             values={"start": ["2019-04-01"] * 2},
             said={"dates_to_norwegian_time": ("«startdato»", "converted to Europe/Oslo")}),
    ),
    "B015": (
        Case(spells({"fom": ["2019-03-30T00:00:00+01:00"], "tom": ["2019-03-31T00:00:00+01:00"], "årsak": ["Arbeid"]}),
             then=_two_days),
        Case(spells({"fom": ["30.03.2019"], "tom": ["31.03.2019"], "årsak": ["Arbeid"]}), then=_two_days),
    ),
    "B016": (
        Case(reading({"startdato": ["12.05.2035", "01.01.2019"]}, extracted="2019-12-31"), "dates_after_extraction",
             ("«startdato»", "1", "2035-05", "31.12.2019")),
    ),
    "B018": (
        Case(reading({"startdato": ["31.12.1944", "01.01.1945"]}), "dates_outside_window",
             ("«startdato»", "1", "1944-12", "01.01.1945", "31.12.2100")),
    ),
    "B019": (
        Case(reading_book({"startdato": [datetime(2019, 1, 1), 12.3]}), "dates_are_numbers", ("«startdato»", "1", "3")),
        Case(reading({"startdato": ["01.01.2019", "12,3"]}), "dates_are_numbers", ("«startdato»", "3")),
    ),
    "B021": (
        Case(reading({"fom": FIRST * 4, "sluttdato": ["ukjent", "-", "n/a", "00.00.0000"]},
                     missing=("ukjent", "-", "n/a", "00.00.0000")), values={"end": [None] * 4},
             said={"!words_missing": ("«sluttdato»", "«ukjent»", "«-»", "«n/a»", "«00.00.0000»", "4")}),
        Case(reading({"fom": FIRST * 2, "sluttdato": ["01.02.2019", "Kari Canary"]}), "dates_unreadable",
             ("«sluttdato»", "«Aaaa Aaaaaa»", "1", "3")),
    ),
    "B022": (
        Case(reading({"fom": ["01.01.1950"], "hendelsesdato": ["31.12.1969"]}),
             values={"outcome_date": ["1969-12-31"]}),
        Case(reading({"fom": FIRST, "sluttdato": ["01.01.2263"]}), "dates_outside_window",
             ("«sluttdato»", "1", "01.01.1945", "31.12.2100")),
        Case(reading({"fom": FIRST, "hendelsesdato": ["01.01.1600"]}), "dates_outside_window", ("«hendelsesdato»",)),
        Case(reading({"fom": ["01.01.1650"], "tom": ["01.02.1650"]}, window=("1600-01-01", None)),
             values={"start": ["1650-01-01"]}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_date_is_read_as_it_is_meant_or_refused_by_name(row: str, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


def test_every_row_of_dates_has_its_test() -> None:
    all_of("dates", tuple(ROWS))
