"""The county governor's forms as workbooks: goals, full-time equivalents. Numbers are numbers, and text is text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from pathlib import Path
from typing import Any

from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.result import Result
from navoutcomes.records.sources.archive import FIXED_TIME, without_clock
from navoutcomes.release.released import Released
from navoutcomes.report.appendices import Run
from navoutcomes.report.csv_no import write_csv_no
from navoutcomes.report.draft import inside, stem
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import level_text
from navoutcomes.show.table_goals import verdict
from navoutcomes.show.words import word
from navoutcomes.texts import spoken

Cell = str | float | int | None
HEAD_ROW = 4
COLUMNS = ("number", "indicator", "definition", "baseline", "target", "result", "low", "high", "persons", "verdict",
           "comment")  # fmt: skip
WIDTHS = (7, 22, 30, 13, 16, 13, 11, 11, 8, 16, 36)
EMPTY_ROWS = 12
STAFF = ("function", "before", "after", "change", "granted", "remark")
STAFF_WIDTHS = (34, 18, 18, 12, 18, 36)
LINE_PT = 13.5
HUNDREDTHS = "0.00"


@dataclass(frozen=True)
class Sheet:
    """One form: title, lines under it, heads, rows, a number format for each cell (empty: as it is), and widths."""

    name: str
    title: str
    under: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    formats: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    notes: tuple[str, ...] = ()


def goal_form(goals: Scorecard | Indicator | Released[Any], language: str, marks: Sequence[str] = ()) -> Sheet:
    """The goal-attainment form: a row a goal, its definition, what was found, and whether the goal was met.

    ``marks`` stand before the title, as «Internt utkast» of a draft.
    """
    result: Scorecard | Indicator = inside(goals)
    indicators = (result,) if isinstance(result, Indicator) else result.indicators
    level = level_text(result.level)
    heads = tuple(word(f"form_goal_{name}", language, level=level) for name in COLUMNS)
    among = (result.verdict,) if isinstance(result, Indicator) else result.verdicts
    both = zip(indicators, among, strict=True)
    rows = tuple(_goal_row(place + 1, one, said, language) for place, (one, said) in enumerate(both))
    formats = tuple(_goal_formats(one, language) for one in indicators)
    name = word("form_goals", language)
    notes: tuple[str, ...] = (word("form_goal_verdict_told", language, level=level),)
    if any(one.target.scale == "percentage points" for one in indicators):
        notes = (*notes, word("form_points_told", language))
    return Sheet(name, _marked(name, marks), "", heads, rows, formats, WIDTHS, notes)


def staff_form(language: str, marks: Sequence[str] = ()) -> Sheet:
    """The form for full-time equivalents, without figures: only the accounts know them."""
    name = word("form_staff", language)
    heads = tuple(word(f"form_staff_{column}", language) for column in STAFF)
    rows = tuple((None,) * len(STAFF) for _ in range(EMPTY_ROWS))
    formats = (("", HUNDREDTHS, HUNDREDTHS, HUNDREDTHS, HUNDREDTHS, ""),) * EMPTY_ROWS
    return Sheet(name, _marked(name, marks), word("form_staff_told", language), heads, rows, formats, STAFF_WIDTHS)


def write_forms(run: Run, folder: Path, draft: bool) -> None:
    """The workbooks of a form, and its tables as Norwegian Excel reads them; nothing for a free report."""
    if run.form is None:
        return
    language, synthetic = run.language, run.facts["synthetic"]
    marks = [word("internal_draft", language)] * draft + [word("synthetic_data", language)] * synthetic
    goals = [one for one in run.added if isinstance(one.result, Scorecard | Indicator)]
    for place, one in enumerate(goals):
        name = word("form_goals_file", language) + (f"-{place + 1}" if place else "")
        write_form(goal_form(one.thing, language, marks), folder / f"{stem(name, draft)}.xlsx")
    write_form(staff_form(language, marks), folder / f"{stem(word('form_staff_file', language), draft)}.xlsx")
    for one in run.added:
        if isinstance(one.result, Result):
            write_csv_no(one.thing, folder / "tables" / f"{one.name}_no.csv", language, draft)


def write_form(form: Sheet, path: Path) -> None:
    """The form as a workbook: heads that stay, columns wide enough, landscape on A4, no formula and no clock."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = form.name[:31]
    page: list[tuple[Cell, ...]] = [(form.title,), (form.under or None,), (), form.heads, *form.rows, ()]
    page += [(note,) for note in form.notes]
    for number, line in enumerate(page, start=1):
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(row=number, column=place, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
    _dress(sheet, form)
    book.properties.title = form.title
    book.properties.creator = "navoutcomes"
    book.properties.created = book.properties.modified = FIXED_TIME
    store = io.BytesIO()
    book.save(store)
    path.write_bytes(without_clock(store.getvalue()))


def _dress(sheet: Any, form: Sheet) -> None:
    """Fonts, borders, formats, what stays in view and how it prints."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin", color="818997")
    box = Border(left=line, right=line, top=line, bottom=line)
    sheet["A1"].font = Font(name="Arial", size=14, bold=True)
    sheet["A2"].font = Font(name="Arial", size=10, italic=True)
    for place, width in enumerate(form.widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        head = sheet.cell(row=HEAD_ROW, column=place)
        head.font, head.border = Font(name="Arial", size=10, bold=True), box
        head.fill = PatternFill("solid", fgColor="E6F0FA")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        for row, formats in enumerate(form.formats, start=HEAD_ROW + 1):
            cell = sheet.cell(row=row, column=place)
            cell.font, cell.border = Font(name="Arial", size=10), box
            right = bool(formats[place - 1])
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if right else "left",
                                       indent=0 if right else 1)  # fmt: skip
            cell.number_format = formats[place - 1] or "General"
    for row, line in enumerate((form.heads, *form.rows), start=HEAD_ROW):
        sheet.row_dimensions[row].height = LINE_PT * (1 + _lines(line, form.widths))
    for row in range(HEAD_ROW + len(form.rows) + 2, HEAD_ROW + len(form.rows) + 2 + len(form.notes)):
        sheet.cell(row=row, column=1).font = Font(name="Arial", size=9, italic=True)
    last = get_column_letter(len(form.widths))
    sheet.freeze_panes = sheet.cell(row=HEAD_ROW + 1, column=3 if len(form.widths) == len(WIDTHS) else 2)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.print_area = f"A1:{last}{HEAD_ROW + len(form.rows) + 1 + len(form.notes)}"
    sheet.oddFooter.center.text = "&P / &N"


def _goal_row(number: int, one: Indicator, said: str, language: str) -> tuple[Cell, ...]:
    target = one.target
    parts = {"numerator": target.numerator, "denominator": target.denominator}
    counted = {name: one_line(spoken(words, language)) for name, words in parts.items()}
    scale = 100.0 if target.scale == "percentage points" else 1.0
    values = (scale * target.limit, scale * one.estimate, *(scale * limit for limit in one.interval))
    comment = " ".join(remark.text(language) for remark in one.findings)
    return (
        number,
        one_line(spoken(target.name, language)),
        word("form_goal_defined", language, **counted),
        _number(one.baseline),
        *(_number(value) for value in values),
        one.persons,
        verdict(said, language),
        comment or None,
    )


def _goal_formats(one: Indicator, language: str) -> tuple[str, ...]:
    """Formats by column; the limit says at least or at most, a change says its unit."""
    share = "0.0%" if language == "en" else "0.0\\ %"
    points = word("form_points", language)
    change = {
        "share": share,
        "percentage points": f'+0.0" {points}";-0.0" {points}";0.0" {points}"',
        "relative change": f"+{share};-{share};{share}",
    }[one.target.scale]
    side = word("form_goal_at_least" if one.target.upwards else "form_goal_at_most", language)
    limit = ";".join(f'"{side} "{part}' for part in change.split(";"))
    return ("0", "", "", share, limit, change, change, change, "#,##0", "", "")


def _lines(cells: Sequence[Cell], widths: Sequence[int]) -> int:
    """How many lines the fullest cell of a row needs; not every program finds out by itself."""
    needs = [len(str(cell)) / (width - 3) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)]
    return ceil(max(needs, default=1.0))


def _number(value: float | None) -> float | None:
    """Eight digits that count; nothing where there is no number."""
    return float(f"{value:.8g}") + 0.0 if value is not None and isfinite(value) else None


def _marked(name: str, marks: Sequence[str]) -> str:
    return ": ".join((*marks, name))
