"""Who meets the protocol: each condition in turn, each with the number it costs."""

from __future__ import annotations

from datetime import date

import pandas as pd

from navoutcomes.design.flow import Flow
from navoutcomes.design.protocol import Between, OneOf
from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note


def eligible(spells: pd.DataFrame, conditions: tuple[Between | OneOf, ...], flow: Flow) -> tuple[pd.DataFrame, Flow]:
    """The spells that meet every condition, and the flow of persons with one step a condition.

    An empty cell does not meet a condition. Raises ``DataProblem`` for a column that is not there.
    """
    for condition in conditions:
        if condition.column not in spells.columns:
            found = list(spells.columns)
            raise DataProblem("columns_missing", column=[condition.column], columns_found=found, count=1)
        meets = _inside(spells[condition.column], condition)
        spells = spells[meets]
        flow = flow.then(_reason(condition), int(spells["person"].nunique()))
    return spells, flow


def _inside(values: pd.Series, condition: Between | OneOf) -> pd.Series:
    if isinstance(condition, OneOf):
        return values.isin(condition.words)
    meets = values.notna()
    for limit in (condition.low, condition.high):
        _check_kind(values, limit, condition.column)
    if condition.low is not None:
        meets &= values >= _bound(condition.low)
    if condition.high is not None:
        meets &= values <= _bound(condition.high)
    return meets


def _check_kind(values: pd.Series, limit: date | float | None, column: str) -> None:
    if isinstance(limit, date) and not pd.api.types.is_datetime64_any_dtype(values):
        raise DataProblem("column_not_dates", column=column)
    if limit is not None and not isinstance(limit, date) and not pd.api.types.is_numeric_dtype(values):
        at = [int(one) for one in values.index[values.notna()]]
        raise DataProblem("not_a_number", column=column, rows=at, count=len(at), total=len(values))


def _bound(limit: date | float) -> pd.Timestamp | float:
    return pd.Timestamp(limit) if isinstance(limit, date) else limit


def _reason(condition: Between | OneOf) -> Note:
    if condition.reason is not None:
        return note("flow_own_reason", reason=condition.reason)
    if isinstance(condition, OneOf):
        return note("flow_not_one_of", column=condition.column, words=condition.words)
    key = {(True, True): "flow_not_between", (True, False): "flow_not_from", (False, True): "flow_not_until"}
    kind = key.get((condition.low is not None, condition.high is not None), "flow_empty")
    return note(kind, column=condition.column, low=_shown(condition.low), high=_shown(condition.high))


def _shown(limit: date | float | None) -> str:
    if limit is None:
        return ""
    return limit.strftime("%d.%m.%Y") if isinstance(limit, date) else f"{limit:g}"
