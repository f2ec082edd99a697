"""What is wrong with this evaluation? Everything that can be seen in the people and their protocol, before a number is
believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.checks.arms import (
    begun_later,
    few_offices,
    hazards_cross,
    lost_unevenly,
    thin_arms,
    unadjusted,
)
from navoutcomes.estimate.checks.follow_up import (
    endings_that_begin_late,
    few_events_per_term,
    followed_too_short,
    nobody_stayed_away,
    one_day_of_many_ends,
    register_thins_out,
    unknown_endings,
)
from navoutcomes.estimate.checks.words import says_effect
from navoutcomes.notes import Log, Note, note
from navoutcomes.texts import say

Check = Callable[[FollowUp], tuple[Note, ...]]
CHECKS: dict[str, Check] = {
    "immortal_time": begun_later,
    "adjustment": unadjusted,
    "arms": thin_arms,
    "offices": few_offices,
    "lost_unevenly": lost_unevenly,
    "hazards_cross": hazards_cross,
    "events_per_term": few_events_per_term,
    "unknown_endings": unknown_endings,
    "horizon": followed_too_short,
    "administrative_ends": one_day_of_many_ends,
    "register_lag": register_thins_out,
    "no_shows": nobody_stayed_away,
    "register_break": endings_that_begin_late,
    "words": says_effect,
}


@dataclass(frozen=True, repr=False)
class Checks:
    """Each check with what it found. ``findings`` are the remarks, ``table`` one row a check; ``passed`` when nothing
    was found. A check that could not be made says why."""

    found: tuple[tuple[str, tuple[Note, ...]], ...]

    @property
    def findings(self) -> Log:
        """All remarks, in the order of the checks."""
        return Log(tuple(one for _, notes in self.found for one in notes))

    @property
    def passed(self) -> bool:
        """Whether there is nothing to look at."""
        return not any(one.level == "warning" for one in self.findings)

    @property
    def table(self) -> pd.DataFrame:
        """One row a check: its key, ``ok`` or ``look``, and what it says in the current language."""
        return pd.DataFrame(
            [(key, _state(notes), " ".join(str(one) for one in notes)) for key, notes in self.found],
            columns=["check", "state", "remark"],
        )

    def __repr__(self) -> str:
        rows = [f"{_mark(notes)} {_name(key)}" + _said(notes, "\n    ") for key, notes in self.found]
        return "\n".join([say("words", "checks_title"), *rows])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{_mark(notes)}</td><th scope='row' style='text-align:left'>{escape(_name(key))}"
            f"</th><td style='text-align:left'>{'<br>'.join(escape(str(one)) for one in notes)}</td></tr>"
            for key, notes in self.found
        )
        return f"<table><caption>{escape(say('words', 'checks_title'))}</caption>{rows}</table>"


@door
def checks(people: FollowUp) -> Checks:
    """What is wrong with this evaluation?

    Immortal time, arms that nothing is adjusted for, thin arms, few offices, people lost unevenly from the arms,
    hazards that cross, few endings for each adjustment term, unknown exit reasons, a follow-up that is too short, ends
    that come from a calendar and not from people, months that are not registered yet, and words of effect where chance
    decided nothing.
    Shapes: ``Checks.table`` has one row a check.
    Raises: ``DesignProblem`` for people known only as counts.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    return Checks(tuple((key, _made(check, people)) for key, check in CHECKS.items()))


def _name(key: str) -> str:
    return say("words", f"check_{key}")


def _made(check: Check, people: FollowUp) -> tuple[Note, ...]:
    """What a check found; where a model behind it has no answer, that is what it says."""
    try:
        return check(people)
    except DesignProblem as problem:
        return (note("check_not_made", why=problem.key),)


def _state(notes: tuple[Note, ...]) -> str:
    return "look" if any(one.level == "warning" for one in notes) else "ok"


def _mark(notes: tuple[Note, ...]) -> str:
    return "!" if _state(notes) == "look" else "✓"


def _said(notes: tuple[Note, ...], before: str) -> str:
    return "".join(f"{before}{one}" for one in notes)
