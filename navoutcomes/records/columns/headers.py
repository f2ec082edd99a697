"""Which column of the codebook is each column of the file?"""

from __future__ import annotations

from dataclasses import dataclass

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import column_label
from navoutcomes.records.columns.aliases import REFERRAL_HEADERS, USUAL_COLUMNS
from navoutcomes.records.columns.codebook import Codebook, Column, known_as, plain
from navoutcomes.records.columns.mapping import OWN_NAME, ColumnMapping
from navoutcomes.records.sources.heading import Looked
from navoutcomes.records.sources.table import Table
from navoutcomes.texts import LANGUAGES, Text


@dataclass(frozen=True)
class Recognised:
    """For each column of the file, in its order: the codebook's column, or None; and the name it gets."""

    columns: tuple[Column | None, ...]
    names: tuple[str, ...]

    def pairs(self, headers: tuple[str, ...]) -> tuple[Text, ...]:
        """What was called what, for the log, by header; a column with the name readers know stands alone."""
        renamed = sorted(zip(headers, self.names, self.columns, strict=True), key=lambda one: one[0])
        return tuple(
            Text(*(_pair(named(header), named(column_label(name, language))) for language in LANGUAGES))
            for header, name, column in renamed
            if column is not None or header != name
        )

    def place(self, name: str) -> int | None:
        """Where the column of this standard name stands."""
        return self.names.index(name) if name in self.names else None


def looked_for(codebook: Codebook | None, mapping: ColumnMapping, header_row: int | None, file: str) -> Looked:
    """What to look for in the header: names anybody knows, and those that must be there."""
    declared = () if codebook is None else codebook.columns
    usual = (*USUAL_COLUMNS.columns, *declared)
    known = frozenset(header for column in usual for header in known_as(column))
    known |= {plain(header) for header, name in mapping.columns.items() if name} - {""}
    needed = tuple(_headers_of(column, mapping) for column in declared if column.required)
    return Looked(known, needed, header_row, file)


def recognise(table: Table, codebook: Codebook | None, mapping: ColumnMapping) -> Recognised:
    """Match headers to the mapping, then the codebook, and for names neither declares, to the usual headers of
    Norwegian registers.

    Raises: ``DataProblem`` when a required column is missing, or when two columns of the file mean the same.
    """
    declared = () if codebook is None else codebook.columns
    columns = _matched(table.headers, declared, mapping)
    found = [column for column in columns if column is not None]
    for column in found:
        same = [header for header, other in zip(table.headers, columns, strict=True) if other == column]
        if len(same) > 1:
            raise DataProblem("columns_mean_the_same", file=table.file, column=column.name, columns_found=same)
    absent = [column for column in declared if column.required and column not in found]
    if absent:
        raise column_missing(table.file, absent, table.headers)
    pairs = list(zip(table.headers, columns, strict=True))
    names = tuple(_name(header, column, mapping) for header, column in pairs)
    clashing = [header for header, name in zip(table.headers, names, strict=True) if names.count(name) > 1]
    if clashing:
        raise DataProblem("columns_mean_the_same", file=table.file, column=clashing[0], columns_found=clashing)
    return Recognised(columns, names)


def id_headers(headers: tuple[str, ...], codebook: Codebook | None, mapping: ColumnMapping) -> list[str]:
    """The headers of columns that are meant for identities, before anything else is known of them."""
    columns = _matched(headers, () if codebook is None else codebook.columns, mapping)
    return [
        header for header, column in zip(headers, columns, strict=True) if column is not None and column.kind == "id"
    ]


def _name(header: str, column: Column | None, mapping: ColumnMapping) -> str:
    return column.name if column is not None else mapping.target(header) or header


def _headers_of(column: Column, mapping: ColumnMapping) -> frozenset[str]:
    return known_as(column) | {plain(header) for header, name in mapping.columns.items() if name == column.name}


def _matched(
    headers: tuple[str, ...], declared: tuple[Column, ...], mapping: ColumnMapping
) -> tuple[Column | None, ...]:
    """Without a column of start dates, and with none declared, being referred is what starts a spell."""
    taken = {column.name for column in declared}
    usual = {column.name: column for column in USUAL_COLUMNS.columns if column.name not in taken}
    by_header = {header: column for column in usual.values() for header in known_as(column)}
    by_header |= {header: column for column in declared for header in known_as(column)}
    by_name = usual | {column.name: column for column in declared}
    columns = tuple(_column(header, mapping, by_name, by_header) for header in headers)
    start, referral = usual.get("start"), {plain(header) for header in REFERRAL_HEADERS}
    if start is None or start in columns or "referred" in taken:
        return columns
    return tuple(
        start if column is not None and column.name == "referred" and plain(header) in referral else column
        for header, column in zip(headers, columns, strict=True)
    )


def _column(
    header: str, mapping: ColumnMapping, by_name: dict[str, Column], by_header: dict[str, Column]
) -> Column | None:
    """What the mapping says; then what the header says. A kind the mapping names holds for a column of its own."""
    target, kind = mapping.target(header), mapping.kind(header)
    column = by_header.get(plain(header)) if target is None else by_name.get(target) if target != OWN_NAME else None
    if kind is None or (column is not None and column.kind == kind):
        return column
    return Column(target or (column.name if column else header), kind, required=False)


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


def _pair(header: str, label: str) -> str:
    return f"«{header}»" if plain(header) == plain(label) else f"«{header}» → {label}"
