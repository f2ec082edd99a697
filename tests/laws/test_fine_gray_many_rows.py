"""With many rows Newton begins from the top of every tenth, and ends where it ends from nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.maths.hazards import fine_gray

ENDINGS = {0: None, 1: "job", 2: "no_show"}


def frame(size: int, seed: int) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    x = roll.integers(0, 2, size).astype(float)
    return pd.DataFrame(
        {
            "time": np.minimum(np.ceil(roll.exponential(size=size) * 60 / np.exp(0.4 * x)), 90),
            "entry": np.where(roll.random(size) < 0.3, 0.5, 0),
            "ending": roll.integers(0, 3, size),
            "x": x,
            "z": roll.normal(size=size),
            "weight": roll.choice([0.5, 1.0, 2.0], size),
            "office": roll.integers(0, 120, size),
            "stratum": roll.choice(["a", "b"], size),
        }
    )


def both_ways(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, terms: list[str], **how: str) -> list[object]:
    roles = {"entry": "entry", "weight": "weight", "cluster": "office"}
    cohort = nav.Cohort.from_frame(rows, "time", "ending", endings=ENDINGS, outcome="job", **roles)
    found = []
    for many in (10**9, 1_000):
        monkeypatch.setattr(fine_gray, "MANY", many)
        found.append(cohort.fine_gray(terms, **how))
    return found


@pytest.mark.parametrize("ties", ["efron", "breslow", "crr"])
@pytest.mark.parametrize("strata", [None, "stratum"])
def test_the_same_model_either_way(ties: str, strata: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = both_ways(frame(20_000, 1), monkeypatch, ["x", "z"], ties=ties, strata=strata)
    assert quick.model.begun is None
    assert slow.model.begun is not None
    np.testing.assert_allclose(quick.table["estimate"], slow.table["estimate"], rtol=1e-9)
    np.testing.assert_allclose(quick.table["std_error"], slow.table["std_error"], rtol=1e-7)
    assert quick.log_likelihood == pytest.approx(slow.log_likelihood, rel=1e-12)
    assert quick.null_log_likelihood == pytest.approx(slow.null_log_likelihood, rel=1e-12)


def test_every_tenth_row_that_says_nothing_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ending for the cause among them, or one covariate the same for all of them."""
    rows = frame(4_000, 5)
    tenth = rows.index % 10 == 0
    for silent in (rows.assign(ending=np.where(tenth, 2, rows["ending"])),
                   rows.assign(x=np.where(tenth, 1.0, rows["x"]))):  # fmt: skip
        slow, quick = both_ways(silent, monkeypatch, ["x", "z"])
        np.testing.assert_allclose(quick.table["estimate"], slow.table["estimate"], rtol=1e-9)


@pytest.mark.parametrize("every", [2_000, 40])
def test_a_trait_nobody_ends_with_is_named_however_rare(every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = frame(4_000, 6)
    rare = rows.index % every == 0
    rows = rows.assign(rare=rare.astype(float), ending=np.where(rare, 2, rows["ending"]))
    for many in (10**9, 1_000):
        monkeypatch.setattr(fine_gray, "MANY", many)
        cohort = nav.Cohort.from_frame(rows, "time", "ending", endings=ENDINGS, outcome="job")
        with pytest.raises(nav.NumericalProblem) as caught:
            cohort.fine_gray(["x", "rare"])
        assert caught.value.key == "likelihood_without_top"
        assert caught.value.facts["column"] == ["rare"]


def test_collinear_terms_are_named_among_many_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = frame(4_000, 7).assign(same=lambda one: one["x"] * 3 - one["z"])
    monkeypatch.setattr(fine_gray, "MANY", 1_000)
    cohort = nav.Cohort.from_frame(rows, "time", "ending", endings=ENDINGS, outcome="job")
    with pytest.raises(nav.DesignProblem) as caught:
        cohort.fine_gray(["x", "z", "same"])
    assert caught.value.key == "terms_collinear"
    assert caught.value.facts["column"] == ["same"]
