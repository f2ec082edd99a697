"""One way to lay curves out as rows, whatever they are curves of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.estimate.result import COLUMNS
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats, Indices

MARKS = ("open", "exit")
Part = dict[str, Any]


def steps(counts: RiskTable, group: str) -> Indices:
    """Positions at which somebody of the group leaves, and the start (time 0 or the first entry)."""
    persons = counts.groups[group]
    keep = persons.exits > 0
    keep[np.argmax((persons.time >= 0) | keep)] = True
    return np.flatnonzero(keep)


def curve_rows(
    counts: RiskTable,
    group: str,
    cause: int | None,
    estimate: Floats,
    std_error: Floats,
    limits: tuple[Floats, Floats],
    at: Indices | None = None,
) -> Part:
    """One curve as columns; ``open`` says whether some had not ended. ``cause`` None is any ending.

    Shapes: the estimates on the grid of the table (G,), or on the positions ``at`` (from ``steps``) of it.
    """
    persons = counts.groups[group]
    if at is None:
        at = steps(counts, group)
        estimate, std_error, limits = estimate[at], std_error[at], (limits[0][at], limits[1][at])
    events = persons.all_events if cause is None else persons.events[cause]
    at_risk, censored = persons.at_risk[at], persons.censored[at]
    return {
        "group": group,
        **({} if cause is None else {"cause": counts.causes[cause]}),
        "time": persons.time[at],
        "estimate": estimate,
        "std_error": std_error,
        "conf_low": limits[0],
        "conf_high": limits[1],
        "at_risk": at_risk,
        "events": events[at],
        "censored": censored,
        "open": at_risk > persons.all_events[at],
        "exit": persons.exits[at] > 0,
    }


def laid_out(parts: Sequence[Part]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table (times with exits only) and the full curves (with their start)."""
    length = [len(one["time"]) for one in parts]
    columns = {
        name: np.repeat(np.array([one[name] for one in parts], dtype=object), length)
        if name in ("group", "cause")
        else np.concatenate([one[name] for one in parts])
        for name in (*COLUMNS, *MARKS)
        if name in parts[0]
    }
    exit_ = np.flatnonzero(columns["exit"])
    table = {name: values[exit_] for name, values in columns.items() if name not in MARKS}
    return pd.DataFrame(table), pd.DataFrame(columns)
