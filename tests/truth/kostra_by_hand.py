"""KOSTRA records written field by field, for examples worked out on paper. Numbers are made, month plus 80."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from navoutcomes.records.kostra.layouts import layout
from navoutcomes.records.kostra.world import numbers

BORN = np.array(["1990-01-01", "1991-02-02", "1992-03-03", "1993-04-04", "1994-05-05", "1995-06-06"], "datetime64[D]")


def kostra_file(folder: Path, form: str, year: int, people: dict[int, dict[str, str]]) -> Path:
    """A file with a record a person; dates are given as dd.mm.yyyy and written as the form's year wants them."""
    asked = layout(form, year)
    digits = numbers(BORN, 7)
    lines = []
    for number, answers in people.items():
        given = {
            "KOMMUNE_NR": "1579",
            "VERSION": f"{year % 100:02}",
            "KJONN": "2",
            "EKTSTAT": "1",
            "BU18": "2",
            **answers,
        }
        given["PERSON_FODSELSNR"] = digits[number].tobytes().decode()
        line = ""
        for field in asked.fields:
            text = given.get(field.name, "")
            if field.kind == "date" and text:
                day, month, whole = text.split(".")
                text = day + month + (whole if field.size == 8 else whole[2:])
            assert len(text) <= field.size, field.name
            line += text.rjust(field.size, "0") if field.kind == "number" and text else text.ljust(field.size)
        lines.append(line)
    path = folder / f"{form}-{year}.dat"
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")
    return path
