"""Where does each field of a KOSTRA record stand? The layouts of the forms 11CF and 11F, year by year.

Facts from ``layouts.csv``, whose first lines name the source. Fields in ``NEVER_READ`` say who a person is, or
who handled the case; the reader blanks their bytes before anything is decoded.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

from navoutcomes.errors import DataProblem

NEVER_READ = ("PERSON_JOURNALNR", "PERSON_FODSELSNR", "PERSON_DUF", "SAKSBEHANDLER")
NUMBER, FOREIGNER, JOURNAL, HANDLER = "PERSON_FODSELSNR", "PERSON_DUF", "PERSON_JOURNALNR", "SAKSBEHANDLER"
YEAR_FIELD = "VERSION"
MONTHS = ("JAN", "FEB", "MARS", "APRIL", "MAI", "JUNI", "JULI", "AUG", "SEPT", "OKT", "NOV", "DES")


@dataclass(frozen=True)
class Field:
    """One field of a record: ``start`` counts from 0, ``kind`` is code, number or date."""

    name: str
    start: int
    size: int
    kind: str
    mandatory: bool
    codes: tuple[str, ...]

    @property
    def place(self) -> slice:
        """Where it stands in the record."""
        return slice(self.start, self.start + self.size)

    @property
    def skipped(self) -> bool:
        """Whether its bytes are blanked unread."""
        return self.name in NEVER_READ


@dataclass(frozen=True)
class Layout:
    """The record of one form in one year. ``length`` in characters."""

    form: str
    year: int
    fields: tuple[Field, ...]

    @property
    def length(self) -> int:
        """Characters a record."""
        return sum(field.size for field in self.fields)

    @property
    def name(self) -> str:
        """Form and year."""
        return f"{self.form} {self.year}"

    @property
    def skipped(self) -> tuple[Field, ...]:
        """The fields that are never read."""
        return tuple(field for field in self.fields if field.skipped)

    def field(self, name: str) -> Field | None:
        """A field by its name in KOSTRA; None where this year's record has none."""
        return next((field for field in self.fields if field.name == name), None)


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout there is, by form and year."""
    text = resources.files(__package__).joinpath("layouts.csv").read_text(encoding="utf-8")
    lines = (line for line in io.StringIO(text) if not line.startswith("#"))
    gathered: dict[tuple[str, int], list[Field]] = {}
    for row in csv.DictReader(lines):
        field = Field(
            name=row["field"],
            start=int(row["start"]) - 1,
            size=int(row["size"]),
            kind=row["kind"],
            mandatory=row["mandatory"] == "1",
            codes=tuple(row["codes"].split("|")) if row["codes"] else (),
        )
        gathered.setdefault((row["form"], int(row["year"])), []).append(field)
    return tuple(Layout(form, year, tuple(fields)) for (form, year), fields in gathered.items())


def layout(form: str, year: int) -> Layout:
    """The layout of a form (11CF or 11F) in a year. Raises: ``DataProblem`` naming the layouts there are."""
    wanted = str(form).strip().upper()
    for one in layouts():
        if one.form == wanted and one.year == year:
            return one
    raise DataProblem("kostra_layout_unknown", allowed=tuple(one.name for one in layouts()))
