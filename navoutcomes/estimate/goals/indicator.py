"""Was the goal reached? A share with its denominator, its interval, and a verdict that may be: it cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan, sqrt

import numpy as np
import pandas as pd

from navoutcomes.design.target import Target
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Curves, Result, tidy
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.power import one_share_size
from navoutcomes.maths.shares import mover_difference, wilson
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.origin import Origin

MET, NOT_MET, UNDECIDED = "met", "not met", "cannot be decided"
EVERYBODY = ("referred", "started", "population")
POWER = 0.8
Limits = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Indicator(Result):
    """A goal and what became of it.

    ``verdict`` is ``met``, ``not met`` or ``cannot be decided``: whether the interval leaves the limit out, which is
    about the programme. ``observed`` says on which side this period's own number fell, which is about these persons.
    ``needed`` persons from which the verdict would be safe (power 80 %) if the share lay ``worthwhile`` beyond the
    limit; ``baseline`` the share compared with.
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
        _counts(events, number)
        value = _value(target, events, number, baseline, z)
        rows.append(_row(name, target, value, events, number))
        if name == chosen:
            main = value
    if len(several) > 1:
        findings += note("indicator_denominators", count=len(several))
    if isinstance(baseline, float):
        findings += warning("baseline_without_persons")
    decided = _decided(target, main, several[chosen], baseline, level)
    return Indicator(
        level=level,
        unit="",
        origin=origin or Origin(),
        method=(_how(target),),
        findings=findings + decided[2],
        target=target,
        estimate=main[0],
        interval=(main[1], main[2]),
        events=events,
        persons=several[chosen],
        verdict=decided[0],
        observed=target.reached(main[0]),
        needed=decided[1],
        baseline=_share_of(baseline),
        already_public=already_public,
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
    verdict, needed, more = _decided(target, value, persons, None, level)
    return Indicator(
        level=level,
        unit=curves.unit,
        origin=curves.origin,
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
        _table=tidy(rows.assign(measure="share")),
    )


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


def _counts(events: int, persons: int) -> None:
    if persons <= 0 or not 0 <= events <= persons or events % 1 or persons % 1:
        raise DataProblem("counts_not_whole", group="all")


def _share_of(baseline: tuple[int, int] | float | None) -> float | None:
    if baseline is None or isinstance(baseline, float):
        return baseline
    _counts(*baseline)
    return baseline[0] / baseline[1]


def _value(target: Target, events: int, persons: int, baseline: tuple[int, int] | float | None, z: float) -> Limits:
    share = events / persons
    own = (share, *wilson(events, persons, z))
    if target.scale == "share":
        return own
    before = _share_of(baseline)
    if before is None:
        raise DesignProblem("baseline_needed", scale=target.scale)
    counts = baseline if isinstance(baseline, tuple) else None
    if target.scale == "percentage points":
        then = (before, before, before) if counts is None else (before, *wilson(counts[0], counts[1], z))
        return mover_difference(own, then)
    if events == 0 or before == 0:
        return (share / before - 1 if before else nan, nan, nan)
    error = 1 / events - 1 / persons + (0 if counts is None else 1 / counts[0] - 1 / counts[1])
    low, high = (np.log(share / before) + side * z * sqrt(error) for side in (-1, 1))
    return (share / before - 1, float(np.exp(low)) - 1, float(np.exp(high)) - 1)


def _decided(
    target: Target, value: Limits, persons: int, baseline: tuple[int, int] | float | None, level: float
) -> tuple[str, int | None, Log]:
    """The verdict, the persons a safe one would need, and what to remark."""
    _, low, high = value
    if not (isfinite(low) and isfinite(high)):
        return UNDECIDED, None, Log((warning("indicator_no_interval"),))
    near, far = (low, high) if target.upwards else (high, low)
    if target.reached(near):
        return MET, None, Log()
    if not target.reached(far):
        return NOT_MET, None, Log()
    needed = _needed(target, baseline, level)
    if needed is None:
        return UNDECIDED, None, Log((note("indicator_undecided", persons=persons),))
    key = "indicator_too_few" if persons < needed else "indicator_too_near"
    remark = note(key, persons=persons, needed=needed, points=100 * target.worthwhile)
    return UNDECIDED, needed, Log((remark,))


def _needed(target: Target, baseline: tuple[int, int] | float | None, level: float) -> int | None:
    """Persons for a safe verdict, reckoned from the worthwhile distance, never from the seen one; None where the
    baseline is as uncertain as the result."""
    if isinstance(baseline, tuple) and target.scale != "share":
        return None
    limit = target.limit
    before = _share_of(baseline)
    if target.scale != "share":
        limit = float(before or 0) + limit if target.scale == "percentage points" else float(before or 0) * (1 + limit)
    beyond = limit + target.worthwhile if target.upwards else limit - target.worthwhile
    if not (0 < limit < 1 and 0 < beyond < 1):
        return None
    return one_share_size(limit, beyond, POWER, level)


def _row(name: str, target: Target, value: Limits, events: int, persons: int) -> dict[str, object]:
    measure = {"share": "share", "percentage points": "difference in shares", "relative change": "relative change"}
    return {"group": name or "all", "measure": measure[target.scale], "estimate": value[0], "conf_low": value[1],
            "conf_high": value[2], "at_risk": float(persons), "events": float(events)}  # fmt: skip


def _how(target: Target) -> Note:
    return note({"share": "interval_wilson", "percentage points": "contrast_newcombe",
                 "relative change": "indicator_ratio"}[target.scale])  # fmt: skip
