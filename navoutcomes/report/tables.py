"""Table files: csv for machines, xlsx with numbers as numbers for people. Text is text, never a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.dropout.calibration import Calibration, Tenths
from navoutcomes.estimate.goals.cost import CostPerOutcome, ExplainedDeviation
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.offices.permutation import PermutationTest
from navoutcomes.estimate.result import Result
from navoutcomes.records.sources.archive import FIXED_TIME, without_clock
from navoutcomes.release.models import ModelTable
from navoutcomes.release.released import Released
from navoutcomes.report.draft import inside
from navoutcomes.show.lettering import one_line
from navoutcomes.show.table import PrintedTable, plain
from navoutcomes.show.words import word

SHARES = ("estimate", "conf_low", "conf_high", "std_error")
# Released whole or not at all: an empty cell has no number, and hides none.
WHOLE = (
    ModelTable, AdjustedEffects, OfficeComparison, Indicator, Scorecard, CostPerOutcome, ExplainedDeviation, Balance,
    Calibration, Tenths, PermutationTest,
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r")


def tidy_rows(
    released: Released[Result] | Result, language: str, draft: bool = False
) -> tuple[list[str], list[list[str | float]]]:
    """Heads and rows of the tidy table; a hidden number is the policy's symbol; drafts and invented data say so."""
    result = inside(released)
    symbol = released.policy.symbol if isinstance(released, Released) and not isinstance(result, WHOLE) else ""
    frame = plain(result)
    heads = list(frame.columns)
    rows: list[list[str | float]] = []
    for values in frame.itertuples(index=False):
        rows.append([_value(value, symbol) for value in values])
    marks = {"data": "synthetic_data"} if result.origin.synthetic else {}
    for head, key in (marks | ({"status": "internal_draft"} if draft else {})).items():
        heads = [*heads, head]
        rows = [[*row, word(key, language)] for row in rows]
    return heads, rows


def write_tables(released: Released[Result] | Result, printed: PrintedTable, stem: Path, draft: bool = False) -> None:
    """A table's files: csv and xlsx, called ``stem`` with their endings."""
    language = printed.language
    write_csv(released, stem.with_suffix(".csv"), language, draft)
    write_xlsx(released, printed.caption, printed.notes, stem.with_suffix(".xlsx"), language, draft)


def write_csv(released: Released[Result] | Result, path: Path, language: str, draft: bool = False) -> None:
    """UTF-8, commas, decimal points, at most eight significant digits."""
    heads, rows = tidy_rows(released, language, draft)
    store = io.StringIO()
    writer = csv.writer(store, lineterminator="\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_safe(value) if isinstance(value, str) else f"{value + 0.0:.8g}" for value in row])
    path.write_text(store.getvalue(), encoding="utf-8")


def write_xlsx(
    released: Released[Result] | Result,
    caption: str,
    notes: tuple[str, ...],
    path: Path,
    language: str,
    draft: bool = False,
) -> None:
    """One sheet: the caption, heads, numbers as numbers, and the notes beneath."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    heads, rows = tidy_rows(released, language, draft)
    book = Workbook()
    sheet = book.active
    sheet.title = word("table", language)
    below: list[list[str | float]] = [[note] for note in notes]
    page: list[list[str | float]] = [[caption], [], list(heads), *rows, [], *below]
    for number, line in enumerate(page, start=1):
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(row=number, column=place, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif heads[place - 1] in SHARES:
                cell.number_format = "0.0000"
    sheet["A1"].font = Font(name="Arial", size=12, bold=True)
    for place in range(1, len(heads) + 1):
        sheet.cell(row=3, column=place).font = Font(name="Arial", bold=True)
        sheet.cell(row=3, column=place).alignment = Alignment(horizontal="left" if place < 3 else "right")
        sheet.column_dimensions[get_column_letter(place)].width = 15
    sheet.freeze_panes = "A4"
    book.properties.title = caption
    book.properties.creator = "navoutcomes"
    book.properties.created = book.properties.modified = FIXED_TIME
    store = io.BytesIO()
    book.save(store)
    path.write_bytes(without_clock(store.getvalue()))


def _value(value: object, symbol: str) -> str | float:
    if isinstance(value, str):
        return one_line(value)
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return symbol
    return float(value)  # type: ignore[arg-type]


def _safe(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
