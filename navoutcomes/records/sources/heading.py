"""Which row of the file names the columns?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, warning
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.sources.cells import BLANKS

LOOKED_AT = 50


@dataclass(frozen=True)
class Looked:
    """What is looked for when the header is found.

    ``known`` headers as ``plain`` writes them, for each column that must be there its headers (``needed``), the
    ``wanted`` row of the file (None: find it), and the ``file`` and ``sheet`` to name. ``merged`` are a sheet's merged
    cells as (first row, last row, columns wide, name).
    """

    known: frozenset[str]
    needed: tuple[frozenset[str], ...]
    wanted: int | None
    file: str
    sheet: str = "–"
    merged: tuple[tuple[int, int, int, str], ...] = ()

    def has_needed(self, cells: Sequence[str]) -> bool:
        """Does a row name every column that must be there?"""
        there = {plain(cell) for cell in cells}
        return all(there & headers for headers in self.needed)


def find_heading(rows: Sequence[tuple[int, Sequence[str]]], looked: Looked) -> tuple[int, list[Note]]:
    """The position of the header among the first rows with cells; each row comes with its number in the file.

    The first row is the header unless it names nothing known and exactly one row below names several columns. Raises:
    ``DataProblem`` when several rows could be the header, when it fills two rows, or when a title stands above it and
    nothing tells which row it is.
    """
    rows = rows[:LOOKED_AT]
    if looked.wanted is not None:
        chosen = [at for at, (number, _) in enumerate(rows) if number == looked.wanted]
        if not chosen:
            raise DataProblem("header_row_empty", file=looked.file, row=looked.wanted)
        return chosen[0], []
    scores = [recognised(cells, looked.known) for _, cells in rows]
    filled = [sum(bool(cell.strip(BLANKS)) for cell in cells) for _, cells in rows]
    same_as_first = [[cell for cell in cells if cell] == [cell for cell in rows[0][1] if cell] for _, cells in rows]
    named_below = [at for at in range(1, len(rows)) if scores[at] >= 2 and not same_as_first[at]]
    at, notes = 0, []
    if named_below and (scores[0] == 0 or filled[0] == 1):
        if len(named_below) > 1:
            numbers = [rows[one][0] for one in named_below]
            raise DataProblem("header_unclear", file=looked.file, sheet=looked.sheet, rows=numbers)
        at = named_below[0]
        notes.append(warning("header_lower_down", file=looked.file, sheet=looked.sheet, row=rows[at][0]))
    elif scores[0] == 0 and filled[0] == 1 and max(filled) > 1:
        raise DataProblem("header_not_found", file=looked.file, sheet=looked.sheet, title=rows[0][0])
    _check_one_row(rows, filled, scores, at, looked)
    return at, notes


def recognised(cells: Sequence[str], known: frozenset[str]) -> int:
    """How many different known headers stand in a row?"""
    return len({plain(cell) for cell in cells if len(cell) <= 200} & known)


def _check_one_row(
    rows: Sequence[tuple[int, Sequence[str]]], filled: list[int], scores: list[int], at: int, looked: Looked
) -> None:
    """A header in two rows leaves columns with half a name."""
    number = rows[at][0]
    cells: list[str] = [
        name for top, last, wide, name in looked.merged if top <= number <= last and (wide > 1 or last > top)
    ]
    above = at > 0 and rows[at - 1][0] == number - 1 and filled[at - 1] > 1
    if above:
        cells += [name for top, last, _, name in looked.merged if top <= number - 1 <= last]
    below = at + 1 < len(rows) and rows[at + 1][0] == number + 1 and rows[at + 1][1] != rows[at][1]
    goes_on = below and scores[at + 1] >= 2 and (scores[at + 1] > scores[at] or _fills_gaps(*rows[at : at + 2]))
    if cells or above or goes_on:
        top = number - 1 if above else number
        facts = {"file": looked.file, "sheet": looked.sheet, "rows": (top, top + 1), "next": top + 1}
        raise DataProblem("header_in_two_rows", cells=sorted(set(cells)) or ("–",), **facts)


def _fills_gaps(row: tuple[int, Sequence[str]], below: tuple[int, Sequence[str]]) -> bool:
    """Does a row have cells where the one above is blank?"""
    return any(not upper.strip(BLANKS) and lower.strip(BLANKS) for upper, lower in zip(row[1], below[1], strict=False))
