"""Forty payloads through every way in and out: nothing runs, no formula, no live markup, nothing outside the folder."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import openpyxl
import pandas as pd
import pikepdf
import pytest
from payloads import CODE, FORMULAS, GROUPS, PAYLOADS, TRACE
from PIL import Image

import navoutcomes as nav
from navoutcomes.report.notebook import run
from navoutcomes.show.lettering import drawable, one_line
from navoutcomes.texts import LANGUAGES

KINDS = {".json", ".docx", ".html", ".pdf", ".png", ".svg", ".csv", ".xlsx"}
EACH = 40
LIVE = {"script", "iframe", "math", "code", "form", "input", "style", "object", "embed", "link", "base", "meta", "svg"}


def frame(labels: tuple[str, ...]) -> pd.DataFrame:
    """People whose office, ending and columns are called by payloads; every label has enough of them to be shown."""
    rng = np.random.default_rng(8)
    number = EACH * len(labels)
    return pd.DataFrame(
        {
            "time": np.ceil(rng.gamma(1.5, 120, number)),
            "ending": rng.choice(["job", labels[-1]], number),
            labels[0]: np.repeat(labels, EACH),
            labels[1]: rng.normal(size=number),
        }
    )


def reported(folder: Path, labels: tuple[str, ...], language: str = "en") -> Path:
    people = frame(labels)
    cohort = nav.Cohort.from_frame(
        people, time="time", ending="ending", censored="still", outcome="job", arm=labels[0], reference=labels[0],
        origin=nav.Origin(((labels[2], "0" * 64),), None, True),
    )  # fmt: skip
    counts = {label: {"job": 30, labels[3]: 60 + place} for place, label in enumerate(labels)}
    with nav.Bundle(folder, language=language, title=labels[0], subtitle=labels[1]) as report:
        for text in labels:
            report.chapter(text)
            report.say(text)
            report.say(text, kind="note")
        report.points(labels)
        curves = nav.release(cohort.cumulative_incidence())
        report.add("a", curves, at=182, title=labels[4], caption=labels[5])
        report.add("b", nav.release(cohort.contrast(by=labels[0], reference=labels[0], at=182)), caption=labels[6])
        report.add("c", nav.release(nav.from_counts(counts).proportion()), caption=labels[7])
        report.add("d", nav.release(cohort.cox([labels[1]])), caption=labels[0])
    return folder / language


@pytest.fixture(scope="module", params=GROUPS)
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, tuple]]:
    """A report from eight of the payloads, written where a payload that ran would leave its trace."""
    place = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        yield reported(place / "r", GROUPS[request.param]), GROUPS[request.param]
        assert not (place / TRACE).exists()
        assert {one.name for one in place.iterdir()} <= {"r", "release-register.json"}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", one_line(text)).strip()


def test_there_are_forty_and_none_is_there_twice() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 40


def test_only_files_of_the_report_are_written(bundle: tuple[Path, tuple]) -> None:
    folder, _ = bundle
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= KINDS
    assert all(re.fullmatch(r"[a-z0-9._-]+", path.name) for path in files)
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert not any(b"root:x:0" in path.read_bytes() for path in files)


def test_tables_hold_text_and_numbers_but_no_formula(bundle: tuple[Path, tuple]) -> None:
    folder, labels = bundle
    seen = set()
    for file in sorted(folder.rglob("*.xlsx")):
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            assert not any("externalLink" in name or "vbaProject" in name or "macro" in name for name in names)
            for name in names:
                assert b"<f>" not in archive.read(name)
                assert b"<f " not in archive.read(name)
        for sheet in openpyxl.load_workbook(file):
            for line in sheet.iter_rows():
                for cell in line:
                    assert cell.data_type in ("s", "n", "inlineStr")
                    assert cell.hyperlink is None
                    seen.add(cell.value)
    assert any(plain(labels[1]) == plain(str(value)) for value in seen)
    for file in sorted(folder.rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                assert not [cell for cell in row if cell[:1] in "=@\t\r+-" and cell and not _number(cell)]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


class Page(HTMLParser):
    """What a browser would make of a page: its text, its elements and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.elements = "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_the_page_shows_every_text_and_runs_none(bundle: tuple[Path, tuple]) -> None:
    folder, labels = bundle
    html = (folder / "rapport.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(html[html.index("<body>") :])
    for label in labels:
        assert plain(page.text).count(plain(label)) >= 3
    assert not {tag for tag, _ in page.elements} & LIVE
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert (attributes.get(name) or "#").startswith(("data:image/", "#"))
    style = html[: html.index("<body>")]
    assert not re.search(r"url\((?![\"']?data:)|@import", style)
    assert not re.search(r"<(script|link|base)\b|http-equiv=[\"']?refresh", style)


def test_word_shows_every_text_links_nowhere_and_has_no_field_of_theirs(bundle: tuple[Path, tuple]) -> None:
    folder, labels = bundle
    with zipfile.ZipFile(folder / "rapport.docx") as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
                assert b"DOCTYPE" not in archive.read(name)[:200]
        document = archive.read("word/document.xml").decode()
        relations = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels")).decode()
        assert not any("vba" in name.lower() or "embed" in name.lower() for name in archive.namelist())
    tree = ElementTree.fromstring(document)
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    texts = [plain("".join(paragraph.itertext())) for paragraph in tree.iter(f"{word}p")]
    for label in labels:
        assert sum(plain(label) in text for text in texts) >= 3
    assert 'TargetMode="External"' not in relations
    assert "m:oMath" not in document
    for field in re.findall(r"<w:instrText[^>]*>([^<]*)", document):
        assert re.match(r"\s*(TOC|PAGE|NUMPAGES|PAGEREF|HYPERLINK \\l)\b", unescape(field)), field


def test_the_pdf_has_no_action_script_or_way_out(bundle: tuple[Path, tuple]) -> None:
    folder, labels = bundle
    with pikepdf.open(folder / "rapport.pdf") as document:
        assert "/OpenAction" not in document.Root
        assert "/AA" not in document.Root
        assert "/EmbeddedFiles" not in document.Root.get("/Names", {})
        for page in document.pages:
            for note in page.get("/Annots", []):
                assert "/URI" not in str(note.get("/A", {}).get("/S", ""))
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary):
                assert "/JavaScript" not in str(one.get("/S", "")), "a script"
                assert "/Launch" not in str(one.get("/S", "")), "a program"
        titles = {plain(str(one.title)) for one in document.open_outline().root}
    assert {plain(drawable(label)) for label in labels} <= titles


def test_pictures_hold_shapes_and_words_only(bundle: tuple[Path, tuple]) -> None:
    folder, _ = bundle
    pictures = sorted(folder.rglob("*.svg"))
    assert pictures
    for file in pictures:
        assert b"<!ENTITY" not in file.read_bytes()
        for one in ElementTree.fromstring(file.read_bytes()).iter():
            assert one.tag.split("}")[-1] not in ("script", "a", "foreignObject", "image", "iframe", "set", "animate")
            for key, value in one.attrib.items():
                assert not key.split("}")[-1].startswith("on")
                assert not key.endswith("href") or value.startswith("#")
                assert "url(http" not in value
    for file in folder.rglob("*.png"):
        with Image.open(file) as picture:
            assert not any(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", str(value)) for value in picture.info.values())


def test_the_manifest_is_data(bundle: tuple[Path, tuple]) -> None:
    folder, labels = bundle
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["data"][0]["name"] == labels[2]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(40))
def test_a_column_and_a_value_of_a_file_may_be_called_anything(
    payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "uttrekk.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["person", "start", "end", "reason", payload])
        writer.writerows([f"P{one}", "01.02.2019", "01.05.2019", "job", payload] for one in range(12))
    try:
        extract = nav.read(path)
    except nav.Problem as refused:
        for language in LANGUAGES:
            said = refused.text(language)
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", said)
    else:
        shown = extract._repr_html_()
        assert not re.search(r"<(script|img|svg|iframe|form|input|a )", shown)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", repr(extract) + extract.log.text())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["uttrekk.csv"]


@pytest.mark.parametrize(
    "payload", [one for one in PAYLOADS if len(one) < 32 and not re.search(r"[\x00-\x1f\\/*?:\[\]']", one)]
)
def test_a_sheet_may_be_called_anything(payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = payload
    sheet.append(["person", "start", "end", "reason"])
    for one in range(12):
        sheet.append([f"P{one}", "01.02.2019", "01.05.2019", "job"])
    book.save(tmp_path / "uttrekk.xlsx")
    assert len(nav.read(tmp_path / "uttrekk.xlsx", sheet=payload).frame) == 12
    assert not (tmp_path / TRACE).exists()


@pytest.mark.parametrize("payload", [*CODE, *FORMULAS], ids=range(16))
def test_a_parameter_of_a_notebook_is_a_value_and_never_code(
    payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from navoutcomes.report import notebook as module

    monkeypatch.chdir(tmp_path)
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_code_cell("word = 'x'", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("print(ascii(word))"),
    ]
    nbformat.write(book, tmp_path / "bok.ipynb")
    assert module is not None
    made = run(tmp_path / "bok.ipynb", {"word": payload})
    told = "".join(one.get("text", "") for cell in made.cells for one in cell.get("outputs", []))
    assert told.strip() == ascii(payload)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bok.ipynb"]
