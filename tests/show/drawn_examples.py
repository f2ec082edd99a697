"""Figures of every kind to look at, and what a renderer says of where their texts stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.text import Text as Ink

import navoutcomes as nav
from navoutcomes.design.flow import Flow
from navoutcomes.notes import note
from navoutcomes.show.drawn import DrawnAxes
from navoutcomes.show.style import house_style

LANGUAGES = ("nb", "nn", "en")
CAUSES = ("job", "no_show", "other")
LONG = "Nav Ytre Hustadvika og omegn, avdeling for oppfølging av unge voksne uten fast bopel " * 4
HOSTILE = "a $x^2$ _b_ <b>c</b> \U0001f389 d\ne " + "lang" * 75


@cache
def cohort(
    groups: tuple[str, ...] = ("a",), size: int = 200, followed: float = 0.0, synthetic: bool = False,
    randomised: bool = False, causes: tuple[str, ...] = CAUSES,
) -> nav.Cohort:  # fmt: skip
    """People in some groups, who leave for some causes within two years."""
    rng = np.random.default_rng(7)
    number = size * len(groups)
    frame = pd.DataFrame(
        {
            "group": pd.Categorical(np.repeat(groups, size), categories=groups),
            "time": np.ceil(np.minimum(rng.gamma(1.4, 130 + 25 * (np.arange(number) // size), number), 730)),
            "ending": rng.choice(causes, number, p=np.arange(len(causes), 0, -1) / np.arange(len(causes) + 1).sum()),
        }
    )
    frame.loc[rng.random(number) < followed, "ending"] = "still"
    return nav.Cohort.from_frame(
        frame, time="time", ending="ending", endings={"still": None} | {cause: cause for cause in causes},
        outcome=causes[0], arm="group", reference=groups[0], randomised=randomised,
        origin=nav.Origin((("uttrekk.csv", "0" * 64),), pd.Timestamp("2020-06-30").date(), synthetic),
    )  # fmt: skip


def flow(*losses: int, reason: str = "Uten vedtak i perioden") -> Flow:
    made = Flow(1656)
    for place, lost in enumerate(losses or (12, 40, 0)):
        made = made.then(note("flow_own_reason", reason=f"{reason} {place}"), made.end - lost)
    return made


Maker = Callable[..., object]
KINDS: dict[str, tuple[Maker, Maker]] = {
    "incidence": (lambda people: people.cumulative_incidence(by="group"), nav.show.incidence_curves),
    "survival": (lambda people: people.survival_curve(by="group"), nav.show.survival_curves),
    "stacked": (lambda people: people.cumulative_incidence(), nav.show.shares_over_time),
    "forest": (lambda people: people.contrast(at=[91, 182, 365]), nav.show.forest),
    "flow": (lambda people: flow(), nav.show.flow_chart),
}
NAMES = ("Kontoret på Ytre øya", "Åfjord", "Indre by", "Sørsida og omegn")


def made(kind: str, language: str, groups: int = 2, released: bool = True, **how: object) -> DrawnAxes:
    """A figure of a kind."""
    people = cohort(NAMES[: max(groups, 2) if kind == "forest" else groups], **how)
    result = KINDS[kind][0](people)
    options = {"at": [182, 365]} if kind in ("incidence", "survival", "stacked") else {}
    if kind == "flow":
        options = {"origin": people.origin}
    return KINDS[kind][1](nav.release(result) if released else result, language=language, **options)


def texts(axes: DrawnAxes) -> list[tuple[Ink, object]]:
    """Every visible text of the figure with its box in pixels."""
    figure = axes.sheet
    with house_style():
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        return _boxes(axes, renderer)


def _boxes(axes: DrawnAxes, renderer: object) -> list[tuple[Ink, object]]:
    figure = axes.sheet
    found = [one for one in figure.findobj(Ink) if one.get_visible() and one.get_text().strip()]
    ticks = {*axes.xaxis.get_ticklabels(), *axes.yaxis.get_ticklabels()}
    inside = [one for one in found if one not in ticks or _on_axis(axes, one)]
    return [(one, one.get_window_extent(renderer)) for one in inside]


def _on_axis(axes: DrawnAxes, label: Ink) -> bool:
    if not axes.axison:
        return False
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        for tick in axis.get_major_ticks():
            if label is tick.label1:
                return min(limits) - 1e-9 <= tick.get_loc() <= max(limits) + 1e-9
    return False


def out_of_figure(axes: DrawnAxes) -> list[str]:
    """Texts that are cut at the edge."""
    width, height = axes.sheet.bbox.width, axes.sheet.bbox.height
    return [
        one.get_text()
        for one, box in texts(axes)
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]


def overlapping(axes: DrawnAxes) -> list[tuple[str, str]]:
    """Pairs of texts that stand on each other by more than a pixel."""
    boxes = sorted(texts(axes), key=lambda one: one[1].x0)
    return [
        (a.get_text(), b.get_text())
        for place, (a, first) in enumerate(boxes)
        for b, second in boxes[place + 1 :]
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 1
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 1
    ]


def steps(time: np.ndarray, share: np.ndarray) -> list[tuple[float, float]]:
    """Corners of a step curve without those on a level."""
    corners = [(float(time[0]), float(share[0]))]
    corners += [(float(x), float(y)) for (_, before), (x, y) in pairwise(zip(time, share, strict=True)) if y != before]
    return corners
