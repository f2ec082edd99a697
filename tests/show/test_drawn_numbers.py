"""What is drawn is what was estimated: lines, bands, points and the numbers under the axis."""

from __future__ import annotations

import base64
import json
from html import escape

import numpy as np
import pytest
from drawn_examples import CAUSES, KINDS, NAMES, cohort, made, steps, texts
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import navoutcomes as nav
from navoutcomes.show.drawn import DrawnAxes
from navoutcomes.show.style import COLOURS, DASHES, WIDTH_CM, house_style


def step_lines(axes: DrawnAxes) -> list[Line2D]:
    return [line for line in axes.lines if line.get_drawstyle() == "steps-post"]


@pytest.mark.parametrize("kind", ["incidence", "survival"])
@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_the_lines_are_the_table_step_by_step(kind: str, released: bool, groups: int) -> None:
    result = KINDS[kind][0](cohort(NAMES[:groups], followed=0.3))
    safe = nav.release(result) if released else result
    drawn = step_lines(KINDS[kind][1](safe))
    assert len(drawn) == groups
    table = safe.table if kind == "survival" else safe.table[safe.table["cause"] == "job"]
    for place, (line, name) in enumerate(zip(drawn, table["group"].unique(), strict=True)):
        own = table[table["group"] == name]
        assert line.get_color() == COLOURS[place]
        begin = 1.0 if kind == "survival" else 0.0
        expected = steps(np.append(0.0, own["time"]), np.append(begin, own["estimate"]))
        assert np.allclose(steps(*line.get_data()), expected, atol=6e-6)


def test_released_lines_step_on_whole_months_only() -> None:
    for kind in ("incidence", "survival"):
        for line in step_lines(made(kind, "nb", 3)):
            inside = np.asarray(line.get_xdata())[:-1]
            assert np.array_equal(inside, np.round(inside))
    for area in made("stacked", "nb").collections:
        corners = {round(float(x), 6) for x in area.get_paths()[0].vertices[:, 0]}
        assert len([x for x in corners if x != round(x)]) <= 1


def test_the_band_is_the_interval() -> None:
    safe = nav.release(cohort(("a",)).cumulative_incidence(by="group"))
    axes = nav.show.incidence_curves(safe)
    (band,) = [one for one in axes.collections if isinstance(one, PolyCollection)]
    own = safe.table[safe.table["cause"] == "job"]
    height = {round(float(y), 5) for y in band.get_paths()[0].vertices[:, 1]}
    assert {round(one, 5) for one in [*own["conf_low"], *own["conf_high"]]} <= height


def test_a_stated_time_is_marked_at_the_estimate() -> None:
    safe = nav.release(cohort(NAMES[:2]).survival_curve(by="group"))
    axes = nav.show.survival_curves(safe, at=[182, 365])
    dots = {(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"}
    asked = safe.result.at([182, 365])
    assert dots == set(zip(asked["time"], asked["estimate"], strict=True))
    assert {time for time, _ in dots} == {6.0, 12.0}


@pytest.mark.parametrize("kind", ["incidence", "survival", "stacked"])
@pytest.mark.parametrize("groups", [1, 3])
def test_the_numbers_under_the_axis_are_the_risk_table_and_stand_under_their_ticks(kind: str, groups: int) -> None:
    people = cohort(NAMES[:groups] if kind != "stacked" else ("a",), size=1300)
    safe = nav.release(KINDS[kind][0](people))
    axes = KINDS[kind][1](safe, language="nb")
    counts, ticks = safe.result.counts, axes.get_xticks()
    expected = [counts.at_risk(name, ticks) for name in counts.groups]
    if kind != "survival":
        for place in range(len(CAUSES)):
            for group in counts.groups.values():
                expected.append([group.events[place][group.time <= tick].sum() for tick in ticks])
    below = [(one, box) for one, box in texts(axes) if one.get_text().replace("\u00a0", "").isdigit()]
    below = [(one, box) for one, box in below if box.y1 < axes.bbox.y0 and one not in axes.get_xticklabels()]
    rows = sorted({round(box.y0 + box.y1, 1) for _, box in below}, reverse=True)
    assert len(rows) == len(expected)
    places = axes.transData.transform([(tick, 0) for tick in ticks])[:, 0]
    for row, numbers in zip(rows, expected, strict=True):
        line = sorted((box.x0 + box.x1, one) for one, box in below if round(box.y0 + box.y1, 1) == row)
        assert [int(one.get_text().replace("\u00a0", "")) for _, one in line] == [int(number) for number in numbers]
        assert np.abs(np.array([middle / 2 for middle, _ in line]) - places).max() < 0.5


def test_stacked_areas_are_the_shares_and_add_to_one() -> None:
    safe = nav.release(cohort(("a",), followed=0.2).cumulative_incidence())
    axes = nav.show.shares_over_time(safe)
    ends = safe.table.groupby("cause")["estimate"].max()
    top = 0.0
    for area, cause in zip(axes.collections, CAUSES, strict=True):
        heights = area.get_paths()[0].vertices[:, 1]
        assert heights.max() == pytest.approx(top + ends[cause], abs=2e-5)
        top += ends[cause]
    shown = [one.get_text() for one, _ in texts(axes)]
    assert sum(text.startswith("Fortsatt fulgt") for text in shown) == 1
    assert axes.get_ylim() == (0, 1)


def test_the_stack_names_those_still_followed_also_where_nobody_is_left() -> None:
    shown = [one.get_text() for one, _ in texts(made("stacked", "nb"))]
    assert "Fortsatt fulgt" in shown


def test_a_forest_draws_each_estimate_and_interval() -> None:
    safe = nav.release(cohort(NAMES[:3]).contrast(at=[182, 365], measure=["risk difference", "risk ratio"]))
    for measure, scale in (("risk difference", 100), ("risk ratio", 1)):
        axes = nav.show.forest(safe, measure=measure)
        rows = safe.table[safe.table["measure"] == measure]
        points = [line for line in axes.lines if line.get_marker() == "s"]
        spans = [line for line in axes.lines if line.get_marker() != "s" and line.get_xdata()[0] != line.get_xdata()[1]]
        assert np.allclose([one.get_xdata()[0] for one in points], scale * rows["estimate"], atol=1e-6)
        assert np.allclose([list(one.get_xdata()) for one in spans], scale * rows[["conf_low", "conf_high"]], atol=1e-6)
        assert axes.get_xscale() == ("log" if measure == "risk ratio" else "linear")
        assert [tick for tick in axes.get_xticks() if tick == (1 if measure == "risk ratio" else 0)]


def test_a_flow_chart_shows_every_number_of_the_flow() -> None:
    axes = made("flow", "en")
    shown = [one.get_text() for one, _ in texts(axes)]
    assert [text for text in shown if text.replace(",", "").isdigit()] == ["1,656", "12", "40", "0", "1,604"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_as_wide_as_a_column_and_not_higher_than_a_page(kind: str) -> None:
    figure = made(kind, "nb").sheet
    width, height = figure.get_size_inches() * 2.54
    assert width == pytest.approx(WIDTH_CM) == 16
    assert 5 < height < 24.7


def test_lines_differ_by_dash_and_areas_by_hatch_so_that_grey_is_enough() -> None:
    lines = step_lines(made("incidence", "nb", 4))
    assert len({json.dumps(line._unscaled_dash_pattern) for line in lines}) == 4
    assert len(set(map(str, DASHES))) == 4
    hatches = [area.get_hatch() or "" for area in made("stacked", "nb").collections]
    assert len(set(hatches)) == len(hatches)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_shows_itself_in_a_notebook_with_its_alternative_text(kind: str) -> None:
    axes = made(kind, "nn")
    data, about = axes._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert about["image/png"]["alt"] == axes.drawn.alt
    assert len(axes.drawn.alt) > 40
    assert f'alt="{escape(axes.drawn.alt)}"' in data["text/html"]
    assert base64.b64encode(data["image/png"]).decode() in data["text/html"]


def test_axes_of_the_callers_own_carry_the_curves_and_the_mark_of_a_draft() -> None:
    with house_style():
        own = Figure(figsize=(6, 4)).subplots()
    people = cohort(("a",), synthetic=True)
    assert nav.show.survival_curves(people.survival_curve(), ax=own, language="nb") is own
    assert "Internt utkast\nSyntetiske data" in [text.get_text() for text in own.texts]
    with house_style():
        other = Figure(figsize=(6, 4)).subplots()
    nav.show.survival_curves(nav.release(people.survival_curve()), ax=other, language="nb")
    assert "Syntetiske data" in [text.get_text() for text in other.texts]


def test_nothing_of_the_house_style_outlives_a_drawing() -> None:
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    made("incidence", "nb")._repr_mimebundle_()
    assert {name for name in before if before[name] != mpl.rcParams[name]} == set()
    assert plt.get_fignums() == []
