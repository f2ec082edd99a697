"""Terms become columns by rules that can be worked out on paper, and new people get the same columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.estimate.regression.design_matrix import collinear, design_matrix, label
from navoutcomes.maths.splines import natural_spline

FRAME = pd.DataFrame(
    {
        "time": [1, 2, 3, 4],
        "ending": [1, 0, 1, 1],
        "age": [30, 40, 50, 60],
        "sex": ["Kvinne", "Mann", "Kvinne", "Mann"],
        "team": ["b", "a", "c", "a"],
        "young": [True, False, False, True],
    }
)


def cohort(frame: pd.DataFrame = FRAME) -> nav.Cohort:
    return nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job")


def test_numbers_are_measured_from_their_centre_and_a_bare_name_is_a_number() -> None:
    made = design_matrix(cohort(), [nav.Number("age", centre=40), "young"])
    assert made.names == ("age", "young")
    assert made.values.tolist() == [[-10, 1], [0, 0], [10, 0], [20, 1]]


def test_levels_are_compared_with_the_reference_in_their_own_order() -> None:
    made = design_matrix(cohort(), [nav.Category("team", reference="b")])
    assert made.names == ("team: a", "team: c")
    assert made.values.tolist() == [[0, 0], [1, 0], [0, 1], [1, 0]]
    assert made.term == (0, 0)
    ordered = FRAME.assign(team=pd.Categorical(FRAME["team"], ["c", "b", "a"]))
    assert design_matrix(cohort(ordered), [nav.Category("team", reference="b")]).names == ("team: c", "team: a")


def test_an_interaction_is_the_product_of_columns() -> None:
    sex, age = nav.Category("sex", reference="Kvinne"), nav.Number("age", centre=30)
    made = design_matrix(cohort(), [sex, age, nav.Interaction(sex, age)])
    assert made.names == ("sex: Mann", "age", "sex: Mann × age")
    assert made.values[:, 2].tolist() == [0, 10, 0, 30]
    assert [label(one) for one in made.terms] == ["sex", "age", "sex × age"]


def test_a_natural_spline_is_smooth_between_its_knots_and_straight_outside() -> None:
    knots = np.array([6.0, 12.0, 24.0])
    at = np.array([0.0, 6.0, 12.0, 24.0, 30.0, 36.0])
    basis = natural_spline(at, knots)
    assert basis.shape == (6, 2)
    # (t - 6)^3 / 18^2, then less (t - 12)^3 18/12, then more (t - 24)^3 6/12, all over 18^2.
    expected = [0, 0, 6**3, 18**3 - 12**3 * 1.5, 24**3 - 18**3 * 1.5 + 6**3 * 0.5, 30**3 - 24**3 * 1.5 + 12**3 * 0.5]
    np.testing.assert_allclose(basis[:, 1], np.array(expected) / 18**2, atol=1e-12)
    far = natural_spline(np.array([30.0, 40.0, 50.0, -5.0, -10.0]), knots)[:, 1]
    assert far[2] - far[1] == pytest.approx(far[1] - far[0], rel=1e-12)
    assert far[3] == far[4] == 0


def test_new_people_get_the_same_columns() -> None:
    terms = [nav.Category("team", reference="b"), nav.Number("age", centre=40), nav.Spline("age", knots=(35, 45, 55))]
    made = design_matrix(cohort(), terms[:2])
    profiles = pd.DataFrame({"age": [45.0], "team": ["c"]})
    assert made.rows(profiles).tolist() == [[0, 1, 5]]
    bent = design_matrix(cohort(), terms[2:])
    np.testing.assert_allclose(bent.rows(FRAME), bent.values)


def test_what_the_terms_before_already_say_is_named() -> None:
    x = np.array([[1.0, 2, 3], [2, 1, 3], [4, 4, 8], [0, 1, 1]])
    with pytest.raises(nav.DesignProblem) as caught:
        collinear(x.T @ x, ["a", "b", "c"])
    assert caught.value.facts["column"] == ["c"]
    collinear(x[:, :2].T @ x[:, :2], ["a", "b"])


def test_empty_cells_of_a_category_are_named_by_row() -> None:
    with pytest.raises(nav.DataProblem) as caught:
        design_matrix(cohort(FRAME.assign(team=["a", None, "b", "a"])), [nav.Category("team", reference="a")])
    assert caught.value.facts["rows"] == [1]
