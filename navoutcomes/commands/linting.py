"""navoutcomes lint: which sentences of a text may not stand in a report."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from navoutcomes.commands.words import MISUSE, Commands
from navoutcomes.texts import checked, say

FOUND = 4
logger = logging.getLogger("navoutcomes")


def add(commands: Commands, language: argparse.ArgumentParser) -> None:
    """The command and what it can be asked."""
    lint = commands.add_parser("lint", parents=[language], help=say("words", "cli_lint"))
    lint.add_argument("file", type=Path)
    lint.add_argument("--randomised", action="store_true", help=say("words", "cli_lint_randomised"))
    lint.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """What was found goes to stdout; the exit code is 4 where something is to be mended."""
    from navoutcomes.report.text_of import text_of
    from navoutcomes.show.lint import lint

    if not asked.file.is_file():
        logger.error(say("words", "cli_no_file", checked(None), name=asked.file.name))
        return MISUSE
    found = lint(text_of(asked.file), asked.language, asked.randomised)
    sys.stdout.write(f"{found!r}\n")
    return FOUND if found else 0
