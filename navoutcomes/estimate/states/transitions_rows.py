"""Person-intervals, checked: what a frame of stays in states, or of repeated events, must hold before it is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.design.people import check_once, numbers_in, positions, present, weights
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.estimate.moves import Moves
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.curves.multistate import NOTHING, Seen
from navoutcomes.maths.grid import reconcile
from navoutcomes.notes import Log, note, warning

GAPS = ("error", "unobserved")


@dataclass(frozen=True)
class Intervals:
    """Who was under observation when: rows sorted as the frame was, positions on one grid of times.

    Shapes: time (G,); begin, stop (n,) positions on it; person, cluster (n,) codes, cluster None without offices;
    weight (n,). ``order`` (n,) sorts the rows by person and time; ``before`` and ``next`` (m,) are the rows of one
    person that follow on each other.
    """

    time: Floats
    begin: Indices
    stop: Indices
    person: Indices
    cluster: Indices | None
    weight: Floats
    order: Indices
    before: Indices
    next: Indices

    @property
    def clustered(self) -> str:
        """``office`` with a cluster column, ``person`` where somebody has several rows, else ``none``."""
        if self.cluster is not None:
            return "office"
        return "person" if len(self.next) else "none"

    @property
    def apart(self) -> np.ndarray:
        """Whether nobody saw the person between a row and the next. Shape (m,)."""
        return self.begin[self.next] > self.stop[self.before]

    def moves(self, kind: Indices, group: Indices, state: Indices, since: float = -np.inf) -> Moves:
        """What happened after a time, by group, for a gate that counts it by the month.

        Shapes: kind (n,), -1 where nothing happened; group and state (n,) codes.
        """
        time = np.asarray(self.time, dtype=float)
        begin, end = np.where(self.begin < 0, -np.inf, time[self.begin]), time[self.stop]
        later = end > since
        own = np.where(kind < 0, NOTHING, group * (int(kind.max(initial=0)) + 1) + kind)
        place = group * (int(state.max(initial=0)) + 1) + state
        return Moves(begin[later], end[later], own[later], place[later], self.person[later], group[later])

    def seen(self, state: Indices, kind: Indices, states: int, kinds: int, chosen: np.ndarray) -> Seen:
        """The rows that are chosen, as the arithmetic takes them; who begins at time 0 is there from the start.

        A row that begins as the one before stops, with nothing happening in between, is one with it: a stay that is cut
        in pieces would else look as if the person was lost sight of.
        """
        whose = self.person if self.cluster is None else self.cluster
        on = ~self.apart & (kind[self.before] < 0) & chosen[self.before] & chosen[self.next]
        for own in (state, self.weight, whose):
            on &= own[self.before] == own[self.next]
        first, last = chosen.copy(), chosen.copy()
        first[self.next[on]], last[self.before[on]] = False, False
        kept, begin = self.order[last[self.order]], self.begin[self.order[first[self.order]]]
        unit, names = pd.factorize(whose[kept])
        return Seen(
            time=self.time,
            enter=np.where(self.time[begin] <= 0, FROM_START, begin),
            leave=self.stop[kept],
            state=state[kept],
            kind=np.where(kind[kept] < 0, NOTHING, kind[kept]),
            weight=self.weight[kept],
            unit=unit.astype(np.int64),
            units=len(names),
            states=states,
            kinds=kinds,
        )


def intervals(frame: pd.DataFrame, roles: Mapping[str, str | None], gaps: str) -> tuple[Intervals, Log]:
    """The rows of a frame on one grid, with what was remarked on the way.

    Arguments: ``roles`` the columns person, start, stop, weight and cluster (the last two may be None); ``gaps``
    ``error``, or ``unobserved`` where nobody saw a person between two rows.
    Raises: ``DataProblem`` naming column and row positions (counted from 0).
    """
    if gaps not in GAPS:
        raise DesignProblem("choice_unknown", asked=gaps, known=GAPS)
    check_columns(frame, roles.values())
    start, stop = (_times(frame, str(roles[name])) for name in ("start", "stop"))
    time, (begin, end) = reconcile(start, stop)
    facts = {"column_entry": str(roles["start"]), "column_time": str(roles["stop"])}
    stop_at(begin >= end, "entry_not_before_exit", **facts, total=len(frame))
    person = _codes(frame, str(roles["person"]))
    cluster = None if roles["cluster"] is None else _codes(frame, str(roles["cluster"]))
    weight = np.ones(len(frame)) if roles["weight"] is None else weights(frame, str(roles["weight"]))
    order = np.lexsort((begin, person))
    follows = np.flatnonzero(person[order][1:] == person[order][:-1])
    before, after = order[follows], order[follows + 1]
    made = Intervals(time, begin, end, person, cluster, weight, order, before, after)
    column = str(roles["person"])
    stop_at(marked(after[begin[after] < end[before]], len(frame)), "intervals_overlap", column=column)
    log, apart = Log(), int(made.apart.sum())
    if apart and gaps == "error":
        stop_at(marked(after[made.apart], len(frame)), "states_gap", column=column)
    if apart:
        log += warning("intervals_apart", count=apart, total=len(frame))
    return made, log


def check_columns(frame: pd.DataFrame, columns: Iterable[str | None]) -> None:
    """Raises ``DataProblem`` for a column that is missing or there twice, or a frame without rows."""
    named = [column for column in columns if column is not None]
    absent = [column for column in named if column not in frame.columns]
    if absent:
        raise DataProblem("columns_missing", column=absent, columns_found=list(frame.columns), count=len(absent))
    for column in named:
        check_once(frame, column)
    if len(frame) == 0:
        raise DataProblem("no_rows", columns_found=list(frame.columns))


def without_weightless(
    frame: pd.DataFrame, made: Intervals, roles: Mapping[str, str | None], *codes: Indices
) -> tuple[pd.DataFrame, Intervals, tuple[Indices, ...], Log]:
    """The rows that weigh something, with their codes, and a remark where some do not: they are not counted.

    Raises ``DataProblem`` where none is left.
    """
    kept = made.weight > 0
    if kept.all():
        return frame, made, codes, Log()
    remark = note("zero_weights", column=str(roles["weight"]), count=int((~kept).sum()))
    frame = frame[kept].reset_index(drop=True)
    if frame.empty:
        raise DataProblem("no_rows", columns_found=list(frame.columns))
    made, _ = intervals(frame, roles, "unobserved")
    return frame, made, tuple(one[kept] for one in codes), Log((remark,))


def within_person(made: Intervals, codes: Indices, column: str) -> None:
    """Raises ``DataProblem`` naming rows where a person's group is not the one of the row before."""
    other = codes[made.next] != codes[made.before]
    stop_at(marked(made.next[other], len(codes)), "group_varies", column=column)


def stop_at(bad: np.ndarray, key: str, **facts: Any) -> None:
    """Raises ``DataProblem`` with the positions that are marked and their number, where there are any."""
    if bad.any():
        raise DataProblem(key, rows=positions(bad), count=int(bad.sum()), **facts)


def marked(rows: Indices, size: int) -> np.ndarray:
    """True at some positions. Shape (size,)."""
    bad = np.zeros(size, dtype=bool)
    bad[rows] = True
    return bad


def _codes(frame: pd.DataFrame, column: str) -> Indices:
    return pd.factorize(present(frame, column))[0].astype(np.int64)


def _times(frame: pd.DataFrame, column: str) -> Floats:
    numbers = numbers_in(frame, column)
    stop_at(numbers < 0, "negative_time", column=column, total=len(frame))
    return numbers
