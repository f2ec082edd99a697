"""A table as Excel in Norway opens it: semicolons, decimal commas, UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from navoutcomes.estimate.result import Result
from navoutcomes.release.released import Released
from navoutcomes.report.tables import RISKY, tidy_rows

BOM = "\ufeff"


def write_csv_no(released: Released[Result] | Result, path: Path, language: str, draft: bool = False) -> None:
    """The tidy table with ``;`` between cells and ``,`` before decimals; a text is never a formula."""
    heads, rows = tidy_rows(released, language, draft)
    store = io.StringIO()
    writer = csv.writer(store, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_safe(one) if isinstance(one, str) else f"{one + 0.0:.8g}".replace(".", ",") for one in row])
    path.write_text(BOM + store.getvalue(), encoding="utf-8", newline="")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
