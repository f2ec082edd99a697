"""Which word, pseudonym or yes/no does each cell hold?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.columns.missing import set_aside
from navoutcomes.records.rules import Rules
from navoutcomes.records.sources.cells import NUMBER, Cells, Mask, Parsed, matches, shapes, without_apostrophe

TRUE = frozenset(("ja", "j", "yes", "y", "true", "sann", "1", "x"))
NOBODY = frozenset(
    (
        *("ukjent", "ukjend", "unknown", "mangler", "manglar", "missing", "ingen", "null", "nan"),
        *("none", "n/a", "#n/a", "<na>", "-", "--", "–", "?", "."),
    )
)
FALSE = frozenset(("nei", "n", "no", "false", "usann", "0"))


def read_words(cells: Cells, column: Column, rules: Rules) -> Parsed:
    """Read a column of words; with ``values`` in the codebook, raw words become standard words.

    The words are str in row order, missing as None; a word the codebook does not know is a problem.
    """
    aside = set_aside(cells, column, rules)
    if aside.problem:
        return Parsed(problem=aside.problem)
    words, notes = cells.distinct, list(aside.notes)
    if column.values:
        known = {folded(raw): word for raw, word in column.values.items()}
        known |= {folded(word): word for word in column.values.values()}
        looked_up = [known.get(folded(text)) for text in words]
        unknown = aside.live & np.array([word is None for word in looked_up], dtype=np.bool_)
        if unknown.any():
            facts = {"shapes": shapes(cells, unknown), "distinct": int(unknown.sum())}
            return Parsed(problem=DataProblem("words_not_in_codebook", **facts, **cells.found(unknown)))
        changed = aside.live & np.array([word != text for word, text in zip(looked_up, words, strict=True)], np.bool_)
        if changed.any():
            notes.append(note("words_translated", column=cells.header, count=cells.count(changed)))
        words = np.array([*looked_up, None], dtype=object)[:-1]
    return Parsed(_spread(words, aside.live, cells), tuple(notes))


def read_ids(cells: Cells, column: Column, rules: Rules, blank_id: str = "error") -> Parsed:
    """Read a column of pseudonyms: text as it stands, without outer blanks; small and capital letters stay different.

    A blank is a problem in the person column and in any required one, unless ``blank_id`` is "drop"; so is a pseudonym
    that a spreadsheet has turned into a power of ten.
    """
    cells, marked = without_apostrophe(cells)
    aside = set_aside(cells, column, rules)
    damaged = matches(cells, r"\d[.,]\d*[eE]\+?\d+|\d[eE]\+\d+", needs="eE")
    if damaged.any():
        return Parsed(problem=DataProblem("id_damaged", **cells.found(damaged)))
    if aside.problem:
        return Parsed(problem=aside.problem)
    problem = _several_types(cells, aside.live) if column.key else None
    if problem:
        return Parsed(problem=problem)
    notes: list[Note] = [*aside.notes, *_nearly(cells, aside.live)]
    if marked.any():
        notes.append(note("apostrophes_removed", column=cells.header, count=cells.count(marked)))
    live = aside.live & ~_nobody(cells) if column.key else aside.live
    if column.key and blank_id != "drop" and not live.all():
        return Parsed(problem=DataProblem("id_blank", **cells.found(~live)))
    return Parsed(_spread(cells.distinct, live, cells), tuple(notes))


def _nobody(cells: Cells) -> Mask:
    """Which cells hold a word for nothing where a pseudonym should be? Together they would be one person."""
    if not any(cells.holds(f"\n{word}\n") for word in NOBODY):
        return np.zeros(len(cells.distinct), np.bool_)
    return np.array([folded(text) in NOBODY for text in cells.distinct], np.bool_)


def _several_types(cells: Cells, live: Mask) -> DataProblem | None:
    """Are some pseudonyms numbers, and others text or numbers with decimals, in a way only a spreadsheet makes?"""
    decimals = live & matches(cells, r"\d+[.,]\d+", needs=".,")
    numbers = live & (cells.native == NUMBER) & ~decimals
    words = live & ~numbers & ~decimals
    if not (decimals.any() or (numbers.any() and words.any())):
        return None
    if decimals.any() and not numbers.any():
        numbers = words & matches(cells, r"\d+")
        words = words & ~numbers
    counts = {"count_numbers": numbers, "count_decimals": decimals, "count_words": words}
    facts = {name: cells.count(mask) for name, mask in counts.items()}
    return DataProblem("ids_of_several_types", **facts, **cells.found(decimals if decimals.any() else words))


def _nearly(cells: Cells, live: Mask) -> list[Note]:
    """Blanks around pseudonyms are gone; capital letters and zeros in front stay, and that can part what was one."""
    notes: list[Note] = []
    outer = live & cells.outer_blanks if cells.outer_blanks is not None else np.zeros_like(live)
    if outer.any():
        notes.append(note("ids_trimmed", column=cells.header, count=cells.count(outer)))
    joined = cells.joined
    letters = joined.upper() != joined and joined.lower() != joined
    if not letters and not f"\n{joined}".count("\n0"):
        return notes
    kept = {str(text) for text in cells.distinct[live]}
    alike = Counter(text.casefold().lstrip("0") for text in kept)
    near = sum(times for times in alike.values() if times > 1)
    return [*notes, warning("ids_nearly_equal", column=cells.header, count=near)] if near else notes


def read_flags(cells: Cells, column: Column, rules: Rules) -> Parsed:
    """Read a column of yes and no (ja/nei, true/false, 1/0), in row order as boolean with missing."""
    aside = set_aside(cells, column, rules)
    if aside.problem:
        return Parsed(problem=aside.problem)
    yes, no = answers(cells)
    unread = aside.live & ~(yes | no)
    if unread.any():
        return Parsed(problem=DataProblem("flags_unreadable", shapes=shapes(cells, unread), **cells.found(unread)))
    read = pd.array(yes, dtype="boolean")
    read[~aside.live] = pd.NA
    return Parsed(pd.Series(read.take(cells.codes)), aside.notes)


def answers(cells: Cells) -> tuple[Mask, Mask]:
    """Which distinct cells say yes, and which no?"""
    read = [folded(text) for text in cells.distinct]
    return tuple(np.array([text in said for text in read], dtype=np.bool_) for said in (TRUE, FALSE))  # type: ignore[return-value]


def folded(word: Any) -> str:
    """A word as it is looked up: capital letters and outer blanks do not matter."""
    return str(word).strip().casefold()


def _spread(words: Any, live: Mask, cells: Cells) -> pd.Series[Any]:
    kept = words
    if not live.all():
        kept = np.empty(len(words), dtype=object)
        kept[live] = words[live]
    return pd.Series(kept[cells.codes], dtype=object)
