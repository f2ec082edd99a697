"""Which number does each cell of a number column hold?"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.columns.missing import set_aside
from navoutcomes.records.columns.number_forms import Written, large_units, take_apart
from navoutcomes.records.columns.number_signs import DECIMAL, GROUP, Signs, canonical, signs_of, undecided
from navoutcomes.records.rules import Rules, chosen
from navoutcomes.records.sources.cells import NUMBER, Cells, Mask, Parsed, matches, shapes, without_apostrophe

EXACT = 2**53
_BEGINS = re.compile(r"(?=.{1,40}$)(?:kr\.?|nok|kroner)?[\W_]*\d.*", re.IGNORECASE)


PER_CENT, BOTH = ("position_percent",), 0.05


def read_numbers(cells: Cells, column: Column, rules: Rules) -> Parsed:
    """Read a column of numbers written the Norwegian way: decimal comma, spaces between thousands.

    ``decimal`` and ``thousands`` of the rules decide otherwise. The result is float64 for the kind number (missing is
    nan) and Int64 for integer, in row order; the problem is the first that makes the column unreadable.
    """
    cells, marked = without_apostrophe(cells)
    aside = set_aside(cells, column, rules)
    if aside.problem:
        return Parsed(problem=aside.problem)
    live = aside.live
    written = take_apart(cells, live)
    decimal, thousands = (chosen(option, column.name, cells.header) for option in (rules.decimal, rules.thousands))
    signs = signs_of(written, decimal, thousands)
    named = decimal is not None or thousands is not None
    problem = _unreadable(cells, live, written) or undecided(cells, written, signs, named)
    if problem:
        return Parsed(problem=problem)
    numbers = _numbers(cells, live, written, signs)
    problem = _two_scales(cells, numbers, column) or _beyond(cells, live, numbers, column)
    notes = list(aside.notes)
    if marked.any():
        notes.append(note("apostrophes_removed", column=cells.header, count=cells.count(marked)))
    notes += _remarks(cells, written, signs)
    values = pd.Series(numbers[cells.codes])
    integer = column.kind == "integer" and problem is None
    return Parsed(values.astype("Int64") if integer else values, tuple(notes), problem)


def number_like(cells: Cells, live: Mask) -> Mask:
    """Which cells have the form of a number, in whatever unit, and not of a code with leading zeros?"""
    native = cells.native == NUMBER
    asked = live & (native | (matches(cells, _BEGINS) & ~matches(cells, r"0\d.*|\d{16,}")))
    return np.asarray(take_apart(cells, asked).readable | large_units(cells, asked), dtype=np.bool_)


def _unreadable(cells: Cells, live: Mask, written: Written) -> DataProblem | None:
    """Is there a cell that is no number, or a number in another unit than its neighbours?"""
    unread = live & ~written.readable
    large = large_units(cells, unread)
    if large.any():
        return DataProblem("numbers_in_millions", **cells.found(large))
    if unread.any():
        return DataProblem("numbers_unreadable", shapes=shapes(cells, unread), **cells.found(unread))
    shares = live & ~written.percent
    if written.percent.any() and shares.any():
        percents = cells.count(written.percent)
        return DataProblem("numbers_percent_mixed", count_percent=percents, **cells.found(shares))
    return None


def _two_scales(cells: Cells, numbers: NDArray[np.float64], column: Column) -> DataProblem | None:
    """Is a column of per cent written as 0 to 1 in some rows and as 0 to 100 in others?"""
    if column.name not in PER_CENT:
        return None
    shares, wholes = (numbers > 0) & (numbers < 1), numbers > 1
    few, many = sorted((cells.count(shares), cells.count(wholes)))
    if few < BOTH * (few + many) or not few:
        return None
    return DataProblem("numbers_on_two_scales", count_wholes=cells.count(wholes), **cells.found(shares))


def _numbers(cells: Cells, live: Mask, written: Written, signs: Signs) -> NDArray[np.float64]:
    """The distinct cells as numbers, nan where there is nothing to read. Shapes: (k,)."""
    plain = canonical(written, signs).to_numpy(dtype=object).copy()
    plain[written.native] = cells.distinct[written.native]
    plain[~live] = "nan"
    numbers = plain.astype(np.float64)
    return np.asarray(np.where(written.negative, -numbers, numbers), dtype=np.float64)


def _beyond(cells: Cells, live: Mask, numbers: NDArray[np.float64], column: Column) -> DataProblem | None:
    """Are there numbers that are not whole where they must be, or outside the column's limits?"""
    endless = live & ~np.isfinite(numbers)
    if endless.any():
        return DataProblem("numbers_unreadable", shapes=shapes(cells, endless), **cells.found(endless))
    broken = live & ~((numbers == np.floor(numbers)) & (np.abs(numbers) <= EXACT))
    if column.kind == "integer" and broken.any():
        return DataProblem("numbers_not_whole", **cells.found(broken))
    low, high = (None if limit is None else float(str(limit)) for limit in (column.low, column.high))
    inside = (numbers >= (-np.inf if low is None else low)) & (numbers <= (np.inf if high is None else high))
    outside = live & ~inside
    if outside.any():
        facts = {"low": "−∞" if low is None else low, "high": "∞" if high is None else high}
        return DataProblem("numbers_outside_limits", **facts, **cells.found(outside))
    return None


def _remarks(cells: Cells, written: Written, signs: Signs) -> list[Note]:
    """Which signs were read as what, and what was taken away."""
    form = written.form
    dotted = written.body.str.contains(".", regex=False).to_numpy(np.bool_)
    commaed = written.body.str.contains(",", regex=False).to_numpy(np.bool_)
    commas = commaed & (signs.comma == DECIMAL)
    dots = dotted & (signs.dot == DECIMAL)
    groups_of_dots = dotted & (signs.dot == GROUP)
    groups = form["spaced"] | (commaed & (signs.comma == GROUP))
    found: tuple[tuple[Any, str, Mask], ...] = (
        (note, "numbers_decimal_comma", commas),
        (note, "numbers_decimal_dot", dots),
        (note, "numbers_grouped", groups),
        (warning, "numbers_dots_grouped", groups_of_dots),
        (warning, "numbers_currency_removed", written.currency),
        (warning, "numbers_minus_repaired", written.odd_minus),
        (warning, "numbers_percent_removed", written.percent),
        (warning, "numbers_with_power", form["power"]),
    )
    notes = [made(key, column=cells.header, count=cells.count(mask)) for made, key, mask in found if mask.any()]
    if commas.any() and dots.any():
        counts = {"count_comma": cells.count(commas), "count_dot": cells.count(dots)}
        notes.append(warning("numbers_mixed_signs", column=cells.header, **counts))
    return notes
