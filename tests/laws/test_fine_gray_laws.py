"""What holds for Fine and Gray's model whoever the people are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from some_people import quick
from test_fine_gray_second_implementation import ENDINGS, TERMS, cohort, drawn

import navoutcomes as nav
from navoutcomes.errors import Problem

seeds = st.integers(0, 2**31)
forms = st.tuples(st.booleans(), st.booleans())


def answered(frame: pd.DataFrame, **how: object) -> nav.SubdistributionRegression:
    """The model of people who give one."""
    try:
        return cohort(frame).fine_gray(TERMS, **how)
    except Problem:
        assume(False)
        raise


def alike(one: nav.SubdistributionRegression, other: nav.SubdistributionRegression, tolerance: float = 1e-7) -> None:
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(one.table[name], other.table[name], rtol=tolerance, atol=tolerance)


@quick
@given(seeds, forms, st.sampled_from(["efron", "breslow"]))
def test_without_other_causes_it_is_coxs_model(seed: int, form: tuple[bool, bool], ties: str) -> None:
    frame = drawn(seed, *form)
    frame.loc[frame["ending"] == "other", "ending"] = "followed"
    model = answered(frame, ties=ties)
    cox = cohort(frame).cox(TERMS, ties=ties, errors="robust")
    alike(model, cox)
    assert model.log_likelihood == pytest.approx(cox.log_likelihood, abs=1e-9)


@quick
@given(seeds, forms)
def test_without_censoring_who_ended_otherwise_stays_to_the_end(seed: int, form: tuple[bool, bool]) -> None:
    """Then nothing is estimated about being followed, and the weights are 1 for ever."""
    frame = drawn(seed, False, form[1])
    frame.loc[frame["ending"] == "followed", "ending"] = "job"
    stays = frame.assign(
        time=np.where(frame["ending"] == "other", 1000, frame["time"]),
        ending=frame["ending"].replace("other", "followed"),
    )
    model = answered(frame)
    alike(model, cohort(stays).cox(TERMS, errors="robust"))


@quick
@given(seeds, forms, st.sampled_from(["efron", "breslow", "crr"]))
def test_only_the_order_of_times_counts(seed: int, form: tuple[bool, bool], ties: str) -> None:
    frame = drawn(seed, *form)
    warped = frame.assign(
        time=frame["time"] ** 1.7 + 3 * frame["time"], entry=frame["entry"] ** 1.7 + 3 * frame["entry"]
    )
    alike(answered(frame, ties=ties), cohort(warped).fine_gray(TERMS, ties=ties))


@quick
@given(seeds, forms)
def test_rows_may_stand_in_any_order_and_weights_have_no_unit(seed: int, form: tuple[bool, bool]) -> None:
    frame = drawn(seed, *form)
    model = answered(frame)
    mixed = frame.sample(frac=1, random_state=seed % 1000).assign(weight=lambda own: own["weight"] * 7)
    alike(model, cohort(mixed).fine_gray(TERMS))


@quick
@given(seeds, forms, st.floats(-50, 50), st.floats(0.1, 20))
def test_a_term_may_be_measured_from_anywhere_in_any_unit(
    seed: int, form: tuple[bool, bool], shift: float, unit: float
) -> None:
    frame = drawn(seed, *form)
    model, moved = answered(frame), cohort(frame.assign(age=frame["age"] * unit + shift)).fine_gray(TERMS)
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(moved.table[name] * [unit, 1], model.table[name], rtol=1e-6, atol=1e-7)
    profile = pd.DataFrame({"age": [0.3], "sex": [1]})
    there = nav.predict_incidence(moved, profile.assign(age=profile["age"] * unit + shift), at=[3, 6]).table
    np.testing.assert_allclose(
        there["estimate"], nav.predict_incidence(model, profile, at=[3, 6]).table["estimate"], rtol=1e-6
    )


@quick
@given(seeds, forms)
def test_a_person_cut_in_two_rows_is_still_one_person(seed: int, form: tuple[bool, bool]) -> None:
    frame = drawn(seed, *form).assign(person=range(24))
    model = answered(frame)
    cut = frame[frame["time"] - frame["entry"] > 1]
    first = cut.assign(time=cut["entry"] + 1, ending="followed")
    rest = frame.assign(entry=np.where(frame["time"] - frame["entry"] > 1, frame["entry"] + 1, frame["entry"]))
    both = pd.concat([first, rest], ignore_index=True)
    alike(model, cohort(both, person="person").fine_gray(TERMS))


@quick
@given(seeds, forms)
def test_everybody_alike_is_the_share_itself(seed: int, form: tuple[bool, bool]) -> None:
    """With a term that is of no use the curve is Aalen and Johansen's, put together from weighted risk sets."""
    frame = drawn(seed, form[0], False)
    assume((frame["ending"] == "job").any())
    rest = frame.assign(age=1 - 2 * (np.arange(24) % 2), sex=0)
    twins = pd.concat([rest, rest.assign(age=-rest["age"])], ignore_index=True)
    people = nav.Cohort.from_frame(twins, "time", "ending", endings=ENDINGS, outcome="job", entry="entry")
    try:
        model = people.fine_gray(["age"], ties="breslow")
    except Problem:
        assume(False)
    assert model.coefficients["age"] == pytest.approx(0, abs=1e-9)
    shares = people.cumulative_incidence()
    share = shares.table[(shares.table["cause"] == "job") & (shares.table["events"] > 0)]
    assume(len(share) > 0)
    found = nav.predict_incidence(model, pd.DataFrame({"age": [0]}), at=share["time"].tolist()).table["estimate"]
    hazard = -np.diff(np.log1p(-found.to_numpy()), prepend=0.0)
    before = np.concatenate([[0.0], share["estimate"].to_numpy()[:-1]])
    step = np.diff(np.concatenate([[0.0], share["estimate"].to_numpy()]))
    np.testing.assert_allclose(hazard, step / (1 - before), rtol=1e-8, atol=1e-10)
