"""Whatever people there are, a released curve shows nobody alone and lies near the exact one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from people_at_random import PRESETS, Drawn, people

import navoutcomes as nav
from navoutcomes.estimate.risk_table import RiskTable

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered in exp:RuntimeWarning")
many = settings(max_examples=60, deadline=None)
rules = st.sampled_from(sorted(PRESETS))
MADE = {
    "incidence": lambda cohort: cohort.cumulative_incidence(by="group"),
    "survival": lambda cohort: cohort.survival_curve(by="group"),
    "risk table": lambda cohort: cohort.risk_table(by="group"),
}


def released(drawn: Drawn, rule: str, make: Callable[[nav.Cohort], object]) -> tuple[nav.Released, RiskTable]:
    """What leaves and the counts in it; an example that may not leave is none."""
    policy = nav.DisclosurePolicy.preset(rule)
    try:
        safe = nav.release(make(drawn.cohort), policy)
    except nav.DisclosureRefused as refused:
        assert refused.key in ("curve_of_few", "cause_of_few", "steps_of_few")
        assume(False)
    result = safe.result
    return safe, result if isinstance(result, RiskTable) else result.counts


def small(numbers: np.ndarray, limit: int) -> np.ndarray:
    """Those that would show a few persons."""
    numbers = np.asarray(numbers, dtype=float)
    return numbers[(numbers > 0) & (numbers < limit)]


@many
@given(people(), rules, st.sampled_from(sorted(MADE)))
def test_in_every_group_cause_and_month_exits_censorings_and_entries_are_none_or_enough(
    drawn: Drawn, rule: str, kind: str
) -> None:
    safe, counts = released(drawn, rule, MADE[kind])
    for group in counts.groups.values():
        for numbers in (*group.events, group.censored, group.entered, group.at_risk):
            assert small(numbers, PRESETS[rule]).size == 0
    table = safe.table
    for column in ("events", "censored", "at_risk"):
        assert small(table[column], PRESETS[rule]).size == 0


@many
@given(people(stays=True), rules)
def test_a_step_of_enough_rows_is_also_one_of_enough_persons(drawn: Drawn, rule: str) -> None:
    _, counts = released(drawn, rule, MADE["risk table"])
    assume(counts.clustered == "person")
    for name, cells in counts.cells.items():
        for cause in range(-1, len(counts.causes)):
            for month in np.unique(cells.exit[cells.cause == cause]):
                here = (cells.cause == cause) & (cells.exit == month)
                assert len(np.unique(cells.cluster[here])) >= PRESETS[rule], name


@many
@given(people(late=False, simple=True), rules)
def test_no_curve_is_ever_as_many_as_the_limit_from_the_exact_one(drawn: Drawn, rule: str) -> None:
    _, counts = released(drawn, rule, MADE["incidence"])
    frame = drawn.frame.assign(month=drawn.months())
    last = max(float(group.time[group.exits > 0][-1]) for group in counts.groups.values())
    for name, group in counts.groups.items():
        own = frame[frame["group"] == name]
        for place, cause in enumerate(counts.causes):
            exits = own.loc[own["ending"] == cause, "month"].to_numpy()
            for month in np.arange(1, last + 1):
                shown = group.events[place][group.time <= month].sum()
                assert abs(shown - (exits <= month).sum()) < PRESETS[rule]


@many
@given(people(), rules)
def test_the_shares_of_all_causes_and_those_still_followed_add_to_one(drawn: Drawn, rule: str) -> None:
    incidence, counts = released(drawn, rule, MADE["incidence"])
    staying = nav.release(drawn.cohort.survival_curve(by="group"), nav.DisclosurePolicy.preset(rule))
    months = np.arange(0, max(float(one.time[-1]) for one in counts.groups.values()) + 1)
    own = months / counts.months_per_unit
    left = incidence.result.at(own).groupby(["group", "time"])["estimate"].sum(min_count=len(counts.causes))
    stay = staying.result.at(own).set_index(["group", "time"])["estimate"]
    both = (left + stay).dropna()
    assert len(both)
    assert np.allclose(both, 1, atol=1e-12)


@many
@given(people(late=False, simple=True), rules)
def test_totals_are_exact_where_nothing_is_cut(drawn: Drawn, rule: str) -> None:
    safe, counts = released(drawn, rule, MADE["incidence"])
    assume("curve_cut" not in safe.decisions.keys())  # noqa: SIM118
    for name, group in counts.groups.items():
        own = drawn.frame[drawn.frame["group"] == name]["ending"]
        assert group.censored.sum() == (own == "still").sum()
        assert list(group.events.sum(axis=1)) == [(own == cause).sum() for cause in counts.causes]
        if not (own == "still").any():
            ends = safe.result.at(1e6).query("group == @name").set_index("cause")["estimate"]
            assert all(abs(ends[cause] - (own == cause).mean()) < 1e-9 for cause in counts.causes)


@many
@given(people(), rules)
def test_no_group_below_four_times_the_limit_has_a_curve(drawn: Drawn, rule: str) -> None:
    sizes = drawn.frame.groupby("group")["person"].nunique()
    enough = sizes[sizes >= 4 * PRESETS[rule]]
    policy = nav.DisclosurePolicy.preset(rule)
    try:
        safe = nav.release(drawn.cohort.cumulative_incidence(by="group"), policy)
    except nav.DisclosureRefused as refused:
        assert (refused.key == "curve_of_few") == enough.empty or refused.key == "steps_of_few"
        return
    assert set(safe.table["group"]) == set(enough.index)
    left_out = [one for one in safe.decisions if one.key == "groups_left_out"]
    assert [dict(one.facts)["count"] for one in left_out] == [len(sizes) - len(enough)] * (len(enough) < len(sizes))


def exits(numbers: dict[str, int], group: str = "all", start: int = 20, step: int = 3) -> pd.DataFrame:
    """Persons who leave one after the other."""
    words = [cause for cause, number in numbers.items() for _ in range(number)]
    return pd.DataFrame({"time": start + step * np.arange(len(words)), "ending": words, "group": group})


def cohort(frame: pd.DataFrame, **how: object) -> nav.Cohort:
    causes = [one for one in frame["ending"].unique() if one != "still"]
    endings = {"still": None} | {cause: cause for cause in causes}
    return nav.Cohort.from_frame(frame, time="time", ending="ending", outcome="job", endings=endings, **how)


@pytest.mark.parametrize("few", range(1, 5))
def test_a_cause_of_few_exits_is_refused_by_name(few: int) -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(cohort(exits({"health": few, "job": 90})).cumulative_incidence())
    assert refused.value.key == "cause_of_few"
    assert "«health»" in refused.value.parts("nb")[0]
    assert f" {few} " not in refused.value.text("en")
    nav.release(cohort(exits({"health": 5, "job": 90})).cumulative_incidence())


def test_few_left_at_the_end_are_not_shown_and_the_follow_up_ends_before_them() -> None:
    frame = pd.concat([exits({"job": 120}), pd.DataFrame({"time": [600, 610], "ending": "still", "group": "all"})])
    safe = nav.release(cohort(frame.reset_index(drop=True)).cumulative_incidence())
    assert "curve_cut" in safe.decisions.keys()  # noqa: SIM118
    last = safe.result.counts.groups["all"]
    assert last.censored.sum() >= 5
    assert last.time[last.exits > 0][-1] < 20
    assert np.isnan(safe.result.at(620)["estimate"]).all()


def test_who_came_in_after_the_cut_was_never_there() -> None:
    frame = exits({"job": 60}, start=30, step=2).assign(entry=0.0)
    late = pd.DataFrame({"time": 400.0 + np.arange(3), "ending": "still", "group": "all", "entry": 300.0})
    with_late = nav.release(cohort(pd.concat([frame, late], ignore_index=True), entry="entry").survival_curve())
    without = nav.release(cohort(frame, entry="entry").survival_curve())
    shared = without.table["time"] < with_late.table["time"].max()
    assert shared.sum() >= 2
    for column in ("at_risk", "events", "estimate"):
        assert list(with_late.table[column][: shared.sum()]) == list(without.table[column][shared])


def test_when_no_group_is_large_enough_the_refusal_says_how_large_one_must_be() -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(cohort(exits({"job": 19})).survival_curve())
    assert refused.value.key == "curve_of_few"
    assert refused.value.exit_code == 6
    assert "20" in refused.value.parts("en")[1]
    assert nav.release(cohort(exits({"job": 20})).survival_curve()).table["events"].sum() == 20


def test_twenty_rows_of_four_persons_are_four_persons() -> None:
    frame = pd.DataFrame({"person": np.repeat(np.arange(4), 6), "entry": np.tile(np.arange(0, 600, 100), 4)})
    frame = frame.assign(time=frame["entry"] + 60, ending="still", group="all")
    frame.loc[frame["entry"] == 500, "ending"] = "job"
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(cohort(frame, person="person", entry="entry").survival_curve())
    assert refused.value.key == "curve_of_few"


def test_nothing_of_the_days_is_left_in_a_released_table_of_counts() -> None:
    rng = np.random.default_rng(3)
    frame = exits({"job": 200, "other": 100}).assign(time=rng.permutation(np.arange(1, 301)))
    counts = nav.release(cohort(frame).risk_table()).result
    cells = counts.cells["all"]
    assert len(cells.exit) == len({(month, cause) for month, cause in zip(cells.exit, cells.cause, strict=True)})
    assert (cells.persons >= 5).all()
    assert set(counts.table["time"]) <= set(range(1, 12))


def test_a_comparison_whose_other_group_is_too_small_is_refused_as_such() -> None:
    frame = pd.concat([exits({"job": 80}, "large"), exits({"job": 12}, "small")], ignore_index=True)
    effects = cohort(frame, arm="group", reference="large").contrast(at=60)
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(effects)
    assert refused.value.key == "comparison_of_few"


def test_a_time_that_the_cut_has_taken_away_is_refused_as_such() -> None:
    groups = [exits({"job": 120, "still": 2}, name, step=3) for name in ("a", "b")]
    people = cohort(pd.concat(groups, ignore_index=True), arm="group", reference="a")
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(people.contrast(at=380))
    assert refused.value.key == "time_not_shown"
    assert nav.release(people.contrast(at=200)).table["events"].iloc[0] >= 5
