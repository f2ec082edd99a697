"""States and repeated events once more in plain loops; errors by moving each person's or office's weight a little."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import navoutcomes as nav
from tests.laws.some_courses import (
    STATES,
    begun,
    courses,
    errors,
    in_states,
    mean_count,
    mean_time,
    moved,
    occupation,
    risk,
    stays,
)
from tests.laws.some_courses import times as moves
from tests.laws.some_people import brisk, quick

ROLES = [(), ("weight",), ("weight", "office")]
EXACT, DERIVATIVE = {"rtol": 1e-9, "atol": 1e-10}, {"rtol": 1e-5, "atol": 1e-7}


def last_time(frame: pd.DataFrame) -> int:
    """The last time at which somebody is under observation: shares are read up to there."""
    return int(frame["stop"].max())


@pytest.mark.parametrize("roles", ROLES, ids=str)
@given(frame=courses())
@quick
def test_shares_in_states(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    rows = stays(frame, "weight" in roles)
    base = [row.weight for row in rows]
    found = nav.multistate(in_states(frame, *roles))
    for time in range(1, last_time(frame) + 1):
        table = found.at(time).set_index("cause").loc[list(STATES)]
        np.testing.assert_allclose(table["estimate"], occupation(rows, base, time), **EXACT)


@pytest.mark.parametrize("roles", ROLES, ids=str)
@given(frame=courses(most=9))
@brisk
def test_errors_of_shares_in_states(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    rows = stays(frame, "weight" in roles)
    found = nav.multistate(in_states(frame, *roles))
    for time in (1, min(3, last_time(frame)), last_time(frame)):
        pulled = errors(
            rows,
            lambda weights, time=time: occupation(rows, weights, time),
            lambda row: row.office if "office" in roles else row.person,
        )
        table = found.at(time).set_index("cause").loc[list(STATES)]
        np.testing.assert_allclose(table["std_error"], pulled, **DERIVATIVE)


@given(frame=courses(most=9))
@brisk
def test_chances_from_each_state_and_their_errors(frame: pd.DataFrame) -> None:
    rows = stays(frame, True)
    base = [row.weight for row in rows]
    found = nav.multistate(in_states(frame, "weight"), "transition").at([2, last_time(frame)])
    for (term, time), own in found.groupby(["term", "time"]):
        start = {state: float(state == term.split(" → ")[0]) for state in STATES}

        def share(weights: list[float], time: float = time, start: dict[str, float] = start) -> np.ndarray:
            return occupation(rows, weights, time, start)

        place = STATES.index(own["cause"].iloc[0])
        assert own["estimate"].iloc[0] == pytest.approx(share(base)[place], abs=1e-10)
        assert own["std_error"].iloc[0] == pytest.approx(
            errors(rows, share, lambda row: row.person)[place], rel=1e-5, abs=1e-7
        )


@given(frame=courses(most=9))
@brisk
def test_mean_time_in_states_and_its_errors(frame: pd.DataFrame) -> None:
    rows = stays(frame, True)
    base, horizon = [row.weight for row in rows], last_time(frame)
    table = nav.time_in_state(in_states(frame, "weight"), horizon).table.set_index("cause").loc[list(STATES)]
    np.testing.assert_allclose(table["estimate"], mean_time(rows, base, horizon), **EXACT)
    pulled = errors(rows, lambda weights: mean_time(rows, weights, horizon), lambda row: row.person)
    np.testing.assert_allclose(table["std_error"], pulled, **DERIVATIVE)


@given(frame=courses())
@brisk
def test_hazards_and_their_errors(frame: pd.DataFrame) -> None:
    rows = stays(frame, True)
    base, last = [row.weight for row in rows], last_time(frame)
    for _, own in nav.multistate(in_states(frame, "weight"), "hazard").at(last).iterrows():
        begin, end = own["term"].split(" → ")

        def hazard(weights: list[float], begin: str = begin, end: str = end) -> np.ndarray:
            steps = (
                (moved(rows, weights, time, begin, end), risk(rows, weights, time, begin))
                for time in range(1, last + 1)
            )
            return np.array([sum(count / under for count, under in steps if count > 0)])

        assert own["estimate"] == pytest.approx(hazard(base)[0], abs=1e-10)
        assert own["std_error"] == pytest.approx(errors(rows, hazard, lambda row: row.person)[0], rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("roles", ROLES, ids=str)
@given(frame=courses(most=9))
@brisk
def test_mean_numbers_of_events_when_some_die(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    rows = stays(frame, "weight" in roles)
    base, last = [row.weight for row in rows], last_time(frame)
    people = nav.Repeats.from_transitions(in_states(frame, *roles), "work", terminal=("left",))
    table = nav.recurrent(people).at([1, min(3, last), last])
    for _, own in table.iterrows():
        assert own["estimate"] == pytest.approx(mean_count(rows, base, own["time"])[0], abs=1e-10)
        pulled = errors(
            rows,
            lambda weights, time=own["time"]: mean_count(rows, weights, time),
            lambda row: row.office if "office" in roles else row.person,
        )
        assert own["std_error"] == pytest.approx(pulled[0], rel=1e-5, abs=1e-7)


@given(frame=courses())
@brisk
def test_the_shares_at_the_start_are_those_at_the_first_move(frame: pd.DataFrame) -> None:
    rows = stays(frame, True)
    start = begun(rows, [row.weight for row in rows])
    table = nav.multistate(in_states(frame, "weight")).at(0).set_index("cause")["estimate"]
    assert moves(rows, np.inf)[0] == 1
    assert table.to_dict() == pytest.approx(start)
