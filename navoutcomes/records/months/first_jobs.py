"""When did each person first have a job, by which definition?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.columns.codebook import EXIT_CLASSES
from navoutcomes.records.extract import announce
from navoutcomes.records.months.employment import KINDS
from navoutcomes.records.months.job_definitions import JobDefinition
from navoutcomes.records.months.outcomes import Outcomes, last_day
from navoutcomes.records.months.panel import MonthPanel
from navoutcomes.records.origin import Origin
from navoutcomes.records.periods import month_before, month_of
from navoutcomes.records.spells.exits import STILL_THERE, UNKNOWN
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import Whole
from navoutcomes.records.spells.together import origin_of

JOB = "job"


@door
def first_jobs(
    spells: Spells, definition: JobDefinition, months: MonthPanel | None = None, *, time_zero: str = "start"
) -> Outcomes:
    """In which month did each person first have a job, counted from time zero, by this definition?

    ``spells``: whose people are asked about; of several spells the first by time zero. ``definition``:
    ``exit_reason()``, ``register_month()`` or ``sustained()``. ``months``: the months in work (``employment_months``),
    for the definitions that need them. ``time_zero``: the date column of the spells from which time runs.

    By the register a job counts from the month after that of time zero, since in that month itself nobody knows which
    came first; a person with work in month m and time zero in month z has time m - z. Who already was in work in the
    month before time zero is marked in ``worked_before`` and counted in the log. By exit reason the month is that of
    the last day in the programme, and other reasons are endings of their own.

    Shapes: see ``Outcomes``; with months also ``worked_before`` and, for each kind of work, ``first_competitive``,
    ``first_subsidised`` and ``first_sheltered`` (months since time zero's, missing where there was none).
    Raises: ``DataProblem`` for a definition without what it needs, a register that opens after time zero, reasons that
    are unknown too often, and times zero that are missing. Warns: ``DataWarning`` for people whose outcome cannot be
    known yet; they have no row.
    """
    frame = _people(spells, time_zero)
    zero = month_of(frame["time_zero"])
    if definition.name == "exit_reason":
        made = _by_reason(spells, definition, frame, zero)
    elif months is None:
        raise DataProblem("months_in_work_needed", definition=definition.name)
    else:
        made = _by_month(spells, definition, months, frame, zero)
    announce(Log(tuple(one for one in made.log if one.key == "outcomes_not_known_yet")))
    return made


def first_runs(person: Whole, month: Whole, k: int) -> np.ndarray:
    """Which months are the first of at least ``k`` in a row of one person, counted from that month on?

    Shapes: all (n,). Assumes: in order of person and month, each once.
    """
    ahead = np.arange(len(month)) + k - 1
    there = ahead < len(month)
    ahead = np.where(there, ahead, 0)
    return np.asarray(there & (person[ahead] == person) & (month[ahead] == month + k - 1), dtype=np.bool_)


def first_after(rows: pd.DataFrame, people: pd.Series[str], zero: Whole) -> np.ndarray:
    """The first month of each person after month ``zero``; not a number where there is none. Shapes: (n,)."""
    after = pd.Series(zero, index=people.to_numpy(), dtype=float)
    asked = rows[rows["month"].to_numpy() > rows["person"].map(after).to_numpy(dtype=float)]
    return people.map(asked.groupby("person")["month"].min()).to_numpy(dtype=float)


def _people(spells: Spells, time_zero: str) -> pd.DataFrame:
    """The first spell of each person, by time zero, which gets a column of its own."""
    frame = spells.frame.reset_index(drop=True)
    if time_zero not in frame or not pd.api.types.is_datetime64_any_dtype(frame[time_zero]):
        raise DataProblem("column_not_dates", column=time_zero)
    empty = np.flatnonzero(frame[time_zero].isna()).tolist()
    if empty:
        raise DataProblem("spell_starts_needed", column=time_zero, rows=empty, count=len(empty), total=len(frame))
    order = frame.assign(time_zero=frame[time_zero]).sort_values(["person", "time_zero"], kind="stable")
    return order.drop_duplicates("person").reset_index(drop=True)


def _by_reason(spells: Spells, definition: JobDefinition, frame: pd.DataFrame, zero: Whole) -> Outcomes:
    if spells.cutoff is None:
        raise DataProblem("cutoff_needed", count=int(frame["end"].isna().sum()), total=len(frame))
    ended = frame["end"].notna().to_numpy()
    words = frame["exit_class"].astype(object)
    foreign = ended & words.notna().to_numpy() & ~words.isin(EXIT_CLASSES).to_numpy()
    if foreign.any():
        raise DataProblem("exit_classes_needed", column="exit_class", count=int(foreign.sum()), total=int(ended.sum()))
    unknown = ended & (words.isna() | words.isin([UNKNOWN, STILL_THERE])).to_numpy()
    share = unknown.sum() / max(1, ended.sum())
    if share > definition.unknown_at_most:
        facts = {"share": round(100 * share), "limit": round(100 * definition.unknown_at_most)}
        raise DataProblem("reasons_too_often_unknown", count=int(unknown.sum()), total=int(ended.sum()), **facts)
    last = int(month_of(pd.Series([pd.Timestamp(spells.cutoff)]))[0])
    month = np.full(len(frame), np.nan)
    month[ended] = month_before(frame["end"][ended])
    rows = frame[["person", "time_zero"]].assign(month=month, time=np.where(ended, month, last) - zero)
    rows["ending"] = words.fillna(UNKNOWN).where(ended, STILL_THERE)
    remarks = [note("reasons_unknown_share", count=int(unknown.sum()), total=int(ended.sum()))]
    return _outcomes(spells.origin, spells.log, definition, rows, last, remarks)


def _by_month(
    spells: Spells, definition: JobDefinition, months: MonthPanel, frame: pd.DataFrame, zero: Whole
) -> Outcomes:
    unseen = np.flatnonzero(zero + 1 < months.first).tolist()
    if unseen:
        facts = {"count": len(unseen), "total": len(frame), "opens": str(months.opens)}
        raise DataProblem("register_opens_late", column="time_zero", rows=unseen, **facts)
    last = months.last - (definition.months - 1)
    early = zero >= last
    frame, zero = frame[~early].reset_index(drop=True), zero[~early]
    asked = months.within(definition.kinds)
    runs = first_runs(pd.factorize(asked["person"])[0], asked["month"].to_numpy(), definition.months)
    month = first_after(asked[runs], frame["person"], zero)
    found = ~np.isnan(month)
    rows = frame[["person", "time_zero"]].assign(month=month, time=np.where(found, month, float(last)) - zero)
    rows["ending"] = np.where(found, JOB, STILL_THERE)
    before = pd.MultiIndex.from_frame(asked).isin(pd.MultiIndex.from_arrays([frame["person"], zero - 1]))
    worked = set(asked["person"][before])
    rows["worked_before"] = frame["person"].isin(worked).astype("boolean").mask(zero - 1 < months.first)
    for kind in KINDS:
        rows[f"first_{kind}"] = first_after(months.within([kind]), frame["person"], zero) - zero
    others = rows[[f"first_{kind}" for kind in KINDS if kind not in definition.kinds]].notna().any(axis=1)
    remarks: list[Note] = [note("worked_before_time_zero", count=int(rows["worked_before"].sum()), total=len(rows))]
    remarks += [note("jobs_of_other_kinds", count=int((others & ~found).sum()))] if len(definition.kinds) < 3 else []
    if early.any():
        closes = f"{last_day(last):%d.%m.%Y}"
        remarks.append(warning("outcomes_not_known_yet", count=int(early.sum()), total=len(early), closes=closes))
    origin = origin_of(spells.origin, months.origin)
    log = spells.log + (one for one in months.log if one not in spells.log.notes)
    return _outcomes(origin, log, definition, rows, last, remarks)


def _outcomes(
    origin: Origin, log: Log, definition: JobDefinition, rows: pd.DataFrame, last: int, remarks: list[Note]
) -> Outcomes:
    """The rows with the definition in their origin and log, known until the last month's end."""
    named = replace(origin, cutoff=last_day(last), definitions=(*origin.definitions, definition.remark))
    return Outcomes(definition.remark, JOB, last, named, Log((*log, definition.remark, *remarks)), rows)
