"""One column a year (utfall_2015, utfall_2016): is it so, and what are its rows?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.sources.cells import Raw, as_objects
from navoutcomes.records.sources.table import Table

YEAR = "year"
# Only the end of a header is looked at: a pattern for the whole of one tries every place of a very long one.
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
BETWEEN = "_.- \t\r\n\u00a0"


def in_years(headers: Sequence[str]) -> dict[str, dict[int, int]]:
    """The stems that stand with several years: for each the year and the place of its column."""
    found: dict[str, dict[int, int]] = {}
    for at, header in enumerate(headers):
        stem = _before_the_year(header)
        if stem:
            found.setdefault(plain(stem), {}).setdefault(int(header[-4:]), at)
    return {stem: years for stem, years in found.items() if len(years) > 1}


def made_long(table: Table, melt: Sequence[str], known: frozenset[str], declared: frozenset[str]) -> Table:
    """The table with a row a person and year for the stems named in ``melt``, and the year in a column of its own.

    ``known`` headers have a meaning, ``declared`` ones are in the codebook as they stand. A year where all of them are
    blank gives no row. Raises: ``DataProblem`` when a column with a meaning stands once a year and nobody has said what
    to do, or when ``melt`` names what is not there.
    """
    stems = in_years(table.headers)
    asked = {plain(stem) for stem in melt}
    if asked - set(stems):
        raise DataProblem("melt_not_there", file=named(table.file), stems=tuple(melt), columns=list(table.headers))
    if asked:
        return _long(table, {stem: stems[stem] for stem in sorted(asked)})
    wide = {
        stem: years
        for stem, years in stems.items()
        if not {plain(table.headers[at]) for at in years.values()} & declared
    }
    columns = [table.headers[at] for years in wide.values() for at in years.values()]
    meaning = [stem for stem in wide if stem in known]
    if meaning:
        columns = [table.headers[at] for stem in meaning for at in wide[stem].values()]
        stem = _stem(table, wide[meaning[0]])
        raise DataProblem("columns_in_years", file=named(table.file), count=len(columns), columns=columns, stem=stem)
    if not columns:
        return table
    return replace(
        table,
        notes=(
            *table.notes,
            warning("columns_in_years_kept", columns=columns, stem=_stem(table, next(iter(wide.values())))),
        ),
    )


def _long(table: Table, stems: dict[str, dict[int, int]]) -> Table:
    """Each row once for each year, stems side by side."""
    years = sorted({year for places in stems.values() for year in places})
    moved = {at for places in stems.values() for at in places.values()}
    rows, size = len(table.rows), len(years)
    kept = [at for at in range(len(table.headers)) if at not in moved]
    columns = [_repeated(table.columns[at], size) for at in kept]
    headers = [table.headers[at] for at in kept]
    filled = np.zeros(rows * size, np.bool_)
    for places in stems.values():
        raw = _side_by_side([table.columns[places[year]] if year in places else None for year in years], rows)
        filled |= (raw.distinct != "")[raw.codes]
        headers.append(_stem(table, places))
        columns.append(raw)
    name = YEAR if YEAR not in headers else f"{YEAR}_"
    texts = as_objects([str(year) for year in years])
    columns.append(Raw(texts, np.zeros(size, np.int8), np.tile(np.arange(size), rows)))
    remark: Note = note("columns_made_rows", stems=headers[len(kept) :], years=size, column=name)
    long = replace(table, headers=(*headers, name), columns=tuple(columns), rows=np.repeat(table.rows, size))
    return long.taken(filled, (remark,))


def _stem(table: Table, places: dict[int, int]) -> str:
    return _before_the_year(table.headers[next(iter(places.values()))]).strip(BETWEEN)


def _before_the_year(header: str) -> str:
    """What a header says before the year it ends with; nothing where it ends otherwise, or is a year alone."""
    stem = header[:-4].rstrip(BETWEEN) if _YEAR.fullmatch(header[-4:]) else ""
    return stem if any(sign.isalpha() for sign in stem) else ""


def _repeated(raw: Raw, times: int) -> Raw:
    return replace(raw, codes=np.repeat(raw.codes, times))


def _side_by_side(raws: list[Raw | None], rows: int) -> Raw:
    """Columns of the same thing in several years as one, the years of a person after each other."""
    distinct, native, codes, offset = [""], [0], np.zeros((rows, len(raws)), np.int64), 1
    for at, raw in enumerate(raws):
        if raw is not None:
            codes[:, at] = raw.codes + offset
            distinct += list(raw.distinct)
            native += list(raw.native)
            offset += len(raw.distinct)
    return Raw(as_objects(distinct), np.array(native, np.int8), codes.ravel())
