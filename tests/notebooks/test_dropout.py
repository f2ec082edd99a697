"""Dropout, from register to report: the published total, the planted truth, and nothing of small teams."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_notebooks import NOTEBOOKS, is_whole, outputs, pictures, said, speaks_of_no_effect
from test_notebooks import _offline as _offline

from navoutcomes.report.manifest import digest
from navoutcomes.report.notebook import run

DROPOUT = NOTEBOOKS / "04_dropout.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path, float]:
    place = tmp_path_factory.mktemp("dropout")
    before, started = digest(DROPOUT), time.monotonic()
    book = run(DROPOUT, {"reports": str(place)}, strict=True)
    taken = time.monotonic() - started
    assert digest(DROPOUT) == before
    return book, place / "dropout", taken


def test_it_runs_in_time_without_a_warning(ran: tuple[Any, Path, float]) -> None:
    book, _, taken = ran
    assert taken < 120
    assert not [one for one in outputs(book) if one.output_type == "error" or one.get("name") == "stderr"]
    shown = pictures(book)
    assert len(shown) == 2
    assert all(alt.startswith("Syntetiske data") and len(picture) > 10_000 for picture, alt in shown)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_report_is_whole_and_promises_nothing(ran: tuple[Any, Path, float], language: str) -> None:
    bundle = ran[1] / language
    is_whole(bundle, language)
    speaks_of_no_effect(bundle)


def test_the_share_is_of_everybody_referred(ran: tuple[Any, Path, float]) -> None:
    table = pd.read_csv(ran[1] / "nb/tables/hvem.csv")
    share = table[table["measure"] == "share"].iloc[0]
    assert (share["events"], share["at_risk"]) == (192, 656)
    assert share["estimate"] == pytest.approx(192 / 656, abs=5e-4)
    months = table[(table["measure"] == "odds ratio") & table["term"].str.startswith("Måneder")].iloc[0]
    assert months["conf_low"] > 1


def test_both_denominators_are_shown_and_the_goals_own_is_judged(ran: tuple[Any, Path, float]) -> None:
    text = json.dumps([one.get("data", {}) for one in outputs(ran[0])], ensure_ascii=False) + said(ran[0])
    assert "57,4" in text
    assert "Kan ikke avgjøres" in text
    goal = pd.read_csv(ran[1] / "nb/tables/jobbsjansen.csv").set_index("group")
    assert goal.loc["started", "at_risk"] == 923
    assert goal.loc["completed", "estimate"] == pytest.approx(530 / 780)


def test_the_team_that_loses_most_is_the_one_that_was_made_so(ran: tuple[Any, Path, float]) -> None:
    table = pd.read_csv(ran[1] / "nb/tables/lagene.csv")
    far = table[table["measure"] == "difference in shares"].set_index("group")["estimate"]
    assert len(far) == 8
    assert far.abs().max() < 0.5
    assert (
        abs(float((far * table[table["measure"] == "observed share"].set_index("group")["at_risk"]).sum())) < 656 * 0.05
    )
