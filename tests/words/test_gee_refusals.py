"""What models of rows that belong together refuse, in which words, and where no interval is given."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav


def frame(offices: int = 8, months: int = 3) -> pd.DataFrame:
    """Forty people in each of some months."""
    roll = np.random.default_rng(5)
    person = np.repeat(np.arange(40), months)
    made = pd.DataFrame({"person": person, "begin": np.tile(np.arange(months), 40), "status": 0})
    made["end"] = made["begin"] + 1.0
    made["office"], made["age"] = person % offices, roll.normal(40, 9, 40)[person]
    made["arm"] = made["office"] % 2
    made["worked"] = roll.integers(0, 2, len(made))
    made["kroner"] = roll.normal(size=len(made))
    return made.assign(same=1, word="x", split=made["office"] + made["begin"] % 2, season=made["begin"])


def cohort(made: pd.DataFrame | None = None, **how: object) -> nav.Cohort:
    made = frame() if made is None else made
    roles = {"entry": "begin", "person": "person", "cluster": "office"} | how
    return nav.Cohort.from_frame(made, "end", "status", endings={0: None, 1: "job"}, outcome="job", **roles)


def alone(**how: object) -> nav.Cohort:
    """One row a person."""
    return cohort(frame(months=1), entry=None, person=None, **how)


CASES: dict[str, tuple[type[nav.Problem], str, Callable[[], object]]] = {
    "nothing together": (nav.DesignProblem, "gee_nothing_together", lambda: alone(cluster=None).gee("worked", ["age"])),
    "no order": (nav.DesignProblem, "gee_no_order", lambda: alone().gee("worked", ["age"], correlation="ar1")),
    "who moves": (nav.DesignProblem, "gee_person_moves", lambda: cohort(cluster="split").gee("worked", ["age"])),
    "not a share": (nav.DataProblem, "gee_outside_logit", lambda: cohort().gee("kroner", ["age"])),
    "below nothing": (nav.DataProblem, "gee_outside_log", lambda: cohort().gee("kroner", ["age"], "log")),
    "all alike": (nav.DesignProblem, "gee_all_alike", lambda: cohort().gee("same", ["age"])),
    "words": (nav.DesignProblem, "term_not_numbers", lambda: cohort().gee("word", ["age"])),
    "no column": (nav.DataProblem, "columns_missing", lambda: cohort().gee("nothing", ["age"])),
    "empty cells": (nav.DataProblem, "not_a_number",
                    lambda: cohort(frame().assign(part=[None, None, *[1.0] * 118])).gee("part", ["age"])),
    "link": (nav.DesignProblem, "choice_unknown", lambda: cohort().gee("worked", ["age"], "probit")),
    "correlation": (nav.DesignProblem, "choice_unknown", lambda: cohort().gee("worked", ["age"], correlation="fixed")),
    "errors": (nav.DesignProblem, "errors_unknown", lambda: cohort().gee("worked", ["age"], errors="hc3")),
    "crossed and corrected": (nav.DesignProblem, "errors_unknown",
                              lambda: cohort().gee("worked", ["age"], correlation="independence", crossed_with="season",
                                                   errors="cr2")),
    "crossed and alike": (nav.DesignProblem, "choice_unknown",
                          lambda: cohort().gee("worked", ["age"], crossed_with="season")),
    "separated": (nav.NumericalProblem, "gee_separation",
                  lambda: cohort(frame().assign(worked=lambda it: it["arm"])).gee("worked", ["arm"])),
    "collinear": (nav.DesignProblem, "terms_collinear",
                  lambda: cohort(frame().assign(double=lambda it: 2 * it["age"] - 3)).gee("worked", ["age", "double"])),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_refused(name: str) -> None:
    kind, key, ask = CASES[name]
    with pytest.raises(kind) as caught:
        ask()
    assert caught.value.key == key
    for language in ("nb", "nn", "en"):
        said = caught.value.text(language)
        assert said
        assert "{" not in said


def test_rows_that_are_wrong_are_counted_and_no_value_is_shown() -> None:
    with pytest.raises(nav.DataProblem) as caught:
        cohort(frame().assign(worked=lambda it: it["worked"].where(it.index != 7, 937))).gee("worked", ["age"])
    said = caught.value.text("nb")
    assert "1 av 120" in said
    assert "937" not in said


@pytest.mark.parametrize("offices", [4, 5])
def test_few_offices_get_no_interval(offices: int) -> None:
    found = cohort(frame(offices)).gee("worked", ["age"])
    assert found.table["conf_low"].isna().all()
    assert found.table["p_value"].isna().all()
    assert np.isfinite(found.table["estimate"]).all()
    assert {one.key for one in found.findings} == {"few_offices"}


def test_few_months_across_get_no_interval() -> None:
    found = cohort().gee("worked", ["age"], correlation="independence", crossed_with="season")
    assert found.table["conf_low"].isna().all()
    assert {one.key for one in found.findings} == {"gee_few_crossed"}
    many = cohort(frame(months=8)).gee("worked", ["age"], correlation="independence", crossed_with="season")
    assert np.isfinite(many.table["conf_low"]).all()


def test_an_arm_with_one_office_gets_no_interval() -> None:
    made = frame().assign(arm=lambda it: (it["office"] == 0).astype(int))
    found = cohort(made).gee("worked", ["arm"])
    assert found.table.set_index("term")["conf_low"].isna()["arm"]
    assert "one_office_alone" in {one.key for one in found.findings}


def test_it_introduces_itself_in_three_languages() -> None:
    found = cohort().gee("worked", ["age"], correlation="ar1")
    for language, words in (("nb", "samme person"), ("nn", "same person"), ("en", "of a person")):
        nav.use_language(language)
        try:
            assert words in repr(found)
        finally:
            nav.use_language("nb")
    crossed = cohort(frame(months=8)).gee("worked", ["age"], correlation="independence", crossed_with="season")
    assert "8 klynger på tvers av 8 andre" in repr(crossed)


def test_release_counts_persons_and_not_rows() -> None:
    """Forty people in eight months: a trait of three persons has 24 rows, and is not let out."""
    made = frame(months=8).assign(rare=lambda it: (it["person"] < 3).astype(int), half=lambda it: it["person"] % 2)
    policy = nav.DisclosurePolicy.preset("nav_internal")
    with pytest.raises(nav.DisclosureRefused):
        nav.release(cohort(made).gee("worked", ["rare"]), policy)
    out = nav.release(cohort(made).gee("worked", ["half"]), policy)
    assert "std_error" not in out.result.table
    with pytest.raises(nav.Problem):
        nav.release(cohort(made).gee("kroner", ["half"], "identity"), policy)
