"""Which arm a person belongs to at time zero, and what to do with those who are in two."""

from __future__ import annotations

import pandas as pd

from navoutcomes.design.empty_levels import empty_levels
from navoutcomes.design.people import common
from navoutcomes.design.protocol import Protocol
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.notes import Log, warning


def person_arms(frame: pd.DataFrame, protocol: Protocol, crossover: str, log: Log) -> tuple[pd.DataFrame, Log]:
    """Eligible spells with one arm a person, or a refusal.

    Raises: ``DesignProblem`` when a person has spells in two arms at once (which arm counts cannot be read from the
    data), or in two arms one after the other unless ``crossover`` says how they count; also when the reference arm is
    absent.
    """
    if protocol.arms is None:
        return frame, log
    column = protocol.arms.column
    empty = frame[column].isna()
    if empty.any():
        at = [int(one) for one in frame.index[empty]]
        raise DataProblem("cells_empty", column=column, rows=at, count=int(empty.sum()), total=len(frame))
    number = {str(word): int(times) for word, times in frame[column].astype(str).value_counts().sort_index().items()}
    levels = common(number)
    if protocol.arms.reference not in number:
        raise DesignProblem("reference_absent", column=column, reference=protocol.arms.reference, levels=levels)
    log += empty_levels(frame, (column,), protocol.arms).notes
    several = frame.groupby("person")[column].transform("nunique") > 1
    if not several.any():
        return frame, log
    mixed = frame[several].sort_values(["person", "start"], kind="stable")
    before = mixed.shift()
    overlap = (
        (mixed["person"] == before["person"])
        & (mixed[column] != before[column])
        & (before["end"].isna() | (mixed["start"] < before["end"]))
    )
    if overlap.any():
        persons = int(mixed.loc[overlap, "person"].nunique())
        raise DesignProblem("arms_overlap", column=column, count=persons, levels=levels)
    persons = int(mixed["person"].nunique())
    if crossover == "error":
        raise DesignProblem("in_two_arms", column=column, count=persons, levels=levels)
    return frame, log + warning(f"crossover_{crossover}", column=column, count=persons)
