"""What does not leave the room in any form, and what to ask instead."""

from __future__ import annotations

from typing import Any

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, DisclosureRefused, Problem
from navoutcomes.estimate.adjusted.incidence import AdjustedIncidence
from navoutcomes.estimate.checks.findings import Checks
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.emulation.immortal_time import ImmortalTime
from navoutcomes.estimate.regression.parametric_times import PredictedTimes
from navoutcomes.estimate.states.recurrent_rows import Repeats
from navoutcomes.estimate.states.transitions import Transitions
from navoutcomes.records.codes.official_exits import NavExits
from navoutcomes.records.extract import Extract
from navoutcomes.records.identity.link import Linked, Matches
from navoutcomes.records.inspection import Inspection
from navoutcomes.records.kostra.files import KostraExtract
from navoutcomes.records.model.findings import Findings
from navoutcomes.records.model.register_tables import RegisterTables
from navoutcomes.records.months.outcomes import Outcomes
from navoutcomes.records.months.panel import MonthPanel
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth
from navoutcomes.texts import LANGUAGES, Text, say

PEOPLE, REMARKS, PROFILES = "people", "remarks", "profiles"
REFUSED: dict[type, str] = {
    Extract: PEOPLE,
    KostraExtract: "kostra",
    Spells: PEOPLE,
    FollowUp: PEOPLE,
    MonthPanel: PEOPLE,
    Outcomes: PEOPLE,
    RegisterTables: PEOPLE,
    Linked: PEOPLE,
    Repeats: PEOPLE,
    Transitions: PEOPLE,
    SyntheticTruth: PEOPLE,
    NavExits: "counts",
    CountedPeople: "counts",
    Checks: REMARKS,
    Findings: REMARKS,
    Inspection: REMARKS,
    Matches: REMARKS,
    ImmortalTime: "immortal_time",
    AdjustedIncidence: "adjusted_times",
    PredictedTimes: PROFILES,
}


def refusal(result: Any) -> Problem:
    """Why a kind without a rule may not leave: with what to ask instead, where it is one of ours."""
    kind = type(result)
    reason = next((REFUSED[one] for one in kind.__mro__ if one in REFUSED), None)
    if reason is None:
        return DesignProblem("cannot_release", kind=kind.__name__)
    why = Text(**{language: say("words", f"gate_why_{reason}", language) for language in LANGUAGES})
    instead = Text(**{language: say("words", f"gate_ask_{reason}", language) for language in LANGUAGES})
    return DisclosureRefused("kind_stays", kind=kind.__name__, why=why, instead=instead)
