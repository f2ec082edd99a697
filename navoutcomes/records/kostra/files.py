"""What does a KOSTRA file say, the one every office already makes, without reading who the people are?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, note
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.kostra.bytes import read_records
from navoutcomes.records.kostra.fields import read_fields
from navoutcomes.records.kostra.layouts import layout
from navoutcomes.records.kostra.persons import Key, persons_by
from navoutcomes.records.origin import Origin


@dataclass(frozen=True, eq=False, repr=False)
class KostraExtract(Extract):
    """One form of one year, read. ``linked``: by what people can be known again in another year, or None."""

    form: str = ""
    year: int = 0
    linked: str | None = None


@door
def read_kostra(
    path: str | Path,
    form: str,
    year: int,
    *,
    key: Key | None = None,
    links: Sequence[str | None] | None = None,
    short_records: str = "error",
) -> KostraExtract:
    """What does this KOSTRA file say: form 11CF (the qualification programme) or 11F (social assistance), 2022 to 2026?

    Identity, journal and DUF numbers and the case worker are never read: their bytes are blanked before anything is
    decoded. ``year`` is the year the form is about. To follow people from one file to another, say how:
    ``key``: the file of a key, outside the project and away from the data (``nav.new_key`` makes one). The bytes of the
    number are hashed with it and forgotten; the same key gives a person the same pseudonym in every file, also in those
    made with ``nav.pseudonymise``.
    ``links``: one pseudonym a record instead, in the order of the file, None where there is none.
    Without either, every record is a person of its own.
    ``short_records``: records shorter than the form's are an "error", or "pad" when a program has taken away the spaces
    at their ends.

    Shapes: a row a record; ``person``, ``year``, dates as datetime64[s] (``end`` is the last day, as in the form),
    crosses and yes/no as boolean, codes as str, amounts in whole kroner as Int64, of the date of birth only the year.
    Codes are those of ``code_list("kvp_status")`` and its neighbours.
    Raises: ``DataProblem`` when the file is of another form or year (named), when records are too long or short, and
    for codes, numbers and dates that cannot be right, with the lines they stand in.
    Warns: ``DataWarning`` for mandatory fields without an answer, dates after the year, and people without a number.
    Reference: Statistics Norway, file descriptions of the control program for KOSTRA (see ``layouts.csv``).
    """
    if short_records not in ("error", "pad"):
        raise DataProblem("option_not_understood", option="short_records=", allowed=("error", "pad"))
    asked = layout(form, year)
    persons = persons_by(asked, Path(path), key, links)
    records = read_records(path, asked, persons, short_records == "pad")
    fields = read_fields(records)
    skipped = [field.name for field in asked.skipped]
    told = note("kostra_read", file=records.file, layout=asked.name, total=len(records.rows), length=asked.length)
    extract = KostraExtract(
        pd.DataFrame(dict(fields.values)),
        Origin(((Path(path).name, records.sha256),), date(year, 12, 31), records.synthetic),
        Log((told, note("kostra_skipped", column=skipped), *records.notes, *fields.notes)),
        headers=fields.headers,
        kinds=fields.kinds,
        rows=records.rows,
        form=asked.form,
        year=year,
        linked=records.linked,
    )
    announce(extract.log)
    return extract
