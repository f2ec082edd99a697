"""How unlike the arms are in each trait, before weighting (hollow) and after (filled), sorted: the love plot."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.adjusted.balance import LIMIT, Balance
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.frame import dress, footer_lines, heights, marked_title
from navoutcomes.show.lettering import shortened, text_cm
from navoutcomes.show.numbers import number
from navoutcomes.show.words import group_name, language_of, opened, term_name, word
from navoutcomes.texts import Text, spoken

ROW_CM = 0.62
LABEL_CM, WIDEST_LABEL_CM, NUMBERS_CM = 2.6, 5.6, 3.2
MOST_ROWS = 40
SIZE = 7.5


def love_plot(
    balance: Balance | Released[Balance],
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
) -> Axes:
    """Draw the standardised difference of every trait, before and after weighting.

    Arguments: ``balance`` from ``balance``, released or not; ``language``; ``title`` and ``subtitle`` in your words.
    Sorted by how unlike the arms were; a grey line at 0.1 on both sides of 0. Of more than 40
    traits the 40 most unlike are drawn, the rest counted.
    Raises: ``DesignProblem`` for what is no balance.
    """
    balance, released = opened(balance)
    if not isinstance(balance, Balance):
        raise DesignProblem("cannot_draw", kind=type(balance).__name__)
    language = language_of(language)
    rows = balance.differences
    rows = rows.loc[rows["before"].abs().sort_values(ascending=False, kind="stable").index]
    left_out, rows = max(0, len(rows) - MOST_ROWS), rows.head(MOST_ROWS)
    other = next(name for name in balance.groups if name != balance.reference)
    names = {
        "group": group_name(other, language),
        "reference": group_name(str(balance.reference), language),
    }
    extra = [word("love_left_out", language, count=left_out)] if left_out else []
    headline = spoken(title, language) if title is not None else _finding(rows, balance, language)
    drawn = Drawn(
        title=marked_title(headline, balance.origin, language),
        subtitle=spoken(subtitle, language) if subtitle is not None else word("love_against", language, **names),
        footer=footer_lines(balance.origin, released, balance.method, language, extra),
        alt=marked_alt(_alt(rows, balance, language, names), balance.origin, language),
        language=language,
        released=released is not None,
        synthetic=balance.origin.synthetic,
    )
    with style.house_style():
        return _drawn(drawn, rows, language, balance.weighted)


def _drawn(drawn: Drawn, rows: pd.DataFrame, language: str, weighted: bool) -> Axes:
    labels = [term_name(str(name), language) for name in rows.index]
    widest = max(text_cm(label, style.BODY_PT) for label in labels) + 0.7
    label_cm = min(max(LABEL_CM, widest), WIDEST_LABEL_CM)
    above, below = heights(drawn, 0)
    plot = ROW_CM * (len(rows) + 0.6)
    height = above + 0.3 + plot + below
    numbers = NUMBERS_CM if weighted else NUMBERS_CM / 2
    width = style.WIDTH_CM - label_cm - numbers
    box = (label_cm / style.WIDTH_CM, below / height, width / style.WIDTH_CM, plot / height)
    axes = new_axes(height, box)
    _points(axes, rows, weighted)
    _columns(axes, rows, [shortened(one, label_cm - 0.6, style.BODY_PT) for one in labels], (label_cm, width), language)
    _axis(axes, rows, language)
    _key(axes, language, weighted)
    dress(axes, drawn, height)
    return axes


def _points(axes: Axes, rows: pd.DataFrame, weighted: bool) -> None:
    axes.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    for one in (-LIMIT, LIMIT):
        axes.axvline(one, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    for place, (_, row) in enumerate(rows.iterrows()):
        before = round(float(row["before"]), 6)
        if weighted:
            after = round(float(row["after"]), 6)
            axes.plot([before, after], [place, place], color=style.HAIRLINE, linewidth=1.2, zorder=2)
            axes.plot([after], [place], marker="o", markersize=SIZE, color=style.colour(0), zorder=4)
        axes.plot(
            [before], [place], marker="o", markersize=SIZE, markerfacecolor=style.PAPER, markeredgewidth=1.6,
            markeredgecolor=style.colour(1) if weighted else style.colour(0), zorder=3,
        )  # fmt: skip
    axes.set_ylim(len(rows) - 0.4, -0.7)
    axes.yaxis.set_major_locator(NullLocator())
    axes.grid(visible=False)


def _columns(axes: Axes, rows: pd.DataFrame, labels: list[str], room: tuple[float, float], language: str) -> None:
    """Names on the left, the numbers on the right."""
    label_cm, width = room
    start = -(label_cm - 0.35) / width
    for place, (label, (_, row)) in enumerate(zip(labels, rows.iterrows(), strict=True)):
        axes.annotate(label, xy=(start, place), xycoords=("axes fraction", "data"), va="center", annotation_clip=False)
        for column, name in enumerate(rows.columns):
            axes.annotate(
                number(float(row[name]), language, 2), xy=(1, place), xycoords=("axes fraction", "data"),
                xytext=(44 + 44 * column, 0), textcoords="offset points", va="center", ha="right",
                annotation_clip=False,
            )  # fmt: skip
    for column, name in enumerate(rows.columns):
        axes.annotate(
            word(f"love_{name}", language), xy=(1, 1), xycoords="axes fraction", xytext=(44 + 44 * column, 6),
            textcoords="offset points", va="bottom", ha="right", size=style.SMALLEST_PT, color=style.MUTED,
            annotation_clip=False,
        )  # fmt: skip


def _axis(axes: Axes, rows: pd.DataFrame, language: str) -> None:
    ends = rows.to_numpy(dtype=float)
    ends = ends[np.isfinite(ends)]
    low, high = min(-0.25, float(ends.min(initial=0.0))), max(0.25, float(ends.max(initial=0.0)))
    pad = 0.06 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, language, 1)))
    axes.set_xlabel(word("love_axis", language), loc="left")


def _key(axes: Axes, language: str, weighted: bool) -> None:
    """What hollow and filled mean, above the plot."""
    if not weighted:
        return
    hollow = Line2D([], [], linestyle="none", marker="o", markersize=SIZE, markerfacecolor=style.PAPER,
                    markeredgewidth=1.6, markeredgecolor=style.colour(1))  # fmt: skip
    filled = Line2D([], [], linestyle="none", marker="o", markersize=SIZE, color=style.colour(0))
    axes.legend(
        [hollow, filled], [word("when_before_weighting", language), word("when_after_weighting", language)],
        loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, frameon=False, fontsize=style.SMALLEST_PT,
        handletextpad=0.2, columnspacing=1.2, borderpad=0.1,
    )  # fmt: skip


def _finding(rows: pd.DataFrame, balance: Balance, language: str) -> str:
    unlike = {str(name): int((rows[name].abs() > LIMIT).sum()) for name in rows.columns}
    facts = {"total": len(rows), "limit": number(LIMIT, language, 1), **unlike}
    return word("love_finding" if balance.weighted else "love_finding_before", language, **facts)


def _alt(rows: pd.DataFrame, balance: Balance, language: str, names: dict[str, str]) -> str:
    parts = []
    for name, row in rows.head(6).iterrows():
        values = [number(float(row[one]), language, 2) for one in rows.columns]
        key = "love_alt_row" if balance.weighted else "love_alt_row_before"
        facts = dict(zip(("before", "after"), values, strict=False))
        parts.append(word(key, language, trait=term_name(str(name), language), **facts))
    head = word("love_alt", language, **names)
    return f"{head} {_finding(rows, balance, language)}. {'; '.join(parts)}. {word('alt_table', language)}"
