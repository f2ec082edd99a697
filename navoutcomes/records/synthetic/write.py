"""How does the synthetic extract look on disk? As the csv of a Norwegian office, and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from navoutcomes.records.sources.archive import without_clock

AMOUNT_HEADER = "Sosialhjelp siste måned (kr)"
DATE_HEADERS = ("Henvist dato", "Oppmøtt dato", "Avsluttet dato", "Uttrekksdato")
END_HEADER = "Avsluttet dato"
OPEN_HEADERS = (END_HEADER, "Til dato", "Sluttdato")
AMOUNT_ENDING = "(kr)"
HEADERS = (
    "Løpenummer",
    "Tiltak",
    "Team",
    "Kjønn",
    "Fødselsår",
    "Måneder på sosialhjelp før",
    AMOUNT_HEADER,
    "Henvist dato",
    "Oppmøtt dato",
    END_HEADER,
    "Avslutningsårsak",
    "Uttrekksdato",
    "Datagrunnlag",
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "job": "Arbeid",
        "no_show": "Manglende oppmøte",
        "education": "Utdanning",
        "imprisonment": "Soning",
        "health": "Helse",
        "other": "Annet",
    }
)
OPEN_END = "31.12.9999"
SHEET = "Uttrekk"
FIXED_TIME = datetime(2018, 6, 30)


def write_csv(frame: pd.DataFrame, path: Path) -> Path:
    """Semicolons, decimal comma, dd.mm.yyyy, cp1252, Windows line ends; an open end is 31.12.9999. Returns the path."""
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(frame.columns)
        for row in frame.to_dict("records"):
            writer.writerow([_written(str(header), value) for header, value in row.items()])
    return path


def write_xlsx(frame: pd.DataFrame, path: Path) -> Path:
    """One sheet ``Uttrekk`` with real dates and numbers; missing cells are empty. The same rows give the same bytes.

    Returns the path.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.append(list(frame.columns))
    for row in frame.itertuples(index=False):
        sheet.append([_celled(value) for value in row])
    for position, header in enumerate(frame.columns, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = max(len(header), 16) + 2
        sheet[f"{letter}1"].font = Font(name="Calibri", size=11, bold=True)
        number_format = _number_format(header, frame.iloc[:, position - 1])
        for (cell,) in sheet.iter_rows(min_row=2, min_col=position, max_col=position):
            cell.number_format = number_format
    book.properties.created = book.properties.modified = FIXED_TIME
    book.properties.creator = "navoutcomes"
    plain = io.BytesIO()
    book.save(plain)
    path.write_bytes(without_clock(plain.getvalue(), FIXED_TIME))
    return path


def _written(header: str, value: Any) -> str:
    if pd.isna(value):
        return OPEN_END if header in OPEN_HEADERS else ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%d.%m.%Y}"
    if header.endswith(AMOUNT_ENDING):
        return f"{value:,.2f}".replace(",", " ").replace(".", ",")
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _celled(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def _number_format(header: str, values: pd.Series[Any]) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "dd.mm.yyyy"
    return "#,##0.00" if header.endswith(AMOUNT_ENDING) else "General"
