"""IPS against standard follow-up, from register to report: the planted truth is found, and nothing is promised."""

from __future__ import annotations

import json

import nbformat
import pandas as pd
import pytest
from evaluations import Ran, ran_once, reports_well, runs_clean
from test_notebooks import NOTEBOOKS, outputs, said
from test_notebooks import _offline as _offline

import navoutcomes as nav

IPS = NOTEBOOKS / "03_ips_versus_standard.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran_once(IPS, tmp_path_factory.mktemp("ips"), "ips")


def test_it_runs_in_time_without_a_warning(ran: Ran) -> None:
    runs_clean(ran, figures=5)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_report_is_whole_and_promises_nothing(ran: Ran, language: str) -> None:
    reports_well(ran, language)


def test_the_adjusted_answer_finds_the_planted_difference_and_its_end(ran: Ran) -> None:
    table = pd.read_csv(ran.reports / "nb/tables/justert-forskjell.csv")
    truth = nav.synthetic_truth("ips_and_standard")
    rows = table[table["measure"] == "adjusted risk difference"].sort_values("time")
    assert list(rows["time"]) == [365, 730, 1095]
    for _, row in rows.iterrows():
        at = {365: 365, 730: 730, 1095: 1096}[int(row["time"])]
        where = {"cause": "job", "group": "IPS - Standard oppfølging", "population": "all", "time": at}
        real = truth.value("risk difference", **where)
        assert row["conf_low"] < real < row["conf_high"]
        assert abs(row["estimate"] - real) < 0.06
    assert rows["estimate"].iloc[1] > 0.05 > abs(rows["estimate"].iloc[2])


def test_the_published_trial_is_reckoned_again(ran: Ran) -> None:
    book = json.dumps([one.get("data", {}).get("text/html", "") for one in outputs(ran.book)], ensure_ascii=False)
    for number in ("10,39", "2,79–38,68", "5,90", "1,91–18,19"):
        assert number in book


def test_the_sentence_says_association(ran: Ran) -> None:
    assert "sammenheng" in said(ran.book)


def test_its_parameters_are_known() -> None:
    cells = nbformat.read(IPS, as_version=4).cells
    tagged = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert [line.split(" = ")[0] for line in tagged[0].splitlines()] == [
        "data", "mapping", "office", "cutoff", "reports", "language",
    ]  # fmt: skip
