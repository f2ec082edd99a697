"""One way to lay curves out as rows, whatever they are curves of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.estimate.result import tidy
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats


def curve_rows(
    counts: RiskTable,
    group: str,
    cause: int | None,
    estimate: Floats,
    std_error: Floats,
    limits: tuple[Floats, Floats],
) -> pd.DataFrame:
    """One curve on the grid of its group; ``open`` says whether some had not ended. ``cause`` None is any ending."""
    persons = counts.groups[group]
    frame = pd.DataFrame({"group": group}, index=range(len(persons.time)))
    if cause is not None:
        frame["cause"] = counts.causes[cause]
    frame["time"] = persons.time
    frame["estimate"], frame["std_error"] = estimate, std_error
    frame["conf_low"], frame["conf_high"] = limits
    frame["at_risk"] = persons.at_risk
    frame["events"] = persons.all_events if cause is None else persons.events[cause]
    frame["censored"] = persons.censored
    frame["open"] = persons.at_risk > persons.all_events
    frame["exit"] = persons.exits > 0
    return frame[_used(counts, group)].reset_index(drop=True)


def _used(counts: RiskTable, group: str) -> np.ndarray:
    """Times at which somebody of the group leaves, and the start (time 0 or the first entry)."""
    persons = counts.groups[group]
    keep = persons.exits > 0
    keep[np.argmax((persons.time >= 0) | keep)] = True
    return keep


def laid_out(parts: list[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table (times with exits only) and the full curves (with their start)."""
    full = pd.concat(parts, ignore_index=True)
    return tidy(full[full["exit"]].drop(columns=["open", "exit"]).reset_index(drop=True)), full
