"""Letters that were read as the wrong alphabet once already (TromsÃ¸): which are they, and what were they?"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, warning
from navoutcomes.records.sources.cells import Cells, Mask, as_objects, trimmed
from navoutcomes.records.sources.table import Table

ROUNDS = 3
_HIGH = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0)}
_BYTES = {sign: byte for byte, sign in _HIGH.items()} | {chr(byte): byte for byte in range(0x80, 0x100)}
_LATER = (
    "["
    + "".join(sorted({re.escape(sign) for byte, sign in _HIGH.items()} | {f"\\x{byte:02x}" for byte in _HIGH}))
    + "]"
)
_PAIRS = re.compile(f"[ÂÃ]{_LATER}|â{_LATER}{_LATER}")


def repaired(text: str) -> str:
    """The text as it was before UTF-8 was read as cp1252 or latin-1, up to three times over."""
    for _ in range(ROUNDS):
        again = _PAIRS.sub(_once, text)
        if again == text:
            break
        text = again
    return text


def headers_repaired(table: Table) -> Table:
    """Headers are mended with a warning: their names are looked up, and nobody's data change."""
    headers = tuple(repaired(header) for header in table.headers)
    changed = [new for old, new in zip(table.headers, headers, strict=True) if old != new]
    if not changed:
        return table
    remark = warning("headers_mojibake_repaired", file=named(table.file), columns=changed)
    return replace(table, headers=headers, notes=(*table.notes, remark))


def cells_repaired(columns: tuple[Cells, ...], repair: bool) -> tuple[tuple[Cells, ...], list[Note]]:
    """Cells are mended when the caller says so. Raises: ``DataProblem`` naming the columns otherwise."""
    marked = [(cells, _mojibake(cells)) for cells in columns]
    hit = [(cells, mask) for cells, mask in marked if mask.any()]
    if not hit:
        return columns, []
    rows = sorted({row for cells, mask in hit for row in cells.where(mask)})
    facts = {"columns": [cells.header for cells, _ in hit], "count": sum(cells.count(mask) for cells, mask in hit)}
    if not repair:
        raise DataProblem("cells_mojibake", rows=rows, heading=columns[0].heading, **facts)
    mended = [replace(cells, distinct=_mended(cells, mask)) if mask.any() else cells for cells, mask in marked]
    return tuple(mended), [warning("cells_mojibake_repaired", **facts)]


def _mojibake(cells: Cells) -> Mask:
    if cells.joined.isascii() or not _PAIRS.search(cells.joined):
        return np.zeros(len(cells.distinct), np.bool_)
    return np.array([_PAIRS.search(text) is not None for text in cells.distinct], np.bool_)


def _mended(cells: Cells, mask: Mask) -> np.ndarray:
    return as_objects(
        [trimmed(repaired(text)) if hit else text for text, hit in zip(cells.distinct, mask, strict=True)]
    )


def _once(found: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[sign] for sign in found.group()).decode("utf-8")
    except (UnicodeDecodeError, KeyError):
        return found.group()
