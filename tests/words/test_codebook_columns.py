"""Columns are recognised by their headers, and pseudonyms, words and flags are read by the codebook."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from bad_input import NAME, accepted, check_told, column, refused, write_csv

from navoutcomes.errors import DataProblem
from navoutcomes.records.columns.codebook import EXIT_CLASSES, KINDS, Codebook, Column
from navoutcomes.records.extract import read


@pytest.mark.parametrize(
    "header", ["Fra dato", "FraDato", "fra_dato", "FOM", "Startdato", "start", "\ufefffom", "f.o.m."]
)
def test_b097_headers_are_recognised_however_they_are_written(tmp_path: Path, header: str) -> None:
    result, _ = accepted(partial(read, write_csv(tmp_path, {header: ["01.01.2019"]})))
    assert "start" in result.frame
    assert "Startdato" in next(note.text() for note in result.log if note.key == "columns_recognised")


def test_being_referred_starts_a_spell_only_when_nothing_else_does(tmp_path: Path) -> None:
    alone, _ = accepted(partial(read, write_csv(tmp_path, {"Henvist dato": ["01.01.2019"]})))
    beside, _ = accepted(partial(read, write_csv(tmp_path, {"Henvist dato": ["01.01.2019"], "fom": ["02.01.2019"]})))
    assert column(alone, "start") == ["2019-01-01"]
    assert column(beside, "referred") + column(beside, "start") == ["2019-01-01", "2019-01-02"]


def test_a_missing_column_names_what_was_expected_and_what_was_found(tmp_path: Path) -> None:
    book = Codebook((Column("person", "id", headers=("pid",)), Column("reason", "word", headers=("sluttårsak",))))
    problem = refused(partial(read, write_csv(tmp_path, {"pid": ["P-1"], "utfall": ["Arbeid"]}), book))
    assert problem.key == "column_missing"
    check_told(problem, ("uttrekk.csv", "«reason»", "«sluttårsak»", "«utfall»", "«pid»", "headers="))


def test_b047_blank_pseudonyms_are_refused_or_left_out_with_a_warning(tmp_path: Path) -> None:
    path = write_csv(tmp_path, {"Løpenummer": ["P-1", "", " \u00a0", "P-4"], "antall": ["1", "2", "3", "4"]})
    problem = refused(partial(read, path))
    assert problem.key == "id_blank"
    check_told(problem, ("«Løpenummer»", "2", "4", "3, 4", "blank_id="))
    result, said = accepted(partial(read, path, blank_id="drop"))
    assert column(result, "antall") == [1, 4]
    assert result.rows.tolist() == [2, 5]
    assert "3, 4" in said[0]


def test_b049_pseudonyms_made_powers_of_ten_are_refused(tmp_path: Path) -> None:
    problem = refused(partial(read, write_csv(tmp_path, {"Løpenummer": ["1,5E+07", "P-2"]})))
    assert problem.key == "id_damaged"
    check_told(problem, ("«Løpenummer»", "1", "2"))


def test_b050_pseudonyms_are_trimmed_and_nothing_else(tmp_path: Path) -> None:
    ids = ["123", "0123", "a12", "A12", " 123 "]
    result, _ = accepted(partial(read, write_csv(tmp_path, {"Løpenummer": ids})))
    assert column(result, "person") == ["123", "0123", "a12", "A12", "123"]


def test_words_of_the_codebook_are_found_whatever_their_capitals(tmp_path: Path) -> None:
    book = Codebook((Column("reason", "word", headers=("årsak",), values={"Fått arbeid": "job", "Annet": "other"}),))
    path = write_csv(tmp_path, {"årsak": ["fått ARBEID ", "annet", "", "job"]})
    result, _ = accepted(partial(read, path, book))
    assert column(result, "reason") == ["job", "other", None, "job"]
    problem = refused(partial(read, write_csv(tmp_path, {"årsak": ["Arb.", "Annet", NAME]}), book))
    assert problem.key == "words_not_in_codebook"
    check_told(problem, ("«årsak»", "2", "«Aaa.»", "«Aaaa Aaaaaa»", "values="))


def test_yes_and_no_in_many_ways_are_flags(tmp_path: Path) -> None:
    book = Codebook((Column("randomised", "flag", headers=("trukket",)),))
    result, _ = accepted(partial(read, write_csv(tmp_path, {"trukket": ["Ja", "nei", "1", "FALSE", ""]}), book))
    assert column(result, "randomised") == [True, False, True, False, None]
    problem = refused(partial(read, write_csv(tmp_path, {"trukket": ["kanskje"]}), book))
    assert problem.key == "flags_unreadable"
    check_told(problem, ("«trukket»", "«aaaaaaa»"))


@pytest.mark.parametrize(
    "made",
    [
        lambda: Column("start", "dato"),
        lambda: Codebook((Column("start", "date"), Column("Start", "date"))),
        lambda: Codebook((Column("start", "date", headers=("fom",)), Column("end", "date", headers=("F O M",)))),
    ],
)
def test_a_codebook_that_contradicts_itself_is_refused(made: Callable[[], object]) -> None:
    with pytest.raises(DataProblem) as caught:
        made()
    assert caught.value.key in ("codebook_kind_unknown", "codebook_names_shared")
    assert "start" in caught.value.text("en")


def test_the_kinds_and_the_exit_classes_are_the_agreed_ones() -> None:
    assert KINDS == ("id", "date", "number", "integer", "word", "flag")
    assert len(EXIT_CLASSES) == len(set(EXIT_CLASSES)) == 15
    assert {"job", "no_show", "imprisonment", "completed_unknown"} <= set(EXIT_CLASSES)


def test_a_codebook_for_one_column_leaves_the_usual_headers_recognised(tmp_path: Path) -> None:
    book = Codebook((Column("reason", "word", headers=("avgang",), values={"A1": "job"}),))
    columns = {"fom": ["01.01.2019"], "Henvist dato": ["31.12.2018"], "årsak": ["fritt"], "avgang": ["a1"]}
    result, _ = accepted(partial(read, write_csv(tmp_path, columns), book))
    assert list(result.frame)[:5] == ["person", "start", "referred", "årsak", "reason"]
    assert column(result, "reason") == ["job"]
