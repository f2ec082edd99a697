"""How does a synthetic KOSTRA file look? As an office's own, to the last byte, and it says that it is synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import door
from navoutcomes.records.kostra.bytes import SPACE, SYNTHETIC_HANDLER
from navoutcomes.records.kostra.layouts import FOREIGNER, HANDLER, JOURNAL, NUMBER, YEAR_FIELD, Field, Layout, layout
from navoutcomes.records.kostra.world import MAIN, Digits, programme_people
from navoutcomes.records.kostra.write_assistance import assistance_fields

MUNICIPALITY = "1579"
YEARS_BEFORE = 3
ANSWERS: Mapping[str, str] = {
    "01": "AVSL_ORDINAERTARB",
    "11": "AVSL_ARBLONNSTILS",
    "03": "AVSL_ARBMARK",
    "04": "AVSL_SKOLE",
    "13": "AVSL_UFORE",
    "14": "AVSL_AAP",
    "15": "AVSL_OK_AVKLAR",
    "16": "AVSL_UTEN_OK_AVKLAR",
    "10": "AVSL_ANNET",
    "17": "AVSL_UKJENT",
}
BENEFIT_A_MONTH = 17_000
Columns = dict[str, Any]


@door
def write_kostra(path: str | Path, form: str, year: int, seed: int = 2024, persons: int = 120) -> Path:
    """What could an office's KOSTRA file look like? Synthetic data: the people are invented, and every record says so.

    ``form`` 11CF or 11F; ``year`` 2022 to 2026. ``persons``: how many apply for the programme each year; in 11CF the
    file holds those who were in the programme in the year, in 11F those of them who got social assistance, and about
    twice ``persons`` others. The same ``seed`` and ``persons`` give the same people in every form and year, so that the
    files can be linked. ``path``: the file, or a folder, where it becomes kostra-11cf-2024.dat.

    The truth behind the people stands in ``records/kostra/world.py``; the share that begins within n days is
    ``started_within(n)``. The same arguments give the same bytes. Returns the path.
    Raises: ``DataProblem`` for a form or year without a layout.
    """
    asked = layout(form, year)
    path = Path(path)
    if path.is_dir():
        path = path / f"kostra-{asked.form.lower()}-{year}.dat"
    if asked.form == "11CF":
        columns, digits = _programme_fields(year, seed, persons)
        foreigner = np.zeros(len(digits), np.bool_)
    else:
        columns, digits, foreigner = assistance_fields(year, seed, persons)
    columns |= {"KOMMUNE_NR": MUNICIPALITY, YEAR_FIELD: f"{year % 100:02}"}
    signs = _signs(asked, columns, len(digits))
    _mark(asked, signs, digits, foreigner)
    path.write_bytes(b"".join(record.tobytes() + b"\r\n" for record in signs))
    return path


def _programme_fields(year: int, seed: int, persons: int) -> tuple[Columns, Digits]:
    """The fields of 11CF for those in the programme at some time in a year."""
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    frames, numbers = [], []
    for applied in range(year - YEARS_BEFORE, year + 1):
        people, digits = programme_people(seed, applied, persons)
        there = ((people["start"] <= last) & (people["end"] >= first)).to_numpy()
        frames.append(people[there])
        numbers.append(digits[there])
    people = pd.concat(frames, ignore_index=True)
    over = (people["end"] <= last).to_numpy()
    status = np.where(over, people["status"], np.where(people["on_leave"], "2", "1"))
    if year < 2023:
        status = np.where(status == "7", "3", status)
    completed = np.isin(status, ("3", "7"))
    columns: Columns = {
        "KJONN": np.where(people["woman"], "2", "1"),
        "EKTSTAT": people["marital"].astype(str),
        "BU18": np.where(people["children"] > 0, "1", "2"),
        "ANTBU18": people["children"].where(people["children"] > 0),
        "FODSELSDATO": people["born"],
        "REG_DATO": people["registered"],
        "VEDTAK_DATO": people["decided"],
        "BEGYNT_DATO": people["start"],
        "AVSL_DATO": people["end"].where(over),
        "KVP_KOMM": "2",
        "YTELSE_SOSHJELP": "1",
        "YTELSE_TYPE_SOSHJ": np.where(people["before"] > 4, "2", "3"),
        "KVP_MED_ASTONAD": "2",
        "STATUS": status,
        "AVSL_VIKTIGSTE_INNTEKT": np.where(completed, people["main"], ""),
    }
    for code in MAIN:
        answered = completed & ((people["main"] == code) | (people["second"] == code)).to_numpy()
        columns[ANSWERS[code]] = np.where(answered, code, "")
    paid = np.zeros(len(people), np.int64)
    for month in range(1, 13):
        opens = pd.Timestamp(year, month, 1)
        here = ((people["start"] <= opens + pd.offsets.MonthEnd(0)) & (people["end"] >= opens)).to_numpy()
        columns[f"STMND_{month}"] = np.where(here, f"{month:02}", "")
        paid += here
    columns["KVP_STONAD"] = pd.Series(paid * BENEFIT_A_MONTH)
    return columns, np.concatenate(numbers)


def _signs(asked: Layout, columns: Columns, records: int) -> NDArray[np.uint8]:
    """The fields set into records of single-byte signs. Shapes: (n, length)."""
    signs = np.full((records, asked.length), SPACE, np.uint8)
    for one in asked.fields:
        if one.name in columns:
            texts = _texts(one, columns[one.name], records)
            signs[:, one.place] = np.array(texts, f"S{one.size}").view(np.uint8).reshape(records, one.size)
    signs[signs == 0] = SPACE
    return signs


def _texts(one: Field, values: Any, records: int) -> list[str]:
    """Each value as it is written: dates by the length of the field, amounts with leading zeros."""
    if isinstance(values, str):
        return [values] * records
    known = pd.Series(values).reset_index(drop=True)
    there = known.notna().to_numpy()
    if one.kind == "date":
        form = "%d%m%y" if one.size == 6 else "%d%m%Y"
        return [f"{value:{form}}" if known_here else "" for value, known_here in zip(known, there, strict=True)]
    if one.kind == "number":
        return [
            f"{int(value):0{one.size}}" if known_here else "" for value, known_here in zip(known, there, strict=True)
        ]
    return [str(value) for value in known]


def _mark(asked: Layout, signs: NDArray[np.uint8], digits: Digits, foreigner: NDArray[np.bool_]) -> None:
    """Numbers, journal numbers and the word for synthetic, in place. A DUF number of the year 2099 is nobody's."""
    for one in asked.skipped:
        if one.name == HANDLER:
            signs[:, one.place] = np.frombuffer(SYNTHETIC_HANDLER, np.uint8)
        elif one.name == JOURNAL:
            journal = [f"S{row:07}" for row in range(1, len(digits) + 1)]
            signs[:, one.place] = np.array(journal, "S8").view(np.uint8).reshape(-1, one.size)
        elif one.name == NUMBER:
            signs[~foreigner, one.place] = digits[~foreigner]
        elif one.name == FOREIGNER:
            signs[foreigner, one.place] = np.hstack(
                [np.tile(np.frombuffer(b"2099", np.uint8), (int(foreigner.sum()), 1)), digits[foreigner, 3:]]
            )
