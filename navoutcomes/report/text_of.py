"""The running text of a document: paragraphs, headings and captions, without tables and code."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from navoutcomes.errors import DataProblem, NumericalProblem

READERS = {".docx": "docx", ".html": "html", ".htm": "html", ".md": "markdown", ".ipynb": "ipynb"}
PLAIN = (".txt",)
LEAVES = ("Para", "Plain", "Header")
SKIPPED = ("Table", "CodeBlock", "RawBlock")
SPACES = {"Space": " ", "SoftBreak": " ", "LineBreak": " "}


def text_of(file: Path) -> str:
    """The text of a docx, html, md, ipynb or txt file, with an empty line between paragraphs.

    Raises: ``DataProblem`` for another kind of file; ``NumericalProblem`` with what Pandoc said when it cannot read it.
    """
    kind = file.suffix.lower()
    if kind in PLAIN:
        return file.read_text(encoding="utf-8", errors="replace")
    if kind not in READERS:
        raise DataProblem("lint_kind_unknown", file=file.name, allowed=sorted([*READERS, *PLAIN]))
    return "\n\n".join(one for one in _paragraphs(_syntax(file, READERS[kind])["blocks"]) if one.strip())


def _syntax(file: Path, reader: str) -> Any:
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--sandbox", "--from", reader, "--to", "json", str(file.resolve())]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise NumericalProblem("document_failed", program="Pandoc", said=done.stderr.decode(errors="replace")[-400:])
    return json.loads(done.stdout)


def _paragraphs(node: Any) -> Iterator[str]:
    """Every leaf of running text below a node of the syntax tree."""
    if isinstance(node, list):
        for one in node:
            yield from _paragraphs(one)
    elif isinstance(node, dict):
        if node.get("t") in LEAVES:
            yield _words(node["c"])
        elif node.get("t") not in SKIPPED:
            yield from _paragraphs(node.get("c", []))


def _words(node: Any) -> str:
    """The characters of inline nodes; code and pictures have none."""
    if isinstance(node, list):
        return "".join(_words(one) for one in node)
    if not isinstance(node, dict):
        return ""
    kind = node.get("t", "")
    if kind == "Str":
        return str(node["c"])
    if kind == "Quoted":
        return f"«{_words(node['c'][1])}»"
    return SPACES.get(kind, "" if kind in ("Code", "Image", "RawInline", "Math") else _words(node.get("c", [])))
