"""Goals at the gate: of counts large enough as they are, of curves from the protected ones, and no verdict too sure."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

from navoutcomes.errors import DesignProblem, DisclosureRefused
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.scorecard import Scorecard, scorecard
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.notes import Log, Note, note
from navoutcomes.release.months import monthly_length, protected_table
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.waiting import alternatives, months_asked, months_inside, reach_told

UNDECIDED = "cannot be decided"


def indicators(result: Indicator, policy: DisclosurePolicy) -> tuple[Indicator, Log]:
    """One goal of enough persons, with its counts; one published before is a fact."""
    safe, told = _one(result, policy)
    return safe, Log(told)


def scorecards(result: Scorecard, policy: DisclosurePolicy) -> tuple[Scorecard, Log]:
    """Every goal by itself."""
    made = [_one(one, policy) for one in result.indicators]
    told = tuple(dict.fromkeys(one for _, notes in made for one in notes))
    if all(safe is raw for (safe, _), raw in zip(made, result.indicators, strict=True)):
        return result, Log(told)
    return scorecard([safe for safe, _ in made]), Log(told)


def _one(goal: Indicator, policy: DisclosurePolicy) -> tuple[Indicator, tuple[Note, ...]]:
    if goal.already_public:
        return goal, (note("already_public"),)
    if isinstance(goal.counts, RiskTable):
        return _of_curves(goal, goal.counts, policy)
    small = policy.small(goal.events) or policy.small(goal.persons - goal.events)
    if small or policy.small(goal.persons):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    return goal, (note("nothing_hidden", threshold=policy.threshold),)


def _of_curves(goal: Indicator, counts: RiskTable, policy: DisclosurePolicy) -> tuple[Indicator, tuple[Note, ...]]:
    """From the protected curves; undecided where those waiting could make the verdict another."""
    row = goal.table.iloc[0]
    group, cause = str(row["group"]), str(row["cause"]) if "cause" in goal.table else None
    safe = protected_table(counts, policy)
    if goal.again is None or group not in safe.groups:
        raise DisclosureRefused("curve_of_few", fewest=policy.smallest_curve, threshold=policy.threshold, groups=1)
    own = None if cause is None else safe.cause(cause)
    try:
        shown: Indicator = goal.again(safe)
        inside = () if counts.protected else months_inside(safe, (float(row["time"]),))
        found = [
            shown,
            *(goal.again(one) for one in alternatives(safe, group, own, policy, months_asked(shown.table), inside)),
        ]
    except DesignProblem:
        month = monthly_length(safe)
        raise DisclosureRefused("time_not_shown", month=month, threshold=policy.threshold) from None
    low, high = min(one.interval[0] for one in found), max(one.interval[1] for one in found)
    verdicts = {one.verdict for one in found}
    chances = [one.p_value for one in found]
    # Between a share above the limit and one below it lies one that is the limit itself.
    between = min(one.estimate for one in found) <= goal.target.limit <= max(one.estimate for one in found)
    chance = nan if any(map(isnan, chances)) else 1.0 if between else max(chances)
    table = shown.table.assign(conf_low=low, conf_high=high)
    table = table.drop(columns=[name for name in ("std_error",) if name in table])
    verdict = verdicts.pop() if len(verdicts) == 1 else UNDECIDED
    made = replace(shown, interval=(low, high), verdict=verdict, p_value=chance, _table=table)
    return made, (*safe.protection, *reach_told(safe, policy))
