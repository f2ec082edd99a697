"""The lock-in figure draws the difference and its area as they were estimated, in months, in three languages."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_examples import LANGUAGES, NAMES, cohort, out_of_figure, overlapping

import navoutcomes as nav
from navoutcomes.show.numbers import number
from navoutcomes.show.words import time_phrase


def found(groups: int = 2, randomised: bool = False) -> nav.LockIn:
    return cohort(NAMES[:groups], randomised=randomised).lock_in(horizon=700)


def line(axes: object, longer: int = 3) -> object:
    return next(one for one in axes.get_lines() if len(one.get_xdata()) > longer)  # type: ignore[attr-defined]


@pytest.mark.parametrize("released", [True, False])
def test_the_upper_line_is_the_difference_and_the_lower_its_area_in_months(released: bool) -> None:
    result = found()
    shown = nav.release(result) if released else result
    inner = shown.result if released else result
    per = 1.0 if inner.unit == "months" else 30.4375
    upper, lower = nav.show.lock_in_chart(shown).sheet.axes
    drawn = line(upper)
    np.testing.assert_allclose(drawn.get_xdata()[:-1], inner.curve["time"] / per, atol=1e-5)
    np.testing.assert_allclose(drawn.get_ydata()[:-1], 100 * inner.curve["estimate"], atol=1e-5)
    area = line(lower)
    np.testing.assert_allclose(area.get_xdata()[1:], inner.net["time"] / per, atol=1e-5)
    np.testing.assert_allclose(area.get_ydata()[1:], inner.net["estimate"] / per, atol=1e-5)
    assert (area.get_xdata()[0], area.get_ydata()[0]) == (0, 0)
    assert upper.get_xlim() == lower.get_xlim()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("groups", [2, 4])
def test_nothing_is_cut_or_overlaps_and_numbers_are_said(language: str, groups: int) -> None:
    axes = nav.show.lock_in_chart(nav.release(found(groups)), language=language)
    assert out_of_figure(axes) == []
    assert overlapping(axes) == []
    assert len(axes.drawn.alt.split()) < 150
    if groups == 2:
        last = nav.release(found()).result.curve.iloc[-1]
        assert number(100 * last["estimate"], language) in axes.drawn.alt
        assert number(100 * last["conf_low"], language) in axes.drawn.title
    if language != "en":
        assert "." not in axes.drawn.title.replace("mfl.", "")


def test_only_a_drawn_comparison_goes_without_the_caution() -> None:
    for randomised in (True, False):
        footer = " ".join(nav.show.lock_in_chart(found(randomised=randomised), language="nb").drawn.footer)
        assert ("sammenheng" in footer) != randomised


def test_other_results_are_refused() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.show.lock_in_chart(cohort(NAMES[:2]).contrast(at=100))
    assert refused.value.key == "cannot_draw"


def test_times_have_a_decimal_comma_in_norwegian_and_no_needless_decimals() -> None:
    written = {
        (30.4375, "days"): ("30,4\u00a0dager", "30,4\u00a0dagar", "30.4\u00a0days"),
        (2.5, "years"): ("2,5\u00a0år", "2,5\u00a0år", "2.5\u00a0years"),
        (0.25, "years"): ("0,25\u00a0år", "0,25\u00a0år", "0.25\u00a0years"),
        (1.0, "weeks"): ("1\u00a0uke", "1\u00a0veke", "1\u00a0week"),
        (1095.0, "days"): ("36\u00a0måneder", "36\u00a0månader", "36\u00a0months"),
        (540.0, "days"): ("540\u00a0dager", "540\u00a0dagar", "540\u00a0days"),
        (1234567.0, "days"): ("1234567\u00a0dager", "1234567\u00a0dagar", "1234567\u00a0days"),
        (12.0, "months"): ("12\u00a0måneder", "12\u00a0månader", "12\u00a0months"),
    }
    for (time, unit), texts in written.items():
        assert tuple(time_phrase(time, unit, language) for language in LANGUAGES) == texts
