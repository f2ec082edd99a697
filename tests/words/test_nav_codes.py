"""Codes of Nav: other spellings are understood, wrong ones are refused with what comes near, and nothing is guessed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes.records.codes.lists import STAGES, _sets
from navoutcomes.records.columns.codebook import EXIT_CLASSES
from navoutcomes.texts import LANGUAGES

MISSPELT = {
    "MIDLERTIDIG_LONNSTLSKUDD": "MIDLERTIDIG_LONNSTILSKUDD",
    "VARIG_LONNSTILSKUD": "VARIG_LONNSTILSKUDD",
    "INKLUDERINGSTILSKUD": "INKLUDERINGSTILSKUDD",
    "FIREARIG_LONNSTILSUDD": "FIREARIG_LONNSTILSKUDD",
}


def read(folder: Path, **columns: list[str]) -> nav.Extract:
    """A small csv of the office, read."""
    lines = [";".join(columns), *(";".join(row) for row in zip(*columns.values(), strict=True))]
    path = folder / "register.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nav.read(path)


def refused(call: Callable[[], object]) -> nav.Problem:
    with warnings.catch_warnings(), pytest.raises(nav.Problem) as caught:
        warnings.simplefilter("ignore")
        call()
    for language in LANGUAGES:
        assert all(part.strip() for part in caught.value.parts(language))
    return caught.value


@pytest.mark.parametrize("name", _sets())
def test_every_code_has_labels_in_three_languages_a_source_and_a_known_class(name: str) -> None:
    for code in nav.code_list(name).codes:
        assert all(code.label.text(language).strip() for language in LANGUAGES)
        assert code.source
        assert code.exit_class is None or code.exit_class in (*EXIT_CLASSES, *STAGES), code.code


def test_the_programmes_are_current_retired_and_municipal() -> None:
    programmes = nav.code_list("programme")
    assert {"INDIVIDUELL_JOBBSTOTTE", "ABIST", "INNSATSGJENGEN", "AKTIVTILTAKET", "KVP"} <= {
        one.code for one in programmes.codes
    }
    assert len(nav.code_list("tiltakskode").codes) == 29
    assert len(nav.code_list("arena_tiltakskode_legacy").codes) == 10
    assert len(nav.code_list("innsatsgruppe").codes) == 5


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("INDJOBSTOT", "INDIVIDUELL_JOBBSTOTTE"),
        ("Individuell jobbstøtte (IPS)", "INDIVIDUELL_JOBBSTOTTE"),
        ("individuell jobbstotte", "INDIVIDUELL_JOBBSTOTTE"),
        ("VASV", "VARIG_TILRETTELAGT_ARBEID_SKJERMET"),
        ("Mellombels lønstilskot", "MIDLERTIDIG_LONNSTILSKUDD"),
        *MISSPELT.items(),
    ],
)
def test_codes_of_arena_labels_and_known_misspellings_mean_the_code(word: str, code: str) -> None:
    assert nav.code_list("programme").code(word).code == code


def test_old_names_of_need_groups_mean_the_new_ones() -> None:
    groups = nav.code_list("innsatsgruppe")
    assert groups.code("BATT").code == "TRENGER_VEILEDNING_NEDSATT_ARBEIDSEVNE"
    assert groups.code("STANDARD_INNSATS").code == "GODE_MULIGHETER"
    problem = refused(lambda: groups.code("VARIG"))
    assert problem.key == "code_ambiguous_word"
    assert problem.facts["choices"] == ("JOBBE_DELVIS", "LITEN_MULIGHET_TIL_A_JOBBE")


def test_a6_a_misspelt_programme_is_accepted_with_a_note(tmp_path: Path) -> None:
    extract = read(tmp_path, pid=["P-1", "P-2", "P-3"], tiltakskode=["VARIG_LONNSTILSKUD", "MENTOR", ""])
    with pytest.warns(nav.DataWarning, match="1 av 3"):
        recoded = nav.recode(extract, "programme", "programme")
    assert recoded.frame["programme"].tolist() == ["VARIG_LONNSTILSKUDD", "MENTOR", None]


def test_a6_a_wrong_reason_is_refused_with_the_right_one_proposed(tmp_path: Path) -> None:
    extract = read(tmp_path, pid=["P-1", "P-2", "P-3"], årsak=["FATT_JOBB", "TRENGER_ANNEN_HJELP", "SYK"])
    problem = refused(lambda: nav.recode(extract, "reason", "deltaker_aarsak"))
    assert problem.key == "code_unknown"
    assert problem.facts["near"] == ("TRENGER_ANNEN_STOTTE",)
    assert problem.facts["rows"] == (3,)
    text = problem.text("nb")
    assert "TRENGER_ANNEN_STOTTE" in text
    assert "TRENGER_ANNEN_HJELP" not in text
    assert "årsak" in text


def test_words_near_to_nothing_are_refused_without_a_proposal(tmp_path: Path) -> None:
    extract = read(tmp_path, pid=["P-1", "P-2"], årsak=["Kari Canary ringte", "???"])
    problem = refused(lambda: nav.recode(extract, "reason", "deltaker_aarsak"))
    assert problem.facts["near"] == ("–",)
    assert "Canary" not in problem.text("nb") + problem.text("en")


def test_a_code_of_arena_that_was_divided_needs_a_choice(tmp_path: Path) -> None:
    extract = read(tmp_path, pid=["P-1", "P-2"], tiltakskode=["GRUPPEAMO", "MENTOR"])
    problem = refused(lambda: nav.recode(extract, "programme", "programme"))
    assert problem.key == "code_ambiguous"
    assert "GRUPPEAMO" in str(problem)
    assert "STUDIESPESIALISERING" in str(problem)
    chosen = nav.recode(extract, "programme", "programme", choose={"GRUPPEAMO": "STUDIESPESIALISERING"})
    assert chosen.frame["programme"].tolist() == ["STUDIESPESIALISERING", "MENTOR"]


def test_an_office_adds_programmes_of_its_own(tmp_path: Path) -> None:
    own = nav.Code("JOBBHUSET", nav.Text("Jobbhuset", "Jobbhuset", "The job house"))
    codes = nav.code_list("municipal_programme").extended([own])
    assert codes.code("jobbhuset") is own
    file = tmp_path / "tiltak.csv"
    file.write_text("code;nb;nn;en;exit_class\nJOBBHUSET;Jobbhuset;Jobbhuset;The job house;\n", encoding="utf-8-sig")
    assert nav.code_list("programme").extended(file).code("Jobbhuset").label.en == "The job house"
    extract = read(tmp_path, pid=["P-1"], tiltak=["Jobbhuset"])
    assert nav.recode(extract, "programme", codes).frame["programme"].tolist() == ["JOBBHUSET"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("code;nb;nn;en\nKVP;a;b;c\n", "codes_twice"),
        ("code;nb;nn\nX;a;b\n", "codes_file_unreadable"),
        ("", "codes_file_unreadable"),
        ("code,nb,nn,en\nX,a,,c\n", "codes_file_row"),
        ("code,nb,nn,en,exit_class\nX,a,b,c,jobb\n", "codes_file_row"),
    ],
)
def test_a_file_of_codes_that_cannot_serve_is_refused(content: str, key: str, tmp_path: Path) -> None:
    file = tmp_path / "tiltak.csv"
    file.write_text(content, encoding="utf-8")
    assert refused(lambda: nav.code_list("programme").extended(file)).key == key


def test_an_unknown_list_is_refused_with_the_lists_there_are() -> None:
    assert "deltaker_aarsak" in str(refused(lambda: nav.code_list("aarsak")))
