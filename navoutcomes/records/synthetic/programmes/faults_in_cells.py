"""Faults in how things are written: numbers, dates, letters, pseudonyms, and what may never be in a file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.programme import PERSON_HEADER, Programme, Tables

SYNTHETIC_MONTH = 80
CONTROLS = ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
PROTECTED_ROWS = 2
PERCENT = "Stillingsprosent"
EXCEL_DAY_0 = pd.Timestamp(1899, 12, 30)


def identity_numbers(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables:
    """A column of national identity numbers; made up here, with month + 80, so that they belong to nobody."""
    main = tables[programme.name]
    main.insert(1, "Fødselsnummer", [_invented_number(rng) for _ in range(len(main))])
    return tables


def _invented_number(rng: np.random.Generator) -> str:
    while True:
        day, month, year = rng.integers(1, 29), SYNTHETIC_MONTH + rng.integers(1, 13), rng.integers(0, 100)
        digits = [int(one) for one in f"{day:02}{month:02}{year:02}{rng.integers(0, 500):03}"]
        for factors in CONTROLS:
            digits.append(int(-(np.array(digits) @ factors) % 11))
        if max(digits) < 10:
            return "".join(map(str, digits))


def protected_rows(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables:
    """Two people with a protected address are in the file, and a column says so."""
    main = tables[programme.name]
    main.insert(1, "Adressebeskyttelse", ["Strengt fortrolig"] * PROTECTED_ROWS + [""] * (len(main) - PROTECTED_ROWS))
    return tables


def lost_leading_zero(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables:
    """Pseudonyms are eight digits, and a spreadsheet has taken the zeros in front of them in the main table."""
    known: dict[str, str] = {}
    for table in tables.values():
        if PERSON_HEADER in table:
            for person in table[PERSON_HEADER]:
                known.setdefault(person, f"{int(person.removeprefix('P-'), 16) % 10**8:08}")
            table[PERSON_HEADER] = table[PERSON_HEADER].map(known)
    main = tables[programme.name]
    main[PERSON_HEADER] = main[PERSON_HEADER].str.lstrip("0")
    return tables


def ambiguous_dates(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables:
    """Dates in the main table have slashes, and no day is above 12: nobody can tell days from months."""
    main = tables[programme.name]
    for header in main.select_dtypes("datetime"):
        days = main[header]
        main[header] = [None if pd.isna(day) else f"{1 + day.day % 12:02}/{day.month:02}/{day.year}" for day in days]
    return tables


def excel_serials(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables:
    """Dates in the main table are numbers, as Excel counts days."""
    main = tables[programme.name]
    for header in main.select_dtypes("datetime"):
        main[header] = (main[header] - EXCEL_DAY_0).dt.days.astype("Int64")
    return tables


def mojibake(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables:
    """The headers of the main table were read in the wrong alphabet once already."""
    main = tables[programme.name]
    wrong = {header: str(header).encode().decode("cp1252", "replace") for header in main}
    return {**tables, programme.name: main.rename(columns=wrong)}


def percent_and_fraction(tables: Tables, _programme: Programme, rng: np.random.Generator) -> Tables | None:
    """Half of the position percentages are shares between 0 and 1."""
    found = [table for table in tables.values() if PERCENT in table]
    for table in found:
        share = rng.random(len(table)) < 0.5
        percent = table[PERCENT].astype(float)
        table[PERCENT] = percent.where(~share, percent / 100)
    return tables if found else None
