"""A released comparison is never more certain than the exact one: its interval holds what those waiting may change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

AT = (91.0, 182.0, 273.0, 100.0, 150.0, 330.0)


def study(roll: np.random.Generator) -> tuple[nav.Cohort, float, float]:
    """Two groups of 20-80, a competing cause, sometimes people lost; the time asked about and the true difference."""
    size = int(roll.integers(20, 81))
    slow, quick = 1 / 260.0, 1 / float(roll.choice([260.0, 150.0, 420.0]))
    group = np.repeat(["a", "b"], size)
    time = np.ceil(roll.exponential(1 / np.where(group == "a", slow, quick)))
    ending = roll.choice(["job", "other"], 2 * size, p=[0.65, 0.35])
    gone = np.where(roll.random() < 0.5, np.ceil(roll.uniform(60, 700, 2 * size)), 365.0).clip(max=365)
    ending = np.where(time > gone, "still", ending)
    frame = pd.DataFrame({"group": group, "time": np.minimum(time, gone), "ending": ending})
    people = nav.Cohort.from_frame(
        frame, "time", "ending", endings={"still": None, "job": "job", "other": "other"}, outcome="job", arm="group",
        reference="a",
    )  # fmt: skip
    at = float(roll.choice(AT))
    true = 0.65 * (np.exp(-slow * at) - np.exp(-quick * at))
    return people, at, float(true)


def tried(number: int, seed: int) -> dict[str, int]:
    """How often released; how often only the released one says that groups differ; outside; truth covered."""
    roll = np.random.default_rng(seed)
    found = dict.fromkeys(("released", "surer", "outside", "covered"), 0)
    for _ in range(number):
        people, at, true = study(roll)
        try:
            exact = people.contrast(at=at)
            safe = nav.release(exact)
        except (nav.DesignProblem, nav.DisclosureRefused):
            continue
        one, other = exact.table.iloc[0], safe.table.iloc[0]
        decides = [row["conf_low"] > 0 or row["conf_high"] < 0 for row in (one, other)]
        found["released"] += 1
        found["surer"] += bool(decides[1] and not decides[0])
        found["outside"] += bool(
            other["conf_low"] > one["conf_low"] + 1e-9 or other["conf_high"] < one["conf_high"] - 1e-9
        )
        found["covered"] += bool(other["conf_low"] <= true <= other["conf_high"])
    return found


def test_no_released_comparison_is_more_certain_than_the_exact_one() -> None:
    found = tried(14, seed=11)
    assert found["released"] >= 8
    assert found["surer"] == found["outside"] == 0
    assert found["covered"] >= 0.95 * found["released"]


@pytest.mark.full
def test_five_hundred_small_studies_are_never_more_certain_and_cover_the_truth() -> None:
    found = tried(620, seed=12)
    assert found["released"] >= 500
    assert found["surer"] == 0
    assert found["covered"] >= 0.95 * found["released"]
    assert found["outside"] == 0


def lost_on_the_way(events: list[int], lost: list[int], group: str) -> pd.DataFrame:
    """One row a person: those who got a job and those lost, at the end of months."""
    rows = [(month, "job") for month in events] + [(month, "still") for month in lost]
    frame = pd.DataFrame(rows, columns=["month", "ending"]).assign(group=group)
    return frame.assign(time=np.floor(30.4375 * frame["month"]) - (frame["ending"] == "still"))


def test_an_ending_after_many_were_lost_weighs_more_and_is_held() -> None:
    """The last two endings are half of the four who are left then, and are shown at month 3, when nearly all are."""
    late = lost_on_the_way([2, 2, 2, 3, 3, 9, 9], [4, 5, 5, 6, 6, 7, 8, 8, 8, 9, 9, 12, 12], "b")
    plain = lost_on_the_way([1, 2, 3, 4, 5, 6, 7, 8, 9, 9], [12] * 14, "a")
    frame = pd.concat([late, plain], ignore_index=True)
    people = nav.Cohort.from_frame(
        frame, "time", "ending", endings={"still": None, "job": "job"}, outcome="job", arm="group", reference="a"
    )
    exact = people.contrast(at=273)
    safe = nav.release(exact)
    assert safe.table["conf_low"].iloc[0] <= exact.table["conf_low"].iloc[0]
    assert safe.table["conf_high"].iloc[0] >= exact.table["conf_high"].iloc[0]


def test_groups_that_change_places_between_the_ends_are_tested_as_alike() -> None:
    roll = np.random.default_rng(5)
    surer = alike = 0
    for _ in range(12):
        people, at, _ = study(roll)
        try:
            exact = people.fixed_time_test(at)
            safe = nav.release(exact).result
        except (nav.DesignProblem, nav.DisclosureRefused):
            continue
        surer += safe.p_value < 0.05 <= exact.p_value
        alike += safe.p_value == 1.0
    assert surer == 0
    assert alike > 0


def test_a_scorecard_of_curves_is_never_surer_than_the_exact_one() -> None:
    curves = two_groups(30).cumulative_incidence(by="group")
    sure = 0
    for limit in np.arange(0.15, 0.85, 0.07):
        goals = [
            nav.indicator(
                nav.Target(name=group, numerator="b", denominator="c", at_least=float(limit)),
                curves,
                at=150,
                group=group,
            )
            for group in ("a", "b")
        ]
        exact, safe = nav.scorecard(goals), nav.release(nav.scorecard(goals)).result
        for one, other, p, q in zip(exact.verdicts, safe.verdicts, exact.p_values, safe.p_values, strict=True):
            assert other in (one, "cannot be decided")
            assert q >= p - 1e-9
            sure += other != "cannot be decided"
    assert sure > 0


def test_of_weighted_persons_and_offices_the_interval_is_said_to_be_approximate() -> None:
    people = two_groups(120)
    rows = people.covariates.assign(office=np.arange(240) % 12)
    by_office = nav.Cohort.from_frame(
        rows, "time", "ending", outcome="job", censored="none", arm="group", reference="a", cluster="office"
    )
    for who, said in ((people, False), (by_office, True)):
        assert ("comparison_widened_about" in nav.release(who.contrast(at=182)).decisions.keys()) is said  # noqa: SIM118


@pytest.mark.full
@pytest.mark.parametrize(
    "measure", ["risk ratio", "restricted mean difference", "restricted mean time lost difference"]
)
def test_other_measures_are_not_more_certain_either(measure: str) -> None:
    roll = np.random.default_rng(13)
    made, null = 0, 1.0 if measure.endswith("ratio") else 0.0
    for _ in range(120):
        people, at, _ = study(roll)
        try:
            exact = people.contrast(at=at, measure=measure).table.iloc[0]
            safe = nav.release(people.contrast(at=at, measure=measure)).table.iloc[0]
        except (nav.DesignProblem, nav.DisclosureRefused):
            continue
        made += 1
        sure = [row["conf_low"] > null or row["conf_high"] < null for row in (exact, safe)]
        assert not sure[1] or sure[0]
    assert made > 80


def two_groups(size: int, seed: int = 1) -> nav.Cohort:
    roll = np.random.default_rng(seed)
    frame = pd.DataFrame({"group": np.repeat(["a", "b"], size), "time": np.ceil(roll.gamma(1.5, 120, 2 * size))})
    frame["ending"] = roll.choice(["job", "other"], 2 * size)
    return nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="none", arm="group", reference="a")


def test_the_larger_the_groups_the_less_the_interval_is_widened() -> None:
    more = []
    for size in (40, 160, 640):
        exact = two_groups(size).contrast(at=[91, 182, 273, 330])
        safe = nav.release(exact)
        width = [(one["conf_high"] - one["conf_low"]).mean() for one in (exact.table, safe.table)]
        more.append(float(width[1] - width[0]))
    assert more[0] > more[1] > more[2] >= 0
    assert more[2] < 0.02


def test_the_reader_is_told_that_the_interval_is_wider_and_finds_no_narrower_one() -> None:
    for make in ("contrast", "lock_in"):
        people = two_groups(80)
        safe = nav.release(people.contrast(at=182) if make == "contrast" else people.lock_in(horizon=365))
        assert "comparison_widened" in safe.decisions.keys()  # noqa: SIM118
        for language in ("nb", "nn", "en"):
            assert " 4 person" in safe.decisions.text(language)
        assert "std_error" not in safe.table


def test_a_lock_in_curve_holds_its_exact_one_at_every_month() -> None:
    people = two_groups(60)
    exact, safe = people.lock_in(horizon=365), nav.release(people.lock_in(horizon=365)).result
    moments = [30.4375 * month for month in range(2, 12)]
    one, other = exact.at(moments).reset_index(drop=True), safe.at(moments).reset_index(drop=True)
    assert (other["conf_low"] <= one["conf_low"] + 1e-9).all()
    assert (other["conf_high"] >= one["conf_high"] - 1e-9).all()


def test_a_comparison_asked_again_of_a_released_one_is_widened_again() -> None:
    safe = nav.release(two_groups(60).contrast(at=182))
    again = safe.result.again(safe.result.counts)
    pd.testing.assert_frame_equal(again.table, safe.table)


def test_a_time_within_a_month_holds_the_month_before_it() -> None:
    people = two_groups(400)
    width = {}
    for at in (182, 198):
        table = nav.release(people.contrast(at=at)).table
        exact = people.contrast(at=at).table
        assert table["conf_low"].iloc[0] <= exact["conf_low"].iloc[0] + 1e-9
        assert table["conf_high"].iloc[0] >= exact["conf_high"].iloc[0] - 1e-9
        width[at] = float(table["conf_high"].iloc[0] - table["conf_low"].iloc[0])
    assert width[198] > width[182]


def test_a_goal_of_curves_is_undecided_where_those_waiting_could_make_it_so() -> None:
    curves = two_groups(15).cumulative_incidence()
    changed = 0
    for limit in np.arange(0.1, 0.9, 0.04):
        target = nav.Target(name="A", numerator="b", denominator="c", at_least=float(limit))
        exact = nav.indicator(target, curves, at=121)
        safe = nav.release(exact).result
        assert safe.verdict in (exact.verdict, "cannot be decided")
        assert safe.interval[0] <= exact.interval[0] + 1e-9
        assert safe.interval[1] >= exact.interval[1] - 1e-9
        changed += safe.verdict != exact.verdict
    assert changed > 0
