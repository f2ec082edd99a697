"""Where do long numbers stand in a column, and which of them have the form of somebody's identity number?

Works on the bytes of the cells together, without a pattern that could be made to run long. Reference: Skatteetaten,
Folkeregisteret (birth numbers; D-numbers day + 40; H-numbers month + 40; synthetic numbers month + 40, 65 or 80; the
first control digit may take four values from 2032); Nav's own numbers, month + 20 or + 60; UDI's DUF-numbers: year,
six digits and the remainder of a weighted sum by 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]

FIRST = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2])
SECOND = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
DUF = np.array([4, 6, 3, 2, 4, 6, 3, 2, 7, 5])
REGISTERED = (0, 40, 65, 80)
NAV = (20, 60)
DUF_YEARS = (1980, 2060)
DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
CHUNK = 500_000
LONGEST = 13
NINE = b"0" * 9

_DROPPED = b" \t'_-"
SKIPPED = np.array([sign in _DROPPED for sign in range(256)], np.uint8)
_DIGITS_AS_ZERO = bytes(48 if 48 <= sign <= 57 else 10 for sign in range(256))
_WIDE = tuple(sign.encode() for sign in "\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013\u2019")
_WIDE_DIGITS = {sign: 48 + int(chr(sign)) for sign in range(0x80, 0x20000) if chr(sign).isdecimal()}


@dataclass(frozen=True, eq=False, repr=False)
class Runs:
    """Numbers of at least 9 digits, signs between the digits taken away.

    Shapes (r,): ``cell`` the position of the cell each stands in, ``length`` how many digits, ``whole`` whether the
    cell holds nothing else (but a letter before it, or a decimal part of zeros). ``digits`` (r, 13) the first digits.
    """

    cell: Whole
    length: Whole
    whole: Mask
    digits: NDArray[np.int64]

    def chosen(self, which: Mask) -> Runs:
        """Some of them."""
        return Runs(self.cell[which], self.length[which], self.whole[which], self.digits[which])


NO_RUNS = Runs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros((0, LONGEST), np.int64))


def long_numbers(texts: Sequence[str]) -> Runs:
    """All long numbers in some cells."""
    if not len(texts):
        return NO_RUNS
    parts = [_runs(texts[start : start + CHUNK], start) for start in range(0, len(texts), CHUNK)]
    return Runs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Runs.__annotations__))


def _runs(texts: Sequence[str], start: int) -> Runs:
    joined = "\n".join(texts)
    if joined.count("\n") >= len(texts):
        joined = "\n".join(text.replace("\n", " ") for text in texts)
    if not joined.isascii():
        joined = joined.translate(_WIDE_DIGITS)
    raw = joined.encode("utf-8", "replace").translate(None, _DROPPED)
    for sign in () if raw.isascii() else _WIDE:
        raw = raw.replace(sign, b"")
    if NINE not in raw.translate(_DIGITS_AS_ZERO):
        return NO_RUNS
    signs = np.frombuffer(b"\n" + raw + b"\n", np.uint8)
    edges = np.flatnonzero(np.diff(((signs >= 48) & (signs <= 57)).view(np.int8)))
    begin, end = edges[0::2] + 1, edges[1::2] + 1
    long = end - begin >= 9
    begin, end = begin[long], end[long]
    breaks = np.flatnonzero(signs == 10)
    cell = np.searchsorted(breaks, begin) - 1
    places = np.minimum(begin[:, None] + np.arange(LONGEST), len(signs) - 1)
    whole = _starts(signs, begin, breaks[cell]) & _ends(signs, end, breaks[cell + 1])
    return Runs(cell + start, end - begin, whole, signs[places].astype(np.int64) - 48)


def _starts(signs: NDArray[np.uint8], begin: Whole, opened: Whole) -> Mask:
    """Does the number begin its cell, or follow one letter that does?"""
    letter = ((signs[begin - 1] | 32) >= 97) & ((signs[begin - 1] | 32) <= 122)
    return np.asarray((begin - opened == 1) | ((begin - opened == 2) & letter), np.bool_)


def _ends(signs: NDArray[np.uint8], end: Whole, closed: Whole) -> Mask:
    """Does the number end its cell, or is it followed by a decimal part of zeros alone?"""
    zeros = np.concatenate(([0], np.cumsum(signs == 48)))
    decimal = (signs[end] == 46) | (signs[end] == 44)
    rest = closed - end - 1
    none = np.clip(closed, 0, len(signs)), np.minimum(end + 1, closed)
    return np.asarray((end == closed) | (decimal & (zeros[none[0]] - zeros[none[1]] == rest)), np.bool_)


def with_zero(digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ten digits as the eleven they were before a spreadsheet took the zero in front. Shapes: (k, 13) -> (k, 11)."""
    return np.concatenate([np.zeros((len(digits), 1), np.int64), digits[:, :10]], axis=1)


def dated(digits: NDArray[np.int64], marks: tuple[int, ...] = REGISTERED) -> Mask:
    """Does each number begin with a date, the month shifted by one of the marks? Shapes: (k, >= 4) -> (k,)."""
    day, month = digits[:, 0] * 10 + digits[:, 1], digits[:, 2] * 10 + digits[:, 3]
    day = np.where(day > 40, day - 40, day)
    plain = np.zeros_like(month)
    for mark in marks:
        plain = np.where((month > mark) & (month <= mark + 12), month - mark, plain)
    return np.asarray((plain > 0) & (day >= 1) & (day <= DAYS[plain]), np.bool_)


def controlled(digits: NDArray[np.int64]) -> Mask:
    """Do the two control digits of eleven hold, by the rule until 2032 or after it? Shapes: (k, >= 11) -> (k,)."""
    rest = digits[:, :9] @ FIRST % 11
    allowed = np.stack([(start - rest) % 11 for start in (11, 12, 13, 14)])
    first = (allowed == digits[:, 9]).any(axis=0)
    second = (11 - digits[:, :10] @ SECOND % 11) % 11 == digits[:, 10]
    return np.asarray(first & second, np.bool_)


def account_like(digits: NDArray[np.int64]) -> Mask:
    """Does the last of eleven digits control the others, as in bank accounts? Shapes: (k, >= 11) -> (k,)."""
    return np.asarray((11 - digits[:, :10] @ SECOND % 11) % 11 == digits[:, 10], np.bool_)


def duf_like(digits: NDArray[np.int64]) -> Mask:
    """Have twelve digits the form of a DUF-number: a year, and the remainder by 11 last? Shapes: (k, 13) -> (k,)."""
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    holds = digits[:, :10] @ DUF % 11 == digits[:, 10] * 10 + digits[:, 11]
    return np.asarray((year >= DUF_YEARS[0]) & (year <= DUF_YEARS[1]) & holds, np.bool_)


def kind_of(digits: NDArray[np.int64]) -> NDArray[np.object_]:
    """Which kind of number is each of eleven digits: birth, d, h, synthetic or nav? Shapes: (k, >= 4) -> (k,)."""
    month = digits[:, 2] * 10 + digits[:, 3]
    by_month = np.select(
        [month > 72, month > 65, month > 60, month > 40, month > 20],
        ["synthetic", "synthetic", "nav", "h", "nav"],
        "birth",
    ).astype(object)
    plain_d = (digits[:, 0] >= 4) & np.isin(by_month, ("birth", "h"))
    by_month[plain_d] = "d"
    return np.asarray(by_month, object)
