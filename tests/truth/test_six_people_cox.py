"""Cox's model for the six people, worked out on paper; x is 1 for group "in". Every ending counts.

    time   at risk (x)            ends     S0 (b = 0)   mean x    variance
    1      A1 B0 C1 D0 E1 F0      A        6            1/2       1/4
    2         B0 C1 D0 E1 F0      B, C     5            2/5       6/25     the first of two
                                           4            3/8       15/64    Efron: half of B and C has gone
    4                  E1 F0      E        2            1/2       1/4

Breslow: score 1/2 + (1 - 4/5) + 1/2 = 6/5, information 1/4 + 12/25 + 1/4 = 49/50.
Efron: score 1/2 + (1 - 2/5 - 3/8) + 1/2 = 49/40, information 1/4 + 6/25 + 15/64 + 1/4 = 1559/1600.
With r = exp(b), Breslow's score is 3 - 2r/(r + 1) - 4r/(2r + 3), nothing where 2 r^2 = 5 r + 9: r = (5 + sqrt 97)/4.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

SIX = pd.DataFrame(
    {"time": [1, 2, 2, 3, 4, 5], "ended": [1, 1, 1, 0, 1, 0], "x": [1, 0, 1, 0, 1, 0], "who": list("ABCDEF")}
)
TOP = (5 + sqrt(97)) / 4


def model(ties: str) -> nav.CoxRegression:
    cohort = nav.Cohort.from_frame(SIX, "time", "ended", endings={0: None, 1: "left"}, outcome="left", unit="months")
    return cohort.cox(["x"], ties=ties)


@pytest.mark.parametrize(
    ("ties", "score", "chance"), [("breslow", 72 / 49, log(300)), ("efron", 2401 / 1559, log(240))]
)
def test_score_test_and_likelihood_where_x_says_nothing(ties: str, score: float, chance: float) -> None:
    found = model(ties)
    assert found.tests.set_index("measure").loc["score", "statistic"] == pytest.approx(score, rel=1e-12)
    assert found.model.start.log_likelihood == pytest.approx(-chance, rel=1e-12)


def test_the_hazard_ratio_of_breslow_is_a_root_of_a_square() -> None:
    found = model("breslow")
    assert found.ratios["estimate"].iloc[0] == pytest.approx(TOP, rel=1e-9)
    likelihood = log(TOP**3 / ((3 * TOP + 3) * (2 * TOP + 3) ** 2 * (TOP + 1)))
    assert found.log_likelihood == pytest.approx(likelihood, rel=1e-12)
    shares = [TOP / (TOP + 1), 2 * TOP / (2 * TOP + 3), TOP / (TOP + 1)]
    information = sum(times * share * (1 - share) for times, share in zip((1, 2, 1), shares, strict=True))
    assert found.table["std_error"].iloc[0] == pytest.approx(1 / sqrt(information), rel=1e-9)


def test_the_curve_of_group_out_is_the_baseline() -> None:
    found = nav.predict(model("breslow"), pd.DataFrame({"x": [0, 1]}), [1, 2, 4]).table
    hazard = np.cumsum([1 / (3 * TOP + 3), 2 / (2 * TOP + 3), 1 / (TOP + 1)])
    expected = [exp(-one) for one in hazard] + [exp(-TOP * one) for one in hazard]
    assert found["estimate"].tolist() == pytest.approx(expected, rel=1e-9)


def test_residuals_are_endings_seen_less_expected() -> None:
    step = [1 / (3 * TOP + 3), 2 / (2 * TOP + 3), 1 / (TOP + 1)]
    until = {1: step[0], 2: sum(step[:2]), 3: sum(step[:2]), 4: sum(step), 5: sum(step)}
    expected = [
        ended - until[time] * (TOP if x else 1)
        for time, ended, x in zip(SIX["time"], SIX["ended"], SIX["x"], strict=True)
    ]
    assert nav.residuals(model("breslow"))["residual"].tolist() == pytest.approx(expected, rel=1e-8)


def test_concordance_of_the_six() -> None:
    """A agrees with three and is level with two; B disagrees with E and is level with D and F; C agrees with D and F
    and is level with E; E agrees with F. B and C are tied in time."""
    found = nav.concordance(model("breslow"))
    assert (found.concordant, found.discordant, found.tied) == (3 + 2 + 1, 1, 2 + 2 + 1)
    assert found.table["estimate"].iloc[0] == pytest.approx((6 + 5 / 2) / 12)
