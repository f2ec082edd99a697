"""Rows of people, checked: what a frame must hold before anyone is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.notes import Log, note, warning

STANDARD = ("person", "arm", "entry", "time", "ending", "weight", "cluster", "strata")
RARE, COMMON = 0.05, 0.95
HEAVY, MANY_PERSONS = 0.4, 5


@dataclass(frozen=True)
class Roles:
    """Which columns of a frame play which part; None where no column does."""

    time: str
    ending: str
    entry: str | None = None
    person: str | None = None
    arm: str | None = None
    weight: str | None = None
    cluster: str | None = None
    strata: str | None = None

    def used(self) -> dict[str, str]:
        """Role -> column, for the roles that are played."""
        return {role: column for role in STANDARD if (column := getattr(self, role)) is not None}


def people(
    frame: pd.DataFrame,
    roles: Roles,
    outcome: str,
    endings: Mapping[Any, str | None] | None = None,
    censored: str | None = None,
) -> tuple[pd.DataFrame, tuple[str, ...], Log]:
    """Checked rows with the standard columns, the endings (outcome first), and what was remarked on the way.

    Raises: ``DataProblem`` naming column and row positions (counted from 0) for anything that cannot be counted.
    """
    absent = [column for column in roles.used().values() if column not in frame.columns]
    if absent:
        raise DataProblem("columns_missing", column=absent, columns_found=list(frame.columns), count=len(absent))
    for column in roles.used().values():
        check_once(frame, column)
    if len(frame) == 0:
        raise DataProblem("no_rows", columns_found=list(frame.columns))
    rows = pd.DataFrame(index=pd.RangeIndex(len(frame)))
    rows["time"] = numbers_in(frame, roles.time)
    rows["entry"] = np.nan if roles.entry is None else numbers_in(frame, roles.entry)
    words, names, log = _words(frame, roles.ending, outcome, endings, censored)
    rows["ending"] = words
    rows["weight"] = 1.0 if roles.weight is None else weights(frame, roles.weight)
    for role in ("person", "arm", "cluster", "strata"):
        column = getattr(roles, role)
        rows[role] = pd.NA if column is None else present(frame, column).to_numpy()
    _check_times(rows, roles)
    if roles.person is None:
        rows["person"] = np.arange(len(rows))
    else:
        _check_persons(rows, roles)
    empty = rows["weight"].to_numpy() == 0
    if empty.any():
        log += note("zero_weights", column=str(roles.weight), count=int(empty.sum()))
    if roles.weight is not None:
        log += remarks_on_weights(str(roles.weight), rows["weight"].to_numpy(dtype=float))
    return rows[list(STANDARD)], names, log


def remarks_on_weights(column: str, weight: np.ndarray) -> Log:
    """One person who is worth many, and weights that look like numbers of persons."""
    total, size = float(weight.sum()), len(weight)
    top, log = float(weight.max()) / total if total > 0 else 0.0, Log()
    if size >= MANY_PERSONS and top >= HEAVY:
        worth = round(total**2 / float(weight @ weight), 1)
        log += warning("weight_heavy", column=column, percent=round(100 * top), worth=worth, total=size)
    if (weight == np.floor(weight)).all() and (weight > 1).any():
        log += note("weights_whole", column=column)
    return log


def with_roles(
    rows: pd.DataFrame, frame: pd.DataFrame, columns: Mapping[str, str | None], log: Log
) -> tuple[pd.DataFrame, Log]:
    """The columns cluster, weight and strata, checked as ``from_frame`` does; who weighs nothing is not counted."""
    kept = frame.loc[rows.index]
    for role in ("cluster", "strata"):
        column = columns.get(role)
        rows[role] = pd.NA if column is None else present(kept, column).to_numpy()
    column = columns.get("weight")
    rows["weight"] = 1.0 if column is None else weights(kept, column)
    empty = rows["weight"] == 0
    if empty.any():
        log += note("zero_weights", column=str(column), count=int(empty.sum()))
    return rows[~empty], log


def positions(bad: Any) -> list[int]:
    """Row positions, counted from 0, where something holds; a series tells its own positions by its index."""
    if isinstance(bad, pd.Series):
        return sorted(int(at) for at in bad.index[bad])
    return [int(at) for at in np.flatnonzero(np.asarray(bad))]


def common(words: Mapping[str, float]) -> list[str]:
    """Words of a column that may be printed, from word -> number of rows: those that more than one row holds.

    The others are only counted, as ``(+3)``: a column of names given by mistake must not be printed. Two words or fewer
    are what a column of groups or endings holds, and stand.
    """
    shown = [word for word, number in words.items() if number > 1 or len(words) <= 2]
    rest = len(words) - len(shown)
    return [*shown, f"(+{rest})"] if rest else shown


def check_once(frame: pd.DataFrame, column: str) -> None:
    """Raises ``DataProblem`` for a column that is there twice."""
    times = int((frame.columns == column).sum())
    if times > 1:
        raise DataProblem("column_twice", column=column, count=times)


def numbers_in(frame: pd.DataFrame, column: str) -> np.ndarray:
    """A column as finite numbers, time spans as days. Raises ``DataProblem`` naming the rows of anything else."""
    values, kind = frame[column], pd.api.types
    if kind.is_timedelta64_dtype(values):
        values = values.dt.total_seconds() / 86_400
    if kind.is_datetime64_any_dtype(values) or kind.is_bool_dtype(values) or kind.is_complex_dtype(values):
        numbers = np.full(len(values), np.nan)
    else:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise DataProblem("not_a_number", column=column, rows=positions(bad), count=int(bad.sum()), total=len(frame))
    return numbers


def weights(frame: pd.DataFrame, column: str) -> np.ndarray:
    """The weights in a column, zero or larger. Raises ``DataProblem`` naming the rows of others."""
    weight = numbers_in(frame, column)
    if (weight < 0).any():
        bad = weight < 0
        raise DataProblem(
            "negative_weights", column=column, rows=positions(bad), count=int(bad.sum()), total=len(frame)
        )
    return weight


def present(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column without empty cells. Raises ``DataProblem`` naming the rows of those."""
    values = frame[column]
    bad = values.isna().to_numpy()
    if bad.any():
        raise DataProblem("cells_empty", column=column, rows=positions(bad), count=int(bad.sum()), total=len(frame))
    return values


def _words(
    frame: pd.DataFrame, column: str, outcome: str, endings: Mapping[Any, str | None] | None, censored: str | None
) -> tuple[pd.Categorical, tuple[str, ...], Log]:
    values, log = frame[column], Log()
    declared = endings is not None
    if endings is None:
        endings, log = _implied(values, column, outcome, censored)
    codes, found = pd.factorize(values, use_na_sentinel=False)
    distinct = pd.Series(found)
    known = (distinct.isin(list(endings)) | (distinct.isna() & any(pd.isna(key) for key in endings))).to_numpy()
    if not known.all():
        bad = ~known[codes]
        raise DataProblem("endings_unknown", column=column, rows=positions(bad), count=int(bad.sum()), total=len(frame))
    named = [word for word in endings.values() if word is not None]
    if outcome not in named:
        times = values.value_counts()
        number = {word: 2 if declared else int(times[word]) for word in sorted(set(named))}
        raise DesignProblem("outcome_not_among_endings", column=column, outcome=outcome, endings=common(number))
    by_value = {None if pd.isna(key) else key: word for key, word in endings.items()}
    names = tuple(dict.fromkeys([outcome, *named]))
    words = [by_value[None if pd.isna(value) else value] for value in distinct]
    place = np.array([-1 if word is None else names.index(word) for word in words], dtype=np.int64)
    return pd.Categorical.from_codes(place[codes], dtype=pd.CategoricalDtype(list(names))), names, log  # type: ignore[arg-type]


def _implied(values: pd.Series, column: str, outcome: str, censored: str | None) -> tuple[dict[Any, str | None], Log]:
    """What endings mean when nobody declared them: words stand for themselves, 0 and 1 for not and yes."""
    seen = list(pd.unique(values))
    if all(isinstance(value, str) or pd.isna(value) for value in seen):
        if censored is None and not values.isna().any():
            raise DesignProblem("censored_word_needed", column=column, count=len(seen))
        return {value: None if pd.isna(value) or value == censored else value for value in seen}, Log()
    bad = values.isna() | ~values.isin([0, 1])
    if bad.any():
        raise DesignProblem("endings_needed", column=column, rows=positions(bad), count=int(bad.sum()))
    share = float((values == 1).mean())
    log = Log()
    if not RARE <= share <= COMMON and len(values) >= 1 / RARE:
        log += warning("endings_not_declared", column=column, percent=round(100 * share))
    return {0: None, 1: outcome}, log


def _check_times(rows: pd.DataFrame, roles: Roles) -> None:
    time, entry = rows["time"].to_numpy(), rows["entry"].to_numpy()
    if (time < 0).any():
        bad = time < 0
        raise DataProblem(
            "negative_time", column=roles.time, rows=positions(bad), count=int(bad.sum()), total=len(rows)
        )
    if roles.entry is not None and (entry >= time).any():
        bad = entry >= time
        raise DataProblem(
            "entry_not_before_exit",
            column_entry=roles.entry,
            column_time=roles.time,
            rows=positions(bad),
            count=int(bad.sum()),
            total=len(rows),
        )


def _check_persons(rows: pd.DataFrame, roles: Roles) -> None:
    """Several rows of a person are disjoint intervals, and only the last may end with an ending."""
    repeated = rows["person"].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return
    if roles.entry is None:
        raise DataProblem(
            "person_repeated", column=str(roles.person), rows=positions(repeated), count=int(repeated.sum())
        )
    order = rows.loc[repeated].sort_values(["person", "entry"], kind="stable")
    same = order["person"].to_numpy()[1:] == order["person"].to_numpy()[:-1]
    overlap = same & (order["entry"].to_numpy()[1:] < order["time"].to_numpy()[:-1])
    early = same & order["ending"].notna().to_numpy()[:-1]
    for bad, key in ((overlap, "intervals_overlap"), (early, "ended_twice")):
        if bad.any():
            at = sorted(int(order.index[1:][int(place)]) for place in np.flatnonzero(bad))
            raise DataProblem(key, column=str(roles.person), rows=at, count=len(at))


def named(level: object) -> str:
    """A level of a column as a word: 1.0 is "1"."""
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)
