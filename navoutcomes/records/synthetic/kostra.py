"""KOSTRA files of invented people, by the names the command line knows: kostra-11cf-2024."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from navoutcomes.errors import DataProblem
from navoutcomes.records.kostra.write import write_kostra
from navoutcomes.records.synthetic.room import make_room

FORMS = ("11CF", "11F")
FIRST_YEAR, LAST_YEAR = 2022, 2026
_NAME = re.compile(r"kostra[-_](11cf|11f)[-_](20\d\d)")


def kostra_form(name: str) -> tuple[str, int] | None:
    """The form and year a name asks for; None when it is no KOSTRA name."""
    found = _NAME.fullmatch(name.strip().lower())
    return None if found is None else (found[1].upper(), int(found[2]))


def write_form(asked: tuple[str, int], folder: Path, seed: int | None, size: int | None, faults: Sequence[str]) -> Path:
    """Write one form of one year into a folder. Returns the path. Raises: ``DataProblem`` for any fault, and as
    ``write_kostra``."""
    form, year = asked
    name = f"kostra-{form.lower()}-{year}"
    if faults:
        raise DataProblem("synthetic_fault_impossible", fault=list(faults), name=name)
    make_room(folder, [f"{name}.dat"])
    given = {"seed": seed, "persons": size}
    return write_kostra(folder, form, year, **{key: value for key, value in given.items() if value is not None})
