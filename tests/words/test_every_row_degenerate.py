"""Rows B136 to B164 of the bad inputs: people too few, too alike or too separate for what is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from canaries import accepted, names, refused
from row_people import ARM, arms, cohort, frame

import navoutcomes as nav

NO_EVENT_IN_ONE_ARM = {"ending": np.where(np.arange(60) % 2 == 0, 0, np.arange(60) % 3)}


def b136_one_person_has_a_curve_and_no_interval() -> None:
    found, _ = accepted(lambda: cohort(frame(1, ending=1)).survival_curve())
    assert found.table[["conf_low", "conf_high"]].isna().all().all()
    # The row says error for any interval: what was seen of one person stands, and no interval is given by any name.
    said = next(one for one in found.method if one.key == "interval_one_person")
    for language in ("nb", "nn", "en"):
        assert "n = 1" in said.text(language)
    for name in ("plain", "log", "log-log", "logit", "arcsine"):
        table = accepted(lambda name=name: cohort(frame(1, ending=1)).survival_curve(interval=name))[0].table
        assert table[["conf_low", "conf_high"]].isna().all().all(), name
    mean = accepted(lambda: cohort(frame(1, ending=1)).restricted_mean(1))[0].table
    assert mean[["conf_low", "conf_high"]].isna().all().all()


def b137_twelve_persons_have_the_interval_for_small_groups() -> None:
    found, _ = accepted(lambda: cohort(frame(12)).survival_curve())
    assert any("beta_product" in one.key for one in found.method)
    with pytest.raises(nav.DisclosureRefused):
        nav.release(found)


def b137_a_regression_of_twelve_says_how_few_they_are_and_never_leaves_the_room() -> None:
    # The row says refused. Sums on paper are made of fewer than twelve, with profile limits that hold; what is refused
    # is to show one to anybody.
    people = arms(frame(12))
    for ask in (people.cox, people.fine_gray, lambda terms: people.logistic(terms, at=5)):
        model = accepted(lambda ask=ask: ask(ARM))[0]
        assert "few_endings_for_terms" in model.findings.keys()  # noqa: SIM118
        with pytest.raises(nav.DisclosureRefused):
            nav.release(model)
    with pytest.raises(nav.DisclosureRefused):
        nav.release(people.poisson(ARM))


def b138_one_group_has_a_curve_and_no_comparison() -> None:
    people = cohort(frame(arm="IPS"))
    accepted(lambda: people.survival_curve(by="arm"))
    for ask in (people.logrank_test, people.gray_test):
        problem = refused(lambda ask=ask: ask(by="arm"), nav.DesignProblem)
        assert problem.key == "one_group"
        names(problem, ["«arm»", "IPS"])


def b139_no_events_a_limit_for_the_risk_and_no_cox() -> None:
    people = cohort(frame(ending=0))
    table = accepted(people.cumulative_incidence)[0].table
    assert (table["estimate"] == 0).all() and (table["conf_high"].iloc[:5] > 0).all()
    problem = refused(lambda: people.cox(["x"]), nav.DesignProblem)
    assert (problem.key, problem.facts["total"]) == ("no_events", 60)


def b140_only_events_is_the_share_counted() -> None:
    rows = frame(ending=1)
    table = accepted(lambda: cohort(rows).survival_curve())[0].table
    counted = [(rows["time"] > time).mean() for time in table["time"]]
    np.testing.assert_allclose(table["estimate"], counted, atol=1e-12)


def b141_no_events_in_one_arm_is_never_a_ratio_of_millions() -> None:
    people = arms(frame(**NO_EVENT_IN_ONE_ARM))
    accepted(lambda: people.survival_curve(by="arm"))
    found = accepted(lambda: people.cox(ARM))[0]
    _firth_instead(found, "arm: IPS")
    assert np.abs(found.table["estimate"]).max() < 8
    asked = people.cox(ARM, penalty="firth")
    pd.testing.assert_frame_equal(found.table, asked.table)
    assert "firth_instead" not in asked.findings.keys()  # noqa: SIM118
    problem = refused(lambda: people.cox(ARM, penalty="none"), nav.NumericalProblem)
    assert problem.key == "monotone_likelihood"
    names(problem, ["«arm: IPS»", "firth"])


def b141_offices_have_no_penalty_and_the_problem_is_named() -> None:
    # Firth's penalty is not made for offices: a switch would throw away what the analyst said about them.
    rows = frame(**NO_EVENT_IN_ONE_ARM).assign(office=lambda one: np.arange(len(one)) % 10)
    problem = refused(lambda: arms(rows, cluster="office").cox(ARM), nav.NumericalProblem)
    assert problem.key == "monotone_likelihood"


def b142_complete_separation_in_a_logistic_model() -> None:
    _separated(frame(120, seed=3, time=1.0, ending=np.tile([1, 2], 60)), "arm: IPS", ARM)


def b143_quasi_separation_by_one_person() -> None:
    rows = frame(120, seed=3, time=1.0, alone=(np.arange(120) == 7).astype(float))
    rows["ending"] = np.where(rows["alone"] == 1, 1, rows["ending"].clip(1, 2))
    model = _separated(rows, "alone", ["x", "alone"])
    with pytest.raises(nav.DisclosureRefused):
        nav.release(model)


def _separated(rows: pd.DataFrame, named: str, terms: list[object]) -> nav.LogisticRegression:
    people = cohort(rows, endings={1: "job", 2: "other"})
    found = accepted(lambda: people.logistic(terms))[0]
    _firth_instead(found, named)
    table = found.table.set_index("term")
    assert abs(table.loc[named, "estimate"]) < 15
    assert (table.loc[named, "conf_low"] < table.loc[named, "estimate"]) and np.isfinite(table["std_error"]).all()
    pd.testing.assert_frame_equal(found.table, people.logistic(terms, penalty="firth").table)
    problem = refused(lambda: people.logistic(terms, penalty="none"), nav.NumericalProblem)
    assert problem.key == "separation"
    names(problem, [f"«{named}»", "firth"])
    return found


def _firth_instead(found: nav.CoxRegression | nav.LogisticRegression, named: str) -> None:
    """The warning names the term and the way out that was taken, and the method says the same."""
    said = next(one for one in found.findings if one.key == "firth_instead")
    assert said.level == "warning"
    for language in ("nb", "nn", "en"):
        assert f"«{named}»" in said.text(language) or named in said.text(language)
        assert "Firth" in said.text(language)
    assert {"method_firth", "interval_profile"} <= {one.key for one in found.method}


def b144_collinear_terms_are_named() -> None:
    rows = frame().assign(born=lambda one: 2000 - one["x"])
    for ask in ("cox", "logistic", "fine_gray", "poisson"):
        people = cohort(rows, endings={0: "stayed", 1: "job", 2: "other"})
        more = {"at": 19} if ask == "logistic" else {}
        problem = refused(lambda ask=ask, p=people, more=more: getattr(p, ask)(["x", "born"], **more))
        assert problem.key == "terms_collinear", ask
        names(problem, ["«born»"])


def b145_a_constant_column_is_dropped_and_named() -> None:
    people = cohort(frame(same=3.0), endings={0: "stayed", 1: "job", 2: "other"})
    for ask, more in (("cox", {}), ("logistic", {"at": 19}), ("fine_gray", {}), ("poisson", {}), ("parametric", {})):
        found = accepted(lambda ask=ask, more=more: getattr(people, ask)(["x", "same"], **more))[0]
        said = next(one for one in found.findings if one.key == "terms_dropped")
        assert (said.level, dict(said.facts)["column"]) == ("warning", ["same"]), ask
        alone = getattr(people, ask)(["x"], **more)
        pd.testing.assert_frame_equal(found.table, alone.table)
    assert nav.predict(people.cox(["same", "x"]), pd.DataFrame({"x": [0.0], "same": [3.0]}), 5).table.size
    problem = refused(lambda: people.cox(["same"]), nav.DesignProblem)
    assert problem.key == "term_constant"
    names(problem, ["«same»"])


def b145_a_category_with_one_level_is_dropped_too() -> None:
    people = cohort(frame(sex="Kvinne"))
    term = nav.Category("sex", reference="Kvinne")
    found = accepted(lambda: people.cox(["x", term]))[0]
    assert "terms_dropped" in found.findings.keys()  # noqa: SIM118
    assert found.table["term"].tolist() == ["x"]
    assert refused(lambda: people.cox([term]), nav.DesignProblem).key == "term_constant"


def b147_a_category_keeps_a_reference_and_dummies_by_hand_are_collinear() -> None:
    people = arms(frame())
    assert accepted(lambda: people.cox(ARM))[0].table["term"].tolist() == ["arm: IPS"]
    rows = frame().assign(one=lambda one: one["arm"] == "IPS", two=lambda one: one["arm"] != "IPS")
    assert refused(lambda: cohort(rows).cox(["one", "two"])).key == "terms_collinear"


def b149_two_offices_leave_the_estimate() -> None:
    people = arms(frame().assign(office=lambda one: np.arange(60) // 30), cluster="office")
    model = accepted(lambda: people.cox(ARM))[0]
    assert model.table[["p_value", "conf_low", "conf_high"]].isna().all().all()
    note = next(one for one in model.findings if one.key == "few_offices")
    assert (dict(note.facts)["clusters"], dict(note.facts)["fewest"]) == (2, 6)
    problem = refused(lambda: model.tests, nav.DesignProblem)
    names(problem, ["2", "6", "contrast"])


def b150_one_treated_office_of_six() -> None:
    rows = frame(120).assign(office=lambda one: np.arange(120) % 6)
    rows["arm"] = np.where(rows["office"] == 0, "IPS", "Standard")
    model = accepted(lambda: arms(rows, cluster="office").cox(ARM))[0]
    assert np.isfinite(model.table["estimate"]).all() and model.table["p_value"].isna().all()
    alone = next(one for one in model.findings if one.key == "one_office_alone")
    assert "more offices" in alone.text("en")
    problem = refused(lambda: model.tests, nav.DesignProblem)
    names(problem, ["6", "contrast"])
    problem = refused(lambda: arms(rows, cluster="office").logrank_test(), nav.DesignProblem)
    assert problem.key == "too_few_clusters"
    names(problem, ["IPS", "contrast"])


def b152_shared_times_are_said_with_how_they_were_treated() -> None:
    model = accepted(lambda: cohort(frame()).cox(["x"]))[0]
    note = next(one for one in model.findings if one.key == "many_ties")
    assert dict(note.facts)["percent"] > 20
    for language in ("nb", "nn", "en"):
        assert "efron" in note.text(language)
    few = accepted(lambda: cohort(frame(time=np.arange(60) + 1.0)).cox(["x"]))[0]
    assert "many_ties" not in [one.key for one in few.findings]


def b153_all_times_equal_one_step_and_nothing_to_compare() -> None:
    rows = frame(time=5.0, ending=1)
    assert len(accepted(lambda: cohort(rows).survival_curve())[0].table) == 1
    problem = refused(lambda: cohort(rows).cox(["x"]), nav.DesignProblem)
    assert problem.key == "nobody_to_compare_with"
    names(problem, ["60", "1"])
    problem = refused(lambda: arms(rows).logrank_test(by="arm"), nav.DesignProblem)
    assert problem.key == "all_times_equal"
    names(problem, ["60", "5"])


def b153_with_somebody_left_over_one_time_says_something() -> None:
    model = accepted(lambda: cohort(frame(time=5.0)).cox(["x"], ties="exact"))[0]
    assert np.isfinite(model.table["std_error"]).all()


def b154_where_the_last_is_still_followed_the_curve_stops() -> None:
    rows = frame().assign(ending=lambda one: one["ending"].where(one["time"] < one["time"].max(), 0))
    table = accepted(lambda: cohort(rows).survival_curve())[0]
    assert table.table["estimate"].iloc[-1] > 0
    assert table.at(25)["estimate"].isna().all()
    assert refused(lambda: cohort(rows).restricted_mean(25)).key == "horizon_beyond_follow_up"


def b156_a_median_that_was_not_reached_is_empty_with_a_lower_limit_and_never_infinite() -> None:
    found = accepted(lambda: cohort(frame(ending=[1] * 6 + [0] * 54)).quantiles())[0]
    row = found.table.iloc[0]
    assert np.isnan(row["estimate"]) and np.isfinite(row["conf_low"]) and np.isnan(row["conf_high"])
    assert found.findings.keys() == ("quantile_not_reached",)
    assert not np.isinf(found.table.select_dtypes("number")).any().any()


def b157_a_horizon_beyond_one_arm_names_the_longest() -> None:
    rows = frame(ending=0).assign(
        time=lambda one: np.where(one["arm"] == "IPS", one["time"].clip(upper=9), one["time"])
    )
    problem = refused(lambda: arms(rows).restricted_mean(15, by="arm"), nav.DesignProblem)
    assert problem.key == "horizon_beyond_follow_up"
    names(problem, ["15", "IPS", "9"])


def b158_crossing_hazards_are_remarked_with_the_p_value() -> None:
    size, roll = 600, np.random.default_rng(2)
    treated = np.arange(size) % 2 == 0
    early = roll.exponential(np.where(treated, 20.0, 4.0))
    time = np.ceil(np.where(early < 5, early, 5 + roll.exponential(np.where(treated, 3.0, 20.0)))).clip(1, 30)
    rows = frame(size, time=time, ending=(time < 30).astype(int))
    found = arms(rows).checks().findings
    note = next(one for one in found if one.key == "check_hazards_cross")
    assert "p_value" in dict(note.facts)
    restricted = accepted(lambda: arms(rows).contrast(at=20, measure=["risk difference", "restricted mean difference"]))
    assert len(restricted[0].table) == 2


def b160_fine_gray_without_competing_endings_is_cox() -> None:
    people = cohort(frame(ending=np.arange(60) % 2))
    ours, cox = people.fine_gray(["x"], errors="model").table, people.cox(["x"]).table
    np.testing.assert_allclose(ours[["estimate", "std_error"]], cox[["estimate", "std_error"]], rtol=1e-9)
    found = [one for one in people.fine_gray(["x"]).findings if one.key == "fine_gray_is_cox"]
    assert dict(found[0].facts) == {"cause": "job", "count": 30, "other": 0}
    assert all(one.key != "fine_gray_is_cox" for one in cohort(frame()).fine_gray(["x"]).findings)


def b161_a_cause_that_was_never_seen_is_refused_and_the_others_go_on() -> None:
    people = arms(frame(ending=np.arange(60) % 2))
    for ask in (people.cox, people.fine_gray):
        problem = refused(lambda ask=ask: ask(["x"], cause="other"), nav.DesignProblem)
        assert problem.key == "no_events"
        names(problem, ["other"])
    assert [one.cause for one in accepted(lambda: people.cause_specific(["x"]))[0].models] == ["job"]
    for test in (people.gray_test, people.logrank_test):
        problem = refused(lambda test=test: test(by="arm", cause="other"), nav.DesignProblem)
        assert problem.key == "no_events"
        names(problem, ["60"])


def b162_draws_that_end_before_the_horizon_are_counted_and_refused_above_five_per_cent() -> None:
    rows = frame(40, seed=6, ending=(np.arange(40) % 2).astype(int)).assign(time=np.arange(40) % 19 + 1.0)
    ask = arms(rows).bootstrap_restricted_mean
    problem = refused(lambda: ask(18, by="arm", replicates=200, rng=1), nav.NumericalProblem)
    assert problem.key == "draws_cut_short"
    assert problem.facts["count"] > 10
    names(problem, [str(problem.facts["count"]), "200", "18", "5"])
    larger = frame(90, ending=(np.arange(90) % 2).astype(int)).assign(time=np.arange(90) % 19 + 1.0)
    found = accepted(lambda: arms(larger).bootstrap_restricted_mean(18, by="arm", replicates=400, rng=1))[0]
    counted = [dict(one.facts)["count"] for one in found.findings if one.key == "draws_cut_short"]
    assert len(counted) == 1 and 0 < counted[0] <= 20


def b163_a_climb_that_did_not_arrive_gives_no_table() -> None:
    from navoutcomes.estimate.regression import cox as verb

    real = verb.fit
    verb.fit = lambda rows: real(rows, most=1)
    try:
        problem = refused(lambda: cohort(frame(200)).cox(["x"]), nav.NumericalProblem)
    finally:
        verb.fit = real
    assert problem.key == "not_converged"
    assert problem.facts["steps"] == 1


ROWS = [value for name, value in sorted(globals().items()) if name.startswith("b1")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.__name__[:4].upper()} {row.__name__[5:]}")
def test_row(row: Callable[[], None]) -> None:
    row()


@pytest.mark.full
def test_b164_five_million_rows_within_a_minute_and_two_gigabytes() -> None:
    code = """
import resource, time
import numpy as np, pandas as pd
import navoutcomes as nav
roll = np.random.default_rng(1)
n = 5_000_000
rows = pd.DataFrame({"time": roll.integers(1, 1000, n).astype(float), "ending": roll.integers(0, 3, n),
                     "group": roll.integers(0, 10, n)})
start = time.perf_counter()
people = nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job", 2: "other"}, outcome="job")
people.survival_curve(by="group").table, people.cumulative_incidence(by="group").table
assert time.perf_counter() - start < 60
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 1024**2
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
