"""How did each participation in Nav's registers end, by Arena's codes and by the new ones, as one series?

Arena's reasons are put through the same map as when Nav moved its rows to the new solution (navikt/amt-arena-acl,
ArenaDeltakerAarsakConverter.kt), so that rows that were moved and rows that were not can be read together. What that
map loses, the log says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.codes.lists import code_list
from navoutcomes.records.codes.recoding import Choose, coded, column_named, only_where
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.rules import as_date
from navoutcomes.records.sources.cells import Mask
from navoutcomes.records.spells.place import Place

SYSTEMS = ("komet", "arena", "by_row")
ARENA = "ARENA"
REASONS: Mapping[str, str] = MappingProxyType({"BEGA": "FATT_JOBB", "SYK": "SYK", "FTOAT": "TRENGER_ANNEN_STOTTE"})
"""Arena's reasons that have one of their own in the new solution. All others are lost."""
BY_STATUS: Mapping[str, str | None] = MappingProxyType(
    {"FULLF": None, "GJENN_AVB": "AVLYST_KONTRAKT", "GJENN_AVL": "AVLYST_KONTRAKT", "AVSLAG": "FIKK_IKKE_PLASS"}
)
"""The reason a status alone gives; any other status becomes ANNET."""
NO_SHOW, OTHER = "IKKE_MOTT", "ANNET"
UNKNOWN, NEVER, EXCLUDE, AT_RISK = "completed_unknown", "never_started", "exclude", "at_risk"
OVER = ("ended", "administrative", "no_show")


@dataclass(frozen=True, eq=False)
class _Rows:
    """Columns of participations, in row order. Shapes: (n,)."""

    status: pd.Series[Any]
    reason: pd.Series[Any]
    arena: Mask
    stage: pd.Series[Any]


@door
def participations(
    extract: Extract,
    *,
    system: str = "komet",
    migrated: str | date | None = None,
    status: str = "status",
    reason: str = "reason",
    opphav: str = "opphav",
    choose: Choose | None = None,
) -> Extract:
    """How did each participation end, by the status and reason of Nav's registers?

    ``system``: whose codes the rows hold: "komet" (the new solution), "arena", or "by_row" as the column ``opphav``
    says. ``migrated``: the day the programme was moved from Arena; needed for a series over that day. ``status``,
    ``reason`` and ``opphav`` are names or headers of columns; ``choose`` as in ``recode``.

    Shapes: the rows as they were, without those registered in error or never sent; ``reason`` as a code of
    ``code_list("deltaker_aarsak")``, ``exit_class`` (missing while waiting or taking part); ready for
    ``Spells.from_extract``, where participations that never started are set aside.
    Raises: ``DataProblem`` for words that are no codes, with what comes near. Warns: ``DataWarning`` for the traps.
    Assumes: an ending without a reason is completed_unknown, never "other": HAR_SLUTTET and FULLFORT are set by
    themselves when the end date passes. IKKE_AKTUELL is never_started; its dates are cleared, as in the new solution.
    Reference: navikt/amt-arena-acl, navikt/amt-deltakelser.
    """
    if system not in SYSTEMS:
        raise DataProblem("option_not_understood", option="system=", allowed=SYSTEMS)
    moved = None if migrated is None else pd.Timestamp(as_date(migrated, "migrated="))
    frame, place = extract.frame, Place.of(extract, extract.rows)
    rows, notes = _rows(extract, place, system, (status, reason, opphav), choose or {})
    classes, reasons, automatic = _classes(rows, frame, extract)
    never = (classes == NEVER).to_numpy()
    frame["status"], frame["reason"], frame["exit_class"] = rows.status, reasons, classes
    for name in ("start", "end"):
        if name in frame:
            frame[name] = frame[name].mask(never)
    kept = (classes != EXCLUDE).to_numpy()
    notes += _remarks(rows, frame, kept, automatic, moved)
    announce(Log(tuple(notes)))
    added = dict.fromkeys(("status", "reason", "exit_class"), "word")
    return replace(
        extract,
        _frame=frame[kept].reset_index(drop=True),
        rows=extract.rows[kept],
        log=extract.log + tuple(notes),
        headers={**{name: name for name in added}, **extract.headers},
        kinds={**extract.kinds, **added},
    )


def _rows(
    extract: Extract, place: Place, system: str, columns: tuple[str, str, str], choose: Choose
) -> tuple[_Rows, list[Note]]:
    """Status and reason as codes of the system each row comes from."""
    frame = extract.frame
    status = column_named(extract, columns[0])
    reason = column_named(extract, columns[1], needed=False)
    arena = np.full(len(frame), system == "arena")
    notes: list[Note] = []
    if system == "by_row":
        origin = column_named(extract, columns[2])
        systems, notes = coded(frame[origin], code_list("opphav"), place, origin, choose)
        arena = (systems == ARENA).to_numpy()
    words = frame[reason] if reason else pd.Series([None] * len(frame), dtype=object)
    if not reason:
        notes.append(warning("participations_without_reasons"))
    read = {}
    for part, source, lists in (
        ("status", (frame[status], status), ("arena_deltakerstatus", "deltaker_status")),
        ("reason", (words, reason or columns[1]), ("arena_aarsak", "deltaker_aarsak")),
    ):
        whole = pd.Series(np.full(len(frame), None, dtype=object))
        for mask, name in ((arena, lists[0]), (~arena, lists[1])):
            told, more = coded(only_where(source[0], mask), code_list(name), place, source[1], choose)
            whole = whole.where(~mask, told)
            notes += more
        read[part] = whole
    stages = {
        one.code: one.exit_class
        for name in ("arena_deltakerstatus", "deltaker_status")
        for one in code_list(name).codes
    }
    if read["status"].isna().any():
        raise DataProblem("status_missing", **place.found(read["status"].isna(), status))
    return _Rows(read["status"], read["reason"], arena, read["status"].map(stages)), notes


def _classes(rows: _Rows, frame: pd.DataFrame, extract: Extract) -> tuple[pd.Series[Any], pd.Series[Any], Mask]:
    """The exit class and the reason of each row, and which ended by themselves."""
    over = rows.stage.isin(OVER).to_numpy()
    passed = np.zeros(len(frame), np.bool_)
    if extract.origin.cutoff is not None and "end" in frame:
        passed = (rows.stage == AT_RISK).to_numpy() & (frame["end"] <= pd.Timestamp(extract.origin.cutoff)).to_numpy()
    if "start" in frame:
        # Arena's endings become IKKE_AKTUELL for those who never started.
        unstarted = over & rows.arena & frame["start"].isna().to_numpy()
    else:
        unstarted = np.zeros(len(frame), np.bool_)
    never = (rows.stage == NEVER).to_numpy() | unstarted
    reasons = rows.reason.where(~rows.arena, _from_arena(rows, over | never))
    by_reason = {one.code: one.exit_class for one in code_list("deltaker_aarsak").codes}
    classes = reasons.map(by_reason).astype(object)
    automatic = (over & ~never & reasons.isna().to_numpy()) | passed
    told = np.full(len(frame), None, dtype=object)
    told[over] = classes.to_numpy(dtype=object)[over]
    told[automatic] = UNKNOWN
    told[never] = NEVER
    told[(rows.stage == EXCLUDE).to_numpy()] = EXCLUDE
    return pd.Series(told, dtype=object), only_where(reasons, over | never), automatic


def _from_arena(rows: _Rows, over: Mask) -> pd.Series[Any]:
    """Arena's status and reason as the new solution's reason, by Nav's own map."""
    by_reason = rows.reason.map(REASONS).astype(object)
    by_status = rows.status.map(lambda one: BY_STATUS.get(one, OTHER)).astype(object)
    told = by_reason.where(by_reason.notna(), by_status).where(rows.status != "IKKEM", NO_SHOW)
    return only_where(told, over & told.notna().to_numpy())


def _remarks(rows: _Rows, frame: pd.DataFrame, kept: Mask, automatic: Mask, moved: pd.Timestamp | None) -> list[Note]:
    """The traps these rows stand in."""
    classes = frame["exit_class"]
    over = classes.notna().to_numpy() & ~classes.isin((NEVER, EXCLUDE)).to_numpy()
    notes: list[Note] = []
    never, out = int((classes == NEVER).sum()), int((~kept).sum())
    if out:
        notes.append(warning("participations_excluded", count=out, total=len(frame)))
    if never:
        notes.append(note("participations_never_started", count=never, total=len(frame)))
    if automatic.any():
        share = round(100 * automatic.sum() / max(1, over.sum()))
        notes.append(
            warning("participations_automatic", count=int(automatic.sum()), total=int(over.sum()), share=share)
        )
    arena = rows.arena & over
    if arena.any():
        lost = int((arena & rows.reason.notna().to_numpy() & ~rows.reason.isin(list(REASONS)).to_numpy()).sum())
        notes.append(warning("arena_reasons_lost", count=int(arena.sum()), total=int(over.sum()), lost=lost))
    if moved is not None and "end" in frame:
        notes.append(_trend_break(classes, frame["end"], over, moved))
    elif arena.any() and (~rows.arena & over).any():
        notes.append(warning("migration_date_needed"))
    return notes


def _trend_break(classes: pd.Series[Any], end: pd.Series[Any], over: Mask, moved: pd.Timestamp) -> Note:
    """What the reasons look like on each side of the move, in per cent of those who left."""
    before = over & (end < moved).to_numpy()
    after = over & (end >= moved).to_numpy()
    facts: dict[str, Any] = {}
    for side, rows in (("before", before), ("after", after)):
        facts[f"n_{side}"] = int(rows.sum())
        for word, one in (("jobs", "job"), ("education", "education"), ("unknown", UNKNOWN)):
            share = 100 * (classes[rows] == one).mean() if rows.any() else None
            facts[f"{word}_{side}"] = "–" if share is None else round(float(share))
    return warning("trend_break", migrated=f"{moved:%d.%m.%Y}", **facts)
