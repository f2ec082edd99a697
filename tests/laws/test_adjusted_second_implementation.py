"""Weights, curves and shares made a second time: by statsmodels, by scipy's minimiser, and by loops over people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from some_arms import TERMS, cohort, frame, numbers

import navoutcomes as nav


def rows(lost: bool = True, size: int = 140) -> pd.DataFrame:
    return frame(size, 12, lost=lost, weights=False)


def treated(people: pd.DataFrame) -> np.ndarray:
    return (people["arm"] == "IPS").to_numpy()


def score(people: pd.DataFrame) -> np.ndarray:
    model = sm.GLM(treated(people).astype(float), sm.add_constant(people[TERMS]), family=sm.families.Binomial())
    return model.fit(tol=1e-14, maxiter=200).fittedvalues.to_numpy()


def incidence(people: pd.DataFrame, weight: np.ndarray, upto: float) -> float:
    """Aalen-Johansen by a loop; ``weight`` (n,) or, by time, (n, times)."""
    stay, share = 1.0, 0.0
    times = sorted(people["time"].unique())
    for place, time in enumerate(times):
        if time > upto:
            break
        now = weight if weight.ndim == 1 else weight[:, place]
        risk = now[people["time"] >= time].sum()
        at = (people["time"] == time).to_numpy()
        ended, job = (people["ending"] > 0).to_numpy(), (people["ending"] == 1).to_numpy()
        share += stay * now[at & job].sum() / risk
        stay *= 1 - now[at & ended].sum() / risk
    return share


@pytest.mark.parametrize("target", ["ATE", "ATT", "ATC", "overlap"])
def test_weights_from_statsmodels(target: str) -> None:
    people, e, a = rows(), score(rows()), treated(rows())
    theirs = {
        "ATE": np.where(a, 1 / e, 1 / (1 - e)),
        "ATT": np.where(a, 1, e / (1 - e)),
        "ATC": np.where(a, (1 - e) / e, 1),
        "overlap": np.where(a, 1 - e, e),
    }[target]
    kind = "overlap" if target == "overlap" else "iptw"
    made = cohort(people).weights(TERMS, kind=kind, target=target, stabilise=False)
    np.testing.assert_allclose(made.values, theirs, rtol=1e-8)
    who = made.people
    ours = numbers(who.adjusted_contrast(made, at=[4, 8], errors="fixed"))
    for arm, inside in enumerate((~a, a)):
        by_hand = [incidence(people[inside], theirs[inside], upto) for upto in (4, 8)]
        np.testing.assert_allclose(ours[arm], by_hand, rtol=1e-8)


@pytest.mark.parametrize("target", ["ATE", "ATT"])
def test_entropy_weights_from_a_minimiser(target: str) -> None:
    people, a = rows(), treated(rows())
    x = people[TERMS].to_numpy()
    means = x.mean(axis=0) if target == "ATE" else x[a].mean(axis=0)
    made = cohort(people).weights(TERMS, kind="entropy", target=target)
    apart = x[~a] - means

    def height(beta: np.ndarray) -> float:
        return float(np.log(np.exp(apart @ beta).sum()))

    best = minimize(height, np.zeros(2), method="BFGS", options={"gtol": 1e-10})
    theirs = np.exp(apart @ best.x)
    np.testing.assert_allclose(made.values[~a], theirs / theirs.mean(), rtol=1e-5)


@pytest.mark.parametrize("separate", [True, False])
def test_standardised_odds_from_statsmodels(separate: bool) -> None:
    people, a = rows(lost=False), treated(rows(lost=False))
    happened = ((people["time"] <= 5) & (people["ending"] == 1)).to_numpy(dtype=float)
    x = sm.add_constant(people[TERMS]).to_numpy()
    theirs = []
    for arm in (False, True):
        if separate:
            model = sm.GLM(happened[a == arm], x[a == arm], family=sm.families.Binomial()).fit(tol=1e-14)
            theirs.append(model.predict(x).mean())
        else:
            model = sm.GLM(happened, np.column_stack([x, a]), family=sm.families.Binomial()).fit(tol=1e-14)
            theirs.append(model.predict(np.column_stack([x, np.full(len(x), float(arm))])).mean())
    ours = numbers(cohort(people).standardise(TERMS, at=5, model="logistic", separate=separate))[:, 0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_one_cox_model_for_both_arms_is_what_predict_gives_on_average() -> None:
    """The public ``predict`` for everybody in the one arm and in the other, averaged."""
    people = rows()
    who = cohort(people)
    models = who.cause_specific([nav.Category("arm", reference="Standard"), *map(nav.Number, TERMS)])
    ours = numbers(who.standardise(TERMS, at=6, separate=False))[:, 0]
    for place, arm in enumerate(("Standard", "IPS")):
        profiles = people[TERMS].assign(arm=arm)
        table = nav.predict(models, profiles, at=6).table
        assert ours[place] == pytest.approx(table.loc[table["cause"] == "job", "estimate"].mean(), rel=1e-9)


def test_weights_for_those_lost_by_a_loop_over_people_and_months() -> None:
    """Cox's model of being lost, of those who had not ended by then, one arm at a time."""
    people = rows(size=220)
    who = cohort(people)
    made, gone = who.weights(TERMS), who.weights(TERMS, kind="ipcw")
    ours = numbers(who.adjusted_contrast(made, at=[4, 8], censoring=gone, errors="fixed"))
    own = np.ones(len(people))
    for place, arm in enumerate(("Standard", "IPS")):
        inside = (people["arm"] == arm).to_numpy()
        part = people[inside].reset_index(drop=True)
        times = sorted(part["time"].unique())
        lost = (part["ending"] == 0) & (part["time"] < part["time"].max())
        shifted = part.assign(twice=2 * part["time"] + (part["ending"] == 0), lost=lost.astype(int))
        model = nav.Cohort.from_frame(shifted, "twice", "lost", endings={0: None, 1: "lost"}, outcome="lost").cox(TERMS)
        weight = np.empty((len(part), len(times)))
        for at, time in enumerate(times):
            staying = nav.predict(model, part[TERMS], at=max(0.0, 2 * time - 0.5)).table["estimate"].to_numpy()
            weight[:, at] = 1 / staying
        last = [times.index(one) for one in part["time"]]
        own[inside] = weight[np.arange(len(part)), last]
        by_hand = [incidence(part, weight * made.values[inside][:, None], upto) for upto in (4, 8)]
        np.testing.assert_allclose(ours[place], by_hand, rtol=1e-8)
    np.testing.assert_allclose(gone.values, own, rtol=1e-8)


def test_a_bootstrap_finds_the_error_of_the_pulls() -> None:
    """Persons drawn 400 times with the weights made again: within a tenth of the formula's error with 400 persons."""
    who = cohort(frame(400, 13, weights=False))
    made = who.weights(TERMS)
    drawn = who.adjusted_contrast(made, at=5, errors="bootstrap", replicates=400, rng=3).table
    pulled = who.adjusted_contrast(made, at=5).table
    for measure in ("adjusted risk difference", "adjusted risk ratio"):
        a, b = (one.set_index("measure").loc[measure] for one in (drawn, pulled))
        assert a["estimate"] == pytest.approx(b["estimate"], rel=1e-12)
        assert a["std_error"] == pytest.approx(b["std_error"], rel=0.1)
        assert a["conf_low"] == pytest.approx(b["conf_low"], abs=0.35 * b["std_error"] * max(1, b["estimate"]))
