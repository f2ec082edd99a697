"""Rows of people as arrays on one grid: what every regression is fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.moves import NOTHING, Moves
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START


@dataclass(frozen=True)
class Sample:
    """Who was seen when, as positions on a grid. One row a person-interval; the arrays are not to be written to.

    Shapes: time (G,) increasing; enter (n,) and leave (n,) positions on it, enter -1 from the start; cause (n,) place
    of the ending, -1 censored; weight (n,); stratum (n,) and ``strata`` names; cluster (n,) codes or None.
    ``clustered`` is ``none``, ``person`` (several rows a person) or ``office``; ``delayed``: somebody enters late.
    """

    time: Floats
    enter: Indices
    leave: Indices
    cause: Indices
    weight: Floats
    stratum: Indices
    strata: tuple[str, ...]
    cluster: Indices | None
    clusters: int
    clustered: str
    weighted: bool
    delayed: bool

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.leave)


def moves_of(seen: Sample, causes: Sequence[int], layers: Sequence[int]) -> Moves:
    """Endings of some causes in some strata, for a gate that counts them by the month."""
    rows = np.isin(seen.stratum, layers)
    kind = np.where(np.isin(seen.cause, causes), seen.stratum * (int(seen.cause.max()) + 1) + seen.cause, NOTHING)
    begin = np.where(seen.enter == FROM_START, -np.inf, seen.time[seen.enter])
    # Rows of one person are told apart only where they belong together.
    person = seen.cluster if seen.clustered == "person" and seen.cluster is not None else np.arange(seen.size)
    return Moves(
        begin[rows], seen.time[seen.leave][rows], kind[rows], seen.stratum[rows], person[rows], seen.stratum[rows]
    )


def sample(people: FollowUp, strata: str | None = None) -> Sample:
    """The rows of a follow-up on one grid, in their own order.

    Arguments: ``strata`` a column whose levels have curves of their own.
    Raises: ``DesignProblem`` for people known only as counts.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    coded, weight = people.coded, people.array("weight")
    cause, leave = np.divmod(coded.place, len(coded.grid))
    cause -= 1
    # 0 stands on the grid of the curves also where nobody leaves at 0; then nobody enters there either.
    empty = int(coded.grid[0] == 0 and leave.min() > 0)
    leave -= empty
    late = coded.enter
    enter = np.full(len(leave), FROM_START, dtype=np.int64)
    if late is not None:
        np.subtract(late, empty, out=enter, where=late != FROM_START)
    cluster, clusters, clustered = people.clusters()
    stratum, names = people.levels(strata)
    return Sample(
        time=coded.grid[empty:],
        enter=enter,
        leave=leave,
        cause=cause,
        weight=weight,
        stratum=stratum,
        strata=names,
        cluster=cluster,
        clusters=clusters,
        clustered=clustered,
        weighted=bool((weight != 1).any()),
        delayed=late is not None,
    )
