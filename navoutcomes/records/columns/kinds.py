"""Of which kind is each column, and what does it hold?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from navoutcomes.notes import warning
from navoutcomes.records.columns.categories import tidied
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.columns.dates import date_like, read_dates
from navoutcomes.records.columns.missing import set_aside
from navoutcomes.records.columns.numbers import number_like, read_numbers
from navoutcomes.records.columns.words import read_flags, read_ids, read_words
from navoutcomes.records.rules import Rules
from navoutcomes.records.sources.cells import DATE, NUMBER, TRUTH, Cells, Mask, Parsed, without_apostrophe

EARLIEST = "1800-01-01"
MANY = 0.5


@dataclass(frozen=True)
class Source:
    """What of the file decides how cells are read: whether it is a spreadsheet, and its day 0."""

    workbook: bool
    from_1904: bool
    blank_id: str


def read_column(cells: Cells, column: Column, rules: Rules, source: Source) -> Parsed:
    """Read a column whose kind is known."""
    if column.kind == "date":
        return read_dates(cells, column, rules, workbook=source.workbook, from_1904=source.from_1904)
    if column.kind in ("number", "integer"):
        return read_numbers(cells, column, rules)
    if column.kind == "id":
        return read_ids(cells, column, rules, source.blank_id)
    if column.kind == "word" and not column.values:
        words, notes, problem = tidied(cells, column, ~cells.blank)
        parsed = read_words(replace(cells, distinct=words), column, rules)
        return replace(parsed, notes=(*notes, *parsed.notes), problem=parsed.problem or problem)
    return (read_flags if column.kind == "flag" else read_words)(cells, column, rules)


def guessed(cells: Cells, rules: Rules) -> tuple[Column, tuple[Any, ...]]:
    """The kind of a column nobody declared: date or number when every cell has that form, flag for true and false
    cells, otherwise words. A column where most but not all cells are dates or numbers is kept as words, with a warning.
    """
    plain = Column(cells.header, "word", required=False)
    cells, _ = without_apostrophe(cells)
    live = set_aside(cells, plain, rules).live
    if not live.any():
        return plain, ()
    if (cells.native[live] == TRUTH).all():
        return Column(cells.header, "flag", required=False), ()
    dates = live & ((cells.native == DATE) | date_like(cells, live & (cells.native != NUMBER), rules, cells.header))
    if dates[live].all():
        return Column(cells.header, "date", low=EARLIEST, required=False), ()
    numbers = number_like(cells, live)
    if numbers[live].all():
        whole = np.fromiter((text.lstrip("+-").isdigit() for text in cells.distinct[live]), np.bool_).all()
        return Column(cells.header, "integer" if whole else "number", required=False), ()
    return plain, _mixed(cells, live, dates, numbers)


def _mixed(cells: Cells, live: Mask, dates: Mask, numbers: Mask) -> tuple[Any, ...]:
    counts = {"count_dates": cells.count(dates), "count_numbers": cells.count(numbers), "total": cells.count(live)}
    if max(counts["count_dates"], counts["count_numbers"]) <= MANY * counts["total"]:
        return ()
    return (warning("column_mixed_kept_as_words", column=cells.header, **counts),)
