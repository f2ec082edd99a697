"""Six people between programme (P), work (W) and pension (E) worked out on paper, in fractions; equality to 1e-12.

    person   course                               time  in P  in W   moves                P      W      E
    A        P until 1, W until 3, P until 6         0                                     1      0      0
    B        P until 2, W until 6                    1     6     0   A P→W               5/6    1/6     0
    C        P until 2, E                            2     5     1   B P→W, C P→E        1/2    1/3    1/6
    D        P until 6                               3     3     2   A W→P               2/3    1/6    1/6
    E        P until 4, W until 5, E                 4     4     1   E P→W               1/2    1/3    1/6
    F        P until 6                               5     3     2   E W→E               1/2    1/6    1/3
                                                     6     3     1   everybody is still followed

At 2 each move is divided by the five in P then: of 5/6, 1/5 goes to W and 1/5 to E. Nobody is lost before 6, so the
share in each state is the number in it over six, and its error that of a counted share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Q
from math import sqrt

import pandas as pd
import pytest
from exact import Slope

import navoutcomes as nav

STATES = ("P", "W", "E")


@dataclass(frozen=True)
class Stay:
    """A person in a state in (start, stop]; ``to`` None: nothing happened at the end."""

    person: str
    start: int
    stop: int
    state: str
    to: str | None


SIX = (
    Stay("A", 0, 1, "P", "W"),
    Stay("A", 1, 3, "W", "P"),
    Stay("A", 3, 6, "P", None),
    Stay("B", 0, 2, "P", "W"),
    Stay("B", 2, 6, "W", None),
    Stay("C", 0, 2, "P", "E"),
    Stay("D", 0, 6, "P", None),
    Stay("E", 0, 4, "P", "W"),
    Stay("E", 4, 5, "W", "E"),
    Stay("F", 0, 6, "P", None),
)
# D is lost sight of at 3, before A comes back at the same time: D counts there.
LOST = (*SIX[:6], Stay("D", 0, 3, "P", None), *SIX[7:])
TIMES = [1, 2, 3, 4, 5]
PROGRAMME = [Q(5, 6), Q(1, 2), Q(2, 3), Q(1, 2), Q(1, 2)]
WORK = [Q(1, 6), Q(1, 3), Q(1, 6), Q(1, 3), Q(1, 6)]
PENSION = [Q(0), Q(1, 6), Q(1, 6), Q(1, 6), Q(1, 3)]


def transitions(stays: Sequence[Stay], **how: object) -> nav.Transitions:
    frame = pd.DataFrame([vars(stay) for stay in stays])
    roles = {"person": "person", "start": "start", "stop": "stop", "state_from": "state", "state_to": "to"}
    return nav.Transitions.from_frame(frame, **roles, states=STATES, unit="weeks", **how)


def exactly(fractions: list[Q] | Q) -> object:
    values = [float(one) for one in fractions] if isinstance(fractions, list) else float(fractions)
    return pytest.approx(values, abs=1e-12, rel=1e-12)


def by_hand(stays: Sequence[Stay], until: int) -> dict[str, Slope]:
    """Shares in the states at a time with their exact derivative for each person's weight, one time after the other."""
    persons = sorted({stay.person for stay in stays})

    def constant(value: int) -> Slope:
        return Slope(Q(value), (Q(0),) * len(persons))

    def weighed(chosen: list[Stay]) -> Slope:
        who = [stay.person for stay in chosen]
        return Slope(Q(len(who)), tuple(Q(who.count(person)) for person in persons))

    share = {state: constant(int(state == "P")) for state in STATES}
    for time in sorted({stay.stop for stay in stays if stay.to and stay.stop <= until}):
        moved = dict(share)
        for begin in STATES:
            risk = [stay for stay in stays if stay.start < time <= stay.stop and stay.state == begin]
            for end in STATES:
                chosen = [stay for stay in risk if stay.stop == time and stay.to == end]
                if chosen:
                    step = share[begin] * weighed(chosen) / weighed(risk)
                    moved[begin], moved[end] = moved[begin] - step, moved[end] + step
        share = moved
    return share


def column(table: pd.DataFrame, state: str, name: str = "estimate") -> list[float]:
    return table.loc[table["cause"] == state, name].tolist()


def test_shares_in_the_states() -> None:
    table = nav.multistate(transitions(SIX)).at(TIMES)
    assert column(table, "P") == exactly(PROGRAMME)
    assert column(table, "W") == exactly(WORK)
    assert column(table, "E") == exactly(PENSION)


def test_the_error_is_that_of_a_counted_share_while_nobody_is_lost() -> None:
    table = nav.multistate(transitions(SIX)).at(TIMES)
    for state, shares in zip(STATES, (PROGRAMME, WORK, PENSION), strict=True):
        assert [error**2 for error in column(table, state, "std_error")] == exactly([p * (1 - p) / 6 for p in shares])


def test_who_is_at_risk_and_who_comes() -> None:
    table = nav.multistate(transitions(SIX)).at([1, 2, 3, 4, 5, 6])
    assert column(table, "P", "at_risk") == [6, 5, 3, 4, 3, 3]
    assert column(table, "W", "at_risk") == [0, 1, 2, 1, 2, 1]
    assert column(table, "W", "events") == [1, 2, 2, 3, 3, 3]
    assert column(table, "E", "events") == [0, 1, 1, 1, 2, 2]
    assert column(table, "P", "censored") == [0, 0, 0, 0, 0, 3]


@pytest.mark.parametrize("time", [2, 3, 4, 5])
def test_shares_and_errors_with_one_lost_sight_of(time: int) -> None:
    """The jackknife is the exact derivative for each person's weight, squared and added."""
    paper = by_hand(LOST, time)
    table = nav.multistate(transitions(LOST)).at(time).set_index("cause")
    for state in STATES:
        assert table.loc[state, "estimate"] == exactly(paper[state].value)
        variance = sum((slope**2 for slope in paper[state].slopes), Q(0))
        assert table.loc[state, "std_error"] ** 2 == exactly(variance)


def test_chances_from_each_state_since_a_time() -> None:
    """After 2, A and B are in W; D, E and F in P. A goes back at 3 (1 of 2), E leaves P at 4 (1 of 4), W at 5 (1 of 2).

    From W: after 3 half in each; after 4 P 3/8, W 5/8; after 5 half of W has gone: 3/8, 5/16, 5/16.
    """
    table = nav.multistate(transitions(SIX), "transition", since=2).at([3, 4, 5])
    from_work = table[table["term"].str.startswith("W")]
    assert column(from_work, "P") == exactly([Q(1, 2), Q(3, 8), Q(3, 8)])
    assert column(from_work, "W") == exactly([Q(1, 2), Q(5, 8), Q(5, 16)])
    assert column(from_work, "E") == exactly([Q(0), Q(0), Q(5, 16)])
    from_programme = table[table["term"].str.startswith("P")]
    assert column(from_programme, "W") == exactly([Q(0), Q(1, 4), Q(1, 8)])


def test_landmark_chances_are_those_of_the_people_themselves() -> None:
    """Of A and B, in W after 2, one goes back to P and none to E; of D, E and F one gets to W and then to E."""
    table = nav.multistate(transitions(SIX), "transition", since=2, landmark=True).at([3, 4, 5])
    from_work = table[table["term"].str.startswith("W")]
    assert column(from_work, "P") == exactly([Q(1, 2)] * 3)
    assert column(from_work, "E") == exactly([Q(0)] * 3)
    assert column(from_work, "E", "std_error") == exactly([Q(0)] * 3)
    from_programme = table[table["term"].str.startswith("P")]
    assert column(from_programme, "W") == exactly([Q(0), Q(1, 3), Q(0)])
    assert column(from_programme, "E") == exactly([Q(0), Q(0), Q(1, 3)])
    assert column(from_programme, "P", "std_error")[1] ** 2 == exactly(Q(2, 9) / 3)


def test_hazard_of_each_transition() -> None:
    table = nav.multistate(transitions(SIX), "hazard").at(TIMES).set_index(["term", "time"])["estimate"]
    assert table["P → W"].tolist() == exactly([Q(1, 6), Q(11, 30), Q(11, 30), Q(37, 60), Q(37, 60)])
    assert table["P → E"].tolist() == exactly([Q(0), Q(1, 5), Q(1, 5), Q(1, 5), Q(1, 5)])
    assert table["W → P"].tolist() == exactly([Q(0), Q(0), Q(1, 2), Q(1, 2), Q(1, 2)])
    assert table["W → E"].tolist() == exactly([Q(0), Q(0), Q(0), Q(0), Q(1, 2)])


def test_mean_time_in_each_state_is_the_mean_of_the_stays() -> None:
    """Until 6 the six were 4, 2, 2, 6, 4 and 6 weeks in P: 4 on average; 2, 4 and 1 weeks in W: 7/6."""
    table = nav.time_in_state(transitions(SIX), 6).table.set_index("cause")
    assert table["estimate"].tolist() == exactly([Q(4), Q(7, 6), Q(5, 6)])
    weeks = [Q(4), Q(2), Q(2), Q(6), Q(4), Q(6)]
    spread = sum(((one - 4) ** 2 for one in weeks), Q(0)) / 36
    assert table.loc["P", "std_error"] == pytest.approx(sqrt(spread), abs=1e-12)


def test_mean_number_of_returns_when_some_die() -> None:
    """A comes into W at 1, B at 2, E at 4; C dies at 2 (before: 5 alive), E at 5. While nobody is lost: 3/6 at 4."""
    repeats = nav.Repeats.from_transitions(transitions(SIX), "W", terminal=("E",))
    table = nav.recurrent(repeats).at(TIMES)
    assert table["estimate"].tolist() == exactly([Q(1, 6), Q(1, 3), Q(1, 3), Q(1, 2), Q(1, 2)])
    # Nobody is lost: the error is that of the mean of six numbers, three ones and three noughts.
    assert table["std_error"].iloc[-1] ** 2 == exactly(Q(1, 4) / 6)
    alone = nav.recurrent(nav.Repeats.from_transitions(transitions(SIX), "W")).at(4)
    assert alone["estimate"].iloc[0] == exactly(Q(1, 6) + Q(1, 6) + Q(1, 5))


def test_pseudo_values_of_six() -> None:
    """Without censoring a pseudo-value is what happened: 1 while still there, 0 afterwards."""
    frame = pd.DataFrame({"time": [1, 2, 2, 3, 4, 5], "ending": ["job", "job", "other", "job", "job", "other"]})
    people = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", endings={"job": "job", "other": "other"})
    assert people.pseudo_values(3)[3.0].tolist() == exactly([Q(0)] * 4 + [Q(1)] * 2)
    assert people.pseudo_values(3, "incidence")[3.0].tolist() == exactly([Q(1), Q(1), Q(0), Q(1), Q(0), Q(0)])
    assert people.pseudo_values(4, "restricted mean")[4.0].tolist() == exactly([Q(1), Q(2), Q(2), Q(3), Q(4), Q(4)])
    lost = people.pseudo_values(4, "restricted mean", cause="job")[4.0].tolist()
    assert lost == exactly([Q(3), Q(2), Q(0), Q(1), Q(0), Q(0)])
