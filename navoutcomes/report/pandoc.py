"""Word and html through Pandoc, handed a syntax tree so that no text is read as markup. Pandoc runs as a program."""

from __future__ import annotations

import json
import os
import subprocess
from html import escape
from pathlib import Path
from typing import Any

from navoutcomes.errors import NumericalProblem
from navoutcomes.report.blocks import Bullets, FigureBlock, Heading, Paragraph, Report, TableBlock
from navoutcomes.report.contents import anchor, contents_page, contents_word
from navoutcomes.show.words import word

API_VERSION = [1, 23, 1]
EMPTY: list[Any] = ["", [], []]
Node = dict[str, Any]


def tree(report: Report, pictures: str) -> Node:
    """The report as Pandoc's syntax tree. ``pictures`` is the picture files' ending: png for Word, svg for html."""
    blocks: list[Node] = []
    if report.banner:
        blocks.append(_styled(report.banner, "Banner"))
    if report.contents:
        blocks.append(contents_word(report) if pictures == "png" else contents_page(report))
    headings = 0
    for block in report.blocks:
        if isinstance(block, Heading):
            name = [anchor(headings), [], []]
            headings += 1
            blocks.append({"t": "Header", "c": [block.level, name, _words(block.text)]})
        elif isinstance(block, Paragraph):
            style = {"emphasis": "Answer", "note": "Note", "prompt": "Prompt"}.get(block.kind)
            blocks.append(_styled(block.text, style) if style else _paragraph(block.text))
        elif isinstance(block, FigureBlock):
            blocks.append(_reached(_figure(block, pictures), block.caption, pictures))
        elif isinstance(block, TableBlock):
            table = _reached(_table(block), block.caption, pictures)
            blocks += [table, *(_styled(note, "Note") for note in block.table.notes), *_folded(block, pictures)]
        elif isinstance(block, Bullets):
            blocks.append({"t": "BulletList", "c": [[{"t": "Plain", "c": _words(line)}] for line in block.lines]})
    meta: dict[str, Node] = {
        "title": {"t": "MetaInlines", "c": _words(report.title)},
        "lang": {"t": "MetaString", "c": report.tag},
        "pagetitle": {"t": "MetaString", "c": report.title},
    }
    if report.subtitle:
        meta["subtitle"] = {"t": "MetaInlines", "c": _words(report.subtitle)}
    if report.occasion:
        meta["date"] = {"t": "MetaInlines", "c": _words(report.occasion)}
    return {"pandoc-api-version": API_VERSION, "meta": meta, "blocks": blocks}


def convert(syntax: Node, to: str, folder: Path, output: Path, options: list[str]) -> None:
    """Run Pandoc on a syntax tree, with pictures read from ``folder``.

    Raises: ``NumericalProblem`` with what Pandoc said when it fails.
    """
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--from", "json", "--to", to, "--output", str(output.resolve()), *options]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603
        command, input=json.dumps(syntax).encode(), cwd=folder, env=environment, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise NumericalProblem("document_failed", program="Pandoc", said=done.stderr.decode(errors="replace")[-400:])


def _words(text: str) -> list[Node]:
    """Inline text; ordinary spaces become breakable, no-break spaces stay within a word."""
    nodes: list[Node] = []
    for place, part in enumerate(text.split(" ")):
        if place:
            nodes.append({"t": "Space"})
        if part:
            nodes.append({"t": "Str", "c": part})
    return nodes


def _paragraph(text: str) -> Node:
    return {"t": "Para", "c": _words(text)}


def _styled(text: str, style: str) -> Node:
    """A paragraph with a Word style and an html class of the same name."""
    return {"t": "Div", "c": [["", [style.lower()], [["custom-style", style]]], [_paragraph(text)]]}


def _figure(block: FigureBlock, pictures: str) -> Node:
    attributes = ["", [], [["width", "16cm"], ["alt", block.drawn.alt]]]
    target = [f"figures/{block.name}.{pictures}", ""]
    image = {"t": "Image", "c": [attributes, _words(block.drawn.alt), target]}
    caption = [None, [{"t": "Plain", "c": _words(block.caption)}]]
    return {"t": "Figure", "c": [EMPTY, caption, [{"t": "Plain", "c": [image]}]]}


def _reached(node: Node, caption: str, pictures: str) -> Node:
    """On a page, what may be wider than the screen scrolls on its own, and a keyboard reaches it (WCAG 2.1.1)."""
    if pictures != "svg":
        return node
    named = [["role", "region"], ["aria-label", caption], ["tabindex", "0"]]
    return {"t": "Div", "c": [["", ["scroll"], named], [node]]}


def _folded(block: TableBlock, pictures: str) -> list[Node]:
    """On a page, every row of a table that is printed in part, opened by a click or the Enter key."""
    if block.every is None or pictures != "svg":
        return []
    every = block.every
    said = word("every_row", every.language, count=len(every.rows))
    table = _reached(_table(TableBlock(every, every.caption)), f"{every.caption}: {said}", pictures)
    return [_raw(f"<details><summary>{escape(said)}</summary>"), table, _raw("</details>")]


def _raw(html: str) -> Node:
    return {"t": "RawBlock", "c": ["html", html]}


def _table(block: TableBlock) -> Node:
    table = block.table
    sides = [{"t": "AlignRight" if right else "AlignLeft"} for right in table.numeric]
    columns = [[side, {"t": "ColWidth", "c": part}] for side, part in zip(sides, table.widths(), strict=True)]

    def row(cells: tuple[str, ...]) -> list[Any]:
        return [EMPTY, [[EMPTY, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": _words(cell)}]] for cell in cells]]

    head = [EMPTY, [row(table.heads)]]
    body = [EMPTY, 0, [], [row(cells) for cells in table.rows]]
    caption = [None, [{"t": "Plain", "c": _words(block.caption)}]]
    return {"t": "Table", "c": [EMPTY, caption, columns, head, [body], [EMPTY, []]]}
