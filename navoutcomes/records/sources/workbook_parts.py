"""What a workbook's own pages say that its values do not: merged cells, and formulas nobody has worked out."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

from navoutcomes.records.sources.packed import part_of

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def merged_cells(archive: ZipFile, part: str) -> tuple[tuple[int, int, int, str], ...]:
    """The merged cells of a sheet: first row, last row, how many columns wide, and name (B1:D1)."""
    found = []
    for left, top, right, last in _MERGED.findall(_page(archive, part)):
        name = f"{left.decode()}{top.decode()}:{right.decode()}{last.decode()}"
        found.append((int(top), int(last), _number(right) - _number(left) + 1, name))
    return tuple(found)


def unmade_formulas(archive: ZipFile, part: str) -> tuple[str, ...]:
    """The names of cells with a formula and no value: written by a program that does not calculate, never opened in
    Excel since."""
    page = _page(archive, part)
    if not _FORMULA.search(page):
        return ()
    from defusedxml.ElementTree import ParseError, iterparse

    found = []
    try:
        for _, element in iterparse(io.BytesIO(page)):
            if _tag(element.tag) != "c":
                continue
            children = {_tag(child.tag): child for child in element}
            value = children.get("v")
            empty = value is None or not (value.text or element.get("t") == "str")
            if "f" in children and empty and "is" not in children:
                found.append(str(element.get("r", "?"))[:10])
            element.clear()
    except ParseError:
        return ()
    return tuple(found)


def _page(archive: ZipFile, part: str) -> bytes:
    return (part_of(archive, part.lstrip("/")) or b"") if part else b""


def _tag(name: str) -> str:
    return name.rpartition("}")[2]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
