"""What are the rows of a table or a question in a database? Values are bound, nothing is written, nothing is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from navoutcomes.errors import DataProblem, named
from navoutcomes.records.sources.cells import DATE, NUMBER, TEXT, TRUTH, raw_of
from navoutcomes.records.sources.parquet import FOREIGN, table_of
from navoutcomes.records.sources.progress import Progress
from navoutcomes.records.sources.signatures import DUCK, SQLITE
from navoutcomes.records.sources.table import MOST_COLUMNS, Table

ASKING = frozenset(("select", "with", "from", "values", "table", "describe", "summarize"))
CHANGING = frozenset(
    (
        *("insert", "update", "delete", "merge", "drop", "alter", "create", "truncate", "attach", "detach", "copy"),
        *("grant", "revoke", "vacuum", "pragma", "call", "execute", "install", "load", "export", "import"),
    )
)
AT_A_TIME = 10_000
SHOWN = 20
# Not every driver rolls back what changes tables (that of SQLite does not), so such questions are never sent.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WORDS = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Question:
    """Which rows are wanted: all of a ``table``, or those of a ``query`` with its ``parameters``."""

    table: str | None
    query: str | None
    parameters: Mapping[str, Any] | Sequence[Any] | None

    def checked(self, file: str) -> Question:
        """Exactly one of table and query, and a query that only asks. Raises: ``DataProblem``."""
        if (self.table is None) == (self.query is None):
            raise DataProblem("database_table_or_query", file=file)
        if self.query is not None:
            words = _WORDS.findall(_QUOTED.sub(" ", self.query).lower())
            if not words or words[0] not in ASKING or CHANGING & set(words):
                raise DataProblem("database_no_rows", file=file)
        return self


def is_database(source: Any) -> bool:
    """Is this a database, a connection to one, or an answer of DuckDB, rather than a file of rows?"""
    if isinstance(source, str | Path):
        return "://" in str(source) or _file_kind(Path(source)) != ""
    return _package(source) in ("duckdb", "sqlalchemy")


def rows_of(source: Any, question: Question) -> tuple[Table, str]:
    """The rows as cells of text, and the sha256 of all of them.

    Raises: ``DataProblem`` when the database cannot be reached, refuses the question, or has no such table.
    """
    label = _label(source)
    if isinstance(source, str | Path) and _file_kind(Path(source)) == "duckdb":
        with _duck_file(Path(source), label) as connection:
            table = _from_duck(connection, question.checked(label), label)
    elif _package(source) == "duckdb":
        is_relation = hasattr(source, "project")
        table = _from_relation(source, label) if is_relation else _from_duck(source, question.checked(label), label)
    else:
        from navoutcomes.records.sources.sql import rows_by_sql

        headers, rows = rows_by_sql(source, question.checked(label), label)
        table = table_of_rows(headers, rows, label)
    if question.table is not None:
        table = replace(table, file=f"{label}: {named(question.table)}")
    return table, _digest(table)


def table_of_rows(headers: Sequence[str], rows: Sequence[Sequence[Any]], file: str) -> Table:
    """Rows of values as cells of text, with what the database itself holds them for."""
    if len(headers) > MOST_COLUMNS:
        raise DataProblem("file_too_wide", file=file, count=len(headers), limit=MOST_COLUMNS)
    columns: Sequence[Sequence[Any]] = tuple(zip(*rows, strict=True)) if rows else [()] * len(headers)
    raws = []
    for header, values in zip(headers, columns, strict=True):
        if any(isinstance(value, bytes | bytearray | memoryview) for value in values):
            raise DataProblem("column_binary", column=header)
        written = [_written(value) for value in values]
        raws.append(raw_of([text for text, _ in written], [kind for _, kind in written]))
    return Table(file, tuple(headers), tuple(raws), np.arange(2, len(rows) + 2, dtype=np.int64))


def gathered(batches: Iterator[Sequence[Any]], file: str) -> list[Sequence[Any]]:
    """All rows of an answer that comes a bit at a time."""
    rows: list[Sequence[Any]] = []
    with Progress(file, 0) as progress:
        for batch in batches:
            rows += batch
            progress.at(len(rows))
    return rows


def no_such_table(label: str, table: str, there: Sequence[str]) -> DataProblem:
    """The problem that names the tables there are."""
    shown = tuple(f"«{named(name)}»" for name in sorted(there)[:SHOWN]) or ("–",)
    return DataProblem("database_no_table", file=label, table=named(table), tables=shown)


def refused(label: str, error: BaseException) -> DataProblem:
    """The problem that names the kind of error; the database's own message may quote values and passwords."""
    return DataProblem("database_refused", file=label, kind=type(error).__name__)


@contextmanager
def _duck_file(path: Path, label: str) -> Iterator[Any]:
    """A DuckDB file opened for reading, where no question can reach other files or the net."""
    import duckdb

    problem, connection = None, None
    try:
        settings = {"enable_external_access": "false", "lock_configuration": "true"}
        connection = duckdb.connect(str(path), read_only=True, config=settings)
    except (duckdb.Error, *FOREIGN) as error:
        problem = refused(label, error)
    if problem is not None or connection is None:
        raise problem or DataProblem("file_damaged", file=label)
    with connection:
        yield connection


def _from_duck(connection: Any, question: Question, label: str) -> Table:
    import duckdb

    problem, table = None, None
    try:
        if question.table is not None:
            found = connection.sql("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
            places = {name: (schema, name) for schema, name in reversed(found)}
            places |= {f"{schema}.{name}": (schema, name) for schema, name in found}
            place = places.get(question.table)
            if place is None:
                problem = no_such_table(label, question.table, [name for _, name in found])
            else:
                quoted = ".".join('"' + part.replace('"', '""') + '"' for part in place)
                table = table_of(connection.sql(f"SELECT * FROM {quoted}"), label)  # noqa: S608
        else:
            relation = connection.sql(question.query, params=question.parameters)
            table = None if relation is None else table_of(relation, label)
    except (duckdb.Error, *FOREIGN) as error:
        problem = refused(label, error)
    if problem is not None or table is None:
        raise problem or DataProblem("database_no_rows", file=label)
    return table


def _from_relation(relation: Any, label: str) -> Table:
    import duckdb

    problem, table = None, None
    try:
        table = table_of(relation, label)
    except (duckdb.Error, *FOREIGN) as error:
        problem = refused(label, error)
    if problem is not None or table is None:
        raise problem or DataProblem("database_no_rows", file=label)
    return table


def _written(value: Any) -> tuple[str, int]:
    """A value as text, and what the database holds it for."""
    if value is None:
        return "", TEXT
    if isinstance(value, bool):
        return str(value).lower(), TRUTH
    if isinstance(value, int):
        return str(value), NUMBER
    if isinstance(value, float | Decimal):
        number = float(value)
        return (str(int(number)) if number.is_integer() and abs(number) < 1e15 else str(value)), NUMBER
    if isinstance(value, datetime):
        whole_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds"), DATE
    return (value.isoformat(), DATE) if isinstance(value, date) else (str(value), TEXT)


def _digest(table: Table) -> str:
    """sha256 of headers and cells in their order: the same rows give the same, whatever holds them."""
    digest = hashlib.sha256("\x1f".join(table.headers).encode())
    for raw in table.columns:
        digest.update("\x1f".join(raw.distinct).encode("utf-8", "surrogatepass"))
        digest.update(np.ascontiguousarray(raw.codes, "<i8").tobytes())
    return digest.hexdigest()


def _file_kind(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(16)
    except (OSError, ValueError):
        return ""
    return "sqlite" if start == SQLITE else "duckdb" if start[8:12] == DUCK else ""


def _package(source: Any) -> str:
    return type(source).__module__.partition(".")[0].lstrip("_")


def _label(source: Any) -> str:
    """The name of a database as it may be printed: no user, password, machine or folder."""
    if isinstance(source, Path) or (isinstance(source, str) and "://" not in source):
        return named(Path(source).name)
    if isinstance(source, str):
        scheme, _, rest = source.partition("://")
        return named(f"{scheme.partition('+')[0]}: {rest.rpartition('/')[2].partition('?')[0]}")
    url = getattr(getattr(source, "engine", source), "url", None)
    if url is not None:
        return named(f"{url.get_backend_name()}: {Path(url.database or '').name}")
    return _package(source)
