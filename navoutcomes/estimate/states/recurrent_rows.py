"""People with events that come back: new spells, absences, returns; from when to when they were followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.states.transitions import STAYS, Transitions, as_transitions, person_levels
from navoutcomes.estimate.states.transitions_rows import (
    Intervals,
    check_columns,
    intervals,
    marked,
    stop_at,
    without_weightless,
)
from navoutcomes.maths.arrays import Indices
from navoutcomes.maths.curves.multistate import NOTHING
from navoutcomes.notes import Log
from navoutcomes.records.origin import Origin
from navoutcomes.texts import say


@dataclass(frozen=True, repr=False, eq=False)
class Repeats:
    """One row a person-interval (start, stop], and what happened at its end, if anything.

    ``events`` are the kinds of events; those in ``terminal`` end a person's course (death). ``rows`` (a copy) has the
    columns person, start, stop, event (empty where nothing happened), weight, cluster; ``covariates`` the others.
    """

    events: tuple[str, ...]
    terminal: tuple[str, ...]
    unit: str
    origin: Origin
    log: Log
    intervals: Intervals = field(repr=False)
    kind: Indices = field(repr=False)
    _frame: pd.DataFrame = field(repr=False)
    _roles: Mapping[str, str | None] = field(repr=False)

    @classmethod
    @door
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        person: str,
        start: str,
        stop: str,
        event: str,
        events: Mapping[Any, str | None],
        terminal: Sequence[str] = (),
        weight: str | None = None,
        cluster: str | None = None,
        gaps: str = "error",
        unit: str = "days",
        origin: Origin | None = None,
    ) -> Self:
        """Who was followed from when to when, and which events came, again and again: a row a person-interval.

        Arguments: column names of ``frame``; ``start`` and ``stop`` in ``unit`` since the person's time zero;
        ``events`` maps the values of ``event`` to words, and None to "nothing happened"; ``terminal`` the words after
        which nothing more can happen to a person; ``gaps`` as in ``Transitions.from_frame``.
        Raises: ``DataProblem`` naming row positions for intervals that overlap or leave a gap, for values that are not
        named, and for rows after a terminal event.
        """
        roles = {"person": person, "start": start, "stop": stop, "weight": weight, "cluster": cluster, "event": event}
        check_columns(frame, roles.values())
        frame = frame.reset_index(drop=True)
        made, log = intervals(frame, roles, gaps)
        words = tuple(dict.fromkeys(word for word in events.values() if word is not None))
        stray = [word for word in terminal if word not in words]
        if stray or not set(words) - set(terminal):
            raise DesignProblem("events_needed", asked=stray or list(terminal), known=words)
        kind = _kinds(frame, event, events, words)
        ended = np.isin(kind, [words.index(word) for word in terminal])
        stop_at(marked(made.next[ended[made.before]], len(frame)), "rows_after_end", column=person)
        frame, made, (kind,), remark = without_weightless(frame, made, roles, kind)
        return cls(words, tuple(terminal), unit, origin or Origin(), log + remark, made, kind, frame, roles)

    @classmethod
    @door
    def from_transitions(cls, people: Transitions, event: str, terminal: Sequence[str] = ()) -> Self:
        """How often do people come into a state: people in states, where coming into ``event`` is what comes back.

        Arguments: ``event`` a state; ``terminal`` states that nobody leaves, into which a course ends.
        Raises: ``DesignProblem`` for a state that is not there, or one of ``terminal`` that people leave.
        """
        people = as_transitions(people)
        words = (event, *terminal)
        stray = [word for word in words if word not in people.states]
        left = [word for word in terminal if word in people.states and people.states.index(word) in people.state]
        if stray or left or len(set(words)) != len(words):
            raise DesignProblem("events_needed", asked=stray or left or list(words), known=people.states)
        lookup = np.full(len(people.states) + 1, NOTHING, dtype=np.int64)
        lookup[[people.states.index(word) for word in words]] = np.arange(len(words))
        kind = lookup[np.where(people.moved == STAYS, len(people.states), people.moved)]
        told = (words, tuple(terminal), people.unit, people.origin, people.log)
        return cls(*told, people.intervals, kind, people._frame, people._roles)

    @property
    def ends(self) -> np.ndarray:
        """Which kinds of events end a course. Shape (K,)."""
        return np.array([word in self.terminal for word in self.events], dtype=bool)

    @property
    def rows(self) -> pd.DataFrame:
        """One row a person-interval, the standard columns. A copy."""
        words = np.array([*self.events, None], dtype=object)
        names = ("person", "start", "stop", "cluster")
        made = pd.DataFrame({role: self._frame[own] for role in names if (own := self._roles.get(role)) is not None})
        return made.assign(event=words[self.kind], weight=self.intervals.weight)

    @property
    def covariates(self) -> pd.DataFrame:
        """Every other column, in the order of ``rows``. A copy."""
        return self._frame.drop(columns=[one for one in self._roles.values() if one is not None]).copy()

    @property
    def persons(self) -> int:
        """How many persons."""
        return len(np.unique(self.intervals.person))

    def levels(self, by: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
        """Group of each row as a position and the groups' names; each person is in one group."""
        return person_levels(self._frame, self.intervals, by)

    def __repr__(self) -> str:
        facts = {"persons": self.persons, "rows": len(self.kind), "events": int((self.kind != NOTHING).sum())}
        first = say("words", "repeats_summary", **facts, kinds=", ".join(self.events))
        return "\n".join([first, *(str(one) for one in self.log)])


def _kinds(frame: pd.DataFrame, event: str, events: Mapping[Any, str | None], words: tuple[str, ...]) -> Indices:
    """What happened at the end of each row, as a place among the words; -1 for nothing."""
    values = frame[event]
    codes, found = pd.factorize(values)
    meaning = {key: word for key, word in events.items() if not pd.isna(key)}
    empty = any(pd.isna(key) for key in events)
    blank = next((word for key, word in events.items() if pd.isna(key)), None)
    places = [_place(meaning[one], words) if one in meaning else -2 for one in found]
    lookup = np.array([*places, _place(blank, words) if empty else -2], dtype=np.int64)
    kind = lookup[codes]
    stop_at(kind == -2, "endings_unknown", column=event, total=len(frame))
    return kind


def _place(word: str | None, words: tuple[str, ...]) -> int:
    return NOTHING if word is None else words.index(word)


def as_repeats(people: Any) -> Repeats:
    """People with events that come back as they are. Raises ``DesignProblem`` for anything else."""
    if not isinstance(people, Repeats):
        raise DesignProblem("people_without_repeats", kind=type(people).__name__)
    return people
