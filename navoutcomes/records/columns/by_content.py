"""Which columns bear a usual name, but mean what it says only when their cells do too?

«Måned» may be a month of the calendar or the third month of a course, «Lønnstilskudd» a yes or an amount.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.columns.dates import date_like
from navoutcomes.records.columns.headers import Recognised
from navoutcomes.records.columns.mapping import ColumnMapping
from navoutcomes.records.columns.missing import set_aside
from navoutcomes.records.columns.words import answers
from navoutcomes.records.rules import Rules
from navoutcomes.records.sources.cells import DATE, NUMBER, Cells, Mask

MONTH = re.compile(r"(19|20|21)\d\d-?(0[1-9]|1[0-2])")
FLAGS = ("employed", "subsidised", "sheltered")
DATES = ("place_from", "place_to")
_USUAL = {column.name: column for column in USUAL_COLUMNS.columns if column.name in ("month", *FLAGS, *DATES)}


def settled(found: Recognised, cells: tuple[Cells, ...], mapping: ColumnMapping, rules: Rules) -> Recognised:
    """The same columns; those whose cells are not what their header promises keep the header, and mean nothing.

    What a codebook or a mapping declares is left as declared.
    """
    columns, names = list(found.columns), list(found.names)
    for at, (one, column) in enumerate(zip(cells, found.columns, strict=True)):
        if column is None or column is not _USUAL.get(column.name) or mapping.target(one.header) is not None:
            continue
        kind = _kind(one, column, rules)
        columns[at] = None if kind is None else replace(column, kind=kind)
        if kind is None and one.header not in names:
            names[at] = one.header
    return Recognised(tuple(columns), tuple(names))


def _kind(cells: Cells, column: Column, rules: Rules) -> str | None:
    """The kind its cells are read as, None when they are something else."""
    live = set_aside(cells, column, rules).live
    if not live.any():
        return column.kind
    if column.name in FLAGS:
        yes, no = answers(cells)
        return "flag" if (yes | no)[live].all() else None
    if column.name == "month" and all(MONTH.fullmatch(text) for text in cells.distinct[live]):
        return "word"
    return "date" if _dates(cells, live, rules)[live].all() else None


def _dates(cells: Cells, live: Mask, rules: Rules) -> Mask:
    written = date_like(cells, live & (cells.native != NUMBER), rules, cells.header)
    return np.asarray(live & ((cells.native == DATE) | written), np.bool_)
