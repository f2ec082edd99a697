"""Reading may refuse, in its own words, in time, and without saying what anybody's cell holds. Nothing else."""

from __future__ import annotations

import contextlib
import io
import logging
import signal
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from canaries import CANARIES

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES

SECONDS = 10
NAMES = {"toml": "uttrekk.csv", "gz": "uttrekk.csv.gz"}


class TooLong(BaseException):
    """The reading did not end."""


def judge(kind: str, content: bytes) -> str:
    """What came of reading these bytes: "read" or the key of the problem. Anything else is an AssertionError."""
    logging.getLogger("navoutcomes").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, NAMES.get(kind, f"uttrekk.{kind}"))
        options: dict[str, Any] = {"table": "t"} if kind in ("sqlite", "duckdb") else {}
        if kind == "toml":
            options["mapping"] = Path(folder, "kart.toml")
            options["mapping"].write_bytes(content)
            content = "Løpenummer;fom;beløp\nP-1;01.02.2019;3\n".encode()
        path.write_bytes(content)
        return _judged(path, options)


def _judged(path: Path, options: dict[str, Any]) -> str:
    said, screen, found, outcome = [], io.StringIO(), None, ""
    try:
        with in_time(), warnings.catch_warnings(record=True) as caught, contextlib.redirect_stderr(screen):
            warnings.simplefilter("always")
            found = nav.read(path, **options)
            outcome = "read"
    except nav.Problem as problem:
        outcome = problem.key
        said += [problem.text(language) for language in LANGUAGES] + [repr(problem.facts)]
        frames = traceback.TracebackException.from_exception(problem, capture_locals=True)
        frames.stack = traceback.StackSummary.from_list([one for one in frames.stack if "tests" not in one.filename])
        said += frames.format()
        assert problem.__context__ is None and problem.__cause__ is None
    except TooLong:
        raise AssertionError(f"{path.suffix}: no end after {SECONDS} seconds") from None
    if found is not None:
        said += [repr(found), found._repr_html_(), *(found.log.text(language) for language in LANGUAGES)]
        foreign = [one for one in caught if not issubclass(one.category, nav.DataWarning)]
        assert not foreign, [str(one.message) for one in foreign]
    said += [screen.getvalue(), *(str(one.message) for one in caught)]
    _no_cell(said, path, options)
    return outcome


def _no_cell(said: list[str], path: Path, options: dict[str, Any]) -> None:
    """No canary is said, but where the mangling has made it the name of a column."""
    leaked = [canary for canary in CANARIES if any(canary in text for text in said)]
    if not leaked:
        return
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        headers = " ".join(_headers(path, options))
        leaked = [canary for canary in leaked if canary not in headers]
    assert not leaked, "a person's value was shown"


def _headers(path: Path, options: dict[str, Any]) -> tuple[str, ...]:
    from navoutcomes.records.columns.headers import looked_for
    from navoutcomes.records.columns.mapping import ColumnMapping
    from navoutcomes.records.sources.databases import Question, is_database, rows_of
    from navoutcomes.records.sources.files import load
    from navoutcomes.records.sources.mojibake import repaired

    if is_database(path):
        table, _ = rows_of(path, Question(options["table"], None, None))
    else:
        table, _ = load(path, None, lambda file: looked_for(None, ColumnMapping(), None, file))
    return (*table.headers, *map(repaired, table.headers))


@contextlib.contextmanager
def in_time() -> Iterator[None]:
    """Stop what does not end, where the system has a clock to do it with."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
