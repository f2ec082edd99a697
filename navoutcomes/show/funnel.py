"""Offices as points by their size: how far each is from what was expected, and how far chance alone would reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.offices.office_comparison import LIMITS, OfficeComparison
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.frame import dress, footer_lines, heights, marked_title
from navoutcomes.show.numbers import count, level_text, number
from navoutcomes.show.words import ending_inside, group_name, language_of, opened, time_phrase, word
from navoutcomes.texts import Text, spoken

PLOT_CM = 8.0
LEFT_CM, RIGHT_CM = 1.7, 2.1
DASHES = {0.95: (0, (4, 2)), 0.998: "-"}


def funnel(
    comparison: OfficeComparison | Released[OfficeComparison],
    own: str | None = None,
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
) -> Axes:
    """Draw each office's difference from what was expected against its number of persons.

    Arguments: ``own`` the office to name (None: those outside the wide limits, at most five); ``language``; ``title``
    and ``subtitle`` in your words. Limits at 95 and 99.8 per cent, widened by the spread between offices.
    Raises: ``DesignProblem`` for another kind of result, or an office that is not there.
    """
    result, released = opened(comparison)
    if not isinstance(result, OfficeComparison):
        raise DesignProblem("cannot_draw", kind=type(result).__name__)
    language = language_of(language)
    rows = result.table
    rows = rows[(rows["measure"] == "difference in shares") & rows["estimate"].notna()].reset_index(drop=True)
    if own is not None and own not in set(rows["group"]):
        raise DesignProblem("office_unknown", count=len(rows))
    outside = np.abs(rows["estimate"]) > result.limits(rows["at_risk"].to_numpy(), LIMITS[1])
    named = [own] if own is not None else list(rows.loc[outside, "group"])[:5]
    drawn = Drawn(
        title=marked_title(
            spoken(title, language) if title is not None else _finding(int(outside.sum()), len(rows), language),
            result.origin,
            language,
        ),
        subtitle=spoken(subtitle, language) if subtitle is not None else _subtitle(result, rows, language),
        footer=footer_lines(
            result.origin, released, result.method, language, [one.text(language) for one in result.findings]
        ),
        alt=marked_alt(_alt(result, rows, named, int(outside.sum()), language), result.origin, language),
        language=language,
        released=released is not None,
        synthetic=result.origin.synthetic,
    )
    with style.house_style():
        above, below = heights(drawn, 0)
        height = above + PLOT_CM + below + 0.4
        width = style.WIDTH_CM - LEFT_CM - RIGHT_CM
        box = (LEFT_CM / style.WIDTH_CM, below / height, width / style.WIDTH_CM, PLOT_CM / height)
        axes = new_axes(height, box)
        _limits(axes, result, rows, language)
        _offices(axes, rows, named, language)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, language, 0)))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value, language)))
        axes.set_xlabel(word("funnel_persons", language), loc="left")
        axes.set_ylabel(word("funnel_points", language))
        dress(axes, drawn, height)
    return axes


def _limits(axes: Axes, result: OfficeComparison, rows: pd.DataFrame, language: str) -> None:
    most = float(rows["at_risk"].max())
    size = np.linspace(max(2.0, 0.5 * float(rows["at_risk"].min())), 1.05 * most, 200)
    axes.axhline(0, color=style.INK, linewidth=0.9)
    for level in LIMITS:
        reach = np.round(100 * result.limits(size, level), 6)
        for side in (1, -1):
            axes.plot(size, side * reach, color=style.MUTED, linewidth=1.0, linestyle=DASHES[level])
        name = word("funnel_limit", language, level=level_text(level).replace(".", "." if language == "en" else ","))
        axes.annotate(
            name, xy=(size[-1], reach[-1]), xytext=(4, 0), textcoords="offset points", va="center",
            size=style.SMALLEST_PT, color=style.MUTED, annotation_clip=False,
        )  # fmt: skip
    farthest = 100 * max(float(np.abs(rows["estimate"]).max()), float(result.limits(rows["at_risk"].min(), 0.95)))
    axes.set_ylim(-1.15 * farthest, 1.15 * farthest)
    axes.set_xlim(size[0], size[-1])


def _offices(axes: Axes, rows: pd.DataFrame, named: list[str], language: str) -> None:
    chosen = rows["group"].isin(named).to_numpy()
    x, y = rows["at_risk"].to_numpy(), np.round(100 * rows["estimate"].to_numpy(), 6)
    axes.plot(x[~chosen], y[~chosen], "o", markersize=5, markerfacecolor="white", markeredgecolor=style.INK)
    axes.plot(x[chosen], y[chosen], "s", markersize=7, color=style.colour(0))
    right = axes.get_xlim()[1]
    for at, name in zip(np.flatnonzero(chosen), rows.loc[chosen, "group"], strict=True):
        late = x[at] > 0.75 * right
        axes.annotate(
            group_name(str(name), language), xy=(x[at], y[at]), xytext=(-7 if late else 7, 0),
            textcoords="offset points", va="center", ha="right" if late else "left", color=style.colour(0),
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8},
        )  # fmt: skip


def _finding(outside: int, offices: int, language: str) -> str:
    return word("funnel_finding" if outside else "funnel_finding_none", language, count=outside, total=offices)


def _subtitle(result: OfficeComparison, rows: pd.DataFrame, language: str) -> str:
    return word(
        "funnel_subtitle",
        language,
        cause=ending_inside(result.cause, language),
        time=time_phrase(result.at, result.unit, language),
        offices=len(rows),
        persons=count(float(rows["at_risk"].sum()), language),
    )


def _alt(result: OfficeComparison, rows: pd.DataFrame, named: list[str], outside: int, language: str) -> str:
    far = dict(zip(rows["group"], 100 * rows["estimate"].to_numpy(), strict=True))
    told = [
        f"{group_name(name, language)}: {number(far[name], language)} {word('measure_points', language)}"
        for name in named
    ]
    return " ".join(
        [
            word("alt_funnel", language),
            f"{_subtitle(result, rows, language)}.",
            f"{_finding(outside, len(rows), language)}.",
            *(f"{one}." for one in told),
            word("alt_table", language),
        ]
    )
