"""Do these extracts belong together: read on the same day, measured alike, and the same person written alike?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from navoutcomes.errors import DataProblem, door, named
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.columns.scales import same_scale
from navoutcomes.records.extract import Extract, announce
from navoutcomes.texts import Text

PREFIX = 12
SHARES = ("position_percent",)


@door
def check_together(*extracts: Extract) -> Log:
    """Do these extracts belong together, so that people may be followed from one to the other?

    Each is what ``nav.read`` gave. The log says on which days they were taken and how many pseudonyms of one are
    nearly, but not quite, those of another.

    Raises: ``DataProblem`` when two have the same content (the same file twice under two names), or measure a share on
    different scales. Warns: ``DataWarning`` for different days of extraction, and for pseudonyms that would be the same
    but for capital letters and zeros in front; nothing is changed.
    """
    notes: list[Note] = []
    for first, second in combinations(extracts, 2):
        _check_content(first, second)
        for name in SHARES:
            if all(name in one.headers and pd.api.types.is_numeric_dtype(one._frame[name]) for one in (first, second)):
                same_scale(first, second, name)
        notes += _nearly_the_same(first, second)
    log = Log((*_days(extracts), *notes))
    announce(log)
    return log


def _check_content(first: Extract, second: Extract) -> None:
    """The same bytes under two names are the same people twice."""
    twice = {sha for _, sha in first.origin.sources} & {sha for _, sha in second.origin.sources}
    if twice:
        raise DataProblem("files_the_same", files=_files((first, second)), prefix=min(twice)[:PREFIX])


def _days(extracts: Sequence[Extract]) -> list[Note]:
    days = [one.origin.cutoff for one in extracts]
    shown = [f"{day:%d.%m.%Y}" if day else Text("ukjent", "ukjend", "not known") for day in days]
    facts = {"files": _files(extracts), "days": shown}
    known = {day for day in days if day}
    if len(known) > 1 or (known and None in days):
        return [warning("extraction_dates_apart", **facts)]
    return [note("extraction_dates_alike", **facts)] if known else []


def _nearly_the_same(first: Extract, second: Extract) -> list[Note]:
    """Pseudonyms of the second that are in the first only when capital letters and zeros in front do not matter."""
    if not all("person" in one._frame for one in (first, second)):
        return []
    here, there = ({str(person) for person in one._frame["person"].dropna().unique()} for one in (first, second))
    folded = {_folded(person) for person in here}
    near = sum(_folded(person) in folded for person in there - here)
    return (
        [warning("ids_nearly_equal_across", files=_files((first, second)), count=near, total=len(there))]
        if near
        else []
    )


def _folded(person: str) -> str:
    return person.casefold().lstrip("0")


def _files(extracts: Sequence[Extract]) -> tuple[str, ...]:
    return tuple(f"«{named(', '.join(one.origin.names))}»" for one in extracts)
