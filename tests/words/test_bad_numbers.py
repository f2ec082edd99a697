"""Every bad number is read right or refused with a message that names the column, the rows and the way out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import openpyxl
import pytest
from bad_input import NAME, Case, accepted, check_logged, check_told, column, name_of, refused, write_csv

from navoutcomes.records.columns.codebook import Codebook, Column
from navoutcomes.records.columns.scales import same_scale
from navoutcomes.records.extract import read

AMOUNTS = Codebook((Column("amount", "number", headers=("beløp",)), Column("person", "id", headers=("løpenummer",))))

READ = [
    Case("B058", {"beløp": ["1234,50", "0,5", "17"]}, values={"amount": [1234.5, 0.5, 17.0]},
         logged={"numbers_decimal_comma": ("«beløp»", "“,”", "«,»")[:1]}),
    Case("B059", {"beløp": ["1 234,50", "1\u00a0234,50", "12\u202f345\u202f678", "1\u2009234"]},
         values={"amount": [1234.5, 1234.5, 12345678.0, 1234.0]}, logged={"numbers_grouped": ("«beløp»", "4")}),
    Case("B061 decimals said", {"beløp": ["1.234"]}, {"decimal": "."}, values={"amount": [1.234]},
         logged={"numbers_decimal_dot": ("«beløp»",)}),
    Case("B061 thousands said", {"beløp": ["1.234", "12,5"]}, {"thousands": "."}, values={"amount": [1234.0, 12.5]},
         logged={"!numbers_dots_grouped": ("«beløp»", "1")}),
    Case("B061 the decimal comma said", {"beløp": ["1.234"]}, {"decimal": {"beløp": ","}}, values={"amount": [1234.0]}),
    Case("thousands are spaces, so a dot is decimal", {"beløp": ["1.234", "1 234"]}, {"thousands": " "},
         values={"amount": [1.234, 1234.0]}),
    Case("American numbers said", {"beløp": ["1,234.50", "1,234", "0.5", "1,234,567"]},
         {"decimal": ".", "thousands": ","}, values={"amount": [1234.5, 1234.0, 0.5, 1234567.0]}),
    Case("dots that prove themselves", {"beløp": ["1.234.567", "1.234", "1.234,50"]},
         values={"amount": [1234567.0, 1234.0, 1234.5]}, logged={"!numbers_dots_grouped": ("«beløp»", "3")}),
    Case("decimal points that prove themselves", {"beløp": ["12.5", "0.125", "1.234"]},
         values={"amount": [12.5, 0.125, 1.234]}, logged={"numbers_decimal_dot": ("«beløp»", "3")}),
    Case("B062", {"beløp": ["kr 1 234,-", "1234 kr", "KR. 5", "NOK 7,50", "12,–"]},
         values={"amount": [1234.0, 1234.0, 5.0, 7.5, 12.0]}, logged={"!numbers_currency_removed": ("«beløp»", "5")}),
    Case("B064", {"beløp": ["\u22124500", "(4500)", "–1 000,5", "4500-", "-3", "+3", "- 4"]},
         values={"amount": [-4500.0, -4500.0, -1000.5, -4500.0, -3.0, 3.0, -4.0]},
         logged={"!numbers_minus_repaired": ("«beløp»", "4")}),
    Case("all per cent", {"beløp": ["12,5 %", "7%", "3 prosent"]}, values={"amount": [12.5, 7.0, 3.0]},
         logged={"!numbers_percent_removed": ("«beløp»", "3")}),
    Case("both decimal signs", {"beløp": ["12,5", "12.5", "0.25"]}, values={"amount": [12.5, 12.5, 0.25]},
         logged={"!numbers_mixed_signs": ("«beløp»", "1", "2")}),
    Case("B069", {"beløp": ["'123", "’4 500,50", "7"]}, values={"amount": [123.0, 4500.5, 7.0]},
         logged={"apostrophes_removed": ("«beløp»", "2")}),
    Case("declared missing words", {"beløp": ["-", "Ukjent", "3"]}, {"missing": ("-", "ukjent")},
         values={"amount": [None, None, 3.0]}, logged={"!words_missing": ("«beløp»", "«-»", "«ukjent»", "2")}),
    Case("powers of ten", {"beløp": ["1,5E+03", "2e2"]}, values={"amount": [1500.0, 200.0]},
         logged={"!numbers_with_power": ("«beløp»", "2")}),
    Case("blanks", {"beløp": ["", "   ", "\u00a0", "0"]}, values={"amount": [None, None, None, 0.0]}),
]  # fmt: skip

REFUSED = [
    Case("B061", {"beløp": ["1.234", "17"]}, key="numbers_ambiguous",
         told=("«beløp»", "1", "2", "decimal=", "thousands=")),
    Case("B061 beside decimal commas", {"beløp": ["1.234", "17,5"]}, key="numbers_ambiguous", told=("«beløp»",)),
    Case("B062 in millions", {"beløp": ["1,2 mill", "3 mill.", "4"]}, key="numbers_in_millions",
         told=("«beløp»", "2", "2, 3")),
    Case("thousands in words", {"beløp": ["12 tusen", "4 mrd kr"]}, key="numbers_in_millions", told=("«beløp»", "2")),
    Case("B065", {"beløp": ["12,5 %", "0,125", "12.5"]}, key="numbers_percent_mixed", told=("«beløp»", "1", "3, 4")),
    Case("a word", {"beløp": ["12", NAME]}, key="numbers_unreadable", told=("«beløp»", "«Aaaa Aaaaaa»", "3",
    "missing=")),
    Case("a wrong group", {"beløp": ["12 34", "1 2345"]}, key="numbers_unreadable", told=("«beløp»", "2, 3")),
    Case("American numbers", {"beløp": ["1,234.50"]}, key="numbers_signs_conflict",
         told=("«beløp»", "decimal=", "thousands=")),
    Case("dots of two meanings", {"beløp": ["1.234.567", "1.5"]}, key="numbers_signs_conflict", told=("«beløp»", "3")),
    Case("against what was said", {"beløp": ["1,5", "2.5"]}, {"decimal": ","}, key="numbers_signs_conflict",
         told=("«beløp»", "3")),
    Case("a decimal comma where it groups", {"beløp": ["1,5"]}, {"decimal": "."}, key="numbers_signs_conflict",
         told=("«beløp»",)),
    Case("too large to be a number", {"beløp": ["1E400"]}, key="numbers_unreadable", told=("«beløp»",)),
    Case("not a number", {"beløp": ["nan", "inf"]}, key="numbers_unreadable", told=("«beløp»", "2, 3")),
    Case("B066 in a required column", {"beløp": ["#DIV/0!", "#I/T", "3"]}, key="error_codes_in_key",
         told=("«beløp»", "#DIV/0!", "#I/T", "2")),
    Case("B066 in a role", {"startdato": ["#N/A"], "beløp": ["3"]}, key="error_codes_in_key",
         told=("«startdato»", "#N/A")),
]  # fmt: skip

UNDECLARED = [
    Case("B061", {"sum": ["1.234", "17"]}, key="numbers_ambiguous", told=("«sum»", "decimal=")),
    Case("B062", {"sum": ["1,2 mill", "3"]}, key="numbers_in_millions", told=("«sum»", "1")),
    Case("B065", {"sum": ["12,5 %", "0,125"]}, key="numbers_percent_mixed", told=("«sum»",)),
    Case("B068", {"alder": ["-1", "0", "130", "30"]}, key="numbers_outside_limits", told=("«alder»", "3", "15", "100")),
    Case("a year of birth of four figures too many", {"fødselsår": ["19680"]}, key="numbers_outside_limits",
         told=("«fødselsår»", "1900", "2100")),
    Case("half a year of birth", {"fødselsår": ["1968,5"]}, key="numbers_not_whole", told=("«fødselsår»", "1")),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=name_of)
def test_numbers_are_read_as_they_are_meant_and_the_log_says_how(case: Case, tmp_path: Path) -> None:
    result, said = accepted(partial(read, write_csv(tmp_path, case.columns), AMOUNTS, **case.options))
    for name, values in case.values.items():
        assert column(result, name) == list(values)
    check_logged(result, said, case.logged)


@pytest.mark.parametrize("case", REFUSED, ids=name_of)
def test_numbers_that_could_mean_two_things_or_nothing_are_refused(case: Case, tmp_path: Path) -> None:
    starts = Column("start", "date", headers=("startdato",), required=False)
    book = Codebook((*AMOUNTS.columns, starts))
    problem = refused(partial(read, write_csv(tmp_path, case.columns), book, **case.options))
    assert problem.key == case.key
    check_told(problem, case.told)


@pytest.mark.parametrize("case", UNDECLARED, ids=name_of)
def test_numbers_without_a_codebook_are_refused_in_the_same_way(case: Case, tmp_path: Path) -> None:
    problem = refused(partial(read, write_csv(tmp_path, case.columns), **case.options))
    assert problem.key == case.key
    check_told(problem, case.told)


def test_b066_error_codes_elsewhere_are_missing_with_a_warning(tmp_path: Path) -> None:
    path = write_csv(tmp_path, {"sum": ["#DIV/0!", "3", "#VERDI!"], "sted": ["#N/A", "Eide", "NA"]})
    result, said = accepted(partial(read, path))
    assert column(result, "sum") == [None, 3, None]
    assert column(result, "sted") == [None, "Eide", "NA"]
    coded = [note for note in result.log if note.key == "error_codes_missing"]
    assert [note.text() in said for note in coded] == [True, True]
    (own,) = [note for note in coded if "“sum”" in note.text("en")]
    assert "#DIV/0!, #VERDI!" in own.text("nn") and "2" in own.text()


def test_b068_limits_are_those_of_the_codebook(tmp_path: Path) -> None:
    book = Codebook((Column("age", "integer", headers=("alder",), low=18, high=55),))
    path = write_csv(tmp_path, {"alder": ["18", "55", "56"]})
    problem = refused(partial(read, path, book))
    assert problem.key == "numbers_outside_limits"
    check_told(problem, ("«alder»", "1", "18", "55", "4"))
    result, _ = accepted(partial(read, write_csv(tmp_path, {"alder": ["18", "55,0", ""]}), book))
    assert column(result, "age") == [18, 55, None]
    assert str(result.frame["age"].dtype) == "Int64"


def test_b070_a_share_of_one_and_a_share_of_a_hundred_are_told_apart(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder in folders:
        folder.mkdir()
    first, second, third = (
        accepted(partial(read, write_csv(folder, {"stillingsprosent": cells})))[0]
        for folder, cells in zip(folders, (["0,5", "1"], ["50", "100"], ["0,2", ""]), strict=True)
    )
    problem = refused(partial(same_scale, first, second, "position_percent"))
    assert problem.key == "scales_differ"
    check_told(problem, ("«stillingsprosent»", "uttrekk.csv", "0–1", "0–100"))
    same_scale(first, third, "position_percent")
    assert refused(partial(same_scale, first, second, "wage")).key == "column_not_numbers"


@pytest.mark.parametrize(
    ("header", "cells", "values"),
    [
        ("kommunenr", ["0301", "1579"], ["0301", "1579"]),
        ("kode", ["0301", "1579"], ["0301", "1579"]),
        ("antall", ["3", "4"], [3, 4]),
        ("blandet", ["12", "tolv", "12,0"], ["12", "tolv", "12,0"]),
        ("land", ["NA", "None"], ["NA", "None"]),
        ("tom", ["", ""], [None, None]),
    ],
)
def test_a_column_nobody_declared_is_a_number_only_when_every_cell_is(
    tmp_path: Path, header: str, cells: list[str], values: list[object]
) -> None:
    result, _ = accepted(partial(read, write_csv(tmp_path, {header: cells})))
    name = {"kommunenr": "municipality_no", "tom": "end"}.get(header, header)
    assert column(result, name) == values


def test_numbers_of_a_workbook_have_no_signs_to_misread(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [("beløp", "antall", "ja"), (1.234, 3, True), (12345.5, None, False), ("12,5", 5, None)]:
        book.active.append(row)
    book.save(tmp_path / "tall.xlsx")
    result, _ = accepted(partial(read, tmp_path / "tall.xlsx"))
    assert column(result, "beløp") == [1.234, 12345.5, 12.5]
    assert column(result, "antall") == [3, None, 5]
    assert column(result, "ja") == [True, False, None]
