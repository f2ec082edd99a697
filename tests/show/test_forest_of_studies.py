"""The forest plot of studies draws the studies, their weights, the diamond and the own numbers it was given."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_examples import LANGUAGES, out_of_figure, overlapping
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon

import navoutcomes as nav
from navoutcomes.show import style
from navoutcomes.show.numbers import number


def found(own: bool = True) -> nav.MetaAnalysis:
    mine = nav.two_by_two(61, 150, 45, 150, names=("IPS", "Standard")) if own else None
    return nav.meta_analysis(nav.published_studies("supported_employment"), own=mine)


def points(axes: object) -> dict[int, float]:
    """Row of the figure -> where its square or diamond stands."""
    return {round(float(one.get_ydata()[0])): float(one.get_xdata()[0])
            for one in axes.get_lines() if one.get_marker() in ("s", "D")}  # type: ignore[attr-defined]  # fmt: skip


def test_squares_stand_at_the_estimates_and_the_diamond_at_the_pooled_interval() -> None:
    result = found()
    table = result.table
    axes = nav.show.forest_studies(result, language="en")
    expected = table.loc[table["term"].isin(["own", "study", "meta-analysis"]), "estimate"]
    assert points(axes) == pytest.approx(dict(expected.items()), abs=1e-6)
    (diamond,) = [one for one in axes.patches if isinstance(one, Polygon)]
    pooled = table[table["term"] == "pooled"].iloc[0]
    corners = diamond.get_xy()[:, 0]
    assert (corners.min(), corners.max()) == pytest.approx((pooled["conf_low"], pooled["conf_high"]), abs=1e-6)
    assert pooled["estimate"] in [pytest.approx(one, abs=1e-6) for one in corners]


def test_the_prediction_interval_is_a_thin_line_and_own_numbers_alone_have_colour() -> None:
    result = found()
    axes = nav.show.forest_studies(result)
    ahead = result.table[result.table["term"] == "prediction interval"].iloc[0]
    spans = {float(one.get_ydata()[0]): one for one in axes.get_lines() if len(set(one.get_xdata())) == 2
             and one.get_linestyle() == "-" and one.get_xdata()[0] > 0}  # fmt: skip
    last = spans[len(result.table) - 1]
    assert list(last.get_xdata()) == pytest.approx([ahead["conf_low"], ahead["conf_high"]], abs=1e-6)
    assert last.get_linewidth() < min(spans[place].get_linewidth() for place in range(1, 11))
    coloured = {place for place, one in spans.items() if to_hex(one.get_color()) == style.COLOURS[0]}
    assert coloured == {0}


def test_heavier_studies_have_larger_squares() -> None:
    result = found(own=False)
    axes = nav.show.forest_studies(result)
    sizes = [one.get_markersize() for one in axes.get_lines() if one.get_marker() == "s"]
    assert np.array_equal(np.argsort(sizes), np.argsort(result.weights))
    assert max(sizes) == 8.0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("own", [True, False])
def test_numbers_and_names_are_written_and_nothing_overlaps(language: str, own: bool) -> None:
    result = found(own)
    axes = nav.show.forest_studies(nav.release(result), language=language)
    written = " ".join(one.get_text().replace("\n", " ") for one in axes.texts)
    for study in result.studies:
        assert study.name.text(language).split(",")[0] in written
    for row in result.table.itertuples():
        assert number(row.conf_high, language, 2) in written
    assert out_of_figure(axes) == []
    assert overlapping(axes) == []
    assert axes.drawn.released
    assert len(axes.drawn.alt.split()) < 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_has_the_pooled_number_the_interval_and_no_word_of_effect(language: str) -> None:
    said = nav.show.sentence(nav.release(found()), language=language)
    pooled = found().table.query("term == 'pooled'").iloc[0]
    for name in ("estimate", "conf_low", "conf_high"):
        assert number(pooled[name], language, 2) in said
    assert "10" in said
    assert not {"effekt", "effect", "førte", "led"} & set(said.lower().replace(".", "").split())


def test_only_released_own_numbers_leave() -> None:
    draft = nav.show.forest_studies(found(), language="nb")
    assert not draft.drawn.released
    with pytest.raises(nav.DisclosureRefused):
        few = nav.two_by_two(3, 40, 2, 40, names=("a", "b"))
        nav.release(nav.meta_analysis(nav.published_studies("supported_employment"), own=few))


def test_one_study_has_no_diamond_and_the_table_says_what_was_worked_out() -> None:
    one = nav.meta_analysis(nav.published_studies("supported_employment")[:1])
    axes = nav.show.forest_studies(one, language="nb")
    assert not [one for one in axes.patches if isinstance(one, Polygon)]
    assert "ikke slått sammen" in axes.drawn.subtitle
    table = nav.show.table(one, language="nb")
    assert table.rows[0][-1] == "Regnet tilbake"
    assert table.rows[0][1:3] == ("5,90", "1,91–18,19")
