"""How is each number cell written: sign, currency, per cent, grouping and decimal sign?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.records.sources.cells import NUMBER, Cells, Mask, matches, texts

SPACE = "[ \u00a0\u2007\u2009\u202f]"
MINUS = "[-−–]"
FORMS = {
    "whole": r"\d+",
    "spaced": rf"\d{{1,3}}(?:{SPACE}\d{{3}})+(?:[.,]\d+)?",
    "comma": r"\d*,\d+",
    "undecided": r"[1-9]\d{0,2}\.\d{3}",
    "dot_groups": r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+",
    "dot": r"\d*\.\d+",
    "comma_groups": r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+",
    "power": r"\d+(?:[.,]\d+)?[eE][-+]?\d{1,3}",
}
LARGE_UNITS = r".*\d\s*(?:mill(?:ion\w*)?|mio|mrd|milliard\w*|billion\w*|tusen|thousand\w*)\b.*"

_ANY_FORM = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in FORMS.items()))
_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_CURRENCY = re.compile(rf"^(?:kr\.?|nok|kroner){SPACE}*|{SPACE}*(?:kr\.?|nok|kroner)$|[,.:][-–—]$", re.IGNORECASE)
_PERCENT = re.compile(rf"{SPACE}*(?:%|prosent|pst\.?|per cent|percent)$", re.IGNORECASE)
_BRACKETS = re.compile(r"^\((.*)\)$")
_PLAIN_SIGN = re.compile(rf"^[-+]{SPACE}*")
_OTHER_MINUS = re.compile(rf"^[−–]{SPACE}*|{MINUS}$")


@dataclass(frozen=True, eq=False, repr=False)
class Written:
    """The distinct cells of a column stripped to digits and signs of grouping, with what was stripped. Shapes: (k,)."""

    body: pd.Series[Any]
    negative: Mask
    currency: Mask
    percent: Mask
    odd_minus: Mask
    native: Mask
    form: dict[str, Mask]

    @property
    def readable(self) -> Mask:
        """Which cells have the form of a number?"""
        return np.asarray(self.native | np.logical_or.reduce(list(self.form.values())), dtype=np.bool_)


def take_apart(cells: Cells, live: Mask) -> Written:
    """What is left of each cell without currency, per cent and sign, and in which form the digits stand."""
    native = live & (cells.native == NUMBER)
    asked = live & ~native
    dressed = np.flatnonzero(asked & ~matches(cells, _BARE))
    raw = texts(cells).iloc[dressed]
    bare = _without(_without(raw, _CURRENCY), _CURRENCY)
    unsigned = _without(bare, _PERCENT)
    bracketed = unsigned.str.replace(_BRACKETS, r"−\1", regex=True)
    positive = _without(bracketed, _OTHER_MINUS)
    digits = _without(positive, _PLAIN_SIGN)
    undressed = _without(digits, _CURRENCY)
    body = texts(cells).where(asked, "")
    body.iloc[dressed] = undressed
    found = [match.lastgroup if (match := _ANY_FORM.fullmatch(text)) else "" for text in body]
    names = np.array(found, dtype=object)

    def at(traits: pd.Series[bool]) -> Mask:
        mask = np.zeros(len(body), np.bool_)
        mask[dressed] = traits.to_numpy(np.bool_)
        return mask

    return Written(
        body,
        negative=at((bracketed != positive) | positive.str.startswith("-")),
        currency=at((bare != raw) | (digits != undressed)),
        percent=at(unsigned != bare),
        odd_minus=at(positive != bracketed),
        native=native,
        form={name: np.asarray(names == name, dtype=np.bool_) for name in FORMS},
    )


def large_units(cells: Cells, live: Mask) -> Mask:
    """Which cells write a number in thousands, millions or more in words?"""
    return live & matches(cells, re.compile(LARGE_UNITS, re.IGNORECASE | re.DOTALL))


def _without(body: pd.Series[Any], pattern: re.Pattern[str]) -> pd.Series[Any]:
    return body.str.replace(pattern, "", regex=True)
