"""Ticks and labels of a time axis and of a share axis."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from navoutcomes.show.numbers import number, percent
from navoutcomes.show.words import unit_name, word

STEPS = {
    "months": (1, 2, 3, 6, 12, 24),
    "days": (7, 14, 30, 61, 91, 182, 365, 730),
    "weeks": (1, 2, 4, 8, 13, 26, 52),
    "years": (1, 2, 5, 10),
}
MOST_TICKS = 7
SHARE_STEPS = (0.02, 0.05, 0.1, 0.2, 0.25)


def time_ticks(longest: float, unit: str) -> np.ndarray:
    """At most seven ticks from 0, on the unit's own round numbers."""
    steps = STEPS.get(unit, (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000))
    for step in (*steps, *(steps[-1] * factor for factor in (2, 5, 10, 20, 50, 100, 1000))):
        if longest / step <= MOST_TICKS - 1 + 1e-9:
            break
    return np.arange(0, longest + 1e-9, step)


def share_top(highest: float) -> float:
    """Where a share axis ends: the whole when it is near, else the next round number above."""
    if highest > 0.7:
        return 1.0
    step = next((one for one in SHARE_STEPS if highest / one <= 5), SHARE_STEPS[-1])
    return float(min(1.0, np.ceil(highest / step + 1e-9) * step))


def set_time_axis(axes: Axes, ticks: np.ndarray, longest: float, unit: str, language: str) -> None:
    """Time from 0, labelled in words with its unit."""
    axes.set_xlim(0, longest)
    axes.xaxis.set_major_locator(FixedLocator([float(tick) for tick in ticks]))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: number(value, language, 0 if value == round(value) else 1))
    )
    axes.set_xlabel(word("axis_time", language, unit=unit_name(unit, language)), loc="left")


def set_share_axis(axes: Axes, top: float, language: str) -> None:
    """Shares in per cent from 0."""
    axes.set_ylim(0, top)
    step = next(one for one in SHARE_STEPS if top / one <= 5 + 1e-9)
    axes.yaxis.set_major_locator(FixedLocator([float(one) for one in np.arange(0, top + 1e-9, step)]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, language, 0)))
