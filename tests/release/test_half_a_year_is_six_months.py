"""A released curve asked at half a year answers at six months, whichever half of the year it was."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

MONTH = 30.4375


@pytest.fixture(scope="module")
def curves() -> nav.Released:
    number = 600
    days = 1 + np.arange(number) % 720
    people = pd.DataFrame({"days": days, "ending": np.where(np.arange(number) % 3, "job", "other")})
    return nav.release(
        nav.Cohort.from_frame(
            people, "days", "ending", outcome="job", endings={"job": "job", "other": "other"}
        ).cumulative_incidence()
    )


@pytest.mark.parametrize(
    ("days", "month"),
    [(1, 1), (30, 1), (31, 1), (91, 3), (92, 3), (182, 6), (183, 6), (184, 7), (365, 12), (366, 12), (367, 13)],
)
def test_a_day_after_the_end_of_a_month_is_that_month(curves: nav.Released, days: int, month: int) -> None:
    assert set(curves.result.at(days)["time"]) == {month}


def test_the_first_day_is_in_the_first_month_and_the_start_is_the_start(curves: nav.Released) -> None:
    assert set(curves.result.at([0, 0.5])["time"]) == {0, 1}


def test_the_end_of_every_month_is_that_month(curves: nav.Released) -> None:
    asked = np.arange(1, 20) * MONTH
    assert sorted(set(curves.result.at(asked)["time"])) == list(range(1, 20))
