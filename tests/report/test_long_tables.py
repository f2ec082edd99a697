"""A long table in Word begins with more than its head on the page: LibreOffice loses one that does not."""

from __future__ import annotations

import re

from navoutcomes.report.word import BEGINS_WITH, LONGEST_KEPT, WHOLE_TABLE, _kept_together


def table(rows: int) -> bytes:
    row = b'<w:tr><w:tc><w:p><w:pPr><w:pStyle w:val="Compact" /></w:pPr></w:p></w:tc></w:tr>'
    return b"<w:tbl>" + rows * row + b"</w:tbl>"


def kept(rows: int) -> list[bool]:
    made = re.sub(WHOLE_TABLE, _kept_together, table(rows), flags=re.DOTALL)
    return [b"keepNext" in row for row in made.split(b"<w:tr>")[1:]]


def test_a_long_table_keeps_its_first_rows_with_the_next_and_lets_the_others_go() -> None:
    rows = LONGEST_KEPT + 5
    assert kept(rows) == [True] * (BEGINS_WITH - 1) + [False] * (rows - BEGINS_WITH + 1)


def test_a_short_table_without_notes_is_whole_and_lets_its_last_row_go() -> None:
    assert kept(LONGEST_KEPT) == [True] * (LONGEST_KEPT - 1) + [False]
