"""Every reason why an estimate is refused: class, key, what it names, and nobody's value."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import CANARY, Case, assembled, cohort, frame, named, refused, register

import navoutcomes as nav

DATA = nav.DataProblem
ARMS = {"arm": "arm", "reference": "Standard"}
PAIR = {"first": {"yes": 3, "no": 9}, "second": {"yes": 5, "no": 7}}


def people(**how: object) -> nav.Cohort:
    return cohort(frame(), **(ARMS | how))


def offices(size: int = 24, each: int = 6, fixed: bool = False) -> nav.Cohort:
    """People of offices, with both arms in each office or with one."""
    own = frame(size)
    own["office"] = np.arange(size) % each if not fixed else np.where(own["arm"] == "IPS", 0, each // 2)
    if fixed:
        own["office"] += np.arange(size) // 2 % (each // 2)
    else:
        own["arm"] = np.where(np.arange(size) // each % 2 == 0, "IPS", "Standard")
    return cohort(own, cluster="office", **ARMS)


CASES = [
    Case("a measure", "choice_unknown", ("hazard ratio", "risk difference"),
         lambda: people().contrast(at=5, measure="hazard ratio")),
    Case("a weight of tests", "choice_unknown", ("wilcoxon", "gehan"),
         lambda: people().logrank_test(weights="wilcoxon")),
    Case("a power that the weight has not", "choice_unknown", ("gehan", "fleming-harrington", "rho"),
         lambda: people().logrank_test(weights="gehan", rho=1)),
    Case("ties", "choice_unknown", ("efron", "nelson-aalen"), lambda: people().cumulative_hazard(ties="efron")),
    Case("an interval of a hazard", "choice_unknown", ("log-log", "plain"),
         lambda: people().cumulative_hazard(interval="log-log")),
    Case("an interval of a share", "choice_unknown", ("wald", "wilson"),
         lambda: nav.proportion(147, 656, interval="wald")),
    Case("95 for 0.95", "choice_unknown", ("95", "0 < level < 1"), lambda: people().survival_curve(level=95)),
    Case("95 for 0.95 of a share", "choice_unknown", ("95", "0 < level < 1"), lambda: nav.proportion(3, 12, level=95)),
    Case("95 for 0.95 of all shares", "choice_unknown", ("95",), lambda: nav.simultaneous_shares({"a": 3}, level=95)),
    Case("95 for 0.95 of a difference", "choice_unknown", ("95",), lambda: people().contrast(at=5, level=95)),
    Case("an interval", "interval_unknown", ("exact", "log-log", "interval="),
         lambda: people().survival_curve(interval="exact")),
    Case("an interval of an incidence", "interval_unknown", ("exact", "cloglog"),
         lambda: people().cumulative_incidence(interval="exact")),
    Case("errors", "errors_unknown", ("cr2", "robust", "errors="), lambda: people().survival_curve(errors="cr2")),
    Case("a cause", "cause_unknown", ("work", "job, other"), lambda: people().gray_test(cause="work")),
    Case("a cause of a mean", "cause_unknown", ("work", "job, other"),
         lambda: people().restricted_mean(5, cause="work")),
    Case("a cause of counts", "cause_unknown", ("job", "yes, no"),
         lambda: nav.from_counts(PAIR).proportion(cause="job")),
    Case("B138", "one_group", ("«arm»", "IPS", "by="), lambda: cohort(frame(arm="IPS")).logrank_test(by="arm")),
    Case("B138 of a difference", "one_group", ("«arm»", "IPS"),
         lambda: cohort(frame(arm="IPS")).contrast(by="arm", at=5, reference="IPS")),
    Case("B138 of Gray's test", "one_group", ("«arm»", "IPS"), lambda: cohort(frame(arm="IPS")).gray_test(by="arm")),
    Case("B119", "reference_needed", ("«arm»", "IPS, Standard", "reference="),
         lambda: cohort(frame()).contrast(by="arm", at=5)),
    Case("B119 of counts", "reference_needed", ("first, second", "reference="),
         lambda: nav.from_counts(PAIR).contrast()),
    Case("a column of names for groups", "reference_needed", ("«navn»", "(+12)"),
         lambda: cohort(frame()).contrast(by="navn", at=5)),
    Case("a reference that is not there", "reference_absent", ("«arm»", "TAU", "Standard, IPS"),
         lambda: people().contrast(at=5, reference="TAU")),
    Case("no times", "times_needed", ("at=",), lambda: people().contrast()),
    Case("a time that is none", "times_needed", ("at=",), lambda: people().contrast(at=float("nan"))),
    Case("a time before zero", "times_needed", ("at=",), lambda: people().survival_curve().at(-1)),
    Case("no horizon", "times_needed", ("horizon=",), lambda: people().restricted_mean(float("inf"))),
    Case("B157 of a difference", "time_beyond_follow_up", ("IPS", "99", "at="),
         lambda: cohort(frame(ending=[0] * 11 + [1]).iloc[:-1], **ARMS).contrast(at=99)),
    Case("B157", "horizon_beyond_follow_up", ("99", "IPS", "11"),
         lambda: cohort(frame(ending=0), **ARMS).restricted_mean(99, by="arm")),
    Case("B157 below zero", "horizon_beyond_follow_up", ("0", "12"), lambda: people().restricted_mean(0)),
    Case("B157 of means", "horizon_beyond_follow_up", ("12", "11"),
         lambda: cohort(frame(ending=0), **ARMS).contrast(at=12, measure="restricted mean difference")),
    Case("counts without times", "people_without_times", ("CountedCohort", "proportion"),
         lambda: nav.from_counts(PAIR).survival_curve()),
    Case("counts without a mean", "people_without_times", ("CountedCohort",),
         lambda: nav.from_counts(PAIR).restricted_mean(180)),
    Case("some still followed", "still_followed", ("3", "12", "cumulative_incidence"), lambda: people().proportion()),
    Case("shares of weights", "counts_weighted", ("Wilson", "cumulative_incidence"),
         lambda: cohort(frame(ending=1, weight=2.5), weight="weight").proportion()),
    Case("no counts", "counts_empty", ("counts=",), lambda: nav.from_counts({}), DATA),
    Case("counts of nobody", "counts_empty", ("147",), lambda: nav.from_counts({"job": 0, "other": 0}), DATA),
    Case("a part of a person", "counts_not_whole", ("all",), lambda: nav.from_counts({"job": 14.7}), DATA),
    Case("fewer than nobody", "counts_not_whole", ("second",),
         lambda: nav.from_counts({"first": {"a": 1}, "second": {"a": -1}}), DATA),
    Case("a name for a count", "counts_not_whole", ("all",), lambda: nav.from_counts({"job": CANARY}), DATA),
    Case("no count", "counts_not_whole", ("all",), lambda: nav.from_counts({"job": None}), DATA),
    Case("a list for counts", "counts_not_whole", ("all",), lambda: nav.from_counts([1, 2]), DATA),
    Case("more events than persons", "counts_not_whole", ("all",), lambda: nav.proportion(657, 656), DATA),
    Case("a share for a count", "counts_not_whole", ("all",), lambda: nav.proportion(0.224, 656), DATA),
    Case("no persons", "counts_not_whole", ("all",), lambda: nav.proportion(3), DATA),
    Case("Gray with entry", "gray_cannot", ("entry=", "contrast"),
         lambda: cohort(frame(entry=0.5), entry="entry").gray_test(by="arm")),
    Case("Gray with weights", "gray_cannot", ("weight=",),
         lambda: cohort(frame(weight=2.0), weight="weight").gray_test(by="arm")),
    Case("Gray with offices", "gray_cannot", ("cluster=",), lambda: offices().gray_test()),
    Case("B149", "too_few_clusters", ("2", "6", "cluster=", "contrast"), lambda: offices(each=2).logrank_test()),
    Case("B149 with one office in an arm", "too_few_clusters", ("7", "IPS"),
         lambda: cohort(frame(12, office=[0 if at % 2 == 0 else at // 2 + 1 for at in range(12)]), cluster="office",
                        **ARMS).logrank_test()),
    Case("B130", "arm_fixed_by_cluster", ("«arm»", "6", "contrast", "lin-wei"),
         lambda: offices(fixed=True).logrank_test()),
    Case("an adjusted answer", "cannot_adjust", ("1", "adjust_for=", "contrast"),
         lambda: assembled(register("P-1;IPS;01.01.2019;31.01.2019;Arbeid;A;a;"), adjust_for=(nav.Number("age"),),
                           estimand=nav.Estimand(measure="survival", at=30)).answer()),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_refusal_names_what_is_wrong_and_nobody(case: Case) -> None:
    refused(case)


def test_every_refusal_of_an_estimate_is_tried() -> None:
    file = resources.files("navoutcomes.texts").joinpath("problems", "estimate.toml")
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) == {case.key for case in CASES}


def test_a_group_of_one_person_is_not_named_where_there_are_many() -> None:
    own = frame(arm=["IPS"] * 5 + ["Standard"] * 6 + [CANARY])
    with pytest.raises(nav.DesignProblem) as caught:
        cohort(own).contrast(by="arm", at=5)
    assert "IPS, Standard, (+1)" in caught.value.text("en")
    assert CANARY not in str(caught.value)


def test_columns_of_names_and_numbers_together_are_put_in_order() -> None:
    """An office column of 1, 2 and "ukjent" is three groups, not a TypeError."""
    own = frame(office=[1, 2, "ukjent"] * 4)
    assert cohort(own).survival_curve(by="office").groups == ("1", "2", "ukjent")
    assert isinstance(own, pd.DataFrame)
