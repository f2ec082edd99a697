"""Files of every kind that is read, and the ways to mangle them."""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
import sys
import tempfile
import zipfile
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import CALENDAR_MAC_1904

sys.path.insert(0, str(Path(__file__).parents[1] / "words"))

from bad_input import NAME
from canaries import PLANTED

HEADS = ("Løpenummer", "tiltak", "fom", "tom", "årsak", "beløp", "kjønn", "alder", "Saksref")
LINES = (
    ("P-1", "KVP", "01.02.2019", "01.03.2019", "Arbeid", "1 234,50", "K", "34", PLANTED),
    ("P-2", "IPS", "2019-02-03", "", "", "17", "M", "41", PLANTED),
    ("P-3", "IPS", "15. mai 2019", "31.12.9999", "Annet", "kr 5,-", "K", "29", PLANTED),
)
KINDS = ("csv", "xlsx", "parquet", "zip", "gz", "sqlite", "duckdb", "toml")
TOML = '[columns]\n"Løpenummer" = "person"\nfom = "start"\n[kinds]\n"beløp" = "word"\n[read]\nheader_row = 1\n'
CELLS = (
    *(
        "",
        " ",
        "-",
        "ukjent",
        "n/a",
        "#N/A",
        "#REF!",
        "nan",
        "inf",
        "1e400",
        "-0",
        "١٢",
        "１２",
        "½",
        "²",
        "1.234",
        "1,5",
    ),
    *(
        "12 %",
        "0,5",
        "1,2 mill",
        "(3)",
        "−4",
        "'7",
        "30.02.2019",
        "00.00.0000",
        "31.12.9999",
        "99.99.9999",
        "0001-01-01",
    ),
    *("43466", "04/05/2019", "2019-03-31T25:61:61Z", "2019-01-01T00:00:00+99:99", "15. mai 19", "mai", "01.01.19"),
    *(
        "=1+1",
        "@x",
        "\u202e",
        "\ufeff",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "a" * 11_000,
    ),
    *("TromsÃ¸", "A\u030a", "\x85", "\u2028", "Sum", "Totalt", "class", 'Q("x")', "P-1", "p-1", "0123", "1E+10"),
    *("true", "ja", "nei", "1" * 40, "12 " * 20, NAME, PLANTED, "fortrolig", "x@y.no", "12 34 56 78"),
)
TOKENS = (
    *(b";", b",", b"\t", b"|", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"),
    *(b"sep=;\n", b"\xe5", b"\xc3", b"\xc3\xc2", b"<!DOCTYPE x>", b"<f>1</f>", b'<mergeCell ref="A1:C2"/>', b"</row>"),
    *(
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b\x08",
        b"PAR1",
        b"SQLite format 3\0",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
    ),
    *(
        b"1904",
        b't="e"',
        b't="d"',
        b't="s"',
        b"<v>9e99</v>",
        b"<v>-1</v>",
        b"<v></v>",
        b"&amp;",
        b"&#0;",
        b'r="XFD1048576"',
    ),
)
MARKS = b"0123456789.,:-/ ;\"'eE+%()<>=\0\xff\xc3\xa5"


@cache
def whole(kind: str) -> bytes:
    """A sound file of a kind, with the canaries in every row."""
    text = "\n".join(";".join(cells) for cells in (HEADS, *LINES)) + "\n"
    if kind == "csv":
        return text.encode()
    if kind == "toml":
        return TOML.encode()
    if kind == "gz":
        return gzip.compress(text.encode(), mtime=0)
    if kind == "zip":
        return zipped([("uttrekk.csv", text.encode())])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{kind}")
        {"xlsx": _workbook, "parquet": _parquet, "sqlite": _sqlite, "duckdb": _duckdb}[kind](path)
        return path.read_bytes()


def zipped(parts: list[tuple[str, bytes]]) -> bytes:
    """These parts as a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def unzipped(content: bytes) -> list[tuple[str, bytes]]:
    """The parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _rows() -> list[list[object]]:
    dated = [[date(2019, 2, 1) if at == 2 else cell for at, cell in enumerate(cells)] for cells in LINES]
    return [[float(34) if at == 7 else cell for at, cell in enumerate(cells)] for cells in dated]


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in [list(HEADS), *_rows()]:
        book.active.append(cells)
    book.create_sheet("Om")
    book.save(path)


def _parquet(path: Path) -> None:
    with duckdb.connect() as connection:
        _filled(connection, "CREATE TABLE t ({})", "INSERT INTO t VALUES ({})", duckdb_types=True)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def _sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    _filled(connection, "CREATE TABLE t ({})", "INSERT INTO t VALUES ({})", duckdb_types=False)
    connection.commit()
    connection.close()


def _duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        _filled(connection, "CREATE TABLE t ({})", "INSERT INTO t VALUES ({})", duckdb_types=True)


def _filled(connection: object, table: str, rows: str, *, duckdb_types: bool) -> None:
    kinds = {2: "DATE", 7: "DOUBLE" if duckdb_types else "REAL"}
    heads = ", ".join(
        f'"{name}" {kinds.get(at, "VARCHAR" if duckdb_types else "TEXT")}' for at, name in enumerate(HEADS)
    )
    connection.execute(table.format(heads))  # type: ignore[attr-defined]
    for cells in _rows():
        values = [cell if duckdb_types or not isinstance(cell, date) else cell.isoformat() for cell in cells]
        connection.execute(rows.format(", ".join("?" * len(HEADS))), values)  # type: ignore[attr-defined]


def cut(content: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    """The bytes after some changes: (what, where, how many, with what); places are taken round the end."""
    made = bytearray(content)
    for what, where, many, token in changes:
        at = where % (len(made) + 1)
        if what == "flip" and at < len(made):
            made[at] ^= 1 << many % 8
        elif what == "put":
            made[at:at] = token
        elif what == "write":
            made[at : at + len(token)] = token
        elif what == "drop":
            del made[at : at + many]
        elif what == "double":
            made[at:at] = made[at : at + many]
        elif what == "end":
            del made[at:]
    return bytes(made)


change = st.tuples(
    st.sampled_from(("flip", "put", "write", "drop", "double", "end")),
    st.integers(0, 1 << 20),
    st.integers(1, 200),
    st.one_of(st.sampled_from(TOKENS), st.sampled_from([bytes([one]) for one in MARKS])),
)
changes = st.lists(change, min_size=1, max_size=6)
cell = st.one_of(st.sampled_from(CELLS), st.sampled_from([one for line in LINES for one in line]), st.text(max_size=12))


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A csv of cells nobody should write, under headers people do."""
    size = draw(st.integers(1, 6))
    heads = draw(st.lists(st.one_of(st.sampled_from(HEADS), cell), min_size=size, max_size=size))
    lines = draw(st.lists(st.lists(cell, min_size=size, max_size=size), max_size=8))
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=draw(st.sampled_from(";;;,\t|")), lineterminator=draw(st.sampled_from(("\n", "\r\n", "\r")))
    )
    writer.writerows([heads, *lines])
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16")))
    return text.getvalue().encode(encoding, "replace")


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A workbook mangled on its pages, not only on the bytes around them."""
    parts = unzipped(whole("xlsx"))
    at = draw(st.integers(0, len(parts) - 1))
    name, content = parts[at]
    parts[at] = (name, cut(content, draw(changes)))
    return zipped(parts)


value = st.one_of(
    cell,
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.sampled_from((43466, 43500.5, 1e15, -0.0, 12.0, 20190101)),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),
    st.dates(date(1900, 1, 1)),
)


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    """A workbook of values nobody should write, with merged cells and rows left out."""
    size = draw(st.integers(1, 5))
    heads = draw(st.lists(st.one_of(st.sampled_from(HEADS), value), min_size=size, max_size=size))
    lines = draw(st.lists(st.lists(value, min_size=size, max_size=size), max_size=6))
    book = openpyxl.Workbook()
    for row in [*([] for _ in range(draw(st.integers(0, 2)))), heads, *lines]:
        book.active.append([_writable(one) for one in row])
    if draw(st.integers(0, 4)) == 0:
        book.active.merge_cells(start_row=1, end_row=draw(st.integers(1, 3)), start_column=1, end_column=size)
    if draw(st.booleans()):
        book.epoch = CALENDAR_MAC_1904
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@st.composite
def rows(draw: st.DrawFn) -> bytes:
    """A table of SQLite, where each cell may be of any kind."""
    size = draw(st.integers(1, 5))
    heads = draw(st.lists(st.sampled_from(HEADS), min_size=size, max_size=size, unique=True))
    lines = draw(st.lists(st.lists(value, min_size=size, max_size=size), max_size=6))
    with sqlite3.connect(":memory:") as connection:
        connection.execute(_table(heads))
        for line in lines:
            cells = [str(one) if isinstance(one, date) else one for one in line]
            connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * size)})", cells)
        connection.commit()
        content = connection.serialize()
    connection.close()
    return content


def _table(heads: list[str]) -> str:
    return "CREATE TABLE t (" + ", ".join(f'"{head}"' for head in heads) + ")"


def _writable(one: object) -> object:
    """A value as a workbook takes it: no signs xml cannot hold, no more than a cell can."""
    return ILLEGAL_CHARACTERS_RE.sub("", one)[:32_000] if isinstance(one, str) else one


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """The kind a file claims to be, and its bytes."""
    kind = draw(st.sampled_from((*KINDS, "table", "table", "table", "pages", "sheet", "sheet", "rows", "rows")))
    if kind == "table":
        return "csv", draw(tables())
    if kind == "sheet":
        return "xlsx", draw(sheets())
    if kind == "rows":
        return "sqlite", draw(rows())
    if kind == "pages":
        return "xlsx", draw(workbooks())
    return kind, cut(whole(kind), draw(changes))
