"""Groups in an order: what a test says when its groups have scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats

Scores = Sequence[float] | Mapping[str, float] | None


def group_scores(counts: RiskTable, trend: Scores) -> Floats | None:
    """One number a group in the order of the groups; None without a trend. Shape (A,).

    Raises ``DesignProblem`` where a group lacks a number, or the numbers are all the same or infinite.
    """
    if trend is None:
        return None
    groups = list(counts.groups)
    try:
        own = [trend[name] for name in groups] if isinstance(trend, Mapping) else list(trend)
        scores = np.array(own, dtype=float)
    except (KeyError, TypeError, ValueError):
        scores = np.empty(0)
    if scores.shape != (len(groups),) or not np.isfinite(scores).all() or np.ptp(scores) == 0:
        raise DesignProblem("trend_scores", levels=groups)
    return scores
