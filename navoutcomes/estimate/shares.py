"""Which share ended in which way, when everybody's ending is known: counted shares with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.counted import CountedPeople, counted
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import clopper_pearson, goodman, wilson
from navoutcomes.notes import Note, note
from navoutcomes.texts import Text

INTERVALS = ("wilson", "clopper-pearson")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Shares(Result):
    """Shares (0-1), each with how many of how many (``events`` of ``at_risk``)."""

    denominator: str | Text = ""
    already_public: bool = False


@door
def proportion(
    people: FollowUp | CountedPeople | Mapping[str, int] | int,
    persons: int | None = None,
    by: str | None = None,
    cause: str | None = None,
    interval: str = "wilson",
    level: float = 0.95,
) -> Shares:
    """Which share ended in each way?

    Arguments: people followed to their end, counts, or just ``proportion(147, 656)``; ``by`` a column; ``cause`` one
    ending (None: each); ``interval`` wilson or clopper-pearson (exact); ``level`` 0-1.
    Shapes: ``table`` has one row a group and cause: estimate, conf_low, conf_high, events of at_risk persons.
    Raises: ``DesignProblem`` when some are still followed (use ``cumulative_incidence``); ``DataProblem`` for counts
    that are not counts.
    Reference: Wilson 1927; Clopper & Pearson 1934.
    """
    if interval not in INTERVALS:
        raise DesignProblem("choice_unknown", asked=interval, known=INTERVALS)
    check_level(level)
    pair = isinstance(people, int | float | np.integer | np.floating)
    cohort = _pair(people, persons) if pair else counted(people, by)  # type: ignore[arg-type]
    wanted = (cause,) if cause is not None else cohort.endings
    wanted = ("yes",) if pair else wanted
    z = critical(level)
    rows = []
    for group in cohort.groups:
        for one in wanted:
            events, number = cohort.events(group, one)
            limits = wilson(events, number, z) if interval == "wilson" else clopper_pearson(events, number, level)
            rows.append(_row(group, one, events, number, limits))
    again = partial(proportion, cause=cause, interval=interval, level=level)
    return _shares(cohort, rows, level, note(f"interval_{interval.replace('-', '_')}"), again)


@door
def simultaneous_shares(
    people: FollowUp | CountedPeople | Mapping[str, int], by: str | None = None, level: float = 0.95
) -> Shares:
    """Which share ended in each way, with intervals that hold for all endings at once?

    Arguments and shapes as ``proportion``. Reference: Goodman 1965 (Wilson's interval, the level split over the
    endings).
    """
    check_level(level)
    cohort = counted(people, by)
    rows = []
    for group in cohort.groups:
        numbers = [cohort.events(group, one) for one in cohort.endings]
        low, high = goodman(np.array([events for events, _ in numbers], dtype=float), level)
        for place, (one, (events, number)) in enumerate(zip(cohort.endings, numbers, strict=True)):
            rows.append(_row(group, one, events, number, (float(low[place]), float(high[place]))))
    return _shares(cohort, rows, level, note("interval_goodman"), partial(simultaneous_shares, level=level))


def _pair(events: float, persons: float | None) -> CountedPeople:
    if persons is None or persons <= 0 or not 0 <= events <= persons or events % 1 or persons % 1:
        raise DataProblem("counts_not_whole", group="all")
    return CountedPeople.from_counts({"yes": int(events), "no": int(persons - events)}, denominator="")


def _row(group: str, cause: str, events: int, persons: int, limits: tuple[float, float]) -> dict[str, object]:
    return {
        "group": group,
        "cause": cause,
        "estimate": events / persons,
        "conf_low": limits[0],
        "conf_high": limits[1],
        "at_risk": float(persons),
        "events": float(events),
    }


def _of(cohort: CountedPeople) -> tuple[Note, ...]:
    return (note("method_share", denominator=cohort.of_whom),) if cohort.denominator else ()


def _shares(
    cohort: CountedPeople, rows: list[dict[str, object]], level: float, how: Note, again: partial[Shares]
) -> Shares:
    return Shares(
        level=level,
        unit="",
        origin=cohort.origin,
        method=(*_of(cohort), how),
        counts=cohort,
        again=again,
        denominator=cohort.denominator,
        already_public=cohort.already_public,
        _table=tidy(pd.DataFrame(rows)),
    )
