"""A large text file without surprises, read on its bytes: the same cells as the careful way, much sooner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.maths.cells_of_bytes import cell_places, distinct_cells, lines_in
from navoutcomes.records.sources.cells import BLANKS, TEXT, Raw, as_objects, known
from navoutcomes.records.sources.delimited import LONGEST_CELL, SEPARATORS, TOP, read_delimited
from navoutcomes.records.sources.heading import Looked
from navoutcomes.records.sources.progress import Progress
from navoutcomes.records.sources.table import Table

LARGE = 4_000_000
LARGEST = 2**31 - 1


def read_large(content: bytes, looked: Looked) -> Table | None:
    """Every cell as text, or None where the careful way is needed: odd quotation marks or line ends, blank or ragged
    rows, bytes of other alphabets. What the careful way refuses, it must refuse; nothing is refused here.
    """
    if not LARGE <= len(content) <= LARGEST or b"\0" in content:
        return None
    top = _top(content, looked)
    if top is None:
        return None
    separator = next(sign for sign, shown in SEPARATORS.items() if ("separator", shown) in _facts(top))
    start = 0
    for _ in range(top.heading):
        start = content.index(b"\n", start) + 1
    whole = content if content.endswith(b"\n") else content + b"\n"
    raws = _columns(whole, start, separator, len(top.headers), looked.file)
    if raws is None or _has_blank_row(raws):
        return None
    rows = np.arange(top.heading + 1, top.heading + 1 + len(raws[0].codes), dtype=np.int64)
    return replace(top, columns=raws, rows=rows)


def _top(content: bytes, looked: Looked) -> Table | None:
    """The first lines, read with care: header, separator and encoding."""
    try:
        table = read_delimited(content[:TOP].rpartition(b"\n")[0] + b"\n", looked)
    except DataProblem:
        return None
    utf8 = not any(one.key in ("encoding_used", "separator_hint", "blank_rows_skipped") for one in table.notes)
    return table if utf8 and len(table.rows) and len(table.headers) > 1 else None


def _facts(top: Table) -> set[tuple[str, object]]:
    return {fact for one in top.notes for fact in one.facts if fact[0] == "separator"}


def _has_blank_row(raws: tuple[Raw, ...]) -> bool:
    """Rows without a cell are skipped and counted the careful way."""
    blank: Any = True
    for raw in sorted(raws, key=lambda raw: len(raw.distinct)):
        empty = np.array([not text.strip(BLANKS) for text in raw.distinct], np.bool_)
        if not empty.any():
            return False
        blank = blank & empty[raw.codes]
    return bool(blank.any())


def _columns(content: bytes, start: int, separator: str, width: int, file: str) -> tuple[Raw, ...] | None:
    """The columns, coded two at a time."""
    signs = np.frombuffer(content, np.uint8)
    middle = content.find(b"\n", (start + len(content)) // 2) + 1 or len(content)
    with Progress(file, 3 * len(content)) as progress, ThreadPoolExecutor(2) as workers:
        first, second = workers.map(lambda part: lines_in(signs, *part), ((start, middle), (middle, len(content))))
        quoted = b'"' in content or b"\r" in content
        rows = first + second
        starts, ends = np.empty((width, rows), np.int32), np.empty((width, rows), np.int32)
        halves = ((start, middle, 0, first), (middle, len(content), first, rows))
        filled = [
            workers.submit(
                cell_places, signs, begin, stop, ord(separator), quoted, LONGEST_CELL, top, last, starts, ends
            )
            for begin, stop, top, last in halves
        ]
        if [one.result() for one in filled] != [first, second]:
            return None
        progress.at(len(content))
        pending = [workers.submit(distinct_cells, signs, *one) for one in zip(starts, ends, strict=True)]
        raws: list[Raw] = []
        for at, one in enumerate(pending):
            found, codes = one.result()
            progress.at(len(content) + 2 * len(content) * (at + 1) // width)
            try:
                joined = found[:-1].decode("utf-8")
            except UnicodeDecodeError:
                return None
            texts = joined.split("\n")
            raws.append(Raw(as_objects(texts), np.full(len(texts), TEXT, np.int8), codes))
            known(raws[-1], joined)
    return tuple(raws)
