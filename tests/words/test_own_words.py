"""An office's own words for endings: a check lists them, the mapping translates them, and no protection is lifted."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import navoutcomes as nav

OWN = {"Arbeid": "Kom i jobb", "Manglende oppmøte": "Møtte aldri"}


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    lines = ["Løpenummer;Fra dato;Til dato;Utfall"]
    ends = [*(["Kom i jobb"] * 12), *(["Møtte aldri"] * 9), "Flyttet til Spania"]
    lines += [f"P-{at:03d};01.02.2019;{1 + at:02d}.05.2019;{word}" for at, word in enumerate(ends)]
    path = tmp_path / "eget.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_check_lists_the_words_of_many_and_none_of_a_single_person(extract: Path) -> None:
    seen = nav.inspect_source(extract)
    assert dict(seen.words) == {"Utfall": ("Kom i jobb", "Møtte aldri")}
    assert '[words."Utfall"]' in seen.mapping
    assert "Spania" not in seen.found() + seen.mapping
    assert tomllib.loads(seen.mapping)["words"] == {"Utfall": {"Kom i jobb": "", "Møtte aldri": ""}}


def test_words_of_a_mapping_become_classes_and_the_log_counts_them(extract: Path) -> None:
    words = {"Utfall": {"kom i jobb ": "job", "Møtte aldri": "no_show", "Flyttet til Spania": "Annet", "Soning": ""}}
    spells = nav.Spells.from_extract(nav.read(extract, mapping={"words": words}))
    assert spells.frame["exit_class"].value_counts().to_dict() == {"job": 12, "no_show": 9, "other": 1}
    assert next(one for one in spells.log if one.key == "words_read_as").text("en").endswith("22 of 22 rows.")


def test_a_word_that_is_not_in_the_column_is_worth_a_warning(extract: Path) -> None:
    with pytest.warns(nav.DataWarning, match="1 av 1 ord"):
        nav.read(extract, mapping={"words": {"Utfall": {"Komijobb": "job"}}})


def test_words_that_are_no_words_are_refused(extract: Path) -> None:
    with pytest.raises(nav.DataProblem) as refused:
        nav.read(extract, mapping={"words": {"Utfall": "job"}})
    assert refused.value.key == "mapping_values_wrong"


def test_no_mapping_translates_a_protected_address_away(tmp_path: Path) -> None:
    path = tmp_path / "vernet.csv"
    path.write_text("Løpenummer;fom;Gradering\nP-1;01.02.2019;fortrolig\nP-2;01.02.2019;\n", encoding="utf-8")
    with pytest.raises(nav.DataProblem) as refused:
        nav.read(path, mapping={"words": {"Gradering": {"fortrolig": "ingen"}}})
    assert "protected" in refused.value.key or "private" in refused.value.key
