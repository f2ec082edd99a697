"""Rows of numbers under the time axis, each number exactly under its tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.show import style
from navoutcomes.show.frame import LINE_CM, MARGIN_CM, TEXT_CM
from navoutcomes.show.lettering import shortened, text_cm
from navoutcomes.show.numbers import count
from navoutcomes.show.words import ending, group_name, word

POINTS_PER_CM = 72 / 2.54
LABEL_CM = 5.0
NAME_CM = 3.2
FIRST_ROW_CM = 1.45


@dataclass(frozen=True)
class Row:
    """One line: its label, the numbers as printed, and the group's place for its colour and dash (None for a
    heading)."""

    label: str
    cells: tuple[str, ...]
    place: int | None = None
    heading: bool = False


def rows_under(
    counts: RiskTable, causes: tuple[str, ...], ticks: np.ndarray, language: str, places: dict[str, int]
) -> list[Row]:
    """At risk at each tick, and endings so far for each cause, by group.

    ``ticks`` are times of the table itself. With one group there is one row a number, without headings.
    """
    groups = list(counts.groups)
    several = len(groups) > 1
    rows: list[Row] = []
    if several:
        rows.append(Row(word("at_risk", language), ("",) * len(ticks), heading=True))
    for group in groups:
        numbers = [count(one, language) for one in counts.at_risk(group, ticks)]
        label = _name(group, language) if several else word("at_risk", language)
        rows.append(Row(label, tuple(numbers), places.get(group) if several else None))
    for cause in causes:
        place = counts.causes.index(cause)
        so_far = word("events_so_far", language, cause=ending(cause, language))
        so_far = shortened(so_far, TEXT_CM if several else LABEL_CM, style.SMALLEST_PT, bold=several)
        if several:
            rows.append(Row(so_far, ("",) * len(ticks), heading=True))
        for group in groups:
            table = counts.groups[group]
            numbers = [count(table.events[place][table.time <= tick + 1e-9].sum(), language) for tick in ticks]
            label = _name(group, language) if several else so_far
            rows.append(Row(label, tuple(numbers), places.get(group) if several else None))
    return rows


def left_cm(rows: list[Row], least: float) -> float:
    """Room to the left of the axes for the longest label."""
    widths = [text_cm(row.label, style.SMALLEST_PT) + indent_cm(row) for row in rows if not row.heading]
    return max([least, *(MARGIN_CM + width + 0.55 for width in widths)])


def indent_cm(row: Row) -> float:
    """Room for the key before a label."""
    return 0.0 if row.place is None else 0.75


def _name(group: str, language: str) -> str:
    return shortened(group_name(group, language), NAME_CM, style.SMALLEST_PT)


def write_rows(axes: Axes, rows: list[Row], ticks: np.ndarray) -> None:
    """Write the rows under the axis; the label stands at the left margin with the group's dash as its key."""
    width = axes.get_position().width * style.WIDTH_CM
    start = -(axes.get_position().x0 * style.WIDTH_CM - 0.35) / width
    for line, row in enumerate(rows):
        down = -(FIRST_ROW_CM + line * LINE_CM) * POINTS_PER_CM
        axes.annotate(
            row.label, xy=(start, 0), xycoords="axes fraction", xytext=(indent_cm(row) * POINTS_PER_CM, down),
            textcoords="offset points", ha="left", va="center", size=style.SMALLEST_PT,
            weight="bold" if row.heading else "normal", color=style.INK, annotation_clip=False,
        )  # fmt: skip
        if row.place is not None:
            _key(axes, start, down, row.place, width)
        for tick, cell in zip(ticks, row.cells, strict=True):
            axes.annotate(
                cell, xy=(tick, 0), xycoords=("data", "axes fraction"), xytext=(0, down), textcoords="offset points",
                ha="center", va="center", size=style.SMALLEST_PT, color=style.INK, annotation_clip=False,
            )  # fmt: skip


def _key(axes: Axes, start: float, down: float, place: int, width: float) -> None:
    """A short stretch of the group's line before its label."""
    height = axes.get_position().height * cast(Figure, axes.figure).get_size_inches()[1] * 2.54
    y = down / POINTS_PER_CM / height
    ends = (start, start + 0.6 / width)
    axes.plot(
        ends, (y, y), transform=axes.transAxes, clip_on=False, color=style.colour(place), linestyle=style.dash(place),
        linewidth=2,
    )  # fmt: skip
