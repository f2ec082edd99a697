"""Does every spell end after it starts, on the day after its last day?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.spells.place import Place

DAY = np.timedelta64(1, "D")
HALF_A_DAY = np.timedelta64(12, "h")


def exclusive_ends(
    frame: pd.DataFrame, place: Place, inclusive: bool, zero_length: str, negative_one_day: str
) -> tuple[pd.DataFrame, list[Note]]:
    """The frame with ends moved to the day after the last day (open ends stay missing), and spells of no days made
    half a day long where the caller's rules say so.

    Raises: ``DataProblem`` for ends before starts and for spells of no days without a rule.
    """
    start, end = frame["start"], frame["end"]
    days = (end - start).dt.days
    if (days < -1).any():
        raise DataProblem("end_before_start", **place.found(days < 0, "end", "start"))
    early = (days == -1).to_numpy()
    if early.any() and negative_one_day == "error":
        facts = {"share": round(100 * early.mean(), 1), **place.found(early, "end", "start")}
        raise DataProblem("end_one_day_before_start", **facts)
    notes: list[Note] = []
    if inclusive:
        end = end + DAY
        notes.append(note("ends_made_exclusive", count=int(end.notna().sum())))
    empty = (end == start).to_numpy() & ~early
    if empty.any() and zero_length == "error":
        raise DataProblem("spells_zero_length", **place.found(empty, "start", "end"))
    if early.any():
        notes.append(warning("ends_one_day_early_repaired", count=int(early.sum()), total=len(frame)))
    if empty.any():
        notes.append(warning("zero_length_halved", count=int(empty.sum()), total=len(frame)))
    return frame.assign(end=end.mask(early | empty, start + HALF_A_DAY)), notes


def check_deaths(frame: pd.DataFrame, place: Place) -> None:
    """Nobody leaves a programme after the day they died. Raises: ``DataProblem``. Assumes: exclusive ends."""
    if "death_date" not in frame or not pd.api.types.is_datetime64_any_dtype(frame["death_date"]):
        return
    after = frame["end"] > frame["death_date"] + DAY
    if after.any():
        raise DataProblem("exit_after_death", **place.found(after, "end", "death_date"))
