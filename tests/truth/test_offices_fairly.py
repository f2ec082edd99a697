"""Three offices by hand, numpy again, and simulated offices of which one is better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import navoutcomes as nav
from navoutcomes.maths import funnel


def cohort(frame: pd.DataFrame) -> nav.Cohort:
    roles = {"cluster": "office", "origin": nav.Origin(synthetic=True)}
    return nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", **roles)


def offices(roll: np.random.Generator, spread: float, number: int = 16, better: float = 0.0) -> pd.DataFrame:
    size = roll.integers(8, 160, number)
    own = roll.normal(0, spread, number) if spread else np.zeros(number)
    own[4] += better
    office = np.repeat(np.arange(number), size)
    age = roll.normal(40, 9, len(office)) + 3 * (office % 3)
    chance = 1 / (1 + np.exp(0.8 + 0.03 * (age - 40) - own[office]))
    ended = roll.random(len(office)) < chance
    time = np.where(ended, roll.integers(1, 365, len(office)), 365)
    return pd.DataFrame({"time": time, "ending": ended.astype(int), "office": office, "age": age})


def rows(found: nav.OfficeComparison, measure: str) -> pd.DataFrame:
    table = found.table
    return table[table["measure"] == measure].reset_index(drop=True)


def test_three_offices_by_hand() -> None:
    """2 of 4, 1 of 4 and 3 of 4: of the first 1/2 was expected, of the second 5/8, of the third 3/8."""
    ending = [1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0]
    frame = pd.DataFrame(
        {"time": [5 if one else 10 for one in ending], "ending": ending, "office": list("aaaabbbbcccc")}
    )
    found = cohort(frame).office_comparison(at=9)
    assert rows(found, "observed share")["estimate"].tolist() == pytest.approx([2 / 4, 1 / 4, 3 / 4])
    assert rows(found, "expected share")["estimate"].tolist() == pytest.approx([4 / 8, 5 / 8, 3 / 8])
    error = rows(found, "difference in shares")["std_error"]
    squares = sum((y - p) ** 2 for y, p in zip(ending, np.repeat([0.5, 0.625, 0.375], 4), strict=True))
    wider = squares / (4 * (0.25 + 15 / 64 + 15 / 64))
    assert error[1] == pytest.approx(np.sqrt(wider * (15 / 64) / 4))
    assert found.dispersion == 1.0


def test_the_expectation_is_that_of_a_logistic_model_without_the_office() -> None:
    frame = offices(np.random.default_rng(1), 0.3)
    found = cohort(frame).office_comparison(["age"], at=364)
    for office in (0, 7):
        others = frame[frame["office"] != office]
        model = sm.Logit(others["ending"], sm.add_constant(others[["age"]])).fit(disp=0)
        own = sm.add_constant(frame.loc[frame["office"] == office, ["age"]], has_constant="add")
        expected = rows(found, "expected share").set_index("group").loc[str(office), "estimate"]
        assert expected == pytest.approx(float(model.predict(own).mean()), abs=1e-8)


def test_the_spread_is_reckoned_as_spiegelhalter_did() -> None:
    z = np.array([-4.0, -1.5, -1.0, -0.5, 0.0, 0.2, 0.5, 1.0, 1.5, 2.0, 6.0])
    low, high = np.quantile(z, [0.1, 0.9])
    assert funnel.overdispersion(z) == pytest.approx(np.mean(np.minimum(np.maximum(z, low), high) ** 2))
    assert funnel.overdispersion(z[:9]) == 1.0
    assert funnel.overdispersion(z / 10) == 1.0


def test_the_variance_between_is_that_of_dersimonian_and_laird() -> None:
    d, s = np.array([0.1, -0.2, 0.3, 0.0]), np.array([0.05, 0.1, 0.08, 0.2])
    w = 1 / s**2
    q = (w * (d - (w * d).sum() / w.sum()) ** 2).sum()
    expected = max(0, (q - 3) / (w.sum() - (w**2).sum() / w.sum()))
    assert funnel.between(d, s) == pytest.approx(expected)
    near, error = funnel.shrunk(d, s, expected)
    assert near == pytest.approx(d * expected / (expected + s**2))
    assert error == pytest.approx(np.sqrt(expected * s**2 / (expected + s**2)))


def test_offices_that_do_not_differ_are_rarely_outside() -> None:
    roll, outside, total = np.random.default_rng(7), 0, 0
    for _ in range(60):
        found = cohort(offices(roll, 0.0)).office_comparison(["age"], at=364)
        far = rows(found, "difference in shares")
        outside += int((far["estimate"].abs() > found.limits(far["at_risk"].to_numpy(), 0.95)).sum())
        total += len(far)
    assert outside / total == pytest.approx(0.05, abs=0.03)


def test_an_office_that_is_better_is_seen_and_offices_that_spread_widen_the_limits() -> None:
    roll = np.random.default_rng(3)
    even = cohort(offices(roll, 0.0, better=2.5)).office_comparison(["age"], at=364)
    far = rows(even, "difference in shares").set_index("group")
    assert far["estimate"].idxmax() == "4"
    assert far.loc["4", "estimate"] > even.limits(far.loc["4", "at_risk"], 0.998)
    spread = cohort(offices(roll, 0.6)).office_comparison(["age"], at=364)
    assert spread.dispersion > 1.5 > even.dispersion
    assert spread.between > even.between


def test_the_figure_draws_what_was_estimated() -> None:
    found = cohort(offices(np.random.default_rng(3), 0.2, better=1.5)).office_comparison(["age"], at=364)
    far = rows(found, "difference in shares")
    for language, word in (("nb", "kontorer"), ("nn", "kontor"), ("en", "offices")):
        axes = nav.show.funnel(found, own="2", language=language)
        inked = {tuple(point) for line in axes.lines if line.get_marker() in "os" for point in line.get_xydata()}
        expected = {(row["at_risk"], round(100 * row["estimate"], 6)) for _, row in far.iterrows()}
        assert inked == expected
        assert word in axes.drawn.title
        assert axes.drawn.alt.count(" 2: ") == 1
        assert any(text.get_text() == "2" for text in axes.texts)


def test_what_is_refused() -> None:
    frame = offices(np.random.default_rng(1), 0.3)
    for people, how, key in (
        (cohort(frame), {}, "times_needed"),
        (cohort(frame[frame["office"] < 2]), {"at": 364}, "offices_too_few"),
        (cohort(frame), {"at": 364, "terms": ["age", nav.Number("time")], "cause": "none"}, "cause_unknown"),
    ):
        with pytest.raises(nav.DesignProblem) as refused:
            people.office_comparison(**how)
        assert refused.value.key == key
    with pytest.raises(nav.DesignProblem) as refused:
        nav.show.funnel(cohort(frame).office_comparison(at=364), own="Xy")
    assert refused.value.key == "office_unknown"
