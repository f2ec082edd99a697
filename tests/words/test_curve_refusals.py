"""Every reason why quantiles, bands, tests at stated times and repeated draws are refused, and what is remarked."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import Case, cohort, frame, named, refused

import navoutcomes as nav

ARMS = {"arm": "arm", "reference": "Standard"}


def people(**how: object) -> nav.Cohort:
    return cohort(frame(), **(ARMS | how))


def offices(number: int, fixed: bool = False, size: int = 24) -> nav.Cohort:
    """People of so many offices, with both arms in each office or with one."""
    own = frame(size, office=np.arange(size) % number)
    treated = own["office"] < number // 2 if fixed else np.arange(size) // number % 2 == 0
    own["arm"] = np.where(treated, "IPS", "Standard")
    return cohort(own, cluster="office", **ARMS)


CASES = [
    Case("no generator", "generator_needed", ("rng=",), lambda: people().bootstrap_restricted_mean(5, by="arm")),
    Case("a word for a generator", "generator_needed", ("rng=",),
         lambda: people().bootstrap_restricted_mean(5, rng="42")),
    Case("a band without a generator", "generator_needed", ("rng=",), lambda: people().confidence_bands(cause="job")),
    Case("a band of weights", "band_needs_draws", ("hall-wellner", "resampled", "rng="),
         lambda: cohort(frame(weight=2.0), weight="weight").confidence_bands(kind="hall-wellner")),
    Case("a band of a cause", "band_needs_draws", ("equal precision", "cause="),
         lambda: people().confidence_bands(cause="job", kind="equal precision")),
    Case("a band of no kind", "choice_unknown", ("nair", "hall-wellner"),
         lambda: people().confidence_bands(kind="nair")),
    Case("a band of nothing", "band_without_endings", ("all", "within="),
         lambda: cohort(frame(ending=0)).confidence_bands()),
    Case("a band where all left at once", "band_without_endings", ("all",),
         lambda: cohort(frame(ending=1, time=3.0)).confidence_bands()),
    Case("a band of no time", "times_needed", ("within=",),
         lambda: people().confidence_bands(within=(float("nan"), 5.0))),
    Case("few draws", "choice_unknown", ("10", "replicates >= 100"),
         lambda: people().bootstrap_restricted_mean(5, replicates=10, rng=1)),
    Case("draws of weights", "draws_of_weights", ("weight=", "contrast"),
         lambda: cohort(frame(weight=2.0), weight="weight").bootstrap_restricted_mean(5, rng=1)),
    Case("draws of offices", "draws_of_few_clusters", ("6", "40", "all", "contrast"),
         lambda: cohort(frame(), cluster="office").bootstrap_restricted_mean(5, rng=1)),
    Case("draws of one group", "reference_needed", ("«office»", "reference="),
         lambda: people().bootstrap_restricted_mean(5, by="office", rng=1)),
    Case("draws beyond follow-up", "horizon_beyond_follow_up", ("99", "12"),
         lambda: cohort(frame(ending=0)).bootstrap_restricted_mean(99, rng=1)),
    Case("too few scores", "trend_scores", ("Standard, IPS", "trend="), lambda: people().logrank_test(trend=[1])),
    Case("scores that are the same", "trend_scores", ("trend=",), lambda: people().gray_test(trend=[1, 1])),
    Case("a score that is none", "trend_scores", ("trend=",), lambda: people().logrank_test(trend=[1, float("inf")])),
    Case("scores by other names", "trend_scores", ("Standard, IPS",),
         lambda: people().logrank_test(trend={"IPS": 1, "TAU": 0})),
    Case("a share above one", "choice_unknown", ("50", "0 < q <= 1"), lambda: people().quantiles(50)),
    Case("a share of nobody", "choice_unknown", ("0 < q <= 1",), lambda: people().quantiles([0.5, 0])),
    Case("a quantile of a cause", "cause_unknown", ("work", "job, other"), lambda: people().quantiles(cause="work")),
    Case("an interval of a quantile", "interval_unknown", ("cloglog",), lambda: people().quantiles(interval="cloglog")),
    Case("a scale", "choice_unknown", ("probit", "cloglog"), lambda: people().fixed_time_test(5, scale="probit")),
    Case("one group at a time", "one_group", ("«arm»", "IPS"), lambda: cohort(frame(arm="IPS")).fixed_time_test(5)),
    Case("one group's mean", "one_group", ("«arm»", "IPS"), lambda: cohort(frame(arm="IPS")).restricted_mean_test(5)),
    Case("one group in pairs", "one_group", ("«arm»", "IPS"), lambda: cohort(frame(arm="IPS")).pairwise_tests()),
    Case("pairs by no test", "choice_unknown", ("wald", "logrank"), lambda: people().pairwise_tests(test="wald")),
    Case("pairs by no rule", "choice_unknown", ("bonferroni", "holm"),
         lambda: people().pairwise_tests(adjust="bonferroni")),
    Case("a test beyond follow-up", "horizon_beyond_follow_up", ("99",),
         lambda: cohort(frame(ending=0), **ARMS).fixed_time_test(99)),
    Case("a test of four offices", "too_few_clusters", ("4", "6"), lambda: offices(4).fixed_time_test(5)),
    Case("a test of means of four offices", "too_few_clusters", ("4", "6"), lambda: offices(4).restricted_mean_test(5)),
    Case("a test of one treated office", "too_few_clusters", ("IPS",),
         lambda: cohort(frame(24).assign(office=lambda own: np.arange(24) % 8,
                                         arm=lambda own: np.where(own["office"] == 0, "IPS", "Standard")),
                        cluster="office", **ARMS).fixed_time_test(5)),
    Case("counts without quantiles", "people_without_times", ("CountedCohort",),
         lambda: nav.from_counts({"yes": 3, "no": 9}).quantiles()),
    Case("counts without bands", "people_without_times", ("CountedCohort",),
         lambda: nav.from_counts({"yes": 3, "no": 9}).confidence_bands(rng=1)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_refusal_names_what_is_wrong_and_nobody(case: Case) -> None:
    refused(case)


def test_every_refusal_of_a_curve_is_tried() -> None:
    file = resources.files("navoutcomes.texts").joinpath("problems", "curves.toml")
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= {case.key for case in CASES}


def test_a_quantile_that_was_not_reached_is_empty_and_said_so() -> None:
    one = cohort(frame(ending=[1, 2, 0, 0] * 3))
    stay, job = one.quantiles([0.1, 0.99]), one.quantiles(0.9, cause="job")
    assert stay.table["estimate"].isna().tolist() == [False, True]
    assert "quantile_not_reached" in stay.findings.keys()  # noqa: SIM118
    assert "99 %" in stay.findings.text("nb")
    assert job.table["estimate"].isna().tolist() == [True, False]
    assert "«arbeid»" in job.findings.text("nn")
    assert np.isnan(job.table["conf_high"].iloc[0])
    nobody = cohort(frame(ending=[2, 0] * 6)).quantiles(cause="job").table
    assert nobody["estimate"].isna().all()


def test_no_endings_at_all_and_no_censoring_are_answered() -> None:
    still, gone = cohort(frame(ending=0), **ARMS), cohort(frame(ending=1), **ARMS)
    assert still.survival_curve().table["estimate"].eq(1).all()
    assert still.quantiles().table["estimate"].isna().all()
    assert gone.survival_curve().table["estimate"].iloc[-1] == 0
    test = still.fixed_time_test(5)
    assert np.isnan(test.p_value)
    assert test.df == 0
    assert test.findings.keys() == ("numbers_without_spread",)


def late(entry: list[float], time: list[float], ending: list[int]) -> nav.Cohort:
    own = pd.DataFrame({"entry": entry, "time": time, "ending": ending})
    return cohort(own, entry="entry")


def test_few_at_risk_at_the_start_are_remarked() -> None:
    """One of two leaves at 2; forty come in at 5."""
    one = late([0, 0, *[5] * 40], [2, 30, *range(10, 50)], [1, 0, *[1, 0] * 20])
    for result in (one.survival_curve(), one.cumulative_incidence(), one.restricted_mean(20), one.quantiles()):
        assert "thin_start" in result.findings.keys()  # noqa: SIM118
    assert "2" in one.survival_curve().findings.text("en")
    steady = late([0] * 40 + [1, 2], list(range(3, 45)), [1] * 42)
    assert len(steady.survival_curve().findings) == 0
    assert len(cohort(frame()).survival_curve().findings) == 0


def test_a_curve_that_comes_to_nothing_before_others_come_is_remarked() -> None:
    one = late([0, 0, *[5] * 40], [2, 2, *range(10, 50)], [1, 1, *[1, 0] * 20])
    curves = one.survival_curve()
    assert curves.findings.keys()[0] == "curve_emptied"
    assert (curves.table["estimate"] == 0).all()
    assert {language: bool(curves.findings.text(language)) for language in ("nb", "nn", "en")} == dict.fromkeys(
        ("nb", "nn", "en"), True
    )


def test_offices_have_no_interval_below_six_and_bands_and_quantiles_say_so() -> None:
    few = offices(4)
    band, median = few.confidence_bands(rng=1), few.quantiles()
    assert band.table["conf_low"].isna().all()
    assert "few_clusters" in band.findings.keys()  # noqa: SIM118
    assert median.table["estimate"].notna().all()
    assert median.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert "few_clusters" in median.findings.keys()  # noqa: SIM118
    assert offices(8).confidence_bands(rng=1).table["conf_low"].notna().any()


def test_where_offices_stand_in_one_group_their_means_are_tested() -> None:
    """Two groups: F is the square of t, the test behind the interval of the difference."""
    one = offices(8, fixed=True, size=64)
    test = one.restricted_mean_test(20)
    row = one.contrast(at=20, measure="restricted mean difference").table.iloc[0]
    assert test.statistic == pytest.approx((row["estimate"] / row["std_error"]) ** 2, rel=1e-9)
    assert one.fixed_time_test(20, cause="job").df == 1
    assert "contrast_offices" in [note.key for note in test.method]
