"""Which rows are not people: sums and remarks under the table, and headers printed again on each page?"""

from __future__ import annotations

import re

import numpy as np

from navoutcomes.errors import named
from navoutcomes.notes import Note, warning
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.sources.cells import Cells, Mask

MOST_BELOW = 50
_REMARK = re.compile(r"^[*†(]|[:=]|\w\W+\w+\W+\w|^(kilde|kjelde|source|note|merk|fotnote)\b", re.IGNORECASE)
TOTALS = frozenset(
    (
        *("sum", "sumtotalt", "sumialt", "totalt", "total", "totalsum", "totaltantall", "ialt", "tilsammen"),
        *(
            "gjennomsnitt",
            "snitt",
            "average",
            "mean",
            "median",
            "tilsaman",
            "samla",
            "samlet",
            "deltotal",
            "delsum",
            "subtotal",
            "grandtotal",
        ),
    )
)


def without_totals(columns: tuple[Cells, ...], person: int | None, file: str) -> tuple[tuple[Cells, ...], list[Note]]:
    """The columns without rows of sums and without headers that stand there again.

    ``person`` is the place of the column of pseudonyms. A row with a word for a sum goes when it names nobody; without
    such a column only the last row goes, when it begins with the word. Sources and remarks under the table go when they
    stand alone in their rows and look like no other cell of their column.
    """
    again = _header_again(columns)
    summed, words = _summed(columns, person)
    notes: list[Note] = []
    rows = columns[0].rows
    if summed.any():
        facts = {"count": int(summed.sum()), "rows": rows[summed].tolist(), "words": words}
        notes.append(warning("total_rows_dropped", file=named(file), **facts))
    if again.any():
        notes.append(warning("headers_again_dropped", file=named(file), rows=rows[again].tolist()))
    below = _remarks_below(columns, person, summed | again)
    if below.any():
        facts = {"count": int(below.sum()), "rows": rows[below].tolist()}
        notes.append(warning("remarks_below_dropped", file=named(file), **facts))
    gone = summed | again | below
    if not gone.any() or gone.all():
        return columns, []
    return tuple(cells.taken(~gone) for cells in columns), notes


def _summed(columns: tuple[Cells, ...], person: int | None) -> tuple[Mask, tuple[str, ...]]:
    """The rows of sums, and the words that say so."""
    none = np.zeros(len(columns[0].rows), np.bool_)
    words_of = [_sums(cells) for cells in columns]
    if not any(hit.any() for hit in words_of):
        return none, ()
    named_sum = [_of(cells, hit) for cells, hit in zip(columns, words_of, strict=True)]
    any_sum = np.logical_or.reduce(named_sum)
    if person is not None:
        gone = any_sum & (_of(columns[person], columns[person].blank) | named_sum[person])
    else:
        filled = np.array([not cells.blank[cells.codes[-1]] for cells in columns], np.bool_)
        first = int(np.argmax(filled))
        gone = none.copy()
        gone[-1] = named_sum[first][-1] and len(none) > 1
    words = {
        str(cells.distinct[cells.codes[at]]).casefold()
        for cells, hit in zip(columns, named_sum, strict=True)
        for at in np.flatnonzero(hit & gone)
    }
    return gone, tuple(f"«{word.rstrip(': ')}»" for word in sorted(words))


def _sums(cells: Cells) -> Mask:
    """Which distinct cells are a word for a sum and nothing else?"""
    if not any(
        cells.holds(stem)
        for stem in ("sum", "total", "i alt", "ialt", "saml", "samm", "saman", "snitt", "average", "mean", "median")
    ):
        return np.zeros(len(cells.distinct), np.bool_)
    return np.array([len(text) < 20 and plain(text) in TOTALS for text in cells.distinct], np.bool_)


def _remarks_below(columns: tuple[Cells, ...], person: int | None, out: Mask) -> Mask:
    """The last rows that hold one cell only, a sentence or a remark, where people have a pseudonym and more."""
    below = np.zeros(len(out), np.bool_)
    if len(columns) < 2:
        return below
    first = columns[person or 0]
    for at in range(len(out) - 1, max(-1, len(out) - 1 - MOST_BELOW), -1):
        held = [cells for cells in columns if cells.distinct[cells.codes[at]] != ""]
        if not out[at] and not (len(held) == 1 and _REMARK.search(str(held[0].distinct[held[0].codes[at]]))):
            break
        below[at] = not out[at]
    if not below.any():
        return below
    ordinary = first.distinct[np.unique(first.codes[~below & ~out])]
    alike = any(_REMARK.search(str(text)) for text in ordinary)
    return np.zeros(len(out), np.bool_) if alike else below


def _header_again(columns: tuple[Cells, ...]) -> Mask:
    """Which rows hold the headers once more?"""
    if len(columns) < 2 or not all(cells.holds(f"\n{cells.header.casefold()}\n") for cells in columns):
        return np.zeros(len(columns[0].rows), np.bool_)
    return np.asarray(
        np.logical_and.reduce([_of(cells, cells.distinct == cells.header) for cells in columns]), np.bool_
    )


def _of(cells: Cells, distinct: Mask) -> Mask:
    """Distinct cells as rows."""
    return np.asarray(distinct, np.bool_)[cells.codes]
