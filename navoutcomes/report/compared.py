"""Two reports beside each other: what was different going in, and which numbers moved."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from navoutcomes.notes import Note, warning

PREFIX = 12


@dataclass(frozen=True)
class Moved:
    """A table whose cells are not all the same: how many, and the largest difference of a number relative to its size.

    ``row`` (the first below the heads is 1) and ``column`` say where it is; ``words`` counts the cells that hold no
    number and differ; a table of another shape has no ``cells``.
    """

    table: str
    cells: int | None
    largest: float = 0.0
    row: int = 0
    column: str = ""
    words: int = 0

    def said(self) -> Note:
        """The difference as a remark; no number of the table is in it."""
        if self.cells is None:
            return warning("table_other_shape", table=self.table)
        if self.cells == self.words:
            return warning("table_words_moved", table=self.table, cells=self.words)
        facts = {"row": self.row, "column": self.column, "largest": f"{self.largest:.1e}"}
        return warning("table_moved", table=self.table, cells=self.cells, **facts)


def what_differs(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Note, ...]:
    """What was put in otherwise than then: input, packages, notebook, code, parameters, seeds."""
    found: list[Note] = []
    first, second = ({one["name"]: one["sha256"] for one in made.get("data", ())} for made in (old, new))
    for name in sorted(first.keys() | second.keys()):
        before, now = first.get(name, "-")[:PREFIX], second.get(name, "-")[:PREFIX]
        if before != now:
            found.append(warning("input_differs", file=name, before=before, now=now))
    for key, remark in (("versions", "package_differs"), ("seeds", "seed_differs")):
        was, become = old.get(key, {}), new.get(key, {})
        for name in sorted(was.keys() | become.keys()):
            if was.get(name) != become.get(name):
                facts = {"before": was.get(name, "-"), "now": become.get(name, "-")}
                found.append(warning(remark, name=name, **facts))
    run, again = old.get("run", {}), new.get("run", {})
    if run.get("sha256") != again.get("sha256"):
        found.append(warning("notebook_differs", notebook=run.get("notebook", "")))
    if run.get("parameters") != again.get("parameters"):
        found.append(warning("parameters_differ", notebook=run.get("notebook", "")))
    if old.get("code") != new.get("code"):
        found.append(warning("code_differs"))
    return tuple(found)


def moved_tables(old: Path, new: Path, names: list[str]) -> tuple[Moved, ...]:
    """The tables among ``names`` (csv files of both folders) whose cells are not the same."""
    both = [name for name in names if name.endswith(".csv") and (old / name).is_file() and (new / name).is_file()]
    found = (_moved(name, _cells(old / name), _cells(new / name)) for name in both)
    return tuple(one for one in found if one.cells != 0)


def _cells(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def _moved(name: str, old: list[list[str]], new: list[list[str]]) -> Moved:
    table = Path(name).stem
    if [len(row) for row in old] != [len(row) for row in new] or old[:1] != new[:1]:
        return Moved(table, None)
    cells, words, largest, row, column = 0, 0, -1.0, 0, ""
    for at, (before, now) in enumerate(zip(old[1:], new[1:], strict=True), start=1):
        for head, first, second in zip(old[0], before, now, strict=True):
            if first == second:
                continue
            cells += 1
            change = _change(first, second)
            if change is None:
                words += 1
            elif change > largest:
                largest, row, column = change, at, head
    return Moved(table, cells, max(largest, 0.0), row, column, words)


def _change(first: str, second: str) -> float | None:
    """The difference relative to the larger; None where either is no number."""
    try:
        before, now = float(first), float(second)
    except ValueError:
        return None
    return abs(before - now) / max(abs(before), abs(now)) if before != now else 0.0
