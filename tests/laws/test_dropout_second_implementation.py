"""Dropout, multinomial endings and calibration against statsmodels, derivatives taken by number, and the jackknife."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special

import navoutcomes as nav
from navoutcomes.maths.discrimination import area, area_variance, brier
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import KINDS, covariance
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.generalised.multinomial import covariance as multinomial_covariance
from navoutcomes.maths.generalised.multinomial import fit as multinomial_fit
from navoutcomes.maths.marginal import averaged, contrast_variance, recentred, spread_of_people

ENDINGS = {"job": "job", "no_show": "no_show", "other": "other"}
ROOM = nav.Category("room", reference="x")


@cache
def frame(seed: int = 1, size: int = 300) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    made = pd.DataFrame(
        {
            "time": roll.integers(1, 300, size),
            "age": roll.normal(40, 9, size),
            "kids": roll.integers(0, 2, size),
            "room": roll.choice(["x", "y", "z"], size),
            "office": roll.integers(0, 14, size),
            "weight": roll.choice([1.0, 2.0], size),
        }
    )
    share = special.expit(-1 + 0.05 * (made["age"] - 40) + 0.8 * made["kids"])
    left = np.where(roll.random(size) < 0.5, "job", "other")
    return made.assign(ending=np.where(roll.random(size) < share, "no_show", left))


def cohort(made: pd.DataFrame | None = None, **roles: str) -> nav.Cohort:
    return nav.Cohort.from_frame(
        frame() if made is None else made, "time", "ending", endings=ENDINGS, outcome="job", **roles
    )


def columns() -> tuple[np.ndarray, np.ndarray]:
    made = frame()
    return made[["age", "kids"]].to_numpy(dtype=float), (made["ending"] == "no_show").to_numpy(dtype=float)


def of(found: nav.Dropout, measure: str) -> pd.DataFrame:
    table = found.table
    return table[table["measure"] == measure].set_index("term")


def test_ratios_equal_statsmodels() -> None:
    x, y = columns()
    found = cohort().dropout(["age", "kids"])
    theirs = sm.GLM(y, sm.add_constant(x), family=sm.families.Poisson()).fit(cov_type="HC3")
    np.testing.assert_allclose(np.log(of(found, "risk ratio")["estimate"]), theirs.params[1:], rtol=1e-6)
    # Their HC3 for a GLM leaves the leverage of weighted rows out; HC0 is the same in both.
    plain = sm.GLM(y, sm.add_constant(x), family=sm.families.Poisson()).fit(cov_type="HC0")
    ours = of(cohort().dropout(["age", "kids"], errors="hc0"), "risk ratio")
    np.testing.assert_allclose(ours["std_error"], plain.bse[1:], rtol=1e-6)
    logit = sm.Logit(y, sm.add_constant(x)).fit(disp=0)
    np.testing.assert_allclose(np.log(of(found, "odds ratio")["estimate"]), logit.params[1:], rtol=1e-6)


def test_a_discrete_margin_equals_statsmodels() -> None:
    x, y = columns()
    theirs = sm.Logit(y, sm.add_constant(x)).fit(disp=0).get_margeff(dummy=True)
    ours = of(cohort().dropout(["age", "kids"], errors="model"), "risk difference").loc["kids"]
    np.testing.assert_allclose(
        [ours["estimate"], ours["std_error"]], [theirs.margeff[1], theirs.margeff_se[1]], rtol=1e-6
    )


def test_slopes_of_averages_are_derivatives() -> None:
    x, _ = columns()
    at, mass, there = np.array([-3.0, 0.05, 0.8]), np.linspace(0.5, 2, len(x)), x + np.array([0, 1])
    for name in ("difference", "log_ratio"):

        def value(beta: np.ndarray, name: str = name) -> float:
            return getattr(averaged(there, x, beta, mass), name)[0]

        _, slope, own = getattr(averaged(there, x, at, mass), name)
        step = 1e-6
        by_number = [(value(at + step * e) - value(at - step * e)) / (2 * step) for e in np.eye(3)]
        np.testing.assert_allclose(slope, by_number, rtol=1e-6)
        # A person's own part is how the average moves with that person's weight.
        more = mass.copy()
        more[7] += 1e-5
        moved = (getattr(averaged(there, x, at, more), name)[0] - value(at)) / 1e-5
        np.testing.assert_allclose(own[7] / mass.sum(), moved, rtol=1e-3)


def test_the_error_of_a_difference_is_that_of_leaving_each_person_out() -> None:
    x, y = columns()
    there, here = x.copy(), x.copy()
    there[:, 1], here[:, 1] = 1, 0

    def value(keep: np.ndarray) -> float:
        made = fit(Observations(np.ascontiguousarray(x[keep]), y[keep]))
        return averaged(there[keep], here[keep], made.coefficients, np.ones(int(keep.sum()))).difference[0]

    each = [value(np.arange(len(y)) != at) for at in range(len(y))]
    jackknife = np.sqrt((len(y) - 1) * np.var(each))
    ours = of(cohort().dropout(["age", "kids"]), "risk difference").loc["kids", "std_error"]
    assert ours == pytest.approx(jackknife, rel=0.02)


def test_with_offices_a_contrast_of_one_coefficient_has_cr2s_error_and_degrees() -> None:
    x, y = columns()
    codes = frame()["office"].to_numpy()
    seen = Observations(np.ascontiguousarray(x), y)
    model = fit(seen)
    for kind in ("cr0", "cr1", "cr2", "hc3", "model"):
        spread = covariance(seen, model, kind, codes)
        found = contrast_variance(seen, model, spread, kind, codes, np.array([0.0, 0.0, 1.0]))
        assert found == pytest.approx((spread.matrix[2, 2], spread.df[2] if kind == "cr2" else spread.df.min()))


def test_with_offices_the_error_is_near_that_of_leaving_each_office_out() -> None:
    x, y = columns()
    codes = frame()["office"].to_numpy()
    there, here = x.copy(), x.copy()
    there[:, 1], here[:, 1] = 1, 0

    def value(keep: np.ndarray) -> float:
        made = fit(Observations(np.ascontiguousarray(x[keep]), y[keep]))
        return averaged(there[keep], here[keep], made.coefficients, np.ones(int(keep.sum()))).difference[0]

    each = [value(codes != at) for at in range(14)]
    ours = of(cohort(cluster="office").dropout(["age", "kids"]), "risk difference").loc["kids", "std_error"]
    # CR2 lies between CR0 and the jackknife, which is CR3.
    assert 0.88 * np.sqrt(13 * np.var(each)) < ours < 1.03 * np.sqrt(13 * np.var(each))


def test_weights_are_persons_again_where_nothing_but_the_estimates_is_asked() -> None:
    made = frame()
    twice = made.loc[made.index.repeat(made["weight"].astype(int))].reset_index(drop=True)
    one = cohort(made, weight="weight").dropout(["age", ROOM]).table.iloc[3:]
    other = cohort(twice).dropout(["age", ROOM]).table.iloc[3:]
    np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-8)


def test_flic_predicts_as_many_as_were_seen_and_leaves_ordinary_estimates_alone() -> None:
    x, y = columns()
    seen = Observations(np.ascontiguousarray(x), y)
    model = fit(seen)
    at, matrix = recentred(seen, model.coefficients, model.model_covariance)
    np.testing.assert_allclose(at, model.coefficients, rtol=1e-7)
    np.testing.assert_allclose(matrix, model.model_covariance, rtol=1e-5, atol=1e-9)
    moved, _ = recentred(seen, np.array([5.0, 0.02, 0.3]), model.model_covariance)
    assert special.expit(moved[0] + x @ moved[1:]).sum() == pytest.approx(y.sum())


def test_multinomial_equals_statsmodels() -> None:
    made = frame()
    found = cohort().multinomial(["age", "kids"], "other", errors="model")
    y = made["ending"].map({"other": 0, "job": 1, "no_show": 2})
    theirs = sm.MNLogit(y, sm.add_constant(made[["age", "kids"]])).fit(disp=0)
    np.testing.assert_allclose(found.table["estimate"], theirs.params.to_numpy().T.ravel(), rtol=1e-5)
    np.testing.assert_allclose(found.table["std_error"], theirs.bse.to_numpy().T.ravel(), rtol=1e-5)
    assert found.log_likelihood == pytest.approx(theirs.llf)


@pytest.mark.parametrize("kind", KINDS)
def test_two_endings_are_a_logistic_regression(kind: str) -> None:
    made = frame().assign(ending=frame()["ending"].replace("other", "job"))
    endings = {"job": "job", "no_show": "no_show"}
    both = nav.Cohort.from_frame(made, "time", "ending", endings=endings, outcome="job", cluster="office")
    ours = both.multinomial(["age", ROOM], "no_show", errors=kind).table
    theirs = both.logistic(["age", ROOM], errors=kind).table
    numbers = ["estimate", "std_error", "p_value", "conf_low", "conf_high"]
    np.testing.assert_allclose(ours[numbers], theirs[numbers], rtol=1e-8)


def test_which_ending_is_the_reference_changes_only_what_is_compared() -> None:
    one, other = (cohort().multinomial(["age", "kids"], name) for name in ("other", "job"))
    np.testing.assert_allclose(
        one.coefficients["no_show", "age"] - one.coefficients["job", "age"], other.coefficients["no_show", "age"]
    )
    both = one.covariance
    apart = both.loc["no_show: age", "no_show: age"] + both.loc["job: age", "job: age"]
    apart -= 2 * both.loc["no_show: age", "job: age"]
    np.testing.assert_allclose(apart, other.covariance.loc["no_show: age", "no_show: age"], rtol=1e-8)


def test_multinomial_hc3_is_that_of_leaving_each_person_out() -> None:
    made = frame().iloc[:150]
    x = np.ascontiguousarray(made[["age", "kids"]].to_numpy(dtype=float))
    code = made["ending"].map({"job": 0, "no_show": 1, "other": 2}).to_numpy()
    model = multinomial_fit(x, code, 3)
    ours = np.sqrt(np.diag(multinomial_covariance(model, "hc3").matrix))
    each = []
    for at in range(len(code)):
        keep = np.arange(len(code)) != at
        each.append(multinomial_fit(np.ascontiguousarray(x[keep]), code[keep], 3).coefficients.ravel())
    np.testing.assert_allclose(ours, np.sqrt((len(code) - 1) * np.var(each, axis=0)), rtol=0.03)


def test_endings_by_a_time_include_those_still_there() -> None:
    found = cohort().multinomial(["age"], "followed", at=150)
    made = frame()
    assert dict(found.counted)["followed"] == int((made["time"] > 150).sum())
    assert sum(number for _, number in found.counted) == len(made)


def test_area_equals_every_pair_and_its_error_the_jackknife() -> None:
    _, y = columns()
    share = np.round(cohort().dropout(["age", "kids"]).model.share, 2)
    value, placing = area(share, y)
    above = np.sign(share[y > 0][:, None] - share[y == 0][None]) / 2 + 0.5
    assert value == pytest.approx(above.mean())
    each = [area(np.delete(share, at), np.delete(y, at))[0] for at in range(len(y))]
    assert np.sqrt(area_variance(placing, y)) == pytest.approx(np.sqrt((len(y) - 1) * np.var(each)), rel=0.01)
    alone = area_variance(placing, y, np.arange(len(y)))
    assert np.sqrt(alone) == pytest.approx(np.sqrt(area_variance(placing, y)), rel=0.01)


def test_briers_error_is_that_of_a_mean() -> None:
    _, y = columns()
    share = np.linspace(0.05, 0.9, len(y))
    value, variance = brier(share, y)
    each = (share - y) ** 2
    assert (value, variance) == pytest.approx((each.mean(), each.var(ddof=1) / len(y)))


def test_calibration_on_others_equals_statsmodels() -> None:
    made = frame(2)
    model, others = cohort().dropout(["age", "kids"]), cohort(made)
    found = nav.calibration(model, others).table.set_index("measure")
    y = (made["ending"] == "no_show").to_numpy(dtype=float)
    linear = model.model.predicting[0] + made[["age", "kids"]].to_numpy() @ model.model.predicting[1:]
    steep = sm.Logit(y, sm.add_constant(linear)).fit(disp=0)
    level = sm.GLM(y, np.ones(len(y)), family=sm.families.Binomial(), offset=linear).fit()
    assert found.loc["calibration slope", "estimate"] == pytest.approx(steep.params[1], rel=1e-6)
    assert found.loc["calibration in the large", "estimate"] == pytest.approx(level.params[0], rel=1e-6)
    assert found.loc["calibration slope", "std_error"] == pytest.approx(steep.bse[1], rel=0.15)


def test_the_same_seed_gives_the_same_correction_and_noise_is_seen_through() -> None:
    """Twelve columns that say nothing: the model thinks it tells people apart; corrected, it hardly does."""
    roll = np.random.default_rng(5)
    made = frame(3, 150).assign(**{f"noise_{at}": roll.normal(size=150) for at in range(12)})
    made["ending"] = roll.choice(["no_show", "job", "other"], 150)
    model = cohort(made).dropout([f"noise_{at}" for at in range(12)])
    one, other = (nav.calibration(model, rng=9, replicates=60).table for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    table = one.set_index("measure")["estimate"]
    assert table["area under the curve"] > 0.6
    assert abs(table["area under the curve, corrected for optimism"] - 0.5) < 0.08
    assert table["calibration slope, corrected for optimism"] < 0.7
    assert spread_of_people(np.zeros(3), np.ones(3), None) == 0
