"""What the front pages show is what the package says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from navoutcomes.show.numbers import NO_BREAK

ROOT = Path(__file__).parents[2]
PAGES = {"README.md": "en", "LESMEG.md": "nb"}


def ran(page: str, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], str]:
    """Run the page's block of code in the root of the project; returns its names and its last value."""
    code = re.search(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert code
    *lines, last = code[1].rstrip().splitlines()
    names: dict[str, Any] = {}
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NAVOUTCOMES_LANGUAGE", PAGES[page])
    exec("\n".join(lines), names)
    return names, str(eval(last, names))


@pytest.mark.parametrize("page", PAGES)
def test_the_ten_lines_run_and_give_the_sentence_of_the_page(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, sentence = ran(page, monkeypatch)
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"> {sentence.replace(NO_BREAK, ' ')}" in text


@pytest.mark.parametrize("page", PAGES)
def test_the_figure_says_in_words_what_it_shows(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names, _ = ran(page, monkeypatch)
    curves = next(value for name, value in names.items() if name in ("curves", "kurver"))
    shares = curves.result.at(365)["estimate"]
    alt = re.search(r"!\[(.*?)\]\(docs/(.*?)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert alt
    for share in shares:
        number = f"{100 * share:.1f}"
        assert (number if PAGES[page] == "en" else number.replace(".", ",")) in alt[1]
    assert (ROOT / "docs" / alt[2]).stat().st_size < 60_000


def test_both_pages_name_the_two_commands() -> None:
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert "make report" in text
        assert "make test" in text
        assert "pip install --require-hashes -r requirements.lock" in text


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in (*PAGES, "CONTRIBUTING.md", "GLOSSARY.md", "data/README.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"
