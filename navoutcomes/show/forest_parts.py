"""What every forest plot has: names and numbers in columns, and an axis around no difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from navoutcomes.show import style
from navoutcomes.show.numbers import number

RATIO_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def columns(axes: Axes, labels: list[str], texts: list[str], room: tuple[float, float], head: str) -> None:
    """Names on the left, numbers on the right; ``room`` the centimetres of the names and of the plot."""
    label_cm, width = room
    start = -(label_cm - 0.35) / width
    for k, (label, text) in enumerate(zip(labels, texts, strict=True)):
        axes.annotate(label, xy=(start, k), xycoords=("axes fraction", "data"), va="center", annotation_clip=False)
        axes.annotate(
            text, xy=(1, k), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points", va="center",
            annotation_clip=False,
        )  # fmt: skip
    axes.annotate(
        head, xy=(1, 1), xycoords="axes fraction", xytext=(8, 6), textcoords="offset points", va="bottom",
        size=style.SMALLEST_PT, color=style.MUTED, annotation_clip=False,
    )  # fmt: skip


def number_axis(axes: Axes, rows: pd.DataFrame, scale: float, ratio: bool, label: str, language: str) -> None:
    """An axis that holds every point and interval and where nothing differs: 0, or 1 on a logarithmic scale."""
    null = 1.0 if ratio else 0.0
    ends = [scale * rows[name] for name in ("estimate", "conf_low", "conf_high")]
    low = min(null, *(float(np.nanmin(one)) if one.notna().any() else null for one in ends))
    high = max(null, *(float(np.nanmax(one)) if one.notna().any() else null for one in ends))
    axes.axvline(null, color=style.INK, linewidth=0.9)
    if ratio:
        axes.set_xscale("log")
        low, high = min(low, 0.5) / 1.1, max(high, 2.0) * 1.1
        ticks = [one for one in RATIO_TICKS if low <= one <= high]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        pad = 0.08 * (high - low)
        low, high = low - pad, high + pad
    axes.set_xlim(low, high)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, language)))
    axes.set_xlabel(label, loc="left")


def _tick(value: float, language: str) -> str:
    digits = 0 if abs(value - round(value)) < 1e-9 else 1
    return number(value, language, digits)
