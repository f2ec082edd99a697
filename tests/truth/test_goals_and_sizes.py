"""Sizes and verdicts against worked numbers, and what Fisher's test rejects against scipy's."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

import navoutcomes as nav
from navoutcomes.maths import power as sizes


def target(**limit: object) -> nav.Target:
    words = {"name": "Til arbeid", "numerator": "i arbeid", "denominator": "alle som startet"}
    return nav.Target(**{**words, **limit})


def test_two_shares_need_the_published_sizes() -> None:
    """IPS trials: 36.6 against 27.1 per cent, and 48 against 8."""
    large = nav.size_needed(0.271, 0.366).table
    assert list(large["estimate"]) == [377, 377]
    small = nav.size_needed(0.08, 0.48).table
    assert list(small["estimate"]) == [22, 22]
    assert list(nav.size_needed(0.08, 0.48, test="normal").table["estimate"]) == [19, 19]
    assert nav.power((19, 19), 0.08, 0.48).table["estimate"][0] == pytest.approx(0.734, abs=5e-4)


def test_a_hazard_ratio_of_one_and_a_half_needs_191_endings() -> None:
    found = nav.size_needed_hazard(1.5, ended=0.25).table.set_index("measure")["estimate"]
    assert found["endings needed"] == 191
    assert found["persons needed"] == 764
    assert nav.power_hazard(1.5, 191).table["estimate"][0] == pytest.approx(0.8, abs=1e-3)


def test_endings_agree_with_r() -> None:
    """rpact 3.3.4 and the formula: a hazard ratio of 0.7, two equal arms, power 80 per cent."""
    assert sizes.hazard_events(0.7, 0.8, 0.95) == pytest.approx(246.78710454735841, rel=1e-12)


def test_fishers_power_is_the_sum_over_all_tables() -> None:
    """Three against three, by fractions: only 0 of 3 against 3 of 3 could be rejected, at the level 0.1."""
    a, b = Fraction(1, 4), Fraction(3, 4)
    chance = (1 - a) ** 3 * b**3 + a**3 * (1 - b) ** 3
    assert Fraction(2, comb(6, 3)) == Fraction(1, 10)
    assert sizes.fisher_power(0.25, 0.75, (3, 3), 0.9) == pytest.approx(float(chance), abs=1e-14)


@pytest.mark.parametrize("persons", [(4, 4), (7, 9), (12, 5)])
def test_the_same_tables_are_rejected_as_by_scipy(persons: tuple[int, int]) -> None:
    n, m = persons
    for events in range(n + m + 1):
        x = np.arange(max(0, events - m), min(n, events) + 1)
        ours = sizes.fisher_rejects(x, events, persons, 0.95)
        theirs = [fisher_exact([[one, n - one], [events - one, m - events + one]]).pvalue <= 0.05 for one in x]
        assert list(ours) == theirs


def test_the_size_holds_and_the_next_smaller_does_not() -> None:
    size = sizes.fisher_size(0.1, 0.45, 0.8, 0.95)
    assert all(sizes.fisher_power(0.1, 0.45, (n, n), 0.95) >= 0.8 for n in range(size, size + 6))
    assert sizes.fisher_power(0.1, 0.45, (size - 1, size - 1), 0.95) < 0.8


def test_simulated_studies_find_the_difference_as_often_as_was_said() -> None:
    roll = np.random.default_rng(5)
    n = int(nav.size_needed(0.271, 0.366).table["estimate"][0])
    a, b = roll.binomial(n, 0.271, 20_000) / n, roll.binomial(n, 0.366, 20_000) / n
    pooled = (a + b) / 2
    found = np.abs(a - b) / np.sqrt(2 * pooled * (1 - pooled) / n) > 1.959964
    assert found.mean() == pytest.approx(0.8, abs=0.01)


def test_offices_multiply_what_is_needed() -> None:
    alone = nav.size_needed(0.2, 0.3).table["estimate"]
    offices = nav.size_needed(0.2, 0.3, offices=nav.Offices(persons=21, icc=0.05)).table["estimate"]
    assert offices[0] == pytest.approx(2 * alone[0], abs=2)
    assert offices[2] == np.ceil((offices[0] + offices[1]) / 21)


def test_what_is_detectable_is_what_needs_that_size() -> None:
    above, below = nav.detectable_difference((377, 377), 0.271).table["estimate"]
    assert above == pytest.approx(0.366, abs=2e-4)
    assert int(nav.size_needed(0.271, below, test="normal").table["estimate"][0]) == pytest.approx(377, abs=1)
    none = nav.detectable_difference((5, 5), 0.1).table
    assert np.isnan(none["estimate"][1])
    assert "ingen" in str(nav.show.table(nav.detectable_difference((5, 5), 0.1), language="nb").rows)


def test_three_verdicts() -> None:
    for events, limit, verdict in ((70, 0.5, "met"), (30, 0.5, "not met"), (52, 0.5, "cannot be decided")):
        found = nav.indicator(target(at_least=limit), events, 100)
        assert found.verdict == verdict
        assert found.observed == (events >= 50)
        turned = nav.indicator(target(at_most=limit), 100 - events, 100)
        assert turned.verdict == verdict


def test_the_denominator_decides_on_which_side_the_number_falls() -> None:
    """Jobbsjansen 2016: 530 of 923 who started, 530 of 780 who were left; the goal is 60 per cent."""
    goal = target(at_least=0.6)
    strict = nav.indicator(goal, 530, {"started": 923, "completed": 780}, already_public=True)
    assert (strict.persons, strict.verdict, strict.observed) == (923, "cannot be decided", False)
    rows = strict.table.set_index("group")
    assert rows.loc["started", ["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(
        [0.574, 0.542, 0.606], abs=5e-4
    )
    assert rows.loc["completed", ["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(
        [0.679, 0.646, 0.711], abs=5e-4
    )
    loose = nav.indicator(goal, 530, {"started": 923, "completed": 780}, counted="completed")
    assert (loose.verdict, loose.observed) == ("met", True)
    with pytest.raises(nav.DesignProblem) as refused:
        nav.indicator(goal, 530, {"completed": 780})
    assert refused.value.key == "completers_only"


def test_a_relative_goal_whose_interval_spans_it_cannot_be_decided() -> None:
    """Minus 8 per cent, with an interval from minus 15 to plus 2."""
    goal = target(at_most=-0.08, scale="relative change")
    found = nav.indicator(goal, 930, 10_000, baseline=(1_000, 10_000))
    assert found.estimate == pytest.approx(-0.07)
    error = np.sqrt(1 / 930 - 1 / 10_000 + 1 / 1_000 - 1 / 10_000)
    assert found.interval == pytest.approx(tuple(0.93 * np.exp([-1.959964 * error, 1.959964 * error]) - 1), rel=1e-6)
    assert found.interval == pytest.approx((-0.15, 0.02), abs=0.01)
    assert found.verdict == "cannot be decided"


def test_points_and_per_cent_are_kept_apart() -> None:
    points = nav.indicator(target(at_least=0.02, scale="percentage points"), 300, 1_000, baseline=(200, 1_000))
    change = nav.indicator(target(at_least=0.02, scale="relative change"), 300, 1_000, baseline=(200, 1_000))
    assert points.estimate == pytest.approx(0.1)
    assert change.estimate == pytest.approx(0.5)
    card = nav.show.table(nav.scorecard([points, nav.indicator(target(name="B", at_least=0.1), 3, 12)]), language="nb")
    assert card.rows[0][5] == "+10,0 prosentpoeng"
    assert card.rows[0][3] == "20,0\u00a0%"


def test_what_a_safe_verdict_needs_is_reckoned_from_the_worthwhile_distance() -> None:
    undecided = nav.indicator(target(at_least=0.5, worthwhile=0.1), 52, 100)
    again = nav.indicator(target(at_least=0.5, worthwhile=0.1), 49, 100)
    assert undecided.needed == again.needed
    assert [one.key for one in undecided.findings] == ["indicator_too_few"]
    many = nav.indicator(target(at_least=0.5, worthwhile=0.1), 510, 1_000)
    assert [one.key for one in many.findings] == ["indicator_too_near"]
    roll = np.random.default_rng(3)
    events = roll.binomial(undecided.needed, 0.6, 2_000)
    met = np.mean(
        [nav.indicator(target(at_least=0.5), int(one), undecided.needed).verdict == "met" for one in events[:400]]
    )
    assert met == pytest.approx(0.8, abs=0.06)


def test_a_curve_can_be_judged_at_a_time() -> None:
    frame = pd.DataFrame({"time": np.arange(1, 61), "ending": [1, 2, 0] * 20})
    cohort = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job", 2: "other"}, outcome="job")
    curves = cohort.cumulative_incidence()
    found = nav.indicator(target(at_least=0.9), curves, at=50)
    row = curves.at(50).query("cause == 'job'").iloc[0]
    assert (found.estimate, *found.interval) == (row["estimate"], row["conf_low"], row["conf_high"])
    assert found.verdict == "not met"


def test_no_answer_without_a_denominator_and_no_interval_without_endings() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.indicator(target(at_least=0.6), 60)
    assert refused.value.key == "indicator_without_denominator"
    none = nav.indicator(target(at_most=-0.08, scale="relative change"), 0, 40, baseline=(5, 40))
    assert none.verdict == "cannot be decided"
    assert [one.key for one in none.findings] == ["indicator_no_interval"]
