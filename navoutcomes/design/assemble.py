"""From spells to people followed from time zero, with the number that each step costs.

Every date is a whole day. A spell's end is exclusive, so a person who starts and ends on one day has followed one day;
an event date is the day itself, so an event on the day of time zero has time 0. Events after the register closes are
not outcomes: follow-up stops there. An ending and the closing of the register on one day is the ending.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from navoutcomes.design.arms import person_arms
from navoutcomes.design.eligibility import eligible
from navoutcomes.design.endings import ending_dates
from navoutcomes.design.flow import Flow
from navoutcomes.design.people import STANDARD, positions, with_roles
from navoutcomes.design.protocol import Protocol
from navoutcomes.design.switching import rows_by_arm, whole_courses
from navoutcomes.errors import DataProblem, DataWarning, DesignProblem
from navoutcomes.notes import Log, note, warning
from navoutcomes.records.spells.stays import Spells

DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Assembled:
    """Rows with the standard columns, the other columns, the flow and the remarks."""

    rows: pd.DataFrame
    covariates: pd.DataFrame
    flow: Flow
    log: Log


@dataclass(frozen=True)
class Choices:
    """Rules that must be stated: see ``FollowUp.assemble``."""

    same_day: str = "include"
    missing_start: str = "error"
    drop_prior_events: bool = False
    crossover: str = "error"
    events: tuple[tuple[str, str], ...] = ()
    priority: tuple[str, ...] = ()


def assemble(protocol: Protocol, spells: Spells, columns: Mapping[str, str | None], choices: Choices) -> Assembled:
    """People who meet the protocol: one row a person, time in days from time zero.

    Arguments: ``columns`` gives the columns for the roles cluster, weight and strata.
    Raises: ``DataProblem`` for missing columns, cells or starts; ``DesignProblem`` for endings the protocol does not
    name, arms that overlap, or a register whose last day nobody stated.
    """
    frame = spells.frame.reset_index(drop=True)
    _check_columns(frame, protocol, columns, choices)
    closes = _closing(protocol, spells, frame)
    flow = Flow(int(frame["person"].nunique()))
    frame, flow, log = _with_time_zero(frame, protocol, choices, flow)
    frame, flow = eligible(frame, protocol.eligibility, flow)
    spells_of = frame
    frame, log = _first_spell(frame, protocol, choices, log)
    begun = None
    if choices.crossover == "time_varying" and protocol.arms:
        rules = (choices.events, choices.priority, choices.drop_prior_events)
        spells_of = spells_of.sort_values(["person", protocol.time_zero], kind="stable")
        frame, begun = whole_courses(frame, spells_of, protocol, closes, rules)
    frame, flow = _inside_register(frame, protocol, closes, flow)
    if frame.empty:
        raise DesignProblem("nobody_left", flow=flow.text())
    rows, flow, log = _follow(frame, protocol, closes, choices, flow, log)
    if rows.empty:
        raise DesignProblem("nobody_left", flow=flow.text())
    rows, log = with_roles(rows, frame, columns, log)
    kept = frame.loc[rows.index]
    rows["arm"] = kept[protocol.arms.column].to_numpy() if protocol.arms else pd.NA
    if begun is not None and protocol.arms:
        rows = rows_by_arm(rows, kept, begun, protocol)
        kept = kept.loc[rows.index].assign(**{protocol.arms.column: rows["arm"]})
    log = _uneven_arms(rows, log)
    rows["ending"] = pd.Categorical(rows["ending"], categories=list(protocol.endings))
    covariates = kept.reset_index(drop=True)
    return Assembled(rows.reset_index(drop=True)[list(STANDARD)], covariates, flow, log)


def _check_columns(
    frame: pd.DataFrame, protocol: Protocol, columns: Mapping[str, str | None], choices: Choices
) -> None:
    needed = [protocol.time_zero, *(column for column in columns.values() if column)]
    needed += [protocol.arms.column] if protocol.arms else []
    needed += [column for _, column in choices.events]
    absent = [column for column in needed if column not in frame.columns]
    if absent:
        raise DataProblem("columns_missing", column=absent, columns_found=list(frame.columns), count=len(absent))
    for column in (protocol.time_zero, *(column for _, column in choices.events)):
        if frame[column].isna().all():
            frame[column] = pd.to_datetime(frame[column])
        if not pd.api.types.is_datetime64_any_dtype(frame[column]):
            raise DataProblem("column_not_dates", column=column)
    unknown = sorted(set(choices.priority) - set(protocol.endings))
    if unknown:
        raise DesignProblem("endings_unnamed", endings=unknown, known=protocol.endings, count=len(unknown))


def _closing(protocol: Protocol, spells: Spells, frame: pd.DataFrame) -> pd.Timestamp:
    """The day after the last day the register covers."""
    closes: date | None = protocol.register_closes or spells.cutoff
    if closes is None:
        open_spells = int(frame["end"].isna().sum())
        if open_spells or frame.empty:
            raise DesignProblem("register_closes_needed", count=open_spells, total=len(frame))
        return pd.Timestamp(frame["end"].max())
    if spells.cutoff is not None and closes > spells.cutoff:
        raise DesignProblem("register_closes_late", closes=f"{closes:%d.%m.%Y}", cutoff=f"{spells.cutoff:%d.%m.%Y}")
    return pd.Timestamp(closes) + DAY


def _with_time_zero(
    frame: pd.DataFrame, protocol: Protocol, choices: Choices, flow: Flow
) -> tuple[pd.DataFrame, Flow, Log]:
    empty = frame[protocol.time_zero].isna().to_numpy()
    log = Log()
    if empty.any():
        facts = {"column": protocol.time_zero, "count": int(empty.sum()), "total": len(frame)}
        if choices.missing_start == "error":
            raise DataProblem("start_missing", rows=positions(empty), **facts)
        if choices.missing_start == "register_opens":
            if protocol.register_opens is None:
                raise DesignProblem("register_opens_needed", **facts)
            frame = frame.copy()
            frame.loc[empty, protocol.time_zero] = pd.Timestamp(protocol.register_opens)
            log += warning("start_set_to_opening", **facts)
        else:
            frame = frame[~empty]
            flow = flow.then(note("flow_no_start"), int(frame["person"].nunique()))
    return frame, flow, log


def _first_spell(frame: pd.DataFrame, protocol: Protocol, choices: Choices, log: Log) -> tuple[pd.DataFrame, Log]:
    """One spell a person, the first that meets the protocol."""
    frame, log = person_arms(frame, protocol, choices.crossover, log)
    order = frame.sort_values(["person", protocol.time_zero], kind="stable")
    first = order.drop_duplicates("person", keep="first")
    later = len(frame) - len(first)
    told = later and choices.crossover != "time_varying"
    return first, log + note("later_spells", count=later) if told else log


def _inside_register(
    frame: pd.DataFrame, protocol: Protocol, closes: pd.Timestamp, flow: Flow
) -> tuple[pd.DataFrame, Flow]:
    late = frame[protocol.time_zero] >= closes
    if late.any():
        frame = frame[~late]
        flow = flow.then(note("flow_after_closing"), len(frame))
    if protocol.register_opens is not None:
        gone = frame["end"].notna() & (frame["end"] <= pd.Timestamp(protocol.register_opens))
        if gone.any():
            frame = frame[~gone]
            flow = flow.then(note("flow_before_opening"), len(frame))
    return frame, flow


def _follow(
    frame: pd.DataFrame, protocol: Protocol, closes: pd.Timestamp, choices: Choices, flow: Flow, log: Log
) -> tuple[pd.DataFrame, Flow, Log]:
    zero = frame[protocol.time_zero]
    rules = (choices.events, choices.priority, choices.drop_prior_events)
    ended, word, log = ending_dates(frame, protocol, closes, *rules, log)
    rows = pd.DataFrame({"person": frame["person"], "ending": word}, index=frame.index)
    rows["time"] = (ended.where(ended.notna(), closes) - zero).dt.days.astype(float)
    before = rows["time"] < 0
    if before.any():
        at = positions(before)
        raise DataProblem("end_before_time_zero", column=protocol.time_zero, rows=at, count=len(at), total=len(rows))
    rows["entry"] = np.nan
    if protocol.register_opens is not None:
        wait = (pd.Timestamp(protocol.register_opens) - zero).dt.days.astype(float)
        rows["entry"] = wait.where(wait > 0)
        gone = rows["time"] <= rows["entry"]
        if gone.any():
            rows = rows[~gone].copy()
            flow = flow.then(note("flow_before_opening"), len(rows))
        late = int(rows["entry"].notna().sum())
        if late:
            opens = f"{protocol.register_opens:%d.%m.%Y}"
            log += _warned("delayed_entry", count=late, total=len(rows), opens=opens)
    same = rows["time"] == 0
    if same.any():
        rows, flow, log = _same_day(rows, same, choices.same_day, flow, log)
    return rows, flow, log


def _same_day(rows: pd.DataFrame, same: pd.Series, rule: str, flow: Flow, log: Log) -> tuple[pd.DataFrame, Flow, Log]:
    if rule == "exclude":
        rows = rows[~same]
        return (
            rows,
            flow.then(note("flow_same_day"), len(rows)),
            log + note("same_day", count=int(same.sum()), rule=rule),
        )
    if rule == "half":
        rows.loc[same, "time"] = 0.5
    return rows, flow, log + _warned("same_day", count=int(same.sum()), rule=rule)


def _uneven_arms(rows: pd.DataFrame, log: Log) -> Log:
    """Half a year's difference between the arms' longest follow-up is said aloud."""
    if rows["arm"].isna().all():
        return log
    last = rows.groupby("arm", observed=True)["time"].max()
    if last.max() - last.min() <= 182:
        return log
    short = last.idxmin()
    return log + _warned(
        "arm_followed_shorter", arm=str(short), months=int(last.min() // 30.4375), horizon=int(last.min())
    )


def _warned(key: str, **facts: object) -> Log:
    one = warning(key, **facts)
    warnings.warn(DataWarning(one.text()), stacklevel=4)
    return Log((one,))


def chosen(events: Mapping[str, str] | None, priority: Sequence[str], **rules: object) -> Choices:
    """The analyst's rules as one value. Raises ``DesignProblem`` for a rule that does not exist."""
    allowed = {
        "same_day": ("include", "half", "exclude"),
        "missing_start": ("error", "register_opens", "exclude"),
        "crossover": ("error", "first_arm", "time_varying"),
    }
    for rule, choices in allowed.items():
        if rules[rule] not in choices:
            raise DesignProblem("rule_unknown", rule=rule, asked=str(rules[rule]), known=choices)
    return Choices(events=tuple((events or {}).items()), priority=tuple(priority), **rules)  # type: ignore[arg-type]
