"""All goals side by side, each with its verdict, and how many of them there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.notes import Log, note
from navoutcomes.records.spells.together import origin_of
from navoutcomes.texts import spoken


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Scorecard(Result):
    """Goals in the order they were given; ``indicators`` holds each with its target and verdict."""

    indicators: tuple[Indicator, ...]


@door
def scorecard(indicators: Sequence[Indicator]) -> Scorecard:
    """Which goals were reached, which were not, and which cannot be decided?

    Shapes: ``table`` has one row a goal: what was found, its interval, and how many of how many.
    Raises: ``DesignProblem`` for no goals, two goals of the same name, or goals judged at different levels.
    Assumes: each verdict stands alone; the more goals, the more often one of them is decided by chance, and a remark
    says how many there are.
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
    rows = [
        {
            "group": str(place + 1),
            "measure": one.target.scale,
            "estimate": one.estimate,
            "conf_low": one.interval[0],
            "conf_high": one.interval[1],
            "at_risk": float(one.persons),
            "events": float(one.events),
        }
        for place, one in enumerate(indicators)
    ]
    findings = [remark for one in indicators for remark in one.findings]
    return Scorecard(
        level=levels.pop(),
        unit="",
        origin=origin_of(*(one.origin for one in indicators)),
        method=(note("scorecard_goals", count=len(indicators)),),
        findings=Log(tuple(dict.fromkeys(findings))),
        indicators=tuple(indicators),
        _table=tidy(pd.DataFrame(rows)),
    )
