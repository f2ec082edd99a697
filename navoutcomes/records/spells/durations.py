"""Do the spells last as long as spells can, and as long as the file's own column of durations says?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.records.spells.place import Place

DAYS_IN = {"duration": 1.0, "duration_weeks": 7.0, "duration_months": 365.25 / 12}


def check_durations(frame: pd.DataFrame, place: Place, max_duration: int) -> None:
    """No spell, and no number in a column of durations, is longer than ``max_duration`` days; the two agree.

    Days are compared to the day (counting the last day or not, whichever the column does), weeks and months to one
    week or month. Raises: ``DataProblem``. Assumes: exclusive ends; open spells are not compared.
    """
    length = (frame["end"] - frame["start"]).dt.total_seconds() / 86400
    if (length > max_duration).any():
        raise DataProblem("duration_too_long", max=max_duration, **place.found(length > max_duration, "start", "end"))
    for name, unit in DAYS_IN.items():
        if name in frame and pd.api.types.is_numeric_dtype(frame[name]):
            stated = frame[name].astype(float) * unit
            if (stated > max_duration).any():
                raise DataProblem("duration_too_long", max=max_duration, **place.found(stated > max_duration, name))
            _compare(stated, length, unit, place, name)


def _compare(stated: pd.Series[Any], length: pd.Series[Any], unit: float, place: Place, name: str) -> None:
    """The column that disagrees least of the two ways to count days is the one compared."""
    ways = [(stated - length).abs(), (stated - (length - 1)).abs()]
    limit = 1.0 if unit == 1.0 else unit + 1e-9
    wrong = [(way >= limit) if unit == 1.0 else (way > limit) for way in ways]
    least = int(np.argmin([int(one.sum()) for one in wrong]))
    if wrong[least].any():
        facts = {"max_difference": round(float(ways[least].max())), **place.found(wrong[least], name, "start", "end")}
        raise DataProblem("duration_disagrees", **facts)
