"""The methods appendix: how each result in the report was made, from the result itself."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from navoutcomes.estimate.result import Result
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.notes import Log, Note
from navoutcomes.report.blocks import Block, Bullets, Heading, Paragraph
from navoutcomes.report.draft import decided, inside
from navoutcomes.show.finding import joined
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import level_text
from navoutcomes.show.words import ending, group_name, time_phrase, word


@dataclass(frozen=True)
class Added:
    """What was put into a report: ``thing`` (released, or not in a draft), its ``label``, and what was to be shown."""

    name: str
    label: str
    thing: Any
    at: tuple[float, ...] = ()
    cause: str | None = None

    @property
    def result(self) -> Any:
        """The result itself."""
        return inside(self.thing)


def times_of(at: float | Sequence[float] | None) -> tuple[float, ...]:
    """The times asked for, as a tuple."""
    if at is None:
        return ()
    return (float(at),) if isinstance(at, int | float) else tuple(float(one) for one in at)


def methods(added: Sequence[Added], language: str) -> list[Block]:
    """Definitions once, then each result: method, what was asked, literature, remarks, and what was protected."""
    results = [one for one in added if isinstance(one.result, Result)]
    blocks: list[Block] = [Paragraph(word("methods_told", language))]
    definitions = dict.fromkeys(note.text(language) for one in results for note in one.result.origin.definitions)
    if definitions:
        blocks += [Heading(word("methods_definitions", language), 2), Bullets(tuple(definitions))]
    if results:
        blocks.append(Heading(word("methods_measure", language), 2))
    for one in results:
        blocks += [Heading(one.label, 3), Bullets(tuple(_told(one, language)))]
    return blocks


def literature(notes: Sequence[Note]) -> tuple[str, ...]:
    """The works behind methods, as author and year."""
    known = _works()
    return tuple(dict.fromkeys(work for note in notes for work in known.get(note.key, ())))


def _told(one: Added, language: str) -> list[str]:
    result: Result = one.result
    lines = [word("methods_how", language, said=note.text(language)) for note in result.method]
    if one.at:
        # Times are asked for in the follow-up's own unit; a released curve is on months.
        counts = getattr(result, "counts", None)
        moments = [float(counts.clock(at)[0]) for at in one.at] if isinstance(counts, RiskTable) else list(one.at)
        times = joined([time_phrase(at, result.unit, language) for at in moments], language)
        lines.append(word("methods_at", language, times=times))
    if one.cause is not None:
        lines.append(word("methods_cause", language, cause=ending(one.cause, language)))
    if result.reference:
        lines.append(word("methods_reference", language, reference=group_name(result.reference, language)))
    if "conf_low" in result.table:
        lines.append(word("methods_level", language, level=level_text(result.level)))
    works = literature((*result.method, *result.findings))
    if works:
        lines.append(word("methods_literature", language, works="; ".join(works)))
    lines += [word("methods_remark", language, said=note.text(language)) for note in result.findings]
    decisions: Log = decided(one.thing)
    lines += [word("methods_protection", language, said=note.text(language)) for note in decisions]
    return [one_line(line) for line in dict.fromkeys(lines)]


@cache
def _works() -> dict[str, tuple[str, ...]]:
    text = resources.files("navoutcomes.report").joinpath("files", "literature.toml").read_text(encoding="utf-8")
    return {key: tuple(works) for key, works in tomllib.loads(text).items()}
