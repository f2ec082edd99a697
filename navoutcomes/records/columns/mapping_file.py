"""The mapping file a check writes: what was recognised, ready to be changed by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.codebook import EXIT_CLASSES, KINDS
from navoutcomes.records.columns.mapping import OPTIONS
from navoutcomes.records.reading import DEFAULTS
from navoutcomes.texts import say

EXAMPLES: Mapping[str, str] = {
    "sheet": '"Ark1"',
    "header_row": "2",
    "extracted": '"2025-12-31"',
    "date_format": '"dd/mm/yyyy"',
    "pivot_year": "{ birth_date = 2010, start = 2030 }",
    "excel_serial": "true",
    "decimal": '","',
    "thousands": '"."',
    "missing": '["ukjent", "-"]',
    "missing_dates": '["01.01.1900"]',
    "window": '["1945-01-01", "2100-12-31"]',
    "end_inclusive": "true",
    "blank_id": '"drop"',
    "repair_mojibake": "true",
    "melt": '["utfall"]',
}


def mapping_name(file: str) -> str:
    """What the mapping file of a file is called."""
    return f"{Path(file).stem}.mapping.toml"


def mapping_text(
    file: str,
    columns: Sequence[tuple[str, str, str]],
    asked: Mapping[str, Any],
    words: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """A mapping file as text, in the language of the moment.

    ``columns`` are header, name and kind of each; ``words`` those of a header that nobody but the office knows. Options
    already given stand as they are, the others as comments.
    """
    names = ", ".join(column.name for column in USUAL_COLUMNS.columns)
    lines = _comment(say("words", "mapping_about", file=file, mapping=mapping_name(file)))
    lines += [*_comment(say("words", "mapping_columns", names=names)), "", "[columns]"]
    lines += [f"{quoted(header)} = {quoted('' if name == header else name)}" for header, name, _ in columns]
    lines += ["", "[kinds]", *_comment(say("words", "mapping_kinds", kinds=" ".join(KINDS)))]
    lines += [f"# {quoted(header)} = {quoted(kind)}" for header, name, kind in columns if name == header and kind]
    lines += ["", *_comment(say("words", "mapping_words", classes=" ".join(EXIT_CLASSES)))]
    lines += words_lines(words) or ['# [words."Utfall"]', '# "Kom i jobb" = "job"']
    lines += ["", "[read]", *_comment(say("words", "mapping_read"))]
    for name in OPTIONS:
        value = asked.get(name)
        given = isinstance(value, str | int) and not isinstance(value, bool) and value != DEFAULTS[name]
        lines.append(
            f"{name} = {quoted(value) if isinstance(value, str) else value}"
            if given
            else f"# {name} = {EXAMPLES[name]}"
        )
    return "\n".join(lines) + "\n"


def words_lines(words: Mapping[str, Sequence[str]]) -> list[str]:
    """The part of a mapping file that translates words, to be filled in."""
    lines = []
    for header, own in words.items():
        lines += [f"[words.{quoted(header)}]", *(f'{quoted(word)} = ""' for word in own)]
    return lines


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in text.splitlines()]
