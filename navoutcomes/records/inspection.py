"""What in this file is recognised, what was repaired, and what must be mended before it can be read?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from navoutcomes.errors import DataProblem, DataWarning, Problem, door, named
from navoutcomes.notes import Log
from navoutcomes.records.columns.aliases import EXIT_WORDS
from navoutcomes.records.columns.codebook import Codebook
from navoutcomes.records.columns.mapping_file import mapping_text, words_lines
from navoutcomes.records.columns.words import folded
from navoutcomes.records.extract import Extract
from navoutcomes.records.intake import Findings, take_in
from navoutcomes.records.reading import DEFAULTS, prepared
from navoutcomes.records.spells.stays import Spells
from navoutcomes.texts import say

NO_COLUMNS = ("file_", "archive_", "workbook_", "database_", "source_", "identity_", "header_is_data")
COMMON = 5
ROLES = ("person", "start", "end", "reason")
ELSEWHERE: Mapping[str, Any] = {
    "mapping": None,
    "pseudonymise": None,
    "table": None,
    "query": None,
    "parameters": None,
}


@dataclass(frozen=True, eq=False, repr=False)
class Inspection:
    """A file looked into from end to end.

    ``headers`` pairs each column's name in the file with the name it gets and its kind ("" where it could not be
    read); ``log`` holds what was recognised and repaired; ``problems`` everything found that stops the reading;
    ``summary`` how much was read. ``mapping`` is the text of a mapping file to edit, "" when there are no columns to
    speak of; ``words`` the words for endings that only the office knows, where many persons have them. Shows itself as
    lists, without any other cell of the file.
    """

    file: str
    summary: str
    headers: tuple[tuple[str, str, str], ...]
    log: Log
    problems: tuple[Problem, ...] = field(default=())
    mapping: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def found(self) -> str:
        """What was recognised and what was repaired."""
        lines = [self.summary] if self.summary else []
        if self.headers:
            lines += ["", say("words", "inspected_columns")]
            width = max(len(header) for header, _, _ in self.headers)
            for header, name, kind in self.headers:
                meaning = say("words", f"kind_{kind}") if kind else say("words", "kind_unread")
                lines.append(f"  {header:<{width}} → {name} ({meaning})")
            found = {name for _, name, _ in self.headers}
            absent = [role for role in ROLES if role not in found and not (role == "reason" and "exit_class" in found)]
            lines += [say("words", "inspected_roles", names=", ".join(absent))] if absent else []
        if self.words:
            lines += ["", say("words", "inspected_words"), *(f"  {line}" for line in words_lines(self.words))]
        if len(self.log):
            lines += ["", say("words", "inspected_log"), self.log.text()]
        return "\n".join(lines).strip("\n")

    def refused(self) -> str:
        """What must be mended, a block of four lines each."""
        return "\n\n".join(problem.text() for problem in self.problems)

    def __repr__(self) -> str:
        return "\n\n".join(part for part in (self.found(), self.verdict(), self.refused()) if part)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"

    def verdict(self) -> str:
        """Can the file be read as it is?"""
        if not self.problems:
            known = {name for _, name, _ in self.headers} & set(ROLES)
            return say("words", "inspected_sound" if known else "inspected_unknown", file=self.file)
        return say("words", "inspected_refused", file=self.file, count=len(self.problems))


@door
def inspect_source(source: Any, codebook: Codebook | None = None, **options: Any) -> Inspection:
    """What in this source is recognised, what was repaired, and what is refused?

    Unlike ``nav.read`` it goes on after the first problem of a column, so that all of them can be mended at once.
    ``source``, ``codebook`` and the options are those of ``nav.read``.

    Raises: ``DataProblem`` for options that make no sense.
    """
    unknown = [name for name in options if name not in DEFAULTS and name not in ELSEWHERE]
    if unknown:
        raise DataProblem("option_not_understood", option=f"{unknown[0]}=", allowed=(*DEFAULTS, *ELSEWHERE))
    asked = {**DEFAULTS, **ELSEWHERE, **options}
    findings, problems = Findings(stop=False), []
    extract, spells, file = None, None, named(getattr(source, "name", source if isinstance(source, str) else ""))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            ready = prepared(source, codebook, asked)
            file = ready.table.file
            taken = take_in(ready.table, ready.source, ready.rules, ready.asked, findings)
            if not findings.problems:
                extract = Extract(**taken, codebook=codebook, end_inclusive=ready.end_inclusive)
                spells = _spells(extract)
        except Problem as problem:
            problems.append(_plain(problem))
    problems = [*findings.problems, *problems]
    notes = findings.notes if extract is None else list(extract.log)
    notes += [one for one in spells.log if one not in notes] if spells is not None else []
    columns = _columns(findings)
    words = {} if extract is None else _own_words(extract)
    text = "" if problems and problems[-1].key.startswith(NO_COLUMNS) else mapping_text(file, columns, asked, words)
    summary = _summary(extract, spells)
    return Inspection(file.rpartition("/")[2], summary, columns, Log(tuple(notes)), tuple(problems), text, words)


def _spells(extract: Extract) -> Spells | None:
    """The spells, where the file has dates to make them of."""
    return Spells.from_extract(extract) if {"start", "end"} & set(extract.frame.columns) else None


def _own_words(extract: Extract) -> dict[str, tuple[str, ...]]:
    """Header -> words for how spells ended that nobody else knows, where they are the words of many."""
    name = next((one for one in ("exit_class", "reason") if one in extract.frame), None)
    if name is None:
        return {}
    number = extract.frame[name].dropna().astype(str).value_counts().sort_index()
    known = {*EXIT_WORDS, *EXIT_WORDS.values()}
    own = tuple(str(word) for word in number.index[number >= COMMON] if folded(str(word)) not in known)
    return {named(extract.headers[name]): tuple(named(word) for word in own)} if own else {}


def _plain(problem: Problem) -> Problem:
    """The problem without the frames that hold people's data."""
    problem.__context__ = problem.__cause__ = None
    return problem.with_traceback(None)


def _columns(findings: Findings) -> tuple[tuple[str, str, str], ...]:
    if findings.recognised is None:
        return ()
    names = findings.recognised.names
    return tuple(
        (named(header), named(name), findings.kinds.get(name, ""))
        for header, name in zip(findings.headers, names, strict=True)
    )


def _summary(extract: Extract | None, spells: Spells | None) -> str:
    lines = [repr(one).splitlines()[0] for one in (extract, spells) if one is not None]
    return "\n".join(lines)
