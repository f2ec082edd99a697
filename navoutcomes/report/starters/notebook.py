"""A new evaluation as two files: the notebook, and the invented people it runs on at once. Nothing is overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.records.synthetic.extracts import synthetic_tables
from navoutcomes.records.synthetic.own_shape import in_own_shape, moved_to
from navoutcomes.records.synthetic.write import write_csv
from navoutcomes.report.names import check_name
from navoutcomes.report.starters import comparing, stopping
from navoutcomes.report.starters.answers import OUTCOMES, Answers
from navoutcomes.report.starters.cells import Cell
from navoutcomes.report.starters.shape import MODELS, Shape
from navoutcomes.texts import say

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", " ": "-", "_": "-"})


def evaluation_name(said: str) -> str:
    """The name of the files: small letters, digits and hyphens. Raises: ``DesignProblem`` for what no file can have."""
    name = said.strip().removesuffix(".ipynb").casefold().translate(LETTERS)
    try:
        check_name(name)
    except DesignProblem:
        problem = DesignProblem("starter_name", count=len(said))
    else:
        return name
    raise problem


def files(name: str, language: str) -> tuple[Path, Path]:
    """The notebook and the invented people, in this folder. Raises: ``DataProblem`` when one is there already."""
    both = Path(f"{name}.ipynb"), Path(f"{name}-{say('words', 'starter_synthetic_name', language)}.csv")
    there = [path.name for path in both if path.exists()]
    if there:
        raise DataProblem("starter_there", files=there, count=len(there))
    return both


def write(name: str, answers: Answers, shape: Shape, own: bool, language: str) -> tuple[Path, Path]:
    """Write both files; the paths. ``own`` is whether the shape is an office's own file.

    Raises: ``DataProblem`` when one of them is there, or nothing can be written.
    """
    notebook, data = files(name, language)
    made = (comparing if answers.arm else stopping).cells(name, answers, shape, data.name, language)
    try:
        with notebook.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_book(made))
        write_csv(people(answers, shape, own), data)
    except OSError as refused:
        problem = DataProblem("cannot_write", folder=".", said=refused.strerror or "")
    else:
        return notebook, data
    raise problem


def people(answers: Answers, shape: Shape, own: bool) -> pd.DataFrame:
    """The invented people, in the shape of the office's file or of the design's own model."""
    name = MODELS[answers.design]
    model = synthetic_tables(name)[name]
    given = Shape.of_model(answers.design).extract
    closes = date.fromisoformat(answers.cutoff) if answers.cutoff else None
    if not own:
        by = pd.Timedelta(0) if closes is None else pd.Timestamp(closes) - pd.Timestamp(str(given.origin.cutoff))
        return moved_to(model, by)
    latest = shape.spells.frame[["start", "end"]].max().max() + pd.offsets.MonthEnd(0)
    read_on = closes or shape.extract.origin.cutoff or latest.date()
    asked = OUTCOMES[answers.design]
    outcomes = {one: answers.outcome[min(at, len(answers.outcome) - 1)] for at, one in enumerate(asked)}
    return in_own_shape(model, given.headers, shape.extract, shape.spells, outcomes, read_on)


def _book(made: Sequence[Cell]) -> str:
    import nbformat

    book = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
    book.cells = [_cell(one, at) for at, one in enumerate(made)]
    return str(nbformat.writes(book)) + "\n"


def _cell(one: Cell, at: int) -> Any:
    import nbformat

    named = hashlib.sha256(f"{at} {one.text}".encode()).hexdigest()[:8]
    if one.kind == "markdown":
        return nbformat.v4.new_markdown_cell(one.text, id=named)
    metadata = {"tags": ["parameters"]} if one.kind == "parameters" else {}
    return nbformat.v4.new_code_cell(one.text, metadata=metadata, id=named)
