"""Which cells hold nothing that can be read: blanks, words declared to mean missing, error codes of a spreadsheet?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, warning
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.rules import Rules
from navoutcomes.records.sources.cells import ERROR_CODES, Cells, Mask


@dataclass(frozen=True, eq=False, repr=False)
class Aside:
    """Which distinct cells are left to read (``live``, shape (k,)), what was noted, and what stops the reading."""

    live: Mask
    notes: tuple[Note, ...] = field(default=())
    problem: DataProblem | None = None


def set_aside(cells: Cells, column: Column, rules: Rules) -> Aside:
    """Blanks, declared missing words and error codes are set aside; error codes in a key column are a problem."""
    missing_words = rules.missing | {word.strip().casefold() for word in column.missing}
    known_words = {str(value).strip().casefold() for value in column.values}
    coded = _where(cells, {code.casefold() for code in ERROR_CODES})
    worded = _where(cells, missing_words - {""} - known_words)
    notes: list[Note] = []
    problem = None
    if coded.any():
        codes = tuple(sorted({str(text).upper() for text in cells.distinct[coded]}))
        if column.key:
            problem = DataProblem("error_codes_in_key", codes=codes, **cells.found(coded))
        notes.append(warning("error_codes_missing", column=cells.header, codes=codes, count=cells.count(coded)))
    if worded.any():
        words = tuple(f"«{word}»" for word in sorted({str(text).casefold() for text in cells.distinct[worded]}))
        notes.append(warning("words_missing", column=cells.header, words=words, count=cells.count(worded)))
    return Aside(~(cells.blank | coded | worded), tuple(notes), problem)


def _where(cells: Cells, wanted: set[str] | frozenset[str]) -> Mask:
    """Which distinct cells are one of these words, capital letters aside?"""
    if not any(cells.holds(f"\n{word}\n") for word in wanted):
        return np.zeros(len(cells.distinct), np.bool_)
    return np.array([str(text).casefold() in wanted for text in cells.distinct], dtype=np.bool_)
