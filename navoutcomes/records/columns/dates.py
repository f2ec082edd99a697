"""Which calendar date does each cell of a date column name? And how old is somebody on a date?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.columns.date_forms import NO_DATE, Written, days, possible, take_apart
from navoutcomes.records.columns.date_limits import Limits, limits_of, sift
from navoutcomes.records.columns.missing import set_aside
from navoutcomes.records.rules import Rules, chosen
from navoutcomes.records.sources.cells import (
    DATE,
    NUMBER,
    Cells,
    Mask,
    Parsed,
    matches,
    shapes,
    texts,
    without_apostrophe,
)
from navoutcomes.texts import Text

Found: TypeAlias = tuple[NDArray[np.datetime64] | None, list[Note], DataProblem | None]
_BEGINS = re.compile(r"\d{1,4}[-./]\s*\d{1,2}[-./].*|\d{1,2}\.?[\s-]*[^\W\d]{3}.*|[^\W\d]{3,9}\.?\s*\d.*", re.DOTALL)
SERIALS = (20000, 60000)
SERIAL_ZERO = np.datetime64("1899-12-30", "D")
SERIAL_ZERO_1904 = np.datetime64("1904-01-01", "D")


def read_dates(
    cells: Cells, column: Column, rules: Rules, *, workbook: bool = False, from_1904: bool = False
) -> Parsed:
    """Read a column of dates, each cell by its own form; dd.mm.yyyy and yyyy-mm-dd need no help.

    ``workbook`` says the cells come from a spreadsheet, where whole numbers may be dates; ``from_1904`` that it counts
    days from 1904. The result holds dates as datetime64[s], in row order; the problem, if any, is the first that makes
    the column unreadable.
    """
    cells, marked = without_apostrophe(cells)
    aside = set_aside(cells, column, rules)
    if aside.problem:
        return Parsed(problem=aside.problem)
    notes = list(aside.notes)
    if marked.any():
        notes.append(note("apostrophes_removed", column=cells.header, count=cells.count(marked)))
    limits = limits_of(column, rules)
    if _serial(cells, aside.live):
        found, more, problem = _from_serials(cells, aside.live, rules, workbook, from_1904)
    else:
        found, more, problem = _from_text(cells, aside.live, column, rules, limits)
    if found is None:
        return Parsed(problem=problem)
    found, extra, problem = sift(found, cells, column, rules, limits)
    values: pd.Series[Any] = pd.Series(found.astype("datetime64[s]")[cells.codes])
    return Parsed(values, tuple(notes + more + extra), problem)


def date_like(cells: Cells, live: Mask, rules: Rules, name: str) -> Mask:
    """Which cells have the form of a date and could be nothing else? Whole numbers could."""
    form = chosen(rules.date_format, name, cells.header)
    asked = live if form else live & matches(cells, _BEGINS)
    written = take_apart(texts(cells).where(asked, ""), form)
    return np.asarray(live & (written.form >= 0) & ~written.of("whole_number"), dtype=np.bool_)


def age(birth: date | pd.Series[Any], on: date | pd.Series[Any]) -> Any:
    """How many whole years old is somebody born on ``birth`` on the day ``on``?

    Somebody born on 29 February turns a year older on 1 March in years that are not leap years. Two dates give a whole
    number; a series of dates on either side gives a series of whole numbers, missing where a date is missing.

    Assumes: ``on`` is not before ``birth``; a negative age is returned as it is.
    """
    if not isinstance(birth, pd.Series) and not isinstance(on, pd.Series):
        return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    born, day = (value.dt if isinstance(value, pd.Series) else value for value in (birth, on))
    before: Any = (day.month * 100 + day.day) < (born.month * 100 + born.day)
    years: Any = day.year - born.year - before
    return years.astype("Int64")


def _serial(cells: Cells, live: Mask) -> bool:
    """Are all cells whole numbers as a spreadsheet counts days?"""
    whole = matches(cells, r"\d{5}(?:[.,]0+)?")
    if not live.any() or not whole[live].all():
        return False
    numbers = np.array([int(str(text)[:5]) for text in cells.distinct[live]])
    return bool((numbers >= SERIALS[0]).all() and (numbers <= SERIALS[1]).all())


def _from_serials(cells: Cells, live: Mask, rules: Rules, workbook: bool, from_1904: bool) -> Found:
    """Whole numbers as days since the spreadsheet's day 0, when the caller or the source says they are."""
    numbers = np.array([int(str(text)[:5]) for text in cells.distinct[live]])
    found = np.full(len(live), NO_DATE)
    found[live] = (SERIAL_ZERO_1904 if from_1904 else SERIAL_ZERO) + numbers.astype("timedelta64[D]")
    months = found[live].astype("datetime64[M]")
    facts = {
        "first": int(numbers.min() // 100 * 100),
        "last": int(-(-numbers.max() // 100) * 100),
        "first_month": str(months.min()),
        "last_month": str(months.max()),
    }
    native = bool((cells.native[live] == NUMBER).all())
    if not (rules.excel_serial or (workbook and native)):
        return None, [], DataProblem("dates_serial_numbers", **cells.found(live), **facts)
    return found, [warning("dates_from_serials", column=cells.header, count=cells.count(live), **facts)], None


def _from_text(cells: Cells, live: Mask, column: Column, rules: Rules, limits: Limits) -> Found:
    """Each cell by its own form; the first finding that leaves a date undecided is the problem."""
    written = take_apart(texts(cells).where(live, ""), chosen(rules.date_format, column.name, cells.header))
    unread = live & (written.form < 0)
    numbers = unread & matches(cells, r"[-−]?\d+(?:[.,]\d+)?")
    if numbers.any():
        return None, [], DataProblem("dates_are_numbers", **cells.found(numbers))
    if unread.any():
        return None, [], DataProblem("dates_unreadable", shapes=shapes(cells, unread), **cells.found(unread))
    problem = _order_unknown(cells, live, written)
    if problem:
        return None, [], problem
    years, unplaced = _placed(written, live, _pivot(column, cells.header, rules), limits)
    if unplaced.any():
        return None, [], DataProblem("dates_two_digit_year", name=column.name, **cells.found(unplaced))
    written = replace(written, year=years)
    wrong = live & ~possible(written)
    if wrong.any():
        return None, [], DataProblem("dates_impossible", **cells.found(wrong))
    return days(written, live), _remarks(cells, live, written), None


def _order_unknown(cells: Cells, live: Mask, written: Written) -> DataProblem | None:
    """Slashes and dashes do not say whether the day or the month comes first; a number above 12 does."""
    asked = live & written.of("order_open")
    day_first = asked & (written.day > 12) & (written.month <= 12)
    month_first = asked & (written.month > 12) & (written.day <= 12)
    facts = {"column": cells.header, "total": len(cells.codes), "heading": cells.heading}
    if day_first.any() and month_first.any():
        first, second = cells.where(day_first), cells.where(month_first)
        proofs = {"rows_day_first": first[:1], "rows_month_first": second[:1]}
        return DataProblem("dates_order_undecidable", count=cells.count(asked), **proofs, **facts)
    unsure = asked & (written.day <= 12) & (written.month <= 12) & (written.day != written.month)
    if month_first.any():
        known = {"proofs": cells.count(month_first), "rows": cells.where(month_first)}
        return DataProblem("dates_month_first", count=cells.count(unsure), **known, **facts)
    if unsure.any():
        return DataProblem("dates_order_ambiguous", count=cells.count(unsure), rows=cells.where(unsure), **facts)
    return None


def _placed(written: Written, live: Mask, pivot: int | None, limits: Limits) -> tuple[NDArray[np.int64], Mask]:
    """Years with the two-digit ones put in their century, and the cells whose century nobody has said.

    ``pivot`` is the last year a two-digit year can mean. Beside a month in letters, the limits may leave room for one
    century only.
    """
    years, short = written.year.copy(), live & written.two_digit
    if pivot is not None:
        years[short] = pivot - (pivot - years[short]) % 100
        return years, np.zeros_like(short)
    earliest, latest = (int(str(end)[:4]) for end in (limits.earliest, limits.latest))
    nearest = earliest + (years - earliest) % 100
    one_century = short & written.of("named") & (nearest <= latest) & (nearest + 100 > latest)
    years[one_century] = nearest[one_century]
    return years, short & ~one_century


def _pivot(column: Column, header: str, rules: Rules) -> int | None:
    """A pivot year for all columns is not used for dates of birth, which reach further back than spells."""
    if isinstance(rules.pivot_year, int) and column.name.startswith("birth"):
        return None
    pivot: int | None = chosen(rules.pivot_year, column.name, header)
    return pivot


def _remarks(cells: Cells, live: Mask, written: Written) -> list[Note]:
    """Which forms were read, and what was decided on the way."""
    notes: list[Note] = []
    used = [int(form) for form in np.unique(written.form[live])]
    if (cells.native[live] == DATE).all() and live.any():
        return [note("dates_native", column=cells.header, count=cells.count(live))]
    masks = {written.forms[form].name: live & (written.form == form) for form in used}
    if len(masks) == 1:
        name, mask = next(iter(masks.items()))
        notes.append(note("dates_read_as", column=cells.header, form=_said(name), count=cells.count(mask)))
    elif masks:
        forms = tuple(f"{name}: {cells.count(mask)} [{cells.where(mask)[0]}]" for name, mask in masks.items())
        notes.append(warning("dates_mixed_forms", column=cells.header, forms=forms))
    for key, mask in (
        ("dates_day_first", live & written.of("order_open")),
        ("dates_month_names", live & written.of("named")),
        ("dates_two_digit_placed", live & written.two_digit),
    ):
        if mask.any():
            notes.append(warning(key, column=cells.header, count=cells.count(mask)))
    zoned = live & np.isfinite(written.zone)
    for key, mask in (("dates_to_norwegian_time", zoned), ("times_dropped", live & ~zoned & (written.seconds > 0))):
        if mask.any():
            notes.append(note(key, column=cells.header, count=cells.count(mask)))
    return notes


def _said(form: str) -> Text:
    """A form of dates with the letters each language writes it with; one in percent signs is the analyst's own."""
    if "%" in form:
        return Text(form, form, form)
    norwegian = form.replace("y", "å")
    return Text(nb=norwegian.replace("month", "måned"), nn=norwegian.replace("month", "månad"), en=form)
