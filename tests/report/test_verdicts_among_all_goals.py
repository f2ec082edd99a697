"""The form prints the verdict that holds among all the goals, not each goal's own."""

from __future__ import annotations

import navoutcomes as nav
from navoutcomes.report.forms import goal_form
from navoutcomes.show.table_goals import verdict


def one(name: str, events: int, persons: int) -> object:
    said = nav.Text(nb=name, nn=name, en=name)
    target = nav.Target(name=said, numerator=said, denominator=said, at_least=0.5)
    return nav.indicator(target, events, {"started": persons}, already_public=True)


def test_a_goal_met_alone_and_not_among_many_is_printed_as_among_many() -> None:
    goals = [one(f"goal {number}", 121, 212) for number in range(8)]
    card = nav.scorecard(goals)
    alone, among = goals[0].verdict, card.verdicts[0]
    assert alone != among
    rows = goal_form(card, "en").rows
    assert [row[-2] for row in rows] == [verdict(said, "en") for said in card.verdicts]
    assert goal_form(goals[0], "en").rows[0][-2] == verdict(alone, "en")
