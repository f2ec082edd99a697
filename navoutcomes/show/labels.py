"""Names at the ends of lines, moved apart so that they never touch."""

from __future__ import annotations

from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from navoutcomes.show import style

LINE_PT = 12.5


def apart(heights: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near ``heights``, at least ``gap`` from each other and inside [low, high] where that fits."""
    order = np.argsort(heights, kind="stable")
    placed = np.array([heights[at] for at in order], dtype=float)
    for _ in range(200):
        moved = False
        for k in range(len(placed) - 1):
            lack = gap - (placed[k + 1] - placed[k])
            if lack > 1e-9:
                placed[k] -= lack / 2
                placed[k + 1] += lack / 2
                moved = True
        if len(placed) and placed[0] < low:
            placed += low - placed[0]
        if len(placed) and placed[-1] > high:
            placed -= placed[-1] - high
        if not moved:
            break
    result = [0.0] * len(heights)
    for k, at in enumerate(order):
        result[at] = float(placed[k])
    return result


def label_ends(axes: Axes, ends: list[tuple[float, str, str]], longest: float, lines: int = 1) -> None:
    """Write (height, text, colour) at the right edge of the axes, in the order of their heights."""
    if not ends:
        return
    height_pt = axes.get_position().height * cast(Figure, axes.figure).get_size_inches()[1] * 72
    low, high = axes.get_ylim()
    gap = LINE_PT * lines / height_pt * (high - low)
    places = apart([height for height, _, _ in ends], gap, low, high)
    for (_, text, colour), place in zip(ends, places, strict=True):
        axes.annotate(
            text, xy=(longest, place), xycoords="data", xytext=(5, 0), textcoords="offset points",
            annotation_clip=False, ha="left", va="center", size=style.BODY_PT, weight="bold", color=colour,
            linespacing=1.1,
        )  # fmt: skip
