"""Fisher's exact test of a table of four counts, and its mid-p value.

Reference: Fisher 1935; Lancaster 1961; Lydersen, Fagerland & Laake 2009.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

SLACK = 1e-7


def fisher(events: int, persons: int, other_events: int, other_persons: int) -> tuple[float, float]:
    """Two-sided p-value (tables no likelier than this one, as R), and mid-p: those as likely count half."""
    total = events + other_events
    low, high = max(0, total - other_persons), min(total, persons)
    chance = stats.hypergeom.pmf(np.arange(low, high + 1), persons + other_persons, total, persons)
    own = float(chance[events - low])
    exact = float(chance[chance <= own * (1 + SLACK)].sum())
    rarer = float(chance[chance < own * (1 - SLACK)].sum())
    return min(exact, 1.0), min((exact + rarer) / 2, 1.0)
