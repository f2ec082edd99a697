"""Numbers that grow step by step with what people at risk go through: shares in states, hazards, mean counts.

A row of numbers x is carried forward over the grid: each kind of event that happens to a share h of those at risk adds
h times the number it feeds on times a fixed change. Transition probabilities (x is the shares in the states; a move
from state a to state b takes from a and gives to b), cumulative hazards and mean numbers of repeated events are all of
this form, so one file counts them and carries them on.

Reference: Aalen & Johansen 1978; Andersen, Borgan, Gill & Keiding 1993, section IV.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.curves.kaplan_meier import EMPTY

NOTHING = -1


@dataclass(frozen=True)
class Seen:
    """Intervals of observation on a grid: who was at risk in which state, and what happened at the end.

    Shapes: time (G,); enter, leave (n,) positions on it, at risk in (enter, leave], enter -1 from before the first;
    state (n,) 0..states-1; kind (n,) 0..kinds-1, or -1 where nothing happened; weight (n,); unit (n,) 0..units-1, whose
    influences are summed (persons or offices).
    """

    time: Floats
    enter: Indices
    leave: Indices
    state: Indices
    kind: Indices
    weight: Floats
    unit: Indices
    units: int
    states: int
    kinds: int

    def only(self, chosen: np.ndarray) -> Seen:
        """Some of the rows; the units keep their numbers."""
        names = ("enter", "leave", "state", "kind", "weight", "unit")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def after(self, place: int) -> Seen:
        """What was seen after a position of the grid; who is under observation there enters there."""
        later = self.only(self.leave > place)
        return replace(later, enter=np.maximum(later.enter, place))


@dataclass(frozen=True)
class StateCounts:
    """Sums over people at each time. Shapes: time (G,); at_risk, censored (S, G); events (K, G) by kind."""

    time: Floats
    at_risk: Floats
    events: Floats
    censored: Floats


def count_states(seen: Seen, weighted: bool = False) -> StateCounts:
    """Who is at risk in each state, what happens, and who is lost sight of. Counts persons, or their weights."""
    size = len(seen.time)
    mass = seen.weight if weighted else np.ones(len(seen.leave))

    def table(row: Indices, place: Indices, rows: int, amount: Floats) -> Floats:
        return np.bincount(row * size + place, amount, minlength=rows * size).astype(float).reshape(rows, size)

    ended, late = seen.kind != NOTHING, seen.enter != FROM_START
    leave = table(seen.state, seen.leave, seen.states, mass)
    enter = table(seen.state[late], seen.enter[late], seen.states, mass[late])
    risk = np.cumsum((leave - enter)[:, ::-1], axis=1)[:, ::-1]
    # What rounding of weights leaves of an empty risk set is nothing.
    nothing = EMPTY * float(risk.max(initial=0.0))
    return StateCounts(
        time=seen.time,
        at_risk=np.where(risk <= nothing, 0.0, risk),
        events=table(seen.kind[ended], seen.leave[ended], seen.kinds, mass[ended]),
        censored=table(seen.state[~ended], seen.leave[~ended], seen.states, mass[~ended]),
    )


@dataclass(frozen=True)
class Rules:
    """What each kind of event does to the numbers that are carried on.

    Shapes: origin (K,) the state whose people kind k happens to; source (S,) which number a state feeds on; change
    (K, N) what one event adds to the numbers, times that number.
    """

    origin: Indices
    source: Indices
    change: Floats

    @classmethod
    def moves(cls, pairs: Indices, states: int) -> Rules:
        """Shares in states; kind k is the move ``pairs[k]`` = (from, to)."""
        change = np.eye(states)[pairs[:, 1]] - np.eye(states)[pairs[:, 0]]
        return cls(pairs[:, 0], np.arange(states), change)

    @classmethod
    def hazards(cls, origin: Indices, states: int) -> Rules:
        """The number one, and the cumulative hazard of each kind."""
        kinds = len(origin)
        return cls(origin, np.zeros(states, dtype=np.int64), np.eye(kinds, kinds + 1, 1))


@dataclass(frozen=True)
class Path:
    """Numbers carried over the times at which something happens.

    Shapes: place (T,) positions on the grid; moves (T, N, N) what multiplies the numbers at each of them; value
    (T + 1, N) the numbers, first before anything has happened; reach (T, S) the number a state feeds on just before,
    by one at risk; hazard (K, T); drift (T, S, N) what is expected of one at risk.
    """

    place: Indices
    moves: Floats
    value: Floats
    reach: Floats
    hazard: Floats
    drift: Floats

    def on(self, grid: int, values: Floats) -> Floats:
        """Values (T + 1, ...) at every position of the grid. Shape (grid, ...)."""
        return values[np.searchsorted(self.place, np.arange(grid), side="right")]


def carry(counts: StateCounts, rules: Rules, start: Floats) -> Path:
    """The numbers from their start over every time at which something happens. Shapes: start (N,)."""
    place = np.flatnonzero(counts.events.sum(axis=0) > 0)
    risk = counts.at_risk[:, place]
    own = risk[rules.origin]
    hazard = np.divide(counts.events[:, place], own, out=np.zeros(own.shape), where=own > 0)
    size, kinds = len(start), range(len(rules.origin))
    moves = np.tile(np.eye(size), (len(place), 1, 1))
    for kind in kinds:
        moves[:, rules.source[rules.origin[kind]]] += hazard[kind][:, None] * rules.change[kind]
    # Where everybody moves at once nobody is left, and not what rounding leaves.
    moves[np.abs(moves) < EMPTY] = 0.0
    value = np.empty((len(place) + 1, size))
    value[0] = now = np.asarray(start, dtype=float)
    for at, move in enumerate(moves):
        value[at + 1] = now = now @ move
    inverse = np.divide(1.0, risk, out=np.zeros(risk.shape), where=risk > 0).T
    reach = np.ascontiguousarray(value[:-1][:, rules.source] * inverse)
    drift = np.zeros((len(place), len(risk), size))
    for kind in kinds:
        state = rules.origin[kind]
        drift[:, state] += (reach[:, state] * hazard[kind])[:, None] * rules.change[kind]
    return Path(place, moves, value, reach, hazard, drift)
