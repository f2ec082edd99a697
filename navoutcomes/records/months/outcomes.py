"""The first month in which something happened to each person, by a definition that stays with the numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note
from navoutcomes.records.origin import Origin
from navoutcomes.records.periods import last_days, periods
from navoutcomes.records.spells.exits import STILL_THERE
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.together import as_known, origin_of
from navoutcomes.texts import say


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes:
    """Each person's first month with an event and how it was reached, or until when nothing had happened.

    ``rows`` (a copy) has a row a person: ``person``, ``time_zero`` (a date), ``month`` of the event (a period of
    pandas, missing where there was none), ``time`` in months from time zero's month, ``ending`` (a word, ``censored``
    while nothing had happened), and what the definition adds. ``closes`` is the last month for which the outcome can be
    known, ``definition`` what was counted; ``origin`` carries it into reports. Shows itself by counts.

    ``Cohort.from_frame(outcomes.rows, **outcomes.roles)`` follows the people in months;
    ``Cohort.assemble(protocol, with_event_dates(spells, outcomes), events={"job": "job_date"})`` in days, beside other
    endings.
    """

    definition: Note
    outcome: str
    last: int
    origin: Origin
    log: Log = field(default_factory=Log)
    _rows: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def rows(self) -> pd.DataFrame:
        """One row a person, as a copy."""
        frame = self._rows.copy()
        known = frame["month"].notna().to_numpy()
        month = pd.Series(pd.NaT, index=frame.index, dtype="period[M]")
        month[known] = periods(frame["month"][known].to_numpy(dtype="int64"))
        return frame.assign(month=month)

    @property
    def roles(self) -> dict[str, Any]:
        """Arguments for ``Cohort.from_frame``: which column plays which part, the unit and the origin."""
        columns = {"time": "time", "ending": "ending", "person": "person", "censored": STILL_THERE}
        return {**columns, "outcome": self.outcome, "unit": "months", "origin": self.origin}

    @property
    def closes(self) -> date:
        """The last day for which the outcome can be known."""
        return last_day(self.last)

    def __repr__(self) -> str:
        counted = self._rows["ending"].value_counts()
        numbers = ", ".join(f"{name}: {number}" for name, number in counted.items())
        line = say("words", "outcomes_summary", None, None, persons=len(self._rows), endings=numbers or "0")
        return "\n".join([self.definition.text(), line, *([repr(self.log)] if len(self.log) else [])])

    def _repr_html_(self) -> str:
        return f"<pre>{self!r}</pre>"


def last_day(month: int) -> date:
    """The last day of a month counted from January 1970."""
    return pd.Timestamp(last_days(np.array([month]))[0]).date()


@door
def with_event_dates(spells: Spells, outcomes: Outcomes, column: str | None = None) -> Spells:
    """On which day did it happen: the spells with a date column for the outcome?

    ``column``: its name (default: the outcome and ``_date``, as ``job_date``). The day is the last of the event's
    month, since a register of months knows no earlier day by which it must have happened.

    The spells are cut off where the outcome can no longer be known (``outcomes.closes``), and their origin carries the
    definition. Shapes: the rows of the spells that had begun by then. Raises: ``DataProblem`` when there already is a
    column of that name, or nobody of the outcomes has a spell.
    """
    name = column or f"{outcomes.outcome}_date"
    frame = spells.frame
    if name in frame:
        raise DataProblem("event_column_there", column=name)
    rows = outcomes._rows
    hit = rows["ending"].eq(outcomes.outcome).to_numpy()
    if len(rows) and not frame["person"].isin(rows["person"]).any():
        raise DataProblem("outcomes_of_others", column="person", count=len(rows), total=len(frame))
    days = pd.Series(last_days(rows["month"][hit].to_numpy(dtype="int64")), index=rows["person"].to_numpy()[hit])
    origin = origin_of(spells.origin, outcomes.origin)
    frame, remarks = as_known(replace(spells, origin=origin), origin.cutoff)
    frame[name] = frame["person"].map(days).astype("datetime64[s]")
    return Spells(frame, origin, Log((*spells.log, *outcomes.log, *remarks)))
