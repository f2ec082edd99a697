"""Municipalities that were merged stand in other tables than their parts: their counts are protected in both."""

from __future__ import annotations

from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes.records.municipalities import MADE_OF, successors
from navoutcomes.release.facts import parts_among, unnamed_mergers
from navoutcomes.release.stated import statements

POLICY = nav.DisclosurePolicy.preset("nav_statistics")
# Few no-shows in Eide and Fræna (2 + 1) and in Gjemnes, where together with one still there they are 4.
OFFICES = {
    "Aukra": {"job": 202, "no_show": 7, "other": 62},
    "Eide": {"job": 17, "no_show": 2, "other": 5},
    "Fræna": {"job": 8, "no_show": 1, "other": 1},
    "Gjemnes": {"job": 106, "no_show": 5, "other": 43},
}


def shares(counts: dict[str, dict[str, int]], by: str = "office", name: str = "a") -> nav.Shares:
    persons = sum(sum(one.values()) for one in counts.values())
    origin = nav.Origin(((f"{name}.csv", f"{persons:064x}"),), None, True)
    return nav.from_counts(counts, by=by, origin=origin).proportion()


def test_every_number_after_a_reform_is_made_of_the_numbers_that_became_it() -> None:
    assert MADE_OF["1579"] == ("1548", "1551")
    assert MADE_OF["1506"] == ("1502", "1543", "1545")
    for whole, parts in MADE_OF.items():
        assert len(parts) > 1
        assert all(successors(part, 2020) == (whole,) or successors(part, 2024) == (whole,) for part in parts)
    assert "1103" not in MADE_OF


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (("Eide", "Fræna", "Molde"), (("\x01Hustadvika", ("Fræna", "Eide")),)),
        (("Eide", "Molde"), ()),
        (("Eide", "Fræna", "Hustadvika"), ()),
        (("1548 Fræna", "1551 Eide", "1502 Molde"), (("\x011579", ("1548 Fræna", "1551 Eide")),)),
        (("1548", "1551", "1579 Hustadvika"), ()),
    ],
)
def test_a_merger_of_groups_that_are_all_there_is_known(
    groups: tuple[str, ...], expected: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    assert unnamed_mergers(groups) == expected
    assert parts_among((*groups, *(name for name, _ in expected))) == parts_among(groups)


def test_the_sum_of_hidden_parts_is_no_more_told_than_they_are() -> None:
    raw = shares(OFFICES)
    (stated,) = statements(raw, nav.release(raw, POLICY).result, POLICY)
    merged = [count for count in stated.counts if count.group == "\x01Hustadvika"]
    assert [(one.ending, one.small, one.hidden) for one in merged] == [
        ("job", False, True), ("no_show", True, True), ("other", False, True),
    ]  # fmt: skip
    table = nav.release(raw, POLICY).table.set_index(["group", "cause"])
    # Beside Eide and Fræna one more has to be hidden, or their sum would be what is left.
    hidden = table.loc[(slice(None), "no_show"), "events"].isna()
    assert hidden[[("Eide", "no_show"), ("Fræna", "no_show")]].all()
    assert hidden.sum() >= 3


def test_a_later_table_of_the_merged_of_a_few_persons_less_is_refused(tmp_path: Path) -> None:
    merged = {
        "Aukra": {"job": 201, "no_show": 7, "other": 62},
        "Hustadvika": {"job": 25, "no_show": 3, "other": 6},
        "Gjemnes": {"job": 106, "no_show": 5, "other": 43},
    }
    with nav.Bundle(tmp_path / "a", language="nb", title="Kontor", origin=shares(OFFICES).origin) as first:
        first.add("kontor", nav.release(shares(OFFICES), POLICY))
    later = shares(merged, name="b")
    with nav.Bundle(tmp_path / "b", language="nb", title="Kontor", origin=later.origin) as second:
        with pytest.raises(nav.DisclosureRefused) as refused:
            second.add("kontor", nav.release(later, POLICY))
        second.say("Ferdig.")
    assert refused.value.key == "differs_by_few"


def test_tables_of_one_file_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    """As many persons of the same file, chosen otherwise: nothing can be held against anything, and that is said."""
    other = {"Aukra": {"job": 100, "no_show": 109, "other": 250}}
    people = shares(OFFICES)
    assert sum(OFFICES[name][end] for name in OFFICES for end in OFFICES[name]) == sum(other["Aukra"].values())
    with nav.Bundle(tmp_path / "a", language="nb", title="Kontor", origin=people.origin) as report:
        report.add("kontor", nav.release(people, POLICY))
        safe = report.add("andre", nav.release(shares(other), POLICY))
    told = [one for one in safe.decisions if one.key == "tables_contradict"]
    assert [(one.level, dict(one.facts)["beside"]) for one in told] == [("warning", ("kontor",))]
    for language in ("nb", "nn", "en"):
        assert "kontor" in told[0].text(language)
