"""Published studies on one scale, what they say together, and one's own numbers beside them: the forest plot."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.evidence.meta_analysis import OWN, POOLED, PREDICTION, REVIEW, MetaAnalysis
from navoutcomes.estimate.result import Row, lines
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.forest_parts import columns, number_axis
from navoutcomes.show.frame import dress, footer_lines, heights, marked_title
from navoutcomes.show.lettering import text_cm, two_lines
from navoutcomes.show.numbers import level_text, number, percent
from navoutcomes.show.studies import estimate_text, measure_inside, row_label, scale_of
from navoutcomes.show.words import language_of, opened, word
from navoutcomes.texts import Text, spoken

ROW_CM = 0.68
TALL_ROW_CM = 0.9
LABEL_CM = 6.0
NUMBERS_CM = 4.2
# Squares of studies are between these sizes in points, the heaviest the largest.
SIZES = (3.5, 8.0)
DIAMOND = 0.28
IN_ALT = 6


@dataclass(frozen=True)
class _Line:
    """A row of the figure: what it is, its label and its numbers as they are printed."""

    row: Row
    label: str
    text: str


def forest_studies(
    found: MetaAnalysis | Released[MetaAnalysis],
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
) -> Axes:
    """Draw published studies as squares with intervals, their pooled value as a diamond, own numbers on top in colour.

    Arguments: ``found`` from ``nav.meta_analysis``, released or not; ``language``; ``title`` and ``subtitle`` in your
    words. The size of a square is the study's weight; a thin line is where a new study is to be expected.
    Raises: ``DesignProblem`` for another result.
    """
    result, released = opened(found)
    if not isinstance(result, MetaAnalysis):
        raise DesignProblem("cannot_draw", kind=type(result).__name__)
    language = language_of(language)
    shown = [
        _Line(row, row_label(result, row, place, language), estimate_text(result, row, language))
        for place, row in enumerate(lines(result.table))
    ]
    drawn = Drawn(
        title=marked_title(
            spoken(title, language) if title is not None else _finding(result, language), result.origin, language
        ),
        subtitle=spoken(subtitle, language) if subtitle is not None else _unlike(result, language),
        footer=footer_lines(result.origin, released, result.method, language, _extra(result, language)),
        alt=marked_alt(_alt(result, shown, language), result.origin, language),
        language=language,
        released=released is not None,
        synthetic=result.origin.synthetic,
    )
    with style.house_style():
        return _drawn(drawn, result, shown, language)


def _drawn(drawn: Drawn, result: MetaAnalysis, shown: list[_Line], language: str) -> Axes:
    labels = [two_lines(one.label, LABEL_CM - 0.6, style.BODY_PT) for one in shown]
    row_cm = TALL_ROW_CM if any("\n" in one for one in labels) else ROW_CM
    above, below = heights(drawn, 0)
    plot = row_cm * (len(shown) + 0.4)
    height = above + 0.5 + plot + below
    numbers = max(NUMBERS_CM, *(text_cm(one.text, style.BODY_PT) + 0.65 for one in shown))
    width = style.WIDTH_CM - LABEL_CM - numbers
    box = (LABEL_CM / style.WIDTH_CM, below / height, width / style.WIDTH_CM, plot / height)
    axes = new_axes(height, box)
    scale = scale_of(result.measure)
    _marks(axes, result, [one.row for one in shown], scale)
    head = word("forest_numbers", language, level=level_text(result.level))
    columns(axes, labels, [one.text for one in shown], (LABEL_CM, width), head)
    name = word(f"measure_{result.measure.replace(' ', '_')}", language)
    named = f"{name} ({word('measure_points', language)})" if scale != 1 else name
    number_axis(axes, result.table, scale, result.ratio, named, language)
    dress(axes, drawn, height)
    return axes


def _marks(axes: Axes, result: MetaAnalysis, rows: list[Row], scale: float) -> None:
    """Own numbers in colour, studies in grey by weight, reviews hollow, together a diamond, ahead a thin line."""
    weights = iter(result.weights)
    heaviest = max(result.weights, default=1.0)
    for place, row in enumerate(rows):
        low, middle, high = (round(scale * one, 6) for one in (row.conf_low, row.estimate, row.conf_high))
        if row.term == POOLED:
            corners = [(low, place), (middle, place - DIAMOND), (high, place), (middle, place + DIAMOND)]
            axes.fill(*np.array(corners).T, facecolor=style.INK, edgecolor=style.INK, zorder=3)
            continue
        own = row.term == OWN
        colour = style.colour(0) if own else style.INK if row.term == PREDICTION else style.MUTED
        if not isnan(low):
            width = 2.4 if own else 0.9 if row.term == PREDICTION else 1.5
            axes.plot([low, high], [place, place], color=colour, zorder=2, linewidth=width)
        if row.term == PREDICTION:
            axes.plot([low, high], [place, place], linestyle="none", marker="|", markersize=7, color=colour, zorder=2)
            continue
        part = 1.0 if own else 0.4 if row.term == REVIEW else _part(next(weights), heaviest)
        size = SIZES[0] + (SIZES[1] - SIZES[0]) * part
        face = style.PAPER if row.term == REVIEW else colour
        axes.plot([middle], [place], marker="D" if row.term == REVIEW else "s", markersize=size, color=colour,
                  markerfacecolor=face, markeredgecolor=colour, zorder=3)  # fmt: skip
    axes.axhline(len(rows), color="none")
    if rows and rows[0].term == OWN:
        axes.axhline(0.5, color=style.HAIRLINE, linewidth=0.8)
    axes.set_ylim(len(rows) - 0.3, -0.7)
    axes.yaxis.set_major_locator(NullLocator())
    axes.grid(visible=False)


def _part(weight: float, heaviest: float) -> float:
    """The side of a square whose area is the weight, the heaviest 1."""
    return float(np.sqrt(weight / heaviest))


def _row(table: pd.DataFrame, term: str) -> Row | None:
    return next((row for row in lines(table) if row.term == term), None)


def _finding(result: MetaAnalysis, language: str) -> str:
    name = word(f"measure_{result.measure.replace(' ', '_')}", language)
    pooled, own = _row(result.table, POOLED), _row(result.table, OWN)
    if pooled is None:
        return word("forest_studies_title_bare", language, measure=name)
    scale, digits = scale_of(result.measure), 1 if scale_of(result.measure) != 1 else 2
    value = number(scale * pooled.estimate, language, digits)
    if own is not None:
        mine = number(scale * own.estimate, language, digits)
        return word("forest_studies_title_own", language, measure=name, own=mine, value=value)
    text = estimate_text(result, pooled, language).partition(" (")[2].rstrip(")")
    return word("forest_studies_title", language, measure=name, value=value, limits=text)


def _unlike(result: MetaAnalysis, language: str) -> str:
    if isnan(result.tau2):
        return word("forest_studies_one", language)
    facts = {"i2": percent(result.i2, language, 0), "tau2": number(result.tau2, language, 2)}
    return word("forest_studies_unlike", language, **facts)


def _extra(result: MetaAnalysis, language: str) -> list[str]:
    sources = "; ".join(dict.fromkeys(one.source for one in result.studies))
    said = [word("forest_studies_sources", language, sources=sources)]
    said += [one.text(language) for one in result.findings]
    return said if result.own is None else [*said, word("forest_studies_caution", language)]


def _alt(result: MetaAnalysis, shown: list[_Line], language: str) -> str:
    reviews = sum(one.studies is not None for one in result.studies)
    head = word(
        "forest_studies_alt", language, measure=measure_inside(result.measure, language),
        studies=len(result.studies) - reviews, reviews=reviews,
    )  # fmt: skip
    first = [one for one in shown if one.row.term in (OWN, POOLED, PREDICTION)]
    chosen = (first + [one for one in shown if one not in first])[:IN_ALT]
    values = "; ".join(f"{one.label}: {one.text}" for one in chosen)
    return f"{head} {values}. {word('alt_table', language)}"
