"""Rows of people as arrays on one grid: what every regression is fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.whole_stays import from_start
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.grid import reconcile


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


def sample(people: FollowUp, strata: str | None = None) -> Sample:
    """The rows of a follow-up on one grid, in their own order.

    Arguments: ``strata`` a column whose levels have curves of their own.
    Raises: ``DesignProblem`` for people known only as counts.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    time, weight = people.array("time"), people.array("weight")
    entry = from_start(people.array("entry"), time)
    late = ~np.isnan(entry)
    enter = np.full(len(time), FROM_START, dtype=np.int64)
    if late.any():
        grid, (leave, entered) = reconcile(time, entry[late])
        enter[late] = entered
    else:
        grid, (leave,) = reconcile(time)
    cluster, clusters, clustered = people.clusters()
    stratum, names = people.levels(strata)
    return Sample(
        time=grid,
        enter=enter,
        leave=leave,
        cause=people.causes(),
        weight=weight,
        stratum=stratum,
        strata=names,
        cluster=cluster,
        clusters=clusters,
        clustered=clustered,
        weighted=bool((weight != 1).any()),
        delayed=bool(late.any()),
    )
