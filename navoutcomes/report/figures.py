"""Figure files: svg and pdf to print, png for Word, each with its alternative text and no clock, path or program."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from navoutcomes.show.drawn import Drawn, DrawnAxes
from navoutcomes.show.style import DPI, house_style


def write_figure(axes: DrawnAxes, folder: Path, name: str) -> tuple[str, ...]:
    """Write ``name``.svg, .pdf and .png; returns the file names. The figure is drawn once and kept by nobody."""
    drawn = axes.drawn
    if drawn is None:
        raise ValueError("a figure without its alternative text is not written")
    figure = axes.sheet
    with house_style():
        svg = folder / f"{name}.svg"
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        svg.write_text(_described(svg.read_text(encoding="utf-8"), drawn, name), encoding="utf-8")
        nothing = {"CreationDate": None, "Producer": None, "Creator": None}
        figure.savefig(
            folder / f"{name}.pdf", format="pdf", metadata=nothing | {"Title": drawn.title, "Subject": drawn.alt}
        )
        about = {"Title": drawn.title, "Description": drawn.alt, "Software": None}
        figure.savefig(folder / f"{name}.png", format="png", dpi=DPI, metadata=about)
    return tuple(f"{name}.{ending}" for ending in ("svg", "pdf", "png"))


def _described(svg: str, drawn: Drawn, name: str) -> str:
    """Title and description inside the svg, announced as one image."""
    title, text = f"{name}-title", f"{name}-desc"
    inside = f'<title id="{title}">{escape(drawn.title)}</title>\n <desc id="{text}">{escape(drawn.alt)}</desc>\n'
    svg = re.sub(r"<!-- Created with matplotlib.*?-->\n?", "", svg, flags=re.DOTALL)
    label = f'role="img" aria-labelledby="{title} {text}" lang="{drawn.language}"'
    return re.sub(r"(<svg )([^>]*>)", lambda found: f"{found[1]}{label} {found[2]}\n {inside}", svg, count=1)
