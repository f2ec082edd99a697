"""Who came in and who fell out, top to bottom."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from navoutcomes.design.flow import Flow
from navoutcomes.records.origin import Origin
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.frame import LINE_CM, dress, footer_lines, heights, marked_title
from navoutcomes.show.lettering import text_cm, wrapped
from navoutcomes.show.numbers import count
from navoutcomes.show.words import language_of, word
from navoutcomes.texts import Text, spoken

BOX_CM = 1.0
GAP_CM = 0.55
PAD_CM = 0.05
MAIN_CM = (0.55, 6.6)
SIDE_CM = (8.2, 7.2)
TEXT_PT = style.BODY_PT


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
        boxes = _boxes(inner, language)
        plot = sum(box.height for box in boxes) + (len(boxes) - 1) * GAP_CM
        height = above + plot + 2 * PAD_CM + below
        axes = new_axes(height, (0.0, below / height, 1.0, (plot + 2 * PAD_CM) / height))
        axes.set_axis_off()
        axes.set_xlim(0, style.WIDTH_CM)
        axes.set_ylim(plot + PAD_CM, -PAD_CM)
        _draw(axes, boxes)
        dress(axes, drawn, height)
    return axes


@dataclass(frozen=True)
class Box:
    """One box: its lines of text and its number; the first and the last stand in the main column."""

    lines: tuple[str, ...]
    number: str
    main: bool

    @property
    def height(self) -> float:
        return max(BOX_CM, LINE_CM * len(self.lines) + 0.3)


def _boxes(flow: Flow, language: str) -> list[Box]:
    said = flow.lines(language)
    made = []
    for place, (text, number) in enumerate(said):
        main = place in (0, len(said) - 1)
        width = (MAIN_CM if main else SIDE_CM)[1]
        lines = wrapped(text, width - 0.7 - text_cm(count(abs(number), language), style.TITLE_PT, bold=True), TEXT_PT)
        made.append(Box(tuple(lines), count(abs(number), language), main))
    return made


def _draw(axes: Axes, boxes: list[Box]) -> None:
    middle = MAIN_CM[0] + MAIN_CM[1] / 2
    top, first = 0.0, boxes[0].height
    for place, box in enumerate(boxes):
        left, width = MAIN_CM if box.main else SIDE_CM
        if not box.main:
            _arrow(axes, (middle, top + box.height / 2), (left, top + box.height / 2))
        elif place:
            _arrow(axes, (middle, first), (middle, top))
        face = "#eef4fb" if box.main else style.PAPER
        axes.add_patch(Rectangle((left, top), width, box.height, facecolor=face, edgecolor=style.INK, linewidth=0.9))
        centre = top + box.height / 2
        axes.text(left + 0.25, centre, "\n".join(box.lines), va="center", size=TEXT_PT, linespacing=1.05)
        axes.text(left + width - 0.25, centre, box.number, va="center", ha="right", size=style.TITLE_PT, weight="bold")
        top += box.height + GAP_CM


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    arrow = FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=9, color=style.INK, linewidth=0.9, shrinkA=0, shrinkB=0
    )
    axes.add_patch(arrow)
