"""Rows B125 to B133 of the bad inputs: questions that cannot be asked of these people in this way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from canaries import accepted, names, refused
from row_people import ARM, arms, cohort, frame

import navoutcomes as nav


def b125_a_start_after_time_zero_as_a_fixed_group_is_looked_for_and_said() -> None:
    rows = frame(80, seed=4)
    begins = np.where(np.arange(80) % 2 == 0, np.minimum(rows["time"] - 0.5, 6.0), np.nan)
    people = arms(rows.assign(begun=begins))
    found, _ = accepted(lambda: nav.immortal_time_check(people, start="begun"))
    assert (found.late, found.persons) == (40, 80)
    assert found.findings.keys()[0] == "immortal_time_found"
    for language in ("nb", "nn", "en"):
        assert "40" in found.findings.text(language)
    problem = refused(lambda: people.baseline_arms("begun"), nav.DesignProblem)
    assert problem.key == "immortal_time"
    names(problem, ["40", "80", "landmark", "split_follow_up"])
    # The comparison that is not valid is one row of three; the others let people change group when they begin.
    assert len(found.table) == 3


def b126_what_was_measured_after_entry_does_not_explain_what_came_of_it() -> None:
    days = np.where(np.arange(60) % 3 == 0, 400.0, -5.0)
    for name in ("exit_wage_date", "Dato for exit wage", "exit-wage dato"):
        rows = frame(exit_wage=np.arange(60.0), **{name: days})
        for verb, more in (("cox", {}), ("fine_gray", {}), ("poisson", {})):
            problem = refused(lambda v=verb, m=more, r=rows: getattr(cohort(r), v)(["x", "exit_wage"], **m))
            assert problem.key == "measured_after_entry", verb
            names(problem, ["«exit_wage»", "20", "60", "33"])
        assert refused(lambda r=rows: arms(r).weights([nav.Number("exit_wage")])).key == "measured_after_entry"
        assert cohort(rows).cox(["x"]).table["term"].tolist() == ["x"]
        early = cohort(rows.assign(**{name: -5.0})).cox(["x", "exit_wage"])
        assert len(early.table) == 2


def b126_dates_are_compared_with_time_zero_and_rows_that_change_with_their_own_entry() -> None:
    start = pd.Timestamp("2019-01-01")
    dated = frame(wage=np.arange(60.0), start=start, wage_date=start + pd.Timedelta(days=3))
    assert refused(lambda: cohort(dated).cox(["wage"])).key == "measured_after_entry"
    assert len(cohort(dated.assign(wage_date=start)).cox(["wage"]).table) == 1
    later = frame(wage=np.arange(60.0), wage_date=2.0, since=2.0).assign(time=lambda one: one["time"] + 2)
    assert len(cohort(later, entry="since").cox(["wage"]).table) == 1


def b127_a_time_before_which_nearly_all_were_censored_names_how_far_follow_up_carries() -> None:
    time = np.where(np.arange(60) < 58, np.arange(60) % 11 + 1.0, 24.0)
    rows = frame(time=time, ending=(time == 24).astype(int))
    problem = refused(lambda: arms(rows).contrast(at=24), nav.DesignProblem)
    assert problem.key == "horizon_not_supported"
    names(problem, ["24", "97", "11"])


def b127_and_beyond_everybody_there_is_no_answer() -> None:
    rows = frame().assign(ending=lambda one: one["ending"].where(one["time"] < 18, 0))
    assert refused(lambda: arms(rows).contrast(at=99)).key == "time_beyond_follow_up"
    assert refused(lambda: arms(rows).restricted_mean(99, by="arm")).key == "horizon_beyond_follow_up"


def b129_arms_that_share_no_age_are_not_adjusted_and_the_term_is_named() -> None:
    rows = frame(80, seed=4)
    rows = rows.assign(age=np.where(rows["arm"] == "IPS", 20.0, 40.0) + np.arange(80) % 9)
    for ask in (
        lambda: arms(rows).weights(["age"]),
        lambda: arms(rows).standardise(["age"], at=5),
    ):
        problem = refused(ask, nav.DesignProblem)
        assert problem.key == "arms_separated"
        names(problem, ["age", "IPS"])


def b130_arms_that_are_offices_are_compared_by_office_or_not_tested() -> None:
    rows = frame().assign(office=lambda one: np.where(one["arm"] == "IPS", 0, 1))
    people = arms(rows, cluster="office")
    for ask in (lambda: people.logrank_test(by="arm"), lambda: people.cox(ARM).tests):
        assert refused(ask, nav.DesignProblem).key in ("too_few_clusters", "no_test_with_few_offices")
    table = accepted(lambda: people.cox(ARM))[0].table
    assert np.isfinite(table["estimate"]).all() and table[["p_value", "conf_low", "conf_high"]].isna().all().all()
    eight = frame(160).assign(office=lambda one: np.where(one["arm"] == "IPS", 0, 4) + np.arange(160) // 2 % 4)
    problem = refused(lambda: arms(eight, cluster="office").logrank_test(by="arm"), nav.DesignProblem)
    assert problem.key == "arm_fixed_by_cluster"
    names(problem, ["8", "IPS: 4", "Standard: 4"])


def b131_fourteen_groups_pair_by_pair_are_adjusted_and_counted() -> None:
    rows = frame(280).assign(group=[f"g{at % 14:02}" for at in range(280)])
    found, _ = accepted(lambda: nav.pairwise_tests(cohort(rows), by="group"))
    assert len(found.table) == 14 * 13 // 2
    note = next(one for one in found.method if one.key == "pairs_holm")
    for language in ("nb", "nn", "en"):
        assert "91" in note.text(language) and "Holm" in note.text(language)


def b132_tables_of_one_report_with_different_denominators_are_named_with_rounded_numbers() -> None:
    waves = {name: nav.from_counts({"job": 147, "no_show": 192, "other": rest}).proportion() for name, rest in
             (("first", 317), ("second", 301), ("third", 273))}  # fmt: skip
    found, said = accepted(lambda: nav.check_denominators({name: nav.release(one) for name, one in waves.items()}))
    for language in ("nb", "nn", "en"):
        text = found.text(language)
        assert all(part in text for part in ("first: n ≈ 655", "second: n ≈ 640", "third: n ≈ 610"))
        assert "656" not in text and "612" not in text
    assert said == [next(iter(found)).text()]
    same = cohort(frame(200))
    alike = {"a": same.survival_curve(), "b": same.cumulative_incidence(by="arm"), "c": same.cox(["x"])}
    assert len(accepted(lambda: nav.check_denominators(alike))[0]) == 0


def test_b132_and_the_report_says_so_when_it_is_written(tmp_path: Path) -> None:
    with pytest.warns(nav.DataWarning, match="655.*640"), nav.Bundle(tmp_path / "r", language="nb") as report:
        for name, rest in (("forste", 317), ("andre", 301)):
            table = nav.from_counts({"job": 147, "no_show": 192, "other": rest}).proportion()
            report.add(name, nav.release(table), drawing="none")
    manifest = (tmp_path / "r" / "nb" / "manifest.json").read_text(encoding="utf-8")
    assert "ulik nevner" in manifest and "640" in manifest


def b133_parts_that_are_not_the_total_name_both() -> None:
    parts = {"job": 147, "no_show": 192, "other": 317}
    assert accepted(lambda: nav.reconcile(parts, 656))[0].keys() == ("parts_make_total",)
    problem = refused(lambda: nav.reconcile({**parts, "other": 316}, 656, "oppdraget"), nav.DataProblem)
    names(problem, ["655", "656", "1", "oppdraget", "«job»"])
    assert refused(lambda: nav.reconcile({"job": 1.5}, 2)).key == "counts_not_whole"
    assert refused(lambda: nav.reconcile({}, 2)).key == "counts_empty"


ROWS = [value for name, value in sorted(globals().items()) if name.startswith("b1")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.__name__[:4].upper()} {row.__name__[5:]}")
def test_row(row: Callable[[], None]) -> None:
    row()
