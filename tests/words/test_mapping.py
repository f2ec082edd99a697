"""The mapping an office writes: what it may say, what it does, and what is refused."""

from __future__ import annotations

import tomllib
from functools import partial
from inspect import signature
from pathlib import Path

import pytest
from bad_input import NUMBER, column
from bad_rows import write
from canaries import accepted, names, refused, remarks

import navoutcomes as nav
from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.columns.mapping import OPTIONS
from navoutcomes.records.columns.mapping_file import EXAMPLES
from navoutcomes.records.reading import DEFAULTS
from navoutcomes.texts import LANGUAGES, use_language

OWN = {
    "Nr": ["P-1", "P-2"],
    "Inn": ["04/05/2019", "06/05/2019"],
    "fom": ["x", "y"],
    "kode": ["1", "2"],
    "vekk": ["a", "b"],
}


def test_a_mapping_names_columns_says_kinds_leaves_out_and_sets_options(tmp_path: Path) -> None:
    path = write(tmp_path, {**OWN, "Løpenummer": ["q", "r"]})
    columns = {"Nr": "person", "inn": "start", "fom": "", "vekk": "-", "kode": "sone", "Løpenummer": "gammelt"}
    mapping = {"columns": columns, "kinds": {"kode": "word"}, "read": {"date_format": "dd/mm/yyyy"}}
    extract, _ = accepted(partial(nav.read, path, mapping=mapping))
    assert column(extract, "person") == ["P-1", "P-2"]
    assert column(extract, "start") == ["2019-05-04", "2019-05-06"]
    assert column(extract, "fom") == ["x", "y"]
    assert column(extract, "sone") == ["1", "2"]
    assert column(extract, "gammelt") == ["q", "r"]
    assert "vekk" not in extract.frame
    remarks(extract, "columns_left_out", ("«vekk»",))
    remarks(extract, "columns_recognised", ("«Nr» →", "«Inn» →", "«kode» → sone"))


def test_what_the_caller_says_goes_before_the_mapping(tmp_path: Path) -> None:
    path = write(tmp_path, {"Løpenummer": ["P-1"], "fom": ["04/05/2019"]})
    extract = nav.read(path, mapping={"read": {"date_format": "dd/mm/yyyy"}}, date_format="mm/dd/yyyy")
    assert column(extract, "start") == ["2019-04-05"]


def test_headers_of_last_year_are_worth_a_warning(tmp_path: Path) -> None:
    path = write(tmp_path, {"Løpenummer": ["P-1"], "fom": ["01.02.2019"]})
    extract, said = accepted(partial(nav.read, path, mapping={"columns": {"Startdag": "start"}}))
    remarks(extract, "mapping_headers_absent", ("«Startdag»",), "warning")
    assert said


def test_an_identity_number_in_a_column_left_out_is_refused_all_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, {"Løpenummer": ["P-1"], "gammelt": [NUMBER]})
    assert refused(partial(nav.read, path, mapping={"columns": {"gammelt": "-"}})).key == "identity_numbers"


@pytest.mark.parametrize(
    ("mapping", "key", "told"),
    [
        ({"kolonner": {}}, "mapping_keys_unknown", ("«kolonner»", "columns")),
        ({"columns": "x"}, "mapping_keys_unknown", ("«columns»",)),
        ({"read": {"codebook": "x"}}, "mapping_keys_unknown", ("«read.codebook»",)),
        ({"read": {"pseudonymise": "x"}}, "mapping_keys_unknown", ("«read.pseudonymise»",)),
        ({"columns": {"a": 3}}, "mapping_values_wrong", ("«columns.a»",)),
        ({"kinds": {"a": "dato"}}, "mapping_values_wrong", ("«kinds.a»", "date")),
        ({"read": {"header_row": "2"}}, "mapping_values_wrong", ("«read.header_row»",)),
        ({"columns": {"Nr": "-", "Saksref": "-", "Person": "-"}}, "mapping_leaves_nothing", ("«Nr»",)),
        ({"columns": {"Nr": "person"}}, "columns_mean_the_same", ("person", "«Nr»", "«Person»")),
        ({"read": {"date_format": "x"}}, "option_not_understood", ("date_format=",)),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_by_name(
    mapping: dict[str, object], key: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    path = write(tmp_path, {"Person": ["P-1"], "Nr": ["P-1"]})
    problem = refused(partial(nav.read, path, mapping=mapping))
    assert problem.key == key
    names(problem, told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mapping_a_check_writes_is_read_back_and_changes_nothing(language: str, tmp_path: Path) -> None:
    path = write(tmp_path, {"Løpenummer": ["P-1"], "fom": ["01.02.2019"], 'Odd "name" \\ æ': ["1"], "x=y": ["2"]})
    use_language(language)
    try:
        seen, _ = accepted(partial(nav.inspect_source, path))
    finally:
        use_language("nb")
    content = tomllib.loads(seen.mapping)
    assert content["columns"]["fom"] == "start" and content["read"] == {} and content["kinds"] == {}
    mapping = tmp_path / "kart.toml"
    mapping.write_text(seen.mapping, encoding="utf-8")
    assert nav.read(path, mapping=mapping).frame.equals(nav.read(path).frame)
    opened = "\n".join(line.removeprefix("# ") if " = " in line else line for line in seen.mapping.splitlines())
    assert set(tomllib.loads(opened[opened.index("[read]") :])["read"]) == set(OPTIONS)


def test_every_option_of_a_mapping_is_an_option_of_read_with_the_same_default() -> None:
    parameters = signature(nav.read).parameters
    assert set(OPTIONS) == set(EXAMPLES) == set(DEFAULTS)
    for name, default in DEFAULTS.items():
        assert parameters[name].default == default


def test_a_look_goes_on_after_the_first_fault_and_finds_every_other(tmp_path: Path) -> None:
    path = write(tmp_path, {"fom": ["04/05/2019"], "tom": ["30.02.2019"], "beløp": ["1.234"], "alder": ["200"]})
    seen, _ = accepted(partial(nav.inspect_source, path))
    assert [one.key for one in seen.problems] == [
        "dates_order_ambiguous", "dates_impossible", "numbers_ambiguous", "numbers_outside_limits",
    ]  # fmt: skip
    assert seen.refused().count("\n\n") == 3
    assert "4" in seen.verdict()
    assert refused(partial(nav.inspect_source, path, kolonne=1)).key == "option_not_understood"


def test_a_file_in_which_nothing_is_recognised_is_not_called_sound(tmp_path: Path) -> None:
    path = tmp_path / "ukjent.csv"
    path.write_text("kol0;kol1\nA-1;ja\nB-2;nei\n", encoding="utf-8")
    seen, _ = accepted(partial(nav.inspect_source, path))
    assert "kan leses som den er" not in seen.verdict()
    assert "tilordningen" in seen.verdict()
    known, _ = accepted(partial(nav.inspect_source, write(tmp_path, {"fom": ["01.02.2019"], "tom": ["02.03.2019"]})))
    assert "kan leses som den er" in known.verdict()


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (("Løpenummer", "løpenr.", "Pseudonym", "PERSON_ID"), "person"),
        (("Startdato", "fra og med", "frå og med", "Byrja dato", "Start date", "from_date"), "start"),
        (("Sluttdato", "til og med", "Avslutta dato", "Avsluttet dato", "End date"), "end"),
        (("Sluttårsak", "Avgangsgrunn", "Exit reason", "årsak"), "reason"),
        (("Fødselsår", "Year of birth"), "birth_year"),
        (("Kjønn", "Gender"), "sex"),
        (("NAV-kontor", "Nav-eining", "Nav office"), "office"),
        (("Uttrekksdato", "Datauttak", "Extraction date"), "extracted"),
        (("Søknad registrert", "Application registered"), "registered_date"),
        (("Vedtaksdato", "Decision"), "decision_date"),
        (("Første kontakt", "First contact"), "contact_date"),
    ],
)
def test_headers_in_bokmal_nynorsk_and_english_mean_the_same(headers: tuple[str, ...], name: str) -> None:
    book = USUAL_COLUMNS.columns
    for header in headers:
        found = [one.name for one in book if plain(header) in {plain(known) for known in (one.name, *one.headers)}]
        assert found == [name], header
