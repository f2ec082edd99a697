"""What did the municipalities already publish? Every number of the five source documents, one fact a row.

These counts stand in public documents, so no disclosure rule hides them; data of one's own never get that treatment.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from navoutcomes.errors import DataProblem

FOLDER = Path(__file__).parents[2] / "data" / "published"
FILE = "facts.csv"
COLUMNS = ("fact_id", "municipality", "programme", "indicator", "value", "unit", "period", "group", "source")
TEXT_UNITS = frozenset(
    {"clock_time", "date_month", "datetime", "direction", "indicator_without_value", "section_number", "years_list"}
)


@dataclass(frozen=True)
class Fact:
    """One published number with the document it stands in.

    ``value`` is a date where ``unit`` is ``date``, a text where the unit is one of ``TEXT_UNITS``, a number otherwise
    (a ``boolean`` is 0 or 1). ``source`` is the file name of the document.
    """

    fact_id: str
    municipality: str
    programme: str
    indicator: str
    value: float | date | str
    unit: str
    period: str
    group: str
    source: str

    @property
    def number(self) -> float:
        """The value of a fact that is a number. Raises ``TypeError`` for dates and texts."""
        if not isinstance(self.value, float):
            raise TypeError(f"{self.fact_id} is a {self.unit}, not a number")
        return self.value


def facts(folder: str | Path | None = None) -> tuple[Fact, ...]:
    """Which numbers did the five source documents publish, in the order of the documents?

    ``folder`` holds ``facts.csv``; default ``data/published`` of the checkout.

    Raises: ``DataProblem`` when the file is missing, is not UTF-8, lacks a column or holds a value its unit does not
    allow.
    """
    path = Path(FOLDER if folder is None else folder) / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataProblem("published_missing", file=FILE) from None
    except UnicodeDecodeError:
        raise DataProblem("published_encoding", file=FILE) from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataProblem("published_columns", file=FILE, columns=COLUMNS)
    broken = [position for position, row in enumerate(rows[1:], start=2) if _fact(row) is None]
    if broken:
        raise DataProblem(
            "published_values", file=FILE, count=len(broken), total=len(rows) - 1, rows=broken, column="value"
        )
    return tuple(made for row in rows[1:] if (made := _fact(row)) is not None)


def fact(fact_id: str, folder: str | Path | None = None) -> Fact:
    """What does one published fact say, by its id such as ``FR005``?

    Raises: ``DataProblem`` when there is no fact of that id, or as ``facts``.
    """
    for one in facts(folder):
        if one.fact_id == fact_id:
            return one
    raise DataProblem("published_unknown", file=FILE, fact=fact_id)


def facts_for(
    *,
    municipality: str | None = None,
    programme: str | None = None,
    indicator: str | None = None,
    folder: str | Path | None = None,
) -> tuple[Fact, ...]:
    """Which facts were published about a municipality, a programme or an indicator? Names as they stand in the file.

    Several conditions must all hold; none at all gives every fact, no match gives an empty tuple. Raises: as ``facts``.
    """
    wanted = {"municipality": municipality, "programme": programme, "indicator": indicator}
    conditions = [(name, value) for name, value in wanted.items() if value is not None]
    return tuple(one for one in facts(folder) if all(getattr(one, name) == value for name, value in conditions))


def _fact(row: list[str]) -> Fact | None:
    """The fact of a row, or ``None`` where the row is not one."""
    if len(row) != len(COLUMNS):
        return None
    cells = dict(zip(COLUMNS, row, strict=True))
    text, unit = cells.pop("value"), cells["unit"]
    try:
        value: float | date | str
        if unit in TEXT_UNITS:
            value = text
        elif unit == "date":
            value = date.fromisoformat(text)
        else:
            value = float(text)
            if not math.isfinite(value):
                return None
    except ValueError:
        return None
    return Fact(value=value, **cells)
