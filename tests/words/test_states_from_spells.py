"""A register of four persons laid end to end, day by day, as one would on paper. January has 31 days, 2019 has 365.

P-1   KVP 01.01-31.01 (job), work until KVP 01.03-30.04 (health), ill until the register closes on 31.12
P-2   KVP 01.01-28.02 (health), ill
P-3   KVP 01.02-31.03, straight on to AAP 01.04-31.05 (job), work
P-4   KVP from 01.02, still open
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from design_cases import register

import navoutcomes as nav

LINES = (
    "P-1;KVP;01.01.2019;31.01.2019;Arbeid;A;a;",
    "P-1;KVP;01.03.2019;30.04.2019;Helse;A;a;",
    "P-2;KVP;01.01.2019;28.02.2019;Helse;A;b;",
    "P-3;KVP;01.02.2019;31.03.2019;Arbeid;B;a;",
    "P-3;AAP;01.04.2019;31.05.2019;Arbeid;B;a;",
    "P-4;KVP;01.02.2019;;;B;b;",
)
EXITS = {"job": "work", "health": "ill"}


def rows(people: nav.Transitions) -> list[tuple[object, ...]]:
    frame = people.rows[["person", "start", "stop", "state_from", "state_to"]]
    return [tuple(None if pd.isna(one) else one for one in row) for row in frame.itertuples(index=False)]


def test_every_day_has_a_state_until_the_register_closes() -> None:
    people = nav.Transitions.from_spells(register(*LINES), exits=EXITS)
    assert people.states == ("KVP", "AAP", "ill", "work")
    assert people.unit == "days"
    assert rows(people) == [
        ("P-1", 0, 31, "KVP", "work"),
        ("P-1", 31, 59, "work", "KVP"),
        ("P-1", 59, 120, "KVP", "ill"),
        ("P-1", 120, 365, "ill", None),
        ("P-2", 0, 59, "KVP", "ill"),
        ("P-2", 59, 365, "ill", None),
        ("P-3", 0, 59, "KVP", "AAP"),
        ("P-3", 59, 120, "AAP", "work"),
        ("P-3", 120, 334, "work", None),
        ("P-4", 0, 334, "KVP", None),
    ]


def test_programmes_are_named_by_the_analyst() -> None:
    people = nav.Transitions.from_spells(register(*LINES), programmes={"KVP": "in", "AAP": "in"}, exits=EXITS)
    # From KVP straight on to AAP is now no move: one stay.
    assert rows(people)[6:8] == [("P-3", 0, 59, "in", None), ("P-3", 59, 120, "in", "work")]
    table = nav.multistate(people).at(60).set_index("cause")
    assert table.loc["in", "at_risk"] == 3
    assert table.loc["in", "censored"] == 0


def test_an_exit_after_which_nobody_saw_the_person_ends_observation() -> None:
    people = nav.Transitions.from_spells(register(*LINES), exits={"job": "work", "health": None})
    assert ("P-2", 0, 59, "KVP", None) in rows(people)
    assert not any(row[3] == "ill" for row in rows(people))
    with pytest.raises(nav.DataProblem) as caught:
        nav.Transitions.from_spells(
            register("P-9;KVP;01.01.2019;31.01.2019;Helse;A;a;", "P-9;KVP;01.03.2019;;;A;a;", LINES[0]),
            exits={"job": "work", "health": None},
        )
    assert caught.value.key == "states_gap"


def test_a_register_read_to_an_earlier_day_knows_less() -> None:
    people = nav.Transitions.from_spells(register(*LINES), exits=EXITS, closes=date(2019, 4, 15))
    assert rows(people)[2] == ("P-1", 59, 105, "KVP", None)
    assert rows(people)[5] == ("P-3", 0, 59, "KVP", "AAP")
    assert rows(people)[6] == ("P-3", 59, 74, "AAP", None)


def test_returns_to_the_programme_are_counted() -> None:
    people = nav.Transitions.from_spells(register(*LINES), exits=EXITS)
    table = nav.recurrent(nav.Repeats.from_transitions(people, "KVP")).at([58, 59, 300])
    assert table["estimate"].tolist() == pytest.approx([0, 1 / 4, 1 / 4])


def test_offices_and_groups_come_along() -> None:
    people = nav.Transitions.from_spells(register(*LINES), exits=EXITS, cluster="office")
    assert people.intervals.clustered == "office"
    table = nav.multistate(people, by="arm").at(40)
    assert table[table["cause"] == "work"].set_index("group")["estimate"].tolist() == [0.5, 0.0]
