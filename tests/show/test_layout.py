"""Nothing is cut, nothing stands on anything else, and everything can be read, whatever people call their groups."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_examples import HOSTILE, KINDS, LANGUAGES, LONG, NAMES, cohort, flow, made, out_of_figure, overlapping, texts
from matplotlib.colors import to_rgb

import navoutcomes as nav
from navoutcomes.show import style
from navoutcomes.show.drawn import DrawnAxes
from navoutcomes.show.labels import apart
from navoutcomes.show.lettering import drawable, shortened, text_cm, two_lines, wrapped

SIZES = {"incidence": (1, 2, 3, 4), "survival": (1, 2, 3, 4), "stacked": (1,), "forest": (2, 4), "flow": (1,)}
CASES = [(kind, groups, language) for kind, sizes in SIZES.items() for groups in sizes for language in LANGUAGES]


def contrast(first: object, second: object = style.PAPER) -> float:
    """WCAG's contrast of two colours, from their definition."""
    light = []
    for colour in (first, second):
        parts = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in to_rgb(colour)]
        light.append(float(np.dot(parts, (0.2126, 0.7152, 0.0722))) + 0.05)
    return max(light) / min(light)


def fits(axes: DrawnAxes) -> None:
    assert out_of_figure(axes) == []
    assert overlapping(axes) == []
    assert min(one.get_size() for one, _ in texts(axes)) >= 8.5


@pytest.mark.parametrize(("kind", "groups", "language"), CASES)
def test_no_text_is_cut_or_stands_on_another(kind: str, groups: int, language: str) -> None:
    fits(made(kind, language, groups, followed=0.2, synthetic=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_fits_as_well(kind: str) -> None:
    fits(made(kind, "nn", released=False))


def long_figures(name: str, language: str = "nb") -> list[DrawnAxes]:
    names, causes = tuple(f"{k} {name}" for k in range(4)), tuple(f"{k}{name}" for k in range(4))
    people = cohort(names, size=260, causes=causes)
    curves, everybody = people.cumulative_incidence(by="group"), cohort(("a",), size=400, causes=causes)
    return [
        nav.show.incidence_curves(nav.release(curves), at=[182, 365], language=language),
        nav.show.survival_curves(people.survival_curve(by="group"), language=language),
        nav.show.shares_over_time(nav.release(everybody.cumulative_incidence()), language=language),
        nav.show.forest(nav.release(people.contrast(at=[182, 365])), language=language),
        nav.show.flow_chart(flow(30, reason=name), language=language, title=name),
    ]


@pytest.mark.parametrize("name", [LONG, HOSTILE, "x" * 300, "=SUM(A1)", "{x} %s \\n $\\alpha$"])
def test_any_label_is_shown_as_text_and_breaks_nothing(name: str) -> None:
    for axes in long_figures(name):
        fits(axes)
        assert not any("\\mathdefault" in one.get_text() for one, _ in texts(axes))


def test_signs_of_markup_and_mathematics_stand_as_they_were_written() -> None:
    name = "$x^2$ _b_ <b>c</b> {d}"
    people = cohort((name, "e"))
    axes = nav.show.survival_curves(people.survival_curve(by="group"), language="en", title=name, subtitle=f"2 {name}")
    shown = [one.get_text() for one, _ in texts(axes)]
    assert name in shown
    assert f"2 {name}" in shown
    assert sum(name in text for text in shown) >= 4
    assert not any(one.get_usetex() or one.get_parse_math() for one, _ in texts(axes))


@pytest.mark.parametrize("size", [60, 1_000_000])
def test_large_numbers_fit_under_the_axis(size: int) -> None:
    people = nav.Cohort.from_frame(
        cohort(NAMES[:2], size=60).covariates.assign(copies=size / 60), time="time", ending="ending",
        censored="still", outcome="job", arm="group", reference=NAMES[0],
    )  # fmt: skip
    fits(nav.show.incidence_curves(nav.release(people.cumulative_incidence(by="group")), language="en"))


def test_a_narrow_and_a_wide_difference_both_have_room_for_their_numbers() -> None:
    people = cohort(NAMES[:3], size=60)
    measures = ["risk difference", "risk ratio", "odds ratio", "restricted mean difference"]
    effects = people.contrast(at=[91, 400], measure=measures)
    for measure in measures:
        for language in LANGUAGES:
            fits(nav.show.forest(effects, measure=measure, language=language))


def test_labels_moved_apart_keep_their_order_and_their_distance() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        heights = list(rng.uniform(0, 1, rng.integers(1, 6)) ** 3)
        placed = np.array(apart(heights, 0.15, 0.0, 1.0))
        assert np.array_equal(np.argsort(heights, kind="stable"), np.argsort(placed, kind="stable"))
        assert (np.diff(np.sort(placed)) > 0.15 - 1e-6).all()
        assert placed.min() > -1e-9
        assert placed.max() < 1 + 1e-9


def test_graphics_have_three_to_one_and_text_four_and_a_half_to_one() -> None:
    for colour in (*style.COLOURS, *(colour for colour, _ in style.AREAS)):
        assert contrast(colour) >= 3, colour
    for colour in (*style.TEXT_COLOURS, style.INK, style.MUTED, style.WARNING):
        assert contrast(colour) >= 4.5, colour
    assert contrast("#777777") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_that_is_drawn_has_the_contrast_of_text(kind: str) -> None:
    for groups in SIZES[kind]:
        for one, _ in texts(made(kind, "nb", groups, released=False)):
            assert contrast(one.get_color()) >= 4.5, one.get_text()


def test_norwegian_letters_are_in_the_font_and_nothing_falls_back() -> None:
    letters = "æøåÆØÅéèêóòôüöäšŋđ«»–—−…χ²≤≥·0123456789 %"
    assert drawable(letters) == letters
    assert style.font_family() == "Source Sans Pro"
    made("incidence", "nb")._repr_mimebundle_()


def test_signs_the_fonts_have_not_become_question_marks_and_breaks_become_spaces() -> None:
    assert drawable("Jobb \U0001f389 og\nmer\x00\u2028!") == "Jobb ? og mer !"
    assert drawable("Лодка ελιά") == "Лодка ελιά"


def test_text_is_broken_shortened_or_left_as_it_is_by_the_room_there_is() -> None:
    lines = wrapped("Kontoret på Ytre Hustadvika " + "x" * 200, 6.0, 9.5)
    assert all(text_cm(line, 9.5) <= 6.0 for line in lines)
    assert "".join(lines).replace(" ", "") == "KontoretpåYtreHustadvika" + "x" * 200
    assert shortened("kort", 6.0, 9.5) == "kort"
    assert shortened("x" * 200, 6.0, 9.5).endswith("x…")
    assert text_cm(shortened("x" * 200, 6.0, 9.5), 9.5) <= 6.0
    assert two_lines("Kontoret på Ytre Hustadvika og omegn, avdeling nord", 3.4, 9.5).count("\n") == 1
    assert wrapped("", 6.0, 9.5) == [""]


def test_more_groups_than_can_be_told_apart_are_refused() -> None:
    people = cohort(tuple("abcde"), size=60)
    for draw in (
        lambda: nav.show.survival_curves(people.survival_curve(by="group")),
        lambda: nav.show.incidence_curves(people.cumulative_incidence(by="group")),
    ):
        with pytest.raises(nav.DesignProblem) as refused:
            draw()
        assert refused.value.key == "too_many_groups"
        assert "5" in refused.value.parts("en")[0]


def test_a_result_is_not_drawn_as_what_it_is_not() -> None:
    people = cohort(NAMES[:2])
    incidence, staying, effects = (
        people.cumulative_incidence(by="group"), people.survival_curve(by="group"), people.contrast(at=182),
    )  # fmt: skip
    wrong = [
        (nav.show.incidence_curves, staying), (nav.show.survival_curves, incidence), (nav.show.forest, incidence),
        (nav.show.survival_curves, effects), (nav.show.shares_over_time, staying),
        (nav.show.survival_curves, people.cumulative_hazard(by="group")),
    ]  # fmt: skip
    for draw, result in wrong:
        with pytest.raises(nav.DesignProblem) as refused:
            draw(result)
        assert refused.value.key == "cannot_draw"
    with pytest.raises(nav.DesignProblem):
        nav.show.incidence_curves(incidence, cause="holiday")
    with pytest.raises(nav.DesignProblem):
        nav.show.shares_over_time(incidence)
    with pytest.raises(nav.DesignProblem):
        nav.show.forest(effects, measure="hazard ratio")
