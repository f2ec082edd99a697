"""From months to spells and back: which months in a row are one stay, and which months does a stay touch?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, note, warning
from navoutcomes.records.extract import announce
from navoutcomes.records.months.panel import COLUMNS, MonthPanel
from navoutcomes.records.months.reading import month_given
from navoutcomes.records.origin import Origin
from navoutcomes.records.periods import (
    first_days,
    last_days,
    last_whole_month,
    month_before,
    month_of,
    open_until,
)
from navoutcomes.records.spells.exits import UNKNOWN
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import Whole, seconds

COUNTED = ("any_day", "first_day", "last_day", "whole_month")


@door
def spells_from_months(panel: MonthPanel, *, max_gap: int = 0, ended_as: str = UNKNOWN) -> Spells:
    """Which spells do the months of a panel make: months in a row in one state are one spell?

    ``max_gap``: months out of the state that do not end the spell (default 0). ``ended_as``: how a spell that ends is
    said to have ended, since months do not say why.

    The state is the ``programme`` of the spell. It starts on the first day of its first month and ends on the first day
    of the month after its last; spells that reach the last month covered (or could still go on after a gap) are open,
    and the cut-off is that month's last day.

    Shapes: a row a spell, in order of person, state and start. Raises: ``DataProblem`` for a ``max_gap`` that is no
    whole number of months. Assumes: a spell in the first month covered may have begun before; the log counts them.
    """
    if isinstance(max_gap, bool) or not isinstance(max_gap, int | np.integer) or max_gap < 0:
        raise DataProblem("option_not_understood", option="max_gap=", allowed=("0, 1, 2, ...",))
    rows = panel._frame.sort_values(["person", "state", "month"], kind="stable", ignore_index=True)
    month = rows["month"].to_numpy()
    opens = np.ones(len(rows), dtype=np.bool_)
    same = (rows["person"].to_numpy()[1:] == rows["person"].to_numpy()[:-1]) & (
        rows["state"].to_numpy()[1:] == rows["state"].to_numpy()[:-1]
    )
    opens[1:] = ~same | (month[1:] - month[:-1] > 1 + max_gap)
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(rows))[: len(first)] - 1
    end = pd.Series(first_days(month[last] + 1))
    still = month[last] + max_gap >= panel.last
    made = pd.DataFrame(
        {
            "person": rows["person"].to_numpy()[first],
            "programme": rows["state"].to_numpy()[first],
            "start": first_days(month[first]),
            "end": end.mask(still),
            "exit_class": pd.Series(ended_as, index=end.index, dtype=object).mask(still, None),
        }
    )
    early = int((month[first] == panel.first).sum())
    log = panel.log + note("panel_months_joined", count=len(rows), made=len(made), max_gap=max_gap)
    log += [warning("panel_spells_begun_before", count=early, total=len(made))] if early else []
    return Spells(made, _until(panel), log)


@door
def months_from_spells(spells: Spells, *, counted: str = "any_day", opens: date | None = None) -> MonthPanel:
    """In which months was each person in each programme?

    ``counted``: a month counts with "any_day" in the programme, with its "first_day", its "last_day", or as a
    "whole_month". ``opens``: a day of the first month the register covers (default: the month of the first spell).

    The panel covers whole months up to the cut-off; days after the last whole month are not in it, and the log says how
    many rows that concerns. The programme of a spell is the state; without programmes it is "programme".

    Shapes: a row a person, month and programme. Raises: ``DataProblem`` for another ``counted``, spells without a start
    or without a cut-off, and spells before ``opens``.
    """
    if counted not in COUNTED:
        raise DataProblem("option_not_understood", option="counted=", allowed=COUNTED)
    frame = spells.frame.reset_index(drop=True)
    no_start = np.flatnonzero(frame["start"].isna()).tolist()
    if no_start:
        raise DataProblem("spell_starts_needed", column="start", rows=no_start, count=len(no_start), total=len(frame))
    if spells.cutoff is None or frame.empty:
        raise DataProblem("cutoff_needed", count=int(frame["end"].isna().sum()), total=len(frame))
    closes = last_whole_month(spells.cutoff)
    start, last_month = _months(frame["start"], open_until(spells, frame), counted)
    starts = month_of(frame["start"])
    first = int(starts.min()) if opens is None else month_given(opens, "opens=")
    before = np.flatnonzero(starts < first).tolist()
    if before:
        raise DataProblem("months_not_covered", column="start", rows=before, count=len(before), total=len(frame))
    beyond = int((last_month > closes).sum())
    number = np.maximum(np.minimum(last_month, closes) - start + 1, 0)
    row = np.repeat(np.arange(len(frame)), number)
    month = start[row] + np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    state: Any = frame["programme"].to_numpy(object)[row] if "programme" in frame else "programme"
    rows = pd.DataFrame(dict(zip(COLUMNS, (frame["person"].to_numpy()[row], month, state), strict=True)))
    rows = rows.drop_duplicates().sort_values(list(COLUMNS), ignore_index=True)
    log = spells.log + note("spells_put_on_months", count=len(frame), made=len(rows), rule=f'counted="{counted}"')
    log += [note("months_after_last_whole", count=beyond)] if beyond else []
    panel = MonthPanel(rows, first, closes, spells.origin, log)
    announce(Log(tuple(log.notes[len(spells.log) :])))
    return panel


def _until(panel: MonthPanel) -> Origin:
    """The origin of a panel, its cut-off on the last day of the last month covered."""
    return replace(panel.origin, cutoff=pd.Timestamp(last_days(np.array([panel.last]))[0]).date())


def _months(start: pd.Series[Any], end: pd.Series[Any], counted: str) -> tuple[Whole, Whole]:
    """The first and the last month that each spell counts in; the last before the first where it counts in none."""
    first, last = month_of(start), month_before(end)
    if counted in ("first_day", "whole_month"):
        first = first + (first_days(first) < start.to_numpy().astype("datetime64[s]"))
    if counted in ("last_day", "whole_month"):
        last = last - (seconds(end) < first_days(last + 1).astype(np.int64))
    return first, last
