"""Which columns hold nothing, and which of them is nothing without them?"""

from __future__ import annotations

from collections.abc import Callable

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, warning
from navoutcomes.records.columns.headers import Recognised
from navoutcomes.records.sources.cells import Cells

ALWAYS = ("person", "start")
WHEN_ENDED = ("reason", "exit_class")


def check_filled(
    cells: tuple[Cells, ...], found: Recognised, ended: bool, blank_id: str, problem: Callable[[DataProblem], None]
) -> list[Note]:
    """Columns without a single cell are worth a warning; the ones people, starts or, where spells have ``ended``, exit
    reasons are read from, and those a codebook requires, are a problem.

    A column of ends without a cell says that everybody is still in the programme: that can be true.
    """
    empty = [name for one, name in zip(cells, found.names, strict=True) if not _filled(one)]
    if not empty:
        return []
    rest = []
    for one, column, name in zip(cells, found.columns, found.names, strict=True):
        if name not in empty:
            continue
        declared = column is not None and column.required
        needed = (name in ALWAYS and blank_id != "drop") or (name in WHEN_ENDED and ended)
        if declared or needed:
            problem(DataProblem("column_without_cells", column=one.header, name=name, total=len(one.codes)))
        else:
            rest.append(one.header)
    return [warning("columns_without_cells", columns=rest)] if rest else []


def _filled(cells: Cells) -> bool:
    blank = cells.blank
    return not blank.any() or not bool(blank[cells.codes].all())
