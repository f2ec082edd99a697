"""Pseudo-values by leaving each person out in earnest, and regressions of them as statsmodels fits them."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import navoutcomes as nav
from tests.laws import by_hand
from tests.laws.some_people import brisk, cohort, people, quick

ROLES = [(), ("entry",), ("weight",), ("entry", "weight")]
WANTED = [("survival", None), ("incidence", "job"), ("incidence", "other"), ("restricted mean", None),
          ("restricted mean", "other")]  # fmt: skip


def estimate(rows: list[by_hand.Row], measure: str, cause: str | None, time: float) -> float:
    weights = [row.weight for row in rows]
    if measure == "survival":
        return by_hand.survival(rows, weights, time)
    if measure == "incidence":
        return by_hand.incidence(rows, weights, time, str(cause))
    return by_hand.mean_time(rows, weights, time, cause)


@pytest.mark.parametrize(("measure", "cause"), WANTED, ids=str)
@pytest.mark.parametrize("roles", ROLES, ids=str)
@given(frame=people(least=3, most=14))
@brisk
def test_leaving_each_person_out(roles: tuple[str, ...], measure: str, cause: str | None, frame: pd.DataFrame) -> None:
    rows = by_hand.rows_of(frame, "entry" in roles, "weight" in roles)
    total, last = sum(row.weight for row in rows), int(frame["time"].max())
    times = [max(1, last // 2), last]
    found = cohort(frame, *roles).pseudo_values(times, measure, cause)
    for time in times:
        all_of_them = estimate(rows, measure, cause, time)
        for at, row in enumerate(rows):
            without = estimate(rows[:at] + rows[at + 1 :], measure, cause, time)
            left = (total * all_of_them - (total - row.weight) * without) / row.weight
            assert found[float(time)].iloc[at] == pytest.approx(left, abs=1e-9)


@given(frame=people(least=3, most=20))
@quick
def test_the_derivative_for_each_persons_weight(frame: pd.DataFrame) -> None:
    rows, time = by_hand.rows_of(frame, True, True), int(frame["time"].max())
    total = sum(row.weight for row in rows)
    who = cohort(frame, "entry", "weight")
    for measure, cause in WANTED:
        found = who.pseudo_values(time, measure, cause, method="infinitesimal")[float(time)]

        def moved(weights: list[float], measure: str = measure, cause: str | None = cause) -> float:
            again = [row._replace(weight=weight) for row, weight in zip(rows, weights, strict=True)]
            return estimate(again, measure, cause, time)

        pulls = by_hand.pulls(rows, moved) / np.array([row.weight for row in rows])
        whole = estimate(rows, measure, cause, time)
        np.testing.assert_allclose(found, whole + total * pulls, rtol=1e-4, atol=1e-5)


@given(frame=people(least=3, most=20))
@quick
def test_rows_of_a_person_hold_the_same_number(frame: pd.DataFrame) -> None:
    """A stay cut in two, or left for a while: the person is left out as a whole."""
    frame = frame.assign(entry=0)
    long = frame["time"] > 1
    first = frame[long].assign(time=1, ending="followed")
    rest = frame.assign(entry=frame["entry"] + long)
    whole, cut = (cohort(own, "entry", "person") for own in (frame, pd.concat([first, rest], ignore_index=True)))
    time = int(frame["time"].max())
    for measure in ("survival", "incidence", "restricted mean"):
        one, other = (own.pseudo_values(time, measure)[float(time)] for own in (whole, cut))
        by_person = dict(zip(cut.rows["person"], other, strict=True))
        np.testing.assert_allclose(one, [by_person[who] for who in whole.rows["person"]], atol=1e-9)
        np.testing.assert_allclose(other, [by_person[who] for who in cut.rows["person"]], atol=1e-9)


@given(frame=people(least=4, most=20))
@quick
def test_without_censoring_a_pseudo_value_is_what_happened(frame: pd.DataFrame) -> None:
    frame = frame.assign(ending=np.where(frame["ending"] == "followed", "job", frame["ending"]))
    found = cohort(frame).pseudo_values([2, 4], "incidence", "other")
    for time in (2, 4):
        happened = ((frame["time"] <= time) & (frame["ending"] == "other")).astype(float)
        np.testing.assert_allclose(found[float(time)], happened, atol=1e-9)


@given(frame=people(least=6, most=20))
@brisk
def test_groups_are_left_out_within_themselves(frame: pd.DataFrame) -> None:
    frame.loc[[0, 1, 2, 3], "group"] = ["a", "a", "b", "b"]
    time = float(frame.groupby("group")["time"].max().min())
    both = cohort(frame).pseudo_values(time, by="group")[time]
    for group in "ab":
        own = frame[frame["group"] == group].reset_index(drop=True)
        np.testing.assert_allclose(both[frame["group"] == group], cohort(own).pseudo_values(time)[time], atol=1e-9)


def trial(size: int = 240) -> pd.DataFrame:
    """People with a number, a class, weights and offices, whose stays depend on the number."""
    roll = np.random.default_rng(11)
    age = roll.normal(0, 1, size)
    time = np.ceil(roll.exponential(12 * np.exp(-0.4 * age)))
    end = roll.integers(6, 40, size)
    return pd.DataFrame(
        {
            "time": np.minimum(time, end),
            "ending": np.where(time > end, "followed", roll.choice(["job", "other"], size, p=[0.7, 0.3])),
            "age": age,
            "sex": roll.choice(["m", "f"], size),
            "weight": roll.choice([0.5, 1.0, 2.0], size),
            "office": roll.integers(0, 12, size),
        }
    )


ENDINGS = {"followed": None, "job": "job", "other": "other"}
TERMS = ("age", nav.Category("sex", reference="f"))


@pytest.mark.parametrize("office", [False, True])
@pytest.mark.parametrize(
    ("measure", "link"),
    [
        *((measure, link) for measure in ("survival", "incidence") for link in ("identity", "log", "cloglog")),
        ("restricted mean", "identity"),
        ("restricted mean", "log"),
    ],
)
def test_regression_equals_statsmodels(measure: str, link: str, office: bool) -> None:
    """``cloglog`` of a share that stays is that of the share that has left, with the other sign."""
    import statsmodels.api as sm
    from statsmodels.genmod.families import links

    frame, cluster = trial(), "office" if office else None
    who = nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", cluster=cluster)
    ours = who.pseudo_regression(TERMS, [5, 12], measure, link=link)
    values = who.pseudo_values([5, 12], measure)
    long = pd.concat([frame.assign(y=values[time], late=float(time == 12.0), id=frame.index) for time in values])
    flip = measure == "survival" and link == "cloglog"
    levels = {"1": 1.0 - long["late"], "2": long["late"]}
    x = pd.DataFrame(levels | {"age": long["age"], "sex": (long["sex"] == "m").astype(float)})
    scale = {"identity": links.Identity(), "log": links.Log(), "cloglog": links.CLogLog()}[link]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GEE(
            1 - long["y"] if flip else long["y"],
            x,
            groups=long["office" if office else "id"],
            family=sm.families.Gaussian(scale, check_link=False),
            cov_struct=sm.cov_struct.Independence(),
        )
        theirs = model.fit(start_params=ours.table["estimate"].to_numpy() + 0.01, ctol=1e-10, maxiter=200)
    np.testing.assert_allclose(ours.table["estimate"], theirs.params, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(ours.covariance, theirs.cov_params(), rtol=1e-5, atol=1e-9)


def test_a_regression_without_terms_that_matter_finds_the_curve() -> None:
    """With a class alone the levels are the group's own pseudo-means: near its own curve, and exact with ``by``."""
    frame = trial()
    who = nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job")
    found = who.pseudo_regression([nav.Category("sex", reference="f")], 12, "incidence", by="sex")
    own = who.cumulative_incidence(by="sex").at(12)
    own = own[own["cause"] == "job"].set_index("group")["estimate"]
    values = who.pseudo_values(12, "incidence", by="sex")[12.0].groupby(frame["sex"]).mean()
    assert found.coefficients.iloc[0] == pytest.approx(values["f"], abs=1e-10)
    assert found.coefficients.iloc[1] == pytest.approx(values["m"] - values["f"], abs=1e-10)
    assert values.to_numpy() == pytest.approx(own[["f", "m"]].to_numpy(), abs=0.01)


def test_weights_count_people() -> None:
    """A person of weight two is two persons in the estimate of a regression."""
    frame = trial(60).assign(weight=lambda own: 1.0 + (own.index % 2))
    twice = frame.loc[frame.index.repeat(frame["weight"].astype(int))].reset_index(drop=True)
    one = nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", weight="weight")
    other = nav.Cohort.from_frame(twice, "time", "ending", endings=ENDINGS, outcome="job")
    fits = (who.pseudo_regression(["age"], 12, "incidence", method="infinitesimal") for who in (one, other))
    first, second = (fit.coefficients.to_numpy() for fit in fits)
    np.testing.assert_allclose(first, second, rtol=1e-9)
