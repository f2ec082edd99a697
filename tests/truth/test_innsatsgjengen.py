"""Innsatsgjengen through the public door: the published 147, 192 and 317 of 656 are what the curves end at, exactly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import navoutcomes as nav

EXTRACT = Path(__file__).parents[2] / "data" / "synthetic" / "innsatsgjengen.csv"
PUBLISHED = {"job": 147, "no_show": 192, "other": 317}
WILSON = {"job": (22.4, 19.4, 25.8), "no_show": (29.3, 25.9, 32.9), "other": (48.3, 44.5, 52.1)}
GOODMAN = {"job": (18.8, 26.5), "no_show": (25.2, 33.7), "other": (43.7, 53.0)}


@pytest.fixture(scope="module")
def cohort() -> nav.Cohort:
    protocol = nav.Protocol(
        question="Which share of those referred left for a job?",
        outcome="job",
        competing={"no_show": "no_show", "other": ("education", "imprisonment", "health", "other")},
        horizon=540,
        register_closes=date(2018, 6, 30),
        estimand=nav.Estimand(measure="cumulative incidence", at=(182, 365)),
    )
    return nav.Cohort.assemble(protocol, nav.Spells.from_extract(nav.read(EXTRACT)))


def percent(table: pd.DataFrame, *columns: str) -> dict[str, tuple[float, ...]]:
    return {row["cause"]: tuple(round(100 * row[name], 1) for name in columns) for _, row in table.iterrows()}


def test_everybody_is_followed_to_an_end(cohort: nav.Cohort) -> None:
    assert cohort.persons == cohort.flow.end == 656
    assert cohort.audit.still_followed == 0
    assert dict(cohort.audit.endings) == PUBLISHED
    assert cohort.origin.synthetic


@pytest.mark.parametrize("cause", PUBLISHED)
def test_the_incidence_ends_at_exactly_the_published_share(cohort: nav.Cohort, cause: str) -> None:
    last = cohort.cumulative_incidence().at(540).set_index("cause")
    assert last.loc[cause, "estimate"] == pytest.approx(PUBLISHED[cause] / 656, abs=1e-12)
    assert last.loc[cause, "events"] == PUBLISHED[cause]


def test_without_censoring_the_incidence_is_the_share_counted_by_hand_on_every_day(cohort: nav.Cohort) -> None:
    rows, table = cohort.rows, cohort.cumulative_incidence().table
    for cause in PUBLISHED:
        own = table[table["cause"] == cause]
        expected = [((rows["ending"] == cause) & (rows["time"] <= day)).sum() / 656 for day in own["time"]]
        assert own["estimate"].tolist() == pytest.approx(expected, abs=1e-12)


def test_the_answer_is_the_estimand_of_the_protocol(cohort: nav.Cohort) -> None:
    answer = cohort.answer()
    assert isinstance(answer, nav.IncidenceCurves)
    own = cohort.cumulative_incidence().at((182, 365))
    pd.testing.assert_frame_equal(answer.at((182, 365)), own)


@pytest.mark.parametrize("counted", [False, True], ids=["from people", "from counts"])
def test_shares_and_their_intervals_are_those_printed(cohort: nav.Cohort, counted: bool) -> None:
    people = nav.from_counts(PUBLISHED, programme="Innsatsgjengen") if counted else cohort
    assert percent(people.proportion().table, "estimate", "conf_low", "conf_high") == WILSON
    assert percent(people.simultaneous_shares().table, "conf_low", "conf_high") == GOODMAN


def test_counts_and_people_give_the_same_numbers(cohort: nav.Cohort) -> None:
    counts = nav.from_counts(PUBLISHED)
    for one, other in (
        (cohort.proportion(), counts.proportion()),
        (cohort.simultaneous_shares(), counts.simultaneous_shares()),
        (cohort.proportion(interval="clopper-pearson"), counts.proportion(interval="clopper-pearson")),
        (cohort.proportion(cause="no_show"), counts.proportion(cause="no_show")),
    ):
        pd.testing.assert_frame_equal(one.table, other.table)


@pytest.mark.parametrize(
    "verb",
    ["risk_table", "survival_curve", "cumulative_incidence", "cumulative_hazard", "logrank_test", "gray_test"],
)
def test_counts_refuse_what_needs_times(verb: str) -> None:
    with pytest.raises(nav.DesignProblem) as caught:
        getattr(nav.from_counts(PUBLISHED), verb)()
    assert caught.value.key == "people_without_times"


def test_counts_have_no_restricted_mean() -> None:
    with pytest.raises(nav.DesignProblem) as caught:
        nav.from_counts(PUBLISHED).restricted_mean(365)
    assert caught.value.key == "people_without_times"
