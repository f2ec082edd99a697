"""Variances by running totals are the sums over single rows, and counts by one histogram are those of each group."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_people import people, quick

from navoutcomes.maths import grouping
from navoutcomes.maths.counting import Cells, Counts, gather, tally
from navoutcomes.maths.curves.aalen_johansen import incidence_influence
from navoutcomes.maths.curves.bands import resampled
from navoutcomes.maths.curves.kaplan_meier import survival_influence
from navoutcomes.maths.curves.nelson_aalen import hazard_influence
from navoutcomes.maths.curves.quantiles import conditional_error
from navoutcomes.maths.influence import Form, crossed, influences, jackknife, surprises

KINDS: dict[str, Callable[[Counts], Form]] = {
    "survival": survival_influence,
    "incidence": lambda counts: incidence_influence(counts, 0),
    "hazard": lambda counts: hazard_influence(counts, 1),
}
PLACE = {"followed": -1, "job": 0, "other": 1}


def gathered(frame: pd.DataFrame, entry: bool, weight: bool, office: bool) -> tuple[Cells, Counts]:
    cells = gather(
        frame["time"],
        frame["ending"].map(PLACE),
        2,
        frame["entry"].where(frame["entry"] > 0) if entry else None,
        frame["weight"] if weight else None,
        frame["office"] if office else None,
    )
    return cells, tally(cells, weighted=weight)


def one_by_one(cells: Cells, counts: Counts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Influences (R, G) of every row from its own surprise, and how often each counts."""
    blocks = list(surprises(cells, counts))
    return np.concatenate([form(own) for own, _ in blocks]), np.concatenate([times for _, times in blocks])


@pytest.mark.parametrize("kind", KINDS)
@given(frame=people(), entry=st.booleans(), weight=st.booleans(), office=st.booleans())
@quick
def test_running_totals_are_the_sum_over_rows(
    kind: str, frame: pd.DataFrame, entry: bool, weight: bool, office: bool
) -> None:
    cells, counts = gathered(frame, entry, weight, office)
    form = KINDS[kind](counts)
    pulls, times = one_by_one(cells, counts, form)
    np.testing.assert_allclose(jackknife(cells, counts, form), (times[:, None] * pulls**2).sum(axis=0), atol=1e-11)
    spread = np.linspace(0.5, 2, len(cells.time))
    read = form.read(spread)
    np.testing.assert_allclose(jackknife(cells, counts, read), [(times * (pulls @ spread) ** 2).sum()], atol=1e-10)
    at = len(cells.time) // 2
    np.testing.assert_allclose(jackknife(cells, counts, form.at(at)), [(times * pulls[:, at] ** 2).sum()], atol=1e-11)
    if office:
        number = int(frame["office"].max()) + 1
        made = influences(cells, counts, form, number)
        np.testing.assert_allclose(made[np.unique(frame["office"])], pulls, atol=1e-11)
        np.testing.assert_allclose(influences(cells, counts, form.at(at), number)[:, 0], made[:, at], atol=1e-11)
        assert np.abs(np.delete(made, np.unique(frame["office"]), axis=0)).sum() == 0


@given(frame=people(), entry=st.booleans(), weight=st.booleans(), office=st.booleans(), share=st.floats(0.1, 0.9))
@quick
def test_the_error_of_a_conditional_share_is_that_of_the_difference(
    frame: pd.DataFrame, entry: bool, weight: bool, office: bool, share: float
) -> None:
    cells, counts = gathered(frame, entry, weight, office)
    form = incidence_influence(counts, 0)
    pulls, times = one_by_one(cells, counts, form)
    apart = pulls - share * pulls[:, -1:]
    expected = np.sqrt((times[:, None] * apart**2).sum(axis=0))
    np.testing.assert_allclose(conditional_error(cells, counts, form, share), expected, atol=1e-7)
    if not office:
        both = (times[:, None] * pulls * pulls[:, -1:]).sum(axis=0)
        np.testing.assert_allclose(crossed(cells, counts, form, form.at(len(cells.time) - 1)), both, atol=1e-11)


def test_one_person_at_risk_long_before_the_others_does_not_spoil_the_sums() -> None:
    """The first of two leaves at 2; later a thousand are at risk, whose increments are a million times smaller."""
    roll = np.random.default_rng(5)
    frame = pd.DataFrame({"time": [2, *roll.integers(20, 60, 1200)], "entry": [0.0, 0.5, *roll.integers(1, 19, 1199)]})
    frame["ending"] = roll.choice(["followed", "job", "other"], len(frame))
    frame.loc[0, "ending"] = "job"
    frame["weight"], frame["office"] = roll.uniform(0.1, 9, len(frame)), 0
    for weight in (False, True):
        cells, counts = gathered(frame, True, weight, False)
        for kind in KINDS.values():
            form = kind(counts)
            pulls, times = one_by_one(cells, counts, form)
            np.testing.assert_allclose(
                jackknife(cells, counts, form), (times[:, None] * pulls**2).sum(axis=0), rtol=1e-9, atol=1e-18
            )


@given(frame=people(), entry=st.booleans(), weight=st.booleans(), office=st.booleans())
@quick
def test_draws_vary_as_the_jackknife_says(frame: pd.DataFrame, entry: bool, weight: bool, office: bool) -> None:
    """Four thousand draws: the variance is right within eight of its own errors, sqrt(2 / 4000)."""
    cells, counts = gathered(frame, entry, weight, office)
    form = incidence_influence(counts, 0)
    drawn = resampled(cells, counts, form, np.random.default_rng(1), 4000)
    variance = jackknife(cells, counts, form)
    assert drawn.shape == (4000, len(cells.time))
    np.testing.assert_allclose(drawn.var(axis=0), variance, rtol=8 * np.sqrt(2 / 4000), atol=1e-15)


def test_draws_in_blocks_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    roll = np.random.default_rng(2)
    cells = gather(roll.integers(1, 9, 50), roll.integers(-1, 2, 50), 2)
    monkeypatch.setattr("navoutcomes.maths.curves.bands.BLOCK", 100)
    drawn = resampled(cells, tally(cells), survival_influence(tally(cells)), np.random.default_rng(1), 37)
    assert drawn.shape == (37, len(cells.time))
    assert len(np.unique(drawn[:, -2])) == 37


@pytest.mark.parametrize(("roomy", "widest"), [(100_000, 2**62), (-(10**9), 2**62), (100_000, 1)],
                         ids=["histogram", "sort", "columns"])  # fmt: skip
@given(frame=people(least=1), entry=st.booleans(), weight=st.booleans(), office=st.booleans(), grouped=st.booleans())
@quick
def test_one_pass_over_all_groups_gathers_what_each_group_gathers(
    roomy: int, widest: int, frame: pd.DataFrame, entry: bool, weight: bool, office: bool, grouped: bool
) -> None:
    grid = np.arange(0.0, 12.0)
    cause = frame["ending"].map(PLACE).to_numpy()
    group = frame["stratum"].map({"x": 0, "y": 1, "z": 2}).to_numpy() if grouped else None
    enter = np.where(frame["entry"] > 0, frame["entry"], -1).astype(np.int64) if entry else None
    codes, weights = frame["office"].to_numpy(), frame["weight"].to_numpy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "ROOMY", roomy)
        patch.setattr(grouping, "WIDEST", widest)
        found = grouping.gather_groups(
            grid,
            (cause + 1) * len(grid) + frame["time"].to_numpy(),
            2,
            group,
            3 if grouped else 1,
            enter,
            weights if weight else None,
            codes if office else None,
        )
    for place, own in enumerate(found):
        rows = frame if group is None else frame[group == place]
        expected = gather(
            rows["time"],
            rows["ending"].map(PLACE),
            2,
            rows["entry"].where(rows["entry"] > 0) if entry else None,
            rows["weight"] if weight else None,
            rows["office"] if office else None,
            grid=grid,
        )
        assert _as_frame(own).equals(_as_frame(expected))


def _as_frame(cells: Cells) -> pd.DataFrame:
    """Cells as rows in an order of their own; weights to nine decimals."""
    names = ("entry", "exit", "cause", "persons", "weight", "weight_squared")
    frame = pd.DataFrame({name: getattr(cells, name) for name in names})
    frame["cluster"] = 0 if cells.cluster is None else cells.cluster
    frame = frame.sort_values(["exit", "cause", "entry", "cluster"]).reset_index(drop=True)
    return frame.astype(float).round(9)
