"""Six offices by hand, every choice, and how often the test cries wolf."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.maths import permutation

# One person an office: three with the programme left for work at 1, 2 and 3, three without at 4, 5 and 6.
SIX = pd.DataFrame(
    {"time": [1, 2, 3, 4, 5, 6], "ending": [1] * 6, "office": list("abcdef"), "arm": ["new"] * 3 + ["old"] * 3}
)
ROLES = {"cluster": "office", "arm": "arm", "reference": "old"}


def cohort(frame: pd.DataFrame, **roles: str) -> nav.Cohort:
    return nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", **ROLES | roles)


def test_six_offices_by_hand() -> None:
    """At 3 everybody with the programme has left and nobody without: 1 of 20 choices is as far on either side."""
    found = cohort(SIX).permutation_test(measure="risk difference", at=3)
    assert found.statistic == pytest.approx(1.0)
    assert found.choices == 20
    assert found.p_value == pytest.approx(float(Fraction(2, 20)))
    assert found.offices["value"].tolist() == pytest.approx([1, 1, 1, 0, 0, 0])


def test_endings_less_expected_by_hand() -> None:
    """Hazards 1/6, 1/5, 1/4, 1/3, 1/2, 1: the last has met all of them."""
    hazards = np.cumsum([Fraction(1, left) for left in range(6, 0, -1)])
    residuals = [1 - one for one in hazards]
    found = cohort(SIX).permutation_test(measure="hazard ratio")
    assert found.offices["value"].tolist() == pytest.approx([float(one) for one in residuals])
    sums = [sum(some) for some in combinations(residuals, 3)]
    seen = abs(sum(residuals[:3]) - sum(residuals) / 2)
    as_far = sum(abs(one - sum(residuals) / 2) >= seen for one in sums)
    assert found.p_value == pytest.approx(as_far / 20)
    assert found.statistic == pytest.approx(float(sum(residuals[:3]) - sum(residuals[3:])) / 3)


def test_mean_times_are_compared_too() -> None:
    found = cohort(SIX).permutation_test(measure="restricted mean difference", at=6)
    assert found.statistic == pytest.approx(2 - 5)
    lost = cohort(SIX).permutation_test(measure="restricted mean time lost difference", at=6)
    assert lost.statistic == pytest.approx(3)
    assert found.p_value == lost.p_value == pytest.approx(0.1)


def test_drawn_choices_agree_with_all_of_them() -> None:
    values = np.random.default_rng(2).normal(size=12)
    every = permutation.share_as_far(permutation.all_sums(values, 5), values[:5].sum(), 5 * values.mean(), drawn=False)
    sums = permutation.drawn_sums(values, 5, 40_000, np.random.default_rng(3))
    drawn = permutation.share_as_far(sums, values[:5].sum(), 5 * values.mean(), drawn=True)
    assert len(permutation.all_sums(values, 5)) == permutation.choices(12, 5) == 792
    assert drawn == pytest.approx(every, abs=0.01)


def test_the_adjusted_test_uses_the_model_without_the_arm() -> None:
    roll = np.random.default_rng(8)
    frame = offices(roll, 8, 30, spread=0.0).assign(age=lambda one: roll.normal(size=len(one)))
    people = cohort(frame)
    found = people.permutation_test(measure="hazard ratio", terms=["age"])
    pulls = nav.residuals(people.cox(["age"]), "martingale")
    by_office = pulls.iloc[:, 0].groupby(frame["office"].to_numpy()).sum()
    assert found.offices["value"].tolist() == pytest.approx(by_office.tolist())


def offices(roll: np.random.Generator, number: int, size: int, spread: float) -> pd.DataFrame:
    """Offices with hazards of their own; the first half has a programme that does nothing."""
    office = np.repeat(np.arange(number), roll.integers(size // 2, size * 3 // 2, number))
    hazard = np.exp(spread * roll.normal(size=number))[office]
    time = np.ceil(roll.exponential(size=len(office)) * 200 / hazard)
    closed = np.full(len(office), 365.0)
    arm = np.where(office < number // 2, "new", "old")
    frame = pd.DataFrame({"office": office, "arm": arm, "time": np.minimum(time, closed)})
    return frame.assign(ending=(time <= closed).astype(int))


@pytest.mark.parametrize("measure", ["risk difference", "hazard ratio"])
def test_a_programme_that_does_nothing_is_rarely_found(measure: str) -> None:
    """Eight offices, 70 choices: at 0.05 at most 2 of them on both sides, 0.029."""
    roll, found = np.random.default_rng(12), []
    how = {"measure": measure} | ({"at": 180} if measure == "risk difference" else {})
    for _ in range(150):
        found.append(cohort(offices(roll, 8, 20, spread=0.4)).permutation_test(**how).p_value)
    assert np.mean(np.array(found) <= 0.05) <= 0.029 + 3.09 * np.sqrt(0.029 * 0.971 / 150)
    assert np.mean(np.array(found) <= 0.5) == pytest.approx(0.5, abs=0.15)


@pytest.mark.full
@pytest.mark.parametrize("number", [6, 10, 20])
@pytest.mark.parametrize("measure", ["risk difference", "hazard ratio", "restricted mean difference"])
def test_type_one_error_in_the_office_cells(measure: str, number: int) -> None:
    roll, found = np.random.default_rng(number), []
    how = {"measure": measure} | ({} if measure == "hazard ratio" else {"at": 180})
    for _ in range(1_000):
        found.append(cohort(offices(roll, number, 20, 0.3)).permutation_test(**how, draws=999, rng=1).p_value)
    assert np.mean(np.array(found) <= 0.05) <= 0.06 + 3.09 * np.sqrt(0.06 * 0.94 / 1_000)


@pytest.mark.parametrize(
    ("frame", "how", "key"),
    [
        (SIX.head(5), {"at": 3}, "too_few_clusters"),
        (SIX.assign(arm=["new", *["old"] * 5]), {"at": 3}, "too_few_clusters"),
        (SIX.assign(office=list("aabbcc")), {"at": 3}, "arm_varies_within_office"),
        (SIX, {}, "permutation_time"),
        (SIX, {"measure": "hazard ratio", "at": 3}, "permutation_time"),
        (SIX, {"at": 3, "terms": ["time"]}, "permutation_terms"),
        (SIX, {"measure": "odds ratio"}, "choice_unknown"),
    ],
)
def test_what_is_refused(frame: pd.DataFrame, how: dict[str, object], key: str) -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        cohort(frame).permutation_test(**how)
    assert refused.value.key == key


def test_many_offices_need_a_generator() -> None:
    frame = offices(np.random.default_rng(1), 24, 6, 0.2)
    with pytest.raises(nav.DesignProblem) as refused:
        cohort(frame).permutation_test(at=100)
    assert refused.value.key == "generator_needed"
    one, other = (cohort(frame).permutation_test(at=100, rng=5, draws=500).p_value for _ in range(2))
    assert one == other
