"""Every row of a table that is printed in part: a page holds them folded up, for a screen reader and a keyboard too."""

from __future__ import annotations

from typing import Any

from navoutcomes.estimate.result import Result
from navoutcomes.release.released import Released
from navoutcomes.report.draft import inside
from navoutcomes.report.tables import TEXTS, in_words, in_words_all, tidy_rows
from navoutcomes.show.numbers import count, number
from navoutcomes.show.table import PrintedTable

# The caption says whose data they are.
MARKS = ("data", "status")
WHOLE = ("at_risk", "events", "censored")
DECIMALS = 4


def every_row(released: Released[Result] | Result, printed: PrintedTable) -> PrintedTable | None:
    """All that the table's files hold, to print; None where the printed table has as many rows and columns."""
    language = printed.language
    heads, rows = tidy_rows(released, language)
    # Both limits of an interval stand in one printed cell; an error is said by its interval.
    needed = len(set(heads) - {*MARKS, "std_error"}) - 1
    if len(rows) <= len(printed.rows) and needed <= len(printed.heads):
        return None
    kept = [place for place, name in enumerate(heads) if name not in MARKS]
    names = in_words(heads, inside(released), language)
    spoken = in_words_all(heads, rows, inside(released), language)
    cells = tuple(tuple(_cell(heads[place], row[place], language) for place in kept) for row in spoken)
    numeric = tuple(heads[place] not in TEXTS for place in kept)
    return PrintedTable(printed.caption, tuple(str(names[place]) for place in kept), cells, numeric, (), language)


def _cell(head: str, value: Any, language: str) -> str:
    if isinstance(value, str):
        return value
    if head in WHOLE and value == int(value):
        return count(value, language)
    return number(value, language, 0 if head == "time" and value == int(value) else DECIMALS)
