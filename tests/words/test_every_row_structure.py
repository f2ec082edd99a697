"""Rows B097 to B111 of the bad inputs: how tables are laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_rows import BESIDE, Case, all_of, check_all, reading, reading_book, reading_bytes, write
from canaries import PLANTED

import navoutcomes as nav

FIRST = "01.02.2019"
DAYS = {"Løpenummer": ["P-1", "P-2"], "fom": [FIRST] * 2}


def book(*sheets: tuple[str, list[list[Any]]], merge: tuple[str, ...] = (), **options: Any) -> Any:
    """A workbook of these sheets, read; the canaries stand at the end of every row from the third cell on."""

    def run(folder: Path) -> Any:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets:
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append([PLANTED if cell == "¤" else cell for cell in row])
            for cells in merge:
                sheet.merge_cells(cells)
        made.save(folder / "uttrekk.xlsx")
        return nav.read(folder / "uttrekk.xlsx", **options)

    return run


def lines(*rows: str, **options: Any) -> Any:
    return reading_bytes("\n".join(row.replace("¤", PLANTED) for row in rows).encode() + b"\n", **options)


PEOPLE = [["Løpenummer", "fom", BESIDE], ["P-1", FIRST, "¤"], ["P-2", FIRST, "¤"]]
TITLED = [["Uttrekk fra Arena"], [], ["Tatt ut i januar"], *PEOPLE]
SUMMED = {"Løpenummer": ["P-1", "P-2", ""], "fom": [FIRST, FIRST, ""], "beløp": ["1", "2", "3"]}
NAMES = (
    "Fra dato",
    "FraDato",
    "fra_dato",
    "FOM",
    "Startdato",
    "start",
    "F.o.m.",
    "frå dato",
    "START-DATO",
    "Start date",
)
ODD = (
    "=SUM(A1)",
    'Q("x")',
    "a[0]",
    "smil 😀",
    "x" * 300,
    "class",
    "__import__('os')",
    "a|b",
    "{x}",
    "$y$",
    "`",
    "lambda",
)


def odd_names_in_a_regression(folder: Path) -> Any:
    """A number and a category under odd names, all the way to a hazard ratio."""
    at = range(80)
    columns = {
        "Løpenummer": [f"P-{one}" for one in at],
        "tid": [str(1 + one % 40) for one in at],
        "slutt på": ["job" if one % 3 else "annet" for one in at],
        'Q("x")': [str(one % 7) for one in at],
        "class": ["a" if one % 2 else "b" for one in at],
    }
    extract = nav.read(write(folder, columns))
    people = nav.Cohort.from_frame(
        extract.frame, "tid", "slutt på", outcome="job", endings={"job": "job", "annet": None}
    )
    fit = people.cox([nav.Number('Q("x")'), nav.Category("class", reference="a")])
    assert len(fit.table) == 2
    assert fit.table["estimate"].notna().all()
    return extract


ROWS: dict[str, tuple[Case, ...]] = {
    "B097": tuple(
        Case(reading({name: [FIRST]}), values={"start": ["2019-02-01"]},
             said={"columns_recognised": (f"«{name}»",)}) for name in NAMES
    ),
    "B099": (
        Case(reading({**DAYS, "dato": ["1", "2"], "Dato": ["3", "4"]}), "header_repeated", ("«dato»", "3, 4")),
        Case(lines(f"Person;dato;dato;{BESIDE}", "P-1;1;2;¤"), "header_repeated", ("«dato»", "2, 3")),
    ),
    "B100": (
        Case(book(("Ark1", TITLED)), values={"start": ["2019-02-01"] * 2},
             said={"!header_lower_down": ("«Ark1»", "4")}),
        Case(lines("Uttrekk fra Arena;;", "", "Tatt ut;i januar;", "", f"Løpenummer;fom;{BESIDE}", f"P-1;{FIRST};¤"),
             values={"person": ["P-1"]}, said={"!header_lower_down": ("uttrekk.csv", "5")}),
        Case(book(("Ark1", [*TITLED, ["Løpenummer", "tom", BESIDE], ["P-9", FIRST, "¤"]])), "header_unclear",
             ("«Ark1»", "4, 7", "header_row=")),
        Case(book(("Ark1", [["Uttrekk"], ["noe", "annet"], ["P-1", "¤"]])), "header_not_found",
             ("«Ark1»", "1", "header_row=")),
        Case(book(("Ark1", [["Uttrekk"], ["noe", "annet"], ["P-1", "¤"]]), header_row=2),
             values={"noe": ["P-1"]}),
    ),
    "B101": (
        Case(book(("Ark1", [["Person", "Periode", "", ""], ["Løpenummer", "fom", "tom", BESIDE],
                            ["P-1", FIRST, FIRST, "¤"]]), merge=("B1:C1",)), "header_in_two_rows",
             ("«Ark1»", "1, 2", "B1:C1", "header_row=2")),
        Case(book(("Ark1", [["Løpenummer", "fom", BESIDE], ["", "", ""], ["P-1", FIRST, "¤"]]), merge=("A1:A2",)),
             "header_in_two_rows", ("A1:A2",)),
        Case(lines(f"Person;Periode;;{BESIDE}", "Løpenummer;fom;tom;", f"P-1;{FIRST};{FIRST};¤"), "header_in_two_rows",
             ("1, 2", "header_row=2")),
        Case(book(("Ark1", [["Person", "Periode", "", ""], ["Løpenummer", "fom", "tom", BESIDE],
                            ["P-1", FIRST, FIRST, "¤"]]), merge=("B1:C1",), header_row=2), values={"person": ["P-1"]}),
    ),
    "B102": (
        *(Case(reading({**SUMMED, "merket": ["", "", word]}), values={"person": ["P-1", "P-2"]}, said={
             "!total_rows_dropped": ("uttrekk.csv", "4", f"«{word.casefold().rstrip(':')}»")})
        for word in ("Sum", "Totalt", "I alt", "Totalt:", "til saman")),
        Case(reading({**SUMMED, "Løpenummer": ["P-1", "P-2", "Sum"]}), values={"person": ["P-1", "P-2"]},
             said={"!total_rows_dropped": ("«sum»", "4")}),
        Case(reading({**DAYS, "sted": ["Sum", "Eide"]}), values={"person": ["P-1", "P-2"]}),
    ),
    "B105": (
        Case(book(("Januar", PEOPLE), ("Februar", PEOPLE)), "sheet_needed",
             ("uttrekk.xlsx", "«Januar»", "«Februar»", "sheet=")),
        Case(book(("Om", [["Laget av", "¤"], ["dato", FIRST]]), ("Data", PEOPLE)), values={"person": ["P-1", "P-2"]},
             said={"sheet_read": ("«Data»",)}),
        Case(book(("Januar", PEOPLE), ("Februar", PEOPLE), sheet="Januar"), values={"person": ["P-1", "P-2"]}),
    ),
    "B106": (
        Case(reading({**DAYS, "utfall_2015": ["Arbeid", "Helse"], "utfall_2016": ["Helse", "Annet"]}),
             "columns_in_years", ("«utfall_2015»", "«utfall_2016»", 'melt="utfall"')),
        Case(reading({"Løpenummer": ["P-1", "P-2"], "utfall_2015": ["Arbeid", ""], "utfall_2016": ["Helse", "Annet"]},
                     melt="utfall"), said={"columns_made_rows": ("utfall", "2")},
             values={"person": ["P-1", "P-1", "P-2"], "exit_class": ["Arbeid", "Helse", "Annet"],
                     "year": [2015, 2016, 2016]}),
        Case(reading({**DAYS, "inntekt 2015": ["1", "2"], "inntekt 2016": ["3", "4"]}),
             values={"inntekt 2015": [1, 2]}, said={"!columns_in_years_kept": ("«inntekt 2015»", "melt=")}),
    ),
    "B107": (
        Case(reading_book({"Løpenummer": [12, "tolv", 12.5], "fom": [FIRST] * 3}), "ids_of_several_types",
             ("«Løpenummer»", "1", "4")),
        Case(reading({"Løpenummer": ["12", "tolv", "12.0"], "fom": [FIRST] * 3}), "ids_of_several_types",
             ("«Løpenummer»", "1", "4")),
        Case(reading({"Løpenummer": ["P-1", "P-2"], "fom": [FIRST, "tolv"]}), "dates_unreadable",
             ("«fom»", "1", "2", "«aaaa»")),
        Case(reading({"alder": ["40", "førti"]}), "numbers_unreadable", ("«alder»", "1", "2", "3")),
    ),
    "B108": (
        Case(book(("Ark1", [["Løpenummer", "fom", BESIDE], ["P-1", "=TODAY()", "¤"], ["P-2", "=B2+1", "¤"]])),
             "formulas_without_values", ("«Ark1»", "2", "B2, B3")),
    ),
    "B109": (
        Case(reading({**DAYS, "sted": ["", ""]}), values={"sted": [None, None]},
             said={"!columns_without_cells": ("«sted»",)}),
        Case(reading({"Løpenummer": ["P-1", "P-2"], "fom": ["", ""]}), "column_without_cells", ("«fom»", "2", "start")),
        Case(reading({**DAYS, "tom": ["01.03.2019", ""], "årsak": ["", ""]}), "column_without_cells",
             ("«årsak»", "2", "reason")),
        Case(reading({**DAYS, "tom": ["", ""], "årsak": ["", ""]}), values={"end": [None, None]},
             said={"!columns_without_cells": ("«tom»", "«årsak»")}),
    ),
    "B111": (
        Case(reading({name: ["1", "2"] for name in ODD}), values={name: [1, 2] for name in ODD}),
        Case(reading_book({name: [1, 2] for name in ODD[1:]}), values={name: [1, 2] for name in ODD[1:]}),
        Case(odd_names_in_a_regression),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_table_is_read_as_it_is_laid_out_or_refused_by_name(row: str, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


def test_every_row_of_structure_has_its_test() -> None:
    all_of("structure", tuple(ROWS))
