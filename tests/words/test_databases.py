"""Tables and questions of DuckDB, SQLite and whatever SQLAlchemy reaches: same rows, bound values, nothing changed."""

from __future__ import annotations

import hashlib
import logging
import pickle
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy
from bad_input import NUMBER, column
from canaries import PLANTED, accepted, names, refused

import navoutcomes as nav

HEADS = '"Løpenummer" {text}, fom {date}, tom {date}, "beløp" {number}, "Saksref" {text}'
PEOPLE = [("P-1", "2019-02-01", "2019-03-01", 12.5, PLANTED), ("P-2", "2019-02-03", None, 7.0, PLANTED)]
EXPECTED = {"person": ["P-1", "P-2"], "start": ["2019-02-01", "2019-02-03"], "end": ["2019-03-01", None],
            "beløp": [12.5, 7.0]}  # fmt: skip


def duck(folder: Path, rows: list[tuple[Any, ...]] = PEOPLE) -> Path:
    path = folder / "data.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE episoder ({HEADS.format(text='VARCHAR', date='DATE', number='DOUBLE')})")
        connection.executemany("INSERT INTO episoder VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute('CREATE SCHEMA arkiv; CREATE TABLE arkiv."gamle; DROP TABLE episoder" AS FROM episoder')
    return path


def lite(folder: Path, rows: list[tuple[Any, ...]] = PEOPLE) -> Path:
    path = folder / "data.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE episoder ({HEADS.format(text='TEXT', date='DATE', number='REAL')})")
    connection.executemany("INSERT INTO episoder VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("CREATE VIEW oversikt AS SELECT * FROM episoder")
    connection.commit()
    connection.close()
    return path


def as_expected(extract: nav.Extract) -> None:
    for name, values in EXPECTED.items():
        assert column(extract, name) == values, name


@pytest.mark.parametrize("make", [duck, lite])
def test_a_table_in_a_file_is_read_by_name(make: Any, tmp_path: Path) -> None:
    extract, _ = accepted(partial(nav.read, make(tmp_path), table="episoder"))
    as_expected(extract)
    assert extract.origin.names == (f"data.{'duckdb' if make is duck else 'sqlite'}: episoder",)


def test_the_same_rows_have_the_same_checksum_whatever_question_gave_them(tmp_path: Path) -> None:
    path = duck(tmp_path)
    whole = nav.read(path, table="episoder").origin.sources[0][1]
    assert whole == nav.read(path, query="SELECT * FROM episoder").origin.sources[0][1]
    assert whole != nav.read(path, query="SELECT * FROM episoder ORDER BY fom DESC").origin.sources[0][1]
    assert len(whole) == len(hashlib.sha256().hexdigest())


def test_a_relation_and_a_connection_of_duckdb(tmp_path: Path) -> None:
    with duckdb.connect(str(duck(tmp_path)), read_only=True) as connection:
        as_expected(accepted(partial(nav.read, connection.sql("SELECT * FROM episoder")))[0])
        as_expected(accepted(partial(nav.read, connection, table="episoder"))[0])
        as_expected(accepted(partial(nav.read, connection, table="arkiv.gamle; DROP TABLE episoder"))[0])
        assert connection.sql("SELECT count(*) FROM episoder").fetchall() == [(2,)]


def test_an_engine_a_connection_and_a_url_of_sqlalchemy(tmp_path: Path) -> None:
    url = f"sqlite:///{lite(tmp_path)}"
    engine = sqlalchemy.create_engine(url)
    as_expected(accepted(partial(nav.read, engine, table="episoder"))[0])
    as_expected(accepted(partial(nav.read, url, table="oversikt"))[0])
    with engine.connect() as connection:
        as_expected(accepted(partial(nav.read, connection, query="SELECT * FROM episoder"))[0])
        assert not connection.closed
    engine.dispose()


@pytest.mark.parametrize(("make", "sign"), [(duck, "$"), (lite, ":")])
def test_values_are_bound_and_never_pasted(make: Any, sign: str, tmp_path: Path) -> None:
    question = f'SELECT * FROM episoder WHERE "Løpenummer" = {sign}hvem'
    path = make(tmp_path)
    extract, _ = accepted(partial(nav.read, path, query=question, parameters={"hvem": "P-2"}))
    assert column(extract, "person") == ["P-2"]
    hostile = "P-2' OR 1=1; DROP TABLE episoder --"
    problem = refused(partial(nav.read, path, query=question, parameters={"hvem": hostile}))
    assert problem.key == "file_no_rows"
    as_expected(nav.read(path, table="episoder"))


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM episoder",
        "DROP TABLE episoder",
        "UPDATE episoder SET beløp = 0",
        "-- SELECT\nDROP TABLE episoder",
        "WITH a AS (SELECT 1) DELETE FROM episoder",
        "SELECT 1; DROP TABLE episoder",
        "",
        "PRAGMA writable_schema = 1",
    ],
)
def test_nothing_is_changed(question: str, tmp_path: Path) -> None:
    for path in (duck(tmp_path), lite(tmp_path)):
        assert refused(partial(nav.read, path, query=question)).key in ("database_refused", "database_no_rows")
        as_expected(nav.read(path, table="episoder"))
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'data.sqlite'}")
    refused(partial(nav.read, engine, query=question))
    as_expected(nav.read(engine, table="episoder"))
    engine.dispose()


def test_a_question_to_a_duckdb_file_reaches_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "hemmelig.csv"
    secret.write_text(f"a\n{PLANTED}\n", encoding="utf-8")
    for question in (
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM '{secret}'",
        "COPY episoder TO '/tmp/x.csv'",
    ):
        assert refused(partial(nav.read, duck_once(tmp_path), query=question)).key.startswith("database_")


def duck_once(folder: Path) -> Path:
    path = folder / "data.duckdb"
    return path if path.exists() else duck(folder)


@pytest.mark.parametrize("make", [duck, lite])
def test_what_is_wrong_is_said_without_the_question_its_values_or_a_password(make: Any, tmp_path: Path) -> None:
    path = make(tmp_path)
    problem = refused(partial(nav.read, path, table="deltakelser"))
    assert problem.key == "database_no_table"
    names(problem, (path.name, "deltakelser", "«episoder»", "table="))
    problem = refused(partial(nav.read, path))
    assert problem.key == "database_table_or_query"
    names(problem, (path.name, "table=", "query="))
    problem = refused(partial(nav.read, path, query=f"SELECT nothing('{PLANTED}')", parameters={"x": PLANTED}))
    assert problem.key == "database_refused"
    assert PLANTED not in problem.text() and path.name in problem.text()


def test_a_password_in_a_url_is_never_said(tmp_path: Path) -> None:
    problem = refused(partial(nav.read, f"postgresql://kari:{NUMBER}@vert.example/{NUMBER[:3]}base", table="t"))
    names(problem, ("postgresql",))
    for word in ("kari", "vert", NUMBER):
        assert word not in problem.text()


def test_identity_numbers_in_a_database_are_refused(tmp_path: Path) -> None:
    rows = [(NUMBER, "2019-02-01", None, 1.0, "x"), ("P-2", "2019-02-01", None, 1.0, "x")]
    for path in (duck(tmp_path, rows), lite(tmp_path, rows)):
        assert refused(partial(nav.read, path, table="episoder")).key == "identity_numbers"


def test_packed_objects_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (person TEXT, pakke BLOB)")
    connection.execute("INSERT INTO t VALUES ('P-1', ?)", (pickle.dumps([PLANTED]),))
    connection.commit()
    connection.close()
    problem = refused(partial(nav.read, path, table="t"))
    assert problem.key == "column_binary"
    names(problem, ("«pakke»",))


def test_a_table_in_memory_and_options_of_databases_for_a_file_are_refused(tmp_path: Path) -> None:
    assert refused(partial(nav.read, 3)).key == "source_unknown"
    path = tmp_path / "uttrekk.csv"
    path.write_text("Løpenummer\nP-1\n", encoding="utf-8")
    problem = refused(partial(nav.read, path, table="episoder"))
    assert problem.key == "options_for_databases"
    names(problem, ("uttrekk.csv", "table="))


def test_without_sqlalchemy_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lite(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "sqlalchemy", None)
    problem = refused(partial(nav.read, path, table="episoder"))
    assert problem.key == "package_missing"
    names(problem, ("sqlalchemy", "navoutcomes[sql]"))


def test_kinds_of_values_keep_their_meaning(tmp_path: Path) -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection:
        question = (
            "SELECT 'P-1' AS person, 1.50 AS tall, 3 AS hele, '0301' AS kommunenr, NULL AS tomt, '04.05.2019' AS fom"
        )
        extract, _ = accepted(partial(nav.read, connection, query=question))
    assert column(extract, "tall") == [1.5]
    assert column(extract, "hele") == [3]
    assert column(extract, "municipality_no") == ["0301"]
    assert column(extract, "start") == ["2019-05-04"]
    engine.dispose()


def test_logging_of_the_engine_is_not_ours_to_turn_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        nav.read(lite(tmp_path), table="episoder")
    assert not caplog.records
