"""Text from anybody is text: no markup, no formula, no file outside the folder, in any document."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pikepdf
import pytest
from bundle_examples import is_whole, people

import navoutcomes as nav
from navoutcomes.notes import note

CANARY = "canary.txt"
PAYLOADS = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "$x^2$ \\input{/etc/passwd} \\\\ \\alpha",
    '#read("/etc/passwd") #{1+1} *b* _x_ @ref <label>',
    "{{x}} {0} %s ${HOME} `id` $(id)",
    "../../../canary.txt",
    "[a](http://example.org) ![b](http://example.org/b.png) <http://example.org>",
    "=HYPERLINK(\"http://example.org\") |' /C calc'!A0",
    "a & b &lt; c \" ' ]]> <!-- -->",
    "emoji \U0001f389, Лодка, \u202eabc, line\nbreak, bell\x07, end",
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every text that a user can give is a payload."""
    folder = tmp_path_factory.mktemp("hostile")
    groups = (PAYLOADS[0], PAYLOADS[6])
    cohort = people(groups)
    frame = cohort.covariates.assign(ending=lambda one: one["ending"].replace({"other": PAYLOADS[2]}))
    cohort = nav.Cohort.from_frame(
        frame, time="time", ending="ending", censored="still", outcome="job", arm="group", reference=groups[0],
        origin=nav.Origin(((PAYLOADS[1], "0" * 64),), None, True),
    )  # fmt: skip
    with nav.Bundle(folder / "r", language="en", title=PAYLOADS[0], subtitle=PAYLOADS[7]) as report:
        for text in PAYLOADS:
            report.chapter(text)
            report.say(text)
            report.say(text, kind="emphasis")
            report.say(text, kind="note")
        report.points(PAYLOADS)
        curves = nav.release(cohort.cumulative_incidence(by="group"))
        report.add("a", curves, at=182, title=PAYLOADS[2], caption=PAYLOADS[3], cause=PAYLOADS[2])
        report.add("b", nav.release(cohort.contrast(at=182)), caption=PAYLOADS[5])
        flow = nav.release(nav.Flow(300).then(note("flow_own_reason", reason=PAYLOADS[8]), 250))
        report.add("c", flow, title=PAYLOADS[4])
    return folder / "r" / "en"


def shown(text: str) -> str:
    """A payload as a reader sees it: on one line, spaces as spaces, nothing that turns its direction."""
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f]", " ", text.replace("\u202e", "")))


def test_only_the_report_is_written(bundle: Path) -> None:
    assert is_whole(bundle)
    top = bundle.parents[1]
    assert {path.name for path in top.iterdir()} == {"r", "release-register.json"}
    assert not list(top.parent.rglob(CANARY))
    assert {path.suffix for path in bundle.rglob("*") if path.is_file()} <= {
        ".json", ".docx", ".html", ".pdf", ".png", ".svg", ".csv", ".xlsx",
    }  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_page_shows_the_text_and_runs_nothing(payload: str, bundle: Path) -> None:
    html = (bundle / "rapport.html").read_text(encoding="utf-8")
    body = html[html.index("<body>") :]
    plain = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body)))
    assert plain.count(shown(payload)) >= 5
    assert not re.search(r"<(script|iframe|math|em|strong|code)\b", body)
    # The list of contents leads to the page's own headings, and nothing leads elsewhere.
    assert all(re.search(r'href="#[a-z0-9-]+"', link) for link in re.findall(r"<a\b[^>]*>", body))
    assert not re.search(r"<img(?![^>]*src=\"data:image/svg)", body)
    assert not re.search(r"(?:src|href)=[\"']?http", body)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_word_shows_the_text_and_links_nowhere(payload: str, bundle: Path) -> None:
    with zipfile.ZipFile(bundle / "rapport.docx") as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
        document = archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    paragraphs = ElementTree.fromstring(document).iter(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
    )
    texts = [re.sub(r"\s+", " ", "".join(paragraph.itertext())) for paragraph in paragraphs]
    assert sum(shown(payload) in text for text in texts) >= 5
    assert all("w:anchor=" in link and "r:id" not in link for link in re.findall(r"<w:hyperlink\b[^>]*>", document))
    assert "m:oMath" not in document
    assert 'TargetMode="External"' not in relations
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)", document)
    assert all(re.match(r"\s*(TOC|PAGE|NUMPAGES|PAGEREF)\b", field) for field in fields), fields


def test_the_pdf_shows_the_text_and_has_no_link_or_action(bundle: Path) -> None:
    data = (bundle / "rapport.pdf").read_bytes()
    with pikepdf.open(bundle / "rapport.pdf") as document:
        assert "/OpenAction" not in document.Root
        for page in document.pages:
            for note in page.get("/Annots", []):
                assert "/A" not in note or str(note["/A"].get("/S", "")) == "/GoTo"
        titles = [str(one.title) for one in document.open_outline().root]
    for payload in PAYLOADS[:8]:
        assert shown(payload) in [re.sub(r"\s+", " ", title) for title in titles]
    assert any("emoji ?, Лодка" in title for title in titles)
    assert b"root:x:0" not in data


def test_svg_is_well_formed_and_carries_no_link(bundle: Path) -> None:
    for file in sorted(bundle.rglob("*.svg")):
        root = ElementTree.fromstring(file.read_bytes())
        names = {one.tag.split("}")[-1] for one in root.iter()}
        assert not names & {"script", "a", "foreignObject", "image"}
        for one in root.iter():
            assert not [key for key in one.attrib if key.split("}")[-1].startswith("on")]
            links = [value for key, value in one.attrib.items() if key.endswith("href")]
            assert all(value.startswith("#") for value in links)


def test_workbooks_hold_the_labels_as_strings(bundle: Path) -> None:
    seen = set()
    for file in sorted(bundle.rglob("*.xlsx")):
        for line in openpyxl.load_workbook(file).active.iter_rows():
            for cell in line:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                seen.add(cell.value)
    assert {PAYLOADS[0], PAYLOADS[6]} <= seen


BAD_NAMES = ["", "A", "../x", "a/b", "a\\b", "æ", "a b", "a.b", "-a", "a" * 62, "con", "nul", "com1", "a\n", "$x", "C:"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_no_file_name_everywhere_is_refused(name: str, tmp_path: Path) -> None:
    report = nav.Bundle(tmp_path / "r", language="nb")
    with pytest.raises(nav.DesignProblem) as refused:
        report.add(name, nav.release(people(("a",)).survival_curve()))
    assert refused.value.key == "bundle_name"
    assert not name or name not in refused.value.parts("en")[0]
    report.abandon()
    assert list((tmp_path / "r").iterdir()) == []


def test_a_name_is_used_once_and_a_drawing_or_kind_must_exist(tmp_path: Path) -> None:
    safe = nav.release(people(("a",)).survival_curve())
    with nav.Bundle(tmp_path / "r", language="nb") as report:
        report.add("a", safe, drawing="none")
        for wrong, key in (
            (lambda: report.add("a", safe), "bundle_name_used"),
            (lambda: report.add("b", safe, drawing="pie"), "choice_unknown"),
            (lambda: report.say("x", kind="loud"), "choice_unknown"),
            (lambda: report.add("c", nav.release(people(("a",)).risk_table())), "no_table"),
        ):
            with pytest.raises(nav.DesignProblem) as refused:
                wrong()
            assert refused.value.key == key
    assert sorted(path.name for path in (tmp_path / "r/nb/tables").iterdir()) == ["a.csv", "a.xlsx"]
    for late in (lambda: report.say("x"), lambda: report.add("d", safe), report.close):
        with pytest.raises(nav.DesignProblem) as refused:
            late()
        assert refused.value.key == "bundle_closed"
