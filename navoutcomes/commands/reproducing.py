"""navoutcomes reproduce: is a report made again the same, and if not, why?"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from navoutcomes.commands.words import MISUSE, Commands
from navoutcomes.texts import checked, say

logger = logging.getLogger("navoutcomes")
DIFFERS = 1


def add(commands: Commands, language: argparse.ArgumentParser) -> None:
    """The command and what it can be asked."""
    again = commands.add_parser("reproduce", parents=[language], help=say("words", "cli_reproduce"))
    again.add_argument("bundle", type=Path, help=say("words", "cli_reproduce_bundle"))
    again.add_argument("--notebook", type=Path, help=say("words", "cli_reproduce_notebook"))
    again.add_argument("--look", action="store_true", help=say("words", "cli_reproduce_look"))
    again.add_argument(
        "-p", dest="parameters", action="append", default=[], metavar="key=value", help=say("words", "cli_p")
    )
    again.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """Findings go to stdout; 0 when every file is the same (or, only looked at, nothing is newer), else 1."""
    from tqdm import tqdm

    from navoutcomes.report.reproduce import reproduce

    given = dict(pair.partition("=")[::2] for pair in asked.parameters)
    if not all(sign for pair in asked.parameters for sign in pair.partition("=")[:2]):
        logger.error(say("words", "cli_p_wrong", checked(None)))
        return MISUSE
    with tqdm(total=0, unit=say("words", "cli_cell"), desc=asked.bundle.name, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        made = reproduce(asked.bundle, notebook=asked.notebook, given=given, rerun=not asked.look, progress=progress)
    sys.stdout.write(f"{made!r}\n")
    looked = made.same is None and all(one.level == "note" for one in made.findings)
    return 0 if made.same or looked else DIFFERS
