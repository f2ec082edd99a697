"""Bad inputs that are answered: repaired by a stated rule, counted, remarked on, or given with what can be given.

Names begin with the row in the list of bad inputs; what is refused stands in the tests of refusals.
"""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pandas as pd
import pytest
from bad_input import quoted
from design_cases import PLAIN, assembled, cohort, frame, register, remarks

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES

OPENS = date(2019, 2, 1)


def told(notes: dict[str, dict[str, str]], key: str, *parts: str) -> None:
    for language in LANGUAGES:
        for part in parts:
            assert quoted(part, language) in notes[key][language], f"{part!r} is not in {key} in {language}"


def test_b029_a_person_in_two_programmes_at_once_is_one_person_where_the_arm_is_another_column() -> None:
    people = assembled(
        register("P-1;KVP;01.01.2019;30.06.2019;Annet;A;a;", "P-1;IPS;01.03.2019;31.03.2019;Helse;A;a;",
                 "P-2;IPS;01.01.2019;31.01.2019;Arbeid;A;b;"),
        arms=nav.Arms("arm", "a"),
    )  # fmt: skip
    assert people.rows["person"].tolist() == ["P-1", "P-2"]
    assert people.rows["arm"].tolist() == ["a", "b"]
    told(remarks(people), "later_spells", "1")


def test_b034_an_exit_without_a_start_enters_when_the_register_opens() -> None:
    spells = register(*PLAIN, "P-5;IPS;;31.05.2019;Arbeid;B;a;", missing_start="keep")
    people = assembled(spells, missing_start="register_opens", register_opens=date(2019, 1, 1))
    late = people.rows[people.rows["person"] == "P-5"].iloc[0]
    assert (late["time"], late["ending"]) == (151, "job")
    told(remarks(people), "start_set_to_opening", "1", "5")


def test_b034_or_is_left_out_and_counted_in_the_flow() -> None:
    spells = register(*PLAIN, "P-5;IPS;;31.05.2019;Arbeid;B;a;", missing_start="keep")
    people = assembled(spells, missing_start="exclude")
    assert (people.flow.start, people.flow.end) == (5, 4)
    assert [step.reason.key for step in people.flow.steps] == ["flow_no_start"]


def test_b035_who_had_begun_before_the_register_opened_is_followed_from_then() -> None:
    with pytest.warns(nav.DataWarning, match=r"01\.02\.2019"):
        people = assembled(register(*PLAIN), register_opens=OPENS)
    rows = people.rows.set_index("person")
    assert "P-1" not in rows.index, "P-1 was gone before"
    assert rows.loc["P-2", ["entry", "time"]].tolist() == [31, 59]
    assert rows.loc[["P-3", "P-4"], "entry"].isna().all()
    told(remarks(people), "delayed_entry", "1", "3", "01.02.2019")
    assert people.audit.delayed == 1
    at = people.survival_curve().at([20, 59])
    assert at["at_risk"].tolist() == [2, 3]


def test_b035_a_job_before_the_register_opened_is_counted_out_and_never_at_risk() -> None:
    """P-2 stays in the programme past the opening, but had the job before it."""
    spells = register("P-1;IPS;01.01.2019;30.06.2019;Helse;A;a;", "P-2;IPS;01.01.2019;30.06.2019;Helse;A;b;20.01.2019")
    with pytest.warns(nav.DataWarning):
        people = assembled(spells, register_opens=OPENS, events={"job": "job_date"})
    assert people.rows["person"].tolist() == ["P-1"]
    assert [step.reason.key for step in people.flow.steps] == ["flow_before_opening"]
    assert (people.risk_table().table["at_risk"] >= 0).all()


def test_b036_a_job_before_the_programme_is_left_out_when_asked() -> None:
    spells = register("P-1;IPS;01.02.2019;30.06.2019;Helse;A;a;15.01.2019", *PLAIN[1:])
    people = assembled(spells, events={"job": "job_date"}, drop_prior_events=True)
    assert people.rows.loc[0, ["time", "ending"]].tolist() == [150, "health"]
    told(remarks(people), "prior_events_dropped", "1", "drop_prior_events")


SAME_DAY = ("P-1;IPS;01.01.2019;;;A;a;01.01.2019", "P-2;IPS;01.01.2019;;;A;a;02.01.2019")


@pytest.mark.parametrize(("rule", "times"), [("include", [0, 1]), ("half", [0.5, 1]), ("exclude", [1])])
def test_b037_a_job_on_the_first_day(rule: str, times: list[float]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        people = assembled(register(*SAME_DAY), events={"job": "job_date"}, same_day=rule)
    assert people.rows["time"].tolist() == times
    told(remarks(people), "same_day", "1", rule)
    assert people.flow.end == len(times)
    assert [step.reason.key for step in people.flow.steps] == ["flow_same_day"] * (rule == "exclude")
    assert any(isinstance(one.message, nav.DataWarning) for one in caught) == (rule != "exclude")
    first = people.survival_curve().at(0).iloc[0]
    assert first["estimate"] == (0.5 if rule == "include" else 1.0)
    assert people.audit.at_zero == (rule == "include")


def test_b038_an_ending_and_the_closing_of_the_register_on_one_day_is_the_ending() -> None:
    """The last day of the spell, and the day of the job, is the last day of the register."""
    spells = register("P-1;IPS;01.01.2019;31.12.2019;Arbeid;A;a;", "P-2;IPS;01.01.2019;;;A;a;31.12.2019",
                      "P-3;IPS;01.01.2019;;;A;a;")  # fmt: skip
    from_spell, from_date = assembled(spells).rows, assembled(spells, events={"job": "job_date"}).rows
    assert from_spell["ending"].tolist()[0] == "job"
    assert from_spell["time"].tolist() == [365, 365, 365]
    assert from_date["ending"].tolist()[1] == "job"
    assert from_date["time"].tolist()[1] == 364
    assert from_date["ending"].isna().tolist()[2]


def test_b038_at_one_time_endings_come_before_censorings() -> None:
    own = pd.DataFrame({"time": [5, 5, 9], "ending": [1, 0, 0]})
    at = nav.Cohort.from_frame(own, "time", "ending", outcome="job").survival_curve().at(5).iloc[0]
    assert at["at_risk"] == 3
    assert at["estimate"] == pytest.approx(2 / 3, abs=1e-12)


@pytest.mark.parametrize(("priority", "ending"), [(("job", "health"), "job"), (("health", "job"), "health")])
def test_b039_of_two_endings_on_one_day_the_first_named_counts(priority: tuple[str, ...], ending: str) -> None:
    spells = register("P-1;IPS;01.01.2019;31.01.2019;Helse;A;a;01.02.2019", *PLAIN[1:2])
    people = assembled(spells, events={"job": "job_date"}, priority=priority)
    assert people.rows.loc[0, ["time", "ending"]].tolist() == [31, ending]


def test_b042_an_arm_that_is_followed_half_a_year_shorter_is_said_aloud() -> None:
    spells = register("P-1;IPS;01.01.2019;31.12.2019;Arbeid;A;a;", "P-2;IPS;01.01.2019;;;A;a;",
                      "P-3;IPS;01.11.2019;30.11.2019;Arbeid;A;b;", "P-4;IPS;01.11.2019;;;A;b;")  # fmt: skip
    with pytest.warns(nav.DataWarning):
        people = assembled(spells, arms=nav.Arms("arm", "a"))
    told(remarks(people), "arm_followed_shorter", "b", "61", "2")
    with pytest.raises(nav.DesignProblem) as caught:
        people.contrast(at=90, measure="restricted mean difference")
    assert caught.value.key == "horizon_beyond_follow_up"


@pytest.mark.parametrize(("ones", "percent"), [(1, "2"), (49, "98")])
def test_b118_zeros_and_ones_that_may_be_swapped_are_remarked_on(ones: int, percent: str) -> None:
    own = pd.DataFrame({"time": range(1, 51), "ending": [1] * ones + [0] * (50 - ones)})
    people = nav.Cohort.from_frame(own, "time", "ending", outcome="job")
    told(remarks(people), "endings_not_declared", "«ending»", percent, "endings=")
    declared = nav.Cohort.from_frame(own, "time", "ending", outcome="job", endings={0: None, 1: "job"})
    assert remarks(declared) == {}
    usual = own.assign(ending=[1, 0] * 25)
    assert remarks(nav.Cohort.from_frame(usual, "time", "ending", outcome="job")) == {}


def test_b130_and_b149_with_few_offices_the_estimate_stands_and_nothing_beyond_them_is_said() -> None:
    own = frame(24)
    own["office"] = np.where(own["arm"] == "IPS", 0, 1) + 2 * (np.arange(24) // 2 % 2)
    people = cohort(own, cluster="office", arm="arm", reference="Standard")
    effects = people.contrast(at=12)
    assert effects.table["estimate"].notna().all()
    assert effects.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert effects.findings.keys() == ("few_clusters_contrast",)
    assert "4" in effects.findings.text("en")
    curves = people.cumulative_incidence(by="arm")
    assert curves.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert set(curves.findings.keys()) == {"few_clusters"}
    mean = people.restricted_mean(12, by="arm")
    assert mean.table[["conf_low", "conf_high"]].isna().all(axis=None), "not [0, 12]"
    assert mean.table["std_error"].notna().all()


def test_b136_one_person_has_a_curve_and_no_interval() -> None:
    people = cohort(frame(1, ending=1))
    for verb in ("survival_curve", "cumulative_incidence"):
        curves = getattr(people, verb)()
        assert curves.table[["conf_low", "conf_high"]].isna().all(axis=None)
        assert "interval_one_person" in [one.key for one in curves.method]
    mean = people.restricted_mean(1).table.iloc[0]
    assert mean["estimate"] == 1.0
    assert np.isnan([mean["std_error"], mean["conf_low"], mean["conf_high"]]).all()


def test_b137_twelve_persons_get_the_interval_for_small_groups_and_the_method_says_so() -> None:
    curves = cohort(frame()).survival_curve()
    assert "interval_beta_product" in [one.key for one in curves.method]
    for language, part in (("nb", "under 50"), ("nn", "under 50"), ("en", "fewer than 50")):
        assert any(part in one.text(language) for one in curves.method)
    weighed = cohort(frame(weight=2.0), weight="weight").survival_curve()
    assert "interval_log_log_approximate" in [one.key for one in weighed.method]


def test_b138_one_group_has_a_curve() -> None:
    assert cohort(frame(arm="IPS")).survival_curve(by="arm").groups == ("IPS",)


def test_b139_without_an_ending_the_curve_stays_at_one_with_an_exact_limit() -> None:
    people = cohort(frame(ending=0))
    stay = people.survival_curve().at(1).iloc[0]
    assert stay["estimate"] == stay["conf_high"] == 1.0
    assert stay["conf_low"] == pytest.approx(0.025 ** (1 / 11), abs=1e-9), "one of the twelve is followed to 1 only"
    left = people.cumulative_incidence().at(0).query("cause == 'job'").iloc[0]
    assert left["estimate"] == left["conf_low"] == 0.0
    assert left["conf_high"] == pytest.approx(1 - 0.025 ** (1 / 12), abs=1e-12)
    assert np.isnan(people.logrank_test(by="arm").p_value)
    mean = people.restricted_mean(10).table.iloc[0]
    assert mean["estimate"] == 10
    assert np.isnan(mean["conf_low"])


def test_b140_with_endings_only_the_curve_is_the_share_counted() -> None:
    table = cohort(frame(ending=1)).survival_curve().table
    assert table["estimate"].tolist() == pytest.approx([1 - at / 12 for at in range(1, 13)], abs=1e-12)


def test_b154_where_the_last_is_still_followed_the_curve_stops() -> None:
    people = cohort(frame(ending=[1] * 11 + [0]))
    at = people.survival_curve().at([12, 13])
    assert at["estimate"].tolist()[0] == pytest.approx(1 / 12)
    assert at["estimate"].isna().tolist()[1]
    assert people.restricted_mean(12).table["estimate"].iloc[0] == pytest.approx(6.5)
    gone = cohort(frame(ending=1)).survival_curve().at([12, 99])
    assert gone["estimate"].tolist() == pytest.approx([0, 0], abs=1e-12)


def test_b168_who_weighs_nothing_is_not_counted_and_that_is_said() -> None:
    own = frame(weight=[0.0, 0.0, *[1.5] * 10])
    people = cohort(own, weight="weight")
    assert people.persons == 10
    told(remarks(people), "zero_weights", "2", "«weight»")
    expected = cohort(own.iloc[2:], weight="weight").survival_curve().table
    pd.testing.assert_frame_equal(people.survival_curve().table, expected)


def test_b168_also_on_the_way_from_a_register() -> None:
    spells = register(*PLAIN)
    weighed = nav.Spells(spells.frame.assign(w=[0.0, 1.0, 2.0, 1.0]), spells.origin)
    people = assembled(weighed, weight="w")
    assert people.rows["weight"].tolist() == [1, 2, 1]
    told(remarks(people), "zero_weights", "1", "«w»")


def test_a_wrong_row_is_named_by_its_place_in_the_spells_and_not_among_those_left() -> None:
    spells = register(*PLAIN[:3], "P-4;IPS;01.02.2019;;;B;b;15.01.2019")
    with pytest.raises(nav.DataProblem) as caught:
        assembled(spells, events={"job": "job_date"}, eligibility=nav.OneOf("arm", "b"))
    assert caught.value.facts["rows"] == [3]
