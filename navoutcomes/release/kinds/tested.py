"""Tests at the gate: on months and rounded, of enough who ended and enough who did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.curves.pairwise import PairwiseTests
from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.result import lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.notes import Log, note
from navoutcomes.release.kinds.anew import answered, asked
from navoutcomes.release.months import on_months, protected_table
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.waiting import alternatives


def test(result: GroupTest, policy: DisclosurePolicy) -> tuple[GroupTest, Log]:
    """The statistic on months, rounded; refused when a group or its exits are few."""
    few_in_test(result.table, policy)
    monthly = _tested(result, policy)
    frame = result.table[["group", "at_risk", "events"]].drop_duplicates()
    if "time" in result.table:
        # How many by that very day, less how many by the month before it in a curve, is how many in between.
        frame["events"] = np.nan
    safe = replace(
        monthly,
        statistic=round(monthly.statistic, 2),
        p_value=round(monthly.p_value, 3),
        score=np.empty(0),
        covariance=np.empty((0, 0)),
        counts=None,
        again=None,
        _table=frame.reset_index(drop=True),
    )
    return safe, Log((note("test_rounded"),))


def _tested(result: GroupTest, policy: DisclosurePolicy) -> GroupTest:
    """On months; at a stated time from the protected counts, the least certain that those waiting could make it."""
    if result.again is None:
        return result
    if "time" not in result.table:
        whole: GroupTest = result.again(on_months(result.counts))
        return whole
    safe = protected_table(result.counts, policy)
    own = safe.cause(str(result.table["cause"].iloc[0])) if "cause" in result.table else None
    base = tuple(safe.groups)
    months = tuple(int(one) for one in safe.clock(result.table["time"].unique()))
    found: list[GroupTest] = []
    against = base if len(base) > 2 else base[:1]
    ends = (one for name in against for one in alternatives(safe, name, own, policy, months))
    for one in (safe, *ends):
        found.append(answered(partial(result.again, one), safe, policy))
    least = max(found, key=lambda one: one.p_value if one.p_value == one.p_value else 2.0)
    first = {bool(one.score[0] > one.score[-1]) for one in found}
    # Between a group that is ahead and one that is behind lie two that are alike.
    return replace(least, p_value=1.0, statistic=0.0) if len(first) > 1 and len(base) == 2 else least


def few_in_test(frame: pd.DataFrame, policy: DisclosurePolicy) -> None:
    """Raises ``DisclosureRefused`` for a group of few, or with few who ended or did not."""
    for row in lines(frame):
        if any(map(policy.small, (row.at_risk, row.events, row.at_risk - row.events))):
            raise DisclosureRefused("test_of_few", group=row.group, threshold=policy.threshold)


def pairs(result: PairwiseTests, policy: DisclosurePolicy) -> tuple[PairwiseTests, Log]:
    """Every pair on months, rounded; refused when a group of any pair is small."""
    few_in_test(_groups_in(result.counts, causes(result)), policy)
    monthly: PairwiseTests = asked(result)(on_months(result.counts))
    frame = monthly.table
    frame["statistic"], frame["p_value"] = frame["statistic"].round(2), frame["p_value"].round(3)
    return replace(monthly, counts=None, again=None, _table=frame), Log((note("test_rounded"),))


def causes(result: PairwiseTests) -> Sequence[int]:
    """Which endings a test of pairs counts: the named one, or all."""
    counts: RiskTable = result.counts
    named = getattr(result.again, "keywords", {}).get("cause")
    gray = getattr(result.again, "keywords", {}).get("test") == "gray"
    return range(len(counts.causes)) if named is None and not gray else [counts.cause(named)]


def _groups_in(counts: RiskTable, places: Sequence[int]) -> pd.DataFrame:
    rows = []
    for name, group in counts.groups.items():
        events = float(group.events[list(places)].sum())
        rows.append({"group": name, "at_risk": float(counts.persons(name)), "events": events})
    return pd.DataFrame(rows)
