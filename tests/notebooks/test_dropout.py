"""Dropout, from register to report: the published total, the planted truth, and nothing of small teams."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from evaluations import Ran, ran_once, reports_well, runs_clean
from test_notebooks import NOTEBOOKS, outputs, said
from test_notebooks import _offline as _offline

DROPOUT = NOTEBOOKS / "04_dropout.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran_once(DROPOUT, tmp_path_factory.mktemp("dropout"), "dropout")


def test_it_runs_in_time_without_a_warning(ran: Ran) -> None:
    runs_clean(ran, figures=2)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_report_is_whole_and_promises_nothing(ran: Ran, language: str) -> None:
    reports_well(ran, language)


def test_the_share_is_of_everybody_referred(ran: Ran) -> None:
    table = pd.read_csv(ran.reports / "nb/tables/hvem.csv")
    share = table[table["measure"] == "share"].iloc[0]
    assert (share["events"], share["at_risk"]) == (192, 656)
    assert share["estimate"] == pytest.approx(192 / 656, abs=5e-4)
    months = table[(table["measure"] == "odds ratio") & table["term"].str.startswith("Måneder")].iloc[0]
    assert months["conf_low"] > 1


def test_both_denominators_are_shown_and_the_goals_own_is_judged(ran: Ran) -> None:
    text = json.dumps([one.get("data", {}) for one in outputs(ran.book)], ensure_ascii=False) + said(ran.book)
    assert "57,4" in text
    assert "Kan ikke avgjøres" in text
    goal = pd.read_csv(ran.reports / "nb/tables/jobbsjansen.csv").set_index("group")
    assert goal.loc["started", "at_risk"] == 923
    assert goal.loc["completed", "estimate"] == pytest.approx(530 / 780)


def test_the_team_that_loses_most_is_the_one_that_was_made_so(ran: Ran) -> None:
    table = pd.read_csv(ran.reports / "nb/tables/lagene.csv")
    far = table[table["measure"] == "difference in shares"].set_index("group")["estimate"]
    assert len(far) == 8
    assert far.abs().max() < 0.5
    assert (
        abs(float((far * table[table["measure"] == "observed share"].set_index("group")["at_risk"]).sum())) < 656 * 0.05
    )
