"""A result's sentence in a report says what its table says there: it is made again of the result that gave way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from navoutcomes.release.guard import Guard
from navoutcomes.report.blocks import Paragraph
from navoutcomes.report.chapters import Written
from navoutcomes.show.sentence import Said


def said_again(
    written: Sequence[Written], sentences: Mapping[int, Said], guard: Guard, read: Callable[[str], str]
) -> list[Written]:
    """The blocks, with each sentence of a result that stands otherwise in the report than where it was said.

    ``sentences`` by their place among the blocks; ``read`` holds a text against what is hidden.
    """
    blocks = list(written)
    for place, said in sentences.items():
        settled, one = guard.settled(said.of), blocks[place]
        if settled is not said.of and isinstance(one.block, Paragraph):
            blocks[place] = replace(one, block=replace(one.block, text=read(said.again(settled))))
    return blocks
