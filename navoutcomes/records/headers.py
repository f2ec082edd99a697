"""Which column of the codebook is each column of the file?"""

from __future__ import annotations

from dataclasses import dataclass

from navoutcomes.errors import DataProblem, named
from navoutcomes.records.aliases import REFERRAL_HEADERS, USUAL_COLUMNS
from navoutcomes.records.codebook import Codebook, Column, known_as, plain
from navoutcomes.records.table import Table


@dataclass(frozen=True)
class Recognised:
    """For each column of the file, in its order: the codebook's column, or None; and the name it gets."""

    columns: tuple[Column | None, ...]
    names: tuple[str, ...]

    def pairs(self, headers: tuple[str, ...]) -> tuple[str, ...]:
        """What was called what, for the log."""
        renamed = zip(headers, self.columns, strict=True)
        return tuple(f"«{named(header)}» → {column.name}" for header, column in renamed if column is not None)


def recognise(table: Table, codebook: Codebook | None) -> Recognised:
    """Match headers to the codebook, and for names it does not declare, to the usual headers of Norwegian registers.

    Raises: ``DataProblem`` when a required column is missing, or when two columns of the file mean the same.
    """
    declared = () if codebook is None else codebook.columns
    columns = _matched(table.headers, declared)
    found = [column for column in columns if column is not None]
    for column in found:
        same = [header for header, other in zip(table.headers, columns, strict=True) if other == column]
        if len(same) > 1:
            raise DataProblem("columns_mean_the_same", file=table.file, column=column.name, columns_found=same)
    absent = [column for column in declared if column.required and column not in found]
    if absent:
        raise column_missing(table.file, absent, table.headers)
    pairs = list(zip(table.headers, columns, strict=True))
    names = tuple(header if column is None else column.name for header, column in pairs)
    clashing = [header for header, column in pairs if column is None and names.count(header) > 1]
    if clashing:
        raise DataProblem("columns_mean_the_same", file=table.file, column=clashing[0], columns_found=clashing)
    return Recognised(columns, names)


def _matched(headers: tuple[str, ...], declared: tuple[Column, ...]) -> tuple[Column | None, ...]:
    """Without a column of start dates, and with none declared, being referred is what starts a spell."""
    taken = {column.name for column in declared}
    usual = {column.name: column for column in USUAL_COLUMNS.columns if column.name not in taken}
    by_header = {header: column for column in usual.values() for header in known_as(column)}
    by_header |= {header: column for column in declared for header in known_as(column)}
    columns = tuple(by_header.get(plain(header)) for header in headers)
    start, referral = usual.get("start"), {plain(header) for header in REFERRAL_HEADERS}
    if start is None or start in columns or "referred" in taken:
        return columns
    return tuple(
        start if column is not None and column.name == "referred" and plain(header) in referral else column
        for header, column in zip(headers, columns, strict=True)
    )


def column_missing(file: str, absent: list[Column], headers: tuple[str, ...]) -> DataProblem:
    """Which columns were expected, under which names, and what was found instead."""
    expected = [name for column in absent for name in (column.name, *column.headers[:4])]
    return DataProblem(
        "column_missing",
        file=file,
        count=len(absent),
        column=[column.name for column in absent],
        columns_expected=expected,
        columns_found=list(headers),
    )
