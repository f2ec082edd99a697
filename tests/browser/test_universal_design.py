"""Story S4 for the page: WCAG 2.1 A and AA by axe, no requests, every number for eyes, ears and narrow screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
NARROW = {"width": 320, "height": 640}
LANGUAGES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
NUMBER = re.compile(r"\d[\d,.]*")


@pytest.fixture(scope="module")
def reports(bundles: dict[str, Path]) -> dict[str, Path]:
    """The pages of the whole example."""
    return {language: folder / "rapport.html" for language, folder in bundles.items()}


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    one = browser.new_page()
    one.asked_for = []
    one.on("request", lambda request: one.asked_for.append(request.url))
    yield one
    one.close()


def judged(page: Any, kinds: tuple[str, ...] = ("violations", "incomplete")) -> list[str]:
    """What axe found wrong, or could not tell."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
    return [f"{one['id']}: {one['help']}" for kind in kinds for one in found[kind]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_breaks_no_rule_of_wcag_2_1_aa(language: str, reports: dict[str, Path], page: Any) -> None:
    page.goto(reports[language].as_uri())
    assert judged(page) == []
    assert page.locator("html").get_attribute("lang") == LANGUAGES[language]
    assert page.title()


def test_what_axe_should_find_is_found(tmp_path: Path, page: Any) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<html><body><img src='data:,'><p style='color:#ccc;background:#fff'>pale</p></body></html>", "utf-8"
    )
    page.goto(bad.as_uri())
    found = " ".join(judged(page))
    for rule in ("html-has-lang", "image-alt", "color-contrast", "document-title"):
        assert rule in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_asks_nobody_for_anything_and_runs_no_script(
    language: str, reports: dict[str, Path], page: Any
) -> None:
    page.goto(reports[language].as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in page.asked_for if not url.startswith(("file:", "data:"))] == []
    assert page.locator("script, iframe, object, embed, link[rel=stylesheet]").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_listens_gets_every_number_that_is_seen(language: str, reports: dict[str, Path], page: Any) -> None:
    page.goto(reports[language].as_uri())
    seen = set(NUMBER.findall(page.locator("body").inner_text()))
    heard = page.locator("body").aria_snapshot()
    assert len(seen) > 60
    assert seen - set(NUMBER.findall(heard)) == set()
    pictures = page.locator("img").all()
    assert len(pictures) >= 4
    for picture in pictures:
        alt = picture.get_attribute("alt") or ""
        assert len(NUMBER.findall(alt)) >= 2
        assert len(alt.split()) <= 150
    assert page.locator("table th").count() > page.locator("table").count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_screen_scrolls_one_way_only(language: str, reports: dict[str, Path], page: Any) -> None:
    page.set_viewport_size(NARROW)
    page.goto(reports[language].as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"] + 1
    # What is scrolled out of sight has no colours to judge; the wide page was judged whole.
    assert judged(page, ("violations",)) == []


def test_a_keyboard_reaches_whatever_can_be_used(reports: dict[str, Path], page: Any) -> None:
    page.set_viewport_size(NARROW)
    page.goto(reports["nb"].as_uri())
    usable = page.evaluate(
        "[...document.querySelectorAll('a,button,input,summary,[tabindex]')]"
        ".filter(one => one.tabIndex >= 0 && one.checkVisibility()).length"
    )
    scrolls = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => one.scrollWidth > one.clientWidth + 1 &&"
        " ['auto','scroll'].includes(getComputedStyle(one).overflowX) && one.tabIndex < 0).length"
    )
    assert scrolls == 0
    reached = set()
    for _ in range(usable):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(reached) == usable
