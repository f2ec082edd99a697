"""Quantiles, bands, trends, shares at one time and draws, worked out on paper for a few people."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import navoutcomes as nav
from navoutcomes.maths.bootstrap import drawn_means
from navoutcomes.maths.counting import gather
from navoutcomes.maths.curves.bands import bridge_within, equal_precision, hall_wellner
from navoutcomes.maths.trend import holm

ENDINGS = {0: None, 1: "job", 2: "other"}


def six() -> nav.Cohort:
    """Jobs at 1, 3 and 4, another ending at 3, still followed at 2 and 5: S is 5/6, 5/6 x 1/2 = 5/12, 5/24."""
    frame = pd.DataFrame({"time": [1, 2, 3, 3, 4, 5], "ending": [1, 0, 1, 2, 1, 0], "arm": list("ababab")})
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", arm="arm", reference="a")


def test_quantiles_of_six() -> None:
    """A sixth has left at 1 exactly and until 3: the middle of that plateau is 2. Half have at 3; 7/12 from 3 to 4."""
    found = six().quantiles([1 / 6, 0.5, 7 / 12, 0.9]).table["estimate"].tolist()
    assert found[:3] == [2.0, 3.0, 3.5]
    assert np.isnan(found[3])
    assert six().quantiles(19 / 24).table["estimate"].tolist() == [4.5]


def test_the_time_to_a_job_of_six() -> None:
    """F for a job: 1/6, then 1/6 + 5/6 x 1/4 = 3/8, then 3/8 + 5/12 x 1/2 = 7/12: half have one at 4.

    Half of the 7/12 is 7/24, reached at 3.
    """
    table = six().quantiles([0.5, 3 / 8, 0.6], cause="job").table.set_index("measure")["estimate"]
    assert table["quantile 0.5"] == 4
    assert table["quantile 0.375"] == 3
    assert np.isnan(table["quantile 0.6"])
    assert table["conditional quantile 0.5"] == 3
    assert table["conditional quantile 0.375"] == 3
    assert table["conditional quantile 0.6"] == 3
    curve = six().cumulative_incidence().at([1, 3, 4])
    expected = [float(one) for one in (Fraction(1, 6), Fraction(3, 8), Fraction(7, 12))]
    assert curve.loc[curve["cause"] == "job", "estimate"].tolist() == pytest.approx(expected, abs=1e-15)


def test_a_share_at_one_time_of_eight_without_censoring() -> None:
    """By 3 three of four and one of four have left: on the plain scale 1/2 over sqrt(3/64 + 3/64) is z = sqrt(8/3)."""
    frame = pd.DataFrame({"time": [1, 2, 3, 9, 2, 8, 8, 9], "ending": [1] * 8, "arm": list("aaaabbbb")})
    one = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", arm="arm", reference="a")
    assert one.fixed_time_test(3, scale="plain").statistic == pytest.approx(8 / 3, abs=1e-12)
    # log(-log(1 - F)): values log(log 4), log(log 4/3); slopes 1 / ((1 - F) log(1 - F)).
    apart = np.log(np.log(4)) - np.log(np.log(4 / 3))
    spread = 3 / 64 * (1 / (0.25 * np.log(4)) ** 2 + 1 / (0.75 * np.log(4 / 3)) ** 2)
    assert one.fixed_time_test(3).statistic == pytest.approx(apart**2 / spread, abs=1e-12)
    means = one.restricted_mean_test(9, small_sample=False)
    # Means 15/4 and 27/4; variances of a mean of four, divided by four.
    assert means.statistic == pytest.approx(3**2 / (np.var([1, 2, 3, 9]) / 4 + np.var([2, 8, 8, 9]) / 4), abs=1e-12)


def test_a_trend_over_three_groups_of_two() -> None:
    """At 1, 2 and 3 one leaves of each group in turn; the others stay. Score and variance by hand."""
    frame = pd.DataFrame({"time": [1, 9, 2, 9, 3, 9], "ending": [1, 0, 1, 0, 1, 0], "group": list("aabbcc")})
    one = nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job")
    score, spread = Fraction(0), Fraction(0)
    risk = [[2, 2, 2], [1, 2, 2], [1, 1, 2]]
    for leaver, own in enumerate(risk):
        total = sum(own)
        mean = Fraction(sum(place * number for place, number in enumerate(own)), total)
        square = Fraction(sum(place**2 * number for place, number in enumerate(own)), total)
        score, spread = score + leaver - mean, spread + square - mean**2
    test = one.logrank_test(by="group", trend=[0, 1, 2])
    assert test.statistic == pytest.approx(float(score**2 / spread), abs=1e-12)
    assert test.df == 1
    assert one.logrank_test(by="group", trend={"c": 2, "b": 1, "a": 0}).statistic == pytest.approx(test.statistic)


def test_holm_by_hand() -> None:
    """Four p-values: 4 x .01, 3 x .02, then 2 x .03 is not above it, and the last stays."""
    assert holm(np.array([0.03, 0.01, 0.5, 0.02])).tolist() == pytest.approx([0.06, 0.04, 0.5, 0.06])


def test_critical_values_of_bands_are_those_of_the_tables() -> None:
    """Klein & Moeschberger 2003, example 4.2: 2.8826 and 1.3211 from .1 to .6. Over everything Kolmogorov's 1.3581."""
    assert equal_precision(0.1, 0.6, 0.95) == pytest.approx(2.8826, abs=5e-5)
    assert hall_wellner(0.1, 0.6, 0.95) == pytest.approx(1.3211, abs=5e-5)
    for level in (0.9, 0.95, 0.99):
        assert hall_wellner(0, 1 - 1e-9, level) == pytest.approx(float(special.kolmogi(1 - level)), abs=1e-6)
    assert equal_precision(0.3, 0.3, 0.95) == pytest.approx(1.959964, abs=1e-6)


def test_a_bridge_at_one_time_is_a_normal_variable() -> None:
    """Within k around one time only: 2 Phi(k / sqrt(u (1 - u))) - 1."""
    sd = np.sqrt(0.3 * 0.7)
    assert bridge_within(0.8, 0.3, 0.3 + 1e-7) == pytest.approx(2 * stats.norm.cdf(0.8 / sd) - 1, abs=2e-3)
    for wrong in ((0, 0.5), (0.5, 1), (0.6, 0.5)):
        with pytest.raises(ValueError, match="clock"):
            equal_precision(*wrong, 0.95)
    with pytest.raises(ValueError, match="clock"):
        hall_wellner(0.5, 0.5, 0.95)


def test_a_hall_wellner_band_by_hand() -> None:
    """Ten persons leave one a time: a(t) is t/10, and the plain band is S +- k / sqrt(10) of the whole."""
    frame = pd.DataFrame({"time": range(1, 11), "ending": [1] * 10})
    one = nav.Cohort.from_frame(frame, "time", "ending", outcome="job")
    band = one.confidence_bands(kind="hall-wellner", within=(2, 7), interval="plain")
    k = hall_wellner(0.2, 0.7, 0.95)
    assert band.critical["all"] == pytest.approx(k, abs=1e-9)
    assert band.within["all"] == (2.0, 7.0)
    row = band.at(4).iloc[0]
    assert row["conf_low"] == pytest.approx(0.6 - k / np.sqrt(10), abs=1e-9)
    assert row["conf_high"] == 1.0
    even = one.confidence_bands(within=(2, 7), interval="plain").at(4).iloc[0]
    assert even["conf_low"] == pytest.approx(0.6 - equal_precision(0.2, 0.7, 0.95) * np.sqrt(0.6 * 0.4 / 10), abs=1e-9)


def test_draws_of_two_persons_take_one_of_three_values() -> None:
    """One leaves at 2, the other at 6: the mean is 2, 4 or 6, half the time 4."""
    cells = gather([2.0, 6.0], [0, 0], 1)
    means, short = drawn_means(cells, 6.0, None, np.random.default_rng(1), 4000)
    values, times = np.unique(means, return_counts=True)
    assert values.tolist() == [2.0, 4.0, 6.0]
    assert times / 4000 == pytest.approx([0.25, 0.5, 0.25], abs=0.03)
    assert short == 0
    alone = gather([2.0, 6.0], [0, -1], 1)
    means, short = drawn_means(alone, 6.0, None, np.random.default_rng(1), 4000)
    assert sorted(set(means)) == [2.0, 4.0, 6.0]
    # Both of those drawn are still followed at 3: nobody is seen until 6.
    means, short = drawn_means(gather([3.0, 6.0], [-1, -1], 1), 6.0, None, np.random.default_rng(1), 4000)
    assert short / 4000 == pytest.approx(0.25, abs=0.03)
    assert set(means) == {6.0}


def test_many_persons_a_cell_are_drawn_by_multinomial_numbers() -> None:
    """Forty of a hundred have left at 1: the share still there varies as a binomial one."""
    cells = gather(np.repeat([1.0, 2.0], [40, 60]), [0] * 100, 1)
    means, _ = drawn_means(cells, 2.0, None, np.random.default_rng(1), 4000)
    assert means.mean() == pytest.approx(1.6, abs=0.005)
    assert means.std() == pytest.approx(np.sqrt(0.4 * 0.6 / 100), rel=0.05)


@pytest.mark.parametrize("shared", [True, False], ids=["both groups in each", "one group in each"])
def test_drawn_clusters_bring_all_of_their_people(shared: bool) -> None:
    """Offices alike inside: the draws vary as means of forty offices, not of their eighty persons."""
    number, each = 40, 6
    office = np.repeat(np.arange(2 * number), each)
    group = np.where(np.arange(len(office)) % 2 == 0 if shared else office < number, "a", "b")
    time = 1.0 + office % number
    frame = pd.DataFrame({"time": time, "ending": 1, "office": office, "group": group})
    one = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", cluster="office")
    found = one.bootstrap_restricted_mean(40, by="group", reference="a", replicates=2000, rng=1).table
    error = found.set_index("measure").loc["restricted mean difference", "std_error"]
    if shared:
        assert error < 1e-9
    else:
        assert error == pytest.approx(np.sqrt(2 * np.var(np.arange(number)) / number), rel=0.06)
