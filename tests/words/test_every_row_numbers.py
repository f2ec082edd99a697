"""Rows B058 to B070 of the bad inputs: numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from bad_rows import Case, all_of, check_all, reading, reading_book, write

import navoutcomes as nav
from navoutcomes.records.columns.codebook import Codebook, Column

BOOK = Codebook((Column("amount", "number", headers=("beløp",)), Column("person", "id", headers=("løpenummer",))))


def amounts(*cells: str, **options: Any) -> Any:
    return reading({"beløp": cells}, BOOK, **options)


def undeclared(*cells: str, **options: Any) -> Any:
    return reading({"sum": cells}, **options)


def two_files(folder: Path, first: Sequence[str], second: Sequence[str]) -> Any:
    places = [folder / name for name in ("a.csv", "b.csv")]
    extracts = [
        nav.read(write(folder, {"stillingsprosent": cells, "fom": ["01.01.2019"] * len(cells)}, place.name))
        for cells, place in zip((first, second), places, strict=True)
    ]
    nav.check_together(*extracts)
    return extracts[0]


ROWS: dict[str, tuple[Case, ...]] = {
    "B058": (
        Case(amounts("1234,50", "0,5"), values={"amount": [1234.5, 0.5]},
             said={"numbers_decimal_comma": ("«beløp»", ",")}),
        Case(undeclared("1234,50", "0,5"), values={"sum": [1234.5, 0.5]}, said={"numbers_decimal_comma": ("«sum»",)}),
    ),
    "B059": (
        Case(amounts("1 234,50", "1\u00a0234,50", "1\u202f234,50", "1\u2009234,50"), values={"amount": [1234.5] * 4},
             said={"numbers_grouped": ("«beløp»", "4")}),
    ),
    "B061": (
        Case(amounts("1.234", "17"), "numbers_ambiguous", ("«beløp»", "1", "2", "decimal=", "thousands=")),
        Case(undeclared("1.234"), "numbers_ambiguous", ("«sum»", "decimal=", "thousands=")),
        Case(amounts("1.234", decimal="."), values={"amount": [1.234]}),
        Case(amounts("1.234", thousands="."), values={"amount": [1234.0]}),
    ),
    "B062": (
        Case(amounts("kr 1 234,-", "1234 kr", "kr. 1234,50"), values={"amount": [1234.0, 1234.0, 1234.5]},
             said={"!numbers_currency_removed": ("«beløp»", "3")}),
        Case(amounts("1,2 mill", "4"), "numbers_in_millions", ("«beløp»", "1", "2")),
        Case(undeclared("1,2 mill.", "4"), "numbers_in_millions", ("«sum»",)),
    ),
    "B064": (
        Case(amounts("\u22124500", "(4500)"), values={"amount": [-4500.0] * 2},
             said={"!numbers_minus_repaired": ("«beløp»", "2")}),
    ),
    "B065": (
        Case(amounts("12,5 %", "0,125", "12.5"), "numbers_percent_mixed", ("«beløp»", "1")),
        Case(undeclared("12,5 %", "0,125"), "numbers_percent_mixed", ("«sum»",)),
    ),
    "B066": (
        Case(amounts("#DIV/0!", "#N/A", "3"), "error_codes_in_key", ("«beløp»", "#DIV/0!", "#N/A", "2")),
        Case(reading({"startdato": ["#REF!"]}), "error_codes_in_key", ("«startdato»", "#REF!", "1")),
        Case(undeclared("#REF!", "3"), values={"sum": [None, 3]},
             said={"!error_codes_missing": ("«sum»", "#REF!", "1")}),
    ),
    "B068": (
        Case(reading({"alder": ["-1", "0", "130", "40"]}), "numbers_outside_limits", ("«alder»", "3", "15", "100")),
    ),
    "B069": (
        Case(amounts("'123", "'4"), values={"amount": [123.0, 4.0]}, said={"apostrophes_removed": ("«beløp»", "2")}),
        Case(reading_book({"sum": ["'123", 4]}), values={"sum": [123, 4]},
             said={"apostrophes_removed": ("«sum»", "1")}),
    ),
    "B070": (
        Case(lambda folder: two_files(folder, ["0,5", "1"], ["50", "100"]), "scales_differ",
             ("«stillingsprosent»", "a.csv", "b.csv", "0–1", "0–100")),
        Case(lambda folder: two_files(folder, ["50", "100"], ["60", "80"])),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_number_is_read_as_it_is_meant_or_refused_by_name(row: str, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


def test_every_row_of_numbers_has_its_test() -> None:
    all_of("numbers", tuple(ROWS))
