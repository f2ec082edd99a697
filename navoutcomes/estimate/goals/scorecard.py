"""All goals side by side, each with its verdict among so many: the more goals, the more is asked of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.goals.decision import UNDECIDED, size_for, too_few
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.trend import holm
from navoutcomes.notes import Log, note
from navoutcomes.records.spells.together import origin_of
from navoutcomes.texts import spoken


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Scorecard(Result):
    """Goals in the order they were given; ``indicators`` holds each with its target and its verdict alone.

    ``verdicts`` are those among all the goals (Holm), ``p_values`` the adjusted ones.
    """

    indicators: tuple[Indicator, ...]
    verdicts: tuple[str, ...]
    p_values: tuple[float, ...]


@door
def scorecard(indicators: Sequence[Indicator]) -> Scorecard:
    """Which goals were reached, which were not, and which cannot be decided, when so many are judged at once?

    Shapes: ``table`` has one row a goal: what was found, its interval (of the goal alone), the p-value after Holm, and
    how many of how many.
    Raises: ``DesignProblem`` for no goals, two goals of the same name, or goals judged at different levels.
    Assumes: the goals were named before the numbers were seen. With Holm's adjustment the chance that any verdict of
    met or not met is wrong is at most 1 - level, however the goals hang together; a goal that is decided alone may be
    undecided here.
    Reference: Holm 1979.
    """
    if not indicators:
        raise DesignProblem("scorecard_empty")
    names = [spoken(one.target.name, "en") for one in indicators]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DesignProblem("scorecard_name_twice", count=len(twice))
    levels = {one.level for one in indicators}
    if len(levels) > 1:
        raise DesignProblem("scorecard_levels", count=len(levels))
    level = levels.pop()
    adjusted = _adjusted(indicators)
    verdicts = tuple(_verdict(one, p, level) for one, p in zip(indicators, adjusted, strict=True))
    rows = [
        {
            "group": str(place + 1),
            "measure": one.target.scale,
            "estimate": one.estimate,
            "p_value": adjusted[place],
            "conf_low": one.interval[0],
            "conf_high": one.interval[1],
            "at_risk": float(one.persons),
            "events": float(one.events),
        }
        for place, one in enumerate(indicators)
    ]
    several = len(indicators) > 1
    return Scorecard(
        level=level,
        unit="",
        origin=origin_of(*(one.origin for one in indicators)),
        method=(note("scorecard_goals", count=len(indicators)), *((note("scorecard_holm"),) if several else ())),
        findings=_findings(indicators, verdicts, level),
        indicators=tuple(indicators),
        verdicts=verdicts,
        p_values=adjusted,
        _table=tidy(pd.DataFrame(rows)),
    )


def _adjusted(indicators: Sequence[Indicator]) -> tuple[float, ...]:
    """Holm's p-values. A goal without a p-value is still a goal that was tried: it counts, as the largest."""
    chances = np.array([one.p_value for one in indicators])
    made = holm(np.where(np.isnan(chances), 1.0, chances))
    return tuple(float("nan") if isnan(p) else float(q) for p, q in zip(chances, made, strict=True))


def _verdict(one: Indicator, adjusted: float, level: float) -> str:
    """The goal's own verdict where it holds among all of them."""
    return one.verdict if adjusted <= 1 - level else UNDECIDED


def _findings(indicators: Sequence[Indicator], verdicts: Sequence[str], level: float) -> Log:
    """The remarks of each goal, once; of those that cannot be decided among so many, the persons it would take."""
    found = [remark for one in indicators for remark in one.findings]
    among = 1 - (1 - level) / len(indicators)
    for place, (one, verdict) in enumerate(zip(indicators, verdicts, strict=True)):
        if verdict == one.verdict:
            continue
        found.append(note("scorecard_undecided_together", goal=place + 1, count=len(indicators)))
        needed = size_for(one.target, None, among, one.spread) if one.target.scale == "share" else None
        found += too_few(one.target, one.persons, needed, one.spread)
    return Log(tuple(dict.fromkeys(found)))
