"""When has a share left? Quantiles of step curves, and how far a conditional one reaches.

Reference: Brookmeyer & Crowley 1982 (the interval: times at which the pointwise interval holds the share). On a plateau
exactly at the share, the midpoint of the plateau, as R ``quantile.survfit``.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts
from navoutcomes.maths.grid import TOLERANCE
from navoutcomes.maths.influence import Form, crossed, influences, jackknife


def reached(time: Floats, left: Floats, share: float, plateau: bool, turning: str = "nearest") -> float:
    """The first time at which ``left`` is at least ``share``; not a number where it never is.

    Arguments: ``left`` (G,) what has left by each time, not a number where unknown; ``plateau`` takes the midpoint
    where the curve stays at the share for a while, until the last time if it never leaves it; ``turning`` which time
    counts where ``left`` turns back, as limits may: the ``first``, the one after which it stays there (``last``), or as
    R the one where it is ``nearest`` above the share.
    """
    if turning != "nearest":
        straight = np.fmax.accumulate(left) if turning == "first" else np.fmin.accumulate(left[::-1])[::-1]
        left = np.where(np.isnan(left), np.nan, straight)
    known = np.flatnonzero(~np.isnan(left))
    values, first = np.unique(left[known], return_index=True)
    first = known[first]
    here = int(np.searchsorted(values, share - TOLERANCE))
    if here == len(values):
        return float("nan")
    if not plateau:
        return float(time[first[here]])
    begin = float(time[first[here]])
    beyond = int(np.searchsorted(values, share + TOLERANCE))
    last = int(first.max())
    if abs(share - float(left[last])) < TOLERANCE and (
        len(known) == len(left) or int(np.argmax(np.isnan(left))) < last
    ):
        return (begin + float(time[-1])) / 2
    return (begin + float(time[first[beyond]])) / 2 if beyond < len(values) else float("nan")


def conditional_error(cells: Cells, counts: Counts, form: Form, share: float) -> Floats:
    """Standard error of the curve less ``share`` of its last value, at each time. Shape (G,).

    Arguments: ``form`` the influence on the curve; persons, or clusters where the cells have them.
    """
    last = form.at(len(cells.time) - 1)
    if cells.cluster is not None:
        number = int(cells.cluster.max(initial=-1)) + 1
        pull = influences(cells, counts, form, number) - share * influences(cells, counts, last, number)
        return np.sqrt((pull**2).sum(axis=0))
    variance = jackknife(cells, counts, form) - 2 * share * crossed(cells, counts, form, last)
    return np.sqrt(np.maximum(variance + share**2 * jackknife(cells, counts, last)[0], 0.0))
