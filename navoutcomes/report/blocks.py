"""What a report is made of, before it becomes Word, PDF or html. Text is data: nothing in it is ever markup."""

from __future__ import annotations

from dataclasses import dataclass

from navoutcomes.show.drawn import Drawn
from navoutcomes.show.table import PrintedTable


@dataclass(frozen=True)
class Heading:
    """A chapter (level 1) or section (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``emphasis`` for the question and the answer on the first page, ``note`` for small print, ``prompt``
    for what somebody still has to write."""

    text: str
    kind: str = "body"


@dataclass(frozen=True)
class FigureBlock:
    """A figure by its file name without ending, what is drawn, and the caption beneath."""

    name: str
    drawn: Drawn
    caption: str


@dataclass(frozen=True)
class TableBlock:
    """A table with the caption above it and its notes beneath; ``name`` that of its files, ``every`` the same with all
    rows, where it is printed in part."""

    table: PrintedTable
    caption: str
    name: str = ""
    every: PrintedTable | None = None


@dataclass(frozen=True)
class Bullets:
    """A list of short lines."""

    lines: tuple[str, ...]


# From so many chapters on there is a table of contents, down to a level of headings.
LISTED_FROM = 4
LISTED_LEVELS = 1
Block = Heading | Paragraph | FigureBlock | TableBlock | Bullets


@dataclass(frozen=True)
class Report:
    """A whole report in one language. ``tag`` is its language tag, ``banner`` is printed on top and on every page,
    ``occasion`` (to whom, on which day) stands under the title."""

    title: str
    subtitle: str
    language: str
    banner: str
    blocks: tuple[Block, ...]
    occasion: str = ""

    @property
    def contents(self) -> bool:
        """Whether there are chapters enough for a table of contents."""
        return len(self.headings(1)) >= LISTED_FROM

    def headings(self, deepest: int = LISTED_LEVELS) -> tuple[tuple[int, Heading], ...]:
        """Place among all headings, from 0, and heading, of those down to a level."""
        found = [block for block in self.blocks if isinstance(block, Heading)]
        return tuple((place, one) for place, one in enumerate(found) if one.level <= deepest)

    @property
    def tag(self) -> str:
        """nb-NO, nn-NO or en-GB."""
        return {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[self.language]
