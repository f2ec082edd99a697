"""Hundreds of random groups of people, against loops written for reading, numerical derivatives, and the peers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial

import lifelines
import numpy as np
import pandas as pd
import pytest
from by_hand import CAUSES, error, hazard, incidence, log_rank_score, mean_time, pulls, rows_of, survival
from some_people import cohort
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

FORMS = [(entry, weight, offices) for entry in (False, True) for weight in (False, True) for offices in (False, True)]
EACH = 40


def drawn(seed: int, least: int = 4, most: int = 16) -> pd.DataFrame:
    """Some people with ties, entries, weights, offices and groups."""
    roll = np.random.default_rng(seed)
    size = int(roll.integers(least, most))
    time = roll.integers(1, int(roll.integers(3, 10)), size)
    return pd.DataFrame(
        {
            "time": time,
            "entry": np.minimum(roll.integers(0, 6, size), time - 1),
            "ending": roll.choice(["followed", "job", "other"], size, p=[0.35, 0.4, 0.25]),
            "weight": roll.choice([0.5, 1.0, 1.7, 3.0], size),
            "office": roll.integers(0, 4, size),
            "group": np.where(np.arange(size) % 2 == 0, "a", "b"),
            "stratum": "all",
            "person": np.arange(size),
        }
    )


def roles(form: tuple[bool, bool, bool]) -> list[str]:
    return [role for role, used in zip(("entry", "weight", "cluster"), form, strict=True) if used]


def compared(ours: object, theirs: float, seed: int, tolerance: float = 1e-8) -> None:
    assert ours == pytest.approx(theirs, abs=tolerance, rel=tolerance), f"seed {seed}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: " ".join(roles(form)) or "plain")
def test_estimates_are_those_of_the_loops(form: tuple[bool, bool, bool]) -> None:
    """320 groups of people in all."""
    for seed in range(EACH):
        frame = drawn(seed)
        rows, one = rows_of(frame, *form[:2]), cohort(frame, *roles(form))
        weights, last = [row.weight for row in rows], float(frame["time"].max())
        stay = one.survival_curve().table.set_index("time")
        hazards = one.cumulative_hazard().table.set_index(["cause", "time"])
        shares = one.cumulative_incidence().table.set_index(["cause", "time"])
        for time in stay.index:
            compared(stay.loc[time, "estimate"], survival(rows, weights, time), seed)
            for cause in CAUSES:
                compared(hazards.loc[(cause, time), "estimate"], hazard(rows, weights, time, cause), seed)
                compared(shares.loc[(cause, time), "estimate"], incidence(rows, weights, time, cause), seed)
        for cause in (None, *CAUSES):
            found = one.restricted_mean(last, cause=cause).table["estimate"].iloc[0]
            compared(found, mean_time(rows, weights, last, cause), seed)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: " ".join(roles(form)) or "plain")
def test_errors_are_the_sums_of_squared_numerical_derivatives(form: tuple[bool, bool, bool]) -> None:
    how = {"errors": "lin-wei" if form[2] else "robust"}
    for seed in range(100, 112):
        frame = drawn(seed)
        rows, one = rows_of(frame, *form[:2]), cohort(frame, *roles(form))
        last = float(frame["time"].max())
        middle = float(np.median(frame["time"]))

        def check(
            found: float, estimate: Callable[..., float], *how: object, seed: int = seed, rows: list = rows
        ) -> None:
            compared(found, error(rows, lambda weights: estimate(rows, weights, *how), form[2]), seed, 1e-6)

        stay = one.survival_curve(**how).at(middle).iloc[0]
        if stay["estimate"] > 0:
            check(stay["std_error"], survival, middle)
        hazards = one.cumulative_hazard(**how).at(middle).set_index("cause")
        shares = one.cumulative_incidence(**how).at(middle).set_index("cause")
        for cause in CAUSES:
            check(hazards.loc[cause, "std_error"], hazard, middle, cause)
            check(shares.loc[cause, "std_error"], incidence, middle, cause)
        for cause in (None, "job"):
            table = one.restricted_mean(last, cause=cause, small_sample=False, **how).table
            check(table["std_error"].iloc[0], mean_time, last, cause)


@pytest.mark.parametrize("form", [form for form in FORMS if form[1] or form[2]], ids=lambda form: " ".join(roles(form)))
def test_the_robust_log_rank_variance_is_lin_and_weis_sum(form: tuple[bool, bool, bool]) -> None:
    """The influence of a person on the score is its derivative for the person's weight."""
    for seed in range(200, 215):
        frame = drawn(seed, 6)
        rows = rows_of(frame, *form[:2])
        weights = [row.weight for row in rows]
        for cause, causes in ((None, CAUSES), ("job", ("job",))):
            found = cohort(frame, *roles(form)).logrank_test(by="group", cause=cause, errors="lin-wei")
            score = partial(log_rank_score, rows, group="a", causes=causes)
            compared(found.score[0], score(weights), seed)
            compared(np.sqrt(found.covariance[0, 0]), error(rows, score, form[2]), seed, 1e-6)


@pytest.mark.parametrize("entry", [False, True], ids=["from the start", "delayed entry"])
def test_the_hypergeometric_variance_is_the_sum_over_times(entry: bool) -> None:
    for seed in range(300, 340):
        frame = drawn(seed, 6)
        rows = rows_of(frame, entry, False)
        found = cohort(frame, *(["entry"] if entry else [])).logrank_test(by="group")
        expected = 0.0
        for time in sorted({row.time for row in rows if row.ending in CAUSES}):
            risk = [row for row in rows if row.entry < time <= row.time]
            n, own = len(risk), sum(row.group == "a" for row in risk)
            d = sum(row.time == time and row.ending in CAUSES for row in rows)
            if n > 1:
                expected += d * own / n * (1 - own / n) * (n - d) / (n - 1)
        compared(found.covariance[0, 0], expected, seed)
        compared(found.score[0], log_rank_score(rows, [1.0] * len(rows), "a"), seed)


def test_offices_with_people_in_both_groups_are_taken_together() -> None:
    """The error of a difference: pulls on both groups are added within an office before they are squared."""
    for seed in range(400, 412):
        frame = drawn(seed, 8)
        one = cohort(frame, "cluster", "weight")
        rows = rows_of(frame, False, True)
        at = float(frame.groupby("group")["time"].max().min())
        for measure, estimate in (
            ("risk difference", partial(_incidence, at=at)),
            ("restricted mean difference", partial(_mean, at=at, cause=None)),
            ("restricted mean time lost difference", partial(_mean, at=at, cause="job")),
        ):
            found = one.contrast(by="group", at=at, measure=measure, errors="lin-wei").table.iloc[0]
            pull = pulls(rows, partial(_difference, rows, estimate))
            expected = np.sqrt((np.bincount(frame["office"], pull) ** 2).sum())
            compared(found["std_error"], float(expected), seed, 1e-6)


def _incidence(rows: list, weights: list, at: float) -> float:
    return incidence(rows, weights, at, "job")


def _mean(rows: list, weights: list, at: float, cause: str | None) -> float:
    return mean_time(rows, weights, at, cause)


def _difference(rows: list, estimate: Callable[..., float], weights: list) -> float:
    """The group b less the group a."""
    value = {}
    for group in ("a", "b"):
        chosen = [at for at, row in enumerate(rows) if row.group == group]
        value[group] = estimate([rows[at] for at in chosen], [weights[at] for at in chosen])
    return value["b"] - value["a"]


def test_where_each_office_stands_in_one_group_offices_are_compared() -> None:
    """Means of each office's pseudo-values, n F - (n - 1) F without the person in the limit, and Student's t."""
    from scipy import stats

    for seed in range(500, 510):
        roll = np.random.default_rng(seed)
        frame = drawn(seed, 20, 30).assign(office=lambda one: np.arange(len(one)) % 8)
        frame["group"] = np.where(frame["office"] < 4, "a", "b")
        frame["time"] += roll.integers(0, 3, len(frame))
        at = float(frame.groupby("group")["time"].max().min())
        found = cohort(frame, "cluster").contrast(by="group", at=at).table.iloc[0]
        means = {}
        for group, own in frame.groupby("group"):
            rows = rows_of(own, False, False)
            pull = pulls(rows, partial(_incidence, rows, at=at))
            pseudo = incidence(rows, [1.0] * len(rows), at, "job") + len(rows) * pull
            means[group] = pd.Series(pseudo).groupby(own["office"].to_numpy()).mean()
        test = stats.ttest_ind(means["b"], means["a"])
        compared(found["estimate"], means["b"].mean() - means["a"].mean(), seed, 1e-6)
        compared(found["estimate"] / found["std_error"], float(test.statistic), seed, 1e-5)
        low, high = test.confidence_interval(0.95)
        compared(found["conf_low"], float(low), seed, 1e-5)
        compared(found["conf_high"], float(high), seed, 1e-5)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weights"])
def test_lifelines_gives_the_same_kaplan_meier_and_nelson_aalen(weighted: bool) -> None:
    """Its Nelson-Aalen takes ties one by one (Fleming-Harrington) unless told otherwise.

    Weights are halves: with 1.7 what rounding leaves of an empty risk set makes it keep the share before.
    """
    for seed in range(600, 640):
        frame = drawn(seed).replace({"weight": {1.7: 1.5}})
        ended = frame["ending"] != "followed"
        one = cohort(frame.assign(ending=np.where(ended, "job", "followed")), *(["weight"] if weighted else []))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            weights = frame["weight"] if weighted else None
            stay = lifelines.KaplanMeierFitter().fit(frame["time"], ended, weights=weights).survival_function_
            if not weighted:
                built = lifelines.NelsonAalenFitter(nelson_aalen_smoothing=False).fit(frame["time"], ended)
                hazards = one.cumulative_hazard().table.query("cause == 'job'")
                theirs = built.cumulative_hazard_.iloc[:, 0].loc[hazards["time"]]
                np.testing.assert_allclose(hazards["estimate"], theirs, atol=1e-8, err_msg=f"seed {seed}")
        table = one.survival_curve().table
        np.testing.assert_allclose(
            table["estimate"], stay.iloc[:, 0].loc[table["time"]], atol=1e-8, err_msg=f"seed {seed}"
        )


def test_lifelines_gives_the_same_kaplan_meier_with_delayed_entry() -> None:
    """It refuses where the share comes to 0 before all have entered; those groups of people are passed over."""
    seen = 0
    for seed in range(640, 700):
        frame = drawn(seed)
        frame["entry"] = np.where(frame["entry"] > 0, frame["entry"] + 0.5, 0)
        frame["time"] += 1
        ended = frame["ending"] != "followed"
        one = cohort(frame.assign(ending=np.where(ended, "job", "followed")), "entry").survival_curve().table
        try:
            fitted = lifelines.KaplanMeierFitter().fit(frame["time"], ended, entry=frame["entry"])
        except lifelines.exceptions.StatError:
            continue
        seen += 1
        theirs = fitted.survival_function_.iloc[:, 0].loc[one["time"]]
        np.testing.assert_allclose(one["estimate"], theirs, atol=1e-8, err_msg=f"seed {seed}")
    assert seen > 20


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weights"])
def test_statsmodels_gives_the_same_curves_without_entry(weighted: bool) -> None:
    for seed in range(700, 740):
        frame = drawn(seed)
        if not {"job", "other"} <= set(frame["ending"]):
            continue
        status = frame["ending"].map({"followed": 0, "job": 1, "other": 2})
        how = {"freq_weights": frame["weight"].to_numpy()} if weighted else {}
        one = cohort(frame, *(["weight"] if weighted else []))
        stay = SurvfuncRight(frame["time"].to_numpy(), (status > 0).to_numpy().astype(int), **how)
        ours = one.survival_curve(errors="greenwood").at(stay.surv_times)
        np.testing.assert_allclose(ours["estimate"], stay.surv_prob, atol=1e-8, err_msg=f"seed {seed}")
        left = CumIncidenceRight(frame["time"].to_numpy(), status.to_numpy(), **how)
        shares = one.cumulative_incidence().at(left.times)
        for place, cause in enumerate(CAUSES):
            own = shares.loc[shares["cause"] == cause, "estimate"]
            np.testing.assert_allclose(own, left.cinc[place], atol=1e-8, err_msg=f"seed {seed}")
