"""Was what is adjusted for measured before people were followed, or on the way?"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import positions
from navoutcomes.errors import DesignProblem

BEFORE = ("date", "dateof", "dato", "datofor", "datefor")
AFTER = ("date", "dato", "datoen", "measured", "measuredon", "målt", "måltdato", "registrert", "registeredon")


def refuse_measured_late(people: FollowUp, columns: Iterable[str]) -> None:
    """Stop where a column has a date of its own that lies after its row's entry.

    The date of ``wage`` is a column called so with a word for a date: ``wage_date``, ``Dato for wage``. It holds dates
    (then the protocol's time zero is a column of dates too) or time from time zero in the follow-up's unit.
    Raises: ``DesignProblem`` with the share of rows that were measured late.
    """
    by_name = {_letters(str(name)): str(name) for name in people.covariates.columns}
    for column in dict.fromkeys(columns):
        own = _letters(column)
        named = [*(f"{own}{word}" for word in AFTER), *(f"{word}{own}" for word in BEFORE)]
        dated = next((by_name[name] for name in named if name in by_name), None)
        late = None if dated is None else _late(people, dated)
        if late is not None and late.any():
            count, total = int(late.sum()), len(late)
            raise DesignProblem(
                "measured_after_entry", column=column, column_date=dated, rows=positions(late), count=count,
                total=total, percent=round(100 * count / total),
            )  # fmt: skip


def _late(people: FollowUp, dated: str) -> np.ndarray | None:
    """Which rows were measured after their entry; None where the column holds no times."""
    values, zero = people.column(dated, copy=False), people.protocol.time_zero
    entry = np.nan_to_num(people.array("entry"), nan=0.0)
    if pd.api.types.is_datetime64_any_dtype(values):
        if people.unit != "days" or zero not in people.covariates:
            return None
        began = people.column(zero, copy=False)
        if not pd.api.types.is_datetime64_any_dtype(began):
            return None
        days = (values - began).dt.total_seconds().to_numpy() / 86_400
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        days = values.to_numpy(dtype=float, na_value=np.nan)
    else:
        return None
    return np.asarray(days > entry)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
