"""From what the caller asks for to a table and the rules it is taken in by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from navoutcomes.errors import DataProblem, named
from navoutcomes.records.columns.codebook import Codebook
from navoutcomes.records.columns.headers import looked_for
from navoutcomes.records.columns.mapping import mapping_of, with_options
from navoutcomes.records.intake import Asked
from navoutcomes.records.rules import PLACEHOLDERS, WINDOW, Rules, rules_of
from navoutcomes.records.sources.databases import Question, is_database, rows_of
from navoutcomes.records.sources.files import load
from navoutcomes.records.sources.table import Table

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "sheet": None,
        "header_row": None,
        "extracted": None,
        "date_format": None,
        "pivot_year": None,
        "excel_serial": False,
        "decimal": None,
        "thousands": None,
        "missing": (),
        "missing_dates": PLACEHOLDERS,
        "window": WINDOW,
        "end_inclusive": True,
        "blank_id": "error",
        "repair_mojibake": False,
        "melt": (),
    }
)
_RULES = (
    *("date_format", "pivot_year", "excel_serial", "decimal", "thousands"),
    *("missing", "missing_dates", "window", "extracted"),
)


@dataclass(frozen=True, eq=False, repr=False)
class Prepared:
    """A table read but not yet looked into, where it came from (name, sha256), and how to take it in."""

    table: Table
    source: tuple[str, str]
    rules: Rules
    asked: Asked
    end_inclusive: bool


def prepared(source: Any, codebook: Codebook | None, options: dict[str, Any]) -> Prepared:
    """Read the cells of a source. ``options`` are those of ``nav.read`` by name.

    Raises: ``DataProblem`` when an option makes no sense or the source cannot be read.
    """
    mapping = mapping_of(options["mapping"])
    chosen = with_options({name: options[name] for name in DEFAULTS}, DEFAULTS, mapping)
    _check(chosen)
    rules = rules_of(**{name: chosen[name] for name in _RULES})
    melt = (chosen["melt"],) if isinstance(chosen["melt"], str) else tuple(chosen["melt"])
    beside = Path(source) if isinstance(source, str | Path) else Path()
    asked = Asked(
        codebook, mapping, chosen["blank_id"], chosen["repair_mojibake"], melt, options["pseudonymise"], beside
    )
    question = Question(options["table"], options["query"], options["parameters"])
    if is_database(source):
        table, sha256 = rows_of(source, question)
    elif not isinstance(source, str | Path):
        raise DataProblem("source_unknown", kind=type(source).__name__)
    elif question != Question(None, None, None):
        raise DataProblem("options_for_databases", file=named(Path(source).name))
    else:
        table, sha256 = load(
            source, chosen["sheet"], lambda file: looked_for(codebook, mapping, chosen["header_row"], file)
        )
    return Prepared(table, (table.file, sha256), rules, asked, chosen["end_inclusive"])


def _check(chosen: dict[str, Any]) -> None:
    if chosen["blank_id"] not in ("error", "drop"):
        raise DataProblem("option_not_understood", option="blank_id=", allowed=("error", "drop"))
    row = chosen["header_row"]
    if row is not None and (isinstance(row, bool) or not isinstance(row, int) or row < 1):
        raise DataProblem("option_not_understood", option="header_row=", allowed=("1", "2", "3"))
