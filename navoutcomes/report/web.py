"""The html report: one file, no network, no script; the font and every figure are inside it."""

from __future__ import annotations

import base64
import io
from functools import cache
from importlib import resources
from pathlib import Path

from navoutcomes.report.blocks import Report
from navoutcomes.report.pandoc import convert, tree

LETTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) + "–—−‘’“”„«»…•€√≤≥χ²  "


def write_html(report: Report, folder: Path, output: Path) -> None:
    """Write the report as one html file that works at 320 px and prints."""
    head = output.with_suffix(".head")
    css = resources.files("navoutcomes.report").joinpath("files", "report.css").read_text(encoding="utf-8")
    head.write_text(f"<style>\n{font_faces()}\n{css}</style>\n", encoding="utf-8")
    template = str(resources.files("navoutcomes.report").joinpath("files", "report.html"))
    try:
        options = [
            "--standalone",
            "--embed-resources",
            "--template",
            template,
            "--include-in-header",
            str(head.resolve()),
        ]
        convert(tree(report, "svg"), "html5", folder, output, options)
    finally:
        head.unlink()


@cache
def font_faces() -> str:
    """Source Sans, regular and bold, cut down to the letters of our languages, as css. Empty where it is missing."""
    try:
        home = resources.files("font_source_sans_pro") / "files"
    except ModuleNotFoundError:
        return ""
    faces = []
    for face, weight in (("Regular", 400), ("Bold", 700)):
        with resources.as_file(home / f"SourceSansPro-{face}.ttf") as path:
            data = base64.b64encode(_subset(path)).decode()
        source = f"url(data:font/ttf;base64,{data}) format('truetype')"
        faces.append(f"@font-face{{font-family:'Source Sans Pro';font-weight:{weight};src:{source};}}")
    return "\n".join(faces)


def _subset(path: Path) -> bytes:
    from fontTools import subset, ttLib

    options = subset.Options()
    options.layout_features = ["kern", "liga"]
    font = ttLib.TTFont(path, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=LETTERS)
    cutter.subset(font)
    made = io.BytesIO()
    font.save(made, reorderTables=True)
    return made.getvalue()
