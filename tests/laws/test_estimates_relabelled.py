"""What does not matter must change nothing: the order of rows, names, units, and where a follow-up was cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_people import brisk, close, cohort, common_horizon, everything, people, quick, two_groups

import navoutcomes as nav

FORMS = [(), ("entry",), ("weight",), ("cluster",), ("entry", "weight", "cluster")]


def compared(one: nav.Cohort, by: str = "group", weights: str = "peto") -> list[float]:
    """Every test the people allow."""
    found = [one.logrank_test(by=by, errors="lin-wei"), one.logrank_test(by=by, weights=weights, errors="lin-wei")]
    found.append(one.logrank_test(by=by, strata="stratum", cause="job", errors="lin-wei"))
    counts = one.risk_table()
    if not (counts.delayed or counts.weighted or counts.clustered != "none"):
        found += [one.gray_test(by=by), one.gray_test(by=by, strata="stratum", cause="other")]
    return [number for test in found for number in (test.statistic, float(test.df), test.p_value)]


@pytest.mark.parametrize("roles", FORMS, ids=lambda roles: " ".join(roles) or "plain")
@given(frame=two_groups(), seed=st.integers(0, 1000))
@brisk
def test_the_order_of_rows_changes_nothing(roles: tuple[str, ...], frame: pd.DataFrame, seed: int) -> None:
    shuffled = frame.sample(frac=1, random_state=seed)
    first, second = cohort(frame, *roles), cohort(shuffled, *roles)
    for one, other in zip(everything(first), everything(second), strict=True):
        close(one, other)
    assert compared(first) == pytest.approx(compared(second), rel=1e-9, abs=1e-9, nan_ok=True)


@given(frame=two_groups())
@quick
def test_new_names_for_persons_and_offices_change_nothing(frame: pd.DataFrame) -> None:
    new = frame.assign(
        person=frame["person"].map(hash).astype(str), office=frame["office"].map({0: "Z", 1: "Y", 2: "X", 3: "A"})
    )
    first, second = (cohort(one, "entry", "weight", "cluster", "person") for one in (frame, new))
    for one, other in zip(everything(first), everything(second), strict=True):
        close(one, other)
    assert compared(first) == pytest.approx(compared(second), rel=1e-9, abs=1e-9, nan_ok=True)


@given(frame=two_groups(), measure=st.sampled_from(["risk difference", "restricted mean difference"]))
@quick
def test_a_difference_changes_sign_when_the_groups_change_places(frame: pd.DataFrame, measure: str) -> None:
    one = cohort(frame)
    at = common_horizon(one)
    forth, back = (
        one.contrast(by="group", at=at, measure=measure, reference=name).table.iloc[0] for name in ("a", "b")
    )
    limits = [-back["estimate"], back["std_error"], -back["conf_high"], -back["conf_low"]]
    found = forth[["estimate", "std_error", "conf_low", "conf_high"]].tolist()
    assert found == pytest.approx(limits, rel=1e-9, abs=1e-12, nan_ok=True)


@given(frame=two_groups())
@quick
def test_tests_do_not_know_which_group_is_which(frame: pd.DataFrame) -> None:
    swapped = frame.assign(group=frame["group"].map({"a": "b", "b": "a"}))
    assert compared(cohort(frame)) == pytest.approx(compared(cohort(swapped)), rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("roles", FORMS, ids=lambda roles: " ".join(roles) or "plain")
@given(frame=two_groups(), factor=st.sampled_from([7.0, 30.4375, 1 / 7]))
@brisk
def test_another_unit_of_time_moves_times_and_means_only(
    roles: tuple[str, ...], frame: pd.DataFrame, factor: float
) -> None:
    scaled = frame.assign(time=frame["time"] * factor, entry=frame["entry"] * factor)
    first, second = cohort(frame, *roles), cohort(scaled, *roles)
    for one, other in zip(everything(first), everything(second), strict=True):
        moved = one.assign(time=one["time"] * factor)
        if "measure" in one:
            for column in ("estimate", "std_error", "conf_low", "conf_high"):
                moved[column] = one[column] * factor
        close(moved, other)
    assert compared(first) == pytest.approx(compared(second), rel=1e-9, abs=1e-9, nan_ok=True)


@given(frame=two_groups())
@quick
def test_tests_see_the_order_of_times_and_not_their_distance(frame: pd.DataFrame) -> None:
    bent = frame.assign(time=np.expm1(frame["time"]), entry=np.expm1(frame["entry"]))
    for roles in ((), ("entry",)):
        found = compared(cohort(frame, *roles)), compared(cohort(bent, *roles))
        assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9, nan_ok=True)


def cut(frame: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """Each follow-up in one to three pieces (entry, time], of which only the last may end."""
    pieces = []
    for _, row in frame.iterrows():
        edges = np.sort(draw.uniform(row["entry"], row["time"], draw.integers(0, 3))).tolist()
        edges = [row["entry"], *edges, row["time"]]
        for begin, end in pairwise(edges):
            ending = row["ending"] if end == row["time"] else "followed"
            pieces.append({**row, "entry": begin, "time": end, "ending": ending})
    return pd.DataFrame(pieces).sample(frac=1, random_state=1)


@pytest.mark.parametrize("roles", [(), ("entry",), ("weight",), ("cluster",), ("entry", "weight", "cluster")],
                         ids=lambda roles: " ".join(roles) or "plain")  # fmt: skip
@given(frame=two_groups(), seed=st.integers(0, 1000))
@brisk
def test_cutting_a_follow_up_in_pieces_changes_nothing(roles: tuple[str, ...], frame: pd.DataFrame, seed: int) -> None:
    """Estimates, errors, intervals, numbers at risk, tests and persons: all as before the cut."""
    if "entry" not in roles:
        frame = frame.assign(entry=0.0)
    pieces = cut(frame, np.random.default_rng(seed))
    first, second = cohort(frame, *roles), cohort(pieces, *{*roles, "entry", "person"})
    for one, other in zip(everything(first), everything(second), strict=True):
        close(one, other)
    assert compared(first) == pytest.approx(compared(second), rel=1e-9, abs=1e-9, nan_ok=True)
    assert first.persons == second.persons


@given(frame=two_groups(endings=("job", "other")), seed=st.integers(0, 1000))
@quick
def test_counted_shares_do_not_see_the_cuts(frame: pd.DataFrame, seed: int) -> None:
    frame = frame.assign(entry=0.0)
    pieces = cohort(cut(frame, np.random.default_rng(seed)), "entry", "person")
    close(cohort(frame).proportion(by="group").table, pieces.proportion(by="group").table)


@given(frame=two_groups())
@quick
def test_entry_at_the_start_for_everybody_is_no_delayed_entry(frame: pd.DataFrame) -> None:
    started = frame.assign(entry=0)
    first, second = cohort(started), cohort(started, "entry")
    for one, other in zip(everything(first), everything(second), strict=True):
        close(one, other)
    assert first.gray_test(by="group").statistic == pytest.approx(second.gray_test(by="group").statistic, nan_ok=True)


@given(frame=two_groups(), factor=st.sampled_from([1e-9, 1 / 7, 656.0]))
@quick
def test_weights_times_a_constant_change_neither_shares_nor_errors(frame: pd.DataFrame, factor: float) -> None:
    """Not Peto's test, whose own weights are 1 - d / (n + 1): the 1 is a whole person."""
    for roles in (("weight",), ("weight", "cluster", "entry")):
        first = cohort(frame, *roles)
        second = cohort(frame.assign(weight=frame["weight"] * factor), *roles)
        for one, other in zip(everything(first), everything(second), strict=True):
            close(one, other)
        found = compared(first, weights="gehan"), compared(second, weights="gehan")
        assert found[0] == pytest.approx(found[1], rel=1e-6, abs=1e-9, nan_ok=True)


@given(frame=two_groups())
@quick
def test_a_row_that_weighs_two_is_the_row_twice(frame: pd.DataFrame) -> None:
    """Estimates only: one person of weight 2 tells less than two persons."""
    heavy = frame.assign(weight=np.where(frame.index % 2 == 0, 2.0, 1.0))
    twice = pd.concat([frame, frame[frame.index % 2 == 0]])
    for roles in ((), ("entry",)):
        first, second = cohort(heavy, "weight", *roles), cohort(twice, *roles)
        for one, other in zip(everything(first), everything(second), strict=True):
            close(one, other, columns=("estimate",))


@given(frame=two_groups())
@quick
def test_who_is_gone_before_the_first_exit_changes_nothing_for_those_who_stay(frame: pd.DataFrame) -> None:
    early = pd.DataFrame([{**frame.iloc[0], "time": 0.5, "ending": "followed", "person": "early", "entry": 0}])
    first, second = cohort(frame), cohort(pd.concat([frame, early]))
    for verb in ("survival_curve", "cumulative_hazard", "cumulative_incidence"):
        one, other = (getattr(people, verb)().table for people in (first, second))
        close(one, other[other["time"] >= 1], columns=("estimate", "std_error", "at_risk", "events"))


@given(frame=people(most=12))
@quick
def test_what_is_handed_out_is_a_copy(frame: pd.DataFrame) -> None:
    before = frame.copy()
    one = cohort(frame, "entry", "weight", "cluster", "person")
    curves = one.survival_curve()
    table, stored = curves.table, one.survival_curve().table
    for given_out in (one.rows, one.covariates, curves.table, curves.at(3), one.risk_table().table):
        given_out.drop(given_out.index, inplace=True)
    frame["time"] = -1
    pd.testing.assert_frame_equal(curves.table, table)
    pd.testing.assert_frame_equal(one.survival_curve().table, stored)
    pd.testing.assert_frame_equal(one.covariates[before.columns], before)
