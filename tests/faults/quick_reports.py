"""Reports whose documents are plain words, for tests of folders and not of documents: Pandoc and Typst take seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import navoutcomes as nav
from navoutcomes.report import bundle as bundles
from navoutcomes.report.blocks import Paragraph

WRITERS = ("write_docx", "write_html", "write_pdf")


def words(report: Any, _: Path, output: Path) -> None:
    """A document of the report's paragraphs."""
    said = [block.text for block in report.blocks if isinstance(block, Paragraph)]
    output.write_text(json.dumps([report.title, *said], ensure_ascii=False), encoding="utf-8")


def quicken() -> None:
    """For programs of their own; tests use ``monkeypatch`` with the same names."""
    for name in WRITERS:
        setattr(bundles, name, words)


def tiny(folder: Path, note: str = "", language: str = "nb") -> Path:
    """A report of one paragraph."""
    with nav.Bundle(folder, language=language, title="Liten") as bundle:
        bundle.say(note or "Ingenting.")
    return bundle._final
