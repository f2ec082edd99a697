"""In which months was each person in which state: a job, a benefit, a status at Nav?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.extract import announce
from navoutcomes.records.identity.identifiers import refuse_identity_numbers
from navoutcomes.records.months.reading import month_given, months_in
from navoutcomes.records.origin import Origin
from navoutcomes.records.periods import periods
from navoutcomes.records.spells.stretches import Whole
from navoutcomes.texts import say

COLUMNS = ("person", "month", "state")


@dataclass(frozen=True, eq=False, repr=False)
class MonthPanel:
    """Months of persons in states, each once, and which months the register covers.

    ``frame`` hands out a copy with ``person``, ``month`` (a period of pandas) and ``state``, in order; a person may be
    in several states in one month. A month that is covered and has no row is a month in no state. ``opens`` and
    ``closes`` are the first and last month covered. Shows itself by counts.
    """

    _frame: pd.DataFrame
    first: int
    last: int
    origin: Origin = field(default_factory=Origin)
    log: Log = field(default_factory=Log)

    @property
    def frame(self) -> pd.DataFrame:
        """The months, as a copy."""
        return self._frame.assign(month=periods(self._frame["month"].to_numpy()))

    @property
    def opens(self) -> pd.Period:
        """The first month covered."""
        return periods(np.array([self.first]))[0]

    @property
    def closes(self) -> pd.Period:
        """The last month covered."""
        return periods(np.array([self.last]))[0]

    @property
    def states(self) -> tuple[str, ...]:
        """The states, by alphabet."""
        return tuple(sorted(self._frame["state"].unique()))

    @classmethod
    @door
    def from_frame(
        cls,
        frame: pd.DataFrame,
        state: str,
        *,
        person: str = "person_id",
        month: str = "month",
        covers: tuple[Any, Any] | None = None,
        origin: Origin | None = None,
    ) -> Self:
        """In which months was each person in which state: from a frame with a row a person and month?

        Arguments: column names of ``frame``; ``state`` holds words, such as the benefits of ``benefit_month``;
        ``covers`` is the first and the last month the register covers, as ("2019-01", "2021-12") (default: the first
        and last month there is a row for, with a remark). The same row twice counts once.
        Raises: ``DataProblem`` for columns that are not there, empty cells, months that cannot be read or are not
        covered, and national identity numbers. Warns: ``DataWarning`` for covered months in which nobody has a row.
        """
        check_panel_columns(frame, (person, month, state), person)
        months = months_in(frame[month], month)
        first, last = covered_months(months, covers, month)
        panel = cls(panel_rows(frame[person], months, frame[state].map(str)), first, last, origin or Origin())
        log = Log(tuple(panel_remarks(panel, covers)))
        announce(log)
        return replace(panel, log=log)

    def within(self, states: Sequence[str]) -> pd.DataFrame:
        """The persons and months (counted from January 1970) in any of some states, each once, in order."""
        asked = self._frame["state"].isin(list(states))
        return self._frame.loc[asked, ["person", "month"]].drop_duplicates(ignore_index=True)

    def __repr__(self) -> str:
        frame = self._frame
        facts = {"rows": len(frame), "persons": frame["person"].nunique(), "states": ", ".join(self.states)}
        line = say("words", "panel_summary", None, None, opens=str(self.opens), closes=str(self.closes), **facts)
        return f"{line}\n{self.log!r}" if len(self.log) else line

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>"


def check_panel_columns(frame: pd.DataFrame, names: Sequence[str], person: str) -> None:
    """The columns are there, each once, without empty cells, and nobody's identity number among them."""
    refuse_identity_numbers(frame, (person,))
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise DataProblem("panel_columns_missing", column=absent, columns_found=list(frame.columns), count=len(absent))
    for name in names:
        empty = np.flatnonzero(frame[name].isna()).tolist()
        if empty:
            raise DataProblem("panel_cells_empty", column=name, rows=empty, count=len(empty), total=len(frame))


def covered_months(months: Whole, covers: tuple[Any, Any] | None, column: str) -> tuple[int, int]:
    """The first and the last month covered. Raises: ``DataProblem`` for months outside what the caller says."""
    if covers is None:
        if not len(months):
            raise DataProblem("panel_empty", column=column)
        return int(months.min()), int(months.max())
    first, last = (month_given(one, "covers=") for one in covers)
    beyond = np.flatnonzero((months < first) | (months > last)).tolist()
    if beyond or first > last:
        raise DataProblem("months_not_covered", column=column, rows=beyond, count=len(beyond), total=len(months))
    return first, last


def panel_rows(person: Any, months: Whole, state: Any) -> pd.DataFrame:
    """The rows of a panel in order, each once."""
    values = (np.asarray(person, dtype=object), months, np.asarray(state, dtype=object))
    rows = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    return rows.drop_duplicates().sort_values(list(COLUMNS), ignore_index=True)


def panel_remarks(panel: MonthPanel, covers: tuple[Any, Any] | None) -> list[Note]:
    """What is to be said about the months a panel covers."""
    remarks = []
    if covers is None:
        remarks.append(note("panel_covers_as_found", opens=str(panel.opens), closes=str(panel.closes)))
    empty = panel.last - panel.first + 1 - panel._frame["month"].nunique()
    if empty > 0 and len(panel._frame):
        remarks.append(warning("panel_months_without_rows", count=int(empty), total=panel.last - panel.first + 1))
    return remarks
