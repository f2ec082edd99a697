"""Spells as sets of days: the slow second way to compute with them, one person and one day at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.notes import Log
from navoutcomes.records.spells.stays import Spells

FIRST = date(2019, 12, 20)
CUTOFF = FIRST + timedelta(days=89)
EXITS = ("job", "other", "health")
# Every fifth day more often than the others, so that spells touch.
starts = st.one_of(st.integers(0, 14).map(lambda at: 5 * at), st.integers(0, 70))
lengths = st.one_of(st.integers(1, 4).map(lambda at: 5 * at), st.integers(1, 20))
records = st.lists(st.tuples(st.sampled_from(["P-1", "P-2", "P-3"]), starts, lengths, st.booleans()), max_size=9)


def day(number: int) -> date:
    """A day of the little world."""
    return FIRST + timedelta(days=number)


def spells(drawn: list[tuple[str, int, int, bool]], programme: str = "KVP") -> Spells:
    """Valid spells: those drawn that do not overlap one before; an open one only where it is the person's last."""
    rows: list[tuple[str, int, int | None]] = []
    for person, start, length, still in sorted(drawn):
        reached = [end for who, _, end in rows if who == person]
        if None not in reached and all(start >= (end or 0) for end in reached):
            rows.append((person, start, None if still and start + length > 60 else start + length))
    return made(rows, programme)


def made(rows: list[tuple[str, int, int | None]], programme: str = "KVP", cutoff: date | None = CUTOFF) -> Spells:
    """Spells of days; None as an end is open."""
    frame = pd.DataFrame(rows, columns=["person", "start", "end"]).astype({"person": object})
    frame["exit_class"] = [None if pd.isna(end) else EXITS[int(end) % 3] for end in frame["end"]]
    frame["exit_class"] = frame["exit_class"].astype(object)
    for name in ("start", "end"):
        dates = [pd.NaT if pd.isna(one) else pd.Timestamp(day(int(one))) for one in frame[name]]
        frame[name] = pd.Series(dates, dtype="datetime64[s]")
    frame.insert(1, "programme", programme)
    return Spells(frame, nav.Origin(cutoff=cutoff), Log())


def days(spells: Spells) -> set[tuple[str, int]]:
    """Every person and day in the spells, open ones to the cut-off."""
    return {pair for pairs in each(spells) for pair in pairs}


def each(spells: Spells) -> list[set[tuple[str, int]]]:
    """The days of each spell."""
    return [
        {(row.person, at) for at in range(number(row.start), 90 if pd.isna(row.end) else number(row.end))}
        for row in spells.frame.itertuples()
    ]


def number(moment: pd.Timestamp) -> int:
    """The day of a date in the little world."""
    return (moment.date() - FIRST).days
