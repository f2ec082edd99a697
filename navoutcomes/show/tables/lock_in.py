"""The difference from the first day as a table that fits a page: a row a month, and not every month."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.estimate.emulation.lock_in import MONTHS, LockIn
from navoutcomes.estimate.result import lines
from navoutcomes.show.numbers import level_text, number, span
from navoutcomes.show.words import group_name, time_phrase, unit_name, word

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]
EVERY = 6
DIFFERENCE = "risk difference"


def lock_in(result: LockIn, _: object, language: str) -> Printed:
    """Share and net time beside each other, in months, at those that tell the course; the files have them all."""
    table = result.table
    shares, net = (table[one] for one in _halves(table))
    groups = list(dict.fromkeys(shares["group"]))
    interval = word("col_interval", language, level=level_text(result.level))
    points = f"{word('measure_risk_difference', language)} ({word('measure_points', language)})"
    per = MONTHS.get(result.unit, 1.0)
    unit = "months" if result.unit in MONTHS else result.unit
    net_head = word("lock_in_col_net", language, unit=unit_name(unit, language))
    heads = [word("col_comparison", language)] if len(groups) > 1 else []
    heads += [
        word("col_time", language),
        points,
        interval,
        net_head,
        interval,
    ]
    rows: list[tuple[str, ...]] = []
    for group in groups:
        own = shares[shares["group"] == group].reset_index(drop=True)
        area = net[net["group"] == group].set_index("time")
        names = [group_name(one, language) for one in (group, str(result.reference))]
        against = [f" {word('against', language)} ".join(names)] if len(groups) > 1 else []
        for row in lines(own.iloc[list(told(own, result.unit))]):
            beside = area.loc[row.time]
            cells = [time_phrase(round(row.time / per, 1), unit, language), number(100 * row.estimate, language)]
            cells.append(_limits(row.conf_low, row.conf_high, language, 1, 100.0))
            cells.append(number(beside["estimate"] / per, language, 2))
            cells.append(_limits(beside["conf_low"], beside["conf_high"], language, 2, 1 / per))
            rows.append((*against, *cells))
    return heads, rows, [False] * (len(heads) - 4) + [True] * 4


def shown(result: LockIn, language: str) -> str:
    """Which months are printed; empty where all are."""
    table = result.table
    shares = table[_halves(table)[0]]
    own = shares[shares["group"] == shares["group"].iloc[0]].reset_index(drop=True)
    few = told(own, result.unit)
    return "" if len(few) == len(own) else word("lock_in_rows", language, shown=len(few), all=len(own))


def told(own: pd.DataFrame, unit: str) -> Sequence[int]:
    """Positions of the first and the last month, every sixth, and those where the printed difference changes sign."""
    months = (own["time"] / MONTHS.get(unit, 1.0)).round(2).to_numpy()
    sign = np.sign(own["estimate"].mul(100).round(1).to_numpy())
    kept, before = {0, len(own) - 1}, 0.0
    for place, (month, now) in enumerate(zip(months, sign, strict=True)):
        if month % EVERY == 0 or (before * now < 0):
            kept.add(place)
        before = now if now else before
    return sorted(kept)


def _halves(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    points = table["measure"] == DIFFERENCE
    return points, ~points


def _limits(low: float, high: float, language: str, digits: int, scale: float = 1.0) -> str:
    return " " if isnan(low) or isnan(high) else span(low, high, language, digits, scale)


PRINTERS: dict[type, Any] = {LockIn: lock_in}
