"""Is a file with one column really a table, its cells held apart by signs nobody expects?"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from navoutcomes.records.sources.heading import Looked, recognised
from navoutcomes.texts import LANGUAGES, Text, say

SIGNS = MappingProxyType({" ": "sign_blank", "~": "", "^": "", ":": "", "#": "", "/": "", "\x1f": "sign_unprintable"})


def sign_between(header: str, cells: Sequence[str], looked: Looked) -> str | Text:
    """The sign that stands between the cells of every row and between headers anybody knows, or nothing.

    Blanks between words are no table: two of the headers must be known, or a sign other than a blank must stand equally
    often, and twice or more, in every row.
    """
    for sign, key in SIGNS.items():
        pieces = [piece for piece in header.split(sign) if piece]
        if len(pieces) < 2 or not cells or not all(sign in cell.strip() for cell in cells):
            continue
        known = recognised([header], looked.known) == 0 and recognised(pieces, looked.known) >= 2
        even = sign != " " and header.count(sign) >= 2 and all(cell.count(sign) == header.count(sign) for cell in cells)
        if known or even:
            return Text(**{language: say("words", key, language) for language in LANGUAGES}) if key else sign
    return ""
