"""Is an identity number written in pieces, with any signs between them, or with letters that look like digits?

A date, a sign or three and five digits, or eleven digits in threes: case numbers look like that too, so the control
digits must hold.
"""

from __future__ import annotations

import re

import numpy as np

from navoutcomes.maths.digits_of_bytes import IN_PIECES, LONG, MANY_SIGNS, digit_forms
from navoutcomes.records.identity.identity_digits import SKIPPED, controlled, dated

_GAP = r"[^0-9A-Za-z\n]"
_DATED = re.compile(
    rf"(?<![0-9])([0-9]{{2}}){_GAP}?([0-9]{{2}}){_GAP}?(?:19|20)?([0-9]{{2}}){_GAP}{{1,3}}([0-9]{{5}})(?![0-9])"
)
_THREES = re.compile(rf"(?<![0-9])([0-9]{{3}}){_GAP}([0-9]{{3}}){_GAP}([0-9]{{3}}){_GAP}([0-9]{{2}})(?![0-9])")
_SHAPES = bytes(
    48 if 48 <= sign <= 57 else sign if sign == 10 else 97 if chr(sign).isascii() and chr(sign).isalpha() else 46
    for sign in range(256)
)
_LETTERED = re.compile("[0-9OolI|]{11}")
_BESIDE = re.compile(r"[0-9][ .\-]?[OolI|]|[OolI|][ .\-]?[0-9]")
_BETWEEN = re.compile(r"[ .\-\u00a0]")
_MEANT = str.maketrans("OolI|", "00111")
FEWEST_DIGITS = 6
_FORMS = (b"00.00000", b"00..00000", b"00...00000", b"000.000.000.00")


def in_pieces(text: str) -> bool:
    """Does the text hold a number in pieces that begins with a date and whose control digits hold?"""
    return any(_passes("".join(found.groups())) for form in (_DATED, _THREES) for found in form.finditer(text))


def may_hold(joined: str, cells: int) -> tuple[bool, bool]:
    """Can there be long numbers in so many cells, a line each, and numbers in pieces?

    Of few cells, or with other alphabets or lines inside cells, long numbers are not ruled out here.
    """
    if len(joined) < MANY_SIGNS or not joined.isascii() or joined.count("\n") >= cells:
        return True, may_be_in_pieces(joined)
    forms = digit_forms(np.frombuffer(joined.encode("ascii"), np.uint8), SKIPPED)
    return bool(forms & LONG), bool(forms & IN_PIECES)


def may_be_in_pieces(text: str) -> bool:
    """Are there digits of that form at all? Looks for shapes of bytes, which costs a fiftieth of the patterns."""
    shape = text.encode("ascii", "replace").translate(_SHAPES)
    return any(form in shape for form in _FORMS)


def with_letters(text: str) -> str:
    """The text with O read as 0 and l, I or a bar as 1, where eleven such signs stand alone; else nothing."""
    bare = _BETWEEN.sub("", text)
    if not _LETTERED.fullmatch(bare) or sum(sign.isdigit() for sign in bare) < FEWEST_DIGITS or bare.isdigit():
        return ""
    return bare.translate(_MEANT)


def may_have_letters(text: str) -> bool:
    """Are there such letters beside digits at all?"""
    return any(sign in text for sign in "OolI|") and _BESIDE.search(text) is not None


def _passes(number: str) -> bool:
    digits = np.array([[int(sign) for sign in number]])
    return bool((dated(digits) & controlled(digits))[0])
