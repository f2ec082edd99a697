"""Fine and Gray's model on hundreds of random groups of people, against rows written out and numerical derivatives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fine_gray_by_hand import derivatives, score, solved, written_out

import navoutcomes as nav
from navoutcomes.errors import Problem

FORMS = [(entry, weight, efron) for entry in (False, True) for weight in (False, True) for efron in (True, False)]
ENDINGS = {"followed": None, "job": "job", "other": "other"}
TERMS = ["age", "sex"]


def drawn(seed: int, entry: bool, weight: bool, size: int = 24) -> pd.DataFrame:
    """People with ties, two endings, and terms that do not separate them."""
    roll = np.random.default_rng(seed)
    last = int(roll.integers(5, 12))
    time = roll.integers(2, last + 2, size)
    begin = np.minimum(roll.choice([0, 0, 0, 1, 2, 3], size), time - 1) if entry else np.zeros(size, dtype=int)
    return pd.DataFrame(
        {
            "time": time,
            "entry": begin,
            "ending": roll.choice(list(ENDINGS), size, p=[0.3, 0.4, 0.3]),
            "weight": roll.choice([0.5, 1.0, 1.7, 3.0], size) if weight else np.ones(size),
            "office": roll.integers(0, 7, size),
            "age": roll.normal(size=size).round(2),
            "sex": roll.integers(0, 2, size),
            "half": roll.integers(0, 2, size),
        }
    )


def cohort(frame: pd.DataFrame, **how: str) -> nav.Cohort:
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings=ENDINGS, outcome="job", entry="entry", weight="weight", **how
    )


def fitted(frame: pd.DataFrame, ties: str, **how: object) -> nav.SubdistributionRegression | None:
    """The model, or None where these few people give none."""
    try:
        return cohort(frame).fine_gray(TERMS, ties=ties, **how)
    except Problem:
        return None


def close(ours: object, theirs: object, seed: int, tolerance: float = 1e-8) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance, err_msg=f"seed {seed}")


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_estimates_are_those_of_the_rows_written_out(form: tuple[bool, bool, bool]) -> None:
    """200 groups of people in all; few of them have no answer."""
    entry, weight, efron = form
    answered = 0
    for seed in range(25):
        frame = drawn(seed, entry, weight)
        model = fitted(frame, "efron" if efron else "breslow", errors="model")
        if model is None:
            continue
        answered += 1
        long, mass = written_out(frame, TERMS), frame["weight"].to_numpy()
        beta = model.coefficients.to_numpy()
        value, slope, bend = score(long, mass, beta, efron)
        close(slope, 0.0, seed)
        close(value, model.log_likelihood, seed)
        close(np.linalg.inv(bend), model.covariance, seed)
        close(score(long, mass, np.zeros(2), efron)[0], model.null_log_likelihood, seed)
    assert answered >= 20


@pytest.mark.parametrize("form", [form for form in FORMS if form[2]], ids=str)
def test_strata_have_baselines_and_chances_of_being_followed_of_their_own(form: tuple[bool, bool, bool]) -> None:
    entry, weight, efron = form
    answered = 0
    for seed in range(12):
        frame = drawn(seed, entry, weight, 40)
        model = fitted(frame, "efron", errors="model", strata="half")
        if model is None:
            continue
        answered += 1
        total = np.zeros(2)
        for half in (0, 1):
            own = frame[frame["half"] == half].reset_index(drop=True)
            total += score(written_out(own, TERMS), own["weight"].to_numpy(), model.coefficients.to_numpy(), efron)[1]
        close(total, 0.0, seed)
    assert answered >= 9


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_robust_errors_are_the_numerical_derivatives_in_the_weights(form: tuple[bool, bool, bool]) -> None:
    """The chance of being followed is taken as known: it counts persons, so weights do not move it."""
    entry, weight, efron = form
    checked = 0
    for seed in (30, 31, 32, 33):
        frame = drawn(seed, entry, weight)
        ties = "efron" if efron else "breslow"
        model = fitted(frame, ties)
        if model is None:
            continue
        checked += 1
        long = written_out(frame, TERMS)
        moved = derivatives(lambda mass, long=long: solved(long, mass, efron), frame["weight"].to_numpy())
        close(model.covariance, moved.T @ moved, seed, 1e-6)
        by_office = np.array([moved[frame["office"] == one].sum(axis=0) for one in range(7)])
        office = cohort(frame, cluster="office").fine_gray(TERMS, ties=ties, errors="lin-wei")
        close(office.covariance, by_office.T @ by_office, seed, 1e-6)
    assert checked >= 2


def test_fine_and_grays_own_errors_are_derivatives_that_move_the_censoring_too() -> None:
    checked = 0
    for seed in range(40, 46):
        frame = drawn(seed, False, False)
        model = fitted(frame, "efron", errors="fine-gray")
        if model is None:
            continue
        checked += 1
        moved = derivatives(
            lambda mass, frame=frame: solved(written_out(frame, TERMS, mass), mass), frame["weight"].to_numpy()
        )
        close(model.covariance, moved.T @ moved, seed, 1e-6)
    assert checked >= 4


def test_errors_of_offices_are_larger_by_what_each_moves_the_fit() -> None:
    """(1 - I_g V)^-1 u_g, the office's part of the information taken from the rows written out."""
    frame = drawn(31, True, True, 60)
    model = cohort(frame, cluster="office").fine_gray(TERMS, ties="breslow")
    long, mass, beta = written_out(frame, TERMS), frame["weight"].to_numpy(), model.coefficients.to_numpy()
    bread = np.linalg.inv(score(long, mass, beta, efron=False)[2])
    theta = mass[long.person] * long.weight * np.exp(long.x @ beta)
    office = frame["office"].to_numpy()[long.person]
    pulls, own = np.zeros((7, 2)), np.zeros((7, 2, 2))
    for t in np.unique(long.time):
        here = long.time == t
        total, heavy = theta[here].sum(), mass[long.person][here & long.ended].sum()
        average = theta[here] @ long.x[here] / total
        for row in np.flatnonzero(here):
            away = long.x[row] - average
            pulls[office[row]] += (mass[long.person[row]] * long.ended[row] - theta[row] * heavy / total) * away
            own[office[row]] += theta[row] * heavy / total * np.outer(away, away)
    grown = np.array([np.linalg.solve(np.eye(2) - own[one] @ bread, pulls[one]) for one in range(7)]) @ bread
    close(model.covariance, grown.T @ grown, 31)


@pytest.mark.parametrize("form", [(False, False), (True, True)], ids=str)
def test_predicted_shares_and_their_errors_are_those_of_the_rows_written_out(form: tuple[bool, bool]) -> None:
    frame = drawn(31, *form)
    long, mass = written_out(frame, TERMS), frame["weight"].to_numpy()
    profile = np.array([0.4, 1.0])

    def share(weight: np.ndarray, until: float) -> np.ndarray:
        beta = solved(long, weight)
        total = 0.0
        theta = weight[long.person] * long.weight * np.exp((long.x - profile) @ beta)
        for t in np.unique(long.time[long.time <= until]):
            here, tied = long.time == t, (long.time == t) & long.ended
            number, heavy = int(tied.sum()), weight[long.person][tied].sum()
            total += sum(heavy / number / (theta @ (here - place / number * tied)) for place in range(number))
        return np.array([-np.expm1(-total)])

    at = [2.0, 4.5, 7.0]
    model = cohort(frame).fine_gray(TERMS)
    table = nav.predict_incidence(model, pd.DataFrame([profile], columns=TERMS), at=at).table
    for row, time in zip(table.itertuples(), at, strict=True):
        close(row.estimate, share(mass, time)[0], 31)
        moved = derivatives(lambda weight, time=time: share(weight, time), mass)
        close(row.std_error, np.sqrt((moved**2).sum()), 31, 1e-6)
        assert row.conf_low < row.estimate < row.conf_high
