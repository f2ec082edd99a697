"""Two persons in a group: the estimate stands, and nothing is printed that speaks of more people than these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.estimate.few_persons import GLANCE, too_few

ENDINGS = {0: None, 1: "job", 2: "other"}
Ask = Callable[[Any], Any]
MODELS: dict[str, Ask] = {
    "cox": lambda people: people.cox(["drives"]),
    "cox firth": lambda people: people.cox(["drives"], penalty="firth"),
    "cox model": lambda people: people.cox(["drives"], errors="model"),
    "cox robust": lambda people: people.cox(["drives"], errors="robust"),
    "fine_gray": lambda people: people.fine_gray(["drives"]),
    "logistic": lambda people: people.logistic(["drives"], at=1),
    "logistic firth": lambda people: people.logistic(["drives"], at=1, penalty="firth"),
    "poisson": lambda people: people.poisson(["drives"]),
    "discrete_hazard": lambda people: people.discrete_hazard(["drives"], period=5),
    "parametric": lambda people: people.parametric(["drives"]),
    "pseudo_regression": lambda people: people.pseudo_regression(["drives"], at=5),
}
TESTS: dict[str, Ask] = {
    "logrank_test": lambda people: people.logrank_test(by="drives"),
    "gray_test": lambda people: people.gray_test(by="drives"),
    "fixed_time_test": lambda people: people.fixed_time_test(at=5, by="drives"),
    "restricted_mean_test": lambda people: people.restricted_mean_test(horizon=5, by="drives"),
    "trend": lambda people: people.logrank_test(by="drives", trend=(0, 1)),
}


def people(treated: int, size: int = 60, **columns: Any) -> Any:
    """The first ``treated`` have the trait; half of them end with a job within one unit of time."""
    roll, at = np.random.default_rng(4), np.arange(size)
    frame = pd.DataFrame(
        {
            "time": np.where(at % 2 == 0, 0.5, roll.integers(6, 20, size).astype(float)),
            "ending": np.where(at % 2 == 0, 1 + (at // 2 % 3 == 1), 0),
            "drives": (at < treated).astype(float),
            **columns,
        }
    )
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job")


@pytest.mark.parametrize("ask", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("treated", [2, 58])
def test_a_trait_that_two_have_or_lack_has_an_estimate_and_nothing_more(ask: Ask, treated: int) -> None:
    model = ask(people(treated))
    row = model.table.set_index("term").loc["drives"]
    assert np.isfinite([row["estimate"], row["std_error"]]).all()
    assert np.isnan(row["p_value"])
    # Under Firth's penalty the profile interval is the best there is, and the finding says how good that is.
    penalised = "method_firth" in [one.key for one in model.method]
    assert row[["conf_low", "conf_high"]].notna().all() if penalised else row[["conf_low", "conf_high"]].isna().all()
    key = "few_persons_penalised" if penalised else "few_persons_with_trait"
    said = [one for one in model.findings if one.key == key]
    assert [dict(one.facts) for one in said] == [{"column": ["drives"], "fewest": 3}]
    assert all("drives" in said[0].text(language) for language in ("nb", "nn", "en"))


@pytest.mark.parametrize("ask", MODELS.values(), ids=MODELS)
def test_three_are_enough(ask: Ask) -> None:
    model = ask(people(4))
    assert model.table.set_index("term").loc["drives", ["p_value", "conf_low", "conf_high"]].notna().all()
    assert not any(one.key.startswith("few_persons") for one in model.findings)


@pytest.mark.parametrize("ask", TESTS.values(), ids=TESTS)
def test_a_group_of_two_has_no_p_value_and_is_named(ask: Ask) -> None:
    found, larger = ask(people(2)), ask(people(4))
    assert found.table["estimate"].notna().all()
    assert np.isnan(found.p_value)
    said = [one for one in found.findings if one.key == "few_persons_in_group"]
    assert [dict(one.facts) for one in said] == [{"group": ["1"], "fewest": 3}]
    assert np.isfinite(larger.p_value)
    assert "few_persons_in_group" not in larger.findings.keys()  # noqa: SIM118


@pytest.mark.parametrize("measure", ["risk ratio", "odds ratio", "restricted mean difference", "restricted mean ratio"])
def test_what_holds_for_many_only_has_no_interval_against_two(measure: str) -> None:
    small, larger = (people(number).contrast(by="drives", at=5, measure=measure, reference="0") for number in (2, 4))
    assert small.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert "few_persons_in_group" in small.findings.keys()  # noqa: SIM118
    assert larger.table[["conf_low", "conf_high"]].notna().all(axis=None)
    assert "few_persons_in_group" not in larger.findings.keys()  # noqa: SIM118


def test_a_risk_difference_keeps_its_interval_as_its_limits_hold_for_two() -> None:
    asked = {"measure": ["risk difference", "risk ratio"], "reference": "0"}
    table = people(2).contrast(by="drives", at=5, **asked).table.set_index("measure")
    assert table["conf_low"].isna().to_dict() == {"risk difference": False, "risk ratio": True}
    counted = nav.from_counts({"two": {"job": 1, "other": 1}, "many": {"job": 30, "other": 40}}, outcome="job")
    shares = counted.contrast(measure=["risk difference", "odds ratio"], reference="many").table.set_index("measure")
    assert shares["conf_low"].isna().to_dict() == {"risk difference": False, "odds ratio": True}


ADJUSTED: dict[str, Ask] = {
    "weights": lambda people: people.adjusted_contrast(people.weights(["age"]), at=150),
    "bootstrap": lambda people: people.adjusted_contrast(
        people.weights(["age"]), at=150, errors="bootstrap", replicates=100, rng=1
    ),
    "restricted mean": lambda people: people.adjusted_restricted_mean(people.weights(["age"]), 150),
    "mean": lambda people: people.mean_difference("age"),
    "drawn": lambda people: people.bootstrap_restricted_mean(150, by="arm", reference="S", replicates=100, rng=1),
}


def arms(treated: int, alike: bool = False) -> Any:
    """Two arms of 60 people; ``alike``: everybody in the smaller one has a job after ten days."""
    roll, at = np.random.default_rng(3), np.arange(60)
    frame = pd.DataFrame({"time": roll.integers(1, 300, 60).astype(float), "ending": roll.integers(1, 3, 60),
                          "arm": np.where(at < treated, "IPS", "S"), "age": roll.normal(size=60)})  # fmt: skip
    if alike:
        frame.loc[at < treated, ["time", "ending"]] = [10.0, 1]
    roles = {"endings": ENDINGS, "outcome": "job", "arm": "arm", "reference": "S"}
    return nav.Cohort.from_frame(frame, "time", "ending", **roles)


@pytest.mark.parametrize("ask", [ADJUSTED[name] for name in ADJUSTED if name != "bootstrap"])
def test_adjusted_numbers_of_an_arm_of_two_have_no_interval(ask: Ask) -> None:
    two, more = ask(arms(2)), ask(arms(20))
    own = two.table[two.table["group"] == "IPS"]
    assert len(own) >= 2 and own[["conf_low", "conf_high"]].isna().all(axis=None)
    assert two.table.loc[two.table["group"] == "S", ["conf_low", "conf_high"]].notna().all(axis=None)
    assert "few_persons_in_group" in two.findings.keys()  # noqa: SIM118
    assert more.table[["conf_low", "conf_high"]].notna().all(axis=None)
    assert "few_persons_in_group" not in more.findings.keys()  # noqa: SIM118


@pytest.mark.parametrize("name", ["weights", "bootstrap"])
def test_an_arm_in_which_all_ended_is_not_taken_for_certain(name: str) -> None:
    found = ADJUSTED[name](arms(8, alike=True))
    compared = found.table[found.table["measure"].str.contains("difference|ratio")]
    assert len(compared) == 4 and compared[["conf_low", "conf_high"]].isna().all(axis=None)
    said = [one for one in found.findings if one.key == "arm_without_spread"]
    assert [dict(one.facts) for one in said] == [{"group": ["IPS"]}]


def test_the_mean_time_of_two_has_no_limits() -> None:
    table = people(2).restricted_mean(5, by="drives").table.set_index("group")["conf_low"]
    assert table.isna().to_dict() == {"0": False, "1": True}


def test_the_table_of_a_test_says_that_there_is_no_p_value() -> None:
    table = nav.show.table(people(2).logrank_test(by="drives"), language="nb")
    assert any(cell.endswith("df = 1, uten p-verdi") for row in table.rows for cell in row)
    assert any("Færre enn 3 personer" in one for one in table.notes)


def test_pairs_without_the_small_group_are_adjusted_among_themselves() -> None:
    group = np.repeat(["a", "b", "c"], [29, 29, 2])
    table = people(0, kind=group).pairwise_tests(by="kind").table.set_index(["term", "group"])["p_value"]
    assert table.isna().tolist() == [False, True, True]
    alone = people(0, kind=group).logrank_test(by="kind")
    assert np.isnan(alone.p_value)


def test_tests_of_the_whole_model_are_refused() -> None:
    with pytest.raises(nav.DesignProblem) as caught:
        _ = people(2).cox(["drives"]).tests
    assert caught.value.key == "no_test_of_few_persons"
    with pytest.raises(nav.DesignProblem):
        _ = people(2).cox(["drives"], penalty="firth").tests
    assert len(people(4).cox(["drives"]).tests) == 3


def test_dropout_has_a_profile_interval_and_no_p_value() -> None:
    two = people(2, ending=np.where(np.arange(60) < 2, 1, np.arange(60) % 2 + 1), time=1.0)
    table = two.dropout(["drives"], cause="job", penalty="firth").table
    table = table[table["term"] == "drives"].set_index("measure")
    assert table["p_value"].isna().all()
    assert table["conf_low"].isna().to_dict() == {"risk difference": True, "risk ratio": True, "odds ratio": False}


def test_a_reference_level_of_two_leaves_no_level_with_an_interval() -> None:
    kind = np.array(["small", "b", "b", "c", "c"] + ["b", "c"] * 26 + ["small", "b", "c"])
    model = people(0, kind=kind).cox([nav.Category("kind", "small")])
    assert model.table["p_value"].isna().all()
    other = people(0, kind=kind).cox([nav.Category("kind", "b")]).table.set_index("term")["p_value"]
    assert other.isna().to_dict() == {"kind: c": False, "kind: small": True}


def test_rows_are_not_persons() -> None:
    x, person = np.repeat([1.0, 0.0], [6, 30])[:, None], np.repeat(np.arange(12), 3)
    assert too_few(x, ["drives"])[0].tolist() == [False]
    assert too_few(x, ["drives"], person)[0].tolist() == [True]


SEVERAL_ROWS: dict[str, Ask] = {
    "cox": lambda people: people.cox(["drives"]),
    "gee": lambda people: people.gee("seen", ["drives"]),
    "poisson": lambda people: people.poisson(["drives"]),
    "discrete_hazard": lambda people: people.discrete_hazard(["drives"], period=5),
}


@pytest.mark.parametrize("ask", SEVERAL_ROWS.values(), ids=SEVERAL_ROWS)
@pytest.mark.parametrize("cluster", [None, "office"])
def test_two_persons_of_several_rows_are_two(ask: Ask, cluster: str | None) -> None:
    person, part = np.repeat(np.arange(60), 3), np.tile(np.arange(3), 60)
    frame = pd.DataFrame(
        {
            "who": [f"P-{one}" for one in person],
            "entry": 4.0 * part,
            "time": 4.0 * part + np.where((part == 2) & (person % 2 == 0), 3.0, 4.0),
            "ending": np.where(part == 2, 1 + (person % 3 == 1), 0),
            "drives": (person < 2).astype(float),
            "seen": (person + part) % 2.0,
            "office": person % 10,
        }
    )
    roles = {"person": "who", "entry": "entry", "endings": ENDINGS, "outcome": "job"} | (
        {"cluster": cluster} if cluster else {}
    )
    model = ask(nav.Cohort.from_frame(frame, "time", "ending", **roles))
    assert model.table.set_index("term").loc["drives", ["p_value", "conf_low"]].isna().all()
    assert any(one.key.startswith("few_persons") for one in model.findings)


@pytest.mark.parametrize("where", ["first", "last"])
def test_many_rows_are_looked_through_where_the_first_do_not_settle_it(where: str) -> None:
    size = 3 * GLANCE
    x = np.zeros((size, 2))
    some = slice(0, 5) if where == "first" else slice(size - 5, size)
    x[some, 0], x[size - 2 :, 1] = 1.0, 1.0
    few, findings = too_few(x, ["five", "two"])
    assert few.tolist() == [False, True]
    assert dict(findings.notes[0].facts)["column"] == ["two"]
    values = np.zeros((size, 2))
    values[: size // 2, 0], values[size // 2 :, 1] = 1.0, 1.0
    values[some] = 0.0
    assert not too_few(values, ["kind: a", "kind: b"])[0].any()
    values[some.start + 2 : some.stop, 0] = 1.0
    assert too_few(values, ["kind: a", "kind: b"])[0].all()


def test_a_number_of_many_values_is_no_trait() -> None:
    age = np.arange(60.0)
    assert people(0, age=age).cox(["age"]).table["p_value"].notna().all()
