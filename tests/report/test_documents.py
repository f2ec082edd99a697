"""The three documents, read as a machine that reads aloud would read them."""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from bundle_examples import LANGUAGES, TITLE, small

import navoutcomes as nav
from navoutcomes.report.blocks import Paragraph, Report
from navoutcomes.report.pdf import write_pdf

TAGS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
CHAPTERS = {"nb": "Sammendrag", "nn": "Samandrag", "en": "Summary"}
FIGURES = 5
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def part(bundle: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(bundle / "rapport.docx") as archive:
        return ElementTree.fromstring(archive.read(name))


def words(node: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in node.iter(f"{WORD}t"))


def styles(bundle: Path) -> list[tuple[str, str]]:
    """Style and text of every paragraph."""
    found = []
    for paragraph in part(bundle, "word/document.xml").iter(f"{WORD}p"):
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        found.append(("" if style is None else style.get(f"{WORD}val", ""), words(paragraph)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_has_real_styles_and_none_is_empty(language: str, bundles: dict[str, Path]) -> None:
    found = styles(bundles[language])
    by_style = {style: [text for one, text in found if one == style] for style, _ in found}
    assert by_style["Title"] == [TITLE.text(language)]
    assert CHAPTERS[language] in by_style["Heading1"]
    assert by_style["Heading2"] == ["Mer"]
    word = {"nb": "Figur", "nn": "Figur", "en": "Figure"}[language]
    captions = [text for text in by_style["Caption"] if text.startswith(f"{word} ")]
    assert len(captions) == FIGURES
    assert len(by_style["Caption"]) == FIGURES + 7
    assert len(by_style["Answer"]) == 1
    for style, texts in by_style.items():
        if style.startswith(("Heading", "Title", "Subtitle")) or "Caption" in style.replace("CaptionedFigure", ""):
            assert all(text.strip() for text in texts), style
    assert [text.split(".")[0] for text in captions] == [f"{word} {k}" for k in range(1, FIGURES + 1)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_tells_its_language_title_and_page_number(language: str, bundles: dict[str, Path]) -> None:
    bundle = bundles[language]
    languages = {node.get(f"{WORD}val") for node in part(bundle, "word/styles.xml").iter(f"{WORD}lang")}
    assert languages == {TAGS[language]}
    assert part(bundle, "word/settings.xml").find(f"{WORD}themeFontLang").get(f"{WORD}val") == TAGS[language]
    core = "".join(part(bundle, "docProps/core.xml").itertext())
    assert TITLE.text(language) in core
    footer = part(bundle, "word/footer9.xml")
    assert [node.text.strip() for node in footer.iter(f"{WORD}instrText")] == ["PAGE"]
    section = next(part(bundle, "word/document.xml").iter(f"{WORD}sectPr"))
    assert section.find(f"{WORD}footerReference") is not None
    assert section.find(f"{WORD}pgSz").get(f"{WORD}w") == "11906"


def test_word_repeats_the_heads_of_tables_and_breaks_no_row(bundles: dict[str, Path]) -> None:
    for table in part(bundles["nb"], "word/document.xml").iter(f"{WORD}tbl"):
        rows = list(table.iter(f"{WORD}tr"))
        heads = [row.find(f"{WORD}trPr/{WORD}tblHeader") is not None for row in rows]
        assert heads == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{WORD}trPr/{WORD}cantSplit") is not None for row in rows)
        widths = [int(column.get(f"{WORD}w")) for column in table.iter(f"{WORD}gridCol")]
        assert min(widths) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_in_word_has_its_alternative_text(language: str, bundles: dict[str, Path]) -> None:
    found = [one.get("descr", "") for one in part(bundles[language], "word/document.xml").iter(f"{DRAWING}docPr")]
    assert len(found) == FIGURES
    for alt in found:
        assert len(alt) > 60
        assert alt.startswith({"nb": "Syntetiske", "nn": "Syntetiske", "en": "Synthetic"}[language])


def structure(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Every element of the tag tree."""
    found: list[pikepdf.Dictionary] = []

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Dictionary):
            found.append(node)
            walk(node.get("/K"))
        elif isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)

    walk(document.Root.StructTreeRoot)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_every_figure_has_its_text(language: str, bundles: dict[str, Path]) -> None:
    with pikepdf.open(bundles[language] / "rapport.pdf") as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == TAGS[language]
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == TITLE.text(language)
        elements = structure(document)
        figures = [one for one in elements if one.get("/S") == "/Figure"]
        assert len(figures) == FIGURES
        assert all(len(str(one.get("/Alt", ""))) > 60 for one in figures)
        kinds = {str(one.get("/S")) for one in elements}
        assert {"/Table", "/TH", "/TD", "/Caption", "/H1"} <= kinds
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert all(page.mediabox[2:] == [595.276, 841.89] or abs(page.mediabox[2] - 595) < 1 for page in document.pages)


def test_a_pdf_that_cannot_be_made_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    report = Report("", "", "nb", "", (Paragraph("x"),))
    with pytest.raises(nav.NumericalProblem) as refused:
        write_pdf(report, tmp_path, tmp_path / "rapport.pdf")
    assert refused.value.key == "document_failed"
    assert [path.name for path in tmp_path.iterdir()] == []


class Page(HTMLParser):
    """Tags with their attributes, and the text outside of style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_no_network_and_no_script(language: str, bundles: dict[str, Path]) -> None:
    text = (bundles[language] / "rapport.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.all("html")[0]["lang"] == TAGS[language]
    assert page.all("script", "iframe", "object", "embed", "link", "base", "form") == []
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert attributes.get(name, "data:").startswith(("data:", "#"))
    for address in re.findall(r"url\(([^)]{0,40})|@import\s+(\S{0,40})", text):
        assert address[0].strip("'\"").startswith(("data:", "#"))
    assert "@font-face" in text
    assert TITLE.text(language) in text[text.index("<title>") : text.index("</title>")]
    assert page.all("meta")[0]["charset"] == "utf-8"
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_on_the_page_are_images_with_a_label_and_tables_have_heads(
    language: str, bundles: dict[str, Path]
) -> None:
    page = Page((bundles[language] / "rapport.html").read_text(encoding="utf-8"))
    pictures = page.all("img", "svg")
    assert len(pictures) == FIGURES
    for picture in pictures:
        assert picture["role"] == "img"
        assert len(picture["aria-label"]) > 60
        assert picture["alt"] == picture["aria-label"]
        assert picture["src"].startswith("data:image/svg+xml;base64,")
    tables = 7 + len(page.all("details"))
    assert len(page.all("table")) == len(page.all("caption")) == len(page.all("thead")) == tables
    assert len(page.all("details")) == len(page.all("summary")) == 5
    assert len(page.all("h1")) >= 3
    assert "Mer" in [text.strip() for text in page.texts]


def test_the_svg_is_announced_as_one_image_in_its_language(bundles: dict[str, Path]) -> None:
    for file in sorted((bundles["nn"] / "figures").glob("*.svg")):
        root = ElementTree.fromstring(file.read_bytes())
        assert root.get("role") == "img"
        assert root.get("lang") == "nn"
        title, description = root[0], root[1]
        assert (title.tag.split("}")[1], description.tag.split("}")[1]) == ("title", "desc")
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert len(description.text) > 60
        assert root.get("width").endswith("pt")
        assert abs(float(root.get("width")[:-2]) - 16 / 2.54 * 72) < 0.5


def test_a_report_without_subtitle_has_no_empty_paragraph_for_it(tmp_path: Path) -> None:
    bundle = small(tmp_path / "r")
    assert "Subtitle" not in [style for style, _ in styles(bundle)]
    assert 'class="subtitle"' not in (bundle / "rapport.html").read_text(encoding="utf-8")
