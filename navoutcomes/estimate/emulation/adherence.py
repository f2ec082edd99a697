"""Offered, adhered, attended: three answers side by side, and how far each can be wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.basis import Cell
from navoutcomes.estimate.contrast import contrast
from navoutcomes.estimate.emulation.attendance import Attended
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.compliance import anderson_rubin, balke_pearl, ratio_error, trimmed
from navoutcomes.notes import Log, note, warning

INTERVALS = ("anderson-rubin", "delta")
INTERVAL_NAMES = {"anderson-rubin": "Anderson–Rubin", "delta": "delta"}
WEAK = 10.0


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Adherence(Result):
    """One row an answer (``term``), all as differences in shares at one time. ``attendance`` is the share that came, by
    arm, the group compared first; ``cells`` who came and did not, by arm, and how many of them had the outcome."""

    attendance: tuple[float, float]
    cells: tuple[Cell, ...] = ()


@door
def attended_effect(
    people: FollowUp,
    attended: str,
    by: str = "arm",
    at: float | None = None,
    cause: str | None = None,
    reference: str | None = None,
    interval: str = "anderson-rubin",
    level: float = 0.95,
) -> Adherence:
    """What difference did attending make for those who came because they were offered it?

    The difference between the arms over the difference in attendance (the instrument's ratio).
    Arguments: ``attended`` a column of yes and no (1 and 0); ``by`` the arms as assigned; ``at`` a time in the
    follow-up's unit (None: the protocol's last); ``cause`` an ending (None: the outcome); ``reference`` the arm
    compared with; ``interval`` ``anderson-rubin`` (holds also where attendance differs little) or ``delta``; ``level``
    0-1.
    Raises: ``DesignProblem`` where the interval of the difference in attendance covers 0: nothing can be divided by it.
    Assumes: the arms differ by chance only; the offer does nothing to those who do not attend because of it; nobody
    stays away because they were offered it.
    Reference: Angrist, Imbens & Rubin 1996; Anderson & Rubin 1949.
    """
    check_level(level)
    asked = Attended.of(people, attended, by, at, cause, reference)
    row, findings = _instrument(asked, interval, level)
    return _made(asked, [row], findings, level, (note("method_instrument", interval=INTERVAL_NAMES[interval]),))


@door
def effects_by_adherence(
    people: FollowUp,
    attended: str,
    by: str = "arm",
    at: float | None = None,
    cause: str | None = None,
    reference: str | None = None,
    interval: str = "anderson-rubin",
    level: float = 0.95,
) -> Adherence:
    """What difference did the offer make, and what can be said of those who attended?

    Arguments: as ``attended_effect``.
    Shapes: ``table`` has one row an answer in ``term``: ``intention to treat`` (all as assigned: the main answer);
    ``per protocol`` (attended where offered, beside not attended where not: who attends is not chance);
    ``attended, instrument`` (empty with a remark where attendance differs too little); ``attenders, lowest`` and
    ``highest`` (those who come when offered, whichever of the others they were); ``everybody, lowest`` and ``highest``
    (had all attended, beside none). Bounds have no interval: sampling is not in them.
    Raises: ``DesignProblem`` for other than two arms, a time beyond follow-up, or attendance not known for all.
    Assumes: for the bounds that the arms differ by chance; for everybody also that only attending makes a difference.
    Reference: Angrist, Imbens & Rubin 1996; Horowitz & Manski 1995; Balke & Pearl 1997.
    """
    check_level(level)
    asked = Attended.of(people, attended, by, at, cause, reference)
    rows = [_compared(asked, "intention to treat", people, level)]
    adhered = asked.part(True, True) | asked.part(False, False)
    findings = Log((note("per_protocol_not_chance"),))
    if asked.part(True, True).any() and asked.part(False, False).any():
        rows.append(_per_protocol(asked, adhered, level))
    try:
        row, more = _instrument(asked, interval, level)
        rows.append(row)
        findings += more
    except DesignProblem as problem:
        if problem.key != "attendance_too_alike":
            raise
        rows.append(_row(asked, "attended, instrument"))
        findings += warning("attendance_alike", percent=round(100 * problem.facts["difference"], 1))
    rows += _attenders(asked)
    ends = balke_pearl(_cells(asked))
    if ends[0] > ends[1] + 1e-9:
        findings += warning("instrument_denied")
        ends = (float("nan"), float("nan"))
    rows += [_row(asked, f"everybody, {name}", value) for name, value in zip(("lowest", "highest"), ends, strict=True)]
    if not people.protocol.randomised:
        findings += warning("arms_not_by_chance")
    told = (note("method_adherence"), note("method_instrument", interval=INTERVAL_NAMES[interval]))
    return _made(asked, rows, findings, level, told)


def _compared(asked: Attended, term: str, people: FollowUp, level: float) -> dict[str, object]:
    found = contrast(people, asked.by, asked.at, cause=asked.cause, reference=asked.base, level=level).table.iloc[0]
    low, high = float(found["conf_low"]), float(found["conf_high"])
    return _row(asked, term, float(found["estimate"]), float(found["std_error"]), low, high)


def _per_protocol(asked: Attended, adhered: np.ndarray, level: float) -> dict[str, object]:
    """Empty where those who adhered are not followed to the time."""
    try:
        return _compared(asked, "per protocol", asked.among(adhered), level)
    except DesignProblem as problem:
        if problem.key not in ("time_beyond_follow_up", "horizon_beyond_follow_up"):
            raise
        return _row(asked, "per protocol")


def _instrument(asked: Attended, interval: str, level: float) -> tuple[dict[str, object], Log]:
    """Raises ``DesignProblem`` where attendance is too much alike."""
    if interval not in INTERVALS:
        raise DesignProblem("choice_unknown", asked=interval, known=INTERVALS)
    outcome = asked.share(asked.part(True)) - asked.share(asked.part(False))
    came = asked.attendance(True) - asked.attendance(False)
    covariance, z, findings = asked.covariance(level)
    error = float(np.sqrt(covariance[1, 1]))
    if abs(came) <= (1.96 if np.isnan(z) else z) * error or came == 0:
        raise DesignProblem("attendance_too_alike", difference=float(came), column=asked.by)
    if (came / max(error, 1e-12)) ** 2 < WEAK:
        findings += warning("attendance_weak", strength=round((came / error) ** 2, 1))
    estimate, delta = outcome / came, ratio_error(outcome, came, covariance)
    if interval == "delta":
        low, high = estimate - z * delta, estimate + z * delta
    else:
        low, high = anderson_rubin(outcome, came, covariance, z)
    findings += note("instrument_assumes")
    return _row(asked, "attended, instrument", estimate, delta, low, high), findings


def _attenders(asked: Attended) -> list[dict[str, object]]:
    """Those who come when offered: theirs is known where offered, and trimmed out of the others'."""
    part = asked.attendance(True)
    own, others = asked.share(asked.part(True, True)), asked.share(asked.part(False))
    low, high = trimmed(others, part) if part > 0 else (float("nan"), float("nan"))
    return [_row(asked, "attenders, lowest", own - high), _row(asked, "attenders, highest", own - low)]


def _cells(asked: Attended) -> np.ndarray:
    """Chance of outcome and attendance given the arm, [outcome, attended, arm]."""
    cells = np.zeros((2, 2, 2))
    for arm in (False, True):
        for came in (False, True):
            size = asked.attendance(arm) if came else 1 - asked.attendance(arm)
            share = asked.share(asked.part(arm, came))
            cells[1, int(came), int(arm)], cells[0, int(came), int(arm)] = size * share, size * (1 - share)
    return cells


def _row(
    asked: Attended,
    term: str,
    estimate: float = float("nan"),
    error: float = float("nan"),
    low: float = float("nan"),
    high: float = float("nan"),
) -> dict[str, object]:
    return {
        "group": asked.group,
        "cause": asked.cause,
        "term": term,
        "measure": "risk difference",
        "time": asked.at,
        "estimate": estimate,
        "std_error": error,
        "conf_low": low,
        "conf_high": high,
    }


def _made(
    asked: Attended, rows: list[dict[str, object]], findings: Log, level: float, method: tuple[object, ...]
) -> Adherence:
    people = asked.people
    return Adherence(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=method,  # type: ignore[arg-type]
        findings=findings,
        reference=asked.base,
        randomised=people.protocol.randomised,
        attendance=(asked.attendance(True), asked.attendance(False)),
        cells=asked.cells,
        _table=tidy(pd.DataFrame(rows)),
    )
