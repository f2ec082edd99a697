"""What we say when we cannot go on: four classes, four parts, never a person's value.

Every problem has a key in ``texts/problems/``; its four parts are what went wrong (how many of how many), where
(column and row positions), why it matters for the answer, and what to do. Facts are counts, positions, names of columns
and names of options; a cell of the user's data is never a fact. Floor 0: imports nothing but the texts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from navoutcomes.texts import Text, checked, say

P = ParamSpec("P")
R = TypeVar("R")

PARTS = ("what", "where", "why", "fix")
SHOWN_ROWS = 5
DECIMAL = re.compile(r"-?\d+\.\d+")


class Problem(Exception):
    """Something that stops an evaluation. ``key`` names it, ``facts`` are its counts, positions and names.

    ``problem.parts("en")`` gives the four parts in a language; ``str(problem)`` speaks the current one.
    """

    exit_code = 1

    def __init__(self, key: str, **facts: Any) -> None:
        self.key = key
        self.facts = facts
        super().__init__(key)

    def parts(self, language: str | None = None) -> tuple[str, str, str, str]:
        """What, where, why and what to do, in one language."""
        language = checked(language)
        shown = shown_facts(self.facts, language)
        what, where, why, fix = (say("problems", self.key, language, part, **shown) for part in PARTS)
        return what, where, why, fix

    def text(self, language: str | None = None) -> str:
        """The four parts as four labelled lines."""
        language = checked(language)
        labels = [say("words", f"problem_{part}", language) for part in PARTS]
        return "\n".join(f"{label}: {part}" for label, part in zip(labels, self.parts(language), strict=True))

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.key, self.facts))


class DataProblem(Problem):
    """The data cannot be read as they stand."""

    exit_code = 3


class DesignProblem(Problem):
    """The question cannot be asked of these people in this way."""

    exit_code = 4


class NumericalProblem(Problem):
    """The arithmetic has no trustworthy answer here."""

    exit_code = 5


class DisclosureRefused(Problem):
    """The answer would say something about single persons."""

    exit_code = 6


class DataWarning(UserWarning):
    """The data were repaired in a way the analyst should look at; the text stands in the log too."""


def door(function: Callable[P, R]) -> Callable[P, R]:
    """Public entry: a problem leaves without the frames that hold people's data, and without its causes.

    A traceback printed with local variables (IPython verbose, rich) would otherwise quote rows.
    """

    @functools.wraps(function)
    def entered(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Problem as caught:
            problem = caught.with_traceback(None)
            problem.__context__ = problem.__cause__ = None
        except MemoryError:
            problem = NumericalProblem("memory_short")
        del args, kwargs
        raise problem from None

    return entered


def named(column: object) -> str:
    """A column's name as it may be printed: one line, at most 60 characters, long runs of digits masked."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", str(column))
    text = re.sub(r"\d(?:[ .]?\d){5,}", lambda found: re.sub(r"\d", "9", found.group()), text)
    return text if len(text) <= 60 else text[:57] + "..."


def shown_facts(facts: dict[str, Any], language: str) -> dict[str, str]:
    """Facts as words: names starting with ``rows`` are positions, with ``column`` names of columns."""
    return {name: _shown(name, value, language) for name, value in facts.items()}


def _shown(name: str, value: Any, language: str) -> str:
    if name.startswith("rows"):
        return _positions(value, language)
    if name.startswith("column"):
        return ", ".join(f"«{named(item)}»" for item in ([value] if isinstance(value, str) else list(value)))
    if isinstance(value, list | tuple):
        return ", ".join(_shown("", item, language) for item in value)
    if isinstance(value, float):
        return f"{value:g}" if language == "en" else f"{value:g}".replace(".", ",")
    if isinstance(value, Text):
        return value.text(language)
    return _comma(str(value), language)


def _comma(text: str, language: str) -> str:
    """A number that was made a text already has a decimal comma in Norwegian, too."""
    return text.replace(".", ",") if language != "en" and DECIMAL.fullmatch(text) else text


def _positions(rows: Iterable[int], language: str) -> str:
    rows = [int(row) for row in rows]
    first = ", ".join(str(row) for row in rows[:SHOWN_ROWS])
    more = len(rows) - SHOWN_ROWS
    return first if more <= 0 else say("words", "and_more", language, first=first, more=more)


def _rebuild(kind: type[Problem], key: str, facts: dict[str, Any]) -> Problem:
    return kind(key, **facts)
