"""Where people are at each time: shares that have left for each cause, stacked, with "still followed" on top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import curve_alt
from navoutcomes.show.at_risk import left_cm, rows_under, write_rows
from navoutcomes.show.axis import set_share_axis, set_time_axis, time_ticks
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.finding import finding, people_line, times_to_show
from navoutcomes.show.frame import dress, footer_lines, heights, marked_title
from navoutcomes.show.labels import label_ends
from navoutcomes.show.lettering import shortened, text_cm, two_lines
from navoutcomes.show.numbers import percent
from navoutcomes.show.words import ending, language_of, opened, word
from navoutcomes.texts import Text, spoken

PLOT_CM = 7.0
LEFT_CM = 1.6
RIGHT_CM = 3.6
INSIDE_CM = 0.25
DECIMALS = 5
BEYOND = 1.03


def shares_over_time(
    curves: IncidenceCurves | Released[IncidenceCurves],
    at: float | Sequence[float] | None = None,
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
) -> Axes:
    """Draw everybody's place at each time: left for each cause, or still followed. The shares add to one.

    Arguments as ``incidence_curves``; one group only.
    Raises: ``DesignProblem`` for several groups (draw one a group) or more than four causes.
    """
    result, released = opened(curves)
    if not isinstance(result, IncidenceCurves):
        raise DesignProblem("cannot_draw", kind=type(result).__name__)
    language = language_of(language)
    counts = result.counts
    if len(counts.groups) > 1:
        raise DesignProblem("one_group_a_drawing", groups=len(counts.groups))
    if len(counts.causes) > len(style.AREAS):
        raise DesignProblem("too_many_causes", count=len(counts.causes), most=len(style.AREAS))
    full = result._full
    time = full["time"].unique()
    shares = np.array([full[full["cause"] == cause]["estimate"].round(DECIMALS) for cause in counts.causes])
    tops = np.vstack([np.zeros(len(time)), np.cumsum(shares, axis=0), np.ones(len(time))])
    longest = float(time[-1])
    ticks = time_ticks(longest, result.unit)
    edge = longest * BEYOND
    time, tops = np.append(time, edge), np.hstack([tops, tops[:, [-1]]])
    rows = rows_under(counts, counts.causes, ticks, language, {})
    when = times_to_show(result, at)[-1]
    heading = spoken(title, language) if title is not None else finding(result, counts.causes[0], when, language)
    drawn = Drawn(
        title=marked_title(heading, result.origin, language),
        subtitle=spoken(subtitle, language) if subtitle is not None else people_line(result, language),
        footer=footer_lines(result.origin, released, result.method[:1], language),
        alt=curve_alt(result, counts.causes, when, language),
        language=language,
        released=released is not None,
        synthetic=result.origin.synthetic,
    )
    with style.house_style():
        above, below = heights(drawn, len(rows))
        height = above + PLOT_CM + below
        left = left_cm(rows, LEFT_CM)
        width = style.WIDTH_CM - left - RIGHT_CM
        box = (left / style.WIDTH_CM, below / height, width / style.WIDTH_CM, PLOT_CM / height)
        axes = new_axes(height, box)
        set_share_axis(axes, 1.0, language)
        set_time_axis(axes, ticks, edge, result.unit, language)
        label = shortened(word("axis_stacked", language), style.WIDTH_CM - left - 0.35, style.BODY_PT)
        axes.set_title(label, loc="left", size=style.BODY_PT, weight=400, color=style.MUTED, pad=6)
        ends = _areas(axes, time, tops, counts.causes, language)
        label_ends(axes, ends, edge)
        if tops[-2, -1] >= 1 - 1e-9:
            _still_inside(axes, time, tops[-2], edge / width, language)
        write_rows(axes, rows, ticks)
        dress(axes, drawn, height)
    return axes


def _areas(
    axes: Axes, time: np.ndarray, tops: np.ndarray, causes: tuple[str, ...], language: str
) -> list[tuple[float, str, str]]:
    ends = []
    for k, cause in enumerate(causes):
        colour, hatch = style.AREAS[k]
        axes.fill_between(
            time, tops[k], tops[k + 1], step="post", facecolor=colour, edgecolor=style.PAPER, hatch=hatch, linewidth=0.6
        )
        share = tops[k + 1, -1] - tops[k, -1]
        name = two_lines(ending(cause, language), RIGHT_CM - 0.6, style.BODY_PT, bold=True)
        ends.append(((tops[k, -1] + tops[k + 1, -1]) / 2, f"{name}\n{percent(share, language)}", style.INK))
    still = 1 - tops[-2, -1]
    if still > 1e-9:
        ends.append(
            (1 - still / 2, f"{word('still_followed_label', language)}\n{percent(still, language)}", style.MUTED)
        )
    axes.grid(visible=False)
    return ends


def _still_inside(axes: Axes, time: np.ndarray, top: np.ndarray, per_cm: float, language: str) -> None:
    """The white area named where everybody has left in the end, so that no label stands at its edge."""
    text = word("still_followed_label", language)
    end = (INSIDE_CM + text_cm(text, style.BODY_PT, bold=True) + 0.1) * per_cm
    if float(top[time <= end].max()) < 1 - 0.7 / PLOT_CM:
        axes.text(
            INSIDE_CM * per_cm, 1 - 0.35 / PLOT_CM, text, va="center", size=style.BODY_PT, weight="bold",
            color=style.MUTED,
        )  # fmt: skip
