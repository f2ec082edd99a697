"""Does a weight of 3 stand for three persons, or for one who counts for three? The errors differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.design.people import numbers_in, positions
from navoutcomes.errors import DataProblem, DesignProblem

SAMPLING, FREQUENCY = TYPES = ("sampling", "frequency")
MOST = 50_000_000


def by_type(
    frame: pd.DataFrame, column: str | None, weight_type: str | None, person: str | None
) -> tuple[pd.DataFrame, str | None]:
    """The rows and the column of weights that is left: none where weights were numbers of persons."""
    check_weight_type(frame, column, weight_type)
    if column is None or weight_type != FREQUENCY or column not in frame:
        return frame, column
    return repeated(frame, column, person), None


def check_weight_type(
    frame: pd.DataFrame, column: str | None, weight_type: str | None, known: tuple[str, ...] = TYPES
) -> None:
    """Raises ``DesignProblem`` for a type there is none of, and for a column of whole numbers without one."""
    if weight_type is not None and (weight_type not in known or column is None):
        raise DesignProblem("choice_unknown", asked=str(weight_type), known=known)
    if column is None or weight_type is not None or column not in frame or (frame.columns == column).sum() > 1:
        return
    if not pd.api.types.is_integer_dtype(frame[column]):
        return
    weight = frame[column].dropna()
    if (weight > 1).any() and (weight >= 0).all():
        largest, total = int(weight.max()), len(frame)
        raise DesignProblem("weight_type_needed", column=column, largest=largest, total=total)


def repeated(frame: pd.DataFrame, column: str, person: str | None) -> pd.DataFrame:
    """As many rows as the column counts, each a person of its own.

    Raises: ``DataProblem`` for numbers that are no counts, ``DesignProblem`` for more rows than can be held.
    """
    weight = numbers_in(frame, column)
    bad = (weight < 0) | (weight != np.floor(weight))
    if bad.any():
        raise DataProblem("frequencies_not_whole", column=column, rows=positions(bad), count=int(bad.sum()))
    if weight.sum() > MOST:
        raise DesignProblem("frequencies_too_many", column=column, most=MOST)
    times = weight.astype(np.int64)
    made = frame.reset_index(drop=True).loc[np.repeat(np.arange(len(frame)), times)].reset_index(drop=True)
    if person is not None and person in made:
        first = np.repeat(np.cumsum(times) - times, times)
        copy = np.arange(len(made)) - first
        made[person] = [f"{one} {number}" if number else one for one, number in zip(made[person], copy, strict=True)]
    return made
