"""When and how each person's follow-up ended: from the exit class of the spell, or from dates of events."""

from __future__ import annotations

import pandas as pd

from navoutcomes.design.people import positions
from navoutcomes.design.protocol import Protocol
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.notes import Log, warning


def ending_dates(
    frame: pd.DataFrame,
    protocol: Protocol,
    closes: pd.Timestamp,
    events: tuple[tuple[str, str], ...],
    priority: tuple[str, ...],
    drop_prior: bool,
    log: Log,
) -> tuple[pd.Series, pd.Series, Log]:
    """Date and word of each person's first ending before the register closes; both empty while the person is followed.

    ``closes`` is the day after the last day covered: an end, being exclusive, may fall on it, an event may not. A spell
    that ends in a class that only stops observation has a date and no word.
    Raises: ``DataProblem`` for a closed spell without an exit class or an event before time zero; ``DesignProblem``
    for a class the protocol does not name, or two endings on one day without ``priority``.
    """
    word = _exit_words(frame, protocol)
    date = frame["end"].where(frame["end"] <= closes)
    word = word.where(date.notna())
    if not events:
        return date, word, log
    from_columns = {name for name, _ in events}
    unnamed = sorted(from_columns - set(protocol.endings))
    if unnamed:
        raise DesignProblem("endings_unnamed", endings=unnamed, known=protocol.endings, count=len(unnamed))
    candidates = {name: date.where(word == name) for name in protocol.endings if name not in from_columns}
    for name, column in events:
        candidates[name] = frame[column].where(frame[column] < closes)
    table = pd.DataFrame(candidates)
    early = table.lt(frame[protocol.time_zero], axis=0)
    if early.to_numpy().any():
        persons = int(early.any(axis=1).sum())
        if not drop_prior:
            raise DataProblem("event_before_start", rows=positions(early.any(axis=1)), count=persons, total=len(frame))
        table = table.mask(early)
        log += warning("prior_events_dropped", count=persons)
    first = table.min(axis=1)
    tied = table.eq(first, axis=0).sum(axis=1) > 1
    ranked = [*priority, *(name for name in table.columns if name not in priority)]
    undecided = tied & ~table[[name for name in ranked if name in priority]].eq(first, axis=0).any(axis=1)
    if undecided.any():
        raise DesignProblem("two_endings_one_day", count=int(undecided.sum()), rows=positions(undecided))
    found = pd.Series(None, index=frame.index, dtype="object")
    for name in reversed(ranked):
        found = found.mask(table[name].eq(first), name)
    stopped = date.notna() & word.isna() & (first.isna() | (date < first))
    return first.mask(stopped, date), found.mask(stopped), log


def _exit_words(frame: pd.DataFrame, protocol: Protocol) -> pd.Series:
    closed = frame["end"].notna()
    blank = closed & frame["exit_class"].isna()
    if blank.any():
        at = positions(blank)
        raise DataProblem("exit_class_missing", column="exit_class", rows=at, count=len(at), total=int(closed.sum()))
    meaning = protocol.ending_of
    classes = frame.loc[closed, "exit_class"]
    unnamed = sorted({str(one) for one in classes.unique()} - set(meaning))
    if unnamed:
        count = int(classes.isin(unnamed).sum())
        raise DesignProblem("endings_unnamed", endings=unnamed, known=protocol.endings, count=count)
    words = frame["exit_class"].map(meaning)
    return words.where(closed & words.notna())
