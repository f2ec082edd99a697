"""What was found when a table was held against the data model: as a table, and as the message that stops."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, warning
from navoutcomes.records.sources.cells import Mask
from navoutcomes.texts import checked, say

ERROR, WARNING = "error", "warning"
COLUMNS = ("table", "column", "finding", "level", "count", "total", "rows", "text")


@dataclass(frozen=True)
class Finding:
    """One thing found: ``key`` names it, ``level`` is ``error`` or ``warning``, ``facts`` are counts, positions and
    names of columns, never a cell."""

    table: str
    key: str
    columns: tuple[str, ...] = ()
    level: str = ERROR
    facts: tuple[tuple[str, Any], ...] = ()

    @property
    def problem(self) -> DataProblem:
        """The finding as what stops the work."""
        return DataProblem(self.key, table=self.table, column=list(self.columns), **dict(self.facts))

    @property
    def remark(self) -> Note:
        """The finding as a remark."""
        return warning(self.key, table=self.table, column=list(self.columns), **dict(self.facts))

    def text(self, language: str | None = None) -> str:
        """The finding in a sentence: an error says what and where."""
        if self.level == WARNING:
            return self.remark.text(language)
        what, where, _, _ = self.problem.parts(language)
        return f"{what} {where}"


@dataclass(frozen=True, repr=False)
class Findings:
    """Everything found, errors before warnings. ``table`` is a row a finding; empty when all is well."""

    found: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What the tables may not be used with."""
        return tuple(one for one in self.found if one.level == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What somebody should look at."""
        return tuple(one for one in self.found if one.level == WARNING)

    @property
    def table(self) -> pd.DataFrame:
        """Columns table, column, finding, level, count, total, rows (positions from 0) and text."""
        rows = []
        for one in self.found:
            facts = dict(one.facts)
            numbers = facts.get("count"), facts.get("total"), tuple(facts.get("rows", ()))
            rows.append((one.table, ", ".join(one.columns), one.key, one.level, *numbers, one.text()))
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"count": "Int64", "total": "Int64"})

    def text(self, language: str | None = None) -> str:
        """One line a finding; errors are marked."""
        language = checked(language)
        if not self.found:
            return say("words", "model_nothing_found", language)
        return "\n".join(f"{'!' if one.level == ERROR else '-'} {one.text(language)}" for one in self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return "<ul>" + "".join(f"<li>{escape(one.text())}</li>" for one in self.found) + "</ul>"


def found_where(
    table: str, key: str, columns: tuple[str, ...], bad: Mask | pd.Series[Any], level: str = ERROR, **facts: Any
) -> list[Finding]:
    """A finding about the rows where something holds, none when it holds nowhere."""
    hit = np.asarray(bad, dtype=np.bool_)
    if not hit.any():
        return []
    where = {"count": int(hit.sum()), "total": len(hit), "rows": tuple(np.flatnonzero(hit).tolist())}
    return [Finding(table, key, columns, level, tuple({**where, **facts}.items()))]
