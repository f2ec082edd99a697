"""People in states, group by group: what was seen since a time, and where the group began."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.states.transitions import Transitions
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.curves.multistate import NOTHING, Path, Rules, Seen, StateCounts, count_states
from navoutcomes.maths.curves.multistate_influence import greenwood, spread


@dataclass(frozen=True)
class Group:
    """One group since a time: rows, counts of persons and of what estimates use (weights where there are weights).

    ``pairs`` (K, 2) are the transitions of everybody, whether the group has them or not.
    """

    name: str
    pairs: Indices
    states: int
    seen: Seen
    persons: StateCounts
    mass: StateCounts

    @property
    def leaves(self) -> np.ndarray:
        """Where on the grid somebody leaves. Shape (G,)."""
        return np.asarray(self.persons.events.sum(axis=0) + self.persons.censored.sum(axis=0) > 0)

    @property
    def last(self) -> float:
        """When the last of the group leaves."""
        return float(self.seen.time[self.seen.leave.max()])

    @property
    def open(self) -> bool:
        """Whether somebody was still followed then."""
        return bool(self.persons.censored[:, self.seen.leave.max()].sum() > 0)

    @property
    def whole(self) -> Floats:
        """Persons whose state is known after each time: those under observation, and those who came to an end. (G,)"""
        final = ~np.isin(np.arange(self.states), self.pairs[:, 0])
        ended = self.persons.events[final[self.pairs[:, 1]]].sum(axis=0)
        return np.cumsum(ended) + np.append(self.persons.at_risk.sum(axis=0)[1:], 0.0)

    def begun(self) -> tuple[Floats, Floats]:
        """The shares in the states at the start, and the influence of each unit on them.

        Those under observation at the first transition count (R's rule): with delayed entry nobody may be there before.
        Shapes: (S,), (units, S).
        """
        seen = self.seen
        happened = np.flatnonzero(self.persons.events.sum(axis=0))
        first = happened[0] if len(happened) else seen.leave.min()
        there = seen.only((seen.enter < first) & (first <= seen.leave))
        weight = np.bincount(there.state, there.weight, minlength=self.states)
        share = weight / weight.sum()
        pull = np.zeros((seen.units, self.states))
        if share.max() < 1:
            np.add.at(pull, there.unit, there.weight[:, None] * (np.eye(self.states)[there.state] - share))
        return share, pull / weight.sum()

    def variance(self, path: Path, rules: Rules, errors: str, pull: Floats | None = None) -> Floats:
        """Variance of what is carried, at the start and at every time of the grid. Shape (G + 1, N)."""
        if errors == "robust":
            found = spread(self.seen, path, rules, pull)
        else:
            found = greenwood(self.mass, path, rules, poisson=errors == "aalen")
        return self.stretched(path, found)

    def stretched(self, path: Path, values: Floats) -> Floats:
        """Values after each step at the start and at every time of the grid. Shape (G + 1, N)."""
        return np.concatenate([values[:1], path.on(len(self.seen.time), values)])


@dataclass(frozen=True)
class Since:
    """People in states from a time on. ``place`` is the last position of the grid that is not after it, -1 before all.

    Shapes: kind, code (n,) transition and group of each row.
    """

    people: Transitions
    since: float
    place: int
    pairs: Indices
    kind: Indices
    code: Indices
    names: tuple[str, ...]

    @classmethod
    def of(cls, people: Transitions, by: str | None, since: float) -> Since:
        """Raises ``DesignProblem`` for a time that is none, or where nothing happened to anybody after it."""
        if not (np.isfinite(since) and since >= 0):
            raise DesignProblem("times_needed", argument="since")
        time, pairs = people.intervals.time, people.pairs
        slack = 1e-9 * max(1.0, float(time[-1]))
        place = int(np.searchsorted(time, since + slack, side="right")) - 1
        if not ((people.moved >= 0) & (people.intervals.stop > place)).any():
            raise DesignProblem("no_transitions", states=people.states, total=len(people.state), since=f"{since:g}")
        kind = np.full(len(people.state), NOTHING, dtype=np.int64)
        for at, (begin, end) in enumerate(pairs):
            kind[(people.state == begin) & (people.moved == end)] = at
        return cls(people, since, place, pairs, kind, *people.levels(by))

    def group(self, at: int) -> Group:
        """Everybody of a group. Raises ``DesignProblem`` where nobody of it is under observation any more."""
        found = self._counted(at, self.code == at)
        if found is None:
            raise DesignProblem("nobody_since", group=self.names[at], asked=f"{self.since:g}")
        return found

    def landmarked(self, at: int, state: int) -> Group | None:
        """Those of a group who are in a state just after the time, with all that happens to them; None for nobody."""
        made = self.people.intervals
        there = (made.begin <= self.place) & (self.place < made.stop) & (self.people.state == state)
        member = np.zeros(int(made.person.max()) + 1, dtype=bool)
        member[made.person[there]] = True
        return self._counted(at, (self.code == at) & member[made.person])

    def _counted(self, at: int, chosen: np.ndarray) -> Group | None:
        states = len(self.people.states)
        chosen = chosen & (self.people.intervals.stop > self.place)
        if not chosen.any():
            return None
        seen = self.people.intervals.seen(self.people.state, self.kind, states, len(self.pairs), chosen)
        seen = seen.after(self.place) if self.place > 0 else seen
        persons = count_states(seen)
        mass = persons if (seen.weight == 1).all() else count_states(seen, weighted=True)
        return Group(self.names[at], self.pairs, states, seen, persons, mass)
