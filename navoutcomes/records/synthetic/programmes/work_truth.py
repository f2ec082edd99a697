"""True shares in work by calendar month, from the risk of a first job by day: exact, no simulation."""

from __future__ import annotations

import numpy as np

from navoutcomes.records.synthetic.programmes.calendar import Days, month_ends
from navoutcomes.records.synthetic.programmes.population import Floats


def begun_by(risk: Floats, days: Days, months: int) -> Floats:
    """Share whose first job began by the end of the month of time zero, the next, ... Shapes: (months + 1,)."""
    return np.asarray(risk[month_ends(days, months + 1)].mean(axis=0))


def in_work(begun: Floats, stays: float, back: float) -> Floats:
    """Share in work in each month: after the first, people stay or come back by fixed chances. Shapes: (m,) -> (m,)."""
    share = np.zeros(len(begun))
    working = ever = 0.0
    for month, now in enumerate(begun):
        working = working * stays + (ever - working) * back + (now - ever)
        ever, share[month] = now, working
    return share


def first_month(begun: Floats, stays: float, back: float) -> Floats:
    """Share with a month in work by each month, counted from the month after that of time zero. Shapes: (m,) -> (m,).

    Whoever began in the month of time zero has the first such month later, if the job goes on or another comes.
    """
    month = np.arange(len(begun))
    missed = begun[0] * (1 - stays) * (1 - back) ** np.maximum(month - 1, 0)
    return np.asarray(np.where(month == 0, 0.0, begun - missed))


def sustained(begun: Floats, stays: float, back: float, k: int = 3) -> Floats:
    """Share with k months in work in a row by each month, the first of them counted, after the month of time zero.

    Shapes: (m,) -> (m,); the value at month m is known only k - 1 months later.
    """
    fresh = np.diff(begun, prepend=0.0)
    idle = np.zeros(len(begun) + k)
    found = np.zeros(len(begun))
    for month in range(1, len(begun)):
        starts = fresh[month] + idle[month - 1] * back
        idle[month] += idle[month - 1] * (1 - back)
        if month == 1:
            starts += begun[0] * stays
            idle[1] += begun[0] * (1 - stays)
        found[month] = starts * stays ** (k - 1)
        for lasted in range(1, k):
            idle[month + lasted] += starts * stays ** (lasted - 1) * (1 - stays)
    return np.cumsum(found)
