"""Which rows belong together: those of a person in the order of time, people of an office, and both across months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.working_correlation import Blocks


@dataclass(frozen=True)
class Together:
    """Shapes: order (n,) rows block by block; cluster (n,) codes of the ordered rows, whose scores are added up;
    ``within`` what a block is and ``kind`` what a cluster is (``person`` or ``office``); ``other`` codes (n,) and
    number of the clusters that cross them, or None."""

    order: Indices
    blocks: Blocks
    within: str
    cluster: Indices
    clusters: int
    kind: str
    other: tuple[Indices, int] | None = None


def together(people: FollowUp, correlation: str, crossed_with: str | None) -> Together:
    """Raises ``DesignProblem`` where nothing belongs together, a person's rows lie in several offices, or ``ar1`` finds
    no order."""
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    cluster, clusters, kind = people.clusters()
    if cluster is None:
        raise DesignProblem("gee_nothing_together")
    if correlation == "ar1" and not people.repeated:
        raise DesignProblem("gee_no_order")
    within = "person" if people.repeated else "office"
    block = pd.factorize(people.rows["person"])[0].astype(np.int64) if within == "person" else cluster
    order = np.lexsort((people.array("time"), block)).astype(np.int64)
    blocks = _blocks(block[order], people.array("time")[order])
    own = cluster[order]
    if within == "person" and kind == "office":
        moved = int((blocks.sums((own != blocks.spread(own[blocks.begin[:-1]])).astype(float)) > 0).sum())
        if moved:
            raise DesignProblem("gee_person_moves", count=moved, total=len(blocks.sizes))
    other = None
    if crossed_with is not None:
        codes, levels = people.levels(crossed_with)
        other = np.array(codes)[order], len(levels)
    return Together(order, blocks, within, np.array(own), clusters, kind, other)


def _blocks(block: Indices, time: Floats) -> Blocks:
    """Where blocks begin, and how many steps each row is from the first of its own: the usual distance is one step."""
    begin = np.concatenate([np.flatnonzero(np.diff(block, prepend=-1)), [len(block)]]).astype(np.int64)
    gap = np.diff(time, prepend=time[:1])
    follows = np.ones(len(block), dtype=bool)
    follows[begin[:-1]] = False
    # The lower quartile: months differ by days, and months that are missing make gaps longer, never shorter.
    usual = float(np.quantile(gap[follows], 0.25, method="lower")) if follows.any() else 1.0
    steps = np.where(follows, np.maximum(np.rint(gap / usual), 1), 0) if usual > 0 else follows.astype(float)
    walked = np.cumsum(steps)
    place = walked - np.repeat(walked[begin[:-1]], np.diff(begin))
    return Blocks(begin, place.astype(np.int64))
