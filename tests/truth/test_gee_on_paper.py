"""Six offices of two people, three with the arm: what the equations say is worked out with a pencil.

Means by office are 2, 3, 4 without the arm and 4, 6, 8 with it. Residuals from the arms' own means are (-2, 0), (-1, 1)
and (0, 2), and (-2, -2), (-1, 1) and (0, 4): their squares add up to 36 over 12 people, so the scale is 3; the products
of pairs add up to 2 over 6 pairs, a third, so the correlation is a ninth.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

VALUES = [(1, 3), (2, 4), (3, 5), (4, 4), (5, 7), (6, 10)]


def cohort() -> nav.Cohort:
    rows = [(place, value, int(place >= 3)) for place, pair in enumerate(VALUES) for value in pair]
    frame = pd.DataFrame(rows, columns=["office", "months", "arm"]).assign(time=1.0, ending=0)
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", cluster="office", unit="years"
    )


@pytest.mark.parametrize("correlation", ["independence", "exchangeable"])
@pytest.mark.parametrize(
    ("errors", "variance"),
    [("cr0", 2 / 9 + 8 / 9), ("cr1", (2 / 9 + 8 / 9) * 6 / 5 * 11 / 10), ("cr2", 2 / 6 + 8 / 6), ("cr3", 10 / 4)],
)
def test_offices_of_one_size_are_their_means(errors: str, variance: float, correlation: str) -> None:
    """CR2 is Welch's error of the six means, CR3 what leaving each office out in turn gives."""
    found = cohort().gee("months", ["arm"], "identity", correlation, errors=errors).table.set_index("term")
    assert found.loc["arm", "estimate"] == pytest.approx(3)
    assert found.loc["(intercept)", "estimate"] == pytest.approx(3)
    assert found.loc["arm", "std_error"] == pytest.approx(np.sqrt(variance), rel=1e-12)


def test_the_correlation_is_a_ninth_and_the_scale_three() -> None:
    found = cohort().gee("months", ["arm"], "identity")
    assert found.alpha == pytest.approx(1 / 9, rel=1e-12)
    assert found.scale == pytest.approx(3, rel=1e-12)
    assert (found.rows, found.persons, found.clusters) == (12, 12, 6)


def test_four_degrees_of_freedom_are_left() -> None:
    """Student's t at 0.975 with 4 degrees: 2.7764, as in every table of it."""
    row = cohort().gee("months", ["arm"], "identity").table.set_index("term").loc["arm"]
    assert (row["conf_high"] - row["estimate"]) / row["std_error"] == pytest.approx(2.7764451, rel=1e-7)


def test_errors_of_the_model_know_the_correlation() -> None:
    """A mean of two with correlation 1/9 and variance 3 has variance 3 (1 + 1/9) / 2; a third of that in each arm."""
    row = cohort().gee("months", ["arm"], "identity", errors="model").table.set_index("term").loc["arm"]
    assert row["std_error"] ** 2 == pytest.approx(2 * 3 * (10 / 9) / 2 / 3, rel=1e-12)


def test_neighbouring_months_by_hand() -> None:
    """Two people in months 1, 2 and 4. Only the pairs one month apart count for the first power; two and three months
    apart pull it down where their products are smaller than its powers."""
    frame = pd.DataFrame(
        {
            "person": [1, 1, 1, 2, 2, 2],
            "begin": [0, 1, 3, 0, 1, 3],
            "end": [1.0, 2, 4, 1, 2, 4],
            "ending": 0,
            "x": [0, 1, 0, 1, 0, 1],
            "y": [1.0, 2, 3, 5, 4, 2],
        }
    )
    people = nav.Cohort.from_frame(
        frame, "end", "ending", endings={0: None, 1: "job"}, outcome="job", entry="begin", person="person"
    )
    found = people.gee("y", ["x"], "identity", "ar1", errors="cr0")
    alpha, value = found.alpha, found.table["estimate"].to_numpy()
    rest = frame["y"] - value[0] - value[1] * frame["x"]
    one, two = rest[:3].to_numpy(), rest[3:].to_numpy()
    scale = (rest**2).mean()
    assert found.scale == pytest.approx(scale)
    products = {lag: (one[a] * one[b] + two[a] * two[b]) / scale for lag, a, b in ((1, 0, 1), (2, 1, 2), (3, 0, 2))}
    slope = sum(lag * alpha ** (lag - 1) * (seen - 2 * alpha**lag) for lag, seen in products.items())
    assert slope == pytest.approx(0, abs=1e-9)
    apart = np.abs(np.subtract.outer([1, 2, 4], [1, 2, 4]))
    inverse = np.linalg.inv(alpha**apart)
    x = np.column_stack([np.ones(6), frame["x"]])
    score = x[:3].T @ inverse @ one + x[3:].T @ inverse @ two
    np.testing.assert_allclose(score, 0, atol=1e-9)
