"""The command line: run a notebook to its report, or check a file before anything is made of it.

The result is written to stdout and the log to stderr. Exit codes: 0 done, 1 a report that is not the same when it is
made again, 2 wrong use or missing file, 3 data, 4 design, 5 numerical, 6 disclosure refused.
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
import warnings
from collections.abc import Sequence
from itertools import pairwise

from navoutcomes.commands import checking, linting, reproducing, running, starting, synthesising
from navoutcomes.commands.parser import Parser
from navoutcomes.errors import DataWarning, Problem
from navoutcomes.texts import LANGUAGES, say, use_language

COMMANDS = (running, checking, synthesising, linting, starting, reproducing)
logger = logging.getLogger("navoutcomes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # An old console of Windows has no arrows: a question mark is better than stopping half-way.
            stream.reconfigure(errors="replace")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    _speak(sys.argv[1:] if arguments is None else arguments)
    asked = _parser().parse_args(arguments)
    try:
        with warnings.catch_warnings():
            # They stand in the log, which is printed; here they would come with a path and a line of code.
            warnings.simplefilter("ignore", DataWarning)
            return int(asked.command(asked))
    except Problem as problem:
        text, code = problem.text(), problem.exit_code
    logger.error(text)
    return code


def _speak(arguments: Sequence[str]) -> None:
    """The language asked for, before anything is said: help and misuse speak it too."""
    for option, value in pairwise([*arguments, ""]):
        chosen = option.removeprefix("--language=") if option.startswith("--language=") else value
        if option.startswith("--language") and chosen in LANGUAGES:
            use_language(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="navoutcomes", description=say("words", "cli_about"))
    commands = parser.add_subparsers(metavar=say("words", "cli_command"), required=True)
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument("--language", choices=LANGUAGES, help=say("words", "cli_language"))

    for command in COMMANDS:
        command.add(commands, language)
    return parser
