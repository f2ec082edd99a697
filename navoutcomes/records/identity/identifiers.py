"""Does a column hold national identity numbers?

Columns are judged, not cells. Of random numbers of 11 digits 0.94 per cent begin with a date and have control digits
that hold by the rules before or from 2032 (a quarter of them by the older rule alone), so:

- a column of which most cells are numbers of 11 digits that begin with a date is refused, and in a column of
  identities (pseudonyms) any column of which most cells have 11 digits: on purpose, as nobody can tell them apart;
- elsewhere one number that begins with a date and has control digits that hold is enough; beside other long numbers
  it takes more than chance gives in one of a hundred columns (``BY_CHANCE``);
- numbers of 10 digits, DUF-numbers (12) and aktør-ids (13) are judged by most of those in the column.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Note, warning
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.identity.apart import in_pieces, may_have_letters, may_hold, with_letters
from navoutcomes.records.identity.identity_digits import (
    NAV,
    NO_RUNS,
    REGISTERED,
    Runs,
    account_like,
    controlled,
    dated,
    duf_like,
    kind_of,
    long_numbers,
    with_zero,
)
from navoutcomes.records.sources.cells import Cells, Mask, cells_of
from navoutcomes.texts import LANGUAGES, Text, say

ID_HEADERS = frozenset(
    (
        *("fnr", "fodselsnr", "fodselsnummer", "foedselsnr", "foedselsnummer", "personnr", "personnummer"),
        *("dnr", "dnummer", "hnr", "hnummer", "fnrdnr", "fnrdnummer", "npid", "ident"),
        *("duf", "dufnr", "dufnummer", "aktorid", "aktoerid"),
    )
)
MOST = 0.5
CHANCE = 0.0095
BY_CHANCE = 0.01

_GROUPED = re.compile(r"(?<!\d)(\d\d)[. /]?(\d\d)[. /]?(\d\d)[. \u00a0\u2009\u202f]{1,2}(\d{5})(?!\d)")
_POWER = re.compile(r"(\d)[.,](\d{4,10})[eE]\+?(09|9|10)")
_DUF_NAMED = re.compile(r"duf\D{0,12}\d{4} ?\d{6} ?\d{2}(?!\d)", re.IGNORECASE)


def identity_cells(cells: Cells, id_column: bool) -> Mask:
    """Which distinct cells hold a national identity number, judged by the whole column? Shape (k,).

    ``id_column`` says the column is meant for identities, where the form is enough.
    """
    return _Judged(cells, id_column).found


def refuse_identity(columns: Iterable[Cells], id_headers: Iterable[str] = ()) -> list[Note]:
    """Stop when any column holds national identity numbers; otherwise say which look like it by chance.

    ``id_headers`` are the headers of columns meant for identities, beside those whose names say so. Raises:
    ``DataProblem`` naming the column, the kinds of number and how many rows, never the numbers.
    """
    meant = {plain(header) for header in id_headers} | ID_HEADERS
    notes = []
    for cells in columns:
        judged = _Judged(cells, plain(cells.header) in meant)
        if judged.found.any():
            raise DataProblem("identity_numbers", kinds=judged.kinds(), **cells.found(judged.found))
        if judged.chance:
            notes.append(warning("identity_by_chance", column=cells.header, count=judged.chance))
    return notes


@door
def refuse_identity_numbers(frame: pd.DataFrame, id_columns: Iterable[str] = ()) -> None:
    """Does a frame hold national identity numbers in any column?

    ``id_columns`` are the columns meant for identities (pseudonyms). Rows are counted from 1.

    Raises: ``DataProblem`` naming the column and how many rows.
    """
    rows = np.arange(1, len(frame) + 1)
    named = [(str(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    asked = [(name, values) for name, values in named if not pd.api.types.is_datetime64_any_dtype(values)]
    refuse_identity((cells_of(name, _as_text(values), rows) for name, values in asked), id_columns)


def holds_identity_number(text: str) -> bool:
    """Does a short text, such as a header, hold a national identity number?"""
    runs = long_numbers([text])
    eleven = runs.chosen(runs.length == 11)
    whole = eleven.whole & dated(eleven.digits)
    return bool((whole | (dated(eleven.digits) & controlled(eleven.digits))).any() or _grouped(text))


class _Judged:
    """One column judged: which distinct cells are refused, and how many numbers pass by chance. Frozen when made."""

    def __init__(self, cells: Cells, id_column: bool) -> None:
        joined = cells.joined
        long, pieces = may_hold(joined, len(cells.distinct))
        power = ("E" in joined or "e" in joined) and _POWER.search(joined) is not None
        texts: Any = [_without_power(text) for text in cells.distinct] if power else cells.distinct
        if may_have_letters(joined):
            texts = [with_letters(text) or text for text in texts]
        runs = long_numbers(texts) if long or texts is not cells.distinct else NO_RUNS
        self.cells, self.runs, self.chance = cells, runs, 0
        self.found = np.zeros(len(cells.distinct), np.bool_)
        self.filled = max(1, cells.count(~cells.blank))
        if len(self.runs.cell):
            self._eleven(id_column)
            self._other_lengths(id_column)
        if (pieces and _GROUPED.search(joined)) or (cells.holds("duf") and _DUF_NAMED.search(joined)):
            hidden = [_grouped(text) or _DUF_NAMED.search(text) is not None for text in cells.distinct]
            self.found |= np.array(hidden, np.bool_)
        if pieces:
            self.found |= np.array([in_pieces(text) for text in cells.distinct], np.bool_)

    def kinds(self) -> tuple[Text, ...]:
        """What the numbers are, in words, for the message."""
        kinds: set[str] = set()
        for length in (10, 11):
            runs = self._of(length)
            runs = runs.chosen(self.found[runs.cell])
            digits = with_zero(runs.digits) if length == 10 else runs.digits
            kinds |= set(kind_of(digits[dated(digits, REGISTERED + NAV)]))
        kinds |= {kind for length, kind in ((12, "duf"), (13, "aktor")) if self.found[self._of(length).cell].any()}
        keys = [f"identity_{kind}" for kind in ("birth", "d", "h", "synthetic", "nav", "duf", "aktor") if kind in kinds]
        return tuple(Text(**{one: say("words", key, one) for one in LANGUAGES}) for key in keys or ["identity_other"])

    def _of(self, length: int) -> Runs:
        return self.runs.chosen(self.runs.length == length)

    def _count(self, runs: Runs, which: Mask) -> int:
        """How many rows of the file hold such a number?"""
        return self.cells.count(_marked(len(self.found), runs.cell[which]))

    def _eleven(self, id_column: bool) -> None:
        runs = self._of(11)
        formed, sure = dated(runs.digits), controlled(runs.digits)
        number = self._count(runs, runs.whole)
        most = number > MOST * self.filled
        certain = formed & sure
        if most and self._count(runs, runs.whole & account_like(runs.digits)) > 0.9 * number and number > 2:
            certain = certain | runs.whole
        if id_column and most:
            certain = certain | runs.whole
        elif (id_column and not self._long_numbers()) or self._count(runs, runs.whole & formed) > MOST * self.filled:
            certain = certain | (runs.whole & dated(runs.digits, REGISTERED + NAV))
        elif self._long_numbers() and not _beyond_chance(self._count(runs, runs.whole & certain), number):
            self.chance = self._count(runs, runs.whole & certain)
            certain = certain & ~runs.whole
        self.found |= _marked(len(self.found), runs.cell[certain])

    def _other_lengths(self, id_column: bool) -> None:
        ten, duf, aktor = (self._of(length) for length in (10, 12, 13))
        padded = with_zero(ten.digits)
        formed = ten.whole & dated(padded)
        sure = formed & controlled(padded)
        if self._count(ten, sure) > MOST * self._count(ten, ten.whole):
            self.found |= _marked(len(self.found), ten.cell[sure])
        if self.found.any():
            self.found |= _marked(len(self.found), ten.cell[formed])
        like = duf.whole & duf_like(duf.digits)
        if plain(self.cells.header).startswith("duf") or self._count(duf, like) > MOST * self.filled:
            self.found |= _marked(len(self.found), duf.cell[duf.whole])
        first = aktor.digits[:, :4] @ np.array([1000, 100, 10, 1])
        like = aktor.whole & ((first == 1000) | (first // 1000 == 2))
        named = plain(self.cells.header) in ("aktorid", "aktoerid")
        if named or (id_column and self._count(aktor, like) > MOST * self.filled):
            self.found |= _marked(len(self.found), aktor.cell[aktor.whole])

    def _long_numbers(self) -> bool:
        """Are most of the cells long numbers of whatever length?"""
        return self._count(self.runs, self.runs.whole) > MOST * self.filled


def _marked(size: int, cells: Any) -> Mask:
    marked = np.zeros(size, np.bool_)
    marked[cells] = True
    return marked


def _beyond_chance(passed: int, number: int) -> bool:
    """Would fewer than one in a hundred columns of random numbers have so many that pass?"""
    mean = number * CHANCE
    if passed == 0 or passed > mean + 10 * math.sqrt(mean) + 10:
        return passed > 0
    term = below = math.exp(-mean)
    for at in range(1, passed):
        term *= mean / at
        below += term
    return 1 - below < BY_CHANCE


def _grouped(text: str) -> bool:
    """Six digits of a date, a space and five more need no control digits."""
    for found in _GROUPED.finditer(text):
        digits = np.array([[int(sign) for sign in "".join(found.groups())]])
        if dated(digits)[0]:
            return True
    return False


def _without_power(text: str) -> str:
    """Digits that a spreadsheet wrote as a power of ten, as far as they are still there."""
    power = _POWER.fullmatch(text)
    return (power[1] + power[2]).ljust(int(power[3]) + 1, "0")[:11] if power else text


def _as_text(values: pd.Series[Any]) -> list[str]:
    if pd.api.types.is_float_dtype(values):
        return ["" if pd.isna(value) else f"{value:.10g}" if abs(value) < 1e9 else f"{value:.0f}" for value in values]
    return ["" if value is None or value is pd.NA or value != value else str(value) for value in values]
