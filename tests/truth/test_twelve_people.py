"""Twelve people like those of an office: exact shares with three competing endings, and the wrong curve beside them.

    day   at risk   leaves for    stay before   job            no_show        other         stay after
    30    12        job, no_show  1             1/12           1/12                         5/6
    60    10        job           5/6           1/6                                         3/4   (one stays to 60)
    90    8         other         3/4                                         3/32          21/32
    120   7         job, job      21/32         1/6 + 3/16                                  15/32
    150   5         no_show       15/32                        1/12 + 3/32                  3/8
    180   4         (followed)
    210   3         other         3/8                                         3/32 + 1/8    1/4
    240   2         job           1/4           17/48 + 1/8                                 1/8
    270   1         (followed)                  23/48          17/96          7/32          1/8

One minus Kaplan-Meier for the job alone, as if nobody ever left for other reasons:
1 - 11/12 * 9/10 * 5/7 * 1/2 = 79/112, when 23/48 had a job: 71 % for 48 %.
"""

from __future__ import annotations

from fractions import Fraction as Q

import pandas as pd
import pytest

import navoutcomes as nav

TIMES = [30, 30, 60, 60, 90, 120, 120, 150, 180, 210, 240, 270]
EXITS = [1, 2, 1, 0, 3, 1, 1, 2, 0, 3, 1, 0]
WORDS = {0: None, 1: "job", 2: "no_show", 3: "other"}
FRAME = pd.DataFrame({"days": TIMES, "exit": EXITS})


def cohort(endings: dict[int, str | None] = WORDS) -> nav.Cohort:
    return nav.Cohort.from_frame(FRAME, "days", "exit", endings=endings, outcome="job")


@pytest.mark.parametrize(("cause", "share"), [("job", Q(23, 48)), ("no_show", Q(17, 96)), ("other", Q(7, 32))])
def test_the_shares_at_the_last_day_are_exact(cause: str, share: Q) -> None:
    found = cohort().cumulative_incidence().at(270).set_index("cause")
    assert found.loc[cause, "estimate"] == pytest.approx(float(share), abs=1e-12)


def test_the_share_still_there_is_exact_and_the_four_make_one() -> None:
    table = cohort().survival_curve().table.set_index("time")["estimate"]
    stay = {30: Q(5, 6), 60: Q(3, 4), 90: Q(21, 32), 120: Q(15, 32), 150: Q(3, 8), 210: Q(1, 4), 240: Q(1, 8)}
    assert table.loc[list(stay)].tolist() == pytest.approx([float(one) for one in stay.values()], abs=1e-12)
    assert Q(23, 48) + Q(17, 96) + Q(7, 32) + Q(1, 8) == 1


def test_one_minus_kaplan_meier_is_the_wrong_curve() -> None:
    naive = cohort({0: None, 1: "job", 2: None, 3: None}).survival_curve().at(270)["estimate"].iloc[0]
    assert 1 - naive == pytest.approx(float(Q(79, 112)), abs=1e-12)
    right = cohort().cumulative_incidence().at(270).set_index("cause").loc["job", "estimate"]
    assert (1 - naive) / right == pytest.approx(float(Q(79, 112) / Q(23, 48)), abs=1e-12)


def test_mean_days_add_up_to_the_horizon() -> None:
    """Still there: 30 + 30 * 5/6 + 30 * 3/4 + 30 * 21/32 + 30 * 15/32 + 60 * 3/8 + 30 * 1/4 + 30 * 1/8 of 270."""
    expected = 30 * (1 + Q(5, 6) + Q(3, 4) + Q(21, 32) + Q(15, 32) + 2 * Q(3, 8) + Q(1, 4) + Q(1, 8))
    people = cohort()
    stay = people.restricted_mean(270).table["estimate"].iloc[0]
    assert stay == pytest.approx(float(expected), abs=1e-12)
    lost = [people.restricted_mean(270, cause=cause).table["estimate"].iloc[0] for cause in ("job", "no_show", "other")]
    assert stay + sum(lost) == pytest.approx(270, abs=1e-9)


def test_twelve_people_get_the_interval_for_small_groups() -> None:
    curves = cohort().survival_curve()
    assert "interval_beta_product" in [one.key for one in curves.method]
    assert curves.table[["conf_low", "conf_high"]].notna().all(axis=None)
    at = curves.at(30).iloc[0]
    exact = nav.proportion(10, 12, interval="clopper-pearson").table.iloc[0]
    assert at[["conf_low", "conf_high"]].tolist() == pytest.approx(exact[["conf_low", "conf_high"]].tolist(), abs=1e-9)
