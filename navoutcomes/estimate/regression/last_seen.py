"""Endings of which only is known that they came after one time and not later than another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import positions
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.maths.arrays import Floats


def last_seen_of(people: FollowUp, column: str | None, event: np.ndarray) -> Floats:
    """When each who ended was last known to be there still, where the ending came some time later; else not a number.

    Arguments: ``column`` None where every ending is known to the day; its values of those who did not end are not
    looked at. Shapes: event (n,) bool -> (n,).
    Raises: ``DesignProblem`` for a column without numbers; ``DataProblem`` for times that are infinite, negative, after
    the ending or before the entry.
    """
    since = np.full(len(event), np.nan)
    if column is None:
        return since
    values = people.column(column, copy=False)
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        raise DesignProblem("term_not_numbers", column=column)
    found = values.to_numpy(dtype=float, na_value=np.nan)[event]
    time, entry = people.array("time")[event], people.array("entry")[event]
    given = ~np.isnan(found)
    wrong = given & ~((found >= np.where(np.isnan(entry), 0.0, np.maximum(entry, 0.0))) & (found <= time))
    if wrong.any():
        bad = np.zeros(len(event), dtype=bool)
        bad[np.flatnonzero(event)[wrong]] = True
        raise DataProblem(
            "last_seen_outside", column=column, rows=positions(bad), count=int(wrong.sum()), total=int(event.sum())
        )
    since[event] = np.where(given & (found < time), found, np.nan)
    return since
