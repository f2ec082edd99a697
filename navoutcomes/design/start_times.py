"""When each person's programme began, counted from time zero: what a fair comparison needs before it has groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import positions
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.maths.arrays import Floats
from navoutcomes.texts import LANGUAGES, Text, say, table

SHARE_FILLED, SHARE_EMPTY = 0.9, 0.1


def start_times(people: FollowUp, start: str) -> Floats:
    """Time from time zero until each row's person began; infinite for who never did while followed. Shape (n,).

    Arguments: ``start`` a column of numbers in the follow-up's unit, or of dates (then the protocol's time zero is a
    column of dates too); an empty cell never began. Who leaves on the day of the start, or before it, never began.
    Raises: ``DataProblem`` for a column that is missing or holds neither; ``DesignProblem`` for dates without a time
    zero, or a person with several starts.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    values = people.column(start, copy=False)
    if pd.api.types.is_datetime64_any_dtype(values):
        begun = (values - _zero(people, start)).dt.total_seconds().to_numpy() / 86_400
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        begun = values.to_numpy(dtype=float, na_value=np.nan)
    elif values.isna().all():
        begun = np.full(len(values), np.nan)
    else:
        raise DesignProblem("start_not_time", column=start)
    begun = np.where(np.isnan(begun), np.inf, begun)
    rows = people.rows
    last = rows["time"].to_numpy(dtype=float)
    if people.repeated:
        grouped = pd.DataFrame({"person": rows["person"], "begun": begun, "time": last}).groupby("person")
        several = (grouped["begun"].transform("max") != grouped["begun"].transform("min")).to_numpy()
        if several.any():
            at = positions(several)
            raise DataProblem("several_starts", column=start, rows=at, count=int(rows.loc[several, "person"].nunique()))
        last = grouped["time"].transform("max").to_numpy(dtype=float)
    return np.where(begun < last, begun, np.inf)


def _zero(people: FollowUp, start: str) -> pd.Series:
    """The day from which time runs, one a row."""
    column = people.protocol.time_zero
    found = people.column(column, copy=False) if column in people.covariates else None
    if found is None or not pd.api.types.is_datetime64_any_dtype(found) or people.unit != "days":
        raise DesignProblem("start_without_time_zero", column=start, column_zero=column)
    return found


def one_row_each(people: FollowUp) -> None:
    """Raises ``DesignProblem`` where somebody has several rows: what changes on the way is asked for as a start."""
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    if people.repeated:
        raise DesignProblem("one_row_each", count=len(people.array("time")) - people.persons)


def suspected_starts(people: FollowUp) -> tuple[str, ...]:
    """Columns that look like a start after time zero on which the arms were built: filled in one arm, empty elsewhere.

    Only dates are looked at, and only where the protocol's time zero is a date too.
    """
    arms, frame = people.protocol.arms, people.covariates
    zero = people.protocol.time_zero
    if arms is None or zero not in frame or not pd.api.types.is_datetime64_any_dtype(frame[zero]):
        return ()
    found = []
    codes, names = people.levels(arms.column)
    for column in frame.columns:
        if column in (zero, "start", "end") or not pd.api.types.is_datetime64_any_dtype(frame[column]):
            continue
        filled = frame[column].notna().to_numpy()
        share = [float(filled[codes == at].mean()) for at in range(len(names))]
        begun = start_times(people, str(column))
        late = np.isfinite(begun) & (begun > 0)
        if max(share) >= SHARE_FILLED and min(share) <= SHARE_EMPTY and late.any():
            found.append(str(column))
    return tuple(found)


def unit_text(unit: str) -> str | Text:
    """The follow-up's unit as a fact that can be said in any language."""
    if unit not in table("words"):
        return unit
    return Text(**{language: say("words", unit, language) for language in LANGUAGES})


def group_names(names: tuple[str, str] | None) -> tuple[str, str]:
    """What those who have not begun and those who have are called: the analyst's names, or the language's."""
    return names or (say("words", "group_not_begun"), say("words", "group_begun"))
