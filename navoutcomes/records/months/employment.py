"""Who worked in which month, and was it in competition with others, with a wage subsidy, or in sheltered work?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, note
from navoutcomes.records.codes.lists import code_list
from navoutcomes.records.extract import announce
from navoutcomes.records.months.panel import MonthPanel, check_panel_columns, covered_months, panel_remarks, panel_rows
from navoutcomes.records.months.reading import months_in
from navoutcomes.records.origin import Origin
from navoutcomes.records.periods import last_whole_month, month_before, month_of, open_until, periods
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import Whole
from navoutcomes.records.spells.together import origin_of

COMPETITIVE, SUBSIDISED, SHELTERED = KINDS = ("competitive", "subsidised", "sheltered")
MEASURES = {
    SUBSIDISED: ("MIDLERTIDIG_LONNSTILSKUDD", "VARIG_LONNSTILSKUDD", "FIREARIG_LONNSTILSKUDD", "SOMMERJOBB"),
    SHELTERED: (
        "VARIG_TILRETTELAGT_ARBEID_SKJERMET",
        "VTAO",
        "TILRETTELAGT_ARBEID_ORDINAER",
        "ARBEIDSFORBEREDENDE_TRENING",
    ),
}


@door
def employment_months(
    frame: pd.DataFrame,
    *,
    supported: Spells | None = None,
    person: str = "person_id",
    month: str = "month",
    employed: str = "employed",
    subsidised: str = "subsidised",
    sheltered: str = "sheltered",
    covers: tuple[Any, Any] | None = None,
    origin: Origin | None = None,
) -> MonthPanel:
    """In which months was each person in competitive, subsidised or sheltered work?

    In the employer register (a-ordningen) a wage subsidy and permanently adapted work look like any job. They are told
    apart by the columns ``subsidised`` and ``sheltered`` (true or false), by ``supported`` (spells in Nav's measures:
    every job in a month that a wage subsidy touches is subsidised, in one that VTA or AFT touches sheltered), or both.

    Arguments: column names of ``frame``, a row a person, month and employer; ``covers`` the first and last month the
    register covers (default: those there are rows for, with a remark).
    Shapes: states ``competitive``, ``subsidised`` and ``sheltered``; sheltered when both hold.
    Raises: ``DataProblem`` when neither columns nor spells tell the kinds of work apart, when cells are empty or no
    truth values, and as ``MonthPanel.from_frame``. Warns: ``DataWarning`` for covered months in which nobody has a row.
    Assumes: a covered month without a row is a month without work.
    """
    flags = {SUBSIDISED: subsidised, SHELTERED: sheltered}
    check_panel_columns(frame, (person, month, employed), person)
    absent = [column for column in flags.values() if column not in frame.columns]
    if supported is None and absent:
        raise DataProblem("work_kinds_needed", column=absent, count=len(absent))
    months = months_in(frame[month], month)
    first, last = covered_months(months, covers, month)
    works = _truths(frame, employed, np.ones(len(frame), dtype=np.bool_))
    marks = _touched(frame[person], months, supported, last)
    kind = np.full(len(frame), COMPETITIVE, dtype=object)
    for one, column in flags.items():
        kind[marks[one] | (_truths(frame, column, works) if column not in absent else False)] = one
    source = origin_of(origin or Origin(), *([supported.origin] if supported else []))
    rows = panel_rows(frame[person][works], months[works], kind[works])
    panel = MonthPanel(rows, first, last, replace(source, cutoff=None if origin is None else origin.cutoff))
    marked = sum(int((marks[one] & works).sum()) for one in flags)
    seen = [note("work_kinds_from_spells", count=marked, total=int(works.sum()))] if supported else []
    log = Log((*panel_remarks(panel, covers), *seen))
    announce(log)
    return replace(panel, log=log)


def _truths(frame: pd.DataFrame, column: str, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A column of truth values (also 0 and 1), false outside ``where``. Raises: ``DataProblem`` naming the rows that
    hold none."""
    values = frame[column]
    empty = np.flatnonzero(values.isna().to_numpy() & where).tolist()
    if empty:
        raise DataProblem("panel_cells_empty", column=column, rows=empty, count=len(empty), total=len(frame))
    bad = np.flatnonzero(~values.isin([0, 1]).to_numpy() & where).tolist()
    if bad:
        raise DataProblem("not_truth_values", column=column, rows=bad, count=len(bad), total=len(frame))
    return np.asarray(values.isin([1]).to_numpy() & where, dtype=np.bool_)


def _touched(
    person: pd.Series[Any], months: Whole, supported: Spells | None, last: int
) -> dict[str, NDArray[np.bool_]]:
    """Which rows lie in a month that a spell of each kind of supported work touches?"""
    found = {one: np.zeros(len(months), dtype=np.bool_) for one in MEASURES}
    if supported is None:
        return found
    frame = supported.frame
    if "programme" not in frame:
        raise DataProblem("panel_columns_missing", column=["programme"], columns_found=list(frame.columns), count=1)
    if supported.cutoff is not None and last_whole_month(supported.cutoff) < last:
        raise DataProblem(
            "measures_end_early", until=f"{supported.cutoff:%d.%m.%Y}", closes=str(periods(np.array([last]))[0])
        )
    programmes = frame["programme"].map(_meant)
    for one, codes in MEASURES.items():
        own = frame[programmes.isin(codes) & frame["start"].notna()].reset_index(drop=True)
        if own.empty:
            continue
        first = month_of(own["start"])
        number = month_before(open_until(supported, own)) - first + 1
        row = np.repeat(np.arange(len(own)), number)
        run = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
        touched = pd.MultiIndex.from_arrays([own["person"].to_numpy()[row], run])
        found[one] = pd.MultiIndex.from_arrays([person.to_numpy(), months]).isin(touched)
    return found


@cache
def _meant(programme: object) -> str | None:
    """The code of a programme, however it is written; None where it is none of Nav's or a municipality's."""
    found = code_list("programme").meaning(programme) if isinstance(programme, str) else ()
    return found[0].code if len(found) == 1 else None
