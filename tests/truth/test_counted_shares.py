"""Intervals for counted shares, by their definitions and by counting through every possible outcome."""

from __future__ import annotations

from math import comb, exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import navoutcomes as nav

Z = 1.959963984540054
SIZES = (1, 2, 5, 12, 30)


def limits(events: int, persons: int, interval: str) -> tuple[float, float]:
    row = nav.proportion(events, persons, interval=interval).table.iloc[0]
    return float(row["conf_low"]), float(row["conf_high"])


def binomial(persons: int, share: float) -> list[float]:
    """Probability of 0, 1, ..., all of the persons."""
    return [comb(persons, k) * share**k * (1 - share) ** (persons - k) for k in range(persons + 1)]


def coverage(persons: int, share: float, interval: str) -> float:
    """The probability that the interval holds the truth: every outcome, weighted by its probability."""
    pairs = zip(binomial(persons, share), range(persons + 1), strict=True)
    inside = [
        weight for weight, k in pairs if limits(k, persons, interval)[0] <= share <= limits(k, persons, interval)[1]
    ]
    return sum(inside)


@pytest.mark.parametrize("persons", SIZES)
def test_wilsons_limits_are_the_shares_whose_score_test_is_at_the_edge(persons: int) -> None:
    for events in range(persons + 1):
        for limit in limits(events, persons, "wilson"):
            if 0 < limit < 1:
                score = abs(events / persons - limit) / sqrt(limit * (1 - limit) / persons)
                assert score == pytest.approx(Z, abs=1e-9)
    assert limits(0, persons, "wilson")[0] == 0.0
    assert limits(persons, persons, "wilson")[1] == 1.0


@pytest.mark.parametrize("persons", SIZES)
def test_clopper_and_pearsons_limits_leave_a_fortieth_in_each_tail(persons: int) -> None:
    for events in range(persons + 1):
        low, high = limits(events, persons, "clopper-pearson")
        if events > 0:
            assert sum(binomial(persons, low)[events:]) == pytest.approx(0.025, abs=1e-10)
        if events < persons:
            assert sum(binomial(persons, high)[: events + 1]) == pytest.approx(0.025, abs=1e-10)
    assert limits(0, persons, "clopper-pearson")[0] == 0.0
    assert limits(persons, persons, "clopper-pearson")[1] == 1.0


@pytest.mark.parametrize("persons", (1, 5, 12, 30))
def test_clopper_pearson_covers_at_least_95_percent_whatever_the_truth(persons: int) -> None:
    edges = {limit for events in range(persons + 1) for limit in limits(events, persons, "clopper-pearson")}
    nudged = [edge + nudge for edge in edges for nudge in (-1e-9, 1e-9)]
    truths = [share for share in [*np.linspace(0.01, 0.99, 25), *nudged] if 0 < share < 1]
    table = [limits(k, persons, "clopper-pearson") for k in range(persons + 1)]
    for share in truths:
        pairs = zip(binomial(persons, share), table, strict=True)
        assert sum(weight for weight, (low, high) in pairs if low <= share <= high) >= 0.95 - 1e-9


@pytest.mark.parametrize(("share", "covered"), [(0.224, 0.967), (0.05, 0.9804)])
def test_wilson_at_twelve_persons_covers_what_enumeration_says(share: float, covered: float) -> None:
    """22.4 % of 12: 0.967 (the plain interval 0.945); 5 % of 12: the plain interval covers 0.457."""
    assert coverage(12, share, "wilson") == pytest.approx(covered, abs=6e-4)


def test_none_of_twelve() -> None:
    """0 of 12: at most 24 % by Wilson, 26 % by the exact interval; never "no risk"."""
    assert limits(0, 12, "wilson") == (0.0, pytest.approx(Z**2 / (12 + Z**2), abs=1e-12))
    assert limits(0, 12, "clopper-pearson") == (0.0, pytest.approx(1 - 0.025 ** (1 / 12), abs=1e-12))
    assert [round(100 * limits(0, 12, one)[1]) for one in ("wilson", "clopper-pearson")] == [24, 26]


def pair(a: int, n: int, b: int, m: int) -> nav.CountedCohort:
    return nav.from_counts({"first": {"yes": a, "no": n - a}, "second": {"yes": b, "no": m - b}})


def test_a_programme_with_22_of_46_against_3_of_37() -> None:
    """SEED: odds ratio 10.39 (2.79-38.68), risk ratio 5.90 (1.91-18.19), difference 39.7 points (20.7-54.7)."""
    measures = ("odds ratio", "risk ratio", "risk difference", "number needed to treat")
    table = pair(22, 46, 3, 37).contrast(measure=measures, reference="second").table.set_index("measure")
    found = table[["estimate", "conf_low", "conf_high"]]
    assert found.loc["odds ratio"].round(2).tolist() == [10.39, 2.79, 38.68]
    assert found.loc["risk ratio"].round(2).tolist() == [5.90, 1.91, 18.19]
    assert (100 * found.loc["risk difference"]).round(1).tolist() == [39.7, 20.7, 54.7]
    needed = found.loc["number needed to treat"]
    difference = found.loc["risk difference"]
    assert needed.tolist() == pytest.approx([1 / difference.iloc[0], 1 / difference.iloc[2], 1 / difference.iloc[1]])


def test_the_same_ratios_by_hand() -> None:
    a, n, b, m = 22, 46, 3, 37
    table = pair(a, n, b, m).contrast(measure=("odds ratio", "risk ratio"), reference="second").table
    odds, risk = a * (m - b) / (b * (n - a)), a * m / (b * n)
    for row, ratio, error in (
        (table.iloc[0], odds, sqrt(1 / a + 1 / (n - a) + 1 / b + 1 / (m - b))),
        (table.iloc[1], risk, sqrt(1 / a - 1 / n + 1 / b - 1 / m)),
    ):
        expected = [ratio, exp(log(ratio) - Z * error), exp(log(ratio) + Z * error)]
        assert row[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("a", "n", "b", "m"), [(56, 70, 48, 80), (9, 10, 3, 10), (5, 56, 0, 29), (0, 12, 0, 12), (3, 4, 29, 30)]
)
def test_newcombes_interval_is_made_of_wilsons(a: int, n: int, b: int, m: int) -> None:
    """Method 10: the distance to each limit is the hypotenuse of the two distances of the arms."""
    row = pair(a, n, b, m).contrast(reference="second").table.iloc[0]
    (low1, high1), (low2, high2) = limits(a, n, "wilson"), limits(b, m, "wilson")
    p, q = a / n, b / m
    expected = [
        p - q,
        p - q - sqrt((p - low1) ** 2 + (high2 - q) ** 2),
        p - q + sqrt((high1 - p) ** 2 + (q - low2) ** 2),
    ]
    assert row[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("n", "m", "p", "q"), [(12, 12, 0.3, 0.3), (12, 50, 0.2, 0.5), (30, 30, 0.1, 0.1)])
def test_newcombes_interval_covers_by_enumeration(n: int, m: int, p: float, q: float) -> None:
    covered = 0.0
    first, second = binomial(n, p), binomial(m, q)
    own = [limits(a, n, "wilson") for a in range(n + 1)]
    other = [limits(b, m, "wilson") for b in range(m + 1)]
    for a in range(n + 1):
        for b in range(m + 1):
            low = a / n - b / m - np.hypot(a / n - own[a][0], other[b][1] - b / m)
            high = a / n - b / m + np.hypot(own[a][1] - a / n, b / m - other[b][0])
            covered += first[a] * second[b] * (low <= p - q <= high)
    assert 0.94 <= covered <= 0.99
    row = pair(3, n, 5, m).contrast(reference="second").table.iloc[0]
    assert row["conf_low"] == pytest.approx(3 / n - 5 / m - np.hypot(3 / n - own[3][0], other[5][1] - 5 / m), abs=1e-12)


def test_a_number_needed_to_treat_has_no_interval_when_the_difference_covers_nothing() -> None:
    effects = pair(6, 12, 5, 12).contrast(measure="number needed to treat", reference="second")
    assert effects.table["estimate"].iloc[0] == pytest.approx(12)
    assert effects.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert "nnt_covers_zero" in effects.findings.keys()  # noqa: SIM118


@pytest.mark.parametrize("counts", [{"a": 147, "b": 192, "c": 317}, {"a": 1, "b": 8, "c": 12}, {"a": 0, "b": 5}])
def test_goodmans_limits_split_the_level_over_the_endings(counts: dict[str, int]) -> None:
    """Wilson's equation with the quantile of 1 - 0.05 / (2 k), solved here by bisection."""
    table = nav.simultaneous_shares(counts).table.set_index("cause")
    whole, z = sum(counts.values()), stats.norm.ppf(1 - 0.05 / (2 * len(counts)))
    for cause, number in counts.items():
        share = number / whole

        def edge(truth: float, share: float = share) -> float:
            return (share - truth) ** 2 - z * z * truth * (1 - truth) / whole

        high = optimize.brentq(edge, share + 1e-12, 1) if share else z * z / (whole + z * z)
        assert table.loc[cause, "conf_high"] == pytest.approx(high, abs=1e-9)
        if number:
            assert table.loc[cause, "conf_low"] == pytest.approx(optimize.brentq(edge, 0, share - 1e-12), abs=1e-9)


@pytest.mark.parametrize("times", [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [1, 1, 1, 2, 2, 3, 5, 5, 5, 5]])
def test_the_beta_product_interval_without_censoring_is_clopper_pearson(times: list[int]) -> None:
    """At an exit, k of n being left: the limits of S are those of k of n; between exits they stay."""
    frame = pd.DataFrame({"time": times, "ending": 1})
    table = nav.Cohort.from_frame(frame, "time", "ending", outcome="job").survival_curve().table
    for _, row in table.iterrows():
        left = sum(time > row["time"] for time in times)
        low, high = limits(left, len(times), "clopper-pearson")
        assert row["conf_high"] == pytest.approx(high, abs=1e-9)
        assert row["conf_low"] == pytest.approx(low, abs=1e-9)


def test_an_incidence_of_nothing_has_the_exact_upper_limit_of_those_whose_status_is_known() -> None:
    """Twelve: at 3, two have left for other reasons, one is followed to 2 only; the status of 11 is known."""
    frame = pd.DataFrame(
        {"time": [1, 1, 2, *[9] * 9], "ending": ["other", "other", "followed", *["followed"] * 8, "job"]}
    )
    people = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="followed")
    row = people.cumulative_incidence().at(3).query("cause == 'job'").iloc[0]
    assert row["estimate"] == row["conf_low"] == 0.0
    assert row["conf_high"] == pytest.approx(1 - 0.025 ** (1 / 11), abs=1e-12)
