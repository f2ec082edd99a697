"""What holds for any courses: states beside the curves of one ending, and changes that must change nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import navoutcomes as nav
from tests.laws.some_courses import STATES, courses, in_states
from tests.laws.some_people import brisk, cohort, people, quick

NUMBERS = ["estimate", "std_error", "conf_low", "conf_high"]
OFFICE = {"cluster": "office"}


def as_states(frame: pd.DataFrame, entry: bool, **roles: str) -> nav.Transitions:
    """People who leave once, as people in states."""
    return nav.Transitions.from_frame(
        frame.assign(begin=frame["entry"] if entry else 0, state="in"),
        person="person",
        start="begin",
        stop="time",
        state_from="state",
        state_to="ending",
        censored="followed",
        states=("in", "job", "other"),
        **roles,
    )


def same(one: pd.DataFrame, other: pd.DataFrame, columns: list[str] | None = None) -> None:
    # The root of what rounding leaves of a variance of nothing is not nothing.
    for name in columns or NUMBERS:
        near = 1e-8 if name == "std_error" else 1e-10
        np.testing.assert_allclose(one[name], other[name], rtol=1e-9, atol=near, err_msg=name)


@pytest.mark.parametrize("roles", [(), ("entry",), ("entry", "weight")], ids=str)
@given(frame=people(endings=("followed", "job", "other")))
@quick
def test_one_move_each_is_the_cumulative_incidence(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    frame.loc[0, "ending"] = "job"
    ours = nav.multistate(as_states(frame, "entry" in roles, **({"weight": "weight"} if "weight" in roles else {})))
    times = sorted(set(frame["time"]))
    theirs = cohort(frame, *roles).cumulative_incidence().at(times)
    for cause in ("job", "other"):
        mine, other = (table[table["cause"] == cause].reset_index(drop=True) for table in (ours.at(times), theirs))
        same(mine, other, ["estimate", "std_error", "events"])
        inside = (mine["estimate"] > 1e-9) & (mine["estimate"] < 1 - 1e-9)
        same(mine[inside], other[inside])


@given(frame=people(endings=("followed", "job", "other")))
@quick
def test_exact_limits_at_nothing_are_those_of_the_cumulative_incidence(frame: pd.DataFrame) -> None:
    frame.loc[[0, 1], "ending"] = ["job", "followed"]
    times = sorted(set(frame["time"]))
    ours = nav.multistate(as_states(frame, False)).at(times)
    theirs = cohort(frame).cumulative_incidence().at(times)
    for cause in ("job", "other"):
        mine, other = (table[table["cause"] == cause].reset_index(drop=True) for table in (ours, theirs))
        same(mine, other)


@given(frame=people(least=3, endings=("followed", "job")))
@quick
def test_one_way_out_is_kaplan_meier(frame: pd.DataFrame) -> None:
    frame.loc[0, "ending"] = "job"
    times = sorted(set(frame["time"]))
    ours = nav.multistate(as_states(frame, True), interval="log-log").at(times)
    ours = ours[ours["cause"] == "in"].reset_index(drop=True)
    robust = cohort(frame, "entry").survival_curve(interval="log-log", errors="robust").at(times)
    some = robust["estimate"] > 0
    same(ours[some], robust[some], NUMBERS[:2])
    assert ours["std_error"][~some].eq(0).all()
    plain = nav.multistate(as_states(frame, True), errors="greenwood").at(times)
    greenwood = cohort(frame, "entry").survival_curve(errors="greenwood").at(times)
    known = greenwood["std_error"].notna()
    plain = plain[plain["cause"] == "in"].reset_index(drop=True)
    same(plain[known], greenwood[known], ["estimate", "std_error"])


@given(frame=people(least=3, endings=("followed", "job", "other")))
@brisk
def test_time_in_a_state_is_the_restricted_mean(frame: pd.DataFrame) -> None:
    frame.loc[0, "ending"] = "job"
    horizon = float(frame["time"].max())
    table = nav.time_in_state(as_states(frame, False), horizon).table.set_index("cause")
    who = cohort(frame)
    for state, cause in (("in", None), ("job", "job"), ("other", "other")):
        theirs = who.restricted_mean(horizon, cause=cause, small_sample=False, errors="robust").table.iloc[0]
        assert table.loc[state, "estimate"] == pytest.approx(theirs["estimate"], abs=1e-9)
        assert table.loc[state, "std_error"] == pytest.approx(theirs["std_error"], abs=1e-9)


@given(frame=people(least=3, endings=("followed", "job", "other")))
@brisk
def test_hazards_are_those_of_the_causes(frame: pd.DataFrame) -> None:
    frame.loc[0, "ending"] = "job"
    times = sorted(set(frame["time"]))
    ours = nav.multistate(as_states(frame, True), "hazard", errors="aalen").at(times)
    theirs = cohort(frame, "entry").cumulative_hazard().at(times)
    for cause in set(frame["ending"]) & {"job", "other"}:
        mine, other = (table[table["cause"] == cause].reset_index(drop=True) for table in (ours, theirs))
        same(mine, other, ["estimate", "std_error"])


@given(frame=courses())
@quick
def test_shares_are_shares_and_add_to_one(frame: pd.DataFrame) -> None:
    last = int(frame["stop"].max())
    table = nav.multistate(in_states(frame, "weight")).at(range(last + 1))
    assert table["estimate"].between(-1e-12, 1 + 1e-12).all()
    np.testing.assert_allclose(table.groupby("time")["estimate"].sum(), 1, atol=1e-10)
    chances = nav.multistate(in_states(frame, "weight"), "transition").at(range(last + 1))
    begin = chances["term"].str.split(" → ").str[0]
    np.testing.assert_allclose(chances.groupby([begin, "time"])["estimate"].sum(), 1, atol=1e-10)
    spent = nav.time_in_state(in_states(frame), last).table["estimate"]
    assert spent.sum() == pytest.approx(last)


@given(frame=courses())
@brisk
def test_the_order_of_rows_and_the_names_of_people_change_nothing(frame: pd.DataFrame) -> None:
    mixed = frame.sample(frac=1, random_state=1).assign(person=lambda own: [f"Q{97 - one}" for one in own["person"]])
    for measure in ("occupation", "hazard"):
        one, other = (nav.multistate(in_states(own, "weight"), measure).table for own in (frame, mixed))
        same(one, other)


@given(frame=courses())
@brisk
def test_cutting_a_stay_in_two_changes_nothing(frame: pd.DataFrame) -> None:
    long = frame["stop"] - frame["start"] > 1
    first = frame[long].assign(stop=frame["start"] + 1, to="")
    rest = frame.assign(start=frame["start"] + long)
    whole, cut = (in_states(own, "weight") for own in (frame, pd.concat([first, rest])))
    for measure in ("occupation", "transition", "hazard"):
        one, other = (nav.multistate(people, measure).table for people in (whole, cut))
        pd.testing.assert_frame_equal(one, other, atol=1e-10)
    events = (nav.Repeats.from_transitions(one, "work", terminal=("left",)) for one in (whole, cut))
    one, other = (nav.recurrent(people).table for people in events)
    pd.testing.assert_frame_equal(one, other, atol=1e-10)


@given(frame=courses())
@brisk
def test_twice_the_weight_is_everybody_twice(frame: pd.DataFrame) -> None:
    heavy = nav.multistate(in_states(frame.assign(weight=2.0), "weight"))
    twice = nav.multistate(in_states(pd.concat([frame, frame.assign(person=frame["person"] + 1000)])))
    times = range(int(frame["stop"].max()) + 1)
    same(heavy.at(times), twice.at(times), ["estimate"])
    # Weights are not counts: a person of weight two pulls twice, so the error is that of half as many people.
    np.testing.assert_allclose(heavy.at(times)["std_error"], twice.at(times)["std_error"] * np.sqrt(2), atol=1e-10)


@given(frame=courses())
@brisk
def test_another_unit_of_time_moves_the_times_only(frame: pd.DataFrame) -> None:
    longer = frame.assign(start=frame["start"] * 7.3, stop=frame["stop"] * 7.3)
    one, other = (nav.multistate(in_states(own)).table for own in (frame, longer))
    same(one, other)
    np.testing.assert_allclose(one["time"] * 7.3, other["time"])


@given(frame=courses(late=False))
@brisk
def test_a_landmark_at_the_start_is_the_group_that_begins_there(frame: pd.DataFrame) -> None:
    begins = frame.drop_duplicates("person").set_index("person")["state"]
    if set(begins) != {"KVP", "work"} or set(frame["state"]) - set(begins):
        return
    times = range(int(frame["stop"].max()) + 1)
    ours = nav.multistate(in_states(frame), "transition", landmark=True)
    for state in ("KVP", "work"):
        own = frame[frame["person"].isin(begins.index[begins == state])]
        if not own["to"].isin(STATES).any():
            continue
        within = [time for time in times if time <= own["stop"].max()]
        table = ours.at(within)
        table = table[table["term"].str.startswith(state)].reset_index(drop=True)
        same(table, nav.multistate(in_states(own)).at(within).reset_index(drop=True), NUMBERS[:2])


@given(frame=people(least=3, endings=("followed", "job")))
@brisk
def test_mean_counts_of_one_event_each(frame: pd.DataFrame) -> None:
    """Where the event is the end of it, the mean count is the share that has had it; else the cumulative hazard."""
    frame.loc[0, "ending"] = "job"
    events = {"followed": None, "job": "job", "other": "other"}
    times = sorted(set(frame["time"]))
    roles = {"person": "person", "start": "entry", "stop": "time", "event": "ending"}
    plain = nav.recurrent(nav.Repeats.from_frame(frame, **roles, events=events), cause="job").at(times)
    same(
        plain, cohort(frame, "entry").cumulative_hazard(errors="robust").at(times).query("cause == 'job'"), NUMBERS[:2]
    )


@pytest.mark.parametrize("clock", ["total", "gap"])
@given(frame=courses(late=False, gaps=False))
@brisk
def test_those_in_a_state_are_people_for_the_other_verbs(clock: str, frame: pd.DataFrame) -> None:
    """Time in the state by hand; on the clock of all, the hazards are those of the transitions."""
    who = in_states(frame, "weight")
    here = nav.leaving(who, "KVP", clock=clock)
    rows = frame[frame["state"] == "KVP"]
    if clock == "gap":
        # A stay that is cut, with nothing happening in between, goes on.
        goes_on = (frame["person"] == frame["person"].shift()) & (frame["state"].shift() == "KVP")
        began = rows["start"].where(~goes_on[rows.index]).ffill()
        np.testing.assert_allclose(here.rows["time"], rows["stop"] - began)
        np.testing.assert_allclose(here.rows["entry"].fillna(0), rows["start"] - began)
        return
    times = range(int(rows["stop"].max()) + 1)
    theirs = nav.cumulative_hazard(here, errors="robust").at(times)
    ours = nav.multistate(who, "hazard").at(times)
    for cause in here.endings:
        mine = ours[ours["term"] == f"KVP → {cause}"].reset_index(drop=True)
        same(mine, theirs[theirs["cause"] == cause].reset_index(drop=True), NUMBERS[:2])
