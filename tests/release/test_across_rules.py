"""Whose rule: presets, own rules with an owner, groups in which all are alike, amounts that one contributor makes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes.release.guard import Guard


@pytest.mark.parametrize(
    ("name", "limit", "symbol"),
    [("nav_internal", 5, "*"), ("nav_statistics", 4, "*"), ("ssb", 3, ":"), ("acro", 10, "*")],
)
def test_presets_are_accounted_for(name: str, limit: int, symbol: str) -> None:
    policy = nav.DisclosurePolicy.preset(name)
    assert (policy.threshold, policy.symbol, policy.name, policy.accounted) == (limit, symbol, name, True)


def test_a_limit_of_ones_own_is_called_own_and_needs_an_owner_and_a_date(tmp_path: Path) -> None:
    own = nav.DisclosurePolicy(threshold=7)
    named = nav.DisclosurePolicy(threshold=7, owner="Personvernombudet", decided=date(2026, 1, 5))
    assert own.name == named.name == "own"
    assert not own.accounted
    assert named.accounted
    for policy, keys in ((own, ["policy_without_owner"]), (named, []), (nav.DisclosurePolicy(), [])):
        guard = Guard(tmp_path / "r")
        guard.admitted("t", nav.release(nav.from_counts({"job": 40, "other": 60}).proportion(), policy))
        assert [one.key for _, notes in guard.remarks() for one in notes] == keys


def test_a_group_in_which_all_are_alike_is_shown_only_where_the_rule_says_so() -> None:
    people = nav.from_counts({"A": {"job": 0, "sanction": 9}, "B": {"job": 40, "sanction": 30}}).proportion()
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(people)
    assert refused.value.key == "group_all_alike"
    shown = nav.release(people, nav.DisclosurePolicy(hundreds_shown=True))
    assert shown.table["events"].tolist() == [0, 9, 40, 30]


@pytest.mark.parametrize(
    "counts",
    [{"job": 0, "other": 12}, {"job": 0, "not_job": 12}, {"jobb": 0, "ikke jobb": 12}, {"jobb": 0, "andre": 12}],
)
def test_nobody_of_twelve_is_printed_with_its_interval(counts: dict[str, int]) -> None:
    """Story A5: 0 of 12 is 0 % (0-24 %); what the twelve share is the rest, which has no name of its own."""
    row = nav.release(nav.from_counts(counts).proportion()).table.iloc[0]
    assert (row["estimate"], row["events"], row["at_risk"]) == (0, 0, 12)
    assert round(row["conf_high"], 2) == 0.24
    assert "0 av 12" in nav.show.sentence(nav.release(nav.proportion(0, 12)), language="nb")


@pytest.mark.parametrize(
    "counts",
    [
        {"job": 12, "other": 0},
        {"job": 0, "sanction": 12},
        {"job": 0, "no_show": 12},
        {"job": 0, "ikke møtt": 12},
        {"job": 0, "sanction": 0, "other": 12},
    ],
)
def test_an_ending_with_a_name_that_all_had_stays(counts: dict[str, int]) -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(nav.from_counts(counts).proportion())
    assert refused.value.key == "group_all_alike"


def test_amounts_by_hand() -> None:
    policy = nav.DisclosurePolicy(threshold=3)
    assert policy.dominated([10, 10])  # two contributors
    assert not policy.dominated([10, 10, 10])
    assert policy.dominated([91, 0.5, 0.5, 8])  # the two largest have 99 of 100
    assert not policy.dominated([50, 39, 6, 5])  # 89 of 100, and 11 is more than a tenth of 50
    assert policy.dominated([80, 10, 7])  # 90 of 97 is more than 0.9
    assert nav.DisclosurePolicy(threshold=3, dominant=1.0).dominated([80, 10, 7])  # 7 is less than a tenth of 80
    assert not nav.DisclosurePolicy(threshold=3, dominant=1.0).dominated([80, 10, 8])
    assert nav.DisclosurePolicy().dominated([5, 5, 5, 5])
    assert not nav.DisclosurePolicy().dominated([5, 5, 5, 5, 5])


def test_nothing_given_is_a_zero() -> None:
    assert not nav.DisclosurePolicy().dominated([])
    assert not nav.DisclosurePolicy().dominated([0.0, 0.0])
    assert nav.DisclosurePolicy(zeros_shown=False).dominated([0.0])
