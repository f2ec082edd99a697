"""Time to job, from register to report: the planted truth is covered, the clock is fair, and nothing is promised."""

from __future__ import annotations

import json
import re

import nbformat
import pandas as pd
import pytest
from evaluations import Ran, ran_once, reports_well, runs_clean
from test_notebooks import NOTEBOOKS, outputs, said
from test_notebooks import _offline as _offline

import navoutcomes as nav

JOB = NOTEBOOKS / "02_time_to_job.ipynb"
BOTH = "Aktivtiltaket - Uten plass"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran_once(JOB, tmp_path_factory.mktemp("job"), "time_to_job")


@pytest.fixture(scope="module")
def shown(ran: Ran) -> str:
    """Everything that is shown as html, non-breaking spaces as spaces."""
    html = [one.get("data", {}).get("text/html", "") for one in outputs(ran.book)]
    return json.dumps(html, ensure_ascii=False).replace("\u00a0", " ").replace("\\u00a0", " ")


def test_it_runs_in_time_without_a_warning(ran: Ran) -> None:
    runs_clean(ran, figures=5)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_report_is_whole_and_promises_nothing(ran: Ran, language: str) -> None:
    reports_well(ran, language)


def test_the_adjusted_answer_covers_the_planted_difference(ran: Ran) -> None:
    table = pd.read_csv(ran.reports / "nb/tables/justert-forskjell.csv")
    truth = nav.synthetic_truth("aktivtiltaket")
    rows = table[table["measure"] == "adjusted risk difference"]
    assert sorted(rows["time"]) == [183, 365]
    for _, row in rows.iterrows():
        where = {"cause": "job+education", "group": BOTH, "population": "under_30", "time": int(row["time"])}
        real = truth.value("risk difference", **where)
        assert row["conf_low"] < real < row["conf_high"]
        assert abs(row["estimate"] - real) < 0.06


def test_the_share_in_activity_lies_near_the_planted_one(ran: Ran) -> None:
    table = pd.read_csv(ran.reports / "nb/tables/alarmen-gar.csv")
    where = {"cause": "job+education+other_service", "group": "all", "population": "all", "time": 91}
    real = nav.synthetic_truth("alarmen_gaar").value("risk", **where)
    row = table[(table["cause"] == "in_activity") & (table["time"] == 3)].iloc[0]
    assert row["conf_low"] < real < row["conf_high"]
    assert abs(row["estimate"] - real) < 0.04


def test_a_goal_near_the_share_cannot_be_decided_and_another_is_not_met(shown: str) -> None:
    for cell in ("64,7 %", "61,0–68,5", "Ikke nådd", "Kan ikke avgjøres"):
        assert cell in shown


def test_the_unfair_clock_stands_beside_the_fair_one_in_real_data_too(shown: str) -> None:
    assert "noen gang mot aldri (ikke gyldig)" in shown
    for ratio in ("0,27", "1,14"):
        assert f">{ratio}<" in shown


def test_closing_the_programme_ends_nobodys_follow_up(ran: Ran) -> None:
    assert "12 md.            34                   0" in said(ran.book)


def test_the_difference_is_shown_from_the_first_day(shown: str) -> None:
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in shown.split("<tr>")]
    first = {row[0]: row[1] for row in rows if len(row) == 5 and row[0] in ("1 måned", "6 måneder", "12 måneder")}
    assert first == {"1 måned": "−1,7", "6 måneder": "−1,2", "12 måneder": "4,2"}
    assert "Den fulle tabellen har alle." in shown


def test_the_sentence_says_association(ran: Ran) -> None:
    assert "sammenheng" in said(ran.book)


def test_its_parameters_are_known() -> None:
    cells = nbformat.read(JOB, as_version=4).cells
    tagged = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert [line.split(" = ")[0] for line in tagged[0].splitlines()] == [
        "data", "months", "alarm_data", "mapping", "alarm_mapping", "office", "cutoff", "reports", "language",
    ]  # fmt: skip
