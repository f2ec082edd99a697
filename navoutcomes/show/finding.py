"""The finding in words, from the numbers of a result: what a title says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.result import Curves, lines
from navoutcomes.show.adjusted import adjusted_first
from navoutcomes.show.numbers import count, number
from navoutcomes.show.words import group_name, left_for, time_phrase, word


def times_to_show(result: Curves, at: float | Sequence[float] | None) -> tuple[float, ...]:
    """The times asked for, in the follow-up's own unit; without any, a year where there is one, else the last time."""
    if at is not None:
        return tuple(float(one) for one in np.atleast_1d(np.asarray(at, dtype=float)))
    year = {"days": 365.0, "weeks": 52.0, "months": 12.0, "years": 1.0}
    own = {None: result.unit}.get(result.counts.months_per_unit, _own_unit(result.counts.months_per_unit))
    last = float(result.table["time"].max())
    wanted = year.get(own, last)
    reached = float(result.counts.clock(wanted)[0]) <= last
    return (wanted if reached else _back(result, last),)


def _own_unit(months_per_unit: float | None) -> str:
    known = {"days": 1 / 30.4375, "weeks": 7 / 30.4375, "months": 1.0, "years": 12.0}
    return next((unit for unit, value in known.items() if abs(value - (months_per_unit or 0)) < 1e-9), "")


def _back(result: Curves, last: float) -> float:
    per = result.counts.months_per_unit
    return last if per is None else np.floor(last / per)


def one_cause(result: Curves, cause: str | None, at: float) -> pd.DataFrame:
    """One row a group at one time, for one cause (None: any ending)."""
    rows = result.at(at)
    return rows if cause is None else rows[rows["cause"] == cause].reset_index(drop=True)


def of_hundred(share: float, language: str) -> str:
    """21 of 100; fewer than one or more than 99 of 100 keep a decimal."""
    digits = 0 if 0.01 <= share <= 0.99 or share in (0, 1) else 1
    return word("of_hundred", language, number=number(100 * share, language, digits))


def finding(result: Curves, cause: str | None, at: float, language: str) -> str:
    """After a year 21 of 100 had gone into work; by group where there are several. Adjusted shares say so first."""
    return adjusted_first(_finding(result, cause, at, language), result, language)


def _finding(result: Curves, cause: str | None, at: float, language: str) -> str:
    rows = one_cause(result, cause, at)
    rows = rows[rows["estimate"].notna()]
    if rows.empty:
        return word("result_" + type(result).__name__, language)
    when = time_phrase(float(rows["time"].iloc[0]), result.unit, language)
    incidence = isinstance(result, IncidenceCurves) and cause is not None
    what = left_for(str(cause), language) if incidence else word("not_left", language)
    if len(rows) == 1:
        share = of_hundred(float(rows["estimate"].iloc[0]), language)
        return word("finding_one", language, time=when, share=share, what=what)
    parts = [
        word(
            "finding_in_group",
            language,
            share=of_hundred(row.estimate, language),
            group=group_name(row.group, language),
        )
        for row in lines(rows)
    ]
    return word("finding_several", language, time=when, what=what, groups=joined(parts, language))


def people_line(result: Curves, language: str) -> str:
    """How many persons, by group where there are several."""
    counts = result.counts
    groups = [(group_name(name, language), count(counts.persons(name), language)) for name in counts.groups]
    if len(groups) == 1:
        return word("people_size", language, persons=groups[0][1])
    return "; ".join(word("group_size", language, group=name, persons=number) for name, number in groups)


def joined(parts: Sequence[str], language: str) -> str:
    """a, b and c."""
    parts = list(parts)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word('and', language)} {parts[-1]}"
