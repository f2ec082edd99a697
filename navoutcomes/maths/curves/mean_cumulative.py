"""How many repeated events a person has had on average by each time, when some of them die on the way.

Without a death the mean count is the cumulative hazard of the events; with one, only who is still alive has more of
them, so each step counts as much as the share still alive. The carried numbers are the share alive and a mean count of
each kind of event.

Reference: Nelson 1995; Lawless & Nadeau 1995; Cook & Lawless 1997; Ghosh & Lin 2000.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.curves.multistate import Path, Rules, StateCounts, carry


def mean_count_rules(ends: np.ndarray) -> Rules:
    """Kinds of events, of which some end a person's course. Shapes: ends (K,) true for those that do.

    The numbers are the share that has not ended, and a mean count of each kind (K + 1,).
    """
    kinds = len(ends)
    change = np.eye(kinds, kinds + 1, 1)
    change[ends, 0] = -1.0
    return Rules(np.zeros(kinds, dtype=np.int64), np.zeros(1, dtype=np.int64), change)


def mean_counts(counts: StateCounts, ends: np.ndarray) -> tuple[Path, Rules]:
    """The share alive and the mean counts over every time at which something happens."""
    rules = mean_count_rules(ends)
    return carry(counts, rules, np.eye(len(ends) + 1)[0]), rules
