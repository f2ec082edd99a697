"""National identity numbers never get in, in any dress, and pseudonyms always do."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bad_input import accepted, check_told, column, identity_number, refused, write_csv

from navoutcomes.records.extract import read
from navoutcomes.records.identity.identifiers import refuse_identity_numbers

KINDS = {
    "synthetic, month + 80": identity_number(9, 11, 55),
    "synthetic, month + 65": identity_number(9, 11, 55, mark=65),
    "H-number, month + 40": identity_number(9, 11, 55, mark=40),
    "D-number, day + 40": identity_number(49, 11, 55),
    "allowed from 2032, second value": identity_number(9, 11, 55, start=12),
    "allowed from 2032, third value": identity_number(9, 11, 55, start=13),
    "allowed from 2032, fourth value": identity_number(9, 11, 55, start=14),
}
DRESSES = {
    "plain": lambda number: number,
    "in two groups": lambda number: f"{number[:6]} {number[6:]}",
    "in five groups": lambda number: " ".join((number[:2], number[2:4], number[4:6], number[6:9], number[9:])),
    "with a hard space": lambda number: f"{number[:6]}\u00a0{number[6:]}",
    "with a dash": lambda number: f"{number[:6]}-{number[6:]}",
    "with a letter before": lambda number: f"F{number}",
    "with an apostrophe": lambda number: f"'{number}",
    "as a decimal number": lambda number: f"{number}.0",
    "as a Norwegian decimal number": lambda number: f"{number},00",
    "without its leading zero": lambda number: number.lstrip("0"),
    "as a power of ten": lambda number: f"{number[0]},{number[1:]}E+10",
    "as a power of ten without its leading zero": lambda number: f"{number[1]},{number[2:]}E+09",
}


DRESSED = [
    (kind, dress) for kind, number in KINDS.items() for dress in DRESSES if number[0] == "0" or "zero" not in dress
]


@pytest.mark.parametrize(("kind", "dress"), DRESSED)
def test_b174_b176_an_identity_in_an_id_column_is_refused(kind: str, dress: str, tmp_path: Path) -> None:
    number = KINDS[kind]
    ids = ["P-7F3A9C21", DRESSES[dress](number)]
    problem = refused(partial(read, write_csv(tmp_path, {"Løpenummer": ids, "x": ["1", "2"]})))
    assert problem.key == "identity_numbers"
    check_told(problem, ("«Løpenummer»", "1", "2", "3"))
    _hidden(problem.text("en"), number)


@pytest.mark.parametrize("header", ["fnr", "Fødselsnummer", "fodselsnr", "kode", "Merknad 2"])
def test_b174_an_identity_in_any_column_is_refused(header: str, tmp_path: Path) -> None:
    number = identity_number(12, 3, 90)
    problem = refused(partial(read, write_csv(tmp_path, {header: ["", number, "", "", ""]})))
    assert problem.key == "identity_numbers"
    check_told(problem, (f"«{header}»", "1", "5", "3"))
    _hidden(problem.text("nn"), number)


def test_b175_an_identity_inside_free_text_is_refused(tmp_path: Path) -> None:
    number = identity_number(12, 3, 90)
    texts = ["ringte om time", f"ringte {number[:6]} {number[6:]} i dag", f"sak {number}.", "ingenting"]
    problem = refused(partial(read, write_csv(tmp_path, {"notat": texts})))
    assert problem.key == "identity_numbers"
    check_told(problem, ("«notat»", "2", "4", "3, 4"))
    _hidden(problem.text("nb"), number)


def test_b176_most_cells_with_the_form_of_an_identity_are_enough_without_control_digits(tmp_path: Path) -> None:
    wrong = [_with_wrong_control_digits(identity_number(day, 5, 80)) for day in range(10, 20)]
    problem = refused(partial(read, write_csv(tmp_path, {"kode": wrong})))
    assert problem.key == "identity_numbers"
    check_told(problem, ("«kode»", "10"))


def test_b177_identities_stored_as_numbers_lose_their_zero_and_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nummer"])
    for day in range(1, 10):
        book.active.append([int(identity_number(day, 5, 80))])
    book.save(tmp_path / "tall.xlsx")
    problem = refused(partial(read, tmp_path / "tall.xlsx"))
    assert problem.key == "identity_numbers"
    check_told(problem, ("«nummer»", "9"))


def test_an_identity_in_the_place_of_a_header_is_not_quoted(tmp_path: Path) -> None:
    number = identity_number(12, 3, 90)
    path = tmp_path / "uttrekk.csv"
    path.write_text(f"{number};Arbeid\nP-2;Annet\n", encoding="utf-8")
    problem = refused(partial(read, path))
    assert problem.key == "header_is_data"
    _hidden(problem.text(), number)


def test_an_identity_is_found_before_anything_else_is_said(tmp_path: Path) -> None:
    number = identity_number(12, 3, 90)
    columns = {"startdato": ["30.02.2019", number], "beløp": ["tolv", "1.234"]}
    assert refused(partial(read, write_csv(tmp_path, columns))).key == "identity_numbers"


@pytest.mark.parametrize(
    "ids",
    [
        ["P-7F3A9C21", "P-00E0F28F"],
        [f"{at:05}" for at in range(50)],
        [f"{at:010}" for at in range(1_000_000, 1_000_050)],
        [f"{at:012}" for at in range(50)],
        [f"20190331{at:04}" for at in range(50)],
    ],
)
def test_pseudonyms_and_serial_numbers_are_let_in(ids: list[str], tmp_path: Path) -> None:
    result, _ = accepted(partial(read, write_csv(tmp_path, {"Løpenummer": ids})))
    assert column(result, "person") == ids


def test_amounts_and_times_are_not_taken_for_identities(tmp_path: Path) -> None:
    draw = random.Random(2)
    columns = {
        "beløp": [f"{draw.uniform(1, 9e9):.3f}" for _ in range(300)],
        "tid": [f"2019-0{draw.randint(1, 9)}-1{draw.randint(0, 9)} 1{draw.randint(0, 9)}:30:00" for _ in range(300)],
        "journal": [f"{draw.randrange(10**9):09}/{draw.randrange(100):02}" for _ in range(300)],
    }
    accepted(partial(read, write_csv(tmp_path, columns), decimal="."))


def test_a_frame_of_ones_own_can_be_asked_too() -> None:
    number = identity_number(12, 3, 90)
    frame = pd.DataFrame({"x": [1.5, 2.5], "n": [float(number), None], "day": pd.to_datetime(["2019-01-01"] * 2)})
    problem = refused(partial(refuse_identity_numbers, frame))
    check_told(problem, ("«n»", "1", "2"))
    _hidden(problem.text(), number)
    refuse_identity_numbers(frame[["x", "day"]], id_columns=("x",))


def _hidden(text: str, number: str) -> None:
    assert number not in text and number[:6] not in text and number[6:] not in text


def _with_wrong_control_digits(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)
