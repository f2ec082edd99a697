"""A time zero for everybody, also for those who never begin; and arms only from what was so on that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.protocol import Arms
from navoutcomes.design.start_times import group_names, start_times
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.notes import Log, note
from navoutcomes.records.rules import as_date
from navoutcomes.records.spells.stays import Spells

PRIOR = ("error", "exclude", "keep")
People = TypeVar("People", bound=FollowUp)


@door
def time_zero(
    spells: Spells,
    *,
    eligible: str | Sequence[str],
    not_before: str | date | None = None,
    start: str | None = None,
    prior: str = "error",
    name: str = "time_zero",
) -> Spells:
    """From which day could each person have begun, whether or not they did?

    The day is the first on which every condition was met, so that those who begin and those who do not are counted from
    the same kind of day: ``Protocol(time_zero="time_zero", ...)``.
    Arguments: ``eligible`` columns of dates on which the conditions were met (referred, decision, on assistance since):
    the latest counts, and who lacks one has no time zero; ``not_before`` the day the programme opened, for those who
    met them earlier; ``start`` the column of the programme's start, empty for who never began; ``prior`` what to do
    with those who had begun before: ``error``, ``exclude`` or ``keep``; ``name`` the new column.
    Shapes: the same spells with one more column; who had left before the day is left out, with a remark.
    Raises: ``DataProblem`` for columns that are missing or no dates; ``DesignProblem`` for starts before time zero.
    Assumes: the dates were known on the day, not found out afterwards.
    Reference: Hernan & Robins 2016 (American Journal of Epidemiology 183:758); Suissa 2008.
    """
    columns = [eligible] if isinstance(eligible, str) else list(eligible)
    if prior not in PRIOR:
        raise DesignProblem("choice_unknown", asked=prior, known=PRIOR)
    if not columns:
        raise DesignProblem("eligible_needed")
    frame = spells.frame
    if name in frame:
        raise DesignProblem("column_taken", column=name)
    _check_dates(frame, [*columns, *([start] if start else [])])
    zero = frame[columns].max(axis=1, skipna=False)
    if not_before is not None:
        opened = pd.Timestamp(as_date(not_before, "not_before="))
        zero = zero.mask(zero < opened, opened)
    frame[name] = zero
    gone = frame["end"].notna() & (frame["end"] <= zero)
    frame, remarks = frame[~gone], []
    if gone.any():
        remarks.append(note("left_before_time_zero", count=int(gone.sum())))
    if start is not None:
        early = frame[start] < frame[name]
        if early.any() and prior == "error":
            at = [int(one) for one in frame.index[early]]
            raise DesignProblem("begun_before_time_zero", column=start, rows=at, count=len(at))
        if early.any() and prior == "exclude":
            frame = frame[~early]
            remarks.append(note("begun_before_left_out", count=int(early.sum())))
    return replace(spells, _frame=frame.reset_index(drop=True), log=spells.log + remarks)


def _check_dates(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    absent = [column for column in columns if column not in frame]
    if absent:
        raise DataProblem("columns_missing", column=absent, columns_found=list(frame.columns), count=len(absent))
    for column in columns:
        if frame[column].isna().all():
            frame[column] = pd.to_datetime(frame[column])
        if not pd.api.types.is_datetime64_any_dtype(frame[column]):
            raise DataProblem("column_not_dates", column=column)


@door
def baseline_arms(people: People, start: str, names: tuple[str, str] | None = None, name: str = "begun") -> People:
    """Who had begun by time zero, and who had not: arms that may be compared from time zero?

    Arguments: ``start`` a column of times since time zero, or of dates; ``names`` of those who had not begun and of
    those who had (None: in the current language); ``name`` the new column, the protocol's arm from here on.
    Raises: ``DesignProblem`` where anybody began after time zero: who "ever" began had to stay until then, and never
    against ever is a comparison of those who stayed with those who left.
    Reference: Suissa 2008 (American Journal of Epidemiology 167:492).
    """
    begun = start_times(people, start)
    late = np.isfinite(begun) & (begun > 0)
    if late.any():
        raise DesignProblem("immortal_time", column=start, count=int(late.sum()), total=len(late))
    return with_arms(people, begun <= 0, group_names(names), name)


def with_arms(people: People, begun: np.ndarray, names: tuple[str, str], name: str, log: Log | None = None) -> People:
    """The same people with a column of who had begun, which is the protocol's arm; those who had not, the reference.

    The estimand is dropped: these are other people, or another clock, than the protocol asked about.
    """
    rows, others = people.rows, people.covariates
    if name in others:
        raise DesignProblem("column_taken", column=name)
    arm = pd.Categorical([names[int(one)] for one in begun], categories=list(names))
    others[name] = rows["arm"] = arm
    protocol = replace(people.protocol, arms=Arms(name, names[0]), estimand=None, randomised=False)
    return replace(people, protocol=protocol, log=log or people.log, _rows=rows, _covariates=others)
