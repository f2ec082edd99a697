"""A trial every month: of all still there who had not begun, those who begin this month beside those who do not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from navoutcomes.design.flow import Flow
from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import group_names, one_row_each, start_times
from navoutcomes.design.time_zero import People, with_arms
from navoutcomes.errors import DesignProblem, door
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.notes import note

MONTH = 30.4375


@dataclass(frozen=True)
class TrialRows:
    """Who is in which trial. One row a person and trial; the same person may be in many.

    Shapes: person, trial (r,) positions; moment (r,) the trial's day on the person's clock; begun (r,) whether they
    began in the trial's window; moments (T,) each trial's day, in the follow-up's unit or as days since the first.
    """

    person: Indices
    trial: Indices
    moment: Floats
    begun: np.ndarray
    moments: Floats


def trial_rows(people: FollowUp, begun: Floats, every: float | None, calendar: bool) -> TrialRows:
    """The rows of all trials. Raises ``DesignProblem`` where no trial has people in both groups."""
    time, entry = people.array("time"), people.array("entry")
    shift, marks = _calendar(people) if calendar else _clock(people, every, float(time.max()))
    slack = 1e-9 * max(1.0, float(time.max(initial=0.0)))
    late = np.where(np.isnan(entry), 0.0, entry)
    parts: list[tuple[Indices, Indices, Floats, np.ndarray]] = []
    for at in range(len(marks) - 1):
        before, moment = marks[at] - shift, marks[at + 1] - shift
        there = (moment >= -slack) & (time > moment + slack) & (late <= moment + slack)
        there &= (begun > before + slack) & (begun >= 0)
        now = begun <= moment + slack
        if not (there & now).any() or not (there & ~now).any():
            continue
        rows = np.flatnonzero(there)
        parts.append((rows, np.full(len(rows), at), moment[rows], now[rows]))
    if not parts:
        raise DesignProblem("no_trial", total=len(time), begun=int(np.isfinite(begun).sum()))
    person, trial, moments, now = (np.concatenate([one[k] for one in parts]) for k in range(4))
    used, trial = np.unique(trial, return_inverse=True)
    return TrialRows(person, trial.astype(np.int64), moments, now, marks[1:][used] - marks[1:][used][0] * calendar)


def _clock(people: FollowUp, every: float | None, last: float) -> tuple[Floats, Floats]:
    """Trials at time zero and every so often after it, on everybody's own clock."""
    usual = {"days": MONTH, "weeks": MONTH / 7, "months": 1.0, "years": 1 / 12}.get(people.unit)
    step = usual if every is None else every
    if step is None or not np.isfinite(step) or step <= 0:
        raise DesignProblem("times_needed", argument="every")
    many = int(np.ceil(last / step))
    marks: Floats = np.array([float(step) * at for at in range(-1, many)])
    return np.zeros(len(people.array("time"))), marks


def _calendar(people: FollowUp) -> tuple[Floats, Floats]:
    """Trials on the first of each month: the days from the first of them to each person's time zero, and the marks."""
    column = people.protocol.time_zero
    frame = people.covariates
    if column not in frame or not pd.api.types.is_datetime64_any_dtype(frame[column]) or people.unit != "days":
        raise DesignProblem("start_without_time_zero", column="calendar=", column_zero=column)
    zero = frame[column]
    last = (zero + pd.to_timedelta(people.array("time"), unit="D")).max()
    firsts = pd.date_range(zero.min().to_period("M").to_timestamp(), last, freq="MS")
    firsts = firsts.insert(0, firsts[0] - pd.offsets.MonthBegin(1))
    shift: Floats = np.asarray((zero - firsts[0]).dt.days, dtype=float)
    marks: Floats = np.asarray((firsts - firsts[0]) / pd.Timedelta(days=1), dtype=float)
    return shift, marks


@door
def trial_people(
    people: People,
    start: str,
    every: float | None = None,
    calendar: bool = False,
    names: tuple[str, str] | None = None,
    name: str = "begun",
) -> People:
    """Which people make a trial every month, each with a time zero of its own for those who begin and those who do not?

    Of all still there at the trial's day who had not begun before its month, those who began within the month are
    compared with those who had not; time runs from that day, so that no time is immortal.
    Arguments: ``start`` a column of times since time zero, or of dates; ``every`` the length of a month in the
    follow-up's unit (None: a calendar month's); ``calendar`` a trial on the first of each calendar month, for dates;
    ``names`` of those who had not begun and those who had (None: in the current language); ``name`` the new column.
    Shapes: one row a person and trial, with the columns ``trial`` (numbered from 0) and ``name``; the person is the
    cluster, or the office where there is one.
    Raises: ``DesignProblem`` for several rows a person, or where no month has people in both groups.
    Assumes: who begins and leaves within the same month is in no trial; the flow says how many.
    Reference: Hernan et al. 2008; Danaei et al. 2013; Gran et al. 2010.
    """
    one_row_each(people)
    begun = start_times(people, start)
    trials = trial_rows(people, begun, every, calendar)
    rows = people.rows.iloc[trials.person].reset_index(drop=True)
    covariates = people.covariates.iloc[trials.person].reset_index(drop=True)
    if "trial" in covariates:
        raise DesignProblem("column_taken", column="trial")
    covariates["trial"] = trials.trial
    rows["time"] = rows["time"].to_numpy() - trials.moment
    rows["entry"] = np.nan
    if rows["cluster"].isna().all():
        rows["cluster"] = rows["person"]
    rows["person"] = np.arange(len(rows))
    seen = len(np.unique(trials.person))
    flow = Flow(people.persons).then(note("flow_in_no_trial"), seen)
    log = people.log + note("trials_made", trials=len(trials.moments), made=len(rows), persons=seen)
    moved = replace(people, flow=flow, log=log, _rows=rows, _covariates=covariates)
    return with_arms(moved, trials.begun, group_names(names), name)
