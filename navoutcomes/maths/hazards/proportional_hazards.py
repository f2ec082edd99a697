"""Is one ratio enough? The score test for coefficients that change with a function g of time.

Reference: Grambsch & Therneau 1994, as the exact score test of R ``survival`` 3 (``cox.zph``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.cox import CoxFit, information
from navoutcomes.maths.hazards.cox_residuals import totals

TRANSFORMS = ("km", "rank", "identity", "log")


@dataclass(frozen=True)
class TimeScore:
    """Score of g(t) times each covariate, and the information of (covariates, g(t) covariates).

    Shapes: score (p,); whole (2p, 2p).
    """

    score: Floats
    whole: Floats

    def statistic(self, columns: Indices) -> float:
        """The chi-square that the coefficients of these columns are constant, the others' constants fitted."""
        size = len(self.score)
        kept = np.concatenate([np.arange(size), columns + size])
        pull = np.concatenate([np.zeros(size), self.score[columns]])
        return float(pull @ np.linalg.solve(self.whole[np.ix_(kept, kept)], pull))


def time_score(model: CoxFit, g: Floats) -> TimeScore:
    """The score test's parts. Shapes: g (S G,) the function of time at each place, centred at the endings."""
    rows = model.rows
    mean = totals(model).mean
    mass = rows.weight * rows.event
    own = np.bincount(rows.leave, mass, minlength=rows.grid)
    drawn = np.stack([np.bincount(rows.leave, mass * column, minlength=rows.grid) for column in rows.x.T], axis=1)
    score = g @ (drawn - own[:, None] * (model.centre + mean))
    plain, once, twice = (information(rows, model.centre, model.end, g**power) for power in (0, 1, 2))
    return TimeScore(score, np.block([[plain, once], [once.T, twice]]))


def function_of_time(kind: str, time: Floats, rank: Floats, left: Floats) -> Floats:
    """g on the grid: 1 - S(t-) pooled, the average rank of a time among all rows, the time or its logarithm.

    Shapes: time, rank, left (G,), ``left`` the share that has left before the time -> (G,).
    """
    if kind == "km":
        return left
    if kind == "rank":
        return rank
    return np.asarray(time if kind == "identity" else np.log(time))
