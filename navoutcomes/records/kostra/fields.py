"""What does each field of the blanked records say? Codes, yes and no, crosses, amounts and dates, checked.

A blank, or nothing but zeros where zeros are no code, means that nothing was answered. Two-digit years are of this
century.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.kostra.bytes import Records, Signs
from navoutcomes.records.kostra.layouts import NUMBER, YEAR_FIELD, Field, Layout
from navoutcomes.records.rules import days_in_month

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "KOMMUNE_NR": "municipality_no",
        "BYDELSNR": "district",
        "FODSELSDATO": "birth_year",
        "KJONN": "sex",
        "EKTSTAT": "marital_status",
        "BU18": "has_children_u18",
        "ANTBU18": "children_u18",
        "REG_DATO": "registered_date",
        "VEDTAK_DATO": "decision_date",
        "BEGYNT_DATO": "start",
        "AVSL_DATO": "end",
        "VKLO": "main_income",
        "TRYGDESIT": "benefit_situation",
        "ARBSIT": "work_situation",
        "VILKARSOSLOV": "activity_condition",
        "UTBETDATO": "payment_from",
        "UTBETTOMDATO": "payment_to",
        "VEDTAKDATO": "exemption_date",
    }
)
"""What fields are called once read; the others keep their name in KOSTRA in small letters."""
SEX: Mapping[str, str] = MappingProxyType({"1": "M", "2": "K"})
HAPPENED = ("REG_DATO", "VEDTAK_DATO", "BEGYNT_DATO", "AVSL_DATO")
BIRTH = "FODSELSDATO"
YES_NO = ("1", "2")
FIRST_YEAR, FIRST_BIRTH_YEAR, CENTURY = 2000, 1900, 2000
ALLOWED_SHOWN = 12
ZERO, NINE, SPACE = ord("0"), ord("9"), ord(" ")


@dataclass(frozen=True, eq=False, repr=False)
class Fields:
    """The columns of a form: values a record, what each holds, what it is called in KOSTRA, and what was noted."""

    values: Mapping[str, Any]
    kinds: Mapping[str, str]
    headers: Mapping[str, str]
    notes: tuple[Note, ...] = field(default=())


def read_fields(records: Records) -> Fields:
    """Every field that may be read. Raises: ``DataProblem`` for codes, numbers and dates that cannot be right."""
    layout, rows = records.layout, len(records.rows)
    values: dict[str, Any] = {"person": pd.Series(records.persons, dtype=object)}
    values["year"] = pd.Series(np.full(rows, layout.year), dtype="Int64")
    kinds, headers, notes = {"person": "id", "year": "integer"}, {"person": NUMBER, "year": YEAR_FIELD}, []
    blank: list[str] = []
    for one in layout.fields:
        if one.skipped or one.name == YEAR_FIELD:
            continue
        block = np.ascontiguousarray(records.signs[:, one.place])
        empty = ((block == SPACE) | (block == ZERO)).all(axis=1)
        kind, read = _read(one, block, empty, records)
        name = NAMES.get(one.name, one.name.lower())
        values[name], kinds[name], headers[name] = read, kind, one.name
        if one.mandatory and read.isna().any():
            blank.append(one.name)
        if one.name in HAPPENED:
            notes += _after_the_year(one, read, layout)
    children, some = values["children_u18"], values["has_children_u18"]
    values["children_u18"] = children.mask(children.isna() & some.eq(False).fillna(False), 0)
    if blank:
        counts = [int(values[NAMES.get(name, name.lower())].isna().sum()) for name in blank]
        notes.append(warning("kostra_blank", file=records.file, column=blank, counts=counts, total=rows))
    if BIRTH in headers.values():
        notes.append(note("kostra_birth_year", column=BIRTH))
    return Fields(values, kinds, headers, tuple(notes))


def _read(one: Field, block: Signs, empty: NDArray[np.bool_], records: Records) -> tuple[str, pd.Series[Any]]:
    """One field by its kind."""
    if one.kind == "date":
        days, bad = _dates(one, block, empty, records.layout.year)
        _check(bad, "kostra_date", one, records, form="ddMMyy" if one.size == 6 else "ddMMyyyy")
        if one.name == BIRTH:
            return "integer", _birth_years(days)
        return "date", pd.Series(days.astype("datetime64[s]"))
    if one.kind == "number":
        amounts, bad = _numbers(block)
        _check(bad, "kostra_number", one, records)
        unknown = (block == SPACE).all(axis=1)
        return "integer", pd.Series(pd.arrays.IntegerArray(amounts, unknown))
    texts = _texts(block)
    blank = texts == ""
    allowed = set(one.codes)
    if allowed:
        blank |= np.array([text.strip("0") == "" and text not in allowed for text in texts], np.bool_)
    wrong = ~blank & np.array([not _fits(text, one) for text in texts], np.bool_)
    shown = (*one.codes[:ALLOWED_SHOWN], "…") if len(one.codes) > ALLOWED_SHOWN else one.codes or ("0–9",)
    _check(wrong, "kostra_code", one, records, allowed=shown)
    if len(one.codes) == 1:
        return "flag", pd.Series(pd.array(~blank, dtype="boolean"))
    if one.codes == YES_NO and one.name != "KJONN":
        return "flag", pd.Series(pd.arrays.BooleanArray(texts == YES_NO[0], blank))
    words = np.array([SEX.get(text, text) for text in texts] if one.name == "KJONN" else texts, dtype=object)
    words[blank] = None
    return "word", pd.Series(words, dtype=object)


def _fits(text: str, one: Field) -> bool:
    """Is it one of the codes, or where the form lists none, digits as many as the field has?"""
    return text in one.codes if one.codes else text.isdigit() and text.isascii() and len(text) == one.size


def _texts(block: Signs) -> NDArray[np.object_]:
    """Each cell as text without outer spaces. Shapes: (n,)."""
    cells = block.view(f"S{block.shape[1]}").ravel()
    distinct, where = np.unique(cells, return_inverse=True)
    texts = np.empty(len(distinct), dtype=object)
    texts[:] = [cell.decode("ascii", "replace").strip() for cell in distinct.tolist()]
    return np.asarray(texts[where], dtype=object)


def _numbers(block: Signs) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Whole numbers, spaces before or after them taken away; and which cells hold none."""
    texts = _texts(block)
    bad = np.array([text != "" and not (text.isdigit() and text.isascii()) for text in texts], np.bool_)
    return np.array([int(text) if text.isdigit() else 0 for text in np.where(bad, "", texts)], np.int64), bad


def _dates(
    one: Field, block: Signs, empty: NDArray[np.bool_], year: int
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """Dates of six or eight digits, not a time where empty; and which cells hold no possible date."""
    digits = block.astype(np.int64) - ZERO
    formed = ((digits >= 0) & (digits <= 9)).all(axis=1)
    digits = np.where(np.asarray(formed, dtype=np.bool_)[:, None], digits, 1)
    day, month = digits[:, 0] * 10 + digits[:, 1], digits[:, 2] * 10 + digits[:, 3]
    years = digits[:, 4:] @ 10 ** np.arange(one.size - 5, -1, -1) + (CENTURY if one.size == 6 else 0)
    first = FIRST_BIRTH_YEAR if one.name == BIRTH else FIRST_YEAR
    last = year + (1 if one.name in HAPPENED else 0 if one.name == BIRTH else 100)
    there = (day >= 1) & (day <= days_in_month(years, month))
    real = np.asarray(formed & there & (years >= first) & (years <= last), dtype=np.bool_)
    months = (years - 1970) * 12 + month - 1
    days = np.where(real, months, 0).astype("datetime64[M]").astype("datetime64[D]") + np.where(real, day - 1, 0)
    days = np.where(real, days, np.datetime64("NaT"))
    return days, ~real & ~empty


def _birth_years(days: NDArray[np.datetime64]) -> pd.Series[Any]:
    unknown = np.isnat(days)
    years = np.where(unknown, 0, days.astype("datetime64[Y]").astype(np.int64) + 1970)
    return pd.Series(pd.arrays.IntegerArray(years.astype(np.int64), unknown))


def _check(bad: NDArray[np.bool_], key: str, one: Field, records: Records, **facts: Any) -> None:
    if bad.any():
        where = {"count": int(bad.sum()), "total": len(bad), "rows": tuple(records.rows[bad].tolist())}
        raise DataProblem(key, file=records.file, layout=records.layout.name, column=one.name, **where, **facts)


def _after_the_year(one: Field, dates: pd.Series[Any], layout: Layout) -> list[Note]:
    """Dates of the year after the form's are kept, as something that had not happened when the year ended."""
    late = (dates > pd.Timestamp(layout.year, 12, 31)).to_numpy()
    if not late.any():
        return []
    rows = tuple((np.flatnonzero(late) + 1).tolist())
    return [warning("kostra_date_next_year", column=one.name, year=layout.year, count=int(late.sum()), rows=rows)]
