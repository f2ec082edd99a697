"""What is asked again of protected counts: curves, times, tests, and comparisons with the reach of those who wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, DisclosureRefused, Problem
from navoutcomes.estimate.contrast import AREA, Effects
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.curves.bootstrap import BootstrappedMeans
from navoutcomes.estimate.emulation.lock_in import LockIn
from navoutcomes.estimate.result import Result, lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats
from navoutcomes.notes import Log, note
from navoutcomes.release.months import monthly_length, protected_table
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.waiting import WITHIN, alternatives, enclosed, months_asked, months_inside, reach_told, widened

T = TypeVar("T", bound=Result)
Ask = Callable[..., Any]
FEWEST_DRAWS = 200


def table(result: RiskTable, policy: DisclosurePolicy) -> tuple[RiskTable, Log]:
    """The counts themselves, on months."""
    safe = protected_table(result, policy)
    return safe, Log(safe.protection)


def curves(result: Result, policy: DisclosurePolicy) -> tuple[Any, Log]:
    """Curves and quantiles, estimated from the protected counts: a quantile is a month at which enough had left."""
    safe = protected_table(result.counts, policy)
    return answered(partial(asked(result), safe), safe, policy), Log(safe.protection)


def means(result: Result, policy: DisclosurePolicy) -> tuple[Any, Log]:
    """Mean times: as curves, to the end of the month."""
    found, decisions = curves(result, policy)
    return found, decisions + note("mean_on_months")


def drawn_means(result: BootstrappedMeans, policy: DisclosurePolicy) -> tuple[BootstrappedMeans, Log]:
    """Means and their differences by draws from the protected counts; the differences with the reach of who waits."""
    safe = _comparable(result, policy) if result.reference is not None else protected_table(result.counts, policy)
    found: BootstrappedMeans = answered(partial(asked(result), safe), safe, policy)
    decisions = Log(safe.protection) + note("mean_on_months")
    if result.reference is None:
        return found, decisions
    cause = None if "cause" not in found.table else safe.cause(str(found.table["cause"].iloc[0]))
    ask = partial(asked(result), replicates=min(found.replicates, FEWEST_DRAWS))
    ends = alternatives(safe, result.reference, cause, policy, months_asked(found.table))
    others = enclosed(lambda one: ask(one).table, found.table, ends)
    whole = widened(found.table, others, _within_months(found.table, safe, result.reference))
    alone = ~found.table["measure"].str.endswith(("difference", "ratio")).to_numpy()
    whole.loc[alone, ["conf_low", "conf_high"]] = found.table.loc[alone, ["conf_low", "conf_high"]]
    return replace(found, _table=whole), decisions + _told(safe, policy)


def effects(result: Effects, policy: DisclosurePolicy) -> tuple[Any, Log]:
    """Comparisons: the estimate of the protected counts, the interval as wide as those waiting could make it."""
    if isinstance(result.counts, CountedPeople):
        return _counted_effects(result, policy)
    safe = _comparable(result, policy)
    again = partial(compared, asked(result), str(result.reference), policy)
    return answered(partial(again, safe), safe, policy), Log(safe.protection) + _told(safe, policy)


def compared(ask: Ask, base: str, policy: DisclosurePolicy, safe: RiskTable, **other: Any) -> Effects:
    """A comparison of protected counts; asked again, it is widened again."""
    ask = partial(ask, **other)
    shown: Effects = ask(safe)
    again = partial(compared, ask, base, policy)
    own = (
        None if set(shown.table["measure"]) <= {"restricted mean difference", "restricted mean ratio"} else _own(shown)
    )
    if isinstance(shown, LockIn):
        return _lock_in(shown, ask, base, own, policy)
    asked_at = getattr(ask, "keywords", {}).get("at", ())
    inside = months_inside(safe, tuple(float(one) for one in np.atleast_1d(asked_at)))
    ends = alternatives(safe, base, own, policy, months_asked(shown.table), inside)
    found = enclosed(lambda one: ask(one).table, shown.table, ends)
    whole = widened(shown.table, found, _within_months(shown.table, safe, base))
    return replace(shown, again=again, _table=whole)


def _lock_in(shown: LockIn, ask: Ask, base: str, own: int | None, policy: DisclosurePolicy) -> LockIn:
    safe: RiskTable = shown.counts
    keys = ["group", "measure", "time"]
    months = months_asked(shown.curve) + months_asked(shown.table)
    found = [_or_none(ask, one) for one in alternatives(safe, base, own, policy, months)]
    tables = [
        shown.table[keys].merge(one.table, on=keys, how="left") if one else _unlimited(shown.table) for one in found
    ]
    whole = widened(shown.table, tables, _within_months(shown.table, safe, base))
    per = safe.months_per_unit or 1.0
    curve = shown.curve.assign(measure="risk difference")
    moments = list(dict.fromkeys(curve["time"] / per))
    reads = [one.at(moments) if one else _unlimited(curve) for one in found]
    ordered = [
        pd.concat([read[read["group"] == group] for group in dict.fromkeys(curve["group"])], ignore_index=True)
        for read in reads
    ]
    wide = widened(curve, ordered).drop(columns="measure")
    start = (wide["time"] == 0).to_numpy()
    wide.loc[start, ["conf_low", "conf_high"]] = np.nan
    return replace(shown, again=partial(compared, ask, base, policy), _table=whole, _curve=wide)


def _or_none(ask: Ask, table: RiskTable) -> LockIn | None:
    try:
        found: LockIn = ask(table)
    except DesignProblem:
        return None
    return found


def _unlimited(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(conf_low=np.nan, conf_high=np.nan)


def _own(shown: Effects) -> int | None:
    counts: RiskTable = shown.counts
    return counts.cause(str(shown.table["cause"].iloc[0])) if "cause" in shown.table else 0


def _within_months(frame: pd.DataFrame, safe: RiskTable, base: str) -> Floats:
    """How far days within months may move a difference of mean times, on each side; of a ratio its share."""
    reach = []
    for row in lines(frame):
        area = row.measure in AREA
        spread = WITHIN * np.sqrt(1 / safe.persons(row.group) + 1 / safe.persons(base)) if area else 0.0
        ratio = area and row.measure.endswith("ratio")
        # The mean of the base is at least a month: that of nobody waiting.
        reach.append(spread * (row.estimate if ratio and np.isfinite(row.estimate) else 1.0))
    return np.array(reach)


def _comparable(result: Result, policy: DisclosurePolicy) -> RiskTable:
    safe = protected_table(result.counts, policy)
    if len(safe.groups) < 2 or result.reference not in safe.groups:
        raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
    return safe


def _told(safe: RiskTable, policy: DisclosurePolicy) -> Log:
    return Log(reach_told(safe, policy))


def asked(result: Result) -> Ask:
    """How the same question is put to other counts."""
    if result.again is None:
        raise DesignProblem("cannot_release", kind=type(result).__name__)
    return result.again


def answered(ask: Callable[[], Any], safe: RiskTable, policy: DisclosurePolicy) -> Any:
    """The answer of protected counts. Raises ``DisclosureRefused`` for a time that the cut has taken away."""
    try:
        return ask()
    except DesignProblem as refused:
        problem: Problem = refused
    if any(one.key == "curve_cut" for one in safe.protection):
        problem = DisclosureRefused("time_not_shown", month=monthly_length(safe), threshold=policy.threshold)
    raise problem


def _counted_effects(result: Effects, policy: DisclosurePolicy) -> tuple[Effects, Log]:
    people = result.counts
    if people.already_public:
        return result, Log((note("already_public"),))
    for row in lines(result.table):
        for group in (row.group, str(result.reference)):
            events, persons = people.events(group, row.cause)
            if policy.small(events) or policy.small(persons - events):
                raise DisclosureRefused("cause_of_few", cause=row.cause, group=group, threshold=policy.threshold)
    safe = replace(result, counts=None, again=None)
    return safe, Log((note("nothing_hidden", threshold=policy.threshold),))
