"""The love plot draws the differences it was given, sorted, hollow before and filled after, and says them aloud."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import navoutcomes as nav
from navoutcomes.show import style
from navoutcomes.show.numbers import number
from navoutcomes.texts import LANGUAGES


def people(synthetic: bool = False) -> nav.Cohort:
    roll = np.random.default_rng(3)
    age, sex = roll.normal(40, 10, 300), roll.choice(["kvinne", "mann"], 300)
    arm = np.where(roll.random(300) < 1 / (1 + np.exp(-(age - 40) / 10 - (sex == "mann"))), "IPS", "Standard")
    frame = pd.DataFrame({"age": age, "sex": sex, "arm": arm, "time": roll.integers(1, 20, 300).astype(float), "e": 1})
    origin = nav.Origin(synthetic=True) if synthetic else None
    return nav.Cohort.from_frame(
        frame, "time", "e", endings={1: "job"}, outcome="job", arm="arm", reference="Standard", origin=origin
    )


TERMS = [nav.Number("age"), nav.Category("sex", reference="kvinne")]


def balanced(synthetic: bool = False) -> nav.Balance:
    who = people(synthetic)
    return who.balance(who.weights(TERMS))


def dots(axes: object, filled: bool) -> list[float]:
    """Where the dots stand, from the top down."""
    found = []
    for line in axes.get_lines():  # type: ignore[attr-defined]
        face = line.get_markerfacecolor()
        if line.get_marker() == "o" and (to_hex(face) != style.PAPER) == filled:
            found.append((float(line.get_ydata()[0]), float(line.get_xdata()[0])))
    return [x for _, x in sorted(found)]


def test_dots_stand_at_the_differences_and_the_most_unlike_is_on_top() -> None:
    balance = balanced()
    rows = balance.differences
    rows = rows.loc[rows["before"].abs().sort_values(ascending=False, kind="stable").index]
    axes = nav.show.love_plot(balance, language="en")
    np.testing.assert_allclose(dots(axes, filled=False), rows["before"], atol=1e-6)
    np.testing.assert_allclose(dots(axes, filled=True), rows["after"], atol=1e-6)
    assert rows["before"].abs().is_monotonic_decreasing


def test_the_rule_of_thumb_is_drawn_on_both_sides() -> None:
    lines = nav.show.love_plot(balanced(), language="nb").get_lines()
    upright = sorted({float(one.get_xdata()[0]) for one in lines if one.get_marker() in ("None", None, "")
                      and len(set(map(float, one.get_xdata()))) == 1})  # fmt: skip
    assert upright == [-0.1, 0.0, 0.1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_written_and_said(language: str) -> None:
    balance = balanced()
    axes = nav.show.love_plot(balance, language=language)
    written = {one.get_text() for one in axes.texts}
    for name in ("before", "after"):
        for value in balance.differences[name]:
            assert number(float(value), language, 2) in written
            assert number(float(value), language, 2) in axes.drawn.alt
    assert "3" in axes.drawn.title
    assert "IPS" in axes.drawn.subtitle
    assert len(axes.drawn.alt.split()) < 150


def test_before_weighting_alone_has_hollow_dots_only() -> None:
    balance = people().balance(terms=TERMS)
    axes = nav.show.love_plot(balance, language="nn")
    assert dots(axes, filled=True) == []
    assert len(dots(axes, filled=False)) == 3
    assert axes.get_legend() is None


def test_invented_people_are_said_to_be_and_a_title_of_ones_own_stands() -> None:
    own = nav.Text(nb="Hvem ligner?", nn="Kven liknar?", en="Who is alike?")
    axes = nav.show.love_plot(balanced(synthetic=True), language="nb", title=own)
    assert axes.drawn.title == "Syntetiske data: Hvem ligner?"
    assert axes.drawn.alt.startswith("Syntetiske data")


def test_many_traits_are_cut_and_counted() -> None:
    roll = np.random.default_rng(1)
    names = [f"trait_{at}" for at in range(45)]
    frame = pd.DataFrame(roll.normal(size=(400, 45)), columns=names)
    frame = frame.assign(arm=roll.choice(["A", "B"], 400), time=1.0, e=1)
    who = nav.Cohort.from_frame(frame, "time", "e", endings={1: "job"}, outcome="job", arm="arm", reference="A")
    axes = nav.show.love_plot(who.balance(terms=names), language="en")
    assert len(dots(axes, filled=False)) == 40
    assert any(line.startswith("5 traits") for line in axes.drawn.footer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_adjusted_curves_are_drawn_and_say_that_they_are_adjusted(language: str) -> None:
    who = people()
    curves = who.adjusted_incidence(who.weights(TERMS))
    axes = nav.show.incidence_curves(curves, at=10, language=language)
    word = "Adjusted" if language == "en" else "Justert"
    assert axes.drawn.title.startswith(word)
    assert nav.show.sentence(curves, at=10, language=language).startswith(word)
    assert any("ATE" in line for line in axes.drawn.footer)
