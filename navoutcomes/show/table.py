"""A result as a printed table: words for codes, the language's numbers, one symbol for what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.curves.hazard import HazardCurves
from navoutcomes.estimate.emulation.lock_in import LockIn
from navoutcomes.estimate.evidence.meta_analysis import MetaAnalysis
from navoutcomes.estimate.result import Curves, Result, Row, lines
from navoutcomes.estimate.shares import Shares
from navoutcomes.release.released import Released
from navoutcomes.show.adjusted import PRINTERS as ADJUSTED
from navoutcomes.show.finding import times_to_show
from navoutcomes.show.lettering import one_line, text_cm
from navoutcomes.show.numbers import count, level_text, number, percent, span
from navoutcomes.show.studies import studies_rows
from navoutcomes.show.table_goals import PRINTERS as GOALS
from navoutcomes.show.tables.any import any_table, one_ending
from navoutcomes.show.tables.costs import PRINTERS as COSTS
from navoutcomes.show.tables.lock_in import PRINTERS as LOCK_IN
from navoutcomes.show.tables.lock_in import shown as months_shown
from navoutcomes.show.tables.means import PRINTERS as MEANS
from navoutcomes.show.tables.offices import PRINTERS as OFFICES
from navoutcomes.show.words import ending, group_name, language_of, opened, time_phrase, word

PAGE_CM = 16.0
TABLE_PT = 10.0
PADDING_CM = 0.45
SHORT = 16
# Word sets tables in Arial, which is wider than the face that is measured.
ARIAL = 1.12


@dataclass(frozen=True)
class PrintedTable:
    """Heads, rows of printed cells, notes. ``numeric`` says which columns stand on the right.

    In a notebook it shows itself as html; a document lays it out in its own way.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    notes: tuple[str, ...]
    language: str
    synthetic: bool = False

    def widths(self) -> list[float]:
        """Parts of the page's width for the columns; they add to one. Short columns get what they need, no word or
        number is broken where there is room for all of them, and the longest columns share the rest. An interval or a
        short name is one word where there is room for that too.
        """
        unbroken, least = self._least(SHORT), self._least(0)
        if sum(unbroken) <= PAGE_CM:
            least = unbroken
        needs = []
        for head, *cells in zip(self.heads, *self.rows, strict=True):
            whole = max([text_cm(cell, TABLE_PT) for cell in cells] + [text_cm(head, TABLE_PT, bold=True)])
            needs.append(whole * ARIAL + PADDING_CM)
        low, high = 0.0, PAGE_CM
        for _ in range(40):
            cap = (low + high) / 2
            given = [max(few, min(need, cap)) for few, need in zip(least, needs, strict=True)]
            low, high = (cap, high) if sum(given) <= PAGE_CM else (low, cap)
        return [round(one / sum(given), 4) for one in given]

    def _least(self, short: int) -> list[float]:
        """Centimetres in which every column's longest word has room; cells of up to ``short`` signs are one word."""
        least = []
        for head, *cells in zip(self.heads, *self.rows, strict=True):
            parts = [part for cell in cells for part in ([cell] if len(cell) <= short else cell.split(" "))]
            words = [text_cm(part, TABLE_PT) for part in parts]
            words += [text_cm(part, TABLE_PT, bold=True) for part in head.split(" ")]
            least.append(max(words) * ARIAL + PADDING_CM)
        return least

    def _repr_html_(self) -> str:
        heads = "".join(f"<th scope='col' style='text-align:{'right' if right else 'left'}'>{escape(head)}</th>"
                        for head, right in zip(self.heads, self.numeric, strict=True))  # fmt: skip
        body = "".join(
            "<tr>"
            + "".join(
                f"<td style='text-align:{'right' if right else 'left'}'>{escape(cell)}</td>"
                for cell, right in zip(row, self.numeric, strict=True)
            )
            + "</tr>"
            for row in self.rows
        )
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        return f"<table><caption>{escape(self.caption)}</caption><tr>{heads}</tr>{body}</table>{notes}"


def table(
    result: Result | Released[Result],
    at: float | Sequence[float] | None = None,
    language: str | None = None,
    caption: str | None = None,
) -> PrintedTable:
    """A result as a table to print.

    Arguments: ``at`` times for curves (the follow-up's own unit; None: a year, or the last time before it);
    ``language``; ``caption`` instead of the result's name.
    Raises: ``DesignProblem`` for what is no result with a table.
    """
    inner, released = opened(result)
    language = language_of(language)
    symbol = released.policy.symbol if released else ""
    if not isinstance(inner, Result):
        raise DesignProblem("no_table", kind=type(inner).__name__)
    printer = next((_PRINTERS[one] for one in _PRINTERS if isinstance(inner, one)), any_table)
    heads, rows, numeric = printer(inner, at, language)
    rows = [tuple(cell if cell else symbol for cell in row) for row in rows]
    notes = [one.text(language) for one in (*inner.method, *inner.findings, *inner.origin.definitions)]
    first = months_shown(inner, language) if isinstance(inner, LockIn) else ""
    first = one_ending(inner, language) if printer is any_table else first
    notes = [first, *notes] if first else notes
    if released:
        notes += [one.text(language) for one in released.decisions]
        if any(symbol in row for row in rows):
            notes.append(word("hidden_symbol", language, symbol=symbol))
    else:
        notes.append(word("footer_draft", language))
    name = one_line(caption or word(f"result_{inner.named}", language))
    if inner.origin.synthetic:
        name = f"{word('synthetic_data', language)}: {name}"
        notes.append(word("synthetic_warning", language))
    return PrintedTable(name, tuple(heads), tuple(rows), tuple(numeric), tuple(notes), language, inner.origin.synthetic)


Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]


def _curves(result: Curves, at: float | Sequence[float] | None, language: str) -> Printed:
    rows = result.at(times_to_show(result, at))
    several, causes = rows["group"].nunique() > 1, "cause" in rows
    heads, numeric = [word("col_time", language)], [False]
    for present, key in ((several, "col_group"), (causes, "col_cause")):
        if present:
            heads.append(word(key, language))
            numeric.append(False)
    hazard = isinstance(result, HazardCurves)
    heads += [word(key, language) for key in ("col_events", "col_hazard" if hazard else "col_share")]
    heads += [_interval(result, language), word("col_at_risk", language)]
    numeric += [True] * 4
    printed = []
    for row in lines(rows):
        cells = [time_phrase(row.time, result.unit, language)]
        cells += [group_name(row.group, language)] if several else []
        cells += [ending(row.cause, language)] if causes else []
        shown = number(row.estimate, language, 3) if hazard else percent(row.estimate, language)
        limits = _limits(row, language, 1.0, 3) if hazard else _limits(row, language, 100.0)
        cells += [count(row.events, language), shown, limits, count(row.at_risk, language)]
        printed.append(tuple(cells))
    return heads, printed, numeric


def _shares(result: Shares, _: object, language: str) -> Printed:
    rows = result.table
    several = rows["group"].nunique() > 1
    heads = [word("col_group", language)] if several else []
    heads += [word(key, language) for key in ("col_cause", "col_events", "col_persons", "col_share")]
    heads += [_interval(result, language)]
    printed = []
    for row in lines(rows):
        cells = [group_name(row.group, language)] if several else []
        cells += [ending(row.cause, language), count(row.events, language), count(row.at_risk, language)]
        cells += [percent(row.estimate, language), _limits(row, language, 100.0)]
        printed.append(tuple(cells))
    return heads, printed, [False] * (2 if several else 1) + [True] * 4


def _effects(result: Effects, _: object, language: str) -> Printed:
    rows = result.table
    timed = "time" in rows
    heads = [word("col_comparison", language), word("col_measure", language)]
    heads += [word("col_time", language)] if timed else []
    heads += [word("col_estimate", language), _interval(result, language)]
    printed = []
    for row in lines(rows):
        points = row.measure == "risk difference"
        scale, digits = (100.0, 1) if points else (1.0, 2)
        names = [group_name(name, language) for name in (row.group, str(result.reference))]
        against = f" {word('against', language)} ".join(names)
        name = word(f"measure_{row.measure.replace(' ', '_')}", language)
        cells = [against, f"{name} ({word('measure_points', language)})" if points else name]
        cells += [time_phrase(row.time, result.unit, language)] if timed else []
        # An estimate that stands without limits has none: nothing is hidden there.
        limits = _limits(row, language, scale, digits) or (" " if np.isfinite(row.estimate) else "")
        printed.append((*cells, number(scale * row.estimate, language, digits), limits))
    return heads, printed, [False] * (3 if timed else 2) + [True] * 2


def _interval(result: Result, language: str) -> str:
    return word("col_interval", language, level=level_text(result.level))


def _limits(row: Row, language: str, scale: float, digits: int = 1) -> str:
    low, high = row.conf_low, row.conf_high
    return span(low, high, language, digits, scale) if np.isfinite([low, high]).all() else ""


_PRINTERS: dict[type, Any] = {
    **ADJUSTED,
    MetaAnalysis: studies_rows,
    **COSTS,
    Curves: _curves,
    Shares: _shares,
    **LOCK_IN,
    Effects: _effects,
    **MEANS,
    **GOALS,
    **OFFICES,
}


def plain(result: Result) -> pd.DataFrame:
    """The tidy table for a machine: eight significant digits at most, rows in canonical order."""
    frame = result.table
    for name in frame.select_dtypes("number"):
        frame[name] = [float(f"{value:.8g}") if np.isfinite(value) else value for value in frame[name]]
    keys = [name for name in ("measure", "group", "cause", "time") if name in frame]
    return frame.sort_values(keys, kind="stable").reset_index(drop=True)
