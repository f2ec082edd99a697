"""Several goals judged at once, goals off curves, and sizes where endings compete and persons come in offices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.estimate.goals.decision import chance_of_share
from navoutcomes.texts import LANGUAGES


def target(name: str = "Til arbeid", **limit: object) -> nav.Target:
    words = {"name": name, "numerator": "i arbeid", "denominator": "alle henviste"}
    return nav.Target(**{**words, **limit})


def people(size: int = 640, late: int = 200, offices: int = 0, seed: int = 3) -> nav.Cohort:
    """Jobs and other endings that compete; some are seen for a short while only."""
    roll = np.random.default_rng(seed)
    office = np.repeat(np.arange(max(offices, 1)), -(-size // max(offices, 1)))[:size]
    pace = 1 / 250 * np.exp(roll.normal(0, 0.6, max(offices, 1)) * (offices > 0))[office]
    job, other = roll.exponential(1 / pace), roll.exponential(500, size)
    seen = np.where(np.arange(size) < late, roll.uniform(50, 400, size), 900)
    time = np.minimum.reduce([job, other, seen])
    ending = np.where(time == seen, "still", np.where(time == job, "job", "other"))
    frame = pd.DataFrame({"time": np.ceil(time), "ending": ending, "office": office.astype(str),
                          "arm": np.where(np.arange(size) % 2, "IPS", "Standard")})  # fmt: skip
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={"still": None, "job": "job", "other": "other"}, outcome="job", arm="arm",
        reference="Standard", cluster="office" if offices else None,
    )  # fmt: skip


def test_the_score_test_is_wilsons_interval_turned_round() -> None:
    for events, persons, limit in ((52, 100, 0.5), (70, 100, 0.5), (3, 12, 0.6), (147, 656, 0.25)):
        met = nav.indicator(target(at_least=limit), events, persons)
        assert (met.p_value <= 0.05) == (met.verdict != "cannot be decided")
        end = nav.indicator(target(at_least=0.5), events, persons).interval[0]
        assert chance_of_share(events / persons, persons, end) == pytest.approx(0.05, rel=1e-9)


@pytest.mark.parametrize("scale", ["percentage points", "relative change"])
def test_the_p_value_of_a_change_meets_the_level_where_its_interval_meets_the_limit(scale: str) -> None:
    seen = nav.indicator(target(at_least=0.0, scale=scale), 300, 1000, baseline=(240, 1000))
    for end in seen.interval:
        at_the_end = nav.indicator(target(at_least=end, scale=scale), 300, 1000, baseline=(240, 1000))
        assert at_the_end.p_value == pytest.approx(0.05, rel=1e-6)


def test_holm_by_hand() -> None:
    """p-values 0.0027, 0.0455 and 0.23 (z of 3, 2 and 1.2): times 3, 2, 1, never falling; only the first is decided."""
    goals = [nav.indicator(target(str(k), at_least=0.5), n, 10_000) for k, n in enumerate((5_150, 5_100, 5_060))]
    assert [one.verdict for one in goals] == ["met", "met", "cannot be decided"]
    card = nav.scorecard(goals)
    assert card.p_values == pytest.approx((3 * 0.0026998, 2 * 0.0455003, 0.2301393), rel=1e-4)
    assert card.verdicts == ("met", "cannot be decided", "cannot be decided")
    assert [one.verdict for one in card.indicators] == ["met", "met", "cannot be decided"]
    assert nav.scorecard(goals[1:2]).verdicts == ("met",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_says_how_many_goals_and_what_it_would_take(language: str) -> None:
    goals = [nav.indicator(target(str(k), at_least=0.5), n, 10_000) for k, n in enumerate((5_150, 5_100, 5_060))]
    card = nav.scorecard(goals)
    table = nav.show.table(card, language=language)
    text = " ".join(table.notes)
    assert "3" in table.notes[0] and "Holm" in text
    assert "scorecard_undecided_together" in card.findings.keys()  # noqa: SIM118
    undecided = nav.show.table(nav.scorecard(goals[2:]), language=language).rows[0][-1]
    assert [row[-1] for row in table.rows].count(undecided) == 2
    # No goal had a baseline, so its column is not there.
    assert "5" in table.rows[0][6] and "10" in table.rows[0][6]


def test_verdicts_of_many_true_limits_are_seldom_wrong_together() -> None:
    """Ten goals that lie on their limit: one or more is decided in about one of twenty cards, not in four."""
    roll = np.random.default_rng(8)
    alone = together = 0
    for _ in range(250):
        goals = [nav.indicator(target(str(k), at_least=0.4), int(roll.binomial(500, 0.4)), 500) for k in range(10)]
        alone += any(one.verdict != "cannot be decided" for one in goals)
        together += any(one != "cannot be decided" for one in nav.scorecard(goals).verdicts)
    assert alone / 250 > 0.3
    assert together / 250 < 0.085


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_off_a_curve_is_never_printed_as_if_it_were_the_events_of_all(language: str) -> None:
    curves = people().cumulative_incidence()
    found = nav.indicator(target(at_least=0.5), curves, at=300)
    assert found.shorter
    said = nav.show.sentence(found, language=language)
    joined = {"nb": " av ", "nn": " av ", "en": " of "}[language]
    assert f"{found.events}{joined}{found.persons}" not in said
    assert {"nb": "kortere", "nn": "kortare", "en": "shorter"}[language] in said
    assert str(found.persons) in said
    whole = nav.indicator(target(at_least=0.5), people(late=0).cumulative_incidence(), at=300)
    assert not whole.shorter
    assert f"{whole.events}{joined}{whole.persons}" in nav.show.sentence(whole, language=language)


def test_an_undecided_goal_off_a_curve_names_the_size_with_what_is_lost_and_alike() -> None:
    share = float(people().cumulative_incidence().at(300).query("cause == 'job'")["estimate"].iloc[0])
    goal = target(at_least=round(share, 3))
    whole = nav.indicator(goal, people(late=0).cumulative_incidence(), at=300)
    lost = nav.indicator(goal, people(late=600).cumulative_incidence(), at=300)
    alike = nav.indicator(goal, people(late=0, offices=16).cumulative_incidence(), at=300)
    assert (whole.spread, whole.needed) == (1.0, nav.indicator(goal, round(share * 640), 640).needed)
    assert lost.spread > 1.2
    assert alike.spread > 1.5
    for one in (lost, alike):
        assert one.verdict == "cannot be decided"
        assert one.needed == pytest.approx(one.spread * whole.needed, rel=0.01)
        assert "indicator_spread" in one.findings.keys()  # noqa: SIM118
        assert str(one.needed) in one.findings.text("en")


def test_the_p_value_off_a_curve_decides_as_its_interval_does() -> None:
    curves = people().cumulative_incidence()
    low, high = nav.indicator(target(at_least=0.5), curves, at=300).interval
    for limit, decided in ((low - 1e-6, True), (low + 1e-6, False), (high - 1e-6, False), (high + 1e-6, True)):
        found = nav.indicator(target(at_least=limit), curves, at=300)
        assert (found.p_value < 0.05) == decided == (found.verdict != "cannot be decided")


def test_those_who_will_be_lost_are_asked_in_addition() -> None:
    whole = nav.size_needed(0.271, 0.366).table["estimate"][0]
    lost = nav.size_needed(0.271, 0.366, known=0.8).table["estimate"][0]
    assert lost == pytest.approx(whole / 0.8, abs=1)
    assert nav.power((400, 400), 0.271, 0.366, known=0.5).table["estimate"][0] == pytest.approx(
        nav.power((200, 200), 0.271, 0.366).table["estimate"][0]
    )
    above = nav.detectable_difference((400, 400), 0.271, known=0.5).table["estimate"][0]
    assert above == nav.detectable_difference((200, 200), 0.271).table["estimate"][0]
    with pytest.raises(nav.DesignProblem):
        nav.size_needed(0.2, 0.3, known=0.0)


def test_what_curves_could_show_is_reckoned_from_their_own_errors() -> None:
    whole = people(late=0).cumulative_incidence(by="arm")
    share = float(whole.at(300).query("cause == 'job' and group == 'Standard'")["estimate"].iloc[0])
    found = nav.detectable_difference(whole, at=300).table["estimate"]
    assert found[0] == pytest.approx(nav.detectable_difference((320, 320), share).table["estimate"][0], abs=1e-4)
    alike = nav.detectable_difference(
        people(late=400, offices=16).cumulative_incidence(by="arm"), at=300, reference=share
    )
    assert alike.table["estimate"][0] > found[0] + 0.01
    assert "power_of_curves" in [one.key for one in alike.method]
    with pytest.raises(nav.DesignProblem) as refused:
        nav.detectable_difference(whole, at=300, known=0.9)
    assert refused.value.key == "precision_twice"


def test_simulated_studies_find_what_curves_were_said_to_find() -> None:
    """Other endings compete and a third is lost: the difference said to be found is found in about 80 of 100."""
    roll = np.random.default_rng(17)
    size, at = 300, 300.0

    def study(extra: float) -> nav.Cohort:
        arm = np.repeat(["Standard", "IPS"], size)
        pace = np.where(arm == "IPS", extra, 1.0) / 500
        job, other = roll.exponential(1 / pace), roll.exponential(900, 2 * size)
        seen = np.where(roll.random(2 * size) < 1 / 3, roll.uniform(0, 300, 2 * size), 400)
        time = np.minimum.reduce([job, other, seen])
        ending = np.where(time == seen, "still", np.where(time == job, "job", "other"))
        frame = pd.DataFrame({"time": time, "ending": ending, "arm": arm})
        return nav.Cohort.from_frame(frame, "time", "ending", endings={"still": None, "job": "job", "other": "other"},
                                     outcome="job", arm="arm", reference="Standard")  # fmt: skip

    truth = lambda pace: pace / 500 / (pace / 500 + 1 / 900) * (1 - np.exp(-at * (pace / 500 + 1 / 900)))  # noqa: E731
    said = np.mean([
        nav.detectable_difference(study(1.0).cumulative_incidence(by="arm"), truth(1.0), at=at).table["estimate"][0]
        for _ in range(5)
    ])  # fmt: skip
    pace = next(one for one in np.arange(1.0, 4, 0.005) if truth(one) >= said)
    found = 0
    for _ in range(150):
        row = study(float(pace)).contrast(at=at).table.iloc[0]
        found += row["conf_low"] > 0
    assert found / 150 == pytest.approx(0.8, abs=0.1)
