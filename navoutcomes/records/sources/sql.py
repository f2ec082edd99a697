"""What does a database answer through SQLAlchemy? Values are bound, and nothing that was changed is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from navoutcomes.errors import DataProblem
from navoutcomes.records.sources.databases import AT_A_TIME, Question, gathered, no_such_table, refused


def rows_by_sql(source: Any, question: Question, label: str) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    """Headers and rows. ``source`` is a URL, the path of an SQLite file, an engine or a connection.

    Raises: ``DataProblem`` when SQLAlchemy is not installed, the database cannot be reached, or the question is
    refused or gives no rows. The message never holds the question, its values or the password of the URL.
    """
    try:
        import sqlalchemy
    except ImportError:
        sqlalchemy = None
    if sqlalchemy is None:
        raise DataProblem("package_missing", package="sqlalchemy")
    problem, answer = None, None
    own = isinstance(source, str | Path)
    engine: Any = None
    try:
        engine = sqlalchemy.create_engine(_url(sqlalchemy, source)) if own else getattr(source, "engine", source)
        answer = _answer(sqlalchemy, engine if own else source, question, label)
    except DataProblem as found:
        problem = found
    except Exception as error:  # every driver has exceptions of its own, and their texts quote values
        problem = refused(label, error)
    finally:
        if own and engine is not None:
            engine.dispose()
    if problem is not None or answer is None:
        raise problem or DataProblem("database_no_rows", file=label)
    return answer


def _url(sqlalchemy: Any, source: str | Path) -> Any:
    """A file of SQLite is opened for reading only."""
    if "://" in str(source):
        return sqlalchemy.engine.make_url(str(source))
    place = Path(source).resolve().as_uri()
    return sqlalchemy.URL.create("sqlite", database=place, query={"mode": "ro", "uri": "true"})


def _answer(
    sqlalchemy: Any, source: Any, question: Question, label: str
) -> tuple[tuple[str, ...], list[Sequence[Any]]] | None:
    """The rows, from a transaction that is always rolled back; None when the question gives no rows."""
    if isinstance(source, sqlalchemy.engine.Connection):
        return _asked(sqlalchemy, source, question, label)
    with source.connect() as connection:
        try:
            return _asked(sqlalchemy, connection, question, label)
        finally:
            connection.rollback()


def _asked(
    sqlalchemy: Any, connection: Any, question: Question, label: str
) -> tuple[tuple[str, ...], list[Sequence[Any]]] | None:
    values: dict[str, Any] = {}
    if question.table is not None:
        statement = _whole(sqlalchemy, connection, question.table, label)
    else:
        statement, values = sqlalchemy.text(question.query), dict(question.parameters or {})
    result = connection.execution_options(stream_results=True).execute(statement, values)
    if not result.returns_rows:
        return None
    headers = tuple(map(str, result.keys()))
    return headers, gathered(result.partitions(AT_A_TIME), label)


def _whole(sqlalchemy: Any, connection: Any, name: str, label: str) -> Any:
    """All of a table or view, by the names the database itself gives."""
    schema, dot, inner = name.rpartition(".")
    looked = sqlalchemy.inspect(connection)
    there = [*looked.get_table_names(), *looked.get_view_names()]
    if name in there:
        chosen, place = name, None
    elif dot and inner in [*looked.get_table_names(schema=schema), *looked.get_view_names(schema=schema)]:
        chosen, place = inner, schema
    else:
        raise no_such_table(label, name, there)
    return sqlalchemy.select(sqlalchemy.Table(chosen, sqlalchemy.MetaData(), autoload_with=connection, schema=place))
