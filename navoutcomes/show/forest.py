"""Differences or ratios as points with intervals, the numbers in columns beside them."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.result import Row, lines
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.forest_parts import columns, number_axis
from navoutcomes.show.frame import dress, footer_lines, heights, marked_title
from navoutcomes.show.lettering import text_cm, two_lines
from navoutcomes.show.numbers import level_text, number, span
from navoutcomes.show.words import ending, ending_inside, group_name, language_of, opened, time_phrase, word
from navoutcomes.texts import Text, spoken

ROW_CM = 0.75
LABEL_CM = 5.0
NUMBERS_CM = 4.4
TALL_ROW_CM = 1.0
RATIOS = ("risk ratio", "odds ratio", "restricted mean ratio", "restricted mean time lost ratio")
POINTS = ("risk difference",)
ADJUSTED = "adjusted "


def forest(
    effects: Effects | AdjustedEffects | Released[Effects] | Released[AdjustedEffects],
    measure: str | None = None,
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
) -> Axes:
    """Draw each comparison as a point with its interval.

    Arguments: ``measure`` one measure of the result (None: its first difference or ratio); ``language``; ``title`` and
    ``subtitle`` in your words. Differences in shares are in percentage points; ratios on a log scale with 0.5, 1, 2.
    Raises: ``DesignProblem`` when the measure is not in the result.
    """
    result, released = opened(effects)
    if not isinstance(result, Effects | AdjustedEffects):
        raise DesignProblem("cannot_draw", kind=type(result).__name__)
    language = language_of(language)
    table = result.table
    measure = measure or _first_comparison(table)
    rows = table[(table["measure"] == measure) & table["estimate"].notna()].reset_index(drop=True)
    if rows.empty:
        raise DesignProblem("choice_unknown", asked=measure, known=tuple(dict.fromkeys(table["measure"])))
    scale = 100.0 if measure.removeprefix(ADJUSTED) in POINTS else 1.0
    labels = [_label(row, result.unit, language) for row in lines(rows)]
    texts = [_text(row, scale, language) for row in lines(rows)]
    key = measure.replace(" ", "_")
    against = word("forest_against", language, group=group_name(str(result.reference), language))
    name = word(f"measure_{key}", language)
    cause = ending(str(rows["cause"].iloc[0]), language)
    drawn = Drawn(
        title=marked_title(
            spoken(title, language) if title is not None else _finding(result, rows, measure, name, language),
            result.origin,
            language,
        ),
        subtitle=spoken(subtitle, language) if subtitle is not None else against,
        footer=footer_lines(result.origin, released, result.method, language, _caution(result, language)),
        alt=marked_alt(_alt(name, cause, against, labels, texts, language), result.origin, language),
        language=language,
        released=released is not None,
        synthetic=result.origin.synthetic,
    )
    with style.house_style():
        above, below = heights(drawn, 0)
        labels = [two_lines(label, LABEL_CM - 0.6, style.BODY_PT) for label in labels]
        row_cm = ROW_CM if not any("\n" in label for label in labels) else TALL_ROW_CM
        plot = row_cm * (len(rows) + 0.4)
        height = above + 0.5 + plot + below
        numbers = max(NUMBERS_CM, *(text_cm(text, style.BODY_PT) + 0.65 for text in texts))
        width = style.WIDTH_CM - LABEL_CM - numbers
        box = (LABEL_CM / style.WIDTH_CM, below / height, width / style.WIDTH_CM, plot / height)
        axes = new_axes(height, box)
        _points(axes, rows, scale)
        head = word("forest_numbers", language, level=level_text(result.level))
        columns(axes, labels, texts, (LABEL_CM, width), head)
        named = f"{name} ({word('measure_points', language)})" if scale != 1 else name
        number_axis(axes, rows, scale, measure.removeprefix(ADJUSTED) in RATIOS, named, language)
        dress(axes, drawn, height)
    return axes


def _first_comparison(table: pd.DataFrame) -> str:
    """The first measure that compares; of unadjusted effects all do."""
    compared = [one for one in table["measure"] if one.endswith(("difference", "ratio", "to treat"))]
    return str(compared[0] if compared else table["measure"].iloc[0])


def _finding(result: Effects | AdjustedEffects, rows: pd.DataFrame, measure: str, name: str, language: str) -> str:
    """What the last row of a risk difference says; for other measures, or several groups, its name and the ending."""
    row = rows.iloc[-1]
    facts = {
        "cause": ending_inside(str(row["cause"]), language),
        "group": group_name(str(row["group"]), language),
        "reference": group_name(str(result.reference), language),
        "points": number(100 * abs(row["estimate"]), language),
    }
    if measure.removeprefix(ADJUSTED) != "risk difference" or np.isnan(row["conf_low"]) or rows["group"].nunique() > 1:
        return f"{name}: {facts['cause']}"
    key = "undecided" if row["conf_low"] <= 0 <= row["conf_high"] else "higher" if row["estimate"] > 0 else "lower"
    time = word("after_time", language, time=time_phrase(row["time"], result.unit, language)) if "time" in rows else ""
    text = word(f"finding_{key}", language, time=time, **facts).strip()
    return text[:1].upper() + text[1:]


def _label(row: Row, unit: str, language: str) -> str:
    name = group_name(row.group, language)
    time = row.time
    return name if isnan(time) else f"{name}, {time_phrase(time, unit, language)}"


def _text(row: Row, scale: float, language: str) -> str:
    digits = 1 if scale != 1 else 2
    value = number(scale * row.estimate, language, digits)
    limits = span(row.conf_low, row.conf_high, language, digits, scale)
    return f"{value} ({limits})" if limits else f"{value} ({word('no_interval', language)})"


def _points(axes: Axes, rows: pd.DataFrame, scale: float) -> None:
    for k, row in enumerate(lines(rows)):
        if not isnan(row.conf_low):
            axes.plot(
                np.round([scale * row.conf_low, scale * row.conf_high], 6), [k, k], color=style.colour(0), linewidth=2
            )
        axes.plot([round(scale * row.estimate, 6)], [k], marker="s", markersize=6, color=style.colour(0))
    axes.set_ylim(len(rows) - 0.3, -0.7)
    axes.yaxis.set_major_locator(NullLocator())
    axes.grid(visible=False)


def _caution(result: Effects | AdjustedEffects, language: str) -> list[str]:
    return [] if result.randomised else [word("association_only", language)]


def _alt(name: str, cause: str, against: str, labels: list[str], texts: list[str], language: str) -> str:
    values = "; ".join(f"{label}: {text}" for label, text in zip(labels[:6], texts[:6], strict=True))
    return (
        f"{word('alt_forest', language, measure=name, cause=cause)} {against}. {values}. {word('alt_table', language)}"
    )
