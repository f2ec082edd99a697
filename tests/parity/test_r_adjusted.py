"""LaLonde's men: the experiment's 1,794 dollars, and what weights make of men who were never in it, as R says.

R's files ``balance_lalonde``, ``glm_lalonde_ipw``, ``glm_ate_cd_nsw_mixtape`` and ``glm_ate_daag_nswdemo``; the numbers
that have no people of ours behind them stand in the reference folder with the data.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference_files import FOLDER, MISSING, raw

import navoutcomes as nav

if FOLDER is None:
    pytestmark = MISSING
TERMS = (
    nav.Number("age"),
    nav.Number("educ"),
    nav.Category("race", reference="black"),
    nav.Number("married"),
    nav.Number("nodegree"),
    nav.Number("re74"),
    nav.Number("re75"),
)


@cache
def men(file: str, arm: str = "treat", randomised: bool = False) -> nav.Cohort:
    """A file of men; time is of no interest here, everybody is seen for one unit of it."""
    frame = pd.read_csv(Path(str(FOLDER), "data", f"{file}.csv")).assign(seen=1.0, ended=1)
    return nav.Cohort.from_frame(
        frame, "seen", "ended", endings={1: "seen"}, outcome="seen", arm=arm, reference="0", randomised=randomised
    )


def lalonde() -> nav.Cohort:
    return men("matchit_lalonde")


def stored(name: str) -> dict:
    return raw(name)["results"]


def row(result: nav.AdjustedEffects, measure: str) -> pd.Series:
    return result.table.set_index("measure").loc[measure]


@pytest.mark.parametrize(
    ("reference", "file", "arm", "dollars"),
    [
        ("glm_ate_cd_nsw_mixtape", "cd_nsw_mixtape", "treat", 1794.342404),
        ("glm_ate_daag_nswdemo", "daag_nswdemo", "trt", 886.303731),
    ],
)
def test_the_experiment_equals_welch(reference: str, file: str, arm: str, dollars: float) -> None:
    found = row(men(file, arm, True).mean_difference("re78"), "mean difference")
    theirs = stored(reference)
    assert found["estimate"] == pytest.approx(dollars, abs=1e-5)
    assert found["estimate"] == pytest.approx(theirs["diff"], rel=1e-10)
    assert found["std_error"] == pytest.approx(theirs["welch"]["se"], rel=1e-10)
    assert [found["conf_low"], found["conf_high"]] == pytest.approx(theirs["welch"]["ci"], rel=1e-8)


def test_men_who_were_never_in_it_earned_more_before_anything_is_adjusted() -> None:
    """The naive answer of the textbook: minus 15,205 dollars (in thousands in the file)."""
    found = row(men("wd_jtrain3", "train").mean_difference("re78"), "mean difference")
    theirs = stored("glm_ate_wd_jtrain3")
    assert found["estimate"] == pytest.approx(theirs["diff"], rel=1e-10)
    assert found["std_error"] == pytest.approx(theirs["welch"]["se"], rel=1e-10)


@pytest.mark.parametrize(("target", "key"), [("ATT", "att"), ("ATE", "ate")])
def test_weighted_differences_equal_survey(target: str, key: str) -> None:
    """``survey::svyglm`` takes weights as known and multiplies the variance by n / (n - 1)."""
    made = lalonde().weights(TERMS, target=target)
    theirs = stored("glm_lalonde_ipw")[key]
    found = row(lalonde().mean_difference("re78", made, errors="fixed"), "adjusted mean difference")
    size = lalonde().persons
    assert found["estimate"] == pytest.approx(theirs["est"], rel=1e-7)
    assert found["std_error"] * np.sqrt(size / (size - 1)) == pytest.approx(theirs["se"], rel=1e-7)


def test_the_model_of_the_arm_and_its_probabilities_equal_r() -> None:
    theirs = stored("glm_lalonde_ipw")
    made = lalonde().weights(TERMS, target="ATT")
    model = made.weighed.model
    reordered = dict(zip(("(Intercept)", *made.given.columns), model.coefficients, strict=True))
    wanted = dict(zip(theirs["ps"]["terms"], theirs["ps"]["coef"], strict=True))
    named = {"racehispan": "race: hispan", "racewhite": "race: white"}
    for term, value in wanted.items():
        assert reordered[named.get(term, term)] == pytest.approx(value, rel=1e-6)
    summary = theirs["ps_summary"]
    assert made.scores.min() == pytest.approx(summary["Min."], rel=1e-7)
    assert made.scores.max() == pytest.approx(summary["Max."], rel=1e-7)
    assert np.median(made.scores) == pytest.approx(summary["Median"], rel=1e-7)
    table = made.table
    sizes = table.loc[table["measure"] == "effective sample size", "estimate"].to_numpy()
    assert sizes[0] == pytest.approx(theirs["ess_att"], rel=1e-7)


def test_balance_equals_match_it() -> None:
    rows = lalonde().balance(lalonde().weights(TERMS, target="ATT")).table.set_index(["term", "measure", "group"])
    values = rows["estimate"]
    for one in stored("balance_lalonde")["balance"]:
        term = one["var"]
        assert values[term, "mean before weighting", "1"] == pytest.approx(one["mean_t"], rel=1e-10)
        assert values[term, "mean before weighting", "0"] == pytest.approx(one["mean_c"], rel=1e-10)
        ours = values[term, "standardised mean difference before weighting", "1"]
        assert ours == pytest.approx(one["smd_binary_aware"], rel=1e-10)
        if term not in ("married", "nodegree"):
            ratio = values[term, "variance ratio before weighting", "1"]
            assert ratio == pytest.approx(one["var_ratio"], rel=1e-10)


def test_balance_after_weighting_equals_r() -> None:
    """R's file divides a trait of two values by the deviation with n - 1; ours by sqrt(p (1 - p)), as cobalt."""
    found = lalonde().balance(lalonde().weights(TERMS, target="ATT")).differences
    treated = int((lalonde().column("treat") == 1).sum())
    for one in stored("glm_lalonde_ipw")["balance"]:
        factor = np.sqrt((treated - 1) / treated) if one["var"] in ("married", "nodegree") else 1.0
        assert found.loc[one["var"], "before"] * factor == pytest.approx(one["raw"]["smd_sd_treated"], rel=1e-8)
        assert found.loc[one["var"], "after"] * factor == pytest.approx(
            one["att"]["smd_sd_treated"], rel=1e-5, abs=1e-9
        )


def test_entropy_balancing_leaves_no_difference_and_comes_near_the_experiment() -> None:
    """Hainmueller 2012: the experiment's 1,794 dollars lie within what the weighted men say."""
    made = lalonde().weights(TERMS, kind="entropy", target="ATT")
    assert lalonde().balance(made).differences["after"].abs().max() < 1e-8
    found = row(lalonde().mean_difference("re78", made), "adjusted mean difference")
    naive = row(lalonde().mean_difference("re78"), "mean difference")
    assert naive["estimate"] < 0 < found["estimate"]
    assert found["conf_low"] < 1794.34 < found["conf_high"]


def test_variances_with_the_weight_model_in_them_are_those_of_the_stacked_equations() -> None:
    """Logistic score and weighted means as one set of equations, differentiated numerically."""
    people = lalonde()
    made = people.weights(TERMS, target="ATT")
    found = row(people.mean_difference("re78", made), "adjusted mean difference")
    x = np.column_stack(
        [np.ones(people.persons), (made.given.x - made.given.x.mean(axis=0)) / made.given.x.std(axis=0)]
    )
    treated, earned = made.given.arm.astype(float), people.column("re78").to_numpy(dtype=float) / 1000

    def equations(theta: np.ndarray) -> np.ndarray:
        odds = np.exp(x @ theta[2:])
        score = odds / (1 + odds)
        weight = np.where(treated > 0, 1.0, odds)
        return np.column_stack(
            [
                treated * weight * (earned - theta[0]),
                (1 - treated) * weight * (earned - theta[1]),
                (treated - score)[:, None] * x,
            ]
        )

    from scipy.optimize import root

    start = np.concatenate([[6.0, 5.0], np.zeros(x.shape[1])])
    theta = root(lambda at: equations(at).mean(axis=0), start, tol=1e-13).x
    steps = 1e-6 * np.eye(len(theta))
    bread = np.column_stack(
        [(equations(theta + h).sum(axis=0) - equations(theta - h).sum(axis=0)) / 2e-6 for h in steps]
    )
    pulls = equations(theta) @ np.linalg.inv(bread).T
    spread = pulls.T @ pulls
    error = np.sqrt(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1])
    assert found["estimate"] / 1000 == pytest.approx(theta[0] - theta[1], rel=1e-7)
    assert found["std_error"] / 1000 == pytest.approx(error, rel=1e-5)


def test_means_after_weighting_and_differences_over_both_arms_equal_r() -> None:
    """Without weights both arms' deviations divide. R's has n - 1 also for a trait of two values, ours as cobalt."""
    people = lalonde()
    after = people.balance(people.weights(TERMS, target="ATT")).table.set_index(["term", "measure", "group"])[
        "estimate"
    ]
    plain = people.balance(terms=TERMS).differences["before"]
    sizes = people.column("treat").value_counts()
    for one in stored("glm_lalonde_ipw")["balance"]:
        term, before, att = one["var"], one["raw"], one["att"]
        for group in "10":
            assert after[term, "mean after weighting", group] == pytest.approx(att[f"mean{group}"], rel=1e-6)
        factor = 1.0
        if term in ("married", "nodegree"):
            share = {1: before["mean1"], 0: before["mean0"]}
            own = {arm: share[arm] * (1 - share[arm]) for arm in (0, 1)}
            wide = {arm: own[arm] * sizes[arm] / (sizes[arm] - 1) for arm in (0, 1)}
            factor = np.sqrt(sum(own.values()) / sum(wide.values()))
        assert plain[term] * factor == pytest.approx(before["smd_pooled"], rel=1e-9)


def test_quartiles_of_the_probabilities_equal_r() -> None:
    summary = stored("glm_lalonde_ipw")["ps_summary"]
    found = lalonde().weights(TERMS, target="ATT").scores
    for share, name in ((0.25, "1st Qu."), (0.75, "3rd Qu.")):
        assert np.quantile(found, share) == pytest.approx(summary[name], rel=1e-6)
    # The score equations make the mean the share of the treated; R had not quite solved them.
    assert found.mean() == pytest.approx(summary["Mean"], rel=1e-8)
    assert found.mean() == pytest.approx(185 / 614, rel=1e-12)
