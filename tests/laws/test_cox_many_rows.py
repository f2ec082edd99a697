"""With many rows Newton begins from the top of every tenth, and ends where it ends from nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.maths.hazards import cox


def frame(size: int, seed: int) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    x = roll.integers(0, 2, size)
    return pd.DataFrame(
        {
            "time": np.minimum(np.ceil(roll.exponential(size=size) * 60 / np.exp(0.4 * x)), 90),
            "entry": np.where(roll.random(size) < 0.3, 0.5, 0),
            "ending": (roll.random(size) < 0.6).astype(int),
            "x": x.astype(float),
            "z": roll.normal(size=size),
            "weight": roll.choice([0.5, 1.0, 2.0], size),
            "office": roll.integers(0, 12, size),
            "stratum": roll.choice(["a", "b"], size),
        }
    )


def both_ways(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, **how: object) -> list[nav.CoxRegression]:
    roles = {"entry": "entry", "weight": "weight", "cluster": "office"}
    cohort = nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job", **roles)
    found = []
    for many in (10**9, 1_000):
        monkeypatch.setattr(cox, "MANY", many)
        found.append(cohort.cox(["x", "z"], **how))
    return found


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_model_either_way(seed: int, ties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = both_ways(frame(30_000, seed), monkeypatch, ties=ties, strata="stratum")
    assert quick.model.begun is None
    np.testing.assert_allclose(quick.table["estimate"], slow.table["estimate"], rtol=1e-10)
    np.testing.assert_allclose(quick.table["std_error"], slow.table["std_error"], rtol=1e-7)
    assert quick.log_likelihood == pytest.approx(slow.log_likelihood, rel=1e-12)
    assert quick.model.start.log_likelihood == pytest.approx(slow.model.start.log_likelihood, rel=1e-12)


def test_every_tenth_row_that_says_nothing_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ending among them, or one covariate the same for all of them."""
    rows = frame(4_000, 5)
    for silent in (rows.assign(ending=np.where(rows.index % 10 == 0, 0, rows["ending"])),
                   rows.assign(x=np.where(rows.index % 10 == 0, 1.0, rows["x"]))):  # fmt: skip
        slow, quick = both_ways(silent, monkeypatch)
        np.testing.assert_allclose(quick.table["estimate"], slow.table["estimate"], rtol=1e-9)


@pytest.mark.parametrize("many", [10**9, 1_000])
@pytest.mark.parametrize("every", [2_000, 40])
def test_a_likelihood_without_a_top_is_named_however_rare_the_trait(
    every: int, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = frame(4_000, 6).assign(first=0.0)
    rows.loc[rows.index % every == 0, ["time", "ending", "first"]] = [0.6, 1, 1.0]
    rows.loc[rows.index % every != 0, "time"] += 1.0
    monkeypatch.setattr(cox, "MANY", many)
    cohort = nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job")
    with pytest.raises(nav.NumericalProblem) as caught:
        cohort.cox(["x", "first"], penalty="none")
    assert caught.value.key == "monotone_likelihood"
    assert caught.value.facts["column"] == ["first"]


def test_collinear_terms_are_named_among_many_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = frame(4_000, 7).assign(same=lambda one: one["x"] * 3 - one["z"])
    monkeypatch.setattr(cox, "MANY", 1_000)
    cohort = nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job")
    with pytest.raises(nav.DesignProblem) as caught:
        cohort.cox(["x", "z", "same"])
    assert caught.value.key == "terms_collinear"
