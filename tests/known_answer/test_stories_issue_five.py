"""Stories A2-A5, S1, S2 and S6 of the analysts and the county governor, through the public names alone."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

NO_BREAK = "\u00a0"
CAUSAL = re.compile(r"effekt|førte til|ført til|virkning|verknad|\beffects?\b|led to|caused", re.IGNORECASE)
JOBBSJANSEN = {"started": 923, "completed": 780}
SEED = ((22, 46), (3, 37))


def plain(text: object) -> str:
    return str(text).replace(NO_BREAK, " ")


def html(result: object, language: str = "nb") -> str:
    return plain(nav.show.table(result, language=language)._repr_html_())


@pytest.fixture(scope="module")
def innsats() -> nav.Cohort:
    spells = nav.Spells.from_extract(nav.synthetic("innsatsgjengen"))
    protocol = nav.Protocol(
        question="Hvor gikk de?",
        outcome="job",
        competing={"no_show": "no_show", "other": ("education", "imprisonment", "health", "other")},
    )
    return nav.Cohort.assemble(protocol, spells)


@pytest.fixture(scope="module")
def ips() -> nav.Cohort:
    protocol = nav.Protocol(
        question="Er andelen i arbeid ulik?",
        outcome="job",
        competing={"other": ("benefit", "other")},
        arms=nav.Arms("arm", reference="Standard oppfølging"),
        estimand=nav.Estimand(measure="risk difference", at=(365, 1095)),
        adjust_for=(nav.Number("age"), nav.Category("sex", reference="Kvinne")),
    )
    return nav.Cohort.assemble(protocol, nav.Spells.from_extract(nav.synthetic("ips_and_standard")))


def test_a2_a_programme_that_has_only_counts_gets_shares_intervals_and_its_denominator_said() -> None:
    counted = nav.from_counts(
        {"job": 147, "no_show": 192, "other": 317}, programme="Innsatsgjengen", period="2014–2016", denominator="ended",
        already_public=True,
    )  # fmt: skip
    shares = nav.release(counted.proportion())
    printed = html(shares)
    for number in ("656", "22,4 %", "19,4–25,8", "29,3 %", "25,9–32,9", "48,3 %", "44,5–52,1"):
        assert number in printed
    assert "har sluttet" in printed
    assert "har slutta" in html(shares, "nn")


def test_a3_the_shares_of_all_causes_and_those_still_there_are_one_at_every_time(innsats: nav.Cohort) -> None:
    left, there = innsats.cumulative_incidence(), innsats.survival_curve()
    times = list(range(1, 541, 7))
    every = left.at(times).groupby("time")["estimate"].sum().to_numpy() + there.at(times)["estimate"].to_numpy()
    assert np.abs(every - 1).max() < 1e-10


def test_a3_one_minus_kaplan_meier_is_never_below_the_share_in_work(innsats: nav.Cohort) -> None:
    rows = innsats.rows
    only_job = rows.assign(job=(rows["ending"] == "job").astype(int))
    pretended = nav.Cohort.from_frame(only_job, "time", "job", endings={0: None, 1: "job"}, outcome="job")
    times = [30, 91, 182, 365, 500]
    wrong = 1 - pretended.survival_curve().at(times)["estimate"].to_numpy()
    right = innsats.cumulative_incidence().at(times).query("cause == 'job'")["estimate"].to_numpy()
    assert (wrong >= right - 1e-12).all()
    assert wrong[-1] > right[-1] + 0.1


def test_a3_without_censoring_the_curves_end_at_the_three_published_shares(innsats: nav.Cohort) -> None:
    last = float(innsats.rows["time"].max())
    ends = innsats.cumulative_incidence().at(last).set_index("cause")["estimate"]
    for cause, number in (("job", 147), ("no_show", 192), ("other", 317)):
        assert ends[cause] == pytest.approx(number / 656, abs=1e-12)


def test_a4_the_published_trial_of_ips_gives_its_odds_ratio_and_its_ratio_of_shares() -> None:
    printed = html(nav.two_by_two(*SEED[0], *SEED[1]))
    for number in ("10,39", "2,79–38,68", "5,90", "1,91–18,19"):
        assert number in printed
    failures = nav.two_by_two(22, 50, 3, 46).table.set_index("measure").loc["risk difference"]
    assert [round(100 * failures[name], 1) for name in ("estimate", "conf_low", "conf_high")] == [37.5, 20.6, 51.8]


def fading(size: int = 2400, seed: int = 7) -> nav.Cohort:
    """As in SE-KLAR: far ahead in the first year, nothing left after three."""
    roll = np.random.default_rng(seed)
    new = np.arange(size) % 2
    fast = roll.random(size) < np.where(new == 1, 0.45, 0.20)
    early, late = roll.uniform(10, 400, size), roll.uniform(400, 1080, size)
    ever = roll.random(size) < np.where(new == 1, 0.40, 0.585)
    time = np.where(fast, early, np.where(ever, late, 1200.0))
    frame = pd.DataFrame(
        {"time": np.ceil(time), "ending": (time < 1200).astype(int), "arm": np.where(new, "ny", "vanlig")}
    )
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm", reference="vanlig"
    )  # fmt: skip


def test_a4_a_difference_that_fades_warns_against_one_ratio_and_is_shown_at_four_times() -> None:
    people = fading()
    table = people.checks().table.set_index("check")
    (row,) = [name for name in table.index if "proportional" in name or "hazard" in name]
    assert table.loc[row, "state"] == "look"
    found = nav.proportional_hazards_test(people.cox([nav.Category("arm", reference="vanlig")]))
    assert found.table["p_value"].max() < 0.001
    shown = people.contrast(at=[182, 365, 730, 1095]).table
    far = shown[shown["measure"].str.endswith("risk difference")].set_index("time")
    assert list(far.index) == [182, 365, 730, 1095]
    assert far.loc[365, "conf_low"] > 0.15
    assert far.loc[1095, "conf_low"] < 0 < far.loc[1095, "conf_high"] + 0.06
    assert abs(far.loc[1095, "estimate"]) < 0.06


def test_a5_none_of_twelve_is_printed_with_its_interval_and_not_hidden() -> None:
    counted = nav.from_counts({"job": 0, "other": 12}, denominator="ended", already_public=True)
    printed = html(nav.release(counted.proportion()))
    assert "0–24" in re.sub(r",\d", "", printed).replace("0,0", "0")
    row = counted.proportion().table.set_index("cause").loc["job"]
    assert (row["estimate"], round(row["conf_high"], 2)) == (0, 0.24)


def test_a5_the_sizes_that_would_be_needed() -> None:
    assert list(nav.size_needed(0.271, 0.366).table["estimate"]) == [377, 377]
    assert list(nav.size_needed(0.08, 0.48).table["estimate"]) == [22, 22]
    assert list(nav.size_needed(0.08, 0.48, test="normal").table["estimate"]) == [19, 19]
    assert nav.power((19, 19), 0.08, 0.48).table["estimate"].iloc[0] == pytest.approx(0.73, abs=0.005)
    needed = nav.size_needed_hazard(1.5, ended=0.25).table.set_index("measure")["estimate"]
    assert needed["endings needed"] == 191


def goal(name: str = "Langtidsmottakere", **limit: object) -> nav.Target:
    return nav.Target(name=name, numerator="mottakere i minst seks måneder",
                      denominator="alle mottakere", **limit)  # fmt: skip


def test_s1_a_goal_of_minus_eight_per_cent_inside_the_interval_cannot_be_decided() -> None:
    found = nav.indicator(goal(at_most=-0.08, scale="relative change"), 470, 1000, baseline=(505, 1000))
    assert found.interval[0] < -0.08 < found.interval[1]
    assert found.interval == pytest.approx((-0.15, 0.02), abs=0.005)
    assert found.verdict == "cannot be decided"
    for language, words in (("nb", "an ikke avgjøres"), ("nn", "an ikkje avgjerast"), ("en", "annot be decided")):
        assert words in html(found, language) + plain(nav.show.sentence(found, language=language))


def test_s1_every_goal_has_one_of_three_verdicts_and_its_definition() -> None:
    goals = [
        nav.indicator(
            goal(f"Mål {limit}", at_least=limit), 530, {"started": 923, "completed": 780}, already_public=True
        )
        for limit in (0.4, 0.58, 0.8)
    ]
    printed = html(nav.scorecard(goals))
    for words in ("Nådd", "Kan ikke avgjøres", "Ikke nådd", "mottakere i minst seks måneder", "alle mottakere"):
        assert words.casefold() in printed.casefold()


def test_s2_both_denominators_are_printed_and_the_goals_own_is_named() -> None:
    found = nav.indicator(goal(at_least=0.6), 530, {"started": 923, "completed": 780}, already_public=True)
    table = found.table.set_index("group")
    started, completed = table.loc["started"], table.loc["completed"]
    rounded = [
        [round(100 * one[name], 1) for name in ("estimate", "conf_low", "conf_high")] for one in (started, completed)
    ]
    assert rounded == [[57.4, 54.2, 60.6], [67.9, 64.6, 71.1]]
    printed = html(found)
    for number in ("57,4 %", "54,2–60,6", "67,9 %", "64,6–71,1"):
        assert number in printed
    assert found.persons == 923
    assert "530 av 923" in plain(nav.show.sentence(found))


def test_s2_only_those_who_completed_is_no_denominator() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.indicator(goal(at_least=0.6), 530, {"completed": 780})
    assert refused.value.key == "completers_only"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_s6_nothing_generated_of_a_contrast_nobody_drew_by_lot_speaks_of_an_effect(
    ips: nav.Cohort, language: str
) -> None:
    weights = ips.weights()
    results = [
        nav.release(ips.answer()),
        nav.release(ips.contrast(at=[365, 1095])),
        nav.release(ips.doubly_robust(weights, at=[365, 1095])),
        nav.release(ips.cumulative_incidence(by="arm")),
        ips.checks(),
    ]
    said = []
    for one in results:
        said.append(html(one, language) if not isinstance(one, nav.Checks) else one._repr_html_())
    said += [plain(nav.show.sentence(one, at=365, language=language)) for one in results[1:2]]
    said.append(plain(nav.show.sentence(results[0], language=language)))
    said.append(nav.show.forest(results[0], language=language).drawn.alt)
    text = re.sub(r"<[^>]*>", " ", "\n".join(said))
    assert len(text) > 500
    assert not CAUSAL.search(text)
    word = {"nb": "sammenheng", "nn": "samanheng", "en": "association"}[language]
    assert word in text.casefold()


def test_s6_a_report_that_says_has_led_to_is_caught_by_the_proofreader() -> None:
    found = nav.lint("Ordningen har ført til mer brukermedvirkning.", language="nb")
    assert found
    assert set(found.table["rule"]) == {"causal"}
