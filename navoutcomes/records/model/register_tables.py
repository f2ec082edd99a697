"""The tables of the data model, checked: one door for a table, one for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Self

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, note
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.identity.identifiers import refuse_identity_numbers
from navoutcomes.records.model.across import across_findings
from navoutcomes.records.model.checks import column_findings, rule_findings
from navoutcomes.records.model.findings import Finding, Findings
from navoutcomes.records.model.kinds import typed
from navoutcomes.records.model.tables import TableSchema, data_model, table_schema
from navoutcomes.records.origin import Origin
from navoutcomes.texts import say


@door
def check_table(frame: pd.DataFrame, name: str) -> Findings:
    """Is this frame a table of the tidy data model, and if not, what is wrong?

    ``name``: one of the twelve tables, as "episode". Rows are counted from 0.

    National identity numbers stop the check itself. Rules between columns are asked when the columns are right.
    Shapes: ``findings.table`` has a row a finding; an empty one is a table as it should be.
    Raises: ``DataProblem`` for another name, for something that is no frame, and for national identity numbers.
    """
    schema = table_schema(name)
    refuse_identities(frame, schema)
    found = column_findings(frame, schema)
    if not any(one.level == "error" for one in found):
        found += rule_findings(_typed(frame, schema), schema)
    return _ordered(found)


@door
def check_tables(frames: Mapping[str, pd.DataFrame], *, cutoff: date | None = None) -> Findings:
    """Are these frames tables of the tidy data model, and do they fit together?

    ``frames``: name of the table -> frame; tables that are not there are not asked for. ``cutoff``: the day the data
    were taken out (default: that of ``analysis_run`` where there is one).

    Rows of other tables that are spoken of must be there; what has happened lies before the cut-off. Two episodes of a
    person less than 30 days apart, and ages outside the programme's limits, are warnings.
    Shapes and Raises: as ``check_table``.
    """
    found = [one for name, frame in frames.items() for one in check_table(frame, name).found]
    if not any(one.level == "error" for one in found):
        made = {name: _typed(frame, data_model()[name]) for name, frame in frames.items()}
        found += across_findings(made, _cutoff(made, cutoff))
    return _ordered(found)


@dataclass(frozen=True, eq=False, repr=False)
class RegisterTables:
    """Tables of the tidy data model, each right by itself and all of them together.

    ``tables["episode"]`` hands out a copy, its columns typed: dates datetime64[s], months periods, integers Int64,
    numbers float64, flags boolean, words str. ``log`` holds what somebody should look at. Shows itself by counts.
    """

    origin: Origin
    log: Log
    _frames: Mapping[str, pd.DataFrame] = field(repr=False)

    @classmethod
    @door
    def from_frames(cls, frames: Mapping[str, pd.DataFrame], *, origin: Origin | None = None) -> Self:
        """Which tables do these frames make?

        ``frames``: name of the table -> frame. ``origin``: where they come from; its cut-off is the last possible day.

        Raises: ``DataProblem`` with the first error; ``check_tables`` gives them all.
        Warns: ``DataWarning`` for findings that are no errors.
        """
        origin = origin or Origin()
        found = check_tables(frames, cutoff=origin.cutoff)
        if found.errors:
            raise found.errors[0].problem
        log = Log(tuple(one.remark for one in found.warnings))
        announce(log)
        made = {name: _typed(frame, data_model()[name]) for name, frame in frames.items()}
        log += note("model_tables_checked", count=len(made), number=sum(map(len, made.values())))
        return cls(origin, log, MappingProxyType(made))

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._frames[name].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __repr__(self) -> str:
        lines = [
            say("words", "model_table_line", None, None, table=data_model()[name].label.text(), number=len(frame))
            for name, frame in self._frames.items()
        ]
        return "\n".join([*lines, *([repr(self.log)] if len(self.log) else [])])

    def _repr_html_(self) -> str:
        return f"<pre>{self!r}</pre>"


@door
def episodes(tables: RegisterTables) -> Extract:
    """The episodes of the data model as an extract, ready for ``Spells.from_extract``.

    Columns ``person``, ``programme`` (the code of ``programme``, where that table is there, else its id), ``start``,
    ``end`` (the day after the last), ``exit_class``, and the others of ``episode``; rows are counted from 0.
    Raises: ``DataProblem`` when there is no table of episodes. Assumes: dates are half-open, [start, end).
    """
    if "episode" not in tables:
        raise DataProblem("model_table_needed", table="episode")
    frame = tables["episode"].rename(columns={"person_id": "person", "start_date": "start", "end_date": "end"})
    codes = tables["programme"].set_index("programme_id")["programme_code"] if "programme" in tables else None
    frame["programme"] = frame["programme_id"] if codes is None else frame["programme_id"].map(codes)
    for name in ("start", "end"):
        if name not in frame:
            frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    return Extract(frame, tables.origin, tables.log, rows=np.arange(len(frame)), heading=0, end_inclusive=False)


def refuse_identities(frame: pd.DataFrame, schema: TableSchema) -> None:
    """Stop before anything else when a column holds national identity numbers."""
    if not isinstance(frame, pd.DataFrame):
        raise DataProblem("model_no_frame", table=schema.name, kind=type(frame).__name__)
    ids = [one.name for one in schema.fields if one.kind == "id"]
    refuse_identity_numbers(frame, [name for name in ids if name in frame])


def _typed(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """The table with its own columns in order, as their kinds are kept, then the others."""
    own = {one.name: typed(frame[one.name], one) for one in schema.fields if one.name in frame}
    others = {str(name): frame[name].reset_index(drop=True) for name in frame if name not in own}
    return pd.DataFrame({**own, **others})


def _cutoff(frames: Mapping[str, pd.DataFrame], cutoff: date | None) -> date | None:
    if cutoff is None and "analysis_run" in frames and len(frames["analysis_run"]):
        latest: date = frames["analysis_run"]["data_cutoff"].max().date()
        return latest
    return cutoff


def _ordered(found: list[Finding]) -> Findings:
    return Findings(tuple(sorted(found, key=lambda one: one.level != "error")))
