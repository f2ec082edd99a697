"""Title, subtitle, footer and marks around a figure; where they stand, so that nothing overlaps or is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from navoutcomes.notes import Note
from navoutcomes.records.origin import Origin
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.drawn import Drawn, DrawnAxes
from navoutcomes.show.lettering import balanced, wrapped
from navoutcomes.show.words import word

LINE_CM = 0.42
TITLE_LINE_CM = 0.56
FOOTER_LINE_CM = 0.40
MARGIN_CM = 0.35
TEXT_CM = style.WIDTH_CM - 2 * MARGIN_CM
DRAFT_CM = 2.6


def footer_lines(
    origin: Origin, released: Released[Any] | None, method: Sequence[Note], language: str, extra: Sequence[str] = ()
) -> tuple[str, ...]:
    """Source and cut-off, method and interval, definitions, disclosure rule, and what the figure is not."""
    lines = []
    source = ", ".join(origin.names)
    if source:
        key = "footer_source_cutoff" if origin.cutoff else "footer_source"
        cutoff = f"{origin.cutoff:%d.%m.%Y}" if origin.cutoff else ""
        lines.append(word(key, language, source=source, cutoff=cutoff))
    how = " ".join(one.text(language) for one in method)
    if how:
        lines.append(f"{word('method', language)}: {how}")
    lines += [*extra, *(one.text(language) for one in origin.definitions)]
    if released is not None:
        lines += [one.text(language) for one in released.decisions]
    else:
        lines.append(word("footer_draft", language))
    if origin.synthetic:
        lines.append(word("synthetic_warning", language))
    return tuple(lines)


def marked_title(title: str, origin: Origin, language: str) -> str:
    """Titles of invented data begin by saying so."""
    return f"{word('synthetic_data', language)}: {title}" if origin.synthetic else title


def heights(drawn: Drawn, rows: int) -> tuple[float, float]:
    """Centimetres that the title block needs above the axes, and ticks, rows and footer need below."""
    title = len(_title(drawn)) * TITLE_LINE_CM
    above = MARGIN_CM + title + len(_subtitle(drawn)) * LINE_CM + 0.95
    below = 1.35 + rows * LINE_CM + (0.35 if rows else 0.0) + len(_footer(drawn)) * FOOTER_LINE_CM + 0.25
    return above, below


def _title(drawn: Drawn) -> list[str]:
    """The title's lines, about as long as each other; a draft leaves room for its mark."""
    room = TEXT_CM - (0 if drawn.released else DRAFT_CM)
    return balanced(drawn.title, room, style.TITLE_PT, bold=True)


def _subtitle(drawn: Drawn) -> list[str]:
    return wrapped(drawn.subtitle, TEXT_CM, style.BODY_PT) if drawn.subtitle else []


def _footer(drawn: Drawn) -> list[str]:
    return [part for line in drawn.footer for part in wrapped(line, TEXT_CM, style.SMALLEST_PT)]


def mark_inside(axes: Axes, drawn: Drawn) -> None:
    """What nobody may miss, written on axes that the caller has laid out: a draft, and invented data."""
    marks = [word("internal_draft", drawn.language)] if not drawn.released else []
    marks += [word("synthetic_data", drawn.language)] if drawn.synthetic else []
    axes.text(
        0.99, 0.99, "\n".join(marks), transform=axes.transAxes, ha="right", va="top", size=style.SMALLEST_PT,
        weight="bold", color=style.WARNING, zorder=7,
    )  # fmt: skip


def dress(axes: Axes, drawn: Drawn, height_cm: float) -> None:
    """Write title and subtitle above and the footer at the bottom of the figure."""
    figure = axes.figure
    left = MARGIN_CM / style.WIDTH_CM
    top = 1 - MARGIN_CM / height_cm
    for line in _title(drawn):
        figure.text(left, top, line, size=style.TITLE_PT, weight="bold", va="top", color=style.INK)
        top -= TITLE_LINE_CM / height_cm
    for line in _subtitle(drawn):
        figure.text(left, top, line, size=style.BODY_PT, va="top", color=style.MUTED)
        top -= LINE_CM / height_cm
    bottom = 0.25 / height_cm
    for line in reversed(_footer(drawn)):
        figure.text(left, bottom, line, size=style.SMALLEST_PT, va="bottom", color=style.MUTED)
        bottom += FOOTER_LINE_CM / height_cm
    if not drawn.released:
        mark = word("internal_draft", drawn.language)
        figure.text(
            1 - left, 1 - MARGIN_CM / height_cm, mark, size=style.SMALLEST_PT, weight="bold", va="top", ha="right",
            color=style.WARNING,
            bbox={"boxstyle": "square,pad=0.3", "facecolor": style.PAPER, "edgecolor": style.WARNING},
        )  # fmt: skip
    if isinstance(axes, DrawnAxes):
        axes.drawn = drawn
