"""Rows B112 to B124 of the bad inputs: words, codes and levels.

Each file holds a canary name and the canary number inside a case number; neither is said anywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from canaries import accepted, names, planted, refused, remarks

import navoutcomes as nav
from navoutcomes.records.columns.codebook import Codebook, Column
from navoutcomes.records.municipalities import REFORMS, successors


def read(folder: Path, columns: Mapping[str, Sequence[str]], book: Codebook | None = None) -> nav.Extract:
    count = len(next(iter(columns.values())))
    full = planted({"Løpenummer": [f"P-{at:04}" for at in range(count)], **columns})
    path = folder / "uttrekk.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(full)
        writer.writerows(zip(*full.values(), strict=True))
    return nav.read(path, book)


def spells(folder: Path, reasons: Sequence[str], **options: Any) -> nav.Spells:
    count = len(reasons)
    columns = {"Fom": ["01.01.2019"] * count, "Tom": ["01.05.2019"] * count, "Sluttårsak": reasons}
    return nav.Spells.from_extract(read(folder, columns), **options)


# --- B112 ---------------------------------------------------------------------------------------------------------

REASONS = ["Arbeid"] * 4 + ["Annet"] * 3 + [""] * 3


def test_b112_a_finished_spell_without_a_reason_is_refused(tmp_path: Path) -> None:
    problem = refused(partial(spells, tmp_path, REASONS))
    assert problem.key == "exit_missing"
    names(problem, ("«Sluttårsak»", "3", "30", "exit_unknown=", "9"))


@pytest.mark.parametrize(
    ("rule", "key", "left"),
    [("own_category", "exits_unknown_category", "completed_unknown"), ("censor", "exits_unknown_censored", "censored")],
)
def test_b112_by_rule_they_are_a_class_or_censored_and_the_bounds_are_said(
    rule: str, key: str, left: str, tmp_path: Path
) -> None:
    """Four of ten found work if none of the three did, seven if all did."""
    made, said = accepted(partial(spells, tmp_path, REASONS, exit_unknown=rule))
    assert made.frame["exit_class"].value_counts()[left] == 3
    assert remarks(made, key, ("3", "30"), "warning").text() in said
    remarks(made, "exit_bounds", ("40", "70", "3"), "note")


# --- B115 ---------------------------------------------------------------------------------------------------------


def test_b115_spellings_of_a_known_reason_are_one_class(tmp_path: Path) -> None:
    made, _ = accepted(partial(spells, tmp_path, ["Arbeid", "arbeid ", "ARBEID", " Arbeid", "Arbeid"]))
    assert set(made.frame["exit_class"]) == {"job"}
    remarks(made, "spellings_joined", ("«Sluttårsak»", "2", "1"))


def test_b115_an_abbreviation_needs_a_codebook_and_is_not_guessed(tmp_path: Path) -> None:
    made, said = accepted(partial(spells, tmp_path, ["Arbeid", "arbeid", "Arb.", "Arb.", "Annet"]))
    assert sorted(set(made.frame["exit_class"])) == ["Annet", "Arb.", "Arbeid"] or set(made.frame["exit_class"]) == {
        "Annet",
        "Arb.",
        "arbeid",
    }
    assert remarks(made, "exit_abbreviations", ("1", "2", "values="), "warning").text() in said
    values = {"Arbeid": "job", "Arb.": "job", "Annet": "other"}
    book = Codebook((Column("reason", "word", headers=("sluttårsak",), values=values),))
    columns = {"Fom": ["01.01.2019"] * 3, "Tom": ["01.05.2019"] * 3, "Sluttårsak": ["ARBEID", "arb.", "annet"]}
    mapped, _ = accepted(lambda: nav.Spells.from_extract(read(tmp_path, columns, book)))
    assert mapped.frame["exit_class"].tolist() == ["job", "job", "other"]


def test_b115_spellings_in_any_column_of_words_are_brought_together(tmp_path: Path) -> None:
    kontor = ["Nav Molde", "NAV Molde", "Nav Molde ", "nav  molde", "Nav Aukra", "Nav Molde"]
    result, _ = accepted(partial(read, tmp_path, {"Kontor": kontor}))
    assert sorted(set(result.frame["office"])) == ["Nav Aukra", "Nav Molde"]
    remarks(result, "spellings_joined", ("«Kontor»", "2", "1"))


@pytest.mark.parametrize("words", [["a", "A", "b"], ["AB", "ab", "c"], ["1a", "1A"]])
def test_b115_short_codes_keep_their_capital_letters(words: list[str], tmp_path: Path) -> None:
    result, _ = accepted(partial(read, tmp_path, {"kode": words}))
    assert result.frame["kode"].tolist() == words


# --- B116 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["NA", "None", "nan", "NULL", "null", "N/A", "NaN", "<NA>", "-", "n/a"])
def test_b116_words_that_other_programs_take_for_missing_are_words(word: str, tmp_path: Path) -> None:
    result, _ = accepted(partial(read, tmp_path, {"landkode": ["NO", word, "SE", ""]}))
    assert result.frame["landkode"].tolist() == ["NO", word, "SE", None]


def test_b116_unless_the_analyst_says_that_they_are_missing(tmp_path: Path) -> None:
    book = Codebook((Column("landkode", "word", missing=("NA",)),))
    result, _ = accepted(partial(read, tmp_path, {"landkode": ["NO", "NA", "None"]}, book))
    assert result.frame["landkode"].tolist() == ["NO", None, "None"]


# --- B118 to B121 -------------------------------------------------------------------------------------------------


def followed(size: int = 60, **columns: Any) -> pd.DataFrame:
    draw = np.random.default_rng(7)
    ending = draw.choice(["job", "still"], size)
    return pd.DataFrame({"time": np.ceil(draw.gamma(1.5, 120, size)), "ending": ending, **columns})


@pytest.mark.parametrize(("ones", "percent"), [(1, "2"), (59, "98"), (60, "100")])
def test_b118_zeros_and_ones_that_may_be_the_wrong_way_are_remarked_on(ones: int, percent: str) -> None:
    frame = followed().assign(event=[1] * ones + [0] * (60 - ones))
    people, _ = accepted(partial(nav.Cohort.from_frame, frame, "time", "event", outcome="job"))
    remarks(people, "endings_not_declared", ("«event»", percent, "endings="), "warning")
    declared = {0: None, 1: "job"}
    people, _ = accepted(partial(nav.Cohort.from_frame, frame, "time", "event", outcome="job", endings=declared))
    assert "endings_not_declared" not in people.log.keys()  # noqa: SIM118


def arms(frame: pd.DataFrame, **options: Any) -> nav.Cohort:
    return nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="still", arm="arm", **options)


def test_b119_without_a_named_reference_nothing_is_compared() -> None:
    people = arms(followed(arm=["IPS", "Standard"] * 30))
    problem = refused(partial(people.contrast, at=100))
    names(problem, ("IPS", "Standard", "reference="))
    named = arms(followed(arm=["IPS", "Standard"] * 30), reference="Standard")
    assert named.contrast(at=100).reference == "Standard"


def test_b120_a_declared_level_that_nobody_has_is_said_and_left_out() -> None:
    values = pd.Categorical(["IPS", "Standard"] * 30, categories=["IPS", "Standard", "Ventegruppe"])
    people, _ = accepted(partial(arms, followed(arm=values), reference="Standard"))
    remarks(people, "levels_empty", ("Ventegruppe",), "warning")
    assert set(people.survival_curve(by="arm").table["group"]) == {"IPS", "Standard"}
    full, _ = accepted(partial(arms, followed(arm=["IPS", "Standard"] * 30), reference="Standard"))
    assert "levels_empty" not in full.log.keys()  # noqa: SIM118


def test_b120_so_is_an_arm_the_protocol_names_and_nobody_is_in(tmp_path: Path) -> None:
    columns = {"Fom": ["01.01.2019"] * 4, "Tom": ["01.05.2019"] * 4, "Sluttårsak": ["Arbeid", "Annet"] * 2}
    made = nav.Spells.from_extract(read(tmp_path, {**columns, "Gruppe": ["A", "A", "B", "B"]}))
    labels = {"A": "IPS", "B": "Standard", "C": "Ventegruppe"}
    protocol = nav.Protocol(
        question="?", outcome="job", competing=("other",), arms=nav.Arms("arm", "B", labels=tuple(labels.items()))
    )
    people, _ = accepted(partial(nav.Cohort.assemble, protocol, made))
    remarks(people, "levels_empty", ("C",), "warning")


def test_b121_ninety_offices_as_terms_are_too_many_for_the_endings_there_are() -> None:
    frame = followed(656, office=[f"kontor {at % 90:02}" for at in range(656)], age=np.arange(656) % 40 + 20)
    people = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="still")
    events = str(int((frame["ending"] == "job").sum()))
    model = people.cox([nav.Category("office", reference="kontor 00")])
    found = [one for one in model.findings if one.key == "few_endings_for_terms"]
    assert found and found[0].level == "warning"
    for language in ("nb", "nn", "en"):
        text = found[0].text(language)
        assert events in text and "89" in text and "10" in text and "strata=" in text
    few = people.cox([nav.Number("age")], strata="office")
    assert "few_endings_for_terms" not in few.findings.keys()  # noqa: SIM118


# --- B122 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mixed", "year", "mended"),
    [
        (["1548", "1551", "1579"], "2020", ["1579"] * 3),
        (["0602", "3005", "3301"], "2024", ["3301"] * 3),
        (["0106", "3107"], "2024", ["3107"] * 2),
        (["1903", "5402", "1103"], "2020", ["5402", "5402", "1103"]),
        (["1141", "3107", "1103"], "2024", ["1103", "3107", "1103"]),
        (["602", "3005"], "2020", ["3005", "3005"]),
    ],
)
def test_b122_numbers_from_before_and_after_a_reform_become_the_newer(
    mixed: list[str], year: str, mended: list[str], tmp_path: Path
) -> None:
    result, said = accepted(partial(read, tmp_path, {"Kommunenummer": mixed}))
    assert result.frame["municipality_no"].tolist() == mended
    changed = sorted(set(mixed) - set(mended) - {"602"})
    note = remarks(result, "municipalities_brought_together", ("«Kommunenummer»", year, *changed), "warning")
    assert note.text() in said


@pytest.mark.parametrize(
    "one", [["1548", "1551", "1103"], ["3005", "3004"], ["3301", "1579", "1508", "1580"], ["0301"]]
)
def test_b122_numbers_of_one_division_are_left_as_they_are(one: list[str], tmp_path: Path) -> None:
    result, said = accepted(partial(read, tmp_path, {"Kommunenummer": one}))
    assert result.frame["municipality_no"].tolist() == one
    assert said == []


@pytest.mark.parametrize("mixed", [["1507", "1580"], ["1534", "1508"], ["1504", "1507", "3301"]])
def test_b122_a_number_from_before_a_split_cannot_be_told(mixed: list[str], tmp_path: Path) -> None:
    problem = refused(partial(read, tmp_path, {"Kommunenummer": mixed}))
    assert problem.key == "municipality_split"
    names(problem, ("«Kommunenummer»", mixed[0], "2024"))


def test_b122_the_five_municipalities_have_one_number_today() -> None:
    today = {"1548": "1579", "1551": "1579", "1103": "1103", "1142": "1103", "0602": "3301", "0711": "3301"}
    today |= {"0106": "3107", "1903": "5503", "3004": "3107", "5402": "5503"}
    assert {code: successors(code, 2024) for code in today} == {code: (new,) for code, new in today.items()}
    assert successors("0106", 2020) == ("3004",)
    assert successors("0106", 2019) == ("0106",)
    assert successors("1504", 2024) == ("1508", "1580")


def test_b122_no_number_of_a_reform_was_in_use_both_before_and_after_it_but_those_that_were_kept() -> None:
    for year, moves in REFORMS.items():
        after = {code for codes in moves.values() for code in codes}
        assert not set(moves) & after, year
        assert all(code.isdigit() and len(code) == 4 for code in {*moves, *after})
    made = {code for codes in REFORMS[2020].values() for code in codes}
    assert {code for code in REFORMS[2024] if code[:2] in ("30", "54")} <= made, "a number of 2024 came from nowhere"


# --- B123 ---------------------------------------------------------------------------------------------------------

LABELS = ["linje\nskift", "tabu\tlator", "strek|strek", "<b>fet</b>", "$x_1$", "skrå\\strek", "&amp;", '"sitat"', "{x}"]


def test_b123_labels_with_signs_of_markup_are_read_as_they_are_and_shown_escaped(tmp_path: Path) -> None:
    result, _ = accepted(partial(read, tmp_path, {"etikett": LABELS}))
    kept = [" ".join(str(one).split()) for one in result.frame["etikett"]]
    assert kept == [" ".join(one.split()) for one in LABELS]
    for label in result.frame["etikett"]:
        people = nav.Cohort.from_frame(
            followed(40, group=[str(label), "annet"] * 20), "time", "ending", outcome="job", censored="still"
        )
        assert set(people.survival_curve(by="group").table["group"]) == {label, "annet"}
        html = people.survival_curve(by="group")._repr_html_()
        assert "<b>fet" not in html
        assert ("&lt;b&gt;fet" in html) == (label == "<b>fet</b>")


# --- B124 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (["1", "2", "9"], ["Mann", "Kvinne", "Ukjent"]),
        (["M", "K", "U"], ["Mann", "Kvinne", "Ukjent"]),
        (["m", "k", "ukjent"], ["Mann", "Kvinne", "Ukjent"]),
        (["M", "F", ""], ["Mann", "Kvinne", None]),
        (["mann", "Kvinne", "KVINNE", "2"], ["Mann", "Kvinne", "Kvinne", "Kvinne"]),
    ],
)
def test_b124_sex_in_any_usual_code_becomes_words_and_unknown_is_a_level(
    codes: list[str], words: list[str | None], tmp_path: Path
) -> None:
    result, _ = accepted(partial(read, tmp_path, {"Kjønn": codes}))
    assert result.frame["sex"].tolist() == words
    remarks(result, "sex_words", ("«Kjønn»", f"{codes[0].casefold()} → Mann"))


@pytest.mark.parametrize("words", [["Kvinne", "Mann"], ["woman", "man"], ["0", "1"], ["jente", "annet"]])
def test_b124_words_that_are_clear_and_codes_that_are_not_stay_as_they_are(words: list[str], tmp_path: Path) -> None:
    result, _ = accepted(partial(read, tmp_path, {"Kjønn": words}))
    assert result.frame["sex"].tolist() == words
    assert "sex_words" not in result.log.keys()  # noqa: SIM118
