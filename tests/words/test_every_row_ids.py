"""Rows B046 to B056 of the bad inputs: who is who, in one file and across two.

Each file holds a canary name and the canary number inside a case number; neither is said anywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from canaries import accepted, names, planted, refused, remarks

import navoutcomes as nav
from navoutcomes.records.columns.codebook import Codebook, Column

BOOK = Codebook((Column("person", "id", headers=("løpenummer",)),))


def written(folder: Path, name: str, columns: Mapping[str, Sequence[str]]) -> Path:
    """A csv with the canaries in every row."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        full = planted(columns)
        writer.writerow(full)
        writer.writerows(zip(*full.values(), strict=True))
    return path


def extract(folder: Path, name: str, **columns: Sequence[str]) -> nav.Extract:
    return nav.read(written(folder, name, {"Løpenummer": columns.pop("person"), **columns}))


def pair(folder: Path, left: Sequence[str], right: Sequence[str], **more: Sequence[str]) -> tuple[Any, Any]:
    people = extract(folder, "personer.csv", person=left)
    return people, extract(folder, "utfall.csv", person=right, jobb=["ja"] * len(right), **more)


def test_b046_a_file_without_the_column_of_pseudonyms_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "uttrekk.csv", {"fom": ["01.02.2019"], "kode": ["x"]})
    problem = refused(partial(nav.read, path, BOOK))
    assert problem.key == "column_missing"
    names(problem, ("uttrekk.csv", "«person»", "«løpenummer»", "«fom»", "«kode»"))


def test_b046_and_so_is_a_pair_of_files_when_one_of_them_lacks_it(tmp_path: Path) -> None:
    people = extract(tmp_path, "personer.csv", person=["P-1"])
    other = nav.read(written(tmp_path, "utfall.csv", {"kode": ["P-1"]}))
    problem = refused(partial(nav.link, people, other))
    names(problem, ("utfall.csv", "«person»", "«kode»"))


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0"])
def test_b047_people_without_a_pseudonym_are_never_one_person(blank: str, tmp_path: Path) -> None:
    ids = [f"P-{at}" for at in range(20)] + [blank] * 14
    path = written(tmp_path, "uttrekk.csv", {"Løpenummer": ids})
    problem = refused(partial(nav.read, path))
    assert problem.key == "id_blank"
    names(problem, ("14", "34", "22", "blank_id"))
    result, said = accepted(partial(nav.read, path, blank_id="drop"))
    assert len(result.frame) == 20
    remarks(result, "ids_blank_dropped", ("14", "34", "22"), "warning")
    assert said


@pytest.mark.parametrize("damaged", ["1.01E+10", "1,01E+10", "1,01e+10", "1E+11", "4.7811E+12"])
def test_b049_a_pseudonym_a_spreadsheet_has_made_a_power_of_ten_is_refused(damaged: str, tmp_path: Path) -> None:
    path = written(tmp_path, "uttrekk.csv", {"Løpenummer": ["P-1", damaged, "P-3", damaged]})
    problem = refused(partial(nav.read, path))
    assert problem.key == "id_damaged"
    names(problem, ("«Løpenummer»", "2", "4", "3, 5"))


def test_b050_blanks_around_a_pseudonym_are_taken_away_and_nothing_else(tmp_path: Path) -> None:
    ids = [f"K{at:03}" for at in range(96)]
    people, outcomes = pair(tmp_path, [*ids, "123 ", "a12"], [*(f" {one} " for one in ids), "0123", "A12"])
    assert people.frame["person"].tolist()[-2:] == ["123", "a12"]
    result, _ = accepted(partial(nav.link, people, outcomes, min_match=0.9))
    assert (result.matches.matched, result.matches.near, result.matches.repaired) == (96, 2, 0)
    remarks(result, "link_near_left", ("2", "near="), "warning")
    assert result.frame["jobb"].notna().sum() == 96


def test_b050_pseudonyms_that_differ_in_spelling_are_matched_when_asked_and_only_one_can_be_meant(
    tmp_path: Path,
) -> None:
    people, outcomes = pair(tmp_path, ["0123", "A-12", "b7"], ["123", "a12", "b7"])
    result, _ = accepted(partial(nav.link, people, outcomes, near="repair"))
    assert (result.matches.matched, result.matches.repaired) == (3, 2)
    assert result.frame["person"].tolist() == ["0123", "A-12", "b7"]
    remarks(result, "link_near_repaired", ("2",), "warning")
    problem = refused(partial(nav.link, people, outcomes, near="error"))
    assert problem.key == "link_near"
    names(problem, ("«Løpenummer»", "2", "3"))


@pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")  # within one file reading warns too
@pytest.mark.parametrize(
    ("left", "right"), [(["123", "0123"], ["00123", "0123"]), (["a1", "x"], ["A1", "a-1"]), (["123"], ["123", "0123"])]
)
def test_b050_pseudonyms_that_may_mean_several_people_are_not_matched(
    left: list[str], right: list[str], tmp_path: Path
) -> None:
    problem = refused(partial(nav.link, *pair(tmp_path, left, right), near="repair"))
    assert problem.key == "link_near_unclear"
    names(problem, ("«Løpenummer»", str(len(set(right)))))


def test_b052_people_twice_in_both_files_are_not_multiplied(tmp_path: Path) -> None:
    pairs = pair(tmp_path, ["P-1", "P-1", "P-2", "P-3", "P-3"], ["P-1", "P-1", "P-2", "P-3"])
    problem = refused(partial(nav.link, *pairs))
    assert problem.key == "link_many_to_many"
    names(problem, ("«Løpenummer»", "2", "1", "personer.csv", "utfall.csv"))


def test_b052_people_twice_in_one_file_are_matched_with_every_row(tmp_path: Path) -> None:
    result, _ = accepted(partial(nav.link, *pair(tmp_path, ["P-1", "P-1", "P-2"], ["P-2", "P-1"])))
    assert result.frame["person"].tolist() == ["P-1", "P-1", "P-2"]
    assert result.rows.tolist() == [2, 3, 4]
    result, _ = accepted(partial(nav.link, *pair(tmp_path, ["P-2", "P-1"], ["P-1", "P-1", "P-2"])))
    assert result.frame["person"].tolist() == ["P-2", "P-1", "P-1"]
    remarks(result, "link_several_rows", ("1", "3"))


def test_b053_outcomes_of_nobody_in_the_cohort_are_left_out_and_counted(tmp_path: Path) -> None:
    result, said = accepted(partial(nav.link, *pair(tmp_path, ["P-1", "P-2"], ["P-1", "P-2", "P-8", "P-9"])))
    assert result.frame["person"].tolist() == ["P-1", "P-2"]
    note = remarks(result, "link_not_in_cohort", ("2", "4", "50"), "warning")
    assert note.text() in said
    assert all("P-8" not in text for text in said)


@pytest.mark.parametrize(("missing", "stops"), [(2, False), (3, True)])
def test_b054_more_than_two_in_a_hundred_without_a_match_stop_it(missing: int, stops: bool, tmp_path: Path) -> None:
    ids = [f"P-{at}" for at in range(100)]
    files = pair(tmp_path, ids, ids[missing:])
    if stops:
        problem = refused(partial(nav.link, *files))
        assert problem.key == "link_too_few"
        names(problem, (str(missing), "100", "97", "min_match="))
    result, _ = accepted(partial(nav.link, *files, min_match=0.97))
    assert result.matches.share == 1 - missing / 100
    assert result.frame["jobb"].isna().sum() == missing
    remarks(result, "link_without_outcomes", (str(missing), "100"), "warning")


def test_b055_a_person_in_two_arms_stops_it_unless_a_rule_says_which_counts(tmp_path: Path) -> None:
    columns = {
        "Løpenummer": ["P-1", "P-1", "P-2", "P-3"],
        "Tiltak": ["IPS", "Standard", "IPS", "Standard"],
        "Fom": ["01.01.2019", "01.06.2019", "01.01.2019", "01.01.2019"],
        "Tom": ["01.05.2019", "01.12.2019", "01.05.2019", "01.05.2019"],
        "Sluttårsak": ["Arbeid", "Annet", "Annet", "Arbeid"],
    }
    spells = nav.Spells.from_extract(nav.read(written(tmp_path, "uttrekk.csv", columns)))
    protocol = nav.Protocol(question="?", outcome="job", competing=("other",), arms=nav.Arms("programme", "Standard"))
    problem = refused(partial(nav.Cohort.assemble, protocol, spells))
    assert problem.key == "in_two_arms"
    names(problem, ("«programme»", "1", "crossover="))
    people, _ = accepted(partial(nav.Cohort.assemble, protocol, spells, crossover="first_arm"))
    remarks(people, "crossover_first_arm", ("1",), "warning")
    assert people.rows.set_index("person").loc["P-1", "arm"] == "IPS"


def test_b055_and_by_another_rule_people_count_in_the_arm_they_are_in(tmp_path: Path) -> None:
    """P-1 leaves IPS after 121 days and is in the other arm from day 151, P-4 gets a job before the change."""
    columns = {
        "Løpenummer": ["P-1", "P-1", "P-2", "P-3", "P-4", "P-4"],
        "Tiltak": ["IPS", "Standard", "IPS", "Standard", "Standard", "IPS"],
        "Fom": ["01.01.2019", "01.06.2019", "01.01.2019", "01.01.2019", "01.01.2019", "01.02.2019"],
        "Tom": ["01.05.2019", "01.12.2019", "01.05.2019", "01.05.2019", "31.01.2019", "01.07.2019"],
        "Sluttårsak": ["Annet", "Arbeid", "Annet", "Arbeid", "Arbeid", "Annet"],
    }
    spells = nav.Spells.from_extract(nav.read(written(tmp_path, "uttrekk.csv", columns)))
    protocol = nav.Protocol(question="?", outcome="job", competing=("other",), arms=nav.Arms("programme", "Standard"))
    people, _ = accepted(partial(nav.Cohort.assemble, protocol, spells, crossover="time_varying"))
    remarks(people, "crossover_time_varying", ("2",), "warning")
    rows = people.rows.assign(entry=people.rows["entry"].fillna(-1.0), ending=people.rows["ending"].astype(object))
    assert [tuple(one) for one in rows[["person", "arm", "entry", "time"]].to_numpy().tolist()] == [
        ("P-1", "IPS", -1.0, 151.0),
        ("P-1", "Standard", 151.0, 335.0),
        ("P-2", "IPS", -1.0, 121.0),
        ("P-3", "Standard", -1.0, 121.0),
        ("P-4", "Standard", -1.0, 31.0),
    ]
    assert [one if isinstance(one, str) else None for one in rows["ending"]] == [None, "job", "other", "job", "job"]
    assert people.covariates["programme"].tolist() == rows["arm"].tolist()
    assert people.persons == 4


TWICE = {
    "Kjønn": (["K", "M", "K"], "«Kjønn»"),
    "Fødselsdato": (["01.02.1990", "02.02.1990", "03.03.1991"], "«Fødselsdato»"),
    "Fødselsår": (["1990", "1991", "1990"], "«Fødselsår»"),
}


@pytest.mark.parametrize("header", TWICE)
def test_b056_one_pseudonym_with_two_sexes_or_births_is_refused(header: str, tmp_path: Path) -> None:
    values, said = TWICE[header]
    path = written(tmp_path, "uttrekk.csv", {"Løpenummer": ["P-1", "P-1", "P-2"], header: values})
    problem = refused(partial(nav.read, path))
    assert problem.key == "person_not_one"
    names(problem, (said, "1", "2", "3"))


def test_b056_also_when_the_two_stand_in_two_files(tmp_path: Path) -> None:
    people = nav.read(written(tmp_path, "personer.csv", {"Løpenummer": ["P-1", "P-2"], "Kjønn": ["Kvinne", "Mann"]}))
    other = nav.read(written(tmp_path, "utfall.csv", {"Løpenummer": ["P-1", "P-2"], "Kjønn": ["Kvinne", "Kvinne"]}))
    problem = refused(partial(nav.link, people, other))
    assert problem.key == "person_not_one"
    names(problem, ("«Kjønn»", "1"))


def test_b056_one_sex_written_in_two_ways_and_one_that_is_unknown_are_one_person(tmp_path: Path) -> None:
    columns = {"Løpenummer": ["P-1"] * 3, "Kjønn": ["K", "kvinne", "ukjent"]}
    result, _ = accepted(partial(nav.read, written(tmp_path, "uttrekk.csv", columns)))
    assert result.frame["sex"].tolist() == ["Kvinne", "Kvinne", "Ukjent"]


def test_a_linked_extract_carries_both_files_and_makes_spells(tmp_path: Path) -> None:
    columns = {"Løpenummer": ["P-1", "P-2"], "Fom": ["01.01.2019"] * 2, "Tom": ["01.05.2019"] * 2}
    people = nav.read(written(tmp_path, "personer.csv", {**columns, "Sluttårsak": ["Arbeid", "Annet"]}))
    other = nav.read(written(tmp_path, "utfall.csv", {"Løpenummer": ["P-2", "P-1"], "Stillingsprosent": ["50", "80"]}))
    linked, _ = accepted(partial(nav.link, people, other))
    assert linked.origin.names == ("personer.csv", "utfall.csv")
    assert linked.frame["position_percent"].tolist() == [80, 50]
    assert nav.Spells.from_extract(linked).frame["position_percent"].tolist() == [80, 50]
    for language in ("nb", "nn", "en"):
        assert linked.matches.text(language).splitlines()[2].split()[-1] == "2"


@pytest.mark.parametrize("options", [{"near": "maybe"}, {"min_match": 98}])
def test_rules_of_linking_that_do_not_exist_are_refused(options: dict[str, Any], tmp_path: Path) -> None:
    files = pair(tmp_path, ["P-1"], ["P-1"])
    assert refused(partial(nav.link, *files, **options)).key == "option_not_understood"
