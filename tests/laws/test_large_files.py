"""A large file cut on its bytes holds the same cells as the careful way finds, or is left to the careful way."""

from __future__ import annotations

import csv
import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.maths import cells_of_bytes
from navoutcomes.maths.cells_of_bytes import cell_places, distinct_cells, lines_in
from navoutcomes.records.columns.headers import looked_for
from navoutcomes.records.columns.mapping import ColumnMapping
from navoutcomes.records.sources import progress, splitting
from navoutcomes.records.sources.delimited import read_delimited
from navoutcomes.records.sources.table import Table

LOOKED = looked_for(None, ColumnMapping(), None, "stor.csv")
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cell = st.one_of(
    st.text("abæøå0123456789.,- '", max_size=6), st.sampled_from(["", "P-1", "01.02.2019", '"', "a;b", "a\nb", "x\r"])
)
rows = st.integers(2, 4).flatmap(
    lambda size: st.lists(st.lists(cell, min_size=size, max_size=size), min_size=2, max_size=20)
)


def written(rows: list[list[str]], quoting: int, end: str, separator: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([[f"k{at}" for at in range(len(rows[0]))], *rows])
    return text.getvalue().encode()


def whole(table: Table) -> list[list[str]]:
    return [raw.distinct[raw.codes].tolist() for raw in table.columns]


@few
@given(
    rows, st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), st.sampled_from(("\n", "\r\n")), st.sampled_from(";,\t")
)
def test_both_ways_find_the_same_cells_in_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, rows: list[list[str]], quoting: int, end: str, separator: str
) -> None:
    monkeypatch.setattr(splitting, "LARGE", 0)
    content = written(rows, quoting, end, separator)
    fast = splitting.read_large(content, LOOKED)
    if fast is None:
        return
    careful = read_delimited(content, LOOKED)
    assert fast.headers == careful.headers
    assert whole(fast) == whole(careful)
    assert fast.rows.tolist() == careful.rows.tolist()
    assert [one.key for one in fast.notes] == [one.key for one in careful.notes]


def test_a_plain_file_is_cut_on_its_bytes_and_an_odd_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "LARGE", 0)
    plain = b"person;fom\nP-1;01.02.2019\nP-2;01.02.2019\n"
    assert splitting.read_large(plain, LOOKED) is not None
    assert splitting.read_large(plain.replace(b"P-2;", b'"P-2";'), LOOKED) is not None
    assert splitting.read_large(plain.rstrip(), LOOKED) is not None
    for odd in (b'"P-2;x";', b"P-2;;", b"P-2", b"\nP-2;", b'P"2;', b"P\xff;", b"P\r2;", b"P\0;"):
        assert splitting.read_large(plain.replace(b"P-2;", odd), LOOKED) is None, odd


@few
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=5).map(lambda text: bytes(sign for sign in text if sign not in b'\0\n;\r"')),
            st.builds(
                lambda start, sign, size, last: (start + sign * 40)[:size] + last,
                st.sampled_from((b"", b"P-")),
                st.sampled_from((b"\xff", b"a", b"01")),
                st.sampled_from((6, 7, 8, 9, 14, 15, 16, 17, 31)),
                st.sampled_from((b"", b"1", b"2", b"\xff")),
            ),
        ),
        min_size=1,
        max_size=50,
    )
)
def test_cells_are_numbered_in_the_order_they_appear(cells: list[bytes]) -> None:
    content = np.frombuffer(b"".join(cell + b"\n" for cell in cells), np.uint8)
    starts, ends = np.empty((1, len(cells)), np.int32), np.empty((1, len(cells)), np.int32)
    assert cell_places(content, 0, content.size, ord(";"), True, 10_000, 0, len(cells), starts, ends) == len(cells)
    found, codes = distinct_cells(content, starts[0], ends[0])
    distinct = found.split(b"\n")[:-1]
    assert [distinct[code] for code in codes] == cells
    assert distinct == list(dict.fromkeys(cells))


@few
@given(st.lists(st.text("ab12", max_size=3), min_size=1, max_size=60))
def test_a_table_that_grows_on_the_way_numbers_the_same(monkeypatch: pytest.MonkeyPatch, cells: list[str]) -> None:
    content = np.frombuffer(("\n".join(cells) + "\n").encode(), np.uint8)
    starts, ends = np.empty((1, len(cells)), np.int32), np.empty((1, len(cells)), np.int32)
    assert cell_places(content, 0, content.size, ord(";"), False, 3, 0, len(cells), starts, ends) == len(cells)
    at_once = distinct_cells(content, starts[0], ends[0])
    monkeypatch.setattr(cells_of_bytes, "BLOCK", 2)
    monkeypatch.setattr(cells_of_bytes, "STEP", 1)
    grown = distinct_cells(content, starts[0], ends[0])
    assert grown[0] == at_once[0]
    assert grown[1].tolist() == at_once[1].tolist()


def test_a_cell_beyond_all_measure_is_left_to_the_careful_way() -> None:
    content = np.frombuffer(b"abc\nabcd\n", np.uint8)
    starts, ends = np.empty((1, 2), np.int32), np.empty((1, 2), np.int32)
    assert cell_places(content, 0, content.size, ord(";"), False, 4, 0, 2, starts, ends) == 2
    assert cell_places(content, 0, content.size, ord(";"), False, 3, 0, 2, starts, ends) == -1
    assert lines_in(content, 0, content.size) == 2
    assert lines_in(content, 4, 8) == 0


def test_many_different_cells_are_still_told_apart() -> None:
    cells = [str(number).encode() for number in range(200_000)]
    content = np.frombuffer(b"\n".join(cells) + b"\n", np.uint8)
    starts, ends = np.empty((1, len(cells)), np.int32), np.empty((1, len(cells)), np.int32)
    assert cell_places(content, 0, content.size, ord(";"), True, 10_000, 0, len(cells), starts, ends) == len(cells)
    found, codes = distinct_cells(content, starts[0], ends[0])
    assert found == b"\n".join(cells) + b"\n"
    assert codes.tolist() == list(range(200_000))


def test_a_large_file_through_the_front_door_says_how_far_it_has_come(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    line = "P-{};KVP;01.02.2019;01.03.2019;Arbeid\n"
    path = tmp_path / "stor.csv"
    path.write_text(
        "Løpenummer;Tiltak;fom;tom;Sluttårsak\n" + "".join(line.format(at) for at in range(120_000)), encoding="utf-8"
    )
    assert path.stat().st_size > splitting.LARGE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        extract = nav.read(path)
    assert len(extract.frame) == extract.frame["person"].nunique() == 120_000
    assert extract.rows[[0, -1]].tolist() == [2, 120_001]
    said = capsys.readouterr()
    assert "stor.csv" in said.err and "%" in said.err
    assert said.out == ""


def test_a_small_file_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "liten.csv"
    path.write_text("Løpenummer;fom\nP-1;01.02.2019\n", encoding="utf-8")
    nav.read(path)
    assert capsys.readouterr() == ("", "")
