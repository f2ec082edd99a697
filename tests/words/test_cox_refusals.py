"""What Cox models refuse, and what they leave empty: one clear problem each, never a person's value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

CANARY = "Kari Canary"


def frame(size: int = 60, seed: int = 1) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "time": roll.integers(1, 20, size),
            "ending": (roll.random(size) < 0.6).astype(int),
            "x": roll.normal(size=size),
            "arm": roll.integers(0, 2, size),
            "office": np.arange(size) % 8,
            "name": [CANARY] * size,
        }
    )


def cohort(rows: pd.DataFrame, **how: object) -> nav.Cohort:
    return nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job", **how)


def key_of(problem: type[nav.Problem], rows: pd.DataFrame, *terms: object, **how: object) -> str:
    roles = {name: how.pop(name) for name in ("cluster", "weight") if name in how}
    with pytest.raises(problem) as caught:
        cohort(rows, **roles).cox(terms, **how)
    told = caught.value.text()
    assert CANARY not in told
    assert len(told.splitlines()) == 4
    return caught.value.key


def test_nobody_ended() -> None:
    assert key_of(nav.DesignProblem, frame().assign(ending=0), "x") == "no_events"


def test_no_terms_words_for_numbers_unknown_reference_and_a_column_like_itself() -> None:
    rows = frame()
    assert key_of(nav.DesignProblem, rows) == "terms_needed"
    assert key_of(nav.DesignProblem, rows, "name") == "term_not_numbers"
    assert key_of(nav.DesignProblem, rows, nav.Category("arm", reference="2")) == "reference_unknown"
    assert key_of(nav.DesignProblem, rows.assign(same=3), "same") == "term_constant"
    assert key_of(nav.DesignProblem, rows, nav.Interaction(nav.Number("x"), nav.Number("arm")), "x") == (
        "interaction_without_parts"
    )


def test_collinear_terms_are_named() -> None:
    rows = frame().assign(twice=lambda one: 2 * one["x"] + one["arm"])
    with pytest.raises(nav.DesignProblem) as caught:
        cohort(rows).cox(["x", "arm", "twice"])
    assert caught.value.key == "terms_collinear"
    assert caught.value.facts["column"] == ["twice"]


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_infinite_and_missing_values_name_their_rows(bad: float) -> None:
    rows = frame()
    rows.loc[[3, 7], "x"] = bad
    with pytest.raises(nav.DataProblem) as caught:
        cohort(rows).cox(["x"])
    assert caught.value.facts["rows"] == [3, 7]


def test_everybody_with_a_trait_left_first_is_named_and_firth_answers() -> None:
    rows = frame(40).assign(first=0.0).astype({"time": float})
    rows.loc[:4, ["time", "ending", "first"]] = [0.5, 1, 1]
    rows["time"] = rows["time"].where(rows["first"] == 1, rows["time"] + 1)
    with pytest.raises(nav.NumericalProblem) as caught:
        cohort(rows).cox(["first", "x"], penalty="none")
    assert caught.value.key == "monotone_likelihood"
    assert caught.value.facts["column"] == ["first"]
    found = cohort(rows).cox(["first", "x"], penalty="firth").table.set_index("term").loc["first"]
    assert 1 < found["estimate"] < 10
    assert 0 < found["conf_low"] < found["estimate"] < found["conf_high"]


def test_choices_that_do_not_exist() -> None:
    rows = frame()
    assert key_of(nav.DesignProblem, rows, "x", ties="kalbfleisch") == "choice_unknown"
    assert key_of(nav.DesignProblem, rows, "x", errors="hc3") == "errors_unknown"
    assert key_of(nav.DesignProblem, rows, "x", penalty="ridge") == "choice_unknown"
    assert key_of(nav.DesignProblem, rows, "x", cause="death") == "cause_unknown"
    assert key_of(nav.DesignProblem, rows, "x", level=95) == "choice_unknown"
    assert key_of(nav.DesignProblem, rows, "x", penalty="firth", cluster="office") == "firth_needs_independence"


def test_fewer_than_six_offices_leave_the_estimate_and_nothing_else() -> None:
    rows = frame().assign(office=lambda one: one["office"] % 5)
    found = cohort(rows, cluster="office").cox(["x"])
    assert found.table["estimate"].notna().all()
    assert found.table[["p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    assert "few_offices" in [one.key for one in found.findings]
    with pytest.raises(nav.DesignProblem) as caught:
        _ = found.tests
    assert caught.value.key == "no_test_with_few_offices"
    profile = nav.predict(found, pd.DataFrame({"x": [0.0]}), 10).table
    assert profile["estimate"].notna().all()
    assert profile[["conf_low", "conf_high"]].isna().all(axis=None)


def test_one_treated_office_gets_no_p_value_and_the_others_terms_do() -> None:
    rows = frame(120).assign(treated=lambda one: (one["office"] == 3).astype(int))
    found = cohort(rows, cluster="office").cox(["treated", "x"]).table.set_index("term")
    assert np.isnan(found.loc["treated", "p_value"])
    assert np.isnan(found.loc["treated", "conf_low"])
    assert np.isfinite(found.loc["x", "p_value"])


def test_a_test_over_offices_is_held_against_f() -> None:
    model = cohort(frame(160), cluster="office").cox(["x"])
    row, told = model.table.iloc[0], model.tests.iloc[0]
    assert told["measure"] == "wald"
    assert told["statistic"] == pytest.approx(row["statistic"] ** 2, rel=1e-10)
    assert told["p_value"] == pytest.approx(row["p_value"], rel=1e-8)


def test_two_treated_offices_of_eight_get_no_p_value_either() -> None:
    rows = frame(160).assign(treated=lambda one: (one["office"] > 5).astype(int))
    model = cohort(rows, cluster="office").cox(["treated", "x"])
    assert model.errors.df[0] < 4 < model.errors.df[1]
    table = model.table.set_index("term")
    assert np.isnan(table.loc["treated", "p_value"])
    assert np.isfinite(table.loc["x", "p_value"])
    assert "few_degrees" in [one.key for one in model.findings]


def test_profiles_need_the_columns_levels_and_times_of_the_model() -> None:
    rows = frame().assign(sex=lambda one: np.where(one["arm"] == 1, "Kvinne", "Mann"))
    model = cohort(rows).cox([nav.Category("sex", reference="Mann"), "x"])
    good = pd.DataFrame({"sex": ["Kvinne"], "x": [0.1]})
    for profile, at, key in (
        (good.drop(columns="x"), 5, "columns_missing"),
        (good.assign(sex=CANARY), 5, "level_unknown"),
        (good.assign(x=np.inf), 5, "not_a_number"),
        (good, 500, "profile_beyond_follow_up"),
        (good, -1, "times_needed"),
    ):
        with pytest.raises(nav.Problem) as caught:
            nav.predict(model, profile, at)
        assert caught.value.key == key
        assert CANARY not in caught.value.text()


def test_a_curve_where_strata_have_their_own_baseline_asks_which() -> None:
    model = cohort(frame()).cox(["x"], strata="arm")
    with pytest.raises(nav.DesignProblem):
        nav.predict(model, pd.DataFrame({"x": [0.0]}), 5)
    both = [nav.predict(model, pd.DataFrame({"x": [0.0]}), 5, stratum=one).table["estimate"].iloc[0] for one in "01"]
    assert both[0] != both[1]
