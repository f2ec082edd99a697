"""The difference from the first day, and the net time in work it adds up to: two panels on one time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.emulation.lock_in import MONTHS, LockIn
from navoutcomes.estimate.result import Row, lines
from navoutcomes.release.released import Released
from navoutcomes.show import style
from navoutcomes.show.alt import marked_alt
from navoutcomes.show.axis import set_time_axis, time_ticks
from navoutcomes.show.drawn import Drawn, DrawnAxes, new_axes
from navoutcomes.show.finding import people_line
from navoutcomes.show.frame import MARGIN_CM, dress, footer_lines, heights, marked_title
from navoutcomes.show.labels import label_ends
from navoutcomes.show.lettering import shortened, text_cm, two_lines
from navoutcomes.show.numbers import NO_BREAK, level_text, number, span
from navoutcomes.show.words import clipped, ending_inside, group_name, language_of, opened, time_phrase, word
from navoutcomes.texts import Text, spoken

UPPER_CM, BETWEEN_CM, LOWER_CM = 4.8, 1.45, 3.4
LEFT_CM = 1.9
NAME_CM = 3.2
BEYOND = 1.03
DECIMALS = 6
IN_ALT = (3, 6, 12, 24)


@dataclass(frozen=True)
class _Panel:
    """A line a group with its limits, on the figure's own scale: months, and percentage points or months."""

    rows: pd.DataFrame
    label: str
    step: bool


def lock_in_chart(
    found: LockIn | Released[LockIn],
    language: str | None = None,
    title: str | Text | None = None,
    subtitle: str | Text | None = None,
) -> Axes:
    """Draw the difference in the share that has left for a cause, from time zero on, and under it the net time since.

    Arguments: ``found`` from ``nav.lock_in``, released or not; ``language``; ``title`` and ``subtitle`` in your words.
    Differences are in percentage points, net time in months where the follow-up has a unit of time.
    Shapes: returns the upper Axes. Raises: ``DesignProblem`` for another result, or more than four groups.
    """
    result, released = opened(found)
    if not isinstance(result, LockIn):
        raise DesignProblem("cannot_draw", kind=type(result).__name__)
    language = language_of(language)
    per = MONTHS.get(result.unit, 1.0)
    unit = "months" if result.unit in MONTHS else result.unit
    curve = _scaled(result.curve, per, 100.0)
    net = _scaled(result.net, per, 1 / per)
    groups = list(dict.fromkeys(curve["group"]))
    if len(groups) > len(style.COLOURS):
        raise DesignProblem("too_many_groups", count=len(groups), most=len(style.COLOURS))
    caution = [] if result.randomised else [word("association_only", language)]
    drawn = Drawn(
        title=marked_title(
            spoken(title, language) if title is not None else _finding(result, curve, unit, language),
            result.origin, language,
        ),
        subtitle=spoken(subtitle, language) if subtitle is not None else people_line(result, language),  # type: ignore[arg-type]
        footer=footer_lines(result.origin, released, result.method, language, caution),
        alt=marked_alt(_alt(result, curve, net, unit, language), result.origin, language),
        language=language, released=released is not None, synthetic=result.origin.synthetic,
    )  # fmt: skip
    cause = ending_inside(str(curve["cause"].iloc[0]), language)
    panels = (
        _Panel(curve, word("lock_in_axis_difference", language, cause=cause), True),
        _Panel(net, word("lock_in_axis_net", language, cause=cause, unit=word(unit, language)), False),
    )  # fmt: skip
    with style.house_style():
        return _drawn(drawn, panels, groups, unit)


def _scaled(frame: pd.DataFrame, per: float, by: float) -> pd.DataFrame:
    """Time in months and numbers on the figure's scale: units, not estimates, are changed."""
    frame = frame.assign(time=(frame["time"] / per).round(DECIMALS))
    for name in ("estimate", "conf_low", "conf_high"):
        frame[name] = (frame[name] * by).round(DECIMALS)
    return frame


def _drawn(drawn: Drawn, panels: tuple[_Panel, _Panel], groups: list[str], unit: str) -> Axes:
    language = drawn.language
    names = [two_lines(group_name(one, language), NAME_CM, style.BODY_PT, bold=True) for one in groups]
    widest = max(text_cm(line, style.BODY_PT, bold=True) for name in names for line in name.split("\n"))
    right = max(2.0, widest + MARGIN_CM + 0.25)
    above, below = heights(drawn, 0)
    height = above + UPPER_CM + BETWEEN_CM + LOWER_CM + below
    left, width = LEFT_CM / style.WIDTH_CM, (style.WIDTH_CM - LEFT_CM - right) / style.WIDTH_CM
    box = (left, (below + LOWER_CM + BETWEEN_CM) / height, width, UPPER_CM / height)
    upper = new_axes(height, box)
    lower = upper.sheet.add_axes((left, below / height, width, LOWER_CM / height), axes_class=DrawnAxes)
    longest = max(float(panel.rows["time"].max()) for panel in panels)
    ticks = time_ticks(longest, unit)
    for axes, panel in zip((upper, lower), panels, strict=True):
        _panel(axes, panel, groups, names, longest, language)
        set_time_axis(axes, ticks, longest * BEYOND, unit, language)
    upper.set_xlabel("")
    dress(upper, drawn, height)
    return upper


def _panel(axes: Axes, panel: _Panel, groups: list[str], names: list[str], longest: float, language: str) -> None:
    axes.axhline(0, color=style.INK, linewidth=0.9, zorder=1)
    ends = []
    for place, group in enumerate(groups):
        own = panel.rows[panel.rows["group"] == group]
        if panel.step:
            own = pd.concat([own, own.tail(1).assign(time=longest)], ignore_index=True)
        else:
            own = pd.concat([pd.DataFrame([{"time": 0.0, "estimate": 0.0}]), own], ignore_index=True)
        time, value = own["time"].to_numpy(dtype=float), own["estimate"].to_numpy(dtype=float)
        low, high = (own[name].to_numpy(dtype=float) for name in ("conf_low", "conf_high"))
        colour, dash = style.colour(place), style.dash(place)
        step: Literal["post"] | None = "post" if panel.step else None
        axes.fill_between(time, low, high, step=step, color=colour, alpha=0.15, linewidth=0)
        axes.plot(time, value, color=colour, linestyle=dash, linewidth=2, zorder=3,
                  drawstyle="steps-post" if panel.step else "default")  # fmt: skip
        sign = "+" if round(value[-1], 1) > 0 else ""
        text = f"{names[place]}\n{sign}{number(value[-1], language, 1)}".strip()
        ends.append((float(value[-1]), text, style.text_colour(place)))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, axes, language)))
    room = style.WIDTH_CM - MARGIN_CM
    label = shortened(panel.label, room - LEFT_CM, style.BODY_PT)
    axes.set_title(label, loc="left", size=style.BODY_PT, weight=400, color=style.MUTED, pad=6)
    label_ends(axes, ends, longest * BEYOND)


def _tick(value: float, axes: Axes, language: str) -> str:
    low, high = axes.get_ylim()
    return number(value, language, 0 if high - low > 4 else 1)


def _finding(result: LockIn, curve: pd.DataFrame, unit: str, language: str) -> str:
    """How far below it was at the lowest, and the difference at the end; the measure alone where there are groups."""
    groups = list(dict.fromkeys(curve["group"]))
    names = {"reference": group_name(str(result.reference), language)}
    if len(groups) > 1:
        return word("lock_in_title_several", language, **names)
    rows = lines(curve)
    worst, last = min(rows, key=lambda row: row.estimate), rows[-1]
    facts = names | {
        "group": group_name(groups[0], language),
        "worst": _signed(worst.estimate, language),
        "time": _when(worst.time, unit, language),
        "last": _when(last.time, unit, language),
        "end": _signed(last.estimate, language),
        "limits": span(last.conf_low, last.conf_high, language).replace(" ", NO_BREAK) or word("no_interval", language),
    }
    below = round(worst.estimate, 1) < 0
    key = "never" if not below else "end" if round(worst.estimate - last.estimate, 1) == 0 else "below"
    return word(f"lock_in_title_{key}", language, **facts)


def _when(time: float, unit: str, language: str) -> str:
    return time_phrase(round(time, 1), unit, language)


def _signed(value: float, language: str) -> str:
    return ("+" if round(value, 1) > 0 else "") + number(value, language)


def _alt(result: LockIn, curve: pd.DataFrame, net: pd.DataFrame, unit: str, language: str) -> str:
    parts = []
    for group in dict.fromkeys(curve["group"]):
        own, area = curve[curve["group"] == group], net[net["group"] == group]
        last = float(own["time"].max())
        for time in (*[one for one in IN_ALT if one < last - 0.5][:3], last):
            shown = _at(own, time)
            sum_up = _at(area, time)
            if shown is None or sum_up is None:
                continue
            limits = span(shown.conf_low, shown.conf_high, language)
            facts = {
                "group": clipped(group_name(str(group), language)), "time": _when(time, unit, language),
                "value": _signed(shown.estimate, language), "net": _signed(sum_up.estimate, language),
                "unit": word(unit, language), "level": level_text(result.level),
                "limits": limits or word("no_interval", language),
            }  # fmt: skip
            parts.append(word("lock_in_alt_value", language, **facts))
    head = word("lock_in_alt", language, reference=group_name(str(result.reference), language))
    return f"{head} {' '.join(parts[:6])} {word('alt_table', language)}"


def _at(frame: pd.DataFrame, time: float) -> Row | None:
    """The last row up to a time."""
    found = lines(frame[frame["time"] <= time + 1e-6])
    return found[-1] if found else None
