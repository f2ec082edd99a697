"""How good are the exit reasons, programme by programme and period by period, and may a job rate be made of them?"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.codes.recoding import column_named
from navoutcomes.records.extract import Extract
from navoutcomes.records.months.job_definitions import MOST_UNKNOWN
from navoutcomes.records.origin import Origin
from navoutcomes.records.spells.stays import Spells
from navoutcomes.texts import say

PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}
NOT_ENDINGS = ("censored", "never_started", "exclude")
UNKNOWN, JOB = "completed_unknown", "job"
EVERYBODY = ""
FEW_JOBS = 20
COMPLETED, DISCONTINUED = "FULLFORT", "AVBRUTT"


@dataclass(frozen=True, eq=False, repr=False)
class ReasonShares:
    """Shares of those who left, by programme (``group``) and period (``term``), with what to remark.

    ``table`` (a copy) has a row a group, term and measure: estimate (0-1, missing where it is refused), conf_low,
    conf_high (Wilson), ``events`` of ``at_risk`` persons. ``unknown_at_most`` is the threshold it was made with.
    """

    kind: str
    level: float
    unknown_at_most: float
    origin: Origin
    method: tuple[Note, ...]
    findings: Log
    _table: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def table(self) -> pd.DataFrame:
        """The shares, one row each. A copy."""
        return self._table.copy()

    def __repr__(self) -> str:
        shown = self._table.to_string(index=False, float_format=lambda value: f"{value:.3g}")
        return "\n".join([say("words", f"shares_{self.kind}"), shown, *map(str, (*self.method, *self.findings))])

    def _repr_html_(self) -> str:
        table = self._table.to_html(index=False, float_format=lambda value: f"{value:.3g}", border=0)
        remarks = "".join(f"<li>{escape(str(one))}</li>" for one in (*self.method, *self.findings))
        return f"<p><b>{escape(say('words', f'shares_{self.kind}'))}</b></p>{table}<ul>{remarks}</ul>"


@door
def exit_reason_quality(
    people: Spells | Extract,
    *,
    by: str | None = "programme",
    period: str | None = "year",
    unknown_at_most: float = MOST_UNKNOWN,
    level: float = 0.95,
) -> ReasonShares:
    """For which share of those who left is the reason unknown, in each programme and period, and how many got a job?

    ``people``: spells, or what ``participations`` or ``kvp_programmes`` gave. ``by`` a column (None: all together, also
    when there is no column programme); ``period`` of the last day: "month", "quarter", "year" or None.
    ``unknown_at_most``: where the share unknown (0-1) is larger, no share of jobs is given and a finding says so.

    Shapes: measures ``unknown`` and ``job``. Raises: ``DataProblem`` when nobody left, or without an exit class.
    """
    _check(unknown_at_most)
    left, origin = _left(people, by, period)
    rows, findings = [], []
    for (group, term), classes in left.groupby(["group", "term"], sort=True)["exit_class"]:
        many, unknown, jobs = len(classes), int((classes == UNKNOWN).sum()), int((classes == JOB).sum())
        refused = unknown / many > unknown_at_most
        rows.append(_row(group, term, "unknown", unknown, many, level))
        rows.append(_row(group, term, JOB, jobs, many, level, given=not refused))
        facts = {"group": group or "–", "term": term or "–", "total": many}
        if refused:
            shares = {"share": round(100 * unknown / many), "limit": _per_cent(unknown_at_most)}
            findings.append(warning("reasons_unknown_here", count=unknown, **shares, **facts))
        elif not jobs and many >= FEW_JOBS:
            findings.append(warning("reasons_without_jobs", **facts))
    method = (note("reasons_threshold", limit=_per_cent(unknown_at_most)), note("interval_wilson"))
    return ReasonShares("quality", level, unknown_at_most, origin, method, Log(tuple(findings)), pd.DataFrame(rows))


@door
def job_rate_by_reason(
    people: Spells | Extract,
    *,
    by: str | None = "programme",
    period: str | None = None,
    unknown_at_most: float = MOST_UNKNOWN,
    level: float = 0.95,
) -> ReasonShares:
    """Which share of those who left did so because they got a job, by the reason the register gives?

    Arguments as for ``exit_reason_quality``. Raises: ``DataProblem`` when the reason is unknown for more than
    ``unknown_at_most`` in any of the groups asked for, and when the register gives no reasons at all.
    """
    report = exit_reason_quality(people, by=by, period=period, unknown_at_most=unknown_at_most, level=level)
    table = report.table
    unknown = table[table["measure"] == "unknown"]
    if (unknown["estimate"] == 1).all():
        raise DataProblem("job_rate_no_reasons", total=int(unknown["at_risk"].sum()))
    over = unknown[unknown["estimate"] > unknown_at_most]
    if len(over):
        names = [
            " ".join(part for part in pair if part) or "–" for pair in zip(over["group"], over["term"], strict=True)
        ]
        raise DataProblem(
            "job_rate_refused",
            groups=tuple(names),
            limit=_per_cent(unknown_at_most),
            count=int(over["events"].sum()),
            total=int(over["at_risk"].sum()),
            share=round(100 * over["events"].sum() / over["at_risk"].sum()),
        )
    shares = table[table["measure"] == JOB].reset_index(drop=True)
    unknown_share = round(100 * unknown["events"].sum() / unknown["at_risk"].sum(), 1)
    method = (*report.method, note("job_by_exit_reason"))
    findings = Log((note("reasons_unknown_left_in", share=float(unknown_share)),))
    return ReasonShares("job_rate", level, unknown_at_most, report.origin, method, findings, shares)


@door
def completion_rate(
    people: Extract, *, by: str | None = "programme", period: str | None = None, level: float = 0.95
) -> ReasonShares:
    """Which share of those who left a course had completed it?

    ``people``: what ``participations`` gave. Raises: ``DataProblem`` for programmes where leaving is registered as
    HAR_SLUTTET: follow-up has no end to reach, so that nobody can have completed it; for rows of Arena, whose FULLF
    says only that the end date passed; and when nobody left.
    """
    left, origin = _left(people, by, period)
    status = left["status"] if "status" in left else pd.Series("", index=left.index)
    undefined = ~status.isin((COMPLETED, DISCONTINUED))
    if undefined.any():
        groups = tuple(sorted(set(left.loc[undefined, "group"])))
        facts = {"count": int(undefined.sum()), "total": len(left)}
        raise DataProblem("completion_undefined", groups=[group or "–" for group in groups], **facts)
    rows = [
        _row(group, term, "completed", int((part == COMPLETED).sum()), len(part), level)
        for (group, term), part in left.groupby(["group", "term"], sort=True)["status"]
    ]
    return ReasonShares("completion", level, 1.0, origin, (note("interval_wilson"),), Log(), pd.DataFrame(rows))


def _left(people: Spells | Extract, by: str | None, period: str | None) -> tuple[pd.DataFrame, Origin]:
    """Those who left, with the group and the period they left in."""
    frame = people.frame
    if period is not None and period not in PERIODS:
        raise DataProblem("option_not_understood", option="period=", allowed=(*PERIODS, "None"))
    absent = [name for name in ("exit_class", "end") if name not in frame]
    if absent:
        raise DataProblem("columns_missing", column=absent, columns_found=list(frame.columns), count=len(absent))
    frame = frame[frame["exit_class"].notna() & ~frame["exit_class"].isin(NOT_ENDINGS)].reset_index(drop=True)
    if not len(frame):
        raise DataProblem("participations_nobody_left", total=len(people.frame))
    group = by
    if by is not None and by not in frame:
        group = column_named(people, by, needed=by != "programme") if isinstance(people, Extract) else None
        if by != "programme" and not group:
            raise DataProblem("columns_missing", column=[by], columns_found=list(frame.columns), count=1)
    frame["group"] = frame[group].astype(object).where(frame[group].notna(), "–") if group else EVERYBODY
    exclusive = isinstance(people, Spells) or not people.end_inclusive
    last = frame["end"] - pd.Timedelta(seconds=1) if exclusive else frame["end"]
    frame["term"] = EVERYBODY if period is None else last.dt.to_period(PERIODS[period]).astype(str).replace("NaT", "–")
    return frame, people.origin


def _row(
    group: Any, term: Any, measure: str, events: int, persons: int, level: float, *, given: bool = True
) -> dict[str, Any]:
    low, high = wilson(events, persons, critical(level)) if given else (np.nan, np.nan)
    return {
        "group": str(group),
        "term": str(term),
        "measure": measure,
        "estimate": events / persons if given else np.nan,
        "conf_low": low,
        "conf_high": high,
        "at_risk": float(persons),
        "events": float(events),
    }


def _check(unknown_at_most: float) -> None:
    if isinstance(unknown_at_most, bool) or not 0 <= unknown_at_most <= 1:
        raise DataProblem("option_not_understood", option="unknown_at_most=", allowed=("0–1",))


def _per_cent(share: float) -> float:
    return round(100 * share, 1)
