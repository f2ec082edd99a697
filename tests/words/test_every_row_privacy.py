"""Rows B174 to B192 of the bad inputs: what tells who somebody is neither gets in, nor is said, nor gets out.

Numbers are made here from their rules, with months plus 80, and are never real.
"""

from __future__ import annotations

import csv
import getpass
import os
import platform
import random
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from bad_input import NEARLY, identity_number
from canaries import NAME, accepted, names, no_leak, planted, refused, remarks
from no_identity_left import left_alone

import navoutcomes as nav
from navoutcomes.records.columns.codebook import Codebook, Column
from navoutcomes.records.identity.identifiers import identity_cells, refuse_identity
from navoutcomes.records.sources.cells import cells_of

WEIGHTS = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)


def written(folder: Path, columns: Mapping[str, Sequence[str]], name: str = "uttrekk.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        full = planted(columns)
        writer.writerow(full)
        writer.writerows(zip(*full.values(), strict=True))
    return path


def duf(year: int = 2019, serial: int = 345678) -> str:
    digits = f"{year}{serial:06}"
    return digits + f"{sum(int(sign) * weight for sign, weight in zip(digits, WEIGHTS, strict=True)) % 11:02}"


def many(count: int = 40, **rules: Any) -> list[str]:
    return [identity_number(1 + at % 28, 1 + at % 12, 40 + at % 50, **rules) for at in range(count)]


def key(folder: Path) -> Path:
    place = folder / "lukket"
    place.mkdir(exist_ok=True)
    path = place / "key"
    if not path.exists():
        nav.new_key(path)
    return path


# --- B174 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["fnr", "Fødselsnummer", "Løpenummer", "Ident", "helt vanlig"])
def test_b174_a_column_of_identity_numbers_is_refused(header: str, tmp_path: Path) -> None:
    numbers = many()
    problem = refused(partial(nav.read, written(tmp_path, {header: numbers})))
    assert problem.key == "identity_numbers"
    names(problem, (f"«{header}»", "40"))
    no_leak([problem.text()], numbers)


def test_b174_with_a_key_they_are_pseudonyms_and_nothing_else_is_read(tmp_path: Path) -> None:
    numbers = many()
    path = written(tmp_path, {"fnr": numbers, "Sluttårsak": ["Arbeid"] * 40})
    result, _ = accepted(partial(nav.read, path, pseudonymise=key(tmp_path)))
    people = result.frame["person"]
    assert people.nunique() == 40
    assert people.str.fullmatch("P-[a-z2-7]{16}").all()
    remarks(result, "pseudonyms_made", ("«fnr»", "40"))
    no_leak([repr(result), result.log.text(), result.frame.to_csv()], numbers)


# --- B175 ---------------------------------------------------------------------------------------------------------

HIDDEN = {
    "in two groups": lambda number: f"ringte {number[:6]} {number[6:]}",
    "in two groups with a hard space": lambda number: f"ringte {number[:6]}\u00a0{number[6:]} i dag",
    "as a date and five digits": lambda number: f"f. {number[:2]}.{number[2:4]}.{number[4:6]} {number[6:]}",
    "as one number": lambda number: f"sak {number}.",
    "after a letter": lambda number: f"se F{number}",
    "digit by digit": lambda number: "nr " + " ".join(number),
    "between brackets": lambda number: f"({number})",
    "on a line of its own": lambda number: f"notat:\n{number}\nslutt",
    "in wide digits": lambda number: "id " + "".join(chr(0xFF10 + int(sign)) for sign in number),
}


@pytest.mark.parametrize("dress", HIDDEN)
@pytest.mark.parametrize("header", ["notat", "kode"])
def test_b175_a_number_inside_other_text_is_refused_before_the_text_is_dropped(
    dress: str, header: str, tmp_path: Path
) -> None:
    number = identity_number(12, 3, 90)
    problem = refused(partial(nav.read, written(tmp_path, {header: ["ingenting", HIDDEN[dress](number), "x"]})))
    assert problem.key == "identity_numbers"
    names(problem, (f"«{header}»", "1", "3"))
    no_leak([problem.text()], [number, number[:6], number[6:]])


# --- B176 ---------------------------------------------------------------------------------------------------------

KINDS: dict[str, tuple[list[str], str, str]] = {
    "synthetic, month + 80": (many(), "syntetiske fødselsnummer", "synthetic identity numbers"),
    "synthetic, month + 65": (many(mark=65), "syntetiske fødselsnummer", "synthetic identity numbers"),
    "H-numbers, month + 40": (many(mark=40), "H-nummer", "H-numbers"),
    "D-numbers, day + 40": (
        [identity_number(41 + at % 28, 1 + at % 12, 60, mark=0) for at in range(40)],
        "D-nummer",
        "D-numbers",
    ),
    "from 2032 only": (many(start=13), "syntetiske fødselsnummer", "synthetic identity numbers"),
    "Nav's own, month + 60": ([number[:-2] + "00" for number in many(mark=60)], "npid", "npid"),
    "DUF-numbers": ([duf(serial=100_000 + 37 * at) for at in range(40)], "DUF-nummer", "DUF-numbers"),
    "aktør-ids": ([f"1000{at:09}" for at in range(7, 47)], "aktør-id", "aktør-id"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_b176_every_kind_of_number_is_known_and_named(kind: str, tmp_path: Path) -> None:
    numbers, norwegian, english = KINDS[kind]
    problem = refused(partial(nav.read, written(tmp_path, {"Løpenummer": numbers})))
    assert problem.key == "identity_numbers"
    names(problem, ("«Løpenummer»", "40"))
    assert norwegian in problem.text("nb") and norwegian in problem.text("nn")
    assert english in problem.text("en")
    no_leak([problem.text()], numbers)


def test_b176_control_digits_by_the_new_rule_alone_are_enough_in_any_column(tmp_path: Path) -> None:
    for start in (12, 13, 14):
        number = identity_number(3, 3, 88, start=start)
        assert refused(partial(nav.read, written(tmp_path, {"kode": ["a", number]}))).key == "identity_numbers"


def test_b176_a_duf_number_is_found_in_a_column_that_says_so_and_in_text_that_says_so(tmp_path: Path) -> None:
    for columns in ({"DUF-nr": ["", duf(2020, 123456)]}, {"kode": ["a", f"DUF: {duf(2020, 123456)}"]}):
        assert refused(partial(nav.read, written(tmp_path, columns))).key == "identity_numbers"


# --- B177 ---------------------------------------------------------------------------------------------------------


def test_b177_numbers_without_their_leading_zero_are_refused(tmp_path: Path) -> None:
    numbers = [identity_number(1 + at % 9, 1 + at % 12, 40 + at) for at in range(30)]
    path = written(tmp_path, {"nummer": [number.lstrip("0") for number in numbers]})
    problem = refused(partial(nav.read, path))
    assert problem.key == "identity_numbers"
    names(problem, ("«nummer»", "30"))


@pytest.mark.parametrize("kind", [int, float])
def test_b177_also_in_a_workbook_that_holds_them_as_numbers(kind: Callable[[str], float], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nummer"])
    for number in many(25):
        book.active.append([kind(number)])
    book.save(tmp_path / "tall.xlsx")
    problem = refused(partial(nav.read, tmp_path / "tall.xlsx"))
    assert problem.key == "identity_numbers"
    names(problem, ("«nummer»", "25"))


# --- what is let in -----------------------------------------------------------------------------------------------


def found(texts: Sequence[str], id_column: bool) -> int:
    return int(identity_cells(cells_of("x", list(texts), np.arange(len(texts))), id_column).sum())


@pytest.mark.parametrize("id_column", [True, False])
@pytest.mark.parametrize(
    ("digits", "size"), [(6, 500), (7, 500), (8, 2000), (9, 2000), (10, 2000), (12, 2000), (14, 500), (19, 500)]
)
def test_random_numbers_of_any_length_but_eleven_are_let_in(digits: int, size: int, id_column: bool) -> None:
    """None of 40 columns each; aktør-ids have 13 digits, and columns of 11 are refused on purpose."""
    draw = random.Random(digits)
    for _ in range(40):
        assert found([str(draw.randrange(10 ** (digits - 1), 10**digits)) for _ in range(size)], id_column) == 0


@pytest.mark.parametrize("largest", [10**12, 10**13])
@pytest.mark.parametrize("size", [50, 400, 3000])
def test_at_most_two_of_a_hundred_columns_of_random_numbers_of_mixed_lengths_are_refused(
    largest: int, size: int
) -> None:
    """Numbers below 10^12: one in eleven has 11 digits, of which 0.94 per cent pass by chance. Promised: one in 100."""
    draw, refusals = np.random.default_rng(size), 0
    for _ in range(150):
        refusals += found(draw.integers(0, largest, size).astype(str).tolist(), id_column=True) > 0
    assert refusals <= 3


def test_and_what_passes_by_chance_is_said() -> None:
    texts = np.random.default_rng(4).integers(0, 10**12, 4000).astype(str).tolist()
    cells = cells_of("Løpenummer", texts, np.arange(4000))
    notes = refuse_identity([cells], ["Løpenummer"])
    assert [one.key for one in notes] == ["identity_by_chance"]
    assert notes[0].level == "warning"


def test_one_real_number_among_other_long_numbers_is_not_chance() -> None:
    draw = random.Random(5)
    others = [str(draw.randrange(10**11, 10**12)) for _ in range(500)]
    assert found([*others, identity_number(12, 3, 90)], id_column=True) == 1


def test_of_random_numbers_of_eleven_digits_nearly_one_in_a_hundred_passes() -> None:
    from navoutcomes.records.identity.identifiers import CHANCE
    from navoutcomes.records.identity.identity_digits import controlled, dated

    digits = np.random.default_rng(1).integers(0, 10, (400_000, 11))
    assert abs((dated(digits) & controlled(digits)).mean() - CHANCE) < 0.0006


HOSTILE = {
    "one long number": "9" * 1_000_000,
    "digits and blanks": "1 " * 500_000,
    "digits and dots": "12.03.20 " * 110_000,
    "almost a number": "12345 67890 " * 83_000,
    "powers": "1,2345e" * 140_000,
    "the word and digits": "duf " + "7 " * 490_000,
    "letters": "a" * 1_000_000,
    "plus and phones": "+47 22 " * 140_000,
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_b206_no_text_makes_the_search_run_long(hostile: str) -> None:
    """Less than a second a megabyte; measured in processor time, with room for a slow machine."""
    from navoutcomes.records.identity.private import without_private

    cells = cells_of("kode", [HOSTILE[hostile], "x"], np.arange(2))
    began = time.process_time()
    identity_cells(cells, True)
    without_private((cells,), None)
    assert time.process_time() - began < 3


# --- protected people and private columns ---------------------------------------------------------------------------

GRADED = {
    "Adressesperre": "6",
    "Diskresjonskode": "SPSF",
    "adressebeskyttelse": "STRENGT_FORTROLIG_UTLAND",
    "Gradering": "Fortrolig",
    "sperrekode": "kode 7",
    "Skjermet": "Ja",
    "er skjermet": "1",
    "Egen ansatt": "true",
    "merke": "STRENGT_FORTROLIG",
    "status": "strengt fortrolig",
}


@pytest.mark.parametrize("header", GRADED)
def test_protected_people_stop_it_and_their_rows_are_not_named(header: str, tmp_path: Path) -> None:
    open_word = "x" if header in ("merke", "status") else "nei"
    values = [open_word] * 36 + [GRADED[header]] + [open_word] * 3
    problem = refused(
        partial(nav.read, written(tmp_path, {"Løpenummer": [f"P-{at}" for at in range(40)], header: values}))
    )
    assert problem.key == "protected_rows"
    names(problem, (f"«{header}»", "1", "40"))
    assert "rows" not in problem.facts
    assert all("38" not in problem.text(language) for language in ("nb", "nn", "en"))


@pytest.mark.parametrize(("header", "word"), [("Adressesperre", "UGRADERT"), ("Skjermet", "nei"), ("kode6", "")])
def test_a_column_of_protection_without_protected_people_is_checked_and_left_out(
    header: str, word: str, tmp_path: Path
) -> None:
    result, _ = accepted(partial(nav.read, written(tmp_path, {"Løpenummer": ["P-1", "P-2"], header: [word, word]})))
    assert list(result.frame) == ["person"]
    remarks(result, "protection_checked", (f"«{header}»", "2"), "note")


MONTHS = {
    "Løpenummer": ["P-1", "P-1", "P-2", "P-2"],
    "Måned": ["2019-01", "2019-02"] * 2,
    "I arbeid": ["ja", "ja", "nei", "ja"],
    "Lønnstilskudd": ["nei"] * 4,
}


@pytest.mark.parametrize("header", ["Skjermet", "skjerma", "SKJERMET "])
@pytest.mark.parametrize("marks", [["ja", "nei", "nei", "nei"], ["nei"] * 4, ["1", "0", "0", "0"]])
def test_skjermet_beside_months_in_work_is_sheltered_work_where_it_comes_and_goes(
    header: str, marks: list[str], tmp_path: Path
) -> None:
    result, said = accepted(partial(nav.read, written(tmp_path, {**MONTHS, header: marks})))
    assert result.frame["sheltered"].tolist() == [mark in ("ja", "1") for mark in marks]
    assert remarks(result, "sheltered_work_read", (header.strip(),), "warning").text() in said


NOT_SURE = {
    "somebody is marked in all months": (MONTHS, ["ja", "ja", "nei", "nei"]),
    "a month without work is marked": (MONTHS, ["nei", "nei", "ja", "nei"]),
    "a grade stands among the answers": (MONTHS, ["ja", "nei", "nei", "kode 6"]),
    "no file of months": ({"Løpenummer": ["P-1", "P-1"]}, ["ja", "nei"]),
    "no column of subsidies": ({name: MONTHS[name] for name in list(MONTHS)[:3]}, ["ja", "nei", "nei", "nei"]),
}


@pytest.mark.parametrize("case", NOT_SURE)
def test_skjermet_that_may_be_people_stops_it_and_says_how_to_tell(case: str, tmp_path: Path) -> None:
    columns, marks = NOT_SURE[case]
    problem = refused(partial(nav.read, written(tmp_path, {**columns, "Skjermet": marks})))
    assert problem.key == "protected_rows"
    names(problem, ("«Skjermet»", "sheltered"))


def test_words_of_workplaces_are_no_people_and_a_mapping_may_say_what_the_column_is(tmp_path: Path) -> None:
    path = written(tmp_path, {"Løpenummer": ["P-1", "P-2"], "Skjermet": ["VTA", "Ordinær"]})
    assert accepted(partial(nav.read, path))[0].frame["Skjermet"].tolist() == ["VTA", "Ordinær"]
    path = written(tmp_path, {"Løpenummer": ["P-1", "P-2"], "Skjermet": ["ja", "nei"]})
    said = {"columns": {"Skjermet": "sheltered"}}
    assert accepted(partial(nav.read, path, mapping=said))[0].frame["sheltered"].tolist() == [True, False]
    path = written(tmp_path, {"Løpenummer": ["P-1", "P-2"], "Skjermet": ["fortrolig", "nei"]})
    assert refused(partial(nav.read, path, mapping=said)).key == "protected_rows"


@pytest.mark.parametrize(
    "headers",
    [
        ["Måned", "I arbeid", "Lønnstilskudd", "Skjermet arbeid"],
        ["Månad", "Har arbeid", "Lønstilskot", "Skjerma arbeid"],
        ["Calendar month", "In work", "Wage subsidy", "Sheltered work"],
    ],
)
def test_months_in_work_are_known_in_three_languages(headers: list[str], tmp_path: Path) -> None:
    cells = [["2019-01", "2019-02"], ["ja", "ja"], ["ja", "nei"], ["nei", "nei"]]
    columns = dict(zip(headers, cells, strict=True))
    result, _ = accepted(partial(nav.read, written(tmp_path, {"Løpenummer": ["P-1", "P-1"], **columns})))
    months = nav.employment_months(result.frame, person="person")
    assert months.frame["state"].tolist() == ["subsidised", "competitive"]


def test_a_usual_name_over_other_cells_means_nothing(tmp_path: Path) -> None:
    columns = {"Måned": ["3", "4"], "I arbeid": ["01.02.2019"] * 2, "Lønnstilskudd": ["1200", "300"]}
    columns |= {"Plass frå": ["01.02.2019", ""], "Plass til": ["uke 3", ""]}
    result, _ = accepted(partial(nav.read, written(tmp_path, {"Løpenummer": ["P-1", "P-2"], **columns})))
    assert list(result.frame) == ["person", "Måned", "I arbeid", "Lønnstilskudd", "place_from", "Plass til"]


def test_a_column_of_sheltered_work_is_let_in_when_the_codebook_says_so(tmp_path: Path) -> None:
    book = Codebook(
        (Column("person", "id", headers=("løpenummer",)), Column("sheltered", "flag", headers=("skjermet",)))
    )
    path = written(tmp_path, {"Løpenummer": ["P-1", "P-2"], "Skjermet": ["ja", "nei"]})
    result, _ = accepted(partial(nav.read, path, book))
    assert result.frame["sheltered"].tolist() == [True, False]


PRIVATE = {
    "Merknad": ("fritekst", "vil ha ny time"),
    "Begrunnelse": ("fritekst", "flyttet"),
    "Notat": ("fritekst", "syk mor"),
    "Kommentarfelt 2": ("fritekst", "ja"),
    "Telefonnummer": ("kontaktopplysninger", "22 22 55 55"),
    "E-post": ("kontaktopplysninger", "a@eksempel.no"),
    "Bostedsadresse": ("kontaktopplysninger", "Storgata 1"),
    "Fornavn": ("navn på personer", NAME.split()[0]),
    "Navn": ("navn på personer", NAME),
    "Saksbehandler": ("navn eller ident på ansatte", "Z990000"),
    "Jobbspesialist": ("navn eller ident på ansatte", NAME),
}


@pytest.mark.parametrize("header", PRIVATE)
def test_private_columns_are_left_out_with_a_remark(header: str, tmp_path: Path) -> None:
    kind, value = PRIVATE[header]
    columns = {"Løpenummer": ["P-1", "P-2"], header: [value, value], "Programnavn": ["KVP", "IPS"]}
    result, said = accepted(partial(nav.read, written(tmp_path, columns)))
    assert list(result.frame) == ["person", "programme"]
    left_out = [one for one in result.log if one.key == "private_dropped" and dict(one.facts)["column"] == header]
    assert left_out and kind in left_out[0].text("nb")
    assert said == []
    no_leak([repr(result), result.log.text("en")], [value])


def _prose(at: int) -> str:
    return f"deltakeren møtte ikke opp til avtale nummer {at} i {at + 3} uker"


FOUND = {
    "kode": [f"p{at}@eksempel.no" for at in range(12)],
    "kanal": [f"22 {at} 55 55" for at in range(10, 22)],
    "kanal 2": [f"+47 22{at}5555" for at in range(10, 22)],
    "hendelse": [_prose(at) for at in range(12)],
}


@pytest.mark.parametrize("header", FOUND)
def test_private_content_is_found_whatever_the_column_is_called(header: str, tmp_path: Path) -> None:
    columns = {"Løpenummer": [f"P-{at}" for at in range(12)], header: FOUND[header]}
    result, said = accepted(partial(nav.read, written(tmp_path, columns)))
    assert list(result.frame) == ["person"]
    remarks(result, "private_found", (f"«{header}»",), "warning")
    assert len(said) == 1


def test_people_told_apart_by_e_mail_addresses_are_refused(tmp_path: Path) -> None:
    problem = refused(partial(nav.read, written(tmp_path, {"Løpenummer": FOUND["kode"]})))
    assert problem.key == "contact_in_key"
    names(problem, ("«Løpenummer»", "12"))


def test_a_private_column_the_codebook_states_is_kept_and_one_it_only_requires_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"Løpenummer": ["P-1"], "Saksbehandler": ["v-17"], "Merknad 2": ["venter"]})
    person = Column("person", "id", headers=("løpenummer",))
    stated = Codebook(
        (
            person,
            Column("worker", "id", headers=("saksbehandler",)),
            Column("remark", "word", headers=("merknad 2",), values={"venter": "waiting"}),
        )
    )
    result, _ = accepted(partial(nav.read, path, stated))
    assert result.frame[["worker", "remark"]].iloc[0].tolist() == ["v-17", "waiting"]
    required = Codebook((person, Column("remark", "word", headers=("merknad 2",))))
    problem = refused(partial(nav.read, path, required))
    assert problem.key == "private_required"
    names(problem, ("«Merknad 2»", "1"))


@pytest.mark.parametrize("header", ["Programnavn", "Kontornavn", "Notat dato", "Antall notater", "Mobilitet"])
def test_columns_that_only_sound_private_are_kept(header: str, tmp_path: Path) -> None:
    value = "01.02.2019" if "dato" in header else "3"
    result, _ = accepted(partial(nav.read, written(tmp_path, {"Løpenummer": ["P-1"], header: [value]})))
    assert len(result.frame.columns) == 2


# --- pseudonyms ---------------------------------------------------------------------------------------------------

DRESSES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in two groups": lambda number: f"{number[:6]} {number[6:]}",
    "with a hard space": lambda number: f"{number[:6]}\u00a0{number[6:]}",
    "with a dash": lambda number: f"{number[:6]}-{number[6:]}",
    "without its zero": lambda number: number.lstrip("0"),
    "as a decimal number": lambda number: f"{number}.0",
    "with an apostrophe": lambda number: f"'{number}",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_one_person_has_one_pseudonym_in_every_file_of_one_key_however_written(dress: str, tmp_path: Path) -> None:
    numbers, secret = [identity_number(1 + at % 9, 1 + at % 12, 40 + at) for at in range(30)], key(tmp_path)
    first = written(tmp_path, {"fnr": numbers}, "a.csv")
    second = written(tmp_path, {"fødselsnummer": [DRESSES[dress](number) for number in reversed(numbers)]}, "b.csv")
    people, other = (nav.read(path, pseudonymise=secret) for path in (first, second))
    assert people.frame["person"].tolist() == other.frame["person"].tolist()[::-1]
    assert nav.link(people, other).matches.share == 1


def test_another_key_gives_other_pseudonyms(tmp_path: Path) -> None:
    path, again = written(tmp_path, {"fnr": many()}), tmp_path / "lukket" / "key2"
    first = nav.read(path, pseudonymise=key(tmp_path)).frame["person"]
    nav.new_key(again)
    assert not set(first) & set(nav.read(path, pseudonymise=again).frame["person"])


def test_a_file_is_written_with_pseudonyms_and_without_what_is_private(tmp_path: Path) -> None:
    numbers = many()
    book = openpyxl.Workbook()
    book.active.append(["fnr", "Navn", "Sluttårsak", "Journal"])
    for at, number in enumerate(numbers):
        book.active.append([number, NAME, "Arbeid", f"{at}/19"])
    book.save(tmp_path / "inn.xlsx")
    target = tmp_path / "ut.csv"
    log = nav.pseudonymise(tmp_path / "inn.xlsx", target, key=key(tmp_path), columns=["Journal"])
    no_leak([target.read_text("utf-8-sig"), log.text(), repr(log)], [*numbers, NAME])
    assert target.read_text("utf-8-sig").splitlines()[0] == "fnr;Sluttårsak;Journal"
    if os.name == "posix":
        assert target.stat().st_mode & 0o077 == 0
    result = nav.read(target)
    assert result.frame["person"].nunique() == 40
    assert result.frame["person"].equals(nav.read(tmp_path / "inn.xlsx", pseudonymise=key(tmp_path)).frame["person"])
    problem = refused(partial(nav.pseudonymise, tmp_path / "inn.xlsx", target, key=key(tmp_path)))
    assert problem.key == "target_exists"


def test_a_file_that_cannot_be_made_safe_is_not_written(tmp_path: Path) -> None:
    target, secret = tmp_path / "ut.csv", key(tmp_path)
    number = identity_number(12, 3, 90)
    cases = {
        "identity_numbers": {"fnr": [number], "kode": [f"se {number}"]},
        "protected_rows": {"fnr": [number], "Gradering": ["FORTROLIG"]},
        "id_damaged": {"fnr": [*many(4), "1,01E+10"]},
        "no_identities": {"Løpenummer": ["P-1"]},
    }
    for wanted, columns in cases.items():
        problem = refused(partial(nav.pseudonymise, written(tmp_path, columns), target, key=secret))
        assert problem.key == wanted
        no_leak([problem.text()], [number])
        assert not target.exists()
    assert refused(partial(nav.pseudonymise, written(tmp_path, {"fnr": [number]}), target, key=secret, columns=["x"]))


def test_a_key_that_is_no_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, closed = written(tmp_path, {"fnr": many()}), tmp_path / "lukket"
    closed.mkdir()
    long = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=64))

    def refusal(place: Path, content: str = long, mode: int = 0o600) -> str:
        place.write_text(content)
        place.chmod(mode)
        problem = refused(partial(nav.read, path, pseudonymise=place))
        no_leak([problem.text(language) for language in ("nb", "nn", "en")], [content, str(tmp_path)])
        return str(problem.key)

    assert refused(partial(nav.read, path, pseudonymise=closed / "no")).key == "key_not_found"
    assert refusal(closed / "a", long[:31]) == "key_short"
    assert refusal(closed / "b", "ab" * 40) == "key_short"
    assert refusal(tmp_path / "beside") == "key_in_project"
    if os.name == "posix":
        assert refusal(closed / "c", mode=0o644) == "key_open"
    project = tmp_path / "prosjekt" / "nokler"
    project.mkdir(parents=True)
    (tmp_path / "prosjekt" / "pyproject.toml").touch()
    assert refusal(project / "d") == "key_in_project"
    monkeypatch.chdir(closed)
    assert refusal(closed / "e") == "key_in_project"


def test_a_new_key_is_random_closed_and_never_overwritten(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        nav.new_key(path)
        assert len(path.read_text().strip()) == 64
        if os.name == "posix":
            assert path.stat().st_mode & 0o777 == 0o600
    assert paths[0].read_text() != paths[1].read_text()
    assert refused(partial(nav.new_key, paths[0])).key == "key_exists"
    assert refused(partial(nav.new_key, Path("key"))).key == "key_in_project"
    assert refused(partial(nav.new_key, tmp_path / "no" / "key")).key == "key_not_found"


# --- nothing is left ----------------------------------------------------------------------------------------------

READ = """
import navoutcomes as nav, sys
folder, key = args
for kind in ("csv", "xlsx", "parquet"):
    said.append(stopped(lambda: nav.read(f"{folder}/fnr.{kind}")))
    said.append(stopped(lambda: nav.read(f"{folder}/notat.{kind}")))
    said.append(stopped(lambda: kept.update({kind: nav.read(f"{folder}/navn.{kind}")})))
    said.append(stopped(lambda: kept.update({kind + "p": nav.read(f"{folder}/fnr.{kind}", pseudonymise=key)})))
said.append(stopped(lambda: nav.pseudonymise(f"{folder}/fnr.csv", f"{folder}/ut.csv", key=key)))
"""


def test_no_number_and_no_name_is_left_in_any_object_after_reading(tmp_path: Path) -> None:
    """Refused, dropped or replaced, from csv, xlsx and parquet, with the problems and extracts kept alive."""
    import duckdb

    numbers = many(15)
    tables = {
        "fnr": {"fnr": numbers, "Sluttårsak": ["Arbeid"] * 15},
        "notat": {"Løpenummer": [f"P-{at}" for at in range(15)], "notat": [f"ringte {number}" for number in numbers]},
        "navn": {"Løpenummer": [f"P-{at}" for at in range(15)], "Navn": [f"{NAME} {at}" for at in range(15)]},
    }
    for name, columns in tables.items():
        frame = pd.DataFrame(columns)
        frame.to_csv(tmp_path / f"{name}.csv", sep=";", index=False)
        frame.to_excel(tmp_path / f"{name}.xlsx", index=False)
        with duckdb.connect() as connection:
            connection.register("t", frame)
            connection.execute(f"COPY t TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    walks, said = left_alone(READ, str(tmp_path), str(key(tmp_path)), planted=[*numbers, NAME])
    assert said == ["identity_numbers", "identity_numbers", "", ""] * 3 + [""]
    assert walks == [[]] * 13


# --- B181 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["number", "integer", "date", "flag"])
def test_b181_a_cell_that_cannot_be_read_is_told_by_its_shape(kind: str, tmp_path: Path) -> None:
    book = Codebook((Column("x", kind, headers=("x",)),))
    rows = {"number": "12,5", "integer": "3", "date": "01.02.2019", "flag": "ja"}[kind]
    path = written(tmp_path, {"x": [rows, f"{NAME} {NEARLY}", rows]})
    problem = refused(partial(nav.read, path, book))
    names(problem, ("«x»", "3", "Aaaa Aaaaaa 99999999999"))
    no_leak([problem.text()], [NEARLY])


# --- what leaves the room -----------------------------------------------------------------------------------------


def test_b184_small_cells_of_a_table_are_hidden_with_others_and_counted() -> None:
    offices = {"Øst": {"job": 40, "no_show": 2, "other": 60}, "Vest": {"job": 30, "no_show": 20, "other": 50}}
    offices["Nord"] = {"job": 9, "no_show": 30, "other": 4}
    safe = nav.release(nav.from_counts(offices).proportion())
    hidden = safe.table["events"].isna()
    assert int(hidden.sum()) == dict(next(iter(safe.decisions)).facts)["hidden"] >= 4
    names_of = [one.text(language) for one in safe.decisions for language in ("nb", "nn", "en")]
    assert all(str(int(hidden.sum())) in text for text in names_of)
    assert safe.table["events"].min() >= 5


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_b185_one_small_cell_of_a_row_is_never_hidden_alone(few: int) -> None:
    """Everything the row of 40 still says leaves the small cell every value from 1 to 4."""
    counts = {"job": few, "no_show": 16, "other": 24 - few}
    table = nav.release(nav.from_counts(counts).proportion()).table.set_index("cause")
    hidden = table["events"].isna()
    assert hidden["job"] and hidden.sum() >= 2
    rest = 40 - int(table["events"].sum())
    possible = (
        {job for job in range(1, 5) for other in range(rest + 1) if other >= 5 and job + other == rest}
        if hidden.sum() == 2
        else {1, 2, 3, 4}
    )
    assert possible == {1, 2, 3, 4}
    assert table.loc[hidden, ["estimate", "conf_low", "conf_high"]].isna().all(axis=None)


def followed(number: int, endings: Sequence[str] = ("job", "other")) -> nav.Cohort:
    draw = np.random.default_rng(1)
    frame = pd.DataFrame({"time": np.ceil(draw.gamma(1.5, 120, number)), "ending": draw.choice(endings, number)})
    return nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="still")


def test_b187_no_curve_is_released_of_twelve_people() -> None:
    problem = refused(partial(nav.release, followed(12).survival_curve()))
    assert problem.key == "curve_of_few"
    names(problem, ("5", "20"))


def test_b187_a_curve_of_many_stands_on_months_with_enough_people_a_step() -> None:
    cohort = followed(200)
    safe = nav.release(cohort.cumulative_incidence())
    table = safe.table
    assert np.array_equal(table["time"], table["time"].round())
    counts = table.groupby("cause")["events"].apply(lambda events: events[events > 0].min())
    assert counts.min() >= 5
    assert "months_merged" in {one.key for one in safe.decisions}


def test_b188_a_curve_is_cut_where_few_are_left_and_says_when() -> None:
    """Everybody has left within 480 days but three, who are still followed after 600."""
    time = [*range(4, 484, 4), 600, 610, 620]
    frame = pd.DataFrame({"time": time, "ending": ["job"] * 120 + ["still"] * 3})
    cohort = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="still")
    safe = nav.release(cohort.survival_curve())
    assert safe.table["at_risk"].min() >= 5
    cut = [one for one in safe.decisions if one.key == "curve_cut"]
    month = int(dict(cut[0].facts)["month"])
    assert month < 20 and safe.table["time"].max() <= month
    assert all(str(month) in cut[0].text(language) for language in ("nb", "nn", "en"))


@pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")
@pytest.mark.parametrize(
    "asked",
    [
        lambda cohort: cohort.cox([nav.Category("office", reference="a")]),
        lambda cohort: cohort.covariates,
        lambda cohort: cohort.rows["time"].max(),
    ],
    ids=["B191 a model with a level of two", "rows", "B190 the longest time"],
)
def test_b190_b191_largest_values_and_models_do_not_leave_as_they_are(asked: Callable[..., Any]) -> None:
    draw = np.random.default_rng(3)
    frame = pd.DataFrame({"time": np.ceil(draw.gamma(1.5, 120, 60)), "ending": draw.choice(["job", "other"], 60)})
    frame["office"] = ["a"] * 30 + ["b"] * 28 + ["c"] * 2
    cohort = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="still")
    with pytest.raises(nav.Problem) as refusal:
        nav.release(asked(cohort))
    assert isinstance(refusal.value, nav.DisclosureRefused) or refusal.value.key == "cannot_release"


def test_b190_a_median_leaves_in_whole_months() -> None:
    exact, safe = followed(60).quantiles().table, nav.release(followed(60).quantiles()).table
    shown = safe[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    assert np.array_equal(shown, shown.round())
    assert abs(exact["estimate"].iloc[0] / 30.4375 - shown[0, 0]) < 2, "steps of few wait for others"


def test_b192_a_report_tells_nothing_of_who_made_it_where(tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "rapport", language="nb", title="Prøve") as bundle:
        bundle.add("kurve", nav.release(followed(200).survival_curve()), at=182)
    traces = {str(tmp_path), str(Path.cwd()), str(Path.home()), platform.node(), getpass.getuser()}
    traces = {trace for trace in traces if len(trace) > 4}
    files = [path for path in (tmp_path / "rapport").rglob("*") if path.is_file()]
    assert {".png", ".pdf", ".svg", ".docx", ".html"} <= {path.suffix for path in files}
    for path in files:
        for content in _readable(path):
            assert not [trace for trace in traces if trace.encode() in content], path.name


def _readable(path: Path) -> list[bytes]:
    """The bytes of a file, of the members of an archive, and of the packed streams of a PDF."""
    content = path.read_bytes()
    found = [content]
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            found += [archive.read(name) for name in archive.namelist()]
    if path.suffix == ".pdf":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            unpacked = zlib.decompressobj()
            try:
                found.append(unpacked.decompress(stream))
            except zlib.error:
                continue
    return found


def test_b189_a_group_in_which_everybody_is_alike_is_not_told_of() -> None:
    counts = {"Øst": {"sanction": 9, "warned": 0}, "Vest": {"sanction": 20, "warned": 30}}
    for table, shown in ((counts, "Øst"), ({**counts, "Øst": {"sanction": 0, "warned": 9}}, "Øst")):
        problem = refused(partial(nav.release, nav.from_counts(table).proportion()), nav.DisclosureRefused)
        assert problem.key == "group_all_alike"
        names(problem, ("1", "2", shown))
    small = nav.release(nav.from_counts({**counts, "Øst": {"sanction": 3, "warned": 0}}).proportion()).table
    assert small.loc[small["group"] == "Øst", ["estimate", "events"]].isna().all(axis=None), "hidden with its few"
    assert nav.release(nav.from_counts({**counts, "Øst": {"sanction": 30, "warned": 9}}).proportion()).table is not None
