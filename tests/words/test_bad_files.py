"""Files in every dress are read, and files that would lose people are refused."""

from __future__ import annotations

import hashlib
import pickle
import traceback
import warnings
from functools import partial
from pathlib import Path

import duckdb
import openpyxl
import pytest
from bad_input import NAME, NEARLY, accepted, check_told, column, no_leak, refused, write_csv

from navoutcomes.errors import DataWarning
from navoutcomes.records.extract import Extract, read
from navoutcomes.records.spells.stays import Spells

ROWS = "Løpenummer;fom;Beløp;Sted\nP-1;03.04.2019;1234,50;Tromsø\nP-2;04.04.2019;17;Fræna\n"


def _file(folder: Path, content: str | bytes, name: str = "uttrekk.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def _as_expected(extract: Extract) -> None:
    assert column(extract, "person") == ["P-1", "P-2"]
    assert column(extract, "start") == ["2019-04-03", "2019-04-04"]
    assert column(extract, "Sted") == ["Tromsø", "Fræna"]
    assert column(extract, "Beløp") == [1234.5, 17.0]


@pytest.mark.parametrize(
    ("number", "content", "logged"),
    [
        ("B071 a mark of byte order", ROWS.encode("utf-8-sig"), {"separator_found": ";"}),
        ("B072 cp1252", ROWS.encode("cp1252"), {"encoding_used": "cp1252"}),
        ("Excel's Unicode text", ROWS.replace(";", "\t").encode("utf-16"), {"encoding_used": "utf-16"}),
        ("B075 decomposed letters", ROWS.replace("ø", "o\u0338").replace("å", "a\u030a").encode(), {}),
        ("B076 semicolons", ROWS.encode(), {"separator_found": ";"}),
        ("B077 tabs", ROWS.replace(";", "\t").encode(), {"separator_found": "tab"}),
        ("B077 bars", ROWS.replace(";", "|").encode(), {"separator_found": "|"}),
        ("commas", ROWS.replace("1234,50", '"1234,50"').replace(";", ",").encode(), {"separator_found": ","}),
        ("B079 a hint", b"sep=;\r\n" + ROWS.encode(), {"separator_hint": ";"}),
        ("B079 another hint", b'"sep=|"\n' + ROWS.replace(";", "|").encode(), {"separator_hint": "|"}),
        ("B086 Windows", ROWS.replace("\n", "\r\n").encode(), {}),
        ("B086 old Mac", ROWS.replace("\n", "\r").encode(), {}),
        ("B086 all of them", ROWS.replace("\n", "\r", 1).replace("\n", "\r\n", 1).encode(), {}),
        ("no last line end", ROWS.rstrip().encode(), {}),
        ("blank lines", ROWS.replace("\nP-2", "\n\n;;;\nP-2").encode() + b"\n\n", {"blank_rows_skipped": "2"}),
        ("separators at the end of lines", ROWS.replace("\n", ";;\n").encode(), {}),
        ("quotes and blanks", ROWS.replace("Tromsø", '" Tromsø\u00a0"').encode(), {}),
    ],
)
def test_a_text_file_is_read_whatever_its_dress(
    number: str, content: bytes, logged: dict[str, str], tmp_path: Path
) -> None:
    result, _ = accepted(partial(read, _file(tmp_path, content)))
    if "decomposed" in number:
        assert column(result, "person") == ["P-1", "P-2"]
    else:
        _as_expected(result)
    notes = {note.key: note.text() for note in result.log}
    for key, told in logged.items():
        assert f"«{told}»" in notes[key] or told in notes[key]
        assert "uttrekk.csv" in notes[key]


def test_b075_letters_of_two_signs_are_one_letter_in_headers_and_cells(tmp_path: Path) -> None:
    content = "Løpenummer;A\u030arsak;Sta\u030a\nP-1;Pa\u030a vei;A\u030a\n"
    result, _ = accepted(partial(read, _file(tmp_path, content)))
    assert list(result.frame) == ["person", "reason", "Stå"]
    assert column(result, "reason") + column(result, "Stå") == ["På vei", "Å"]


@pytest.mark.parametrize(
    ("content", "key", "told"),
    [
        (b"", "file_empty", ("0 byte", "uttrekk.csv")),
        (b"\xef\xbb\xbf\r\n  \n", "file_empty", ("uttrekk.csv",)),
        (b"Person;fom\n", "file_no_rows", ("uttrekk.csv", "«Person»", "«fom»")),
        (b"Person;fom\n;\n", "file_no_rows", ("«Person»",)),
        (b"Person;fom\nP-1;01.01.2019;x\nP-2\n", "file_rows_ragged", ("2", "2, 3", "uttrekk.csv")),
        (b'Person;fom\nP-1;"01.01.2019\nP-2;01.01.2019\n', "file_quote_open", ("uttrekk.csv", "2")),
        (b'Person;fom\nP-1;"a\nP-2;01.01.2019\nP-3;"\n', "file_quote_open", ("2",)),
        (b'Person;fom\nP-1;"01"x\n', "file_quote_open", ("2",)),
        (b"Person;fom\nP-1;a\0b\n", "file_nul_bytes", ("uttrekk.csv", "16")),
        (b"Person;fom\nP-1;\x81\n", "file_encoding_unknown", ("uttrekk.csv",)),
        (b"dato;Dato\n1;2\n", "header_repeated", ("1, 2", "uttrekk.csv")),
        (b"Person;;fom\nP-1;x;01.01.2019\n", "header_blank", ("2", "uttrekk.csv")),
        (b"P-1;01.01.2019\nP-2;01.01.2019\n", "header_is_data", ("uttrekk.csv", "1")),
        (b"Person;fom;Startdato\nP-1;01.01.2019;02.01.2019\n", "columns_mean_the_same", ("«fom»", "«Startdato»")),
        (b"PK\x03\x04 and more", "file_damaged", ("uttrekk.csv",)),
        (b"\xd0\xcf\x11\xe0 and more", "file_not_its_kind", ("uttrekk.csv",)),
    ],
)
def test_a_text_file_that_would_lose_people_is_refused(
    content: bytes, key: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    problem = refused(partial(read, _file(tmp_path, content)))
    assert problem.key == key
    check_told(problem, told)


def test_rows_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    content = "sep=;\nPerson;fom\nP-1;01.01.2019\n\nP-2;30.02.2019\n"
    problem = refused(partial(read, _file(tmp_path, content)))
    assert problem.facts["rows"] == (5,)
    assert "overskriften er rad 2" in problem.text("nb")
    assert "overskrifta er rad 2" in problem.text("nn")


@pytest.mark.parametrize("name", ["uttrekk.pkl", "uttrekk.xls", "uttrekk", "uttrekk.xlsx", "uttrekk.parquet"])
def test_only_files_of_known_kinds_are_opened(tmp_path: Path, name: str) -> None:
    problem = refused(partial(read, _file(tmp_path, pickle.dumps([NAME, NEARLY]), name)))
    assert problem.key in ("file_kind_unknown", "file_not_its_kind")
    check_told(problem, (name, ".csv", ".parquet"))


def test_a_file_that_is_not_there_is_named_without_its_folder(tmp_path: Path) -> None:
    problem = refused(partial(read, tmp_path / "Kåre sin mappe" / "uttrekk (2).xlsx"))
    assert problem.key == "file_not_found"
    check_told(problem, ("uttrekk (2).xlsx",))
    assert "Kåre" not in problem.text()


def test_a_workbook_with_several_filled_sheets_needs_a_name(tmp_path: Path) -> None:
    path = tmp_path / "bok.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Om"
    for title, start in (("Januar", "03.04.2019"), ("Februar", "04.04.2019")):
        sheet = book.create_sheet(title)
        sheet.append(["Løpenummer", "fom"])
        sheet.append(["P-1", start])
    book.save(path)
    problem = refused(partial(read, path))
    assert problem.key == "sheet_needed"
    check_told(problem, ("bok.xlsx", "«Januar»", "«Februar»", "sheet="))
    assert refused(partial(read, path, sheet="Mars")).key == "sheet_unknown"
    result, _ = accepted(partial(read, path, sheet="Februar"))
    assert column(result, "start") == ["2019-04-04"]
    assert "sheet_read" in result.log.keys()  # noqa: SIM118


def test_a_workbook_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Løpenummer"])
    book.save(tmp_path / "hel.xlsx")
    path = _file(tmp_path, (tmp_path / "hel.xlsx").read_bytes()[:900], "halv.xlsx")
    assert refused(partial(read, path)).key == "file_damaged"
    assert refused(partial(read, tmp_path / "hel.xlsx")).key == "file_no_rows"


def test_parquet_is_read_with_its_types_and_any_name(tmp_path: Path) -> None:
    path = tmp_path / "uttrekk [1] 2019*.parquet"
    table = """SELECT 'P-1' AS "Løpenummer", DATE '2019-04-03' AS fom, DATE '9999-12-31' AS tom, 1.234::DOUBLE AS sum,
        true AS med, TIMESTAMPTZ '2019-03-31 23:30:00+00' AS møtt
        UNION ALL SELECT 'P-2', DATE '2019-04-04', NULL, 12345.5, false, NULL"""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({table}) TO '{path}' (FORMAT parquet)")
    result, _ = accepted(partial(read, path))
    assert column(result, "start") == ["2019-04-03", "2019-04-04"]
    assert column(result, "end") == [None, None]
    assert column(result, "sum") == [1.234, 12345.5]
    assert column(result, "med") == [True, False]
    assert column(result, "møtt") == ["2019-04-01", None]
    assert refused(partial(read, _file(tmp_path, b"PAR1 and no more", "x.parquet"))).key == "file_damaged"


def test_the_origin_names_the_file_and_its_bytes(tmp_path: Path) -> None:
    path = _file(tmp_path, ROWS)
    result, _ = accepted(partial(read, path))
    assert result.origin.sources == (("uttrekk.csv", hashlib.sha256(path.read_bytes()).hexdigest()),)
    assert result.origin.cutoff is None
    assert not result.origin.synthetic


def test_the_mark_of_synthetic_data_follows_the_data(tmp_path: Path) -> None:
    marked = ROWS.replace("Sted\n", "Sted;Datagrunnlag\n").replace("ø\n", "ø;Syntetiske data\n")
    result, _ = accepted(partial(read, _file(tmp_path, marked.replace("æna\n", "æna;Synthetic data\n"))))
    assert result.origin.synthetic
    assert "Datagrunnlag" not in result.frame
    assert "«Datagrunnlag»" in next(note.text() for note in result.log if note.key == "synthetic_data")
    part, said = accepted(partial(read, _file(tmp_path, marked.replace("æna\n", "æna;\n"))))
    assert not part.origin.synthetic
    assert "synthetic_in_part" in part.log.keys()  # noqa: SIM118
    assert len(said) == 1


def test_the_day_of_extraction_comes_from_the_caller_or_from_a_constant_column(tmp_path: Path) -> None:
    def cutoff(days: list[str], **options: str) -> tuple[str, list[str]]:
        path = write_csv(tmp_path, {"Uttrekksdato": days})
        result, said = accepted(partial(read, path, **options))  # type: ignore[arg-type]
        return str(result.origin.cutoff), said

    assert cutoff(["31.12.2019", "31.12.2019"]) == ("2019-12-31", [])
    assert cutoff(["31.12.2019", "31.12.2019"], extracted="31.12.2019") == ("2019-12-31", [])
    day, said = cutoff(["31.12.2019", "01.01.2020"])
    assert day == "None" and "«Uttrekksdato»" in said[0] and "extracted=" in said[0]
    day, said = cutoff(["31.12.2019"], extracted="2020-01-15")
    assert day == "2020-01-15" and "15.01.2020" in said[0] and "31.12.2019" in said[0]


def test_an_extract_shows_counts_and_hands_out_copies(tmp_path: Path) -> None:
    result, _ = accepted(partial(read, _file(tmp_path, ROWS)))
    assert "2 rader" in repr(result) and "P-1" not in repr(result) + result._repr_html_()
    copy = result.frame
    copy.loc[0, "Sted"] = "Eide"
    _as_expected(result)


@pytest.mark.parametrize("rows", [["03.04.2019", "2019-04-13"], ["03.04.2019", "03.04.2019"]])
def test_a_warning_turned_into_an_error_shows_nobody(tmp_path: Path, rows: list[str]) -> None:
    path = write_csv(tmp_path, {"Løpenummer": ["P-1", "P-1"], "fom": rows, "tom": rows})
    shown = _stopped_by_a_warning(path)
    assert "DataWarning" in shown and "announce" in shown
    no_leak([shown])


def _stopped_by_a_warning(path: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            Spells.from_extract(read(path))
        except DataWarning as stopped:
            return "".join(traceback.TracebackException.from_exception(stopped, capture_locals=True).format())
    raise AssertionError("there was nothing to warn of")
