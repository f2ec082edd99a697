"""Stated times on a figure of curves: a hairline, a dot a curve, and the estimate where there is room for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from navoutcomes.estimate.result import Row, lines
from navoutcomes.show import style
from navoutcomes.show.lettering import text_cm
from navoutcomes.show.numbers import percent, span

Box = tuple[float, float, float, float]
POINT_CM = 2.54 / 72
ASIDE_CM = 0.22
HIGH_CM = 0.36
UP_CM = (0.33, 0.7, 1.1, 1.5)
DOWN_CM = (-0.38, -0.75, -1.15, -1.55)
MOST_LABELLED = 2


def mark_times(axes: Axes, at: Sequence[pd.DataFrame], curves: Sequence[pd.DataFrame], language: str) -> None:
    """Mark each time: ``at`` holds the rows of the groups at a time, ``curves`` what has been drawn, in their order.

    An estimate and its interval are written where they meet no other text, and best where they meet no curve.
    """
    order = [str(curve["group"].iloc[0]) for curve in curves]
    across, along = _scales(axes)
    segments = [segment for curve in curves for segment in _segments(curve, across, along)]
    taken: list[Box] = []
    hairlines = [float(rows["time"].iloc[0]) for rows in at]
    for time in hairlines:
        axes.axvline(time, color=style.MUTED, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
    others = [(time * across, 0.0, time * across, np.inf) for time in hairlines]
    for rows in at:
        ordered = lines(rows.sort_values("estimate", ascending=False, kind="stable"))
        for row in ordered:
            place = order.index(row.group)
            axes.plot(
                [row.time], [row.estimate], marker="o", markersize=4.5, color=style.colour(place), zorder=5,
                clip_on=False,
            )  # fmt: skip
        for rank, row in enumerate(ordered if len(order) <= MOST_LABELLED else ()):
            # The upper curve's estimate stands above its dot and the lower one's below, so that grey paper tells them.
            away = (*UP_CM, *DOWN_CM) if len(ordered) == 1 else UP_CM if rank == 0 else DOWN_CM
            colour = style.text_colour(order.index(row.group)) if len(order) > 1 else style.INK
            best = _place(axes, row, (language, colour), away, (across, along), [segments, others, taken])
            if best is not None:
                taken.append(best)


def _place(
    axes: Axes, row: Row, how: tuple[str, str], away: tuple[float, ...], scale: tuple[float, float],
    drawn: list[list[Box]],
) -> Box | None:  # fmt: skip
    """Write one estimate; returns the room it takes, or None where there is none."""
    language, colour = how
    segments, hairlines, taken = drawn
    limits = span(row.conf_low, row.conf_high, language, scale=100)
    text = percent(row.estimate, language) + (f" ({limits})" if limits else "")
    width = text_cm(text, style.SMALLEST_PT) + 0.1
    x, y = row.time * scale[0], row.estimate * scale[1]
    room = (axes.get_xlim()[1] * scale[0], axes.get_ylim()[1] * scale[1])
    found: list[tuple[float, int, float, Box]] = []
    for choice, up in enumerate(away):
        for side in (1, -1):
            left = x + ASIDE_CM if side > 0 else x - ASIDE_CM - width
            box = (left, y + up - HIGH_CM / 2, left + width, y + up + HIGH_CM / 2)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]
            if inside and not any(_meet(box, one) for one in taken):
                crossed = sum(_meet(box, one) for one in segments) + 0.5 * sum(_meet(box, one) for one in hairlines)
                found.append((crossed + choice / 10, side, up, box))
    if not found:
        return None
    _, side, up, box = min(found, key=lambda one: one[0])
    axes.annotate(
        text, xy=(row.time, row.estimate), xytext=(side * ASIDE_CM / POINT_CM, up / POINT_CM),
        textcoords="offset points", ha="left" if side > 0 else "right", va="center", size=style.SMALLEST_PT,
        color=colour, path_effects=[withStroke(linewidth=3, foreground=style.PAPER)], zorder=6,
    )  # fmt: skip
    return box


def _scales(axes: Axes) -> tuple[float, float]:
    """Centimetres a unit of time, and a unit of share."""
    width, height = (2.54 * one for one in cast(Figure, axes.figure).get_size_inches())
    box = axes.get_position()
    return box.width * width / axes.get_xlim()[1], box.height * height / axes.get_ylim()[1]


def _segments(curve: pd.DataFrame, across: float, along: float) -> list[Box]:
    """The stretches of a step curve, in centimetres from the corner of the axes."""
    x, y = curve["time"].to_numpy() * across, curve["estimate"].to_numpy() * along
    level = [(x[k], y[k], x[k + 1], y[k]) for k in range(len(x) - 1)]
    steep = [(x[k + 1], min(y[k : k + 2]), x[k + 1], max(y[k : k + 2])) for k in range(len(x) - 1)]
    return level + steep


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
