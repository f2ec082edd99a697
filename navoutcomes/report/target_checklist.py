"""The TARGET checklist: what the report of an emulated trial must state, where this one does, and what it does not.

The items are those of the statement of 2025, in our own words. What the protocol, the flow and the results say is
filled in; what only the writer can have said is pointed to by chapter, and never claimed to be there.
Paraphrased, not quoted: what could be confirmed is 21 items in six sections, of which item 6 specifies the target
trial and item 7, part for part, its emulation.
Reference: Cashin et al. 2025, TARGET statement (JAMA, doi 10.1001/jama.2025.13350; BMJ, doi 10.1136/bmj-2025-087179).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from navoutcomes.design.flow import Flow
from navoutcomes.design.protocol import Protocol
from navoutcomes.design.terms import Interaction, Term
from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.emulation.bounds import Bounds
from navoutcomes.estimate.emulation.e_values import EValues
from navoutcomes.estimate.emulation.tipping_point import TippingPoint
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.shares import Shares
from navoutcomes.report.methods import Added
from navoutcomes.report.particulars import Particulars, day_text
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import count, number
from navoutcomes.show.table import PrintedTable
from navoutcomes.show.words import ending_inside, group_name, term_name, unit_name, word
from navoutcomes.texts import spoken

PARTS = ("eligibility", "strategies", "assignment", "follow_up", "outcome", "contrast", "assumptions", "analysis")
ITEMS: tuple[str, ...] = (
    "1_abstract", "2_background", "3_question", "4_rationale", "5_sources",
    *(f"6{letter}_{part}" for letter, part in zip("abcdefgh", PARTS, strict=True)),
    *(f"7{letter}_{part}" for letter, part in zip("abcdefgh", PARTS, strict=True)),
    "8_selection", "9_baseline", "10_followed", "11_missing", "12_outcomes", "13_estimates", "14_additional",
    "15_interpretation", "16_limitations", "17_ethics", "18_registration", "19_sharing", "20_funding", "21_interests",
)  # fmt: skip
# Items that only the writer can fill, by the chapter they belong in.
WRITTEN = {"1_abstract": "summary", "2_background": "background", "4_rationale": "background",
           "15_interpretation": "continuation", "16_limitations": "uncertainty"}  # fmt: skip
# Items that a kind of result fills.
SHOWN: dict[str, tuple[type, ...]] = {
    "8_selection": (Flow,),
    "9_baseline": (Balance,),
    "10_followed": (Curves,),
    "12_outcomes": (Curves, Shares),
    "13_estimates": (Effects, AdjustedEffects),
    "14_additional": (EValues, TippingPoint, Bounds),
}


@dataclass(frozen=True)
class Stated:
    """What a report holds, as the checklist looks it up: ``places`` of results by name ("Figure 2"), and ``chapters``
    that the writer has filled, by key, with the name they stand under; ``here``, ``methods`` and ``log`` the appendices
    of the checklist itself, the methods and the run log."""

    protocol: Protocol
    added: Sequence[Added] = ()
    places: dict[str, str] = field(default_factory=dict)
    chapters: dict[str, str] = field(default_factory=dict)
    here: str = ""
    methods: str = ""
    log: str = ""
    sources: tuple[str, ...] = ()
    about: Particulars = field(default_factory=Particulars)

    @property
    def flow(self) -> Flow | None:
        """The released flow, if there is one."""
        return next((one.result for one in self.added if isinstance(one.result, Flow)), None)


def target_checklist(stated: Stated, language: str) -> PrintedTable:
    """The items in their order: number, what must be stated, where it is, and what is stated."""
    none = word("not_stated", language)
    rows = []
    for item in ITEMS:
        where, said = _found(item, stated, language)
        asked = word(f"target_{item}", language)
        rows.append((item.split("_")[0], asked, where or "\u2013", one_line(said) if said else none))
    heads = ("col_number", "target_item", "target_where", "target_said")
    return PrintedTable(
        word("target_caption", language), tuple(word(head, language) for head in heads), tuple(rows),
        (False,) * 4, (word("target_note", language),), language,
    )  # fmt: skip


def _found(item: str, stated: Stated, language: str) -> tuple[str, str]:
    """Where an item stands and what is said there; empty where it is not stated."""
    if item in WRITTEN:
        chapter = stated.chapters.get(WRITTEN[item], "")
        return chapter, word("target_written", language) if chapter else ""
    if item in SHOWN:
        return _shown(item, stated, language)
    if item[0] in _TRIAL:
        part = item.partition("_")[2]
        said = _TRIAL[item[0]][part](stated, language)
        return (stated.methods if part == "analysis" else stated.here) if said else "", said
    return _facts(item, stated, language)


def _shown(item: str, stated: Stated, language: str) -> tuple[str, str]:
    found = [one for one in stated.added if isinstance(one.result, SHOWN[item]) and one.name in stated.places]
    where = ", ".join(dict.fromkeys(stated.places[one.name] for one in found))
    if item == "8_selection" and stated.flow is not None and found:
        numbers = {"start": count(stated.flow.start, language), "end": count(stated.flow.end, language)}
        return where, word("target_flow", language, **numbers)
    return where, "; ".join(dict.fromkeys(one.label for one in found))


def _facts(item: str, stated: Stated, language: str) -> tuple[str, str]:
    about, log = stated.about, stated.log
    if item == "3_question":
        return stated.here, spoken(stated.protocol.question, language)
    if item == "5_sources":
        return (log, ", ".join(stated.sources)) if stated.sources else ("", "")
    if item == "19_sharing":
        return log, word("target_shared", language)
    if item == "18_registration":
        parts = [about.said("registration", language)]
        if about.protocol_date:
            day = day_text(about.protocol_date, language)
            parts.append(word("target_settled", language, day=day))
        said = "; ".join(part for part in parts if part)
        return (log if said else ""), said
    fact = {"17_ethics": "legal_basis", "20_funding": "funding", "21_interests": "interests"}.get(item)
    said = about.said(fact, language) if fact else ""
    return (log if said else ""), said


def _eligible(stated: Stated, language: str) -> str:
    columns = dict.fromkeys(rule.column for rule in stated.protocol.eligibility)
    return word("target_by_columns", language, columns=_names(columns, language)) if columns else ""


def _arms(stated: Stated, language: str) -> str:
    arms = stated.protocol.arms
    if arms is None:
        return ""
    labels = [spoken(label, language) for _, label in arms.labels]
    reference = group_name(arms.reference, language)
    said = word("target_arms", language, column=term_name(arms.column, language), reference=reference)
    return f"{', '.join(labels)}: {said}" if labels else said


def _assigned(stated: Stated, language: str) -> str:
    return word("target_by_lot" if stated.protocol.randomised else "target_lot_emulated", language)


def _follow_up(stated: Stated, language: str) -> str:
    protocol = stated.protocol
    said = word("target_from", language, column=term_name(protocol.time_zero, language))
    if protocol.horizon is not None:
        days = f"{number(protocol.horizon, language, 0)}\u00a0{unit_name('days', language, protocol.horizon)}"
        said += " " + word("target_until", language, length=days)
    return said


def _outcome(stated: Stated, language: str) -> str:
    protocol = stated.protocol
    said = ending_inside(protocol.outcome, language)
    others = ", ".join(ending_inside(one, language) for one in protocol.competing)
    return said + (word("target_competing", language, others=others) if others else "")


def _contrast(stated: Stated, language: str) -> str:
    estimand = stated.protocol.estimand
    if estimand is None:
        return ""
    times = ", ".join(number(one, language, 0) for one in estimand.at)
    measure = word(f"measure_{estimand.measure.replace(' ', '_')}", language)
    return word("target_measure", language, measure=measure, times=times)


def _assumed(stated: Stated, language: str) -> str:
    if stated.protocol.randomised:
        return word("target_assumed_lot", language)
    terms = _columns(stated.protocol.adjust_for)
    return word("target_assumed", language, columns=_names(terms, language)) if terms else ""


def _planned(stated: Stated, language: str) -> str:
    return word("target_planned", language) if stated.methods and stated.added else ""


def _selected(stated: Stated, language: str) -> str:
    flow = stated.flow
    if flow is None:
        return _eligible(stated, language)
    return word("target_flow", language, start=count(flow.start, language), end=count(flow.end, language))


def _adjusted(stated: Stated, language: str) -> str:
    terms = _columns(stated.protocol.adjust_for)
    return word("target_adjusted", language, columns=_names(terms, language)) if terms else ""


def _closed(stated: Stated, language: str) -> str:
    day = stated.protocol.register_closes
    return word("target_closed", language, day=day_text(day, language)) if day else _follow_up(stated, language)


def _classes(stated: Stated, language: str) -> str:
    pooled = stated.protocol.pooled
    said = [f"{ending_inside(name, language)} = {', '.join(ending_inside(one, language) for one in classes)}"
            for name, classes in pooled if classes != (name,)]  # fmt: skip
    return "; ".join(said) or _outcome(stated, language)


def _unsaid(_: Stated, __: str) -> str:
    """How the assumptions were looked into is for the writer to say."""
    return ""


def _columns(terms: Sequence[Term]) -> dict[str, None]:
    found: dict[str, None] = {}
    for term in terms:
        found |= _columns(term.terms) if isinstance(term, Interaction) else {term.column: None}
    return found


def _names(columns: dict[str, None], language: str) -> str:
    return ", ".join(term_name(column, language) for column in columns)


_SPECIFIED = (_eligible, _arms, _assigned, _follow_up, _outcome, _contrast, _assumed, _planned)
_EMULATED = (_selected, _arms, _adjusted, _closed, _classes, _contrast, _unsaid, _planned)
_TRIAL: dict[str, dict[str, Callable[[Stated, str], str]]] = {
    "6": dict(zip(PARTS, _SPECIFIED, strict=True)),
    "7": dict(zip(PARTS, _EMULATED, strict=True)),
}
