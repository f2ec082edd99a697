"""Published and worked numbers: SEED's trial, E-values, Jobbsjansen's target, and four people who did not all come."""

from __future__ import annotations

from fractions import Fraction as Q
from math import comb, sqrt

import pandas as pd
import pytest

import navoutcomes as nav

LIMITS = ["estimate", "conf_low", "conf_high"]


def test_seed_among_those_known() -> None:
    """Sveinsdottir et al. 2020: OR 10.39 (2.79-38.68); RR 5.90 (1.91-18.19) in a later review."""
    found = nav.two_by_two(22, 46, 3, 37, names=("IPS", "TVR"))
    table = found.table.set_index("measure")
    assert table.loc["odds ratio", LIMITS].astype(float).round(2).tolist() == [10.39, 2.79, 38.68]
    assert table.loc["risk ratio", LIMITS].astype(float).round(2).tolist() == [5.90, 1.91, 18.19]
    assert table.loc["risk difference", LIMITS].astype(float).round(3).tolist() == [0.397, 0.207, 0.547]
    # Fisher: all tables with these margins that are no likelier, with whole numbers; mid-p counts those as likely half.
    chance = {k: Q(comb(46, k) * comb(37, 25 - k), comb(83, 25)) for k in range(26)}
    exact = sum(one for one in chance.values() if one <= chance[22])
    assert found.p_exact == pytest.approx(float(exact), rel=1e-9)
    assert found.p_value == pytest.approx(
        float(exact - sum(one for one in chance.values() if one == chance[22]) / 2), rel=1e-9
    )
    assert found.reference == "TVR"


def test_seed_with_the_missing_as_failures() -> None:
    table = nav.two_by_two(22, 50, 3, 46).table.set_index("measure")
    row = table.loc["risk difference", LIMITS].astype(float)
    assert row.round(3).tolist() == [0.375, 0.206, 0.518]


def seed() -> nav.CountedCohort:
    counts = {
        "IPS": {"job": 22, "no job": 24, "missing": 4},
        "TVR": {"job": 3, "no job": 34, "missing": 9},
    }
    return nav.from_counts(counts, by="arm", denominator="referred")


def test_seed_falls_only_when_all_nine_missing_of_the_others_had_a_job_and_none_of_the_four() -> None:
    found = seed().tipping_point(reference="TVR")
    assert (found.tipping, found.split, found.verdict, found.missing) == (9, (0, 9), "higher", 13)
    grid = found.completions
    assert len(grid) == 5 * 10
    assert (grid["verdict"] != "higher").sum() == 1
    assert found.changing == pytest.approx(1 / 50)


def test_seeds_bounds() -> None:
    table = seed().bounds(reference="TVR").table.set_index(["group", "measure"])
    value = table["estimate"]
    assert value["IPS", "lowest share"] == pytest.approx(22 / 50)
    assert value["IPS", "highest share"] == pytest.approx(26 / 50)
    assert value["TVR", "highest share"] == pytest.approx(12 / 46)
    assert value["IPS", "lowest risk difference"] == pytest.approx(22 / 50 - 12 / 46)
    assert value["IPS", "highest risk difference"] == pytest.approx(26 / 50 - 3 / 46)


def test_jobbsjansen_is_above_its_target_only_without_the_phased_out() -> None:
    """530 of 780 is above 60 %; with 143 phased out without a job it cannot be decided; from how many jobs is it?"""
    people = nav.from_counts({"job": 530, "no job": 250, "missing": 143}, denominator="started")
    found = people.tipping_point(target=0.6)
    assert (found.verdict, found.tipping) == ("higher", 0)
    grid = found.completions
    first = int(grid.loc[grid["verdict"] == "higher", "had_outcome: all"].min())
    assert set(grid.loc[: first - 1, "verdict"]) == {"undecided"}
    assert set(grid.loc[first:, "verdict"]) == {"higher"}
    assert first == 53


@pytest.mark.parametrize(
    ("ratio", "low", "high", "value", "limit"),
    [
        (10.73, 8.02, 14.36, 20.95, 15.52),  # Hammond & Horn's smokers, in VanderWeele & Ding 2017
        (3.9, 1.8, 8.7, 7.26, 3.0),  # Victora's formula-fed children, there
        (0.80, 0.71, 0.91, 1.81, 1.43),  # leukaemia, there
    ],
)
def test_published_e_values(ratio: float, low: float, high: float, value: float, limit: float) -> None:
    assert nav.e_value(ratio, low, high).table["estimate"].tolist() == pytest.approx([value, limit], abs=0.006)


def test_an_interval_that_covers_one_needs_nothing_and_another_truth_less() -> None:
    assert nav.e_value(1.3, 0.9, 1.9).table["estimate"].iloc[1] == 1.0
    ratio = 2.5 / 1.5
    assert nav.e_value(2.5, against=1.5).table["estimate"].iloc[0] == pytest.approx(ratio + sqrt(ratio * (ratio - 1)))


def test_odds_and_hazards_of_common_outcomes_are_brought_to_risks_first() -> None:
    odds = nav.e_value(4.0, 2.25, 9.0, measure="odds ratio", common=True).table["estimate"]
    assert odds.tolist() == pytest.approx(nav.e_value(2.0, 1.5, 3.0).table["estimate"].tolist())
    risk = (1 - 0.5 ** sqrt(0.56)) / (1 - 0.5 ** sqrt(1 / 0.56))
    hazard = nav.e_value(0.56, 0.46, 0.69, measure="hazard ratio", common=True).table["estimate"].iloc[0]
    assert hazard == pytest.approx(nav.e_value(risk).table["estimate"].iloc[0])
    rare = nav.e_value(0.56, measure="hazard ratio", common=False).table["estimate"].iloc[0]
    assert rare == pytest.approx(1 / 0.56 + sqrt(1 / 0.56 * (1 / 0.56 - 1)))


def came() -> nav.Cohort:
    """Eight offered it, of whom six came and four of these found work, and one who did not; eight not, three found."""
    rows = (
        [("in", 1, 1)] * 4
        + [("in", 1, 0)] * 2
        + [("in", 0, 1)]
        + [("in", 0, 0)]
        + [("out", 0, 1)] * 3
        + [("out", 0, 0)] * 5
    )
    frame = pd.DataFrame(rows, columns=["arm", "came", "work"])
    frame["time"] = frame["work"].map({1: 3.0, 0: 12.0})
    return nav.Cohort.from_frame(
        frame, "time", "work", endings={1: "job", 0: None}, outcome="job", arm="arm", reference="out",
        unit="months", randomised=True,
    )  # fmt: skip


def test_offered_adhered_and_attended_on_paper() -> None:
    """5/8 - 3/8 as offered; 4/6 - 3/8 as adhered; over 6/8 who came because of it. Of the eight not offered six would
    have come: of their three jobs at least one and at most three are theirs."""
    found = came().effects_by_adherence("came", at=6)
    value = found.table.set_index("term")["estimate"]
    assert value["intention to treat"] == pytest.approx(1 / 4)
    assert value["per protocol"] == pytest.approx(float(Q(4, 6) - Q(3, 8)))
    assert value["attended, instrument"] == pytest.approx(1 / 3)
    assert value["attenders, lowest"] == pytest.approx(4 / 6 - 3 / 6)
    assert value["attenders, highest"] == pytest.approx(4 / 6 - 1 / 6)
    # Nobody who was not offered it came: had all come 4/8 to 6/8 would work, had nobody 3/8 do.
    assert value["everybody, lowest"] == pytest.approx(4 / 8 - 3 / 8)
    assert value["everybody, highest"] == pytest.approx(6 / 8 - 3 / 8)
    assert found.attendance == (0.75, 0.0)


def test_the_delta_interval_of_the_attended_on_paper() -> None:
    """Variances of shares p q / n: 15/64/8 each, and 12/64/8 of coming; coming goes with work by 1/4 of 1/8."""
    row = came().attended_effect("came", at=6, interval="delta").table.iloc[0]
    work, coming = 2 * Q(15, 64) / 8, Q(12, 64) / 8
    together = (Q(4, 8) - Q(5, 8) * Q(6, 8)) / 8
    variance = (work + Q(1, 9) * coming - 2 * Q(1, 3) * together) / Q(9, 16)
    assert row["std_error"] == pytest.approx(sqrt(variance), rel=1e-9)
    assert row["conf_high"] - row["conf_low"] == pytest.approx(2 * 1.959964 * sqrt(variance), rel=1e-6)
