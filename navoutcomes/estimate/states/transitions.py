"""People in states: from when to when in which, and what state came next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import numpy as np
import pandas as pd

from navoutcomes.design.coded import level_codes
from navoutcomes.design.follow_up import named
from navoutcomes.design.people import present
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.states.transitions_rows import (
    Intervals,
    check_columns,
    intervals,
    marked,
    stop_at,
    within_person,
    without_weightless,
)
from navoutcomes.estimate.states.transitions_spells import stays
from navoutcomes.maths.arrays import Indices
from navoutcomes.notes import Log, warning
from navoutcomes.records.origin import Origin
from navoutcomes.records.spells.stays import Spells
from navoutcomes.texts import say

STAYS = -1


@dataclass(frozen=True, repr=False, eq=False)
class Transitions:
    """One row a person-interval (start, stop] in a state, and the state entered at its end, if any.

    ``states`` are those somebody begins in, then the others; ``rows`` (a copy) has the columns person, start, stop,
    state_from, state_to (empty where nothing happened), weight and cluster; ``covariates`` every other column.
    """

    states: tuple[str, ...]
    unit: str
    origin: Origin
    log: Log
    intervals: Intervals = field(repr=False)
    state: Indices = field(repr=False)
    moved: Indices = field(repr=False)
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
        state_from: str,
        state_to: str,
        censored: str | None = None,
        states: Sequence[str] | None = None,
        weight: str | None = None,
        cluster: str | None = None,
        gaps: str = "error",
        unit: str = "days",
        origin: Origin | None = None,
    ) -> Self:
        """Who was in which state from when to when, and where did they go: from a frame with a row a person-interval.

        Arguments: column names of ``frame``; ``start`` and ``stop`` in ``unit`` since the person's time zero (a first
        start after 0 is delayed entry); an empty ``state_to``, the word ``censored`` or the state the row is in mean
        that nothing happened; ``states`` the words that may occur, in the order of results (None: those that do);
        ``gaps`` ``error``, or ``unobserved`` for a person whom nobody saw for a while.
        Raises: ``DataProblem`` naming row positions for intervals that overlap, that leave a gap, that begin in
        another state than the one before led to (at once, or after a gap), and for words that are no state.
        """
        roles = {"person": person, "start": start, "stop": stop, "weight": weight, "cluster": cluster}
        roles |= {"state_from": state_from, "state_to": state_to}
        check_columns(frame, roles.values())
        frame = frame.reset_index(drop=True)
        made, log = intervals(frame, roles, gaps)
        words, state, moved = _states(frame, state_from, state_to, censored, states, made)
        moved = np.where(moved == state, STAYS, moved)
        expected = np.where(moved < 0, state, moved)[made.before]
        broken = state[made.next] != expected
        at_once = made.next[broken & ~made.apart]
        stop_at(marked(at_once, len(frame)), "states_teleport", column_from=state_from, column_to=state_to)
        jumps = int((broken & made.apart).sum())
        if jumps:
            log += warning("states_jump", count=jumps, total=len(frame))
        frame, made, (state, moved), remark = without_weightless(frame, made, roles, state, moved)
        for codes in (state, moved):
            codes.flags.writeable = False
        return cls(words, unit, origin or Origin(), log + remark, made, state, moved, frame, roles)

    @classmethod
    @door
    def from_spells(
        cls,
        spells: Spells,
        *,
        programmes: Mapping[str, str] | None = None,
        exits: Mapping[str, str | None],
        closes: date | None = None,
        weight: str | None = None,
        cluster: str | None = None,
        gaps: str = "error",
    ) -> Self:
        """In which state was each person of the register, day by day from the first spell on?

        A spell is a stay in the state of its programme. What follows it is the state its exit class leads to, until the
        next spell begins or the register closes; a spell that begins on the day after leads straight on.
        Arguments: ``programmes`` programme -> state (None: the programme's own name, or ``programme``);
        ``exits`` exit class -> state, or None where nobody saw the person afterwards; ``closes`` the last day covered
        (None: what the register says); ``weight`` and ``cluster`` columns of the spells.
        Raises: ``DesignProblem`` for an exit class or programme that is not named, or a register without a last day.
        """
        frame = stays(spells, programmes, exits, closes)
        return cls.from_frame(
            frame,
            person="person",
            start="start_day",
            stop="stop_day",
            state_from="state_from",
            state_to="state_to",
            weight=weight,
            cluster=cluster,
            gaps=gaps,
            origin=spells.origin,
        )

    @property
    def rows(self) -> pd.DataFrame:
        """One row a person-interval, the standard columns. A copy."""
        names = np.array([*self.states, None], dtype=object)
        made = pd.DataFrame({role: self._frame[own] for role, own in self._roles.items() if own is not None})
        return made.assign(state_from=names[self.state], state_to=names[self.moved], weight=self.intervals.weight)

    @property
    def covariates(self) -> pd.DataFrame:
        """Every other column, in the order of ``rows``. A copy."""
        return self._frame.drop(columns=[one for one in self._roles.values() if one is not None]).copy()

    @property
    def persons(self) -> int:
        """How many persons."""
        return len(np.unique(self.intervals.person))

    @property
    def pairs(self) -> Indices:
        """The transitions that happened, (from, to), in the order of the states. Shape (K, 2)."""
        happened, size = self.moved != STAYS, len(self.states)
        times = np.bincount(self.state[happened] * size + self.moved[happened], minlength=size * size)
        return np.argwhere(times.reshape(size, size) > 0).astype(np.int64)

    def levels(self, by: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
        """Group of each row as a position and the groups' names; each person is in one group.

        Raises: ``DataProblem`` for a column that is missing, has empty cells or changes within a person.
        """
        return person_levels(self._frame, self.intervals, by)

    def __repr__(self) -> str:
        facts = {"persons": self.persons, "rows": len(self.state), "moves": int((self.moved != STAYS).sum())}
        first = say("words", "transitions_summary", **facts, states=", ".join(self.states))
        return "\n".join([first, *(str(one) for one in self.log)])


def person_levels(frame: pd.DataFrame, made: Intervals, by: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Group of each row and the groups' names in order; one group named ``all`` without ``by``."""
    if by is None:
        return np.zeros(len(frame), dtype=np.int64), ("all",)
    check_columns(frame, [by])
    codes, ordered = level_codes(present(frame, by))
    within_person(made, codes, by)
    return codes, tuple(named(one) for one in ordered)


def _states(
    frame: pd.DataFrame,
    state_from: str,
    state_to: str,
    censored: str | None,
    states: Sequence[str] | None,
    made: Intervals,
) -> tuple[tuple[str, ...], Indices, Indices]:
    """The states, and of each row the one it is in and the one it leads to (-1 where none)."""
    own, to = present(frame, state_from), frame[state_to]
    to = to.mask(to == censored) if censored is not None else to
    begun = np.flatnonzero(~marked(made.next, len(frame)))
    if states is None:
        parts = (own.iloc[begun], own, to.dropna())
        states = tuple(dict.fromkeys(named(one) for values in parts for one in level_codes(values)[1]))
    known = {word: place for place, word in enumerate(states)}
    codes = []
    for values, column in ((own, state_from), (to, state_to)):
        words = pd.Categorical(values)
        lookup = np.array([*(known.get(named(one), -2) for one in words.categories), STAYS], dtype=np.int64)
        code = lookup[words.codes]
        stop_at(code == -2, "states_unknown", column=column, known=tuple(states), total=len(frame))
        codes.append(code)
    if len(states) < 2:
        raise DesignProblem("no_transitions", states=tuple(states), total=len(frame), since="0")
    return tuple(states), codes[0], codes[1]


def as_transitions(people: Any) -> Transitions:
    """People in states as they are. Raises ``DesignProblem`` for anything else."""
    if not isinstance(people, Transitions):
        raise DesignProblem("people_without_states", kind=type(people).__name__)
    return people
