"""Table files: csv for machines, xlsx with numbers as numbers for people. Text is text, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.dropout.calibration import Calibration, Tenths
from navoutcomes.estimate.evidence.meta_analysis import MetaAnalysis
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
from navoutcomes.show.numbers import level_text
from navoutcomes.show.studies import row_words
from navoutcomes.show.table import PrintedTable, plain
from navoutcomes.show.tables.any import measure_name
from navoutcomes.show.words import ending, group_name, term_name, unit_name, word
from navoutcomes.texts import table as texts

TEXTS = ("group", "cause", "term", "measure", "data", "status")
FIRST_ROW = 4
NARROWEST, WIDEST = 13, 44
HEAD_PT, LINE_PT = 27.0, 13.5
PRECISION = ("conf_low", "conf_high", "std_error", "statistic", "p_value")
SHARES = ("estimate", "conf_low", "conf_high", "std_error")
# Released whole or not at all: an empty cell has no number, and hides none.
WHOLE = (
    ModelTable, AdjustedEffects, OfficeComparison, Indicator, Scorecard, CostPerOutcome, ExplainedDeviation, Balance,
    Calibration, Tenths, PermutationTest, MetaAnalysis,
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
        # Beside an estimate that is shown a limit or an error that is missing was never there: nothing is hidden.
        told = dict(zip(heads, values, strict=True)).get("estimate")
        known = isinstance(told, float | int) and told == told
        signs = ["" if known and name in PRECISION else symbol for name in heads]
        rows.append([_value(value, sign) for value, sign in zip(values, signs, strict=True)])
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
    """One sheet for readers: the caption, heads in words above those for machines, codes in words, numbers as numbers,
    and the notes beneath.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    heads, coded = tidy_rows(released, language, draft)
    rows = in_words_all(heads, coded, inside(released), language)
    book = Workbook()
    sheet = book.active
    sheet.title = word("table", language)
    below: list[list[str | float]] = [[note] for note in notes]
    page: list[list[str | float]] = [[caption], in_words(heads, inside(released), language), list(heads), *rows, []]
    page += below
    for number, line in enumerate(page, start=1):
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(row=number, column=place, value=None if value == "" else value)
            if isinstance(value, str) and value:
                cell.data_type = "s"
                if FIRST_ROW <= number < FIRST_ROW + len(rows) and heads[place - 1] not in TEXTS:
                    cell.alignment = Alignment(horizontal="right")
            elif heads[place - 1] in SHARES:
                cell.number_format = "0.0000"
    sheet["A1"].font = Font(name="Arial", size=12, bold=True)
    for place, name in enumerate(heads, start=1):
        side = Alignment(horizontal="left" if name in TEXTS else "right", vertical="bottom", wrap_text=True)
        for row, bold in ((2, True), (3, False)):
            head = sheet.cell(row=row, column=place)
            head.font, head.alignment = Font(name="Arial", size=10 if bold else 8, bold=bold), side
        longest = max((len(row[place - 1]) for row in rows if isinstance(row[place - 1], str)), default=0)  # type: ignore[arg-type]
        sheet.column_dimensions[get_column_letter(place)].width = min(max(NARROWEST, longest + 2), WIDEST)
    sheet.row_dimensions[2].height = HEAD_PT
    _for_paper(sheet, len(heads), len(rows) + FIRST_ROW, len(below))
    book.properties.title = caption
    book.properties.creator = "navoutcomes"
    book.properties.created = book.properties.modified = FIXED_TIME
    store = io.BytesIO()
    book.save(store)
    path.write_bytes(without_clock(store.getvalue()))


def in_words_all(
    heads: list[str], rows: list[list[str | float]], result: Result, language: str
) -> list[list[str | float]]:
    """Rows with our codes in words; names that the data brought stand as they are, and studies are called by name."""
    own = row_words(result, language) if isinstance(result, MetaAnalysis) else {}
    made = []
    for row in rows:
        words = own.get(tuple(row[heads.index(name)] for name in ("group", "term")), {}) if own else {}
        made.append(
            [words.get(name) or _spoken_cell(name, one, language) for name, one in zip(heads, row, strict=True)]
        )
    return made


def _spoken_cell(name: str, value: str | float, language: str) -> str | float:
    if not isinstance(value, str) or name not in SPOKEN:
        return value
    return SPOKEN[name](value, language)


def _measure(value: str, language: str) -> str:
    """A measure without its unit: shares stand here as numbers up to one."""
    key = f"measure_{value.replace(' ', '_')}"
    if key in texts("words"):
        return word(key, language)
    return measure_name(value, language).removesuffix(f", {word('measure_points', language)}")


def in_words(heads: list[str], result: Result, language: str) -> list[str | float]:
    """Heads as a reader knows them."""
    facts = {"unit": unit_name(result.unit, language), "level": level_text(result.level)}
    known = texts("words")
    return [word(f"head_{name}", language, **facts) if f"head_{name}" in known else name for name in heads]


def _for_paper(sheet: Any, columns: int, last: int, notes: int) -> None:
    """Landscape on A4, as wide as one page, heads on every page, notes across the sheet."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    end = get_column_letter(max(columns, 6))
    for row in range(last + 1, last + 1 + notes):
        sheet.merge_cells(f"A{row}:{end}{row}")
        sheet.cell(row=row, column=1).alignment = Alignment(wrap_text=True, vertical="top")
        width = sum(sheet.column_dimensions[get_column_letter(one)].width for one in range(1, max(columns, 6) + 1))
        sheet.row_dimensions[row].height = LINE_PT * ceil(len(str(sheet.cell(row=row, column=1).value)) / width * 1.1)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    sheet.print_title_rows = f"2:{FIRST_ROW - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"


def _value(value: object, symbol: str) -> str | float:
    if isinstance(value, str):
        return one_line(value)
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return symbol
    return float(value)  # type: ignore[arg-type]


def _safe(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


SPOKEN: dict[str, Callable[[str, str], str]] = {
    "group": group_name,
    "cause": ending,
    "term": term_name,
    "measure": _measure,
}
