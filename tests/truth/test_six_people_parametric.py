"""Rates of six people, worked out on paper: with one rate for each group the likelihood is climbed by dividing.

    group 0   A 2 left    B 4 left    C 6 followed     2 endings in 12 months, rate 1/6
    group 1   D 1 left    E 3 left    F 4 left         3 endings in 8 months, rate 3/8
    time ratio (8/3)/(12/2) = 4/9, error of its logarithm sqrt(1/2 + 1/3)

Squared scores 1 - t/6 (C: -6/6) of group 0 are (2/3)^2 + (1/3)^2 + 1^2 = 14/9, over 2^2; of group 1, 1 - 3t/8:
(5/8)^2 + (1/8)^2 + (1/2)^2 = 42/64, over 3^2. With weights 1, 2, 1 and 3, 1, 1/2 the rates are 3/16 and 9/16.

Late: C came at 2 and F at 1, which takes 2 and 1 from the months: rates 2/10 and 3/7.
In pieces up to 3 and after, everybody alike: 3 endings (A, D, E) in 2 + 3 + 3 + 1 + 3 + 3 = 15 months, then 2 in 5.
"""

from __future__ import annotations

from fractions import Fraction as Q
from math import exp, log, sqrt

import pandas as pd
import pytest

import navoutcomes as nav

SIX = pd.DataFrame(
    {
        "time": [2, 4, 6, 1, 3, 4],
        "left": [1, 1, 0, 1, 1, 1],
        "x": [0, 0, 0, 1, 1, 1],
        "weight": [1.0, 2.0, 1.0, 3.0, 1.0, 0.5],
        "entry": [0, 0, 2, 0, 0, 1],
    }
)


def model(distribution: str = "exponential", **how: object) -> nav.ParametricRegression:
    roles = {role: how.pop(role) for role in ("entry", "weight") if role in how}
    people = nav.Cohort.from_frame(
        SIX, "time", "left", endings={0: None, 1: "left"}, outcome="left", unit="months", **roles
    )
    return people.parametric(["x"], distribution, **how)


def squared(scores: list[Q], endings: Q) -> Q:
    return sum((one * one for one in scores), Q(0)) / endings**2


def test_the_time_ratio_is_that_of_two_divisions() -> None:
    found = model()
    assert found.ratios["estimate"].iloc[0] == pytest.approx(4 / 9, rel=1e-12)
    assert found.table["std_error"].iloc[0] == pytest.approx(sqrt(1 / 2 + 1 / 3), rel=1e-12)
    assert exp(-found.coefficients["intercept"]) == pytest.approx(1 / 6, rel=1e-12)
    assert found.log_likelihood == pytest.approx(2 * log(1 / 6) - 2 + 3 * log(3 / 8) - 3, rel=1e-12)
    assert found.null_log_likelihood == pytest.approx(5 * log(1 / 4) - 5, rel=1e-12)


def test_the_robust_error_is_that_of_squared_scores() -> None:
    first = squared([1 - Q(t) / 6 * 1 for t in (2, 4)] + [Q(-1)], Q(2))
    second = squared([1 - Q(3, 8) * t for t in (1, 3, 4)], Q(3))
    assert first == Q(14, 9) / 4
    assert second == Q(42, 64) / 9
    assert model(errors="robust").table["std_error"].iloc[0] == pytest.approx(sqrt(first + second), rel=1e-12)


def test_weights_are_squared_with_the_scores() -> None:
    """A weight of two is not two people; survreg 3.5 squares the scores without them."""
    rates = (Q(3, 16), Q(9, 16))
    first = squared([1 - rates[0] * 2, 2 * (1 - rates[0] * 4), -rates[0] * 6], Q(3))
    second = squared([3 * (1 - rates[1]), 1 - rates[1] * 3, Q(1, 2) * (1 - rates[1] * 4)], Q(9, 2))
    found = model(weight="weight")
    assert found.ratios["estimate"].iloc[0] == pytest.approx(float(rates[0] / rates[1]), rel=1e-12)
    assert found.table["std_error"].iloc[0] == pytest.approx(sqrt(first + second), rel=1e-12)


def test_who_came_late_gives_fewer_months() -> None:
    found = model(entry="entry")
    assert found.ratios["estimate"].iloc[0] == pytest.approx(float(Q(2, 10) / Q(3, 7)), rel=1e-12)
    assert found.table["std_error"].iloc[0] == pytest.approx(sqrt(1 / 2 + 1 / 3), rel=1e-12)


def test_pieces_of_everybody_alike_are_two_divisions() -> None:
    found = model("piecewise exponential", cuts=[3])
    crude = 3 * log(Q(3, 15)) - 3 + 2 * log(Q(2, 5)) - 2
    assert found.null_log_likelihood == pytest.approx(crude, rel=1e-12)
    # With r the ratio: rates 3 / (8 + 7 r) and 2 / (4 + r); the score of x, 3 = 21 r / (8 + 7 r) + 2 r / (4 + r).
    r = found.ratios["estimate"].iloc[0]
    assert 21 * r / (8 + 7 * r) + 2 * r / (4 + r) == pytest.approx(3, rel=1e-10)
