"""The gate itself: what it takes, what it makes, and what nobody can make without it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people_at_random import PRESETS, Drawn, people

import navoutcomes as nav
from navoutcomes.design.flow import Flow
from navoutcomes.notes import Log, Note, note, warning

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered in exp:RuntimeWarning")
many = settings(max_examples=40, deadline=None)
SHARES = nav.from_counts({"job": 147, "no_show": 192, "other": 317}).proportion()


def two_groups(size: int = 120, followed: int = 0, seed: int = 1) -> nav.Cohort:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "group": np.repeat(["a", "b"], size),
            "time": np.ceil(rng.gamma(1.5, 120, 2 * size)),
            "ending": rng.choice(["job", "other"], 2 * size),
        }
    )
    frame.loc[frame.index[:followed], "ending"] = "still"
    return nav.Cohort.from_frame(
        frame, time="time", ending="ending", censored="still", outcome="job", arm="group", reference="a"
    )


def test_a_released_result_cannot_be_made_by_hand() -> None:
    safe = nav.release(SHARES)
    attempts = [
        lambda: nav.Released(SHARES, nav.DisclosurePolicy(), Log()),
        lambda: nav.Released(SHARES, nav.DisclosurePolicy(), Log(), object()),
        lambda: nav.Released(SHARES, nav.DisclosurePolicy(), Log(), True),
        lambda: dataclasses.replace(safe, result=SHARES),
        lambda: dataclasses.replace(safe, policy=nav.DisclosurePolicy(threshold=2)),
    ]
    for attempt in attempts:
        with pytest.raises(nav.DesignProblem) as refused:
            attempt()
        assert refused.value.key == "released_only_by_release"
    with pytest.raises(dataclasses.FrozenInstanceError):
        safe.result = SHARES


def test_a_released_result_can_be_kept_and_copied() -> None:
    safe = nav.release(SHARES)
    assert copy.copy(safe).result is safe.result
    assert pickle.loads(pickle.dumps(safe)).table.equals(safe.table)


@pytest.mark.parametrize("thing", [1, "text", None, {"job": 9}, pd.DataFrame({"a": [1]}), np.arange(3)])
def test_what_is_no_result_is_refused(thing: object) -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.release(thing)
    assert refused.value.key == "cannot_release"
    assert type(thing).__name__ in refused.value.parts("en")[0]


def test_what_is_released_stays_as_it_is() -> None:
    safe = nav.release(SHARES)
    assert nav.release(safe) is safe
    assert nav.release(safe, nav.DisclosurePolicy.preset("ssb")) is safe


def test_a_stricter_rule_is_not_passed_off_on_a_result_of_a_weaker_one() -> None:
    safe = nav.release(SHARES, nav.DisclosurePolicy.preset("ssb"))
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(safe, nav.DisclosurePolicy.preset("acro"))
    assert refused.value.key == "weaker_rule"
    assert "10" in refused.value.parts("nb")[0]
    assert "3" in refused.value.parts("nb")[0]


def test_a_released_table_is_a_copy_in_canonical_order() -> None:
    cohort = two_groups()
    safe = nav.release(cohort.cumulative_incidence(by="group"))
    safe.table["estimate"] = 0
    assert safe.table["estimate"].max() > 0
    shuffled = cohort.covariates.sample(frac=1, random_state=2)
    again = nav.Cohort.from_frame(
        shuffled, time="time", ending="ending", censored="still", outcome="job", arm="group", reference="a"
    )
    assert nav.release(again.cumulative_incidence(by="group")).table.equals(safe.table)
    assert list(safe.table["group"].unique()) == ["a", "b"]
    assert (safe.table.groupby(["group", "cause"], sort=False)["time"].diff().dropna() > 0).all()


def test_the_presets_are_the_rules_of_those_they_name() -> None:
    for name, limit in PRESETS.items():
        policy = nav.DisclosurePolicy.preset(name)
        assert (policy.threshold, policy.name, policy.smallest_curve) == (limit, name, 4 * limit)
        assert [policy.small(number) for number in (0, 1, limit - 1, limit)] == [False, True, True, False]
    assert nav.DisclosurePolicy.preset("ssb").symbol == ":"
    assert nav.DisclosurePolicy() == nav.DisclosurePolicy.preset("nav_internal")
    for wrong in (lambda: nav.DisclosurePolicy(threshold=1), lambda: nav.DisclosurePolicy.preset("mine")):
        with pytest.raises(nav.DesignProblem):
            wrong()
    assert nav.DisclosurePolicy(owner="Fylkesdirektøren", decided=date(2026, 1, 15)).threshold == 5


@pytest.mark.parametrize("make", [lambda c: c.logrank_test(), lambda c: c.gray_test(), lambda c: c.logrank_test(
    cause="job")])  # fmt: skip
def test_a_released_test_keeps_nothing_to_reckon_backwards_from(make: object) -> None:
    exact = make(two_groups())
    safe = nav.release(exact).result
    assert (safe.statistic, safe.p_value) == (round(safe.statistic, 2), round(safe.p_value, 3))
    assert safe.score.size == 0
    assert safe.covariance.size == 0
    assert safe.counts is None
    assert safe.again is None
    assert set(safe.table.columns) <= {"group", "at_risk", "events"}
    assert abs(safe.p_value - exact.p_value) < 0.2


@pytest.mark.parametrize("followed", [0, 3, 8])
def test_a_test_is_refused_when_all_but_a_few_of_a_group_have_left(followed: int) -> None:
    test = two_groups(40, followed).logrank_test()
    if followed == 3:
        with pytest.raises(nav.DisclosureRefused) as refused:
            nav.release(test)
        assert refused.value.key == "test_of_few"
    else:
        assert nav.release(test).table["events"].tolist() == [40 - followed, 40]


def test_a_mean_time_and_a_difference_come_from_the_protected_counts() -> None:
    cohort = two_groups()
    safe = nav.release(cohort.contrast(at=180, measure=["risk difference", "odds ratio"]))
    curves = nav.release(cohort.cumulative_incidence(by="group")).result.at(180).query("cause == 'job'")
    first, second = curves.set_index("group").loc[["b", "a"], "estimate"]
    assert safe.table["estimate"].iloc[0] == pytest.approx(first - second, abs=1e-12)
    mean = nav.release(cohort.restricted_mean(horizon=180, by="group"))
    assert "mean_on_months" in mean.decisions.keys()  # noqa: SIM118
    assert (mean.table["time"] == 6).all()


def test_a_counted_difference_shows_no_small_count_nor_keeps_one() -> None:
    many_jobs = {"a": {"job": 30, "no_show": 2, "other": 40}, "b": {"job": 20, "no_show": 30, "other": 1}}
    safe = nav.release(nav.from_counts(many_jobs, outcome="job").contrast(by="group", reference="b"))
    assert safe.result.counts is None
    few = {"a": {"job": 30, "other": 40}, "b": {"job": 3, "other": 30}}
    for cause in ("job", "other"):
        with pytest.raises(nav.DisclosureRefused) as refused:
            nav.release(nav.from_counts(few).contrast(by="group", reference="a", cause=cause))
        assert refused.value.key == "cause_of_few"


@many
@given(people(late=False, simple=True))
def test_a_released_difference_has_no_small_number_of_events(drawn: Drawn) -> None:
    try:
        exact = drawn.cohort.contrast(by="group", at=float(drawn.frame["time"].median()), reference="g0")
        safe = nav.release(exact)
    except (nav.DesignProblem, nav.DisclosureRefused):
        return
    assert not safe.table["events"].between(1, 4).any()
    assert (safe.table["at_risk"] - safe.table["events"]).between(1, 4).sum() == 0 or len(drawn.causes) > 1


def flow_of(start: int, losses: list[int]) -> Flow:
    flow = Flow(start)
    for place, lost in enumerate(losses):
        flow = flow.then(note("flow_own_reason", reason=f"reason {place}"), flow.end - lost)
    return flow


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=6), st.sampled_from(sorted(PRESETS)))
def test_a_released_flow_adds_up_and_shows_no_loss_of_a_few(losses: list[int], rule: str) -> None:
    policy, flow = nav.DisclosurePolicy.preset(rule), flow_of(300, losses)
    safe = nav.release(flow, policy).result
    assert safe.end == flow.end
    shown = [step.lost for step in safe.steps]
    assert not any(policy.small(lost) for lost in shown)
    assert safe.start - sum(shown) == safe.end
    assert safe.start == 300 or (not safe.steps and safe.start == flow.end)
    for lost in losses:
        if not policy.small(lost) and not any(map(policy.small, losses)):
            assert lost in shown


def test_a_flow_of_one_small_loss_shows_the_end_only() -> None:
    safe = nav.release(flow_of(656, [0, 3]))
    assert safe.result.lines("en") == [("Persons in the register", 653), ("Persons analysed", 653)]
    assert "656" not in repr(safe)
    assert "flow_losses_hidden" in safe.decisions.keys()  # noqa: SIM118


def test_a_flow_to_or_from_a_few_persons_is_refused() -> None:
    for flow in (flow_of(20, [17]), flow_of(4, [])):
        with pytest.raises(nav.DisclosureRefused):
            nav.release(flow)


def remarks(*notes: Note) -> list[str]:
    return [one.text("en") for one in nav.release(Log(notes)).result]


def test_released_remarks_say_fewer_than_the_limit_and_name_no_rows() -> None:
    shown = remarks(
        warning("duplicates_dropped", count=2, total=656, rows=[17, 230]),
        warning("duplicates_dropped", count=np.int64(3), total=np.int64(656), rows=[41]),
        note("dates_read_as", column="fom", form="dd.mm.yyyy", count=656),
    )
    assert "fewer than 5 of 656" in shown[0]
    assert "fewer than 5 of 656" in shown[1]
    assert not any(number in " ".join(shown) for number in ("17", "230", "41"))
    assert "656" in shown[2]


def test_a_masked_count_does_not_come_back_as_a_per_cent_or_as_the_rest() -> None:
    shown = remarks(
        warning("exits_unknown_category", count=3, share=12),
        warning("ids_blank_dropped", column=["id"], count=654, total=656, rows=[1, 2, 3]),
        warning("column_mixed_kept_as_words", column="x", count_dates=400, count_numbers=253, total=656),
    )
    assert "12" not in shown[0]
    assert "654" not in shown[1]
    assert "400" not in shown[2]
    assert "253" not in shown[2]


def test_counts_and_rows_inside_a_list_of_forms_are_taken_out_and_rules_stand() -> None:
    shown = remarks(
        warning("dates_mixed_forms", column="fom", forms=("dd.mm.yyyy: 653 [2]", "yyyy-mm-dd: 3 [17]")),
        note("spells_joined", max_gap=3, count=40, total=90),
        warning("arm_followed_shorter", arm="a", months=10, horizon=317),
    )
    assert "dd.mm.yyyy, yyyy-mm-dd" in shown[0]
    assert "17" not in shown[0]
    assert "at most 3 days" in shown[1]
    assert "317" not in shown[2]
    assert "300 days" in shown[2]
