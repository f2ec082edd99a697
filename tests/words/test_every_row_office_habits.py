"""What offices also write, beside the listed rows: municipality numbers, sex, signs between cells, remarks under it.

Each is refused or repaired with a remark; numbers of people are made here, with months plus 80, and are never real.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from bad_input import identity_number
from canaries import accepted, names, no_leak, refused, remarks

import navoutcomes as nav
from navoutcomes.records.extract import Extract

BASE = {"Løpenummer": "P-{:03}", "fom": "01.02.2019", "tom": "01.06.2019"}


def written(folder: Path, columns: dict[str, list[str]], below: tuple[str, ...] = (), sign: str = ";") -> Path:
    count = len(next(iter(columns.values())))
    full = {header: [text.format(at) for at in range(count)] for header, text in BASE.items()} | columns
    lines = [sign.join(full), *(sign.join(row) for row in zip(*full.values(), strict=True)), *below]
    path = folder / "uttrekk.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(folder: Path, columns: dict[str, list[str]], below: tuple[str, ...] = (), sign: str = ";") -> Extract:
    return accepted(partial(nav.read, written(folder, columns, below, sign)))[0]


@pytest.mark.parametrize("number", ["301.0", "301,0", "0301.00", "K-0301", "k0301", "0301 Oslo", "0301 - Oslo"])
def test_a_municipality_number_in_disguise_is_taken_out_with_a_remark(number: str, tmp_path: Path) -> None:
    found = read(tmp_path, {"Kommunenummer": [number] * 4 + ["1103"] * 4})
    assert found.frame["municipality_no"].tolist() == ["0301"] * 4 + ["1103"] * 4
    remarks(found, "municipality_number_taken_out", ("«Kommunenummer»", "4"))


@pytest.mark.parametrize("number", ["abc", "Oslo", "30", "03011", "Kari Canary", "1.103"])
def test_what_is_no_municipality_number_is_an_error_by_form(number: str, tmp_path: Path) -> None:
    problem = refused(partial(nav.read, written(tmp_path, {"Kommunenummer": ["0301", number, "1103"]})))
    assert problem.key == "municipality_not_a_number"
    names(problem, ("«Kommunenummer»", "1", "3"))


def test_an_unknown_municipality_is_a_level_and_not_an_error(tmp_path: Path) -> None:
    found = read(tmp_path, {"Kommunenummer": ["0301", "Utlandet", "1103"]})
    assert found.frame["municipality_no"].tolist() == ["0301", "Utlandet", "1103"]


@pytest.mark.parametrize(
    ("woman", "man"),
    [("W", "M"), ("Jente", "Gutt"), ("Jente", "Gut"), ("Jenter", "Gutar"), ("girl", "boy"), ("F", "M")],
)
def test_every_word_for_sex_becomes_one(woman: str, man: str, tmp_path: Path) -> None:
    found = read(tmp_path, {"Kjønn": [woman, man, man]})
    assert found.frame["sex"].tolist() == ["Kvinne", "Mann", "Mann"]
    remarks(found, "sex_words", ("«Kjønn»", "3"))


def test_an_unknown_code_for_sex_is_warned_of_by_form(tmp_path: Path) -> None:
    found = read(tmp_path, {"Kjønn": ["K", "M", "Q", "M"]})
    remarks(found, "sex_not_understood", ("«Kjønn»", "«A»", "1", "4"))
    assert found.frame["sex"].tolist() == ["K", "M", "Q", "M"]


@pytest.mark.parametrize("sign", [" ", "   ", "~", "^", ":", "#", "/", "\x1f"])
def test_a_table_with_a_strange_separator_is_not_one_column(sign: str, tmp_path: Path) -> None:
    problem = refused(partial(nav.read, written(tmp_path, {"Tiltak": ["KVP"] * 5}, sign=sign)))
    assert problem.key == "file_separator_strange"
    names(problem, ("uttrekk.csv", "1"))


def test_words_with_blanks_in_one_column_are_one_column(tmp_path: Path) -> None:
    path = tmp_path / "tiltak.csv"
    path.write_text("Tiltak navn\n" + "Arbeid med støtte\n" * 3, encoding="utf-8")
    assert accepted(partial(nav.read, path))[0].frame.shape == (3, 1)


@pytest.mark.parametrize(
    "below",
    [
        ("Kilde: Nav;;;",),
        ("Kjelde: Nav;;;",),
        ("Note: tall fra Arena;;;",),
        ("* foreløpige tall;;;",),
        ("Antall rader: 5;;;",),
        ("Uttrekk kjørt 01.02.2020 av Kari Canary;;;",),
        (";;;", "Kilde: Nav;;;", "(foreløpig);;;"),
        ("Sum;;;5", "Kilde: Nav;;;"),
    ],
)
def test_remarks_under_a_table_are_nobody(below: tuple[str, ...], tmp_path: Path) -> None:
    found = read(tmp_path, {"Tiltak": ["KVP"] * 5}, below)
    assert len(found.frame) == 5
    remarks(found, "remarks_below_dropped", ("uttrekk.csv",))


def test_a_person_without_dates_at_the_end_is_no_remark(tmp_path: Path) -> None:
    found = read(tmp_path, {"Tiltak": ["KVP"] * 5}, ("P-005;;;",))
    assert len(found.frame) == 6
    assert "remarks_below_dropped" not in found.log.keys()  # noqa: SIM118
    path = written(tmp_path, {"Tiltak": ["KVP"] * 5}, ("B:5;;;",))
    path.write_text(path.read_text(encoding="utf-8").replace("P-", "A:"), encoding="utf-8")
    assert len(accepted(partial(nav.read, path))[0].frame) == 6


def with_letter(number: str) -> str:
    return number.replace("0", "O", 1) if "0" in number else number.replace("1", "l", 1)


@pytest.mark.parametrize("header", ["Løpenr 2", "kode", "fnr"])
@pytest.mark.parametrize("gap", ["", " "])
def test_letters_that_look_like_digits_hide_no_identity_number(header: str, gap: str, tmp_path: Path) -> None:
    numbers = [with_letter(identity_number(1 + at, 1 + at % 9, 50 + at)) for at in range(9)]
    assert all(not number.isdigit() for number in numbers)
    dressed = [f"{number[:6]}{gap}{number[6:]}" for number in numbers]
    problem = refused(partial(nav.read, written(tmp_path, {header: dressed})))
    assert problem.key == "identity_numbers"
    names(problem, (f"«{header}»", "9"))
    no_leak([problem.text()], [*numbers, *dressed])


def test_one_number_with_a_letter_among_other_text_is_found_too(tmp_path: Path) -> None:
    number = with_letter(identity_number(10, 1, 50))
    problem = refused(partial(nav.read, written(tmp_path, {"kode": ["A", number, "B"]})))
    assert problem.key == "identity_numbers"


def test_pseudonyms_with_such_letters_are_pseudonyms(tmp_path: Path) -> None:
    found = read(tmp_path, {"kode": [f"l{at:03}O77" for at in range(20)]})
    assert found.frame["kode"].nunique() == 20


OTHERS = ["Mor", "Far", "Mors navn", "Ektefelle", "Samboer", "Pårørende", "Sønn", "Nærmeste", "Foresatte", "Barn"]
TOLD = ["Vurdering", "Begrunnelse", "Oppsummering", "Situasjon", "Tekst", "Årsakstekst", "Veileders vurdering", "Logg"]


@pytest.mark.parametrize("header", [*OTHERS, *TOLD])
def test_relatives_and_assessments_are_not_read(header: str, tmp_path: Path) -> None:
    found = read(tmp_path, {header: ["Kari Canary", "Per Canary", ""]})
    assert header not in found.frame
    remarks(found, "private_dropped", (f"«{header}»",))


@pytest.mark.parametrize("cells", [["0", "2", "1"], ["ja", "nei", ""], ["1990", "1985", "2001"]])
@pytest.mark.parametrize("header", ["Barn", "Samboer", "Vurdering"])
def test_counted_or_ticked_off_they_tell_nobodys_name(header: str, cells: list[str], tmp_path: Path) -> None:
    assert header in read(tmp_path, {header: cells}).frame
