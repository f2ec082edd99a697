"""An office's own words for what a cell says, read as the words everybody knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.mapping import ColumnMapping
from navoutcomes.records.columns.words import folded
from navoutcomes.records.sources.cells import TEXT, Cells


def words_read_as(cells: tuple[Cells, ...], mapping: ColumnMapping) -> tuple[tuple[Cells, ...], list[Note]]:
    """The columns with the words the mapping translates; capital letters and outer spaces do not matter.

    A word the mapping speaks of and the column does not hold is worth a warning: it may be misspelt.
    """
    read, notes = [], []
    for one in cells:
        says = {folded(word): meant for word, meant in mapping.read_as(one.header).items()}
        if not says:
            read.append(one)
            continue
        hit = np.array([folded(text) in says for text in one.distinct], np.bool_)
        read.append(_translated(one, says))
        notes.append(note("words_read_as", column=one.header, count=one.count(hit), total=len(one.codes)))
        absent = len(says.keys() - {folded(text) for text in one.distinct})
        if absent:
            notes.append(warning("words_read_as_absent", column=one.header, count=absent, total=len(says)))
    return tuple(read), notes


def _translated(one: Cells, says: dict[str, str]) -> Cells:
    """Distinct cells that come to say the same become one."""
    meant = [says.get(folded(text), text) for text in one.distinct]
    place = {text: at for at, text in enumerate(dict.fromkeys(meant))}
    first = [meant.index(text) for text in place]
    native = np.array([TEXT if folded(one.distinct[at]) in says else one.native[at] for at in first], np.int8)
    outer = None if one.outer_blanks is None else one.outer_blanks[first]
    codes = np.array([place[text] for text in meant], np.int64)[one.codes]
    return replace(one, distinct=np.array(list(place), dtype=object), native=native, codes=codes, outer_blanks=outer)
