"""What has been released from a folder of reports: the shown counts, so that the next report can be held against them.

Only what is printed is kept, never a hidden count and never whether it was small. The file is replaced as a whole, by
one writer at a time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

from navoutcomes.errors import DataProblem
from navoutcomes.release.across import Known
from navoutcomes.release.facts import Count, Population, Stated
from navoutcomes.release.owner import given_back, taken

FILE = "release-register.json"
VERSION = 1
PATIENCE = 10.0


def remembered(root: Path) -> tuple[Known, ...]:
    """Everything the register of a folder knows; nothing where there is none.

    Raises: ``DataProblem`` for a register that cannot be read: without it nothing can be held against it.
    """
    return tuple(
        Known(entry["report"], table["name"], _stated(table), remembered=True)
        for entry in _entries(root / FILE)
        for table in entry["tables"]
    )


def remember(root: Path, report: str, known: Sequence[Known], before: Sequence[Known]) -> bool:
    """Write what a report shows into the register, unless another report got there first.

    Arguments: ``known`` the report's statements; ``before`` what the register said when they were decided.
    Returns False, and writes nothing, where the register has changed since. Raises ``DataProblem`` as ``remembered``.
    """
    with _alone(root):
        if remembered(root) != tuple(before):
            return False
        entries = _entries(root / FILE)
        tables = [{"name": one.name} | _plain(one.stated) for one in known]
        digest = hashlib.sha256(_text(tables).encode()).hexdigest()
        entry = {"report": report, "sha256": digest, "tables": tables}
        if tables and all((one["report"], one["sha256"]) != (report, digest) for one in entries):
            _write(root / FILE, [*entries, entry])
    return True


def forget(root: Path, report: str) -> int:
    """Take a report that never left out of the register; returns how many times it was there."""
    with _alone(root):
        entries = _entries(root / FILE)
        kept = [one for one in entries if one["report"] != report]
        if len(kept) < len(entries):
            _write(root / FILE, kept)
    return len(entries) - len(kept)


def _entries(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    problem = DataProblem("register_unreadable", name=FILE)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        entries: list[dict[str, Any]] = found["released"]
        sound = found["version"] == VERSION and all(
            one["sha256"] == hashlib.sha256(_text(one["tables"]).encode()).hexdigest() for one in entries
        )
        for entry in entries:
            for table in entry["tables"]:
                _stated(table)
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise problem
    return entries


def _write(path: Path, entries: list[dict[str, Any]]) -> None:
    beside = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as handle:
            handle.write(_text({"version": VERSION, "released": entries}) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)


def _plain(stated: Stated) -> dict[str, Any]:
    people = stated.population
    counts, steps = (
        [[one.group, one.ending, None if one.month == inf else one.month, None if one.hidden else one.shown]
         for one in some if one.printed]
        for some in (stated.counts, stated.steps)
    )  # fmt: skip
    return {
        "data": list(people.sources),
        "persons": people.persons,
        "programme": people.words,
        "by": stated.by,
        "groups": list(stated.groups),
        "endings": list(stated.endings),
        "ended": stated.ended,
        "parts": [[whole, list(some)] for whole, some in stated.parts],
        "counts": counts,
        "steps": steps,
    }


def _stated(table: dict[str, Any]) -> Stated:
    counts, steps = (
        tuple(
            Count(str(group), str(ending), inf if month is None else float(month),
                  float("nan") if shown is None else float(shown))
            for group, ending, month, shown in table[name]
        )
        for name in ("counts", "steps")
    )  # fmt: skip
    people = Population(tuple(table["data"]), int(table["persons"]), table["programme"])
    parts = tuple((whole, tuple(some)) for whole, some in table["parts"])
    return Stated(
        people, table["by"], tuple(table["groups"]), tuple(table["endings"]), counts, parts, steps, ended=table["ended"]
    )


def as_remembered(known: Known) -> Known:
    """A statement as the register will know it."""
    return replace(known, stated=_stated(_plain(known.stated)), remembered=True)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One writer at a time: a lock file, which is taken over when its process is gone or died before it signed."""
    root.mkdir(parents=True, exist_ok=True)
    lock = root / f".{FILE}.lock"
    taken(lock, PATIENCE, lambda _: DataProblem("register_busy", name=FILE, lock=lock.name))
    try:
        yield
    finally:
        given_back(lock)
