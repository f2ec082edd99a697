"""Who came in and who fell out, top to bottom."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from navoutcomes.design.flow import Flow
from navoutcomes.records.origin import Origin
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.frame import dress, footer_lines, heights, marked_title
from navoutcomes.show.numbers import count
from navoutcomes.show.words import language_of, word
from navoutcomes.texts import Text, spoken

BOX_CM = 1.0
GAP_CM = 0.55
PAD_CM = 0.05
MAIN_CM = (0.2, 6.6)
SIDE_CM = (8.2, 7.2)


def flow_chart(
    flow: Flow | Released[Flow],
    language: str | None = None,
    title: str | Text | None = None,
    origin: Origin | None = None,
) -> Axes:
    """Draw the persons from the register to the analysis, with how many fell out and why.

    Arguments: a flow, released or not; ``title`` in your words; ``origin`` for the source and the mark of invented
    data.
    """
    inner, released = (flow.result, flow) if isinstance(flow, Released) else (flow, None)
    language, origin = language_of(language), origin or Origin()
    heading = (
        spoken(title, language)
        if title is not None
        else word("flow_title", language, persons=count(inner.end, language))
    )
    said = [f"{text}: {count(number, language)}" for text, number in inner.lines(language)]
    drawn = Drawn(
        title=marked_title(heading, origin, language),
        subtitle="",
        footer=footer_lines(origin, released, (), language),
        alt=marked_alt(f"{word('alt_flow', language)} {'; '.join(said)}.", origin, language),
        language=language,
        released=released is not None,
        synthetic=origin.synthetic,
    )
    with style.house_style():
        above, below = heights(drawn, 0)
        below -= 1.1
        boxes = len(inner.steps) + 2
        plot = boxes * BOX_CM + (boxes - 1) * GAP_CM
        height = above + plot + 2 * PAD_CM + below
        axes = new_axes(height, (0.0, below / height, 1.0, (plot + 2 * PAD_CM) / height))
        axes.set_axis_off()
        axes.set_xlim(0, style.WIDTH_CM)
        axes.set_ylim(plot + PAD_CM, -PAD_CM)
        _boxes(axes, inner, language)
        dress(axes, drawn, height)
    return axes


def _boxes(axes: Axes, flow: Flow, language: str) -> None:
    middle = MAIN_CM[0] + 0.35 + MAIN_CM[1] / 2
    lines = flow.lines(language)
    top = 0.0
    _box(axes, MAIN_CM, top, lines[0][0], count(lines[0][1], language), strong=True)
    for step, (reason, _) in zip(flow.steps, lines[1:-1], strict=True):
        top += BOX_CM + GAP_CM
        _arrow(axes, (middle, top + BOX_CM / 2), (SIDE_CM[0], top + BOX_CM / 2))
        _box(axes, SIDE_CM, top, reason, count(step.lost, language), strong=False)
    top += BOX_CM + GAP_CM
    _arrow(axes, (middle, BOX_CM), (middle, top))
    _box(axes, MAIN_CM, top, lines[-1][0], count(lines[-1][1], language), strong=True)


def _box(axes: Axes, place: tuple[float, float], top: float, text: str, number: str, strong: bool) -> None:
    left, width = place[0] + (0.35 if strong else 0.0), place[1]
    face = "#eef4fb" if strong else style.PAPER
    axes.add_patch(Rectangle((left, top), width, BOX_CM, facecolor=face, edgecolor=style.INK, linewidth=0.9))
    lines = style.wrapped(text, width - 1.9, style.BODY_PT)[:2]
    axes.text(left + 0.25, top + BOX_CM / 2, "\n".join(lines), va="center", size=style.BODY_PT, linespacing=1.05)
    axes.text(
        left + width - 0.25, top + BOX_CM / 2, number, va="center", ha="right", size=style.TITLE_PT, weight="bold"
    )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    arrow = FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=9, color=style.INK, linewidth=0.9, shrinkA=0, shrinkB=0
    )
    axes.add_patch(arrow)
