"""When can no test of order be made?"""

from __future__ import annotations

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import RiskTable


def refuse_unseen(counts: RiskTable, place: int) -> None:
    """Raises ``DesignProblem`` for a cause that nobody ended for."""
    if not any(float(one.events[place].sum()) for one in counts.groups.values()):
        total = sum(counts.persons(name) for name in counts.groups)
        raise DesignProblem("no_events", cause=counts.causes[place], total=int(total), known=counts.causes)


def refuse_one_time(counts: RiskTable) -> None:
    """Raises ``DesignProblem`` where all leave at one time, so that nobody is left to compare with."""
    grids = [(one.time, one.events.sum(axis=0), one.censored) for one in counts.groups.values()]
    times = np.unique(np.concatenate([time[ended + lost > 0] for time, ended, lost in grids]))
    if len(times) == 1 and not any(lost.any() for _, _, lost in grids):
        total = int(sum(ended.sum() for _, ended, _ in grids))
        raise DesignProblem("all_times_equal", time=float(times[0]), total=total)
