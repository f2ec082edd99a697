"""Do intervals of dropout cover what was drawn? Persons, offices, endings that divide, and discrimination."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import navoutcomes as nav
from navoutcomes.maths.discrimination import area, area_variance

ENDINGS = {"job": "job", "no_show": "no_show", "other": "other"}


def band(level: float, runs: int) -> tuple[float, float]:
    """What a coverage may be by chance: 3.09 standard errors."""
    far = 3.09 * np.sqrt(level * (1 - level) / runs)
    return level - far, min(1.0, level + far)


def drawn(roll: np.random.Generator, size: int, spread: float = 0.0) -> pd.DataFrame:
    """A share of no-shows by age and trait (and the office's own level): log odds -1 + .5 age + .7 trait."""
    office = np.arange(size) % 16
    age, trait = roll.normal(size=size), roll.integers(0, 2, size)
    level = roll.normal(0, spread, 16)[office] if spread else 0.0
    share = special.expit(-1 + 0.5 * age + 0.7 * trait + level)
    ending = np.where(roll.random(size) < share, "no_show", "job")
    return pd.DataFrame({"time": 1.0, "ending": ending, "age": age, "trait": trait, "office": office})


def true_difference(spread: float) -> float:
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    sd = np.sqrt(0.25 + spread**2)
    there, here = (weights @ special.expit(-1 + one + sd * nodes) / weights.sum() for one in (0.7, 0.0))
    return float(there - here)


def covered(runs: int, size: int, spread: float, **roles: str) -> float:
    roll, truth, hits = np.random.default_rng([7, size, int(spread * 10)]), true_difference(spread), 0
    for _ in range(runs):
        people = nav.Cohort.from_frame(
            drawn(roll, size, spread),
            "time",
            "ending",
            endings={"job": "job", "no_show": "no_show"},
            outcome="job",
            **roles,
        )
        table = people.dropout(["age", "trait"]).table
        row = table[(table["measure"] == "risk difference") & (table["term"] == "trait")].iloc[0]
        hits += row["conf_low"] <= truth <= row["conf_high"]
    return hits / runs


@pytest.mark.parametrize(("size", "spread", "roles"), [(120, 0.0, {}), (320, 0.4, {"cluster": "office"})])
def test_the_averaged_difference_covers(size: int, spread: float, roles: dict[str, str]) -> None:
    low, high = band(0.95, 250)
    assert low <= covered(250, size, spread, **roles) <= high


def test_relative_risk_ratios_cover() -> None:
    roll, runs, hits = np.random.default_rng(11), 200, 0
    for _ in range(runs):
        age = roll.normal(size=250)
        linear = np.column_stack([np.zeros(250), 0.2 + 0.5 * age, -0.3 - 0.4 * age])
        code = (linear + roll.gumbel(size=linear.shape)).argmax(axis=1)
        made = pd.DataFrame({"time": 1.0, "ending": np.array(["job", "no_show", "other"])[code], "age": age})
        people = nav.Cohort.from_frame(made, "time", "ending", endings=ENDINGS, outcome="job")
        table = people.multinomial(["age"], "job").table.set_index(["cause", "term"])
        row = table.loc[("no_show", "age")]
        hits += row["conf_low"] <= 0.5 <= row["conf_high"]
    low, high = band(0.95, runs)
    assert low <= hits / runs <= high


def test_the_area_under_the_curve_covers() -> None:
    """Normal predictions one standard deviation apart: the area is the normal distribution at the root of a half."""
    roll, runs, truth, hits = np.random.default_rng(13), 1000, stats.norm.cdf(np.sqrt(0.5)), 0
    for _ in range(runs):
        happened = (np.arange(120) < 40).astype(float)
        value, placing = area(roll.normal(size=120) + happened, happened)
        slope = np.sqrt(area_variance(placing, happened)) / (value * (1 - value))
        hits += abs(special.logit(value) - special.logit(truth)) <= 1.96 * slope
    low, high = band(0.95, runs)
    assert low <= hits / runs <= high
