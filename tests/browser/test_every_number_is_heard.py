"""With a keyboard and a screen reader's text alone: every number of every table of a report, on page and paper."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from navoutcomes.show.numbers import count, number

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
LANGUAGES = ("nb", "nn", "en")
WHOLE = ("at_risk", "events", "censored")
SHARES = ("estimate", "conf_low", "conf_high")
NUMBER = re.compile(r"[−-]?\d+(?:[.,]\d+)?")
# Spaces that stand within a number.
THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3}\b)")


def numbers(text: str) -> set[str]:
    """Numbers as they are written; a point or comma at a sentence's end is none of theirs, nor is the kind of space."""
    plain = THOUSANDS.sub("", unescape(text).replace("\xad", ""))
    return {one.replace("−", "-") for one in NUMBER.findall(plain)}


def ways(name: str, value: float, language: str) -> set[str]:
    """How a number of a table's file may be written for a reader."""
    if name in WHOLE:
        return numbers(count(value, language))
    said = [number(value, language, digits) for digits in (0, 1, 2, 3, 4)] if name != "time" else []
    said += [number(value, language, 0)] if value == int(value) else []
    said += [number(100 * value, language, 1)] if name in SHARES else []
    return {one for text in said for one in numbers(text)}


def missing(folder: Path, language: str, heard: set[str]) -> list[tuple[str, str, str]]:
    """Numbers of the bundle's tables that are in no form among those heard."""
    found = []
    for file in sorted((folder / "tables").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                for name, text in row.items():
                    try:
                        value = float(text)
                    except ValueError:
                        continue
                    if name != "std_error" and not ways(name, value, language) & heard:
                        found.append((file.name, name, text))
    return found


def opened_by_keyboard(page: Any) -> int:
    """Everything folded up is reached by Tab and opened by Enter; nothing is clicked. Returns how many there were."""
    folded = page.locator("details").count()
    for _ in range(400):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.tagName")
        if at == "BODY":
            break
        if at == "SUMMARY" and not page.evaluate("document.activeElement.parentElement.open"):
            page.keyboard.press("Enter")
    return int(folded - page.locator("details:not([open])").count())


def heard_text(page: Any) -> list[dict[str, Any]]:
    """What a screen reader is given: the browser's own tree."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [one for one in nodes if not one.get("ignored") and one["role"]["value"] != "InlineTextBox"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_enter_and_listening_give_every_number_of_every_table(
    language: str, bundles: dict[str, Path], browser: Any
) -> None:
    page = browser.new_page()
    page.goto((bundles[language] / "rapport.html").as_uri())
    assert opened_by_keyboard(page) == page.locator("details").count() >= 2
    nodes = heard_text(page)
    page.close()
    heard = numbers(" ".join(str(one.get("name", {}).get("value", "")) for one in nodes))
    assert missing(bundles[language], language, heard) == []
    kinds = {one["role"]["value"] for one in nodes}
    assert {"table", "columnheader", "cell", "heading", "figure", "image"} <= kinds


def test_what_nobody_hears_is_missed(bundles: dict[str, Path], browser: Any) -> None:
    """Without opening what is folded up, and without the tables, numbers are missing: the test above can fail."""
    page = browser.new_page()
    page.goto((bundles["nb"] / "rapport.html").as_uri())
    closed = numbers(" ".join(str(one.get("name", {}).get("value", "")) for one in heard_text(page)))
    page.evaluate("document.querySelectorAll('table').forEach(one => one.setAttribute('aria-hidden', 'true'))")
    bare = numbers(" ".join(str(one.get("name", {}).get("value", "")) for one in heard_text(page)))
    page.close()
    assert len(missing(bundles["nb"], "nb", closed)) > 50
    assert len(missing(bundles["nb"], "nb", bare)) > len(missing(bundles["nb"], "nb", closed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_figure_says_its_main_numbers_and_where_its_table_is(
    language: str, bundles: dict[str, Path], browser: Any
) -> None:
    page = browser.new_page()
    page.goto((bundles[language] / "rapport.html").as_uri())
    for place, picture in enumerate(page.locator("figure img, figure svg").all()):
        alt = picture.get_attribute("alt") or picture.get_attribute("aria-label") or ""
        assert len(numbers(alt)) >= 2, place
    text = page.locator("main").inner_text()
    page.close()
    word = {"nb": ("Figur", "Tabell"), "nn": ("Figur", "Tabell"), "en": ("Figure", "Table")}[language]
    for kind in word:
        seen = [int(one) for one in re.findall(rf"^{kind} (\d+)\.", text, re.MULTILINE)]
        assert seen == list(range(1, len(seen) + 1))
        assert len(seen) >= 4


def printed_numbers(folder: Path) -> set[str]:
    """Numbers of the tables that the page prints unfolded."""
    page = (folder / "rapport.html").read_text(encoding="utf-8")
    page = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page, re.DOTALL)
    return numbers(" ".join(re.sub(r"<[^>]+>", "", one) for one in cells))


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_holds_every_printed_number_and_says_each_figure(language: str, bundles: dict[str, Path]) -> None:
    with zipfile.ZipFile(bundles[language] / "rapport.docx") as archive:
        document = archive.read("word/document.xml").decode("utf-8")
    text = " ".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", document))
    assert printed_numbers(bundles[language]) - numbers(text) == set()
    said = re.findall(r"<(?:wp:docPr|pic:cNvPr)[^>]*descr=\"([^\"]*)\"", document)
    assert len(said) >= 4
    for one in said:
        assert len(numbers(one)) >= 2
    rows = document.count("<w:tblHeader")
    assert rows == document.count("<w:tbl>") >= 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler reads the tags")
def test_pdf_holds_every_printed_number_under_tags_and_says_each_figure(
    language: str, bundles: dict[str, Path]
) -> None:
    pdf = str(bundles[language] / "rapport.pdf")
    done = subprocess.run(["pdfinfo", "-struct-text", pdf], capture_output=True, text=True, check=True)
    tagged = " ".join(re.findall(r'^\s*"(.*)"$', done.stdout, re.MULTILINE))
    assert printed_numbers(bundles[language]) - numbers(tagged) == set()
    for tag in ("H1", "Table", "TH", "TD", "Figure", "Caption"):
        assert re.search(rf"^\s*{tag}\b", done.stdout, re.MULTILINE), tag
    assert "/Scope /Column" in done.stdout
    import pikepdf

    with pikepdf.open(pdf) as document:
        alts = [str(one["/Alt"]) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        assert str(document.Root.Lang).startswith(language)
    assert len(alts) >= 4
    for one in alts:
        assert len(numbers(one)) >= 2
