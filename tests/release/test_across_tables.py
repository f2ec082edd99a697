"""Several tables of the same people: what one hides, the others together must not give back."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import navoutcomes as nav
from navoutcomes.release.across import Known, verdict
from navoutcomes.release.attack import open_counts, reach
from navoutcomes.release.facts import ALWAYS, EVERY, Count, Population, Stated
from navoutcomes.release.released import Released, beside
from navoutcomes.release.unknowns import unknowns

LIMIT = 5
Table = dict[str, dict[str, int]]


def shares(counts: Table, by: str, **more: object) -> Released:
    return nav.release(nav.from_counts(counts, by=by).proportion(), **more)


def shown(released: Released) -> dict[tuple[str, str], float]:
    return {(row.group, row.cause): row.events for row in released.table.itertuples()}


def least_and_most(released: list[Released], group: str, ending: str) -> tuple[float, float]:
    """What an attacker who has all of them can say of one count."""
    system = unknowns([stated for one in released for stated in one.stated])
    goal = next(at for at, (_, count) in enumerate(system.counts) if (count.group, count.ending) == (group, ending))
    return reach(system, goal)


OFFICES: Table = {
    "Molde": {"job": 21, "no_show": 3, "other": 30},
    "Aukra": {"job": 17, "no_show": 9, "other": 20},
    "Gjemnes": {"job": 12, "no_show": 16, "other": 26},
}
SEXES: Table = {
    "kvinne": {"job": 30, "no_show": 12, "other": 40},
    "mann": {"job": 20, "no_show": 16, "other": 36},
}


def test_two_tables_that_share_endings_are_safe_together() -> None:
    tables = [shares(OFFICES, "office"), shares(SEXES, "sex")]
    joint = [tables[0], beside(tables[1], [Known("r", "office", one) for one in tables[0].stated])]
    low, high = least_and_most(joint, "Molde", "no_show")
    assert low <= 1
    assert high >= LIMIT - 1


def test_a_total_that_one_table_keeps_back_is_not_given_by_another() -> None:
    """Three left for prison: hidden with another ending among all; the table by sex must not add up to it."""
    total = nav.release(nav.from_counts({"job": 50, "prison": 3, "other": 45}).proportion())
    by_sex = shares({"k": {"job": 25, "prison": 0, "other": 20}, "m": {"job": 25, "prison": 3, "other": 25}}, "sex")
    joint = [total, beside(by_sex, [Known("r", "all", one) for one in total.stated])]
    assert np.isnan(shown(joint[1])["m", "prison"])
    for one in (("", "prison"), ("m", "prison")):
        low, high = least_and_most(joint, *one)
        assert low <= 1
        assert high >= LIMIT - 1


def test_a_group_that_stands_in_two_tables_is_hidden_in_both() -> None:
    """Office A stands in two divisions; the second alone would show what the first hid for its own sake."""
    rest = {"job": 40, "other": 60}
    first = shares({"A": {"job": 9, "other": 30}, "B": {"job": 2, "other": 20}, "C": rest}, "office")
    second = shares({"A": {"job": 9, "other": 30}, "B and C": {"job": 42, "other": 80}}, "office")
    assert np.isnan(shown(first)["A", "job"]) or np.isnan(shown(first)["C", "job"])
    safe = beside(second, [Known("r", "first", one) for one in first.stated])
    low, high = least_and_most([first, safe], "B", "job")
    assert low <= 1
    assert high >= LIMIT - 1


MERGED: Table = {
    "Fræna": {"job": 20, "other": 40},
    "Eide": {"job": 3, "other": 17},
    "Molde": {"job": 30, "other": 44},
}
SUMS = {"Hustadvika": ("Fræna", "Eide")}


def whole(parts: Table, *names: str) -> dict[str, int]:
    return {ending: sum(parts[name][ending] for name in names) for ending in ("job", "other")}


@pytest.mark.parametrize(
    ("merged", "sums"), [("Hustadvika", None), ("Hustadvika", SUMS), ("Ytre", {"Ytre": SUMS["Hustadvika"]})]
)
def test_story_a9_two_municipalities_and_what_they_became_in_one_table_hide_a_second_count(
    merged: str, sums: dict[str, tuple[str, ...]] | None
) -> None:
    table = MERGED | {merged: whole(MERGED, "Fræna", "Eide")}
    safe = shares(table, "municipality", sums=sums)
    seen = shown(safe)
    assert np.isnan(seen["Eide", "job"])
    assert np.isnan(seen["Fræna", "job"]) or np.isnan(seen[merged, "job"])
    low, high = least_and_most([safe], "Eide", "job")
    assert low <= 1
    assert high >= LIMIT - 1
    assert safe.stated[0].population.persons == 154


def test_old_and_new_municipality_numbers_in_two_tables_are_known_to_be_the_same_people() -> None:
    old = {f"{code} {name}": own for (name, own), code in zip(MERGED.items(), ("1548", "1551", "1506"), strict=True)}
    new = {"1579 Hustadvika": whole(MERGED, "Fræna", "Eide"), "1506 Molde": MERGED["Molde"]}
    first, second = shares(old, "municipality then"), shares(new, "municipality now")
    assert shown(second)["1579 Hustadvika", "job"] == 23
    safe = beside(second, [Known("r", "then", one) for one in first.stated])
    low, high = least_and_most([first, safe], "1551 Eide", "job")
    assert low <= 1
    assert high >= LIMIT - 1


def test_a_table_shown_first_in_full_makes_the_small_municipality_hide_more() -> None:
    """The new division has gone out with every count; then Eide's three and Fræna's twenty cannot both be kept by
    hiding a pair in each row alone, for the sum of the two is known."""
    old = {"1548 Fræna": {"job": 20, "other": 40}, "1551 Eide": {"job": 3, "other": 17}}
    old["1506 Molde"] = MERGED["Molde"]
    new = {"1579 Hustadvika": {"job": 23, "other": 57}, "1506 Molde": MERGED["Molde"]}
    second = shares(new, "now")
    first = beside(shares(old, "then"), [Known("r", "now", one) for one in second.stated])
    assert np.isnan([shown(first)[name, "job"] for name in ("1548 Fræna", "1551 Eide")]).all()
    low, high = least_and_most([first, second], "1551 Eide", "job")
    assert low <= 1
    assert high >= LIMIT - 1


def test_a_difference_that_gives_back_hidden_counts_is_refused_and_says_why() -> None:
    table = {"Molde": {"job": 21, "prison": 3}, "Aukra": {"job": 27, "prison": 12}}
    hidden = shares(table, "office")
    exact = nav.release(nav.from_counts({"Molde": {"job": 21, "prison": 30}, "Aukra": {"job": 27, "prison": 12}},
                                        by="office").contrast(reference="Aukra"))  # fmt: skip
    contradicts = beside(exact, [Known("r", "shares", one) for one in hidden.stated])
    assert contradicts is exact
    small = Count("Molde", "job", ALWAYS, 21.0)
    stated = Stated(hidden.stated[0].population, "office", ("Molde", "Aukra"), ("job", "prison"), (small,), ended=True)
    with pytest.raises(nav.DisclosureRefused) as refused:
        verdict(stated, [Known("r", "shares", one) for one in hidden.stated], LIMIT)
    assert refused.value.key == "bundle_gives_back"
    assert "shares" in refused.value.text("nn")


def drawn(seed: int, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The same people by office and ending, and by another column and ending."""
    rng = np.random.default_rng(seed)
    persons = 656
    office = rng.choice(rows, persons, p=rng.dirichlet(np.ones(rows) * 2))
    ending = rng.choice(columns, persons, p=rng.dirichlet(np.full(columns, 0.8)))
    other = rng.choice(4, persons, p=[0.5, 0.35, 0.13, 0.02])
    tables = []
    for column, size in ((office, rows), (other, 4)):
        table = np.zeros((size, columns), dtype=int)
        np.add.at(table, (column, ending), 1)
        tables.append(table[table.sum(axis=1) > 0])
    return tables[0], tables[1]


def named(table: np.ndarray, by: str) -> Table:
    return {f"{by} {row}": {f"e{at}": int(one) for at, one in enumerate(line)} for row, line in enumerate(table)}


@pytest.mark.parametrize("seed", range(4))
def test_random_pairs_of_tables_and_their_total_give_nothing_small_back(seed: int) -> None:
    first, second = drawn(seed, 7, 6)
    total = {f"e{at}": int(one) for at, one in enumerate(first.sum(axis=0))}
    tables = [shares(named(first, "office"), "office"), shares(named(second, "age"), "age")]
    tables.append(nav.release(nav.from_counts(total).proportion()))
    out: list[Released] = []
    for number, one in enumerate(tables):
        known = [Known("r", str(at), stated) for at, each in enumerate(out) for stated in each.stated]
        out.append(beside(one, known))
        assert out[number].policy.threshold == LIMIT
    system = unknowns([stated for one in out for stated in one.stated])
    small = [at for at, (_, count) in enumerate(system.counts) if count.hidden and count.small]
    assert len(small) > 3
    for at in small:
        low, high = reach(system, at)
        assert low <= 1 + 1e-6
        assert high >= LIMIT - 1 - 1e-6


def test_ten_tables_are_checked_in_a_few_seconds() -> None:
    rng = np.random.default_rng(3)
    ending = rng.choice(7, 656, p=[0.3, 0.25, 0.2, 0.13, 0.08, 0.03, 0.01])
    known: list[Known] = []
    began = time.process_time()
    for number in range(10):
        table = np.zeros((8, 7), dtype=int)
        np.add.at(table, (rng.choice(8, 656), ending), 1)
        safe = beside(shares(named(table, f"c{number}"), f"c{number}"), known)
        known += [Known("r", str(number), one) for one in safe.stated]
    assert open_counts(unknowns([one.stated for one in known]), LIMIT) == []
    assert time.process_time() - began < 12


def test_statements_keep_no_hidden_number() -> None:
    stated = shares(OFFICES, "office").stated[0]
    assert "nan" in repr([one for one in stated.counts if one.hidden])
    assert all(one.shown != 3 for one in stated.counts)


def test_people_of_other_programmes_are_not_held_against_each_other() -> None:
    one = Stated(Population((), 20, "A"), "", (), ("x",), (Count(EVERY, "x", shown=17.0),))
    other = Stated(Population((), 20, "B"), "", (), ("x", "y"), (Count(EVERY, "y", small=True),), ended=True)
    assert verdict(other, [Known("r", "a", one)], LIMIT).beside == ()


def test_the_report_of_a_table_that_gave_way_says_so(tmp_path: Path) -> None:
    first = {"A": {"job": 9, "other": 30}, "B": {"job": 2, "other": 20}, "C": {"job": 40, "other": 60}}
    with nav.Bundle(tmp_path / "r", language="nb") as bundle:
        bundle.add("forst", shares(first, "office"))
        bundle.add("senere", shares({"A": first["A"], "resten": {"job": 42, "other": 80}}, "office"))
    manifest = (tmp_path / "r" / "nb" / "manifest.json").read_text(encoding="utf-8")
    assert "tall til er skjult" in manifest
    rows = (tmp_path / "r" / "nb" / "tables" / "senere.csv").read_text(encoding="utf-8").splitlines()
    assert any("*" in row for row in rows)
