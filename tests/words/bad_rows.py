"""One test a row of the list of bad inputs: what is done with it and what must be said; canaries in every file."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_input import column
from canaries import accepted, names, planted, refused, remarks

import navoutcomes as nav

REFERENCE = os.environ.get("NAVOUTCOMES_REFERENCE")
LISTED = Path(REFERENCE).parent / "quality" / "bad_inputs.csv" if REFERENCE else None
BESIDE = "Saksref"


@dataclass(frozen=True)
class Case:
    """One thing done with a bad input.

    ``run`` does it in an empty folder; ``key`` is the problem it stops with ("" when it goes through) and ``told`` what
    the message names; ``said`` the remarks, with ``!`` before those that are warnings too, and what each names;
    ``values`` columns expected after it, ``then`` any other check of what came of it.
    """

    run: Callable[[Path], Any]
    key: str = ""
    told: tuple[str, ...] = ()
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    then: Callable[[Any], None] | None = None


def check(case: Case, folder: Path) -> None:
    """The case behaves, and nothing that is said anywhere holds a canary."""
    if case.key:
        problem = refused(partial(case.run, folder))
        assert problem.key == case.key
        names(problem, case.told)
        return
    result, warned = accepted(partial(case.run, folder))
    for marked, told in case.said.items():
        key = marked.lstrip("!")
        found = remarks(result, key, told, "warning" if marked.startswith("!") else "note")
        assert not isinstance(result, nav.Extract | nav.Spells) or (found.text() in warned) == marked.startswith("!")
    for name, values in case.values.items():
        assert column(result, name) == list(values)
    if case.then is not None:
        case.then(result)


def check_all(cases: Sequence[Case], folder: Path) -> None:
    """All cases of a row, each in a folder of its own."""
    assert cases
    for at, case in enumerate(cases):
        place = folder / str(at)
        place.mkdir()
        check(case, place)


def all_of(category: str, covered: Sequence[str]) -> None:
    """Every row of the category has its test. Skips where the list is not there."""
    if LISTED is None or not LISTED.is_file():
        pytest.skip("the list of bad inputs is not there")
    with LISTED.open(encoding="utf-8", newline="") as file:
        listed = [row["id"] for row in csv.DictReader(file) if row["category"] == category]
    assert listed
    assert sorted(covered) == sorted(listed)


def write(folder: Path, columns: Mapping[str, Sequence[str]], name: str = "uttrekk.csv", separator: str = ";") -> Path:
    """A csv with the canaries in every row."""
    full = with_person(columns)
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\n")
        writer.writerow(full)
        writer.writerows(zip(*full.values(), strict=True))
    return path


def with_person(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The columns with a pseudonym a row, and the canaries."""
    count = len(next(iter(columns.values())))
    person = {} if any(name in columns for name in ("Løpenummer", "Person")) else {
        "Løpenummer": [f"P-{at:04}" for at in range(count)]
    }  # fmt: skip
    return dict(planted({**person, **columns}, BESIDE))


def workbook(folder: Path, columns: Mapping[str, Sequence[Any]], name: str = "uttrekk.xlsx") -> Path:
    """A workbook with the canaries in every row."""
    book, full = openpyxl.Workbook(), with_person(columns)
    book.active.append(list(full))
    for row in zip(*full.values(), strict=True):
        book.active.append(list(row))
    path = folder / name
    book.save(path)
    return path


def reading(
    columns: Mapping[str, Sequence[str]], codebook: nav.Codebook | None = None, **options: Any
) -> Callable[[Path], Any]:
    """Write these columns and read them."""
    return lambda folder: nav.read(write(folder, columns), codebook, **options)


def reading_book(columns: Mapping[str, Sequence[Any]], **options: Any) -> Callable[[Path], Any]:
    """Write these columns as a workbook and read them."""
    return lambda folder: nav.read(workbook(folder, columns), **options)


def reading_bytes(content: bytes, name: str = "uttrekk.csv", **options: Any) -> Callable[[Path], Any]:
    """Write these bytes and read them."""

    def run(folder: Path) -> Any:
        (folder / name).write_bytes(content)
        return nav.read(folder / name, **options)

    return run


def spells(
    columns: Mapping[str, Sequence[str]], reads: Mapping[str, Any] | None = None, **rules: Any
) -> Callable[[Path], Any]:
    """Write these columns, read them and make spells of them."""
    return lambda folder: nav.Spells.from_extract(nav.read(write(folder, columns), **(reads or {})), **rules)
