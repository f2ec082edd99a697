"""Names at the ends of lines, moved apart so that they never touch."""

from __future__ import annotations

from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from navoutcomes.show import style

LINE_PT = 12.5


def apart(heights: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near ``heights`` as can be, at least ``gap`` apart and inside [low, high]; from low if that is too
    little room.

    Least squares: less their shares of the gaps the positions must increase, so those that do not are put together.
    """
    order = np.argsort(heights, kind="stable")
    pools: list[tuple[float, int]] = []
    for rank, at in enumerate(order):
        mean, size = heights[at] - rank * gap, 1
        while pools and pools[-1][0] >= mean:
            other, more = pools.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        pools.append((mean, size))
    level = np.repeat([mean for mean, _ in pools], [size for _, size in pools])
    placed = np.clip(level, low, max(low, high - (len(heights) - 1) * gap)) + gap * np.arange(len(heights))
    result = [0.0] * len(heights)
    for rank, at in enumerate(order):
        result[at] = float(placed[rank])
    return result


def label_ends(axes: Axes, ends: list[tuple[float, str, str]], longest: float) -> None:
    """Write (height, text, colour) at the right edge of the axes, in the order of their heights."""
    if not ends:
        return
    height_pt = axes.get_position().height * cast(Figure, axes.figure).get_size_inches()[1] * 72
    low, high = axes.get_ylim()
    lines = max(text.count("\n") + 1 for _, text, _ in ends)
    gap = LINE_PT * lines / height_pt * (high - low)
    # A label may reach half a line over the ends of the axis, however many lines it has.
    inside = (gap - gap / lines) / 2
    places = apart([height for height, _, _ in ends], gap, low + inside, high - inside)
    for (_, text, colour), place in zip(ends, places, strict=True):
        axes.annotate(
            text, xy=(longest, place), xycoords="data", xytext=(5, 0), textcoords="offset points",
            annotation_clip=False, ha="left", va="center", size=style.BODY_PT, weight="bold", color=colour,
            linespacing=1.1,
        )  # fmt: skip
