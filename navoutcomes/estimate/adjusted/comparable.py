"""Is there anybody to compare those who end with? What ties and strata leave of a regression's information."""

from __future__ import annotations

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.cox import CoxRows
from navoutcomes.notes import Log, note

MANY_TIES = 0.2


def comparable(rows: CoxRows, ties: str, stratified: bool) -> Log:
    """Remarks on shared times, and on strata in which nobody can be compared with anybody.

    Raises: ``DesignProblem`` where at every time all who were there ended: nothing tells one person from another.
    """
    size = len(rows.first) - 1
    number = np.bincount(rows.leave, rows.event, minlength=rows.grid)
    places = np.flatnonzero(number)
    if stratified or len(places) == 1:
        # Somebody is left over at a place where somebody ends: only there does a stratum say something.
        speaking = np.unique(np.searchsorted(rows.first, places[_at_risk(rows)[places] > number[places]], side="right"))
        if not len(speaking):
            raise DesignProblem("nobody_to_compare_with", ended=int(number.sum()), times=len(places))
        silent = size - len(speaking)
    else:
        silent = 0
    tied = float(number[number > 1].sum() / number.sum())
    log = Log()
    if tied > MANY_TIES and ties != "exact":
        log += note("many_ties", percent=round(100 * tied), ties=ties)
    if silent:
        log += note("silent_strata", count=silent, total=size)
    return log


def _at_risk(rows: CoxRows) -> Floats:
    """How many rows are at risk at each place of the grids."""
    late = rows.enter >= 0
    leaving = np.bincount(rows.leave, minlength=rows.grid) - np.bincount(rows.enter[late], minlength=rows.grid)
    total = np.cumsum(leaving[::-1])[::-1]
    after = np.append(total, 0)[rows.first[1:]]
    return np.asarray(total - np.repeat(after, np.diff(rows.first)), dtype=float)
