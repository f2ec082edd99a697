"""What do dots and commas mean in this column: decimals, or groups of three digits?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.records.columns.number_forms import SPACE, Written
from navoutcomes.records.sources.cells import Cells, Mask

DECIMAL, GROUP = "decimal", "group"


@dataclass(frozen=True)
class Signs:
    """The meaning of each sign, ``decimal`` or ``group``; None where it may not stand at all."""

    dot: str | None
    comma: str | None


def signs_of(written: Written, decimal: str | None, thousands: str | None) -> Signs:
    """As the caller says; otherwise comma is decimal, and a dot groups where some cell has it in several places."""
    if decimal is None and thousands is None:
        return Signs(GROUP if written.form["dot_groups"].any() else DECIMAL, DECIMAL)
    meaning: dict[str | None, str] = {thousands: GROUP, decimal: DECIMAL}
    for sign, other in ((".", ","), (",", ".")):
        if sign not in meaning and thousands == " ":
            meaning |= {sign: DECIMAL} if decimal is None else {}
        elif sign not in meaning:
            meaning[sign] = GROUP if meaning[other] == DECIMAL else DECIMAL
    return Signs(meaning.get("."), meaning.get(","))


def undecided(cells: Cells, written: Written, signs: Signs, named: bool) -> DataProblem | None:
    """Is there a cell that contradicts the meaning of the signs, or, with no sign ``named`` by the caller, one that
    may mean two numbers?"""
    against = _against(written, signs)
    if against.any():
        return DataProblem("numbers_signs_conflict", **cells.found(against))
    form = written.form
    commas = form["comma"].any() or (form["spaced"] & _has(written, ",")).any()
    settled = form["dot_groups"].any() or (form["dot"].any() and not commas)
    if form["undecided"].any() and not named and not settled:
        return DataProblem("numbers_ambiguous", **cells.found(form["undecided"]))
    return None


def canonical(written: Written, signs: Signs) -> pd.Series[Any]:
    """The digits with a decimal point and no groups."""
    plain = written.body.str.replace(SPACE, "", regex=True)
    for sign, meaning in ((".", signs.dot), (",", signs.comma)):
        if meaning == GROUP:
            plain = plain.str.replace(sign, "", regex=False)
    return plain.str.replace(",", ".", regex=False)


def _against(written: Written, signs: Signs) -> Mask:
    """Cells with a dot or a comma where its meaning does not let it stand."""
    form, dots, commas = written.form, _has(written, "."), _has(written, ",")
    one_group = written.body.str.fullmatch(r"[1-9]\d{0,2},\d{3}").to_numpy(np.bool_)
    open_ended = form["spaced"] | form["power"]
    nothing = np.zeros_like(dots)
    against = form["dot_groups"] if signs.dot != GROUP else form["dot"] | (dots & open_ended)
    against = against | (dots if signs.dot is None else nothing)
    if signs.comma == GROUP:
        against = against | (form["comma"] & ~one_group) | (commas & (open_ended | form["dot_groups"]))
    else:
        against = against | form["comma_groups"]
    against = against | (commas if signs.comma is None else nothing)
    return np.asarray(against, dtype=np.bool_)


def _has(written: Written, sign: str) -> Mask:
    return written.body.str.contains(sign, regex=False).to_numpy(np.bool_)
