"""Canaries in bad inputs: a name and a synthetic identity number that nothing said to anybody may repeat.

``PLANTED`` is the text to put into a cell: it holds the name, and the number inside a longer case number, so that a
file is judged by the fault under test and not refused for the number. ``refused`` and ``accepted`` run a call and look
for both in everything a user, a log or a reader of the report would see.
"""

from __future__ import annotations

import contextlib
import io
import logging
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from bad_input import NAME, NUMBER, quoted

from navoutcomes.errors import DataWarning, Problem
from navoutcomes.notes import Log, Note
from navoutcomes.records.origin import Origin
from navoutcomes.report.manifest import Manifest
from navoutcomes.texts import LANGUAGES

PLANTED = f"{NAME}: sak 77{NUMBER}77"
CANARIES = (NAME, *NAME.split(), NUMBER, NUMBER[:6], NUMBER[6:])
TESTS = Path(__file__).parents[1].resolve()


@dataclass
class Heard:
    """Everything that was said while a call ran: warnings, log records, and what was written to the screen."""

    warnings: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    screen: list[str] = field(default_factory=list)

    def texts(self) -> list[str]:
        """All of it."""
        return [*self.warnings, *self.records, *self.screen]


def planted(columns: Mapping[str, Sequence[str]], header: str = "Merknad") -> dict[str, Sequence[str]]:
    """Columns of a file with one more that holds the canaries in every row."""
    count = len(next(iter(columns.values())))
    return {**columns, header: [PLANTED] * count}


def no_leak(texts: Iterable[str], canaries: Sequence[str] = CANARIES) -> None:
    """None of these texts holds a canary."""
    for text in texts:
        for canary in canaries:
            assert canary not in text, "a person's value was shown"


@contextlib.contextmanager
def listening() -> Iterator[Heard]:
    """Catch warnings, logging of every level and the screen while something runs; look through them at the end."""
    heard, screen, errors = Heard(), io.StringIO(), io.StringIO()
    handler, root = _Keeper(heard.records), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(errors):
                yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    heard.warnings += [str(one.message) for one in caught]
    heard.screen += [screen.getvalue(), errors.getvalue()]
    assert all(issubclass(one.category, DataWarning) for one in caught), [str(one.message) for one in caught]
    no_leak(heard.texts())


def refused(call: Callable[[], Any], kind: type[Problem] = Problem) -> Any:
    """The problem a call stops with: four parts in three languages, no cause, no canary anywhere.

    Looks in the message, the facts, the traceback with local variables of every frame that is not a test's own, the
    warnings, the log records and the screen.
    """
    caught = None
    with listening():
        try:
            call()
        except Problem as problem:
            caught = problem
    assert caught is not None, "the bad input was accepted"
    assert isinstance(caught, kind)
    assert caught.__cause__ is None and caught.__context__ is None
    messages = [caught.text(language) for language in LANGUAGES]
    no_leak([*messages, str(caught), repr(caught), repr(caught.facts), repr(caught.args), *shown_frames(caught)])
    for text in messages:
        assert len(text.splitlines()) == 4
    return caught


def accepted(call: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What a call gives and the warnings it came with; no canary in its remarks, its face, or a manifest of it."""
    with listening() as heard:
        result = call()
    no_leak([repr(result)])
    if hasattr(result, "_repr_html_"):
        no_leak([result._repr_html_()])
    log = getattr(result, "log", None)
    if isinstance(log, Log):
        no_leak([log.text(language) for language in LANGUAGES])
        no_leak([repr(one.facts) for one in log])
    origin = getattr(result, "origin", None)
    if isinstance(origin, Origin):
        no_leak([manifest_of(origin, tuple(log or ()), language) for language in LANGUAGES])
    return result, heard.warnings


def manifest_of(origin: Origin, notes: tuple[Note, ...] = (), language: str = "nb") -> str:
    """The manifest of a bundle made of this source, with these remarks."""
    return Manifest("Uttrekk", language, None, (origin,), None, (("uttrekk", notes),), ()).text()


def shown_frames(error: BaseException) -> list[str]:
    """The traceback as IPython's verbose mode or rich would print it: local variables of all frames but the tests'."""
    assert all(one.__cause__ is None for one in (error,))
    kept = traceback.TracebackException(type(error), error, _outside(error.__traceback__), capture_locals=True)
    return list(kept.format(chain=True))


def _outside(frames: TracebackType | None) -> TracebackType | None:
    """The frames below the tests: what a test holds in its own variables it may show."""
    while frames is not None and TESTS in Path(frames.tb_frame.f_code.co_filename).resolve().parents:
        frames = frames.tb_next
    return frames


def names(problem: Problem, told: Iterable[str]) -> None:
    """The message names each of these, in all three languages."""
    for language in LANGUAGES:
        text = problem.text(language)
        for part in told:
            assert quoted(part, language) in text, f"{part!r} is not in the {language} message:\n{text}"


def remarks(result: Any, key: str, told: Iterable[str], level: str | None = None) -> Note:
    """The remark of this key in the log of a result: it names each of these in all three languages."""
    found = [one for one in result.log if one.key == key]
    assert found, f"{key} is not in the log: {sorted(result.log.keys())}"
    if level is not None:
        assert found[0].level == level
    for language in LANGUAGES:
        texts = [one.text(language) for one in found]
        for part in told:
            assert any(quoted(part, language) in text for text in texts), f"{part!r} is not in {texts} in {language}"
    return found[0]


class _Keeper(logging.Handler):
    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record.getMessage())
