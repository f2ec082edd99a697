"""Was the goal reached? A share with its denominator, its interval, and a verdict that may be: it cannot be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import nan

import pandas as pd

from navoutcomes.design.target import Target
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.goals.counted_goal import chance_of, check_counts, share_of, value_of
from navoutcomes.estimate.goals.decision import UNDECIDED as UNDECIDED
from navoutcomes.estimate.goals.decision import Limits, chance_of_curve, decided, size_for
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Curves, Result, tidy
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.origin import Origin

SAME = 1e-6
EVERYBODY = ("referred", "started", "population")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Indicator(Result):
    """A goal and what became of it.

    ``verdict`` is ``met``, ``not met`` or ``cannot be decided``: whether the interval leaves the limit out, which is
    about the programme. ``observed`` says on which side this period's own number fell, which is about these persons.
    ``needed`` persons from which the verdict would be safe (power 80 %) if the share lay ``worthwhile`` beyond the
    limit; ``baseline`` the share compared with. ``p_value`` is of the share being the limit itself (not a number where
    none can be given), for when several goals are judged together. Off a curve, ``time`` is when, and ``shorter`` says
    that some were followed shorter: then the share is no longer ``events`` of ``persons``. ``spread`` is how many times
    more persons such a share needs than a counted one (some followed shorter, persons of one office alike).
    """

    target: Target
    estimate: float
    interval: tuple[float, float]
    events: int
    persons: int
    verdict: str
    observed: bool
    needed: int | None
    baseline: float | None = None
    already_public: bool = False
    p_value: float = nan
    time: float | None = None
    shorter: bool = False
    spread: float = 1.0


@door
def indicator(
    target: Target,
    events: int | Curves,
    persons: int | Mapping[str, int] | None = None,
    baseline: tuple[int, int] | float | None = None,
    counted: str | None = None,
    at: float | None = None,
    cause: str | None = None,
    group: str | None = None,
    already_public: bool = False,
    origin: Origin | None = None,
    level: float = 0.95,
) -> Indicator:
    """Was the goal reached, not reached, or can it not be decided?

    Arguments: ``target`` the goal; ``events`` and ``persons`` how many of how many, or curves (cumulative incidence)
    with ``at`` a time, ``cause`` and ``group``; ``persons`` may name several denominators, as ``{"started": 923,
    "completed": 780}``, and ``counted`` then says which is the goal's; the others are shown beside it. ``baseline`` the
    earlier (events, persons), or a published share, for goals of change; ``already_public`` counts published before.
    Shapes: ``table`` has one row a denominator: the share with Wilson's interval, or the change.
    Raises: ``DesignProblem`` without a denominator, with those who completed as the only one, or without a baseline
    for a goal of change; ``DataProblem`` for counts that are not counts.
    Assumes: persons are independent, and stand for those whom the programme could have had.
    Reference: Wilson 1927; Newcombe 1998 (points); log-Wald interval of a ratio of two shares (relative change).
    """
    check_level(level)
    if isinstance(events, Curves):
        return _of_curves(target, events, at, cause, group, level)
    if persons is None:
        raise DesignProblem("indicator_without_denominator")
    several = {"": persons} if isinstance(persons, int) else dict(persons)
    chosen = _denominator(several, counted)
    z = critical(level)
    rows, findings = [], Log()
    for name, number in several.items():
        check_counts(events, number)
        value = value_of(target, events, number, baseline, z)
        rows.append(_row(name, target, value, events, number))
        if name == chosen:
            main = value
    if len(several) > 1:
        findings += note("indicator_denominators", count=len(several))
    if isinstance(baseline, float):
        findings += warning("baseline_without_persons")
    persons_of = several[chosen]
    unsure = isinstance(baseline, tuple) and target.scale != "share"
    needed = None if unsure else size_for(target, share_of(baseline), level)
    verdict, needed, remarks = decided(target, main, persons_of, needed)
    return Indicator(
        level=level,
        unit="",
        origin=origin or Origin(),
        method=(_how(target),),
        findings=findings + remarks,
        target=target,
        estimate=main[0],
        interval=(main[1], main[2]),
        events=events,
        persons=persons_of,
        verdict=verdict,
        observed=target.reached(main[0]),
        needed=needed,
        baseline=share_of(baseline),
        already_public=already_public,
        p_value=chance_of(target, events, persons_of, baseline),
        _table=tidy(pd.DataFrame(rows)),
    )


def _of_curves(
    target: Target, curves: Curves, at: float | None, cause: str | None, group: str | None, level: float
) -> Indicator:
    if at is None:
        raise DesignProblem("times_needed", argument="at")
    if target.scale != "share":
        raise DesignProblem("indicator_needs_counts", scale=target.scale)
    if level != curves.level:
        raise DesignProblem("indicator_level", level=curves.level)
    rows = curves.at(at)
    if "cause" in rows:
        rows = rows[rows["cause"] == (cause or rows["cause"].iloc[0])]
    rows = rows if group is None else rows[rows["group"] == group]
    if len(rows) != 1:
        raise DesignProblem("indicator_one_row", count=len(rows))
    row = rows.iloc[0]
    value = (float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"]))
    persons = int(curves.counts.persons(row["group"]))
    spread = _spread(value[0], float(row["std_error"]), persons)
    verdict, needed, more = decided(target, value, persons, size_for(target, None, level, spread), spread)
    return Indicator(
        level=level,
        unit=curves.unit,
        origin=curves.origin,
        counts=curves.counts,
        again=None if curves.again is None else partial(_anew, curves.again, target, at, cause, group, level),
        method=curves.method,
        findings=curves.findings + more,
        target=target,
        estimate=value[0],
        interval=value[1:],
        events=int(row["events"]),
        persons=persons,
        verdict=verdict,
        observed=target.reached(value[0]),
        needed=needed,
        p_value=chance_of_curve(value, target.limit, level),
        time=float(row["time"]),
        shorter=abs(value[0] * persons - float(row["events"])) > SAME,
        spread=spread,
        _table=tidy(rows.assign(measure="share")),
    )


def _anew(
    ask: Callable[[RiskTable], Curves],
    target: Target,
    at: float,
    cause: str | None,
    group: str | None,
    level: float,
    counts: RiskTable,
) -> Indicator:
    """The same goal from other counts."""
    return _of_curves(target, ask(counts), at, cause, group, level)


def _denominator(several: Mapping[str, int], counted: str | None) -> str:
    """Which denominator is the goal's. Raises where only those who completed are counted, or none is named."""
    if counted is not None and counted not in several:
        raise DesignProblem("choice_unknown", asked=counted, known=list(several))
    if set(several) == {"completed"}:
        raise DesignProblem("completers_only")
    if counted is None:
        whole = [name for name in several if name in EVERYBODY]
        if len(several) > 1 and len(whole) != 1:
            raise DesignProblem("indicator_which_denominator", known=list(several))
        counted = whole[0] if len(several) > 1 else next(iter(several))
    return counted


def _spread(share: float, error: float, persons: int) -> float:
    """Variance of a share off a curve over that of a counted one; never below 1."""
    alone = share * (1 - share) / persons
    return max(1.0, error**2 / alone) if alone > 0 and error > 0 else 1.0


def _row(name: str, target: Target, value: Limits, events: int, persons: int) -> dict[str, object]:
    measure = {"share": "share", "percentage points": "difference in shares", "relative change": "relative change"}
    return {"group": name or "all", "measure": measure[target.scale], "estimate": value[0], "conf_low": value[1],
            "conf_high": value[2], "at_risk": float(persons), "events": float(events)}  # fmt: skip


def _how(target: Target) -> Note:
    return note({"share": "interval_wilson", "percentage points": "contrast_newcombe",
                 "relative change": "indicator_ratio"}[target.scale])  # fmt: skip
