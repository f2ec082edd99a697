"""Laws of computing with spells, against days as sets: what is true of sets of days is true of spells."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.errors import DataWarning
from navoutcomes.records.extract import Extract
from navoutcomes.records.spells.stays import Spells
from tests.laws.some_people import quick
from tests.laws.spell_days import CUTOFF, EXITS, days, each, number, records, spells


def union(*several: Spells) -> Spells:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return nav.union(*several)


@quick
@given(records, records)
def test_parts_in_both_are_the_days_in_both(one: list, other: list) -> None:
    here, there = spells(one), spells(other, "IPS")
    assert days(nav.intersect(here, there)) == days(here) & days(there) == days(nav.intersect(there, here))


@quick
@given(records, records)
def test_parts_in_one_and_not_the_other_are_the_days_of_the_difference(one: list, other: list) -> None:
    here, there = spells(one), spells(other, "IPS")
    assert days(nav.subtract(here, there)) == days(here) - days(there)


@quick
@given(records, records, records)
def test_the_union_is_the_days_in_any_and_each_stretch_is_unbroken(one: list, other: list, third: list) -> None:
    several = spells(one), spells(other, "IPS"), spells(third, "AFT")
    whole = union(*several)
    assert days(whole) == days(several[0]) | days(several[1]) | days(several[2])
    assert sum(len(stretch) for stretch in each(whole)) == len(days(whole))
    assert nav.gaps(whole)["days"].gt(0).all()


@quick
@given(records, records)
def test_both_parts_of_a_spell_make_it_whole_again(one: list, other: list) -> None:
    here, there = spells(one), spells(other, "IPS")
    inner, outer = nav.intersect(here, there), nav.subtract(here, there)
    assert not days(inner) & days(outer)
    assert days(union(inner, outer)) == days(here)
    lengths = sum(len(stretch) for part in (inner, outer) for stretch in each(part))
    assert lengths == len(days(here))


@quick
@given(records, records)
def test_parts_keep_their_promises(one: list, other: list) -> None:
    """Start before end, an exit class exactly where the part has ended, and the spell's own where it ended itself."""
    here, there = spells(one), spells(other, "IPS")
    ended = {(row.person, row.end, row.exit_class) for row in here.frame.itertuples() if pd.notna(row.end)}
    for parts in (nav.intersect(here, there), nav.subtract(here, there)):
        frame = parts.frame
        assert (frame["end"].isna() | (frame["start"] < frame["end"])).all()
        assert (frame["exit_class"].notna() == frame["end"].notna()).all()
        for row in frame[frame["exit_class"].notna()].itertuples():
            assert ((row.person, row.end, row.exit_class) in ended) == (row.exit_class != "censored")
        assert set(frame["programme"]) <= {"KVP"}


@quick
@given(records)
def test_gaps_are_the_days_between_that_no_spell_has(drawn: list) -> None:
    own = spells(drawn)
    inside = {
        (person, at)
        for person in {who for who, _ in days(own)}
        for at in range(
            min(one for who, one in days(own) if who == person), max(one for who, one in days(own) if who == person)
        )
    }
    found = {(row.person, at) for row in nav.gaps(own).itertuples() for at in range(number(row.start), number(row.end))}
    assert found == inside - days(own)
    assert nav.gaps(own)["days"].sum() == len(found)


@quick
@given(records, st.integers(0, 10))
def test_merging_fills_the_short_gaps_and_no_other(drawn: list, within: int) -> None:
    own = spells(drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        merged = nav.merge(own, within)
    gaps = nav.gaps(own)
    filled = {
        (row.person, at)
        for row in gaps[gaps["days"] <= within].itertuples()
        for at in range(number(row.start), number(row.end))
    }
    assert days(merged) == days(own) | filled
    assert nav.gaps(merged)["days"].gt(within).all()


@quick
@given(records, records, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(one: list, other: list, draw: object) -> None:
    here, there = spells(one), spells(other, "IPS")
    order = list(range(len(here.frame)))
    draw.shuffle(order)  # type: ignore[attr-defined]
    turned = Spells(here.frame.iloc[order].reset_index(drop=True), here.origin)
    for verb in (nav.intersect, nav.subtract, union):
        assert verb(here, there).frame.equals(verb(turned, there).frame)


@quick
@given(st.lists(st.tuples(st.sampled_from(["P-1", "P-2"]), st.integers(0, 40), st.integers(1, 40)), min_size=1))
def test_of_overlapping_spells_those_are_kept_that_a_loop_keeps(drawn: list) -> None:
    kept: list[tuple[str, int, int]] = []
    for person, start, length in sorted(set(drawn), key=lambda one: (one[0], one[1], one[2])):
        if all(start >= end for who, _, end in kept if who == person):
            kept.append((person, start, start + length))
    frame = pd.DataFrame(sorted(set(drawn)), columns=["person", "start", "length"])
    frame["end"] = pd.to_datetime(CUTOFF) + pd.to_timedelta(frame["start"] + frame["length"], unit="D")
    frame["start"] = pd.to_datetime(CUTOFF) + pd.to_timedelta(frame["start"], unit="D")
    frame["reason"] = [EXITS[at % 3] for at in range(len(frame))]
    extract = Extract(
        frame.drop(columns="length").astype({"start": "datetime64[s]", "end": "datetime64[s]"}),
        nav.Origin(),
        nav.Log(),
        rows=np.arange(2, len(frame) + 2),
        end_inclusive=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = Spells.from_extract(extract, "first", max_gap=None).frame
    zero = pd.Timestamp(CUTOFF)
    assert [(row.person, (row.start - zero).days, (row.end - zero).days) for row in found.itertuples()] == kept
