"""What every result has: a tidy table in one vocabulary, how it was made, and what to remark about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from navoutcomes.notes import Log, Note
from navoutcomes.records.origin import Origin
from navoutcomes.texts import say


class Row(NamedTuple):
    """The vocabulary of result columns: one row of any result's table. Shares are 0-1; ``time`` in the table's unit."""

    group: str = ""
    cause: str = ""
    term: str = ""
    measure: str = ""
    time: float = float("nan")
    estimate: float = float("nan")
    std_error: float = float("nan")
    statistic: float = float("nan")
    p_value: float = float("nan")
    conf_low: float = float("nan")
    conf_high: float = float("nan")
    at_risk: float = float("nan")
    events: float = float("nan")
    censored: float = float("nan")


COLUMNS = Row._fields
SHOWN = 12


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Result:
    """A frozen answer. ``table`` is tidy and a copy; its columns come from ``COLUMNS``.

    ``level`` is the confidence level, ``method`` says how it was made, ``findings`` what to remark, ``unit`` of time,
    ``origin`` where the people come from, ``counts`` the risk table behind it and ``again`` the same question put to
    another risk table (how a protected version is estimated); both are None where a result has no times.
    """

    level: float
    unit: str
    origin: Origin
    method: tuple[Note, ...] = ()
    findings: Log = field(default_factory=Log)
    reference: str | None = None
    randomised: bool = False
    counts: Any = None
    again: Callable[..., Any] | None = None
    _table: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def table(self) -> pd.DataFrame:
        """The result, one row an estimate. A copy."""
        return self._table.copy()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(dict.fromkeys(self._table["group"])) if "group" in self._table else ()

    @property
    def named(self) -> str:
        """Which kind it is called by."""
        return type(self).__name__

    def __repr__(self) -> str:
        shown = self._table.head(SHOWN).to_string(index=False, float_format=lambda value: f"{value:.4g}")
        more = len(self._table) - SHOWN
        lines = [say("words", f"result_{self.named}"), shown]
        lines += [f"... (+{more})"] if more > 0 else []
        return "\n".join([*lines, *(str(one) for one in self.method), *(str(one) for one in self.findings)])

    def _repr_html_(self) -> str:
        table = self._table.head(SHOWN).to_html(index=False, float_format=lambda value: f"{value:.4g}", border=0)
        remarks = "".join(f"<li>{escape(str(one))}</li>" for one in (*self.method, *self.findings))
        hint = say("words", f"hint_{self.named}")
        title = say("words", f"result_{self.named}")
        return f"<p><b>{escape(title)}</b></p>{table}<ul>{remarks}</ul><p>{escape(hint)}</p>"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Curves(Result):
    """Step curves: ``table`` has one row a group, cause and time at which somebody leaves."""

    interval: str = ""
    _full: pd.DataFrame = field(default_factory=pd.DataFrame)

    def at(self, times: float | Sequence[float]) -> pd.DataFrame:
        """The curves at stated times, in the follow-up's unit: one row a group, cause and time.

        A protected curve is read on its months: day 365 is month 12, and ``time`` is the month.
        Shapes: columns of ``table``; ``at_risk`` just before the time, ``events`` and ``censored`` up to and including
        it. Beyond the last follow-up of a group nothing is given (not a number), unless everybody had left.
        """
        wanted = self.counts.clock(times)
        keys = [name for name in ("group", "cause") if name in self._full]
        columns = {str(name): self._full[name].to_numpy() for name in self._full}
        number = self._full.groupby(keys, sort=False, observed=True).ngroup().to_numpy()
        rows = []
        for one in range(int(number.max(initial=-1)) + 1):
            curve = {name: values[number == one] for name, values in columns.items()}
            rows.append(_step(curve, wanted, self.counts.at_risk(curve["group"][0], wanted)))
        return pd.DataFrame({name: np.concatenate([row[name] for row in rows]) for name in rows[0]})


def _step(curve: dict[str, np.ndarray], wanted: np.ndarray, at_risk: np.ndarray) -> dict[str, np.ndarray]:
    """One curve (its first row is time 0 or earlier) read off at some times."""
    time = curve["time"]
    slack = 1e-9 * max(1.0, float(np.abs(time).max()))
    place = np.searchsorted(time, wanted + slack, side="right") - 1
    found = {name: values[np.maximum(place, 0)] for name, values in curve.items() if name not in ("open", "exit")}
    found["at_risk"] = at_risk
    for name in ("events", "censored"):
        found[name] = np.where(place >= 0, np.cumsum(curve[name])[np.maximum(place, 0)], 0.0)
    found["time"] = wanted
    unknown = (wanted > time[-1] + slack) & bool(curve["open"][-1])
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        found[name] = np.where(unknown, np.nan, found[name])
    return found


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns in the order of the vocabulary. Raises ``ValueError`` for a word outside it."""
    outside = set(frame.columns) - set(COLUMNS)
    if outside:
        raise ValueError(f"not in the vocabulary of result columns: {sorted(outside)}")
    return frame[[name for name in COLUMNS if name in frame.columns]]


def lines(frame: pd.DataFrame) -> list[Row]:
    """The rows of a result's table, typed; columns the table does not have keep the defaults of ``Row``."""
    names = [name for name in COLUMNS if name in frame.columns]
    return [Row(**dict(zip(names, values, strict=True))) for values in frame[names].itertuples(index=False, name=None)]
