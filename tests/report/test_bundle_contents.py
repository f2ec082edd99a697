"""What a report holds: a manifest that is true, files without traces of the machine, marks, and hidden numbers."""

from __future__ import annotations

import csv
import getpass
import json
import platform
import re
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from bundle_examples import EXTRACT, LANGUAGES, TITLE, digests, is_whole, people, small
from PIL import Image

import navoutcomes as nav
from navoutcomes.report.manifest import digest
from navoutcomes.report.tables import SPOKEN
from navoutcomes.show.words import ending

INVENTED = {"nb": "Syntetiske data", "nn": "Syntetiske data", "en": "Synthetic data"}


def insides(file: Path) -> dict[str, str]:
    """Everything readable in a file: text, members of archives, metadata of pictures and documents."""
    if file.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(file) as archive:
            found = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
            return found | {f"{one.filename} time": str(one.date_time) for one in archive.infolist()}
    if file.suffix == ".png":
        with Image.open(file) as picture:
            return {str(name): str(value) for name, value in picture.info.items()}
    if file.suffix == ".pdf":
        with pikepdf.open(file) as document:
            about = {str(name): str(value) for name, value in document.docinfo.items()}
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as extra:
                return about | {str(name): str(value) for name, value in extra.items()}
    return {"": file.read_text(encoding="utf-8")}


def records(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_lists_every_file_with_its_hash_and_is_written_last(
    language: str, bundles: dict[str, Path]
) -> None:
    bundle = bundles[language]
    assert is_whole(bundle)
    names = set(digests(bundle))
    assert {"rapport.docx", "rapport.html", "rapport.pdf"} <= names
    assert {Path(name).suffix for name in names} == {".docx", ".html", ".pdf", ".png", ".svg", ".csv", ".xlsx"}
    last = (bundle / "manifest.json").stat().st_mtime_ns
    assert all((bundle / name).stat().st_mtime_ns <= last for name in names)
    assert sorted(path.name for path in bundle.iterdir()) == [
        "figures", "manifest.json", "rapport.docx", "rapport.html", "rapport.pdf", "tables",
    ]  # fmt: skip
    assert [path.name for path in bundle.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_says_of_what_and_by_which_rule(language: str, bundles: dict[str, Path]) -> None:
    text = (bundles[language] / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["data"] == [{"name": EXTRACT.name, "sha256": digest(EXTRACT)}]
    assert manifest["data_cutoff"] == ["2018-06-30"]
    assert manifest["policy"]["threshold"] == 5
    assert manifest["protocol"]["question"]["nn"] == TITLE.nn
    assert manifest["title"] == TITLE.text(language)
    assert set(manifest["decisions"]) == {
        "til-arbeid", "hvor", "staying", "forskjell", "kontor", "test", "snitt", "flyt", "merknader", "rapport",
    }  # fmt: skip
    assert manifest["versions"]["navoutcomes"] == nav.__version__
    assert text == json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clock_path_user_or_machine_stands_in_any_file(language: str, bundles: dict[str, Path]) -> None:
    bundle = bundles[language]
    machine = {str(bundle.parent), str(EXTRACT.parent), str(Path.home()), platform.node(), "/tmp/", "/work/"}
    traces = re.compile("|".join(re.escape(one) for one in machine if len(one) > 4))
    # A name may be a word, or two letters that stand in a picture's bytes by chance: it is looked for as an author's
    # and in paths.
    name = re.escape(getpass.getuser())
    user = re.compile(rf"(?:home|Users)[/\\]{name}\b|/root\b|[>\"'(]{name}[<\"')]")
    clock = re.compile(r"20(?:2[3-9]|3\d)-\d\d-\d\d|20(?:2[3-9]|3\d)-?\d\d-?\d\dT")
    for file in (path for path in bundle.rglob("*") if path.is_file()):
        for part, text in insides(file).items():
            said = re.sub(r"data:[a-z/+-]+;base64,[A-Za-z0-9+/=]+", "", text)
            for kind in (traces, user, clock):
                found = kind.search(said)
                assert found is None, f"{file.name} {part}: {found}"


def test_pictures_carry_title_and_alternative_text_and_no_program(bundles: dict[str, Path]) -> None:
    for file in sorted((bundles["nb"] / "figures").glob("*.png")):
        about = insides(file)
        assert about["Title"].startswith("Syntetiske data: ")
        assert about["Description"].startswith("Syntetiske data. ")
        assert "Software" not in about
        with Image.open(file) as picture:
            assert abs(picture.width - 16 / 2.54 * 300) <= 2
    for file in sorted((bundles["nb"] / "figures").glob("*.pdf")):
        about = insides(file)
        assert about["/Title"].startswith("Syntetiske data: ")
        assert not {"/Producer", "/Creator", "/CreationDate"} & set(about)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_of_invented_people_says_so(language: str, bundles: dict[str, Path]) -> None:
    bundle, mark = bundles[language], INVENTED[language]
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["synthetic"], manifest["synthetic_data"]) == (True, mark)
    for file in bundle.rglob("*.csv"):
        rows = records(file)
        assert rows
        assert {row["data"] for row in rows} == {mark}
    for file in bundle.rglob("*.xlsx"):
        sheet = openpyxl.load_workbook(file).active
        assert str(sheet["A1"].value).startswith(f"{mark}: ")
        assert any(str(row[0]).startswith(f"{mark}: ") for row in list(sheet.values)[3:])
    for file in bundle.rglob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert re.search(rf"<title[^>]*>{mark}: ", text)
        assert re.search(rf"<desc[^>]*>{mark}\. ", text)
    header = insides(bundle / "rapport.docx")["word/header9.xml"]
    assert mark in header
    with zipfile.ZipFile(bundle / "rapport.docx") as archive:
        assert archive.read("word/document.xml").decode().count(mark) > 10
    assert (bundle / "rapport.html").read_text(encoding="utf-8").count(mark) > 10


def test_a_report_of_real_people_bears_no_such_mark(tmp_path: Path) -> None:
    bundle = small(tmp_path / "real", synthetic=False)
    for file in (path for path in bundle.rglob("*") if path.is_file()):
        assert not any("yntetisk" in text for text in insides(file).values()), file.name
    assert "data" not in (bundle / "tables" / "kurve.csv").read_text().splitlines()[0].split(",")


def test_a_hidden_number_is_a_symbol_in_every_file(bundles: dict[str, Path]) -> None:
    bundle = bundles["nb"]
    rows = records(bundle / "tables" / "kontor.csv")
    hidden = {(row["group"], row["cause"]) for row in rows if row["events"] == "*"}
    assert ("Øst", "no_show") in hidden
    assert len(hidden) >= 4
    for row in rows:
        gone = {row[name] == "*" for name in ("estimate", "conf_low", "conf_high", "events")}
        assert gone == {(row["group"], row["cause"]) in hidden}
    sheet = list(openpyxl.load_workbook(bundle / "tables" / "kontor.xlsx").active.values)
    heads = list(sheet[2])
    stars = {(row[heads.index("group")], row[heads.index("cause")]) for row in sheet[3:] if "*" in row}
    assert stars == {(group, ending(cause, "nb")) for group, cause in hidden}
    with zipfile.ZipFile(bundle / "rapport.docx") as archive:
        document = archive.read("word/document.xml").decode()
    cells = re.findall(r"<w:t [^>]*>([^<]*)</w:t>", document)
    assert cells.count("*") >= 3 * len(hidden)
    page = re.sub(r"<details>.*?</details>", "", (bundle / "rapport.html").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert page.count(">*</td>") == 3 * len(hidden)


def test_numbers_in_a_workbook_are_numbers_and_in_one_order(bundles: dict[str, Path]) -> None:
    for file in sorted((bundles["en"] / "tables").glob("*.xlsx")):
        sheet = openpyxl.load_workbook(file).active
        rows = list(sheet.values)
        heads = [head for head in rows[2] if head]
        body = [row for row in rows[3:] if row[1] is not None]
        assert body
        for row in body:
            for head, value in zip(heads, row, strict=False):
                text = head in ("group", "cause", "measure", "data")
                # An error or a limit that was never there is an empty cell, and only there.
                absent = value is None and head in ("std_error", "conf_low", "conf_high")
                assert absent or isinstance(value, str if text else int | float) or value == "*", (file.name, head)
        assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"n", "s"}


def test_csv_and_workbook_say_the_same_numbers(bundles: dict[str, Path]) -> None:
    for file in sorted((bundles["nn"] / "tables").glob("*.csv")):
        lines = list(csv.reader(StringIO(file.read_text(encoding="utf-8"))))
        sheet = list(openpyxl.load_workbook(file.with_suffix(".xlsx")).active.values)
        width = len(lines[0])
        assert [str(one) for one in sheet[2][:width]] == lines[0]
        for line, row in zip(lines[1:], sheet[3:], strict=False):
            for head, text, one in zip(lines[0], line, row[:width], strict=True):
                assert head in SPOKEN or ("" if one is None else one if isinstance(one, str) else f"{one:.8g}") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_is_for_readers(language: str, bundles: dict[str, Path]) -> None:
    """Heads and codes in words, heads on every printed page, one page wide, no column too narrow for its words."""
    for file in sorted((bundles[language] / "tables").glob("*.xlsx")):
        sheet = openpyxl.load_workbook(file).active
        said, heads = ([cell.value for cell in sheet[row] if cell.value] for row in (2, 3))
        assert len(said) == len(heads)
        assert not set(said) & (set(heads) - {"data"}), (file.name, said)
        body = [row for row in sheet.iter_rows(min_row=4) if row[1].value is not None]
        codes = {"job", "no_show", "other", "all", "risk difference", "restricted mean"}
        assert language == "en" or not {cell.value for row in body for cell in row} & codes
        for row in body:
            for head, cell in zip(heads, row, strict=False):
                if isinstance(cell.value, str):
                    assert sheet.column_dimensions[cell.column_letter].width > min(len(cell.value), 40)
                if cell.value == "*":
                    assert cell.alignment.horizontal == "right", (file.name, head)
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert sheet.print_title_rows == "$2:$3"
        assert sheet.freeze_panes == "A4"


def test_a_label_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    names = ("=1+1", "+b", "-c", "@d")
    for start in range(0, 4, 2):
        with nav.Bundle(tmp_path / "r", language="nb") as bundle:
            bundle.add("a", nav.release(people(names[start : start + 2]).survival_curve(by="group")))
        sheet = openpyxl.load_workbook(BytesIO((tmp_path / "r/nb/tables/a.xlsx").read_bytes())).active
        groups = {cell.value: cell.data_type for line in sheet.iter_rows(min_row=4, max_col=1) for cell in line}
        assert {groups[name] for name in names[start : start + 2]} == {"s"}
        rows = csv.reader(StringIO((tmp_path / "r/nb/tables/a.csv").read_text(encoding="utf-8")))
        assert {row[0] for row in rows} == {"group", *(f"'{name}" for name in names[start : start + 2])}
