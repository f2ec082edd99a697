"""The PDF: tagged (PDF/UA-1, PDF/A-2a), set by Typst from data, with its own fonts and no clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from navoutcomes.errors import NumericalProblem
from navoutcomes.report.blocks import LISTED_LEVELS, Block, Bullets, FigureBlock, Heading, Paragraph, Report, TableBlock
from navoutcomes.show.lettering import drawable
from navoutcomes.show.style import FAMILY, font_family, font_files
from navoutcomes.show.words import word

NO_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)


def write_pdf(report: Report, folder: Path, output: Path) -> None:
    """Write the report as PDF. ``folder`` holds ``figures/``; what Typst needs beside it is removed again.

    Raises: ``NumericalProblem`` with what Typst said when it refuses, as it does for a figure without alt text.
    """
    import matplotlib as mpl
    import typst

    spare = Path(mpl.get_data_path()) / "fonts" / "ttf"
    data, template = folder / "report.json", folder / "report.typ"
    data.write_text(json.dumps(_printable(_data(report)), ensure_ascii=False), encoding="utf-8")
    template.write_bytes(resources.files("navoutcomes.report").joinpath("files", "report.typ").read_bytes())
    problem = None
    try:
        # Where the house's font is not installed, the spare one has every letter.
        fonts = [font_files()[0].parent] if font_family() == FAMILY else []
        output.write_bytes(
            typst.compile(
                template, root=folder, font_paths=[*fonts, spare], ignore_system_fonts=True, format="pdf",
                pdf_standards=["ua-1", "a-2a"], timestamp=NO_CLOCK,
            )
        )  # fmt: skip
    except typst.TypstError as refused:
        problem = NumericalProblem("document_failed", program="Typst", said=str(refused)[-400:])
    finally:
        data.unlink()
        template.unlink()
    if problem is not None:
        raise problem


def _printable(data: Any) -> Any:
    """The same data in letters that the fonts have: PDF/UA refuses a sign without a glyph, as an emoji."""
    if isinstance(data, str):
        return drawable(data)
    if isinstance(data, list):
        return [_printable(one) for one in data]
    return {name: _printable(one) for name, one in data.items()} if isinstance(data, dict) else data


def _data(report: Report) -> dict[str, Any]:
    language, region = report.tag.split("-")
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "banner": report.banner,
        "occasion": report.occasion,
        "listed": LISTED_LEVELS,
        "contents": word("contents", report.language) if report.contents else "",
        "lang": language,
        "region": region,
        "page": word("page", report.language),
        "blocks": [_block(block) for block in report.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": block.kind, "text": block.text}
    if isinstance(block, FigureBlock):
        return {"kind": "figure", "name": block.name, "alt": block.drawn.alt, "caption": block.caption}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "lines": list(block.lines)}
    return _table(block)


def _table(block: TableBlock) -> dict[str, Any]:
    table = block.table
    return {
        "kind": "table",
        "caption": block.caption,
        "heads": list(table.heads),
        "rows": [list(row) for row in table.rows],
        "numeric": list(table.numeric),
        "widths": table.widths(),
        "notes": list(table.notes),
    }
