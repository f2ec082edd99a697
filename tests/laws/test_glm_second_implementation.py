"""Odds, rates and hazards by period against a second way to reckon them, on people at random: ties, entry, weights,
offices. The second way is statsmodels where it is right, and slow loops with a row a person and period where it is not.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

import navoutcomes as nav
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import KINDS, covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.hazards.discrete_hazard_time import periods_at_risk

FAMILIES = {
    "logit": sm.families.Binomial(),
    "cloglog": sm.families.Binomial(sm.families.links.CLogLog()),
    "probit": sm.families.Binomial(sm.families.links.Probit()),
    "log": sm.families.Poisson(),
}
SOME, MANY = 40, 500


def drawn(seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray, np.ndarray]:
    """Columns on different scales, weights, and codes of clusters without gaps."""
    roll = np.random.default_rng(seed)
    n, p = int(roll.integers(40, 160)), int(roll.integers(1, 5))
    # The second way inverts uncentred matrices; columns much farther from 0 than they are wide would be its own error.
    scale = 10.0 ** roll.integers(-2, 3, p)
    columns = (roll.normal(size=(n, p)) + roll.integers(0, 8, p)) * scale
    columns[:, 0] = roll.integers(0, 2, n)
    codes = np.unique(roll.integers(0, int(roll.integers(6, 15)), n), return_inverse=True)[1]
    return roll, columns, roll.choice([0.5, 1.0, 2.0], n), codes


def models(link: str, seeds: range) -> Iterator[tuple[Observations, np.ndarray, sm.GLM]]:
    for seed in seeds:
        roll, columns, weight, codes = drawn(seed)
        chance = 0.2 + 0.5 * roll.random(len(weight))
        offset = None
        if link == "log":
            offset = np.log(roll.integers(1, 20, len(weight)))
            response = roll.poisson(0.3 * np.exp(offset) ** 0.5).astype(float)
        else:
            response = (roll.random(len(weight)) < chance).astype(float)
        seen = Observations(columns, response, weight, offset)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = sm.GLM(response, sm.add_constant(columns, has_constant="add"), FAMILIES[link],
                            offset=offset, freq_weights=weight)  # fmt: skip
        yield seen, codes, theirs


def same(ours: np.ndarray, theirs: np.ndarray, scale: np.ndarray) -> None:
    """Equal to 1e-8 of a standard error: coefficients of columns of any size."""
    np.testing.assert_allclose(np.asarray(ours) / scale, np.asarray(theirs) / scale, atol=1e-8, rtol=1e-8)


def compare(link: str, seeds: range) -> int:
    """Coefficients, likelihood and every standard error against statsmodels; how many had an answer."""
    told = 0
    for seen, codes, theirs in models(link, seeds):
        try:
            found = fit(seen, link)
        except Unfit as unfit:
            assert unfit.kind == "separated"
            continue
        told += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = theirs.fit(start_params=found.coefficients, tol=1e-13, tol_criterion="params", maxiter=200)
        scale = np.sqrt(np.diag(found.model_covariance))
        same(found.coefficients, fitted.params, scale)
        same(np.sqrt(np.diag(found.model_covariance)), fitted.bse, scale)
        assert found.log_likelihood == pytest.approx(fitted.llf, rel=1e-10)
        by_hand(seen, found.coefficients, link, codes, {kind: covariance(seen, found, kind, codes) for kind in KINDS})
    return told


def by_hand(seen: Observations, beta: np.ndarray, link: str, codes: np.ndarray, made: dict) -> None:
    """The sandwiches in full matrices, the roots of which are taken a cluster at a time."""
    x = np.column_stack([np.ones(len(seen)), seen.columns])
    n, q, clusters = *x.shape, int(codes.max()) + 1
    family = FAMILIES[link]
    eta = x @ beta + (0 if seen.offset is None else seen.offset)
    mu = family.link.inverse(eta)
    slope, spread = family.link.inverse_deriv(eta), family.variance(mu)
    score, mass = seen.mass * (seen.response - mu) * slope / spread, seen.mass * slope**2 / spread
    inverse = np.linalg.inv((x * mass[:, None]).T @ x)
    hat = mass * ((x @ inverse) * x).sum(axis=1)
    for kind, power in (("hc0", 0), ("hc1", 0), ("hc2", 1), ("hc3", 2)):
        meat = (x * (score**2 / (1 - hat) ** power)[:, None]).T @ x * (n / (n - q) if kind == "hc1" else 1)
        check(made[kind].matrix, inverse @ meat @ inverse)
    sums = np.array([(x * score[:, None])[codes == g].sum(axis=0) for g in range(clusters)])
    cr0 = inverse @ sums.T @ sums @ inverse
    check(made["cr0"].matrix, cr0)
    check(made["cr1"].matrix, cr0 * clusters / (clusters - 1) * (n - 1) / (n - q))
    z, rest = x * np.sqrt(mass)[:, None], score / np.sqrt(mass)
    left = np.eye(n) - z @ inverse @ z.T
    meat, pulled = np.zeros((q, q)), []
    for g in range(clusters):
        rows = np.flatnonzero(codes == g)
        values, vectors = np.linalg.eigh(left[np.ix_(rows, rows)])
        root = vectors @ np.diag(np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-9)), 0)) @ vectors.T
        own = z[rows].T @ root @ rest[rows]
        meat += np.outer(own, own)
        pulled.append(left[:, rows] @ root @ z[rows] @ inverse)
    check(made["cr2"].matrix, inverse @ meat @ inverse)
    for k in range(q):
        products = np.array([one[:, k] for one in pulled]) @ np.array([one[:, k] for one in pulled]).T
        assert made["cr2"].df[k] == pytest.approx(np.trace(products) ** 2 / (products**2).sum(), rel=1e-6)


def check(ours: np.ndarray, theirs: np.ndarray) -> None:
    scale = np.sqrt(np.diag(theirs))
    np.testing.assert_allclose(ours / np.outer(scale, scale), theirs / np.outer(scale, scale), atol=1e-8)


@pytest.mark.parametrize("link", list(FAMILIES))
def test_models_equal_statsmodels_and_full_matrices(link: str) -> None:
    assert compare(link, range(SOME)) > 0.9 * SOME


@pytest.mark.full
@pytest.mark.parametrize("link", list(FAMILIES))
def test_models_equal_statsmodels_on_many(link: str) -> None:
    assert compare(link, range(SOME, SOME + MANY)) > 0.9 * MANY


def people(seed: int, several: bool = False) -> tuple[pd.DataFrame, float]:
    """Persons with times that are whole or not, and the length of a period; with ``several``, cut in pieces."""
    roll = np.random.default_rng(seed)
    n = int(roll.integers(60, 160))
    time = roll.integers(1, 13, n) / roll.choice([1, 2])
    entry = np.where(roll.random(n) < 0.3, np.floor(time * roll.random(n) * 4) / 4, 0.0)
    frame = pd.DataFrame({"time": time, "entry": np.minimum(entry, time - 0.25).clip(0), "age": roll.normal(40, 8, n)})
    frame["woman"] = roll.integers(0, 2, n)
    frame["ending"] = roll.choice([None, "job", "other"], n, p=[0.3, 0.45, 0.25])
    frame["weight"], frame["office"] = roll.choice([0.5, 1.0, 2.0], n), roll.integers(0, 8, n)
    frame["person"] = np.arange(n)
    if several:
        frame = cut(frame, roll)
    return frame, float(roll.choice([1.0, 2.0, 1.5]))


def cut(frame: pd.DataFrame, roll: np.random.Generator) -> pd.DataFrame:
    """Each person in pieces of which only the last ends, and whose age moves on."""
    rows = []
    for one in frame.to_dict("records"):
        places = np.sort(roll.uniform(one["entry"], one["time"], roll.integers(0, 3)))
        stops = [*places, one["time"]]
        for at, (low, high) in enumerate(zip([one["entry"], *places], stops, strict=True)):
            last = at == len(stops) - 1
            rows.append({**one, "entry": low, "time": high, "ending": one["ending"] if last else None,
                         "age": one["age"] + at})  # fmt: skip
    return pd.DataFrame(rows)


def cohort(frame: pd.DataFrame, offices: bool = True, weights: bool = True) -> nav.Cohort:
    return nav.Cohort.from_frame(
        frame.assign(ending=frame["ending"].fillna("followed")),
        "time",
        "ending",
        censored="followed",
        outcome="job",
        entry="entry",
        person="person",
        weight="weight" if weights else None,
        cluster="office" if offices else None,
    )


def expanded(frame: pd.DataFrame, length: float) -> pd.DataFrame:
    """A row a person and period, by the rule in words: in force at its beginning, and seen to its end or to an ending
    in it."""
    rows = []
    for _, unsorted in frame.groupby("person"):
        own = unsorted.sort_values("entry")
        ending, stop = own["ending"].iloc[-1], own["time"].iloc[-1]
        for m in range(int(np.ceil(stop / length)) + 1):
            begin, end = m * length, (m + 1) * length
            force = own[(own["entry"] <= begin + 1e-9) & (begin < own["time"] - 1e-9)]
            if not len(force):
                continue
            here = isinstance(ending, str) and begin < stop - 1e-9 and stop <= end + 1e-9
            if here or stop >= end - 1e-9:
                rows.append({**force.iloc[-1].to_dict(), "m": m + 1, "y": float(here and ending == "job")})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_hazards_by_period_equal_a_row_a_person_and_period(link: str, several: bool) -> None:
    for seed in range(6):
        frame, length = people(seed, several)
        rows = expanded(frame, length)
        found = cohort(frame).discrete_hazard(
            ["woman", "age"], link=link, period=length, baseline=nav.Number("period"), errors="cr1"
        )
        columns = rows[["m", "woman", "age"]].to_numpy(dtype=float)
        seen = Observations(columns, rows["y"].to_numpy(), rows["weight"].to_numpy())
        theirs = fit(seen, link)
        codes = pd.factorize(rows["office"], sort=True)[0]
        table = found.table.set_index("term").loc[["(intercept)", "period", "woman", "age"]]
        np.testing.assert_allclose(table["estimate"], theirs.coefficients, rtol=1e-8, atol=1e-9)
        made = np.sqrt(np.diag(covariance(seen, theirs, "cr1", codes).matrix))
        np.testing.assert_allclose(table["std_error"], made, rtol=1e-8)
        assert found.person_periods == len(rows)
        assert found.log_likelihood == pytest.approx(theirs.log_likelihood, rel=1e-10)


def test_at_risk_and_events_by_period_equal_a_row_a_person_and_period() -> None:
    for seed in range(20, 30):
        frame, length = people(seed, several=True)
        rows = expanded(frame, length)
        hazards = cohort(frame, False, False).discrete_hazard(["woman"], period=length).hazards.set_index("time")
        theirs = rows.groupby("m")["y"].agg(["size", "sum"])
        np.testing.assert_allclose(hazards["at_risk"].to_numpy()[theirs.index - 1], theirs["size"])
        np.testing.assert_allclose(hazards["events"].to_numpy()[theirs.index - 1], theirs["sum"])


def test_who_is_at_risk_when_in_words() -> None:
    """Entry at 1 in a period of 2 misses the first; leaving at 3 ends in the second; followed to 3 misses it."""
    entry = np.array([np.nan, 1.0, np.nan, np.nan, 2.5, 0.0])
    time = np.array([3.0, 5.0, 3.0, 4.0, 3.5, 0.0])
    ended = np.array([True, True, False, False, True, True])
    found = periods_at_risk(entry, time, ended, 2.0, None)
    assert found.begin.tolist() == [0, 1, 0, 0, 2, 0]
    assert found.end.tolist() == [2, 3, 1, 2, 2, 1]
    assert found.place.tolist() == [1, 2, -1, -1, -1, 0]
    assert (found.parts, found.lost) == (3, 1)


def test_rates_in_bands_equal_a_row_a_person_and_band() -> None:
    edges = [0.0, 2.0, 5.0, np.inf]
    for seed in range(8):
        frame, _ = people(seed, several=bool(seed % 2))
        rows = []
        for one in frame.to_dict("records"):
            for band, (low, high) in enumerate(pairwise(edges)):
                long = min(one["time"], high) - max(one["entry"], low)
                if long > 0:
                    y = one["ending"] == "job" and low < one["time"] <= high
                    rows.append({**one, "band": band, "long": long, "y": float(y)})
        split = pd.DataFrame(rows)
        found = cohort(frame).poisson(["woman", "age"], bands=(2, 5), errors="cr1").table
        bands = np.eye(3)[split["band"]]
        columns = np.column_stack([bands, split[["woman", "age"]]])
        seen = Observations(columns, split["y"].to_numpy(), split["weight"].to_numpy(),
                            np.log(split["long"].to_numpy()), intercept=False)  # fmt: skip
        theirs = fit(seen, "log")
        np.testing.assert_allclose(found["estimate"], theirs.coefficients, rtol=1e-8, atol=1e-9)
        made = covariance(seen, theirs, "cr1", pd.factorize(split["office"], sort=True)[0]).matrix
        np.testing.assert_allclose(found["std_error"], np.sqrt(np.diag(made)), rtol=1e-8)
        table = cohort(frame, False, False).rates(cause="job", bands=(2, 5), per=1).table
        by_band = split.groupby("band")[["y", "long"]].sum()
        np.testing.assert_allclose(table["estimate"], by_band["y"] / by_band["long"])
        np.testing.assert_allclose(table["at_risk"], by_band["long"])


def test_rates_with_weights_and_offices_equal_the_jackknife_in_words() -> None:
    for seed in range(10):
        frame, _ = people(seed)
        found = cohort(frame).rates(cause="job", per=1).table.iloc[0]
        w, d, t = frame["weight"], frame["ending"] == "job", frame["time"] - frame["entry"]
        rate = (w * d).sum() / (w * t).sum()
        pulls = (w * (d - rate * t)).groupby(frame["office"]).sum() / (w * t).sum()
        error = np.sqrt((pulls**2).sum())
        assert found["estimate"] == pytest.approx(rate)
        assert found["std_error"] == pytest.approx(error)
        reach = np.exp(stats.t.ppf(0.975, frame["office"].nunique() - 1) * error / rate)
        assert found["conf_high"] == pytest.approx(rate * reach)
