"""Adjusted numbers by arm with everybody's pull on them, laid out as a table with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.adjusted.amounts import Amounts
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted
from navoutcomes.estimate.adjusted.spread import Spread
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.few_persons import FEWEST_PERSONS, small_groups
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import pointwise
from navoutcomes.notes import Log, Note, warning

NOTHING = (float("nan"), float("nan"))
MEASURES = {
    "": "risk",
    "survival": "restricted mean",
    "lost": "restricted mean time lost",
    "mean": "mean",
}


@dataclass(frozen=True)
class Estimates:
    """``value`` (A, T) by arm and time; ``pull`` (A, n, T) of each person on it, None where nobody asked."""

    value: Floats
    pull: Floats | None


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class AdjustedEffects(Result):
    """Numbers by arm, their differences and ratios, as if the arms had been alike in the terms; the unadjusted ones
    beside them.

    ``table`` has a row an arm and time (``adjusted risk``, ``adjusted restricted mean``, ...), and a row for the
    difference and the ratio of each arm against the reference; the same without ``adjusted`` are the numbers as they
    stand. ``target`` and ``population`` say of whom they speak; the error of a ratio is that of its logarithm.
    """

    target: str
    population: Note
    outcome: str
    area: str = ""
    replicates: int = 0
    pulls: Floats | None = field(default=None)
    basis: Basis | None = None
    amounts: tuple[Amounts, ...] = ()

    def measures(self) -> tuple[str, ...]:
        """The measures in the table, in order."""
        return tuple(dict.fromkeys(self._table["measure"]))


def rows_of(
    given: Adjusting, asked: Wanted, found: Estimates, spread: Spread, prefix: str
) -> tuple[list[dict[str, object]], Log]:
    """Rows for every arm, then difference and ratio of each against the reference, a time after the other.

    No limits of arms of fewer than three persons, nor of comparisons with a share of 0 or 1: it does not vary among
    those who are there, and its error of nothing would be taken for certainty.
    """
    name = f"{prefix}{MEASURES[asked.area]}"
    few, silent, told = _silent(given, asked, found)
    rows: list[dict[str, object]] = []
    for arm, group in enumerate(given.arms):
        for t, time in enumerate(asked.times):
            value = float(found.value[arm, t])
            error, z = spread.arm(found, arm, t)
            limits = NOTHING if few[arm] else spread.drawn(arm, None, t, *_limits(asked, value, error, z))
            rows.append(_row(given, asked, arm, group, name, time, value, error, limits))
    for arm, group in list(enumerate(given.arms))[1:]:
        for t, time in enumerate(asked.times):
            first, second = float(found.value[arm, t]), float(found.value[0, t])
            error, z = spread.difference(found, arm, t)
            low, high = first - second - z * error, first - second + z * error
            limits = NOTHING if silent[arm, t] else spread.drawn(arm, "difference", t, low, high)
            rows.append(_row(given, asked, arm, group, f"{name} difference", time, first - second, error, limits))
    for arm, group in list(enumerate(given.arms))[1:] if asked.area != "mean" else ():
        for t, time in enumerate(asked.times):
            first, second = float(found.value[arm, t]), float(found.value[0, t])
            ratio = first / second if min(first, second) > 0 else np.nan
            error, z = spread.ratio(found, arm, t)
            low, high = ratio * np.exp(-z * error), ratio * np.exp(z * error)
            limits = NOTHING if silent[arm, t] else spread.drawn(arm, "ratio", t, low, high)
            rows.append(_row(given, asked, arm, group, f"{name} ratio", time, ratio, error, limits))
    return rows, spread.findings + told


def _silent(given: Adjusting, asked: Wanted, found: Estimates) -> tuple[np.ndarray, np.ndarray, Log]:
    """Arms (A,) of few persons; arms and times (A, T) whose comparison with the reference has no limits; says so."""
    persons = {name: len(given.within(arm)) for arm, name in enumerate(given.arms)}
    few = np.array([number < FEWEST_PERSONS for number in persons.values()])
    # Weighted shares of everybody are one but for rounding.
    alike = (np.minimum(found.value, 1 - found.value) < 1e-9) & (asked.area == "")
    silent = alike | few[:, None]
    told = small_groups(persons)
    named = [given.arms[int(arm)] for arm in np.flatnonzero(alike.any(axis=1))]
    if named:
        told = told + warning("arm_without_spread", group=named)
    return few, silent | silent[0], told


def _limits(asked: Wanted, value: float, error: float, z: float) -> tuple[float, float]:
    """Of a share log(-log(1 - share)), of a mean plain; nothing where a share is 0 or 1."""
    if asked.area:
        return value - z * error, value + z * error
    low, high = pointwise("cloglog", np.array([value]), np.array([error]), z)
    return float(low[0]), float(high[0])


def _row(
    given: Adjusting,
    asked: Wanted,
    arm: int,
    group: str,
    measure: str,
    time: float,
    value: float,
    error: float,
    limits: tuple[float, float],
) -> dict[str, object]:
    rows = given.within(arm)
    seen, cause = given.followed, given.followed.cause[rows]
    ended = (cause >= 0) if asked.cause is None else cause == asked.cause
    by_then = seen.time[seen.leave[rows]] <= time * (1 + 1e-12)
    return {
        "group": group,
        "cause": asked.name,
        "measure": measure,
        "time": time,
        "estimate": value,
        "std_error": error,
        "conf_low": limits[0],
        "conf_high": limits[1],
        "at_risk": float(len(rows)),
        "events": float((ended & by_then).sum()),
    }


def table_of(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The rows in the vocabulary, without a column of endings where there is none."""
    frame = pd.DataFrame(rows)
    return tidy(frame.drop(columns=[name for name in ("cause",) if (frame[name] == "").all()]))


def check_errors(errors: str | None, known: tuple[str, ...]) -> None:
    """Raises ``DesignProblem`` for a rule that does not exist here."""
    if errors is not None and errors not in known:
        raise DesignProblem("errors_unknown", asked=str(errors), known=known)
