"""What is written down and read back is the same, whatever the form, the order of rows or the nonsense in the cells."""

from __future__ import annotations

import csv
import io
import warnings
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from navoutcomes.errors import DataProblem, DataWarning
from navoutcomes.records.columns.codebook import KINDS, Codebook, Column
from navoutcomes.records.columns.dates import age
from navoutcomes.records.extract import Extract, read

OSLO = ZoneInfo("Europe/Oslo")
MONTHS = ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november")
MONTHS += ("desember",)
FORMS = {
    "dd.mm.yyyy": lambda day: f"{day:%d.%m.%Y}",
    "d.m.yyyy": lambda day: f"{day.day}.{day.month}.{day.year}",
    "yyyy-mm-dd": lambda day: day.isoformat(),
    "a timestamp": lambda day: f"{day.isoformat()}T00:00:00.000",
    "yyyymmdd": lambda day: f"{day:%Y%m%d}",
    "ddmmyyyy": lambda day: f"{day:%d%m%Y}",
    "in words": lambda day: f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
    "in capitals": lambda day: f"{day.day} {MONTHS[day.month - 1][:3].upper()} {day.year}",
}
recent = st.dates(date(1970, 1, 3), date(2099, 12, 29))
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
days = st.dates(date(1945, 1, 1), date(2099, 12, 31))
# At most ten digits: eleven may be an identity number, and are refused.
numbers = st.decimals(-(10**8) + 1, 10**8 - 1, places=2, allow_nan=False)


def _read(folder: Path, columns: dict[str, list[str]], codebook: Codebook | None = None, **options: object) -> Extract:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    path = folder / "x.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return read(path, codebook, **options)  # type: ignore[arg-type]


@few
@given(written=st.lists(st.tuples(days, st.sampled_from(sorted(FORMS))), min_size=1, max_size=30))
def test_any_date_in_any_accepted_form_is_read_back(tmp_path: Path, written: list[tuple[date, str]]) -> None:
    extract = _read(tmp_path, {"fom": [FORMS[form](day) for day, form in written]})
    assert [stamp.date() for stamp in extract.frame["start"]] == [day for day, _ in written]


@few
@given(written=st.lists(days, min_size=1, max_size=30), order=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"]))
def test_a_date_in_a_form_the_caller_names_is_read_back(tmp_path: Path, written: list[date], order: str) -> None:
    extract = _read(tmp_path, {"fom": [day.strftime(order) for day in written]}, date_format=order)
    assert [stamp.date() for stamp in extract.frame["start"]] == written


@few
@given(
    written=st.lists(
        st.tuples(recent, st.times(), st.integers(-11, 12).map(lambda hours: timezone(timedelta(hours=hours)))),
        min_size=1,
        max_size=20,
    )
)
def test_a_moment_is_the_date_it_was_in_norway(tmp_path: Path, written: list[tuple[date, time, timezone]]) -> None:
    moments = [datetime.combine(day, clock.replace(microsecond=0), zone) for day, clock, zone in written]
    extract = _read(tmp_path, {"fom": [moment.isoformat() for moment in moments]}, window=(None, None))
    assert [stamp.date() for stamp in extract.frame["start"]] == [one.astimezone(OSLO).date() for one in moments]


@few
@given(born=st.dates(date(1900, 1, 1), date(2010, 1, 1)), lived=st.integers(0, 40_000))
def test_age_counts_the_birthdays_that_have_been(born: date, lived: int) -> None:
    on = born + timedelta(days=lived)
    birthdays = [_birthday(born, year) for year in range(born.year + 1, on.year + 1)]
    assert age(born, on) == sum(birthday <= on for birthday in birthdays)


def _birthday(born: date, year: int) -> date:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and not leap else born.replace(year=year)


@few
@given(written=st.lists(numbers, min_size=1, max_size=30), space=st.sampled_from(["", " ", "\u00a0", "\u202f"]))
def test_norwegian_numbers_are_read_back(tmp_path: Path, written: list[object], space: str) -> None:
    cells = [f"{number:,.2f}".replace(",", space).replace(".", ",") for number in written]
    extract = _read(tmp_path, {"beløp": cells})
    assert extract.frame["beløp"].tolist() == [float(str(number)) for number in written]


@few
@given(written=st.lists(numbers, min_size=1, max_size=30))
def test_american_numbers_are_read_back_when_the_signs_are_named(tmp_path: Path, written: list[object]) -> None:
    cells = [f"{number:,.2f}" for number in written]
    extract = _read(tmp_path, {"beløp": cells}, decimal=".", thousands=",")
    assert extract.frame["beløp"].tolist() == [float(str(number)) for number in written]


@few
@given(st.data())
def test_the_order_of_rows_changes_nothing_but_the_order(tmp_path: Path, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(days, st.sampled_from(sorted(FORMS)), numbers), min_size=2, max_size=12))
    order = data.draw(st.permutations(range(len(rows))))
    columns = {
        "fom": [FORMS[form](day) for day, form, _ in rows],
        "beløp": [str(number).replace(".", ",") for *_, number in rows],
    }
    one = _read(tmp_path, columns).frame.iloc[list(order)].reset_index(drop=True)
    other = _read(tmp_path, {name: [cells[at] for at in order] for name, cells in columns.items()}).frame
    assert one.equals(other)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from((*KINDS, "undeclared")),
    cells=st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
        | st.text("0123456789.,-/ :TZ+%()krE\u00a0", max_size=14),
        min_size=1,
        max_size=6,
    ),
)
def test_nonsense_is_read_or_refused_and_nothing_else_happens(tmp_path: Path, kind: str, cells: list[str]) -> None:
    book = None if kind == "undeclared" else Codebook((Column("x", kind),))
    try:
        extract = _read(tmp_path, {"x": cells, "y": ["1"] * len(cells)}, book)
    except DataProblem as problem:
        assert problem.text("nn")
        return
    assert 1 <= len(extract.frame) <= len(cells)
    assert extract.log.text("en")


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_day_of_a_leap_year_is_read(tmp_path: Path, form: str) -> None:
    year = [date(2020, 1, 1) + timedelta(days=at) for at in range(366)]
    extract = _read(tmp_path, {"fom": [FORMS[form](day) for day in year]})
    assert [stamp.date() for stamp in extract.frame["start"]] == year
