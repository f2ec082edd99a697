"""Step curves with intervals, names at their ends, and the people at risk beneath: the house figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.curves.survival import SurvivalCurves
from navoutcomes.estimate.result import Curves
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import curve_alt
from navoutcomes.show.at_risk import left_cm, rows_under, write_rows
from navoutcomes.show.axis import set_share_axis, set_time_axis, share_top, time_ticks
from navoutcomes.show.drawn import Drawn, new_axes
from navoutcomes.show.finding import finding, one_cause, people_line, times_to_show
from navoutcomes.show.frame import MARGIN_CM, dress, footer_lines, heights, mark_inside, marked_title
from navoutcomes.show.labels import label_ends
from navoutcomes.show.lettering import shortened, text_cm, two_lines
from navoutcomes.show.marks import mark_times
from navoutcomes.show.numbers import percent
from navoutcomes.show.words import ending, group_name, language_of, opened, word
from navoutcomes.texts import Text, spoken

PLOT_CM = 6.4
LEFT_CM = 1.6
RIGHT_CM = 1.9
DECIMALS = 5
BEYOND = 1.03
NAME_CM = 3.4
MOST_GROUPS = len(style.COLOURS)


def incidence_curves(
    curves: IncidenceCurves | Released[IncidenceCurves],
    cause: str | None = None,
    at: float | Sequence[float] | None = None,
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
    horizon: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share that has left for one cause, by group.

    Arguments: ``cause`` an ending (None: the outcome); ``at`` times at which the estimate is written (the follow-up's
    own
    unit); ``language`` nb, nn or en; ``title`` and ``subtitle`` in your words instead of the finding; ``horizon`` where
    the time axis ends; ``ax`` to draw on (without the rows beneath).
    Shapes: returns the Axes. Raises ``DesignProblem`` for a cause that is not there, for more than four groups, and for
    other results.
    """
    result = opened(curves)[0]
    if not isinstance(result, IncidenceCurves):
        raise DesignProblem("cannot_draw", kind=type(result).__name__)
    place = result.counts.cause(cause)
    name = result.counts.causes[place]
    language = language_of(language)
    label = word("axis_incidence", language, cause=ending(name, language))
    return _draw(curves, name, at, language, title, subtitle, horizon, ax, label)


def survival_curves(
    curves: SurvivalCurves | Released[SurvivalCurves],
    at: float | Sequence[float] | None = None,
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
    horizon: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share that has not left, by group. Arguments and shapes as ``incidence_curves``."""
    if not isinstance(opened(curves)[0], SurvivalCurves):
        raise DesignProblem("cannot_draw", kind=type(opened(curves)[0]).__name__)
    language = language_of(language)
    return _draw(curves, None, at, language, title, subtitle, horizon, ax, word("axis_survival", language))


def _draw(
    curves: Curves | Released[Curves],
    cause: str | None,
    at: float | Sequence[float] | None,
    language: str,
    title: str | Text | None,
    subtitle: str | Text | None,
    horizon: float | None,
    ax: Axes | None,
    label: str,
) -> Axes:
    result, released = opened(curves)
    times = times_to_show(result, at)
    groups = list(result.counts.groups)
    if len(groups) > MOST_GROUPS:
        raise DesignProblem("too_many_groups", count=len(groups), most=MOST_GROUPS)
    longest = float(result.counts.clock(horizon)[0]) if horizon else float(result._full["time"].max())
    ticks = time_ticks(longest, result.unit)
    edge = longest * BEYOND
    causes = result.counts.causes if cause is not None else ()
    rows = rows_under(result.counts, causes, ticks, language, {name: k for k, name in enumerate(groups)})
    heading = spoken(title, language) if title is not None else finding(result, cause, times[-1], language)
    drawn = Drawn(
        title=marked_title(heading, result.origin, language),
        subtitle=spoken(subtitle, language) if subtitle is not None else people_line(result, language),
        footer=footer_lines(result.origin, released, result.method, language),
        alt=curve_alt(result, (cause,), times[-1], language),
        language=language,
        released=released is not None,
        synthetic=result.origin.synthetic,
    )
    names = [_name(name, language) if len(groups) > 1 else "" for name in groups]
    with style.house_style():
        axes = ax
        above, below = heights(drawn, len(rows))
        height = above + PLOT_CM + below
        left = left_cm(rows, LEFT_CM)
        if axes is None:
            names_cm = max(text_cm(line, style.BODY_PT, bold=True) for name in names for line in name.split("\n"))
            width = style.WIDTH_CM - left - max(RIGHT_CM, names_cm + MARGIN_CM + 0.25)
            box = (left / style.WIDTH_CM, below / height, width / style.WIDTH_CM, PLOT_CM / height)
            axes = new_axes(height, box)
        parts = [_part(result, name, cause, longest, edge) for name in groups]
        highest = max(float(np.nanmax(part[["estimate", "conf_high"]].to_numpy())) for part in parts)
        set_share_axis(axes, 1.0 if cause is None else share_top(highest), language)
        set_time_axis(axes, ticks, edge, result.unit, language)
        label = shortened(label, style.WIDTH_CM - left - MARGIN_CM, style.BODY_PT)
        axes.set_title(label, loc="left", size=style.BODY_PT, weight=400, color=style.MUTED, pad=6)
        ends = [_line(axes, part, k) for k, part in enumerate(parts)]
        texts = [f"{name}\n{percent(end, language)}".strip() for end, name in zip(ends, names, strict=True)]
        colours = map(style.text_colour, range(len(ends)))
        label_ends(axes, list(zip(ends, texts, colours, strict=True)), edge)
        shown = [one_cause(result, cause, time).dropna(subset="estimate") for time in times]
        mark_times(axes, [rows for rows in shown if len(rows) and rows["time"].iloc[0] <= longest], parts, language)
        if ax is None:
            write_rows(axes, rows, ticks)
            dress(axes, drawn, height)
        else:
            mark_inside(axes, drawn)
    return axes


def _name(group: str, language: str) -> str:
    """A group's name as it is written at the end of its line."""
    return two_lines(group_name(group, language), NAME_CM, style.BODY_PT, bold=True)


def _part(result: Curves, group: str, cause: str | None, longest: float, edge: float) -> pd.DataFrame:
    """One curve as it is drawn: from time 0 to the end of the axis or of the group's follow-up."""
    full = result._full
    part = full[full["group"] == group]
    part = part if cause is None else part[part["cause"] == cause]
    part = part[part["time"] <= longest + 1e-9]
    last = part.iloc[[-1]].copy()
    if not bool(full[full["group"] == group]["open"].iloc[-1]) or float(last["time"].iloc[0]) >= longest:
        last["time"] = edge
        part = pd.concat([part, last])
    return part.round({"estimate": DECIMALS, "conf_low": DECIMALS, "conf_high": DECIMALS})


def _line(axes: Axes, part: pd.DataFrame, place: int) -> float:
    """Band and line; returns the height at which the line ends."""
    time, share = part["time"].to_numpy(), part["estimate"].to_numpy()
    colour = style.colour(place)
    low, high = part["conf_low"].to_numpy(), part["conf_high"].to_numpy()
    axes.fill_between(time, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
    axes.step(time, share, where="post", color=colour, linestyle=style.dash(place), linewidth=2, clip_on=False)
    return float(share[-1])
