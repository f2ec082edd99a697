"""Laws of spells: joining loses no day and adds none, and the order of rows does not matter."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from navoutcomes.errors import DataWarning
from navoutcomes.notes import Log
from navoutcomes.records.extract import Extract
from navoutcomes.records.origin import Origin
from navoutcomes.records.spells.stays import Spells

FIRST = date(2019, 1, 1)
rows = st.tuples(
    st.sampled_from(["P-1", "P-2"]), st.sampled_from(["KVP", "IPS"]), st.integers(0, 60), st.integers(0, 25)
)
many = settings(max_examples=120, deadline=None)


def _reason(last: int) -> str:
    """One reason for each last day, so that spells ending together agree."""
    return ("Arbeid", "Annet", "Helse")[last % 3]


def _extract(records: list[tuple[str, str, int, int]]) -> Extract:
    frame = pd.DataFrame(records, columns=["person", "programme", "start", "length"])
    frame["end"] = frame["start"] + frame["length"]
    for name in ("start", "end"):
        frame[name] = pd.to_datetime([FIRST + timedelta(days=int(day)) for day in frame[name]]).astype("datetime64[s]")
    frame["reason"] = [_reason(start + length) for _, _, start, length in records]
    return Extract(frame.drop(columns="length"), Origin(), Log(), rows=np.arange(2, len(frame) + 2))


def _spells(records: list[tuple[str, str, int, int]], **rules: object) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return Spells.from_extract(_extract(records), **rules).frame  # type: ignore[arg-type]


def _days(frame: pd.DataFrame) -> set[tuple[str, str, date]]:
    """Every (person, programme, day) the spells cover."""
    return {
        (row.person, row.programme, (row.start + pd.Timedelta(days=at)).date())
        for row in frame.itertuples()
        for at in range((row.end - row.start).days)
    }


def _covered(records: list[tuple[str, str, int, int]]) -> set[tuple[str, str, date]]:
    return {
        (person, programme, FIRST + timedelta(days=start + at))
        for person, programme, start, length in records
        for at in range(length + 1)
    }


@many
@given(st.lists(rows, min_size=1, max_size=12))
def test_merging_covers_the_same_days_once(records: list[tuple[str, str, int, int]]) -> None:
    frame = _spells(records, overlap="merge")
    assert _days(frame) == _covered(records)
    assert (frame["end"] - frame["start"]).dt.days.sum() == len(_covered(records))


@many
@given(st.lists(rows, min_size=1, max_size=12), st.integers(0, 6))
def test_after_joining_no_gap_is_as_short_as_the_longest_allowed(
    records: list[tuple[str, str, int, int]], max_gap: int
) -> None:
    frame = _spells(records, overlap="merge", max_gap=max_gap)
    for _, group in frame.groupby(["person", "programme"]):
        own = group.sort_values("start")
        assert (
            (own["start"].iloc[1:].to_numpy() - own["end"].iloc[:-1].to_numpy()) > np.timedelta64(max_gap, "D")
        ).all()
    assert _covered(records) <= _days(frame)


@many
@given(st.lists(rows, min_size=1, max_size=12))
def test_of_overlapping_spells_the_first_are_kept_as_they_were(records: list[tuple[str, str, int, int]]) -> None:
    frame = _spells(records, overlap="first", max_gap=None)
    assert len(_days(frame)) == (frame["end"] - frame["start"]).dt.days.sum()
    known = {(*record[:2], FIRST + timedelta(days=record[2])) for record in records}
    assert {(row.person, row.programme, row.start.date()) for row in frame.itertuples()} <= known
    for (person, programme), own in frame.groupby(["person", "programme"]):
        starts = [start for who, what, start, _ in records if (who, what) == (person, programme)]
        assert own["start"].min().date() == FIRST + timedelta(days=min(starts))


@many
@given(st.lists(rows, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_change_the_spells(
    records: list[tuple[str, str, int, int]], draw: object
) -> None:
    shuffled = list(records)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    columns = ["person", "programme", "start", "end", "exit_class"]
    one, other = (_spells(given, overlap="merge")[columns] for given in (records, shuffled))
    assert one.equals(other)


@many
@given(st.lists(rows, min_size=1, max_size=10))
def test_an_exit_is_the_one_of_the_last_day(records: list[tuple[str, str, int, int]]) -> None:
    exits = {"Arbeid": "job", "Annet": "other", "Helse": "health"}
    for row in _spells(records, overlap="merge").itertuples():
        assert row.exit_class == exits[_reason((row.end.date() - FIRST).days - 1)]
