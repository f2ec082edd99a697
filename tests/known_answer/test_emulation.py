"""Clones and monthly trials find what is true of strategies, where a trait says who begins and who leaves; what does
not weigh, or compares those who ever began, shows the bias that was declared."""

from __future__ import annotations

import os

import late_starters as late
import numpy as np
import pytest
from drawn_people import CALIBRATED, inside

import navoutcomes as nav

MANY = int(os.environ.get("NAVOUTCOMES_RUNS", "300"))
REPLICATES = 200


def difference(found: nav.Emulation) -> tuple[float, float, float]:
    table = found.table
    row = table[table["measure"] == "risk difference"].iloc[0]
    return float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"])


@pytest.mark.parametrize("ratio", [1.0, 1.8])
def test_clones_are_near_the_truth_in_many_people_and_what_is_not_weighted_is_not(ratio: float) -> None:
    """Forty thousand people: one error of the difference is about 0.006. Declared: unweighted more than 0.03 too
    high; those who ever began beside those who never did more than 0.08 too low."""
    frame = late.people(np.random.default_rng((41, int(10 * ratio))), 40_000, ratio)
    true = late.truth(ratio)
    weighed = late.cohort(frame).emulate("start", late.GRACE, ["x"], at=late.AT, replicates=0)
    plain = late.cohort(frame).emulate("start", late.GRACE, at=late.AT, replicates=0)
    assert difference(weighed)[0] == pytest.approx(true, abs=0.02)
    assert difference(plain)[0] - true > 0.03
    ever = late.cohort(frame.assign(ever=np.where(frame["start"].notna(), "ever", "never")))
    naive = ever.contrast(by="ever", at=late.AT, reference="never").table["estimate"].iloc[0]
    assert naive < true - 0.08


def test_monthly_trials_find_nothing_where_there_is_nothing() -> None:
    """Forty thousand people: one error is about 0.005. Declared: unweighted more than 0.025 too high."""
    more = late.cohort(late.people(np.random.default_rng(48), 40_000, 1.0))
    assert difference(more.sequential_trials("start", ["x"], at=180, replicates=0))[0] == pytest.approx(0.0, abs=0.016)
    assert difference(more.sequential_trials("start", at=180, replicates=0))[0] > 0.025
    fewer = late.cohort(late.people(np.random.default_rng(42), 12_000, 1.0))
    found = fewer.sequential_trials("start", ["x"], at=90, effect="per protocol", replicates=0)
    assert difference(found)[0] == pytest.approx(0.0, abs=0.05)


def covered(runs: int, size: int, ratio: float, terms: list[str], replicates: int = REPLICATES) -> float:
    true, held = late.truth(ratio), 0
    for run in range(runs):
        frame = late.people(np.random.default_rng((43, size, int(10 * ratio), run)), size, ratio)
        _, low, high = difference(
            late.cohort(frame).emulate("start", late.GRACE, terms, at=late.AT, replicates=replicates, rng=run)
        )
        held += low <= true <= high
    return held / runs


def test_the_interval_of_a_few_studies_holds_the_truth() -> None:
    """Sixteen studies: at a true coverage of 0.93 fewer than twelve hold once in four hundred."""
    assert covered(16, 300, 1.8, ["x"], replicates=100) >= 12 / 16


@pytest.mark.full
@pytest.mark.parametrize(("size", "ratio"), [(300, 1.0), (300, 1.8), (656, 1.8)])
def test_clones_cover_with_weights_made_anew_in_each_draw(size: int, ratio: float) -> None:
    share = covered(MANY, size, ratio, ["x"])
    assert inside(share, CALIBRATED, MANY), share


@pytest.mark.full
def test_clones_without_weights_do_not_cover() -> None:
    assert covered(MANY, 656, 1.8, []) < 0.90


@pytest.mark.full
def test_trials_cover_nothing_where_there_is_nothing() -> None:
    held = 0
    for run in range(MANY):
        frame = late.people(np.random.default_rng((44, run)), 300, 1.0)
        found = late.cohort(frame).sequential_trials("start", ["x"], at=90, replicates=REPLICATES, rng=run)
        _, low, high = difference(found)
        held += low <= 0 <= high
    assert inside(held / MANY, CALIBRATED, MANY), held / MANY
