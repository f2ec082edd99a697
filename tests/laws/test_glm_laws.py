"""What holds for odds, rates and hazards by period whoever the people are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.maths.generalised.firth import profiled
from navoutcomes.maths.generalised.glm import fit, look
from navoutcomes.maths.generalised.glm_errors import covariance
from navoutcomes.maths.generalised.glm_linear import least_squares
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations, framed
from navoutcomes.maths.rates import exact, exact_ratio, score
from tests.laws.some_people import brisk, quick

LINKS = ("logit", "cloglog", "log")
ENDINGS = {"followed": None, "job": "job", "other": "other"}


@st.composite
def observations(draw: st.DrawFn, clusters: int = 8) -> tuple[Observations, np.ndarray, np.random.Generator]:
    """Rows with two columns, a response that overlaps, weights, and clusters without gaps."""
    roll = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(40, 120))
    columns = np.column_stack([roll.normal(size=n), np.arange(n) % 2]).astype(float)
    response = (roll.random(n) < 0.4).astype(float)
    response[:4] = [0, 0, 1, 1]
    return Observations(columns, response, roll.choice([0.5, 1.0, 2.0], n)), np.arange(n) % clusters, roll


def told(seen: Observations, codes: np.ndarray, link: str = "logit") -> list[np.ndarray]:
    found = fit(seen, link)
    kinds = ("model", "hc3", "cr0", "cr2")
    return [found.coefficients, *(covariance(seen, found, kind, codes).matrix for kind in kinds)]


def alike(one: list[np.ndarray], other: list[np.ndarray]) -> None:
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9)


@quick
@given(observations(), st.sampled_from(LINKS))
def test_the_order_of_rows_says_nothing(drawn, link: str) -> None:
    seen, codes, roll = drawn
    order = roll.permutation(len(seen))
    moved = Observations(seen.columns[order], seen.response[order], seen.mass[order])
    alike(told(seen, codes, link), told(moved, codes[order], link))


@quick
@given(observations(), st.floats(0.01, 100), st.floats(-50, 50))
def test_another_unit_moves_the_coefficient_and_no_statistic(drawn, unit: float, start: float) -> None:
    seen, codes, _ = drawn
    columns = seen.columns * [unit, 1] + [start, 0]
    one, other = told(seen, codes), told(Observations(columns, seen.response, seen.weight), codes)
    np.testing.assert_allclose(one[0][1:] / [unit, 1], other[0][1:], rtol=1e-7, atol=1e-9)
    for a, b in zip(one[1:], other[1:], strict=True):
        np.testing.assert_allclose(np.sqrt(a[1, 1]) / unit, np.sqrt(b[1, 1]), rtol=1e-7)
        np.testing.assert_allclose(a[2, 2], b[2, 2], rtol=1e-7)


@quick
@given(observations())
def test_not_ending_has_the_odds_turned_round(drawn) -> None:
    seen, codes, _ = drawn
    turned = told(Observations(seen.columns, 1 - seen.response, seen.weight), codes)
    found = told(seen, codes)
    alike([-found[0], *found[1:]], turned)


@quick
@given(observations(), st.sampled_from(LINKS))
def test_a_weight_of_two_is_the_row_twice(drawn, link: str) -> None:
    """For the estimate, the model's errors and clusters; rows that are the same person twice are no more to HC3."""
    seen, codes, _ = drawn
    twice = np.arange(len(seen)) < len(seen) // 2
    weighted = Observations(seen.columns, seen.response, np.where(twice, 2.0, 1.0))
    rows = np.concatenate([np.arange(len(seen)), np.flatnonzero(twice)])
    repeated = Observations(seen.columns[rows], seen.response[rows])
    one, other = fit(weighted, link), fit(repeated, link)
    np.testing.assert_allclose(one.coefficients, other.coefficients, rtol=1e-8, atol=1e-10)
    for kind in ("model", "cr0", "cr2"):
        a, b = covariance(weighted, one, kind, codes), covariance(repeated, other, kind, codes[rows])
        np.testing.assert_allclose(a.matrix, b.matrix, rtol=1e-7, atol=1e-10)
        np.testing.assert_allclose(a.df, b.df, rtol=1e-6)


@quick
@given(observations())
def test_hc3_of_least_squares_is_the_jackknife(drawn) -> None:
    """Leaving each row out in turn, the squared moves of the coefficients."""
    seen, _, _ = drawn
    seen = Observations(seen.columns, seen.response)
    found = fit(seen, "identity")
    moves = [
        fit(Observations(np.delete(seen.columns, i, 0), np.delete(seen.response, i)), "identity").coefficients
        - found.coefficients
        for i in range(len(seen))
    ]
    np.testing.assert_allclose(covariance(seen, found, "hc3").matrix, np.array(moves).T @ moves, rtol=1e-7, atol=1e-12)


@quick
@given(observations(), st.sampled_from(LINKS))
def test_score_and_information_are_derivatives(drawn, link: str) -> None:
    """By differences: the score of the log-likelihood, the observed information of the score."""
    from navoutcomes.maths.generalised.glm_links import log_likelihood

    seen, _, roll = drawn
    frame = framed(seen)
    at = np.append(-0.5, roll.normal(size=2) / 3)
    here = look(seen, frame, link, at, observed=True)

    def value(place: np.ndarray) -> float:
        return log_likelihood(link, look(seen, frame, link, place).linear, seen.response, seen.mass)

    for j, step in enumerate(np.eye(3) * 1e-5):
        np.testing.assert_allclose((value(at + step) - value(at - step)) / 2e-5, here.score[j], rtol=1e-5, atol=1e-5)
        up, down = (look(seen, frame, link, at + s, observed=True).score for s in (step, -step))
        np.testing.assert_allclose((down - up) / 2e-5, here.information[j], rtol=1e-5, atol=1e-5)


@brisk
@given(observations(), st.sampled_from(["logit", "log"]))
def test_firth_stands_where_its_score_vanishes_and_its_limits_where_the_likelihood_has_fallen(drawn, link: str) -> None:
    seen, _, _ = drawn
    seen = Observations(seen.columns, seen.response)
    try:
        found = profiled(seen, link)
    except Unfit:
        return
    x = np.column_stack([np.ones(len(seen)), seen.columns])

    def value(beta: np.ndarray) -> float:
        eta = x @ beta
        mass = np.exp(eta) if link == "log" else np.exp(eta) / (1 + np.exp(eta)) ** 2
        one = seen.response * eta - (np.exp(eta) if link == "log" else np.log1p(np.exp(eta)))
        return float(one.sum() + np.linalg.slogdet((x * mass[:, None]).T @ x)[1] / 2)

    for step in np.eye(3) * 1e-4:
        assert value(found.coefficients) >= max(value(found.coefficients + step), value(found.coefficients - step))
    assert ((found.low < found.coefficients) & (found.coefficients < found.high)).all()
    assert ((found.p_value < 0.05) == ((found.low > 0) | (found.high < 0))).all()


@quick
@given(st.integers(0, 80), st.floats(0.1, 1000))
def test_exact_limits_of_a_rate_hold_the_rate_and_scale_with_time(events: int, length: float) -> None:
    low, high = exact(events, length, 0.95)
    assert low <= events / length <= high
    np.testing.assert_allclose((low * length, high * length), exact(events, 1.0, 0.95))
    near = score(events, length, 1.959963984540054)
    assert near[0] <= events / length <= near[1]


@quick
@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.5, 50))
def test_a_ratio_turned_round_has_its_limits_turned_round(a: int, b: int, time: float) -> None:
    if a + b == 0:
        return
    one, other = exact_ratio((a, 1.0), (b, time), 0.95), exact_ratio((b, time), (a, 1.0), 0.95)
    np.testing.assert_allclose(one[3], other[3])
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(one[1:3], (1 / np.float64(other[2]), 1 / np.float64(other[1])), rtol=1e-9)


@st.composite
def people(draw: st.DrawFn) -> tuple[pd.DataFrame, np.random.Generator]:
    roll = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(50, 90))
    frame = pd.DataFrame(
        {
            "time": roll.integers(1, 9, n).astype(float),
            "ending": roll.choice(list(ENDINGS), n, p=[0.25, 0.5, 0.25]),
            "age": roll.normal(40, 8, n),
            "trait": np.arange(n) % 2,
            "person": [f"P{at}" for at in range(n)],
            "office": roll.integers(0, 7, n),
        }
    )
    return frame.assign(entry=0.0), roll


def cohort(frame: pd.DataFrame, **how: object) -> nav.Cohort:
    how = {"entry": "entry", "person": "person", **how}
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", **how)


@brisk
@given(people())
def test_cutting_a_person_in_pieces_changes_nothing(drawn) -> None:
    frame, roll = drawn
    at = np.where(frame["time"] > 1, np.floor(roll.random(len(frame)) * frame["time"]), 0.0)
    first = frame[at > 0].assign(time=at[at > 0], ending="followed")
    pieces = pd.concat([first, frame.assign(entry=at)], ignore_index=True)
    whole, cut = cohort(frame), cohort(pieces)
    for ask in (
        lambda c: c.poisson(["age", "trait"], errors="model"),
        lambda c: c.poisson(["age", "trait"], bands=(3,), errors="model"),
        lambda c: c.discrete_hazard(["age", "trait"], period=2),
        lambda c: c.discrete_hazard(["age", "trait"], baseline=nav.Number("period"), errors="cr0"),
        lambda c: c.rates(by="trait"),
    ):
        pd.testing.assert_frame_equal(ask(whole).table, ask(cut).table, rtol=1e-7, atol=1e-9)


@brisk
@given(people())
def test_another_unit_of_time_moves_the_rate_and_no_ratio(drawn) -> None:
    frame, _ = drawn
    weeks = frame.assign(time=frame["time"] / 7)
    one, other = cohort(frame).poisson(["age", "trait"]).table, cohort(weeks).poisson(["age", "trait"]).table
    np.testing.assert_allclose(one["estimate"] + [np.log(7), 0, 0], other["estimate"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(one["std_error"], other["std_error"], rtol=1e-7)
    by_days = cohort(frame).discrete_hazard(["age", "trait"], period=1).table
    pd.testing.assert_frame_equal(by_days, cohort(weeks).discrete_hazard(["age", "trait"], period=1 / 7).table)
    in_weeks = cohort(frame).rates(by="trait", unit="weeks", per=10).table
    same = cohort(weeks).rates(by="trait", per=10).table
    pd.testing.assert_frame_equal(in_weeks, same, rtol=1e-9)


@brisk
@given(people())
def test_rates_in_bands_add_up_to_the_rate_and_a_model_of_groups_gives_them_back(drawn) -> None:
    frame, _ = drawn
    whole = cohort(frame).rates(by="trait", cause="job", per=1).table.set_index("group")
    bands = cohort(frame).rates(by="trait", cause="job", per=1, bands=(2, 5)).table
    sums = bands.groupby("group")[["events", "at_risk"]].sum()
    pd.testing.assert_frame_equal(sums, whole[["events", "at_risk"]])
    model = cohort(frame).poisson(["trait"]).ratios["estimate"]
    np.testing.assert_allclose(model[0] * np.array([1, model[1]]), whole["estimate"])


@brisk
@given(people())
def test_an_association_by_period_with_each_period_its_own_is_a_model_a_period(drawn) -> None:
    """Two periods and a straight change: as free as two models, one a period."""
    frame, _ = drawn
    bent = nav.Interaction(nav.Number("trait"), nav.Number("period", 1))
    frame = frame.assign(time=np.minimum(frame["time"], 8.0))
    both = cohort(frame).discrete_hazard(["trait", bent], period=4, link="logit").table.set_index("term")["estimate"]
    first = frame.assign(ending=np.where(frame["time"] > 4, "followed", frame["ending"]))
    first["time"] = np.minimum(first["time"], 4)
    late = frame[frame["time"] > 4].assign(entry=4.0)
    one, two = (
        cohort(part).discrete_hazard(["trait"], period=4, link="logit").table["estimate"][0] for part in (first, late)
    )
    assert both["trait"] == pytest.approx(one, abs=1e-8)
    assert both["trait × period"] == pytest.approx(two - one, abs=1e-8)


def test_a_large_model_starts_on_a_part_and_ends_where_the_whole_does() -> None:
    """More than 100,000 rows begin on every tenth; the answer is that of all rows, and the same again."""
    roll = np.random.default_rng(2)
    columns = roll.normal(size=(120_000, 3))
    response = (roll.random(120_000) < 1 / (1 + np.exp(1 - columns[:, 0] / 2))).astype(float)
    seen = Observations(columns, response)
    found, again = fit(seen, "logit"), fit(seen, "logit")
    np.testing.assert_array_equal(found.coefficients, again.coefficients)
    slow = fit(seen, "logit", start=np.array([-1.0, 0, 0, 0]))
    np.testing.assert_allclose(found.coefficients, slow.coefficients, rtol=1e-9, atol=1e-11)
    x = np.column_stack([np.ones(len(response)), columns])
    share = 1 / (1 + np.exp(-x @ found.coefficients))
    assert np.abs(x.T @ (response - share)).max() < 1e-6
    square = fit(seen, "identity").coefficients
    np.testing.assert_allclose(square, np.linalg.lstsq(x, response, rcond=None)[0], rtol=1e-10, atol=1e-12)


def test_collinear_columns_of_least_squares_are_found() -> None:
    columns = np.column_stack([np.arange(10.0), 2 * np.arange(10.0)])
    with pytest.raises(Unfit) as caught:
        least_squares(columns, np.ones(10), None, True, np.eye(3))
    assert caught.value.columns == [2]
