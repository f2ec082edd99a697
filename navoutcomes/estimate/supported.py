"""How far does follow-up reach, when nearly everybody is lost from sight long before the last one?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from navoutcomes.design.start_times import unit_text
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import RiskTable

MOST_UNKNOWN = 0.95


def check_supported(counts: RiskTable, times: Sequence[float]) -> None:
    """Raises ``DesignProblem`` for a time before which more than ``MOST_UNKNOWN`` of a group were censored: what became
    of them by then is the guess of the few who are left."""
    for name, own in counts.groups.items():
        total = counts.persons(name)
        lost = np.cumsum(own.censored)
        # Beyond the group's last one there is another refusal.
        last = own.time[np.flatnonzero(own.at_risk > 0)[-1]] if total else -np.inf
        for time in (one for one in times if one <= last):
            before = float(lost[own.time < time][-1]) if (own.time < time).any() else 0.0
            if before > MOST_UNKNOWN * total:
                # The last time by which that many had not been censored yet.
                longest = own.time[np.searchsorted(lost, MOST_UNKNOWN * total, side="right")]
                raise DesignProblem(
                    "horizon_not_supported", asked=f"{time:g}", group=name, longest=f"{longest:g}",
                    unit=unit_text(counts.unit), percent=round(100 * before / total),
                )  # fmt: skip
