"""Whose endings the steps of a curve are, where there is no risk table behind it: what a gate counts by the month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

NOTHING = -1


@dataclass(frozen=True)
class Moves:
    """Rows of people: from when to when, and what happened at the end.

    Shapes: begin, end (n,) times, begin before any for those under observation from the start; kind (n,) what happened,
    ``NOTHING`` or a number for each way (ending, transition) of each group that has a curve; place (n,) where they were
    until then (group, state): how many are there is counted; person (n,) codes; group (n,)
    codes of what curves are drawn apart.
    """

    begin: Floats
    end: Floats
    kind: Indices
    place: Indices
    person: Indices
    group: Indices

    def among(self, chosen: np.ndarray) -> Moves:
        """Those of some rows."""
        return Moves(
            **{name: getattr(self, name)[chosen] for name in ("begin", "end", "kind", "place", "person", "group")}
        )

    @property
    def persons(self) -> int:
        """How many persons."""
        return len(np.unique(self.person))
