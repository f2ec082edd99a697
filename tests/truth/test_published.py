"""The published facts are complete, typed and add up."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from navoutcomes.errors import DataProblem
from navoutcomes.records.published import COLUMNS, FILE, FOLDER, TEXT_UNITS, fact, facts, facts_for
from navoutcomes.texts import LANGUAGES, table

LETTERS = {"FE": 61, "ST": 51, "DR": 15, "HA": 26, "FR": 15}


def number(fact_id: str) -> float:
    return fact(fact_id).number


def budget(indicator: str, year: int) -> float:
    (one,) = (found for found in facts_for(indicator=indicator, municipality="Stavanger") if found.period == str(year))
    return one.number


def copy_with(folder: Path, old: str, new: str) -> Path:
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_there_are_168_facts_with_ids_that_count_through_the_documents() -> None:
    expected = [f"{letters}{n:03d}" for letters, count in LETTERS.items() for n in range(1, count + 1)]
    assert [one.fact_id for one in facts()] == expected
    assert len(expected) == 168


def test_each_document_is_named_and_belongs_to_one_set_of_letters() -> None:
    sources = {(one.fact_id[:2], one.source) for one in facts()}
    assert len(sources) == len(LETTERS) == len({source for _, source in sources})
    assert all(
        source.startswith(f"00{n}_") and source.endswith(".txt") for n, (_, source) in enumerate(_by_file(sources))
    )


def _by_file(sources: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(sources, key=lambda pair: pair[1])


def test_the_file_holds_no_quotation_and_no_long_text() -> None:
    with (FOLDER / FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == COLUMNS
    assert "quote" not in rows[0]
    assert max(len(cell.split()) for row in rows[1:] for cell in row) <= 11
    assert not any(mark in cell for row in rows for cell in row for mark in '"«»“”')


def test_the_file_is_utf8_with_unix_line_ends_and_no_mark_in_front() -> None:
    content = (FOLDER / FILE).read_bytes()
    assert content.startswith(b"fact_id,")
    assert b"\r" not in content
    assert "Fræna" in content.decode("utf-8")


def test_every_value_has_the_type_of_its_unit() -> None:
    for one in facts():
        expected = str if one.unit in TEXT_UNITS else date if one.unit == "date" else float
        assert type(one.value) is expected, one.fact_id
    assert fact("FR011").value == date(2017, 1, 1)
    assert fact("DR015").value == "14a"
    assert fact("FE031").value == 0.0


def test_a_date_is_not_a_number() -> None:
    with pytest.raises(TypeError, match="FR011 is a date"):
        _ = fact("FR011").number


def test_innsatsgjengen_adds_up_to_656_and_the_percentages_follow() -> None:
    counts = [number("FR005"), number("FR007"), number("FR009")]
    assert counts == [147, 192, 317]
    assert sum(counts) == 656
    assert [round(100 * count / 656, 1) for count in counts] == [number(f"FR{n:03d}") for n in (6, 8, 10)]


@pytest.mark.parametrize(("year", "corrected"), [(2015, 217729), (2016, 216329), (2017, 216329), (2018, 216329)])
def test_the_budget_of_stavanger_adds_up_in_each_year(year: int, corrected: int) -> None:
    parts = [
        "net_budget_originally_adopted",
        "change_social_assistance (item 149)",
        "change_reduce_staffing (item 150)",
        "change_efficiency_requirement (item 151)",
        "internal_budget_corrections",
    ]
    amounts = [budget(part, year) for part in parts]
    assert amounts == [196929, 20000, 0 if year == 2015 else -1400, -200, 1000]
    assert sum(amounts) == budget("net_budget_corrected", year) == corrected


def test_the_overspend_of_fraena_eide_is_accounts_minus_budget() -> None:
    assert number("FE058") - number("FE057") == number("FE059") == 2962
    assert (number("FE057"), number("FE058")) == (10898, 13860)


def test_recipients_under_30_are_72_of_210_and_16_of_52() -> None:
    assert [(one.municipality, one.number) for one in facts_for(indicator="recipients")] == [
        ("Fræna", 210),
        ("Fræna", 72),
        ("Eide", 52),
        ("Eide", 16),
    ]


def test_conditions_must_all_hold_and_no_condition_gives_everything() -> None:
    assert len(facts_for(municipality="Fredrikstad")) == 15
    assert [one.fact_id for one in facts_for(programme="Innsatsgjengen", indicator="exits_to_work")] == ["FR005"]
    assert facts_for(municipality="Drammen", programme="Innsatsgjengen") == ()
    assert facts_for() == facts()


def test_a_missing_file_is_explained_in_four_parts_and_three_languages(tmp_path: Path) -> None:
    with pytest.raises(DataProblem) as caught:
        facts(tmp_path)
    assert caught.value.key == "published_missing"
    for language in LANGUAGES:
        assert all(caught.value.parts(language))
        assert FILE in caught.value.parts(language)[0]
        assert str(tmp_path) not in caught.value.text(language)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2017-01-01", "1.1.2017"), (",7.2,", ',"7,2",'), (",7.7,", ",nan,"), (",exits_to_work,", ",")],
    ids=["norwegian date", "decimal comma", "not a number", "a column short"],
)
def test_a_value_its_unit_does_not_allow_is_named_by_row(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(DataProblem) as caught:
        facts(copy_with(tmp_path, old, new))
    (row,) = caught.value.facts["rows"]
    assert caught.value.key == "published_values"
    assert new in (tmp_path / FILE).read_text(encoding="utf-8").splitlines()[row - 1]
    assert all("{" not in caught.value.text(language) for language in LANGUAGES)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataProblem) as caught:
        facts(copy_with(tmp_path, "municipality", "kommune"))
    assert caught.value.key == "published_columns"
    assert "“municipality”" in caught.value.text("en")


def test_a_file_a_spreadsheet_saved_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes((FOLDER / FILE).read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(DataProblem) as caught:
        facts(tmp_path)
    assert caught.value.key == "published_encoding"


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(DataProblem) as caught:
        fact("FR999")
    assert caught.value.key == "published_unknown"
    assert "FR999" in caught.value.text("nn")


def test_every_problem_of_this_room_has_four_parts_in_three_languages() -> None:
    keys = [key for key in table("problems") if key.startswith("published_")]
    assert len(keys) == 5
    for key in keys:
        assert {part: set(texts) for part, texts in table("problems")[key].items()} == {
            part: set(LANGUAGES) for part in ("what", "where", "why", "fix")
        }
