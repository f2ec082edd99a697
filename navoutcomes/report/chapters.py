"""The chapters of a report: as they were written, or in the order of a form that the receiver has set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from navoutcomes.design.flow import Flow
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.weights import Weights
from navoutcomes.estimate.goals.cost import CostPerOutcome, ExplainedDeviation
from navoutcomes.estimate.goals.power import StudySize
from navoutcomes.notes import Log
from navoutcomes.report.blocks import Block, FigureBlock, Heading, Paragraph, TableBlock
from navoutcomes.show.words import word
from navoutcomes.texts import Text, spoken
from navoutcomes.texts import table as texts

FORMS: dict[str, tuple[str, ...]] = {
    "sluttrapport": (
        "summary", "background", "goals", "organisation", "method", "results", "economy", "uncertainty", "continuation",
    )
}  # fmt: skip
# Where a result belongs that the analyst put nowhere; everything else is a result.
BELONGS: dict[type, str] = {
    Flow: "method",
    Log: "method",
    Balance: "method",
    Weights: "method",
    StudySize: "method",
    CostPerOutcome: "economy",
    ExplainedDeviation: "economy",
}
# A free report is one chapter without a name, in which headings stand where they are written.
CHAPTERS: dict[str | None, tuple[str, ...]] = {None: ("",)} | dict(FORMS)
GOVERNOR_SINCE = date(2021, 1, 1)


@dataclass(frozen=True)
class Written:
    """One block, the chapter it was written into (empty in a free report), and whether it is the analyst's own text."""

    block: Block
    chapter: str = ""
    own: bool = False


def check_form(form: str | None) -> None:
    """Raises ``DesignProblem`` for a form there is none of."""
    if form is not None and form not in FORMS:
        raise DesignProblem("choice_unknown", asked=form, known=tuple(FORMS))


def check_chapter(form: str | None, chapter: str | None) -> str:
    """The chapter asked for, empty for none. Raises ``DesignProblem`` for one that the form does not have."""
    if chapter is not None and (not chapter or chapter not in CHAPTERS[form]):
        raise DesignProblem("choice_unknown", asked=chapter, known=FORMS.get(form or "", ()))
    return chapter or ""


def chapter_heading(name: str | Text, language: str) -> str:
    """One of the report's own chapters by its key, or the writer's own words."""
    own = isinstance(name, str) and f"chapter_{name}" in texts("words")
    return word(f"chapter_{name}", language) if own else spoken(name, language)


def governor(day: date | None, language: str) -> str:
    """What the county governor was called on a day: Fylkesmannen until the end of 2020, Statsforvalteren since."""
    before = day is not None and day < GOVERNOR_SINCE
    return word("governor_former" if before else "governor", language)


def home_of(result: Any) -> str:
    """The chapter of a form that a result belongs in."""
    return next((chapter for kind, chapter in BELONGS.items() if isinstance(result, kind)), "results")


def in_order(written: Sequence[Written], form: str | None, language: str, day: date | None) -> tuple[Block, ...]:
    """The blocks in the form's chapters. A chapter without a word of the analyst's begins with what it should tell."""
    if form is None:
        return tuple(one.block for one in written)
    blocks: list[Block] = []
    empty = unwritten(written, form)
    for number, chapter in enumerate(FORMS[form]):
        blocks.append(Heading(f"{number} {chapter_name(form, chapter, language)}"))
        if chapter in empty:
            said = word(f"form_{form}_{chapter}_tells", language, governor=governor(day, language))
            blocks.append(Paragraph(word("to_be_written", language, what=said), "prompt"))
        blocks += [one.block for one in written if one.chapter == chapter]
    return tuple(blocks)


def unwritten(written: Sequence[Written], form: str | None) -> tuple[str, ...]:
    """The chapters of a form in which the analyst has written nothing."""
    told = {one.chapter for one in written if one.own and not isinstance(one.block, Heading)}
    return tuple(chapter for chapter in FORMS.get(form or "", ()) if chapter not in told)


def chapter_name(form: str, chapter: str, language: str) -> str:
    """What a chapter of a form is called."""
    return word(f"form_{form}_{chapter}", language)


def numbered(blocks: Sequence[Block], language: str, after: Sequence[Block] = ()) -> tuple[Block, ...]:
    """Figures and tables with their numbers, counted in the order they stand, ``after`` those that stand before."""
    kinds = {"figure": FigureBlock, "table": TableBlock}
    counts = {kind: sum(isinstance(block, made) for block in after) for kind, made in kinds.items()}
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, FigureBlock | TableBlock):
            kind = "figure" if isinstance(block, FigureBlock) else "table"
            counts[kind] += 1
            block = replace(block, caption=f"{word(kind, language)} {counts[kind]}. {block.caption}")  # noqa: PLW2901
        made.append(block)
    return tuple(made)
