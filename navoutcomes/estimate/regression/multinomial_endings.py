"""How everybody had ended by a time: one of the endings, or still followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.regression.logistic import ended_by
from navoutcomes.maths.arrays import Floats, Indices

STILL = "followed"


@dataclass(frozen=True)
class EndingsBy:
    """``names`` of the endings that somebody had by ``at``, and code (n,) of each person's, one row a person, by each
    person's ``first`` row (None where every row is one)."""

    names: tuple[str, ...]
    code: Indices
    at: float
    first: Indices | None

    def was(self, ending: str) -> Floats:
        """1 for those who had ended so, else 0. Shape (n,)."""
        if ending not in self.names:
            return np.zeros(len(self.code))
        return (self.code == self.names.index(ending)).astype(float)


def endings_by(people: FollowUp, at: float | None) -> EndingsBy:
    """Raises: ``DesignProblem`` where somebody's status is not known, or is the same for all."""
    names, columns, missing = [], [], None
    for name in people.endings:
        try:
            _, when, first, response = ended_by(people, name, at)
        except DesignProblem as problem:
            # An ending nobody had is no category; everything else stops us.
            if problem.key != "no_events":
                raise
            missing = problem
            continue
        names.append(name)
        columns.append(response)
    if not columns:
        raise missing or DesignProblem("no_events", cause="", total=people.persons, known=people.endings)
    still = 1 - np.sum(columns, axis=0)
    if still.any():
        names.append(STILL)
        columns.append(still)
    return EndingsBy(tuple(names), np.argmax(columns, axis=0).astype(np.int64), when, first)
