"""Fine and Gray's model for six people, worked out on paper; x is 1 for some, and "job" is the ending asked about.

From the start. Of those at risk of being censored at 3 (C, D, E, F) one is: G = 3/4 after 3. B left for something else
at 2 and stays with G(4-)/G(2-) = 3/4; E left at 5 and stays with 1.

    time   at risk (weight)               x         ends    S0      S1 (b = 0)
    1      A B C D E F                    101010    A       6       3
    4      B(3/4) D E F                   0 0 1 0   D       15/4    1
    6      B(3/4) E(1) F                  0 1 0     F       11/4    1

With r = exp(b) the likelihood is r/(3r + 3) * 1/(r + 11/4) * 1/(r + 7/4): largest where 32 r^3 + 88 r^2 = 77.

Late entry. C came at 1, D at 2, E at 3. One of four (B, C, D, F) at risk is censored at 3: G = 3/4 after 3. Backwards:
of those there just after 3 (B, D, E, F), 2 (B, C, D, F) and 1 (A, B, C, F) one had just come, 3/4 each: H(2-) is
(3/4)^2 and H is 1 after 3. A left for something else at 2 and stays with (3/4 * 1) / (1 * 9/16) = 4/3: she stands also
for people like her who left before they could be seen.

    time   at risk (weight)               x         ends    S0      S1
    4      A(4/3) B D E F                 1 0 1 0 1 D       16/3    10/3
    5      A(4/3) B E F                   1 0 0 1   B       13/3    7/3
    7      A(4/3) E(1) F                  1 0 1     F       10/3    7/3
"""

from __future__ import annotations

from fractions import Fraction as Q
from math import exp, log

import pandas as pd
import pytest

import navoutcomes as nav

ENDINGS = {"followed": None, "job": "job", "other": "other"}
START = pd.DataFrame(
    {
        "time": [1, 2, 3, 4, 5, 6],
        "ending": ["job", "other", "followed", "job", "other", "job"],
        "x": [1, 0, 1, 0, 1, 0],
    }
)
LATE = pd.DataFrame(
    {
        "entry": [0, 0, 1, 2, 3, 0],
        "time": [2, 5, 3, 4, 6, 7],
        "ending": ["other", "job", "followed", "job", "other", "job"],
        "x": [1, 0, 0, 1, 0, 1],
    }
)
# x of who ended, S0 and S1 at each time.
PAPER = {
    "start": [(1, Q(6), Q(3)), (0, Q(15, 4), Q(1)), (0, Q(11, 4), Q(1))],
    "late": [(1, Q(16, 3), Q(10, 3)), (0, Q(13, 3), Q(7, 3)), (1, Q(10, 3), Q(7, 3))],
}


def model(case: str) -> nav.SubdistributionRegression:
    frame, how = (START, {}) if case == "start" else (LATE, {"entry": "entry"})
    cohort = nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", unit="months", **how)
    return cohort.fine_gray(["x"], errors="model")


@pytest.mark.parametrize("case", PAPER)
def test_likelihood_score_and_information_where_x_says_nothing(case: str) -> None:
    start = model(case).model.start
    chance, score, information = Q(1), Q(0), Q(0)
    for x, whole, part in PAPER[case]:
        mean = part / whole
        chance, score, information = chance * whole, score + x - mean, information + mean * (1 - mean)
    assert start.log_likelihood == pytest.approx(-log(chance), rel=1e-12)
    assert start.score[0] == pytest.approx(float(score), rel=1e-12)
    assert start.information[0, 0] == pytest.approx(float(information), rel=1e-12)


def test_the_ratio_is_the_root_of_the_cubic() -> None:
    ratio = exp(model("start").coefficients["x"])
    assert 32 * ratio**3 + 88 * ratio**2 == pytest.approx(77, rel=1e-9)
    top = ratio / ((3 * ratio + 3) * (ratio + 2.75) * (ratio + 1.75))
    assert model("start").log_likelihood == pytest.approx(log(top), rel=1e-12)


def test_the_late_ratio_makes_its_own_score_nothing() -> None:
    """1 - (7/3) r/((7/3) r + 2)... with r = exp(b): x = 1 weighs 10/3, 7/3 and 7/3 of the three risk sets."""
    ratio = exp(model("late").coefficients["x"])
    ones, others = (10 / 3, 7 / 3, 7 / 3), (2, 2, 1)
    expected = sum(one * ratio / (one * ratio + other) for one, other in zip(ones, others, strict=True))
    assert expected == pytest.approx(2, rel=1e-9)


def test_two_who_end_on_one_day_are_taken_one_after_the_other() -> None:
    """Efron: A and D end at 1 of six; the second time half of each has gone, 6 - 1 = 5 are left."""
    tied = START.assign(time=[1, 2, 3, 1, 5, 6])
    cohort = nav.Cohort.from_frame(tied, "time", "ending", endings=ENDINGS, outcome="job", unit="months")
    # At 6: F, and E with weight 1, and B with 2/3: one of three (C, E, F) was censored at 3.
    last = Q(1) + 1 + Q(2, 3)
    assert cohort.fine_gray(["x"]).null_log_likelihood == pytest.approx(-log(6 * 5 * last), rel=1e-12)
    assert cohort.fine_gray(["x"], ties="breslow").null_log_likelihood == pytest.approx(-log(36 * last), rel=1e-12)
