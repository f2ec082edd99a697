"""Every result has a printed table, in the words of the language, and its numbers are those of the result."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

ENDINGS = {0: None, 1: "job", 2: "no_show"}
ENGLISH = re.compile(
    r"\b(hazard|ratio|difference|share|mean|rate of|quantile|left|less|intercept|time)\b", re.IGNORECASE
)


def cohort() -> nav.Cohort:
    roll = np.random.default_rng(1)
    size = 300
    arm = np.where(np.arange(size) % 12 < 6, "a", "b")
    frame = pd.DataFrame(
        {
            "time": np.ceil(roll.exponential(size=size) * 200).clip(1, 700),
            "ending": roll.integers(0, 3, size),
            "arm": arm,
            "alder": roll.normal(40, 9, size),
            "office": np.arange(size) % 12,
        }
    )
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", arm="arm", reference="a")


def with_offices(people: nav.Cohort) -> nav.Cohort:
    frame = people.covariates
    roles = {"arm": "arm", "reference": "a", "cluster": "office"}
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", **roles)


PROFILE = pd.DataFrame({"alder": [30.0]})
MADE: dict[str, Callable[[nav.Cohort], object]] = {
    "cox": lambda one: one.cox(["alder", nav.Category("arm", reference="a")]),
    "cause_specific": lambda one: one.cause_specific(["alder"]),
    "proportional_hazards": lambda one: nav.proportional_hazards_test(one.cox(["alder"])),
    "concordance": lambda one: nav.concordance(one.cox(["alder"])),
    "predict": lambda one: nav.predict(one.cox(["alder"]), PROFILE, at=[100]),
    "fine_gray": lambda one: one.fine_gray(["alder"]),
    "predict_incidence": lambda one: nav.predict_incidence(one.fine_gray(["alder"]), PROFILE, at=[100]),
    "poisson": lambda one: one.poisson(["alder"]),
    "rates": lambda one: one.rates(by="arm", measure=("rate", "rate difference", "rate ratio"), reference="a"),
    "weibull": lambda one: one.parametric(["alder"], distribution="weibull"),
    "piecewise": lambda one: one.parametric(["alder"], distribution="piecewise exponential"),
    "predict_times": lambda one: nav.predict_times(one.parametric(["alder"], distribution="weibull"), PROFILE),
    "discrete_hazard": lambda one: one.discrete_hazard(["alder"], period=30.4),
    "quantiles": lambda one: one.quantiles(by="arm"),
    "pairwise": lambda one: one.pairwise_tests(by="arm"),
    "bootstrap": lambda one: one.bootstrap_restricted_mean(300, by="arm", replicates=100, rng=1),
    "pseudo_regression": lambda one: one.pseudo_regression(["alder"], at=[100]),
    "permutation": lambda one: with_offices(one).permutation_test(at=100),
}


@pytest.fixture(scope="module")
def results() -> dict[str, object]:
    people = cohort()
    return {name: make(people) for name, make in MADE.items()}


@pytest.mark.parametrize("name", MADE)
def test_every_result_has_a_table_in_the_words_of_the_language(name: str, results: dict[str, object]) -> None:
    for language in ("nb", "nn", "en"):
        printed = nav.show.table(results[name], language=language)
        assert printed.rows
        assert all(len(row) == len(printed.heads) == len(printed.numeric) for row in printed.rows)
        assert "nan" not in " ".join(cell for row in printed.rows for cell in row)
        if language != "en":
            said = " ".join([printed.caption, *printed.heads, *(cell for row in printed.rows for cell in row)])
            assert not ENGLISH.search(said), said


def test_ratios_are_printed_not_their_logarithms(results: dict[str, object]) -> None:
    for name in ("cox", "fine_gray", "poisson", "weibull", "discrete_hazard"):
        printed = nav.show.table(results[name], language="en")
        ratio = results[name].ratios
        ratio = ratio[ratio["term"] == "alder"].iloc[0]
        row = next(row for row in printed.rows if "alder" in row)
        assert f"{ratio['estimate']:.2f}" in row
        assert f"{ratio['conf_low']:.2f}\u2013{ratio['conf_high']:.2f}" in row


def test_a_table_of_all_causes_is_exponentiated_too(results: dict[str, object]) -> None:
    first = results["cause_specific"].table.iloc[0]
    assert f"{np.exp(first['estimate']):.2f}" in nav.show.table(results["cause_specific"], language="en").rows[0]


def test_shares_are_per_cent_and_differences_in_shares_points(results: dict[str, object]) -> None:
    share = results["predict"].table["estimate"][0]
    assert f"{100 * share:.1f}%" in nav.show.table(results["predict"], language="en").rows[0]
    row = results["pseudo_regression"].table.set_index("term").loc["intercept"]
    printed = nav.show.table(results["pseudo_regression"], language="nb")
    assert "prosentpoeng" in " ".join(printed.heads)
    assert f"{100 * row['estimate']:.1f}".replace("-", "\u2212").replace(".", ",") in printed.rows[0]


def test_what_is_no_result_has_no_table() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.show.table("tall")
    assert refused.value.key == "no_table"
