"""The analyst's stories A6, A7 and A10, as far as tables of the data model, jobs and exits are concerned.

A6: too many unknown reasons, a misspelt code, a code that does not exist. A7: exits by Nav's official definition. A10:
a number valid only by the rule from 2032 in any column of identities. (Reading files is tested with the readers, the
report on exit reasons with the codes.)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pytest
from bad_input import identity_number
from canaries import names, no_leak, refused

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES
from tests.words import model_examples

FROM_2032 = [identity_number(9, 11, 55, start=start) for start in (12, 13, 14)]
DRESSES: dict[str, Callable[[str], Any]] = {
    "plain": str,
    "in two groups": lambda number: f"{number[:6]} {number[6:]}",
    "as a decimal": lambda number: f"{number}.0",
    "as a number": float,
    "as a power of ten": lambda number: f"{number[0]},{number[1:]}E+10",
}


def left(unknown: int, known: int) -> nav.Spells:
    """So many synthetic people who left for a reason nobody wrote down, and so many who got a job."""
    count = unknown + known
    frame = pd.DataFrame({"person": [f"P-{at}" for at in range(count)], "programme": "OPPFOLGING"})
    frame["start"] = pd.Timestamp("2019-01-01").as_unit("s")
    frame["end"] = pd.Timestamp("2019-06-01").as_unit("s")
    frame["exit_class"] = ["completed_unknown"] * unknown + ["job"] * known
    return nav.Spells(frame, nav.Origin(cutoff=date(2019, 12, 31)))


def test_a6_a_job_rate_by_reason_is_refused_above_a_fifth_unknown() -> None:
    problem = refused(partial(nav.first_jobs, left(21, 79), nav.exit_reason()))
    assert problem.key == "reasons_too_often_unknown"
    names(problem, ("21", "100", "Komet", "sustained()"))
    accepted = nav.first_jobs(left(20, 80), nav.exit_reason())
    assert (accepted.rows["ending"] == "job").sum() == 80
    assert [one.facts for one in accepted.log if one.key == "reasons_unknown_share"] == [
        (("count", 20), ("total", 100))
    ]
    assert (nav.first_jobs(left(21, 79), nav.exit_reason(0.25)).rows["ending"] == "job").sum() == 79


def test_a6_a_code_as_production_misspells_it_is_let_through_with_a_remark() -> None:
    frame = model_examples.programme().assign(programme_code=["MIDLERTIDIG_LONNSTLSKUDD", "KVP"])
    found = nav.check_table(frame, "programme")
    assert found.errors == () and [one.key for one in found.warnings] == ["model_codes_other_spelling"]


def test_a6_a_code_that_does_not_exist_is_refused_with_the_one_it_comes_near() -> None:
    frame = model_examples.episode().assign(reason=["TRENGER_ANNEN_HJELP", None, "BEGA"])
    (error,) = nav.check_table(frame, "episode").errors
    for language in LANGUAGES:
        said = " ".join(error.problem.parts(language))
        assert "TRENGER_ANNEN_STOTTE" in said and "TRENGER_ANNEN_HJELP" not in said


def panel(rows: list[tuple[str, str]], state: str, last: str = "2020-12") -> nav.MonthPanel:
    frame = pd.DataFrame(rows, columns=["person_id", "month"]).assign(state=state)
    with pytest.warns(nav.DataWarning):
        return nav.MonthPanel.from_frame(frame, "state", covers=("2020-01", last))


def test_a7_an_exit_is_two_months_out_and_its_status_is_that_of_the_sixth() -> None:
    taking = [("P-1", "2020-03"), ("P-2", "2020-03"), ("P-2", "2020-05"), ("P-3", "2020-08"), ("P-4", "2020-11")]
    status = panel([("P-1", "2020-09"), ("P-2", "2020-11")], "ARBEID")
    with pytest.warns(nav.DataWarning, match="2 av 4"):
        found = nav.nav_exit(panel(taking, "OPPFOLGING"), status)
    exits = {(row.person, str(row.month)): row.status for row in found.exits.itertuples()}
    # P-2 is back after a month: no exit in March. P-4: two months out are not over. P-3: month six has not come.
    assert exits == {("P-1", "2020-03"): "in_work", ("P-2", "2020-05"): "in_work", ("P-3", "2020-08"): None}
    assert (found.counts["in_work"], found.undecided) == (2, 1)
    share = nav.from_counts(found.counts).proportion().table.set_index("cause")
    assert share.loc["in_work", "estimate"] == 1.0, "who cannot be known yet is not counted as out of work"


@pytest.mark.parametrize("dress", list(DRESSES))
@pytest.mark.parametrize("number", FROM_2032, ids=["12", "13", "14"])
@pytest.mark.parametrize("column", ["person_id", "episode_id", "programme_id"])
def test_a10_a_number_of_2032_in_any_id_column_stops_everything(
    column: str, number: str, dress: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = model_examples.episode()
    frame[column] = [DRESSES[dress](number), *frame[column][1:]]

    def copied(*_: Any, **__: Any) -> None:
        raise AssertionError("copied before it was refused")

    monkeypatch.setattr(pd.DataFrame, "copy", copied)
    problem = refused(partial(nav.check_table, frame, "episode"))
    assert problem.key == "identity_numbers"
    names(problem, (column, "1", "3"))
    no_leak([problem.text(language) for language in LANGUAGES], (number, number[:6], number[6:]))


@pytest.mark.parametrize("number", FROM_2032, ids=["12", "13", "14"])
def test_a10_it_stops_months_and_tables_together_too(number: str) -> None:
    months = model_examples.employment_month().assign(person_id=[number, "PSEUDO-1", "PSEUDO-2"])
    for call in (
        partial(nav.employment_months, months),
        partial(nav.MonthPanel.from_frame, months, "employed"),
        partial(nav.check_tables, {"employment_month": months}),
        partial(nav.RegisterTables.from_frames, {"employment_month": months}),
    ):
        problem = refused(call)
        assert problem.key == "identity_numbers" and number not in problem.text("en")
