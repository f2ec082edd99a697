"""navoutcomes run: a notebook to its report."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from navoutcomes.commands.words import MISUSE, Commands
from navoutcomes.texts import checked, say

logger = logging.getLogger("navoutcomes")


def add(commands: Commands, language: argparse.ArgumentParser) -> None:
    """The command and what it can be asked."""
    run_ = commands.add_parser("run", parents=[language], help=say("words", "cli_run"))
    run_.add_argument("notebook", type=Path)
    run_.add_argument(
        "-p", dest="parameters", action="append", default=[], metavar="key=value", help=say("words", "cli_p")
    )
    run_.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    from tqdm import tqdm

    from navoutcomes.report.notebook import run as run_notebook

    given = {}
    for pair in asked.parameters:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            logger.error(say("words", "cli_p_wrong", checked(None)))
            return MISUSE
        given[name] = value
    if not asked.notebook.is_file():
        logger.error(say("words", "cli_no_file", checked(None), name=asked.notebook.name))
        return MISUSE
    with tqdm(total=0, unit=say("words", "cli_cell"), desc=asked.notebook.stem, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        book = run_notebook(asked.notebook, given, progress)
    for line in _printed(book):
        sys.stdout.write(f"{line}\n")
    return 0


def _printed(book: object) -> list[str]:
    """What the notebook's last cell shows as plain text: where its report lies."""
    outputs = [cell.outputs for cell in book.cells if cell.cell_type == "code"]  # type: ignore[attr-defined]
    last = outputs[-1] if outputs else []
    texts = [one.get("data", {}).get("text/plain", one.get("text", "")) for one in last]
    return [text.strip() for text in texts if text.strip()]
