"""navoutcomes check: what a file holds, and what must be mended before it can be read."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import navoutcomes as nav
from navoutcomes.commands.words import MISUSE, Commands
from navoutcomes.texts import checked, say

logger = logging.getLogger("navoutcomes")


def add(commands: Commands, language: argparse.ArgumentParser) -> None:
    """The command and what it can be asked."""
    check = commands.add_parser("check", parents=[language], help=say("words", "cli_check"))
    check.add_argument("file", type=Path)
    check.add_argument("--mapping", type=Path, metavar="x.toml", help=say("words", "cli_mapping"))
    check.add_argument("--extracted", metavar="yyyy-mm-dd", help=say("words", "cli_extracted"))
    check.add_argument("--sheet", help=say("words", "cli_sheet"))
    check.add_argument("--header-row", type=int, metavar="n", help=say("words", "cli_header_row"))
    check.add_argument("--table", help=say("words", "cli_table"))
    check.add_argument("--date-format", metavar="dd/mm/yyyy", help=say("words", "cli_date_format"))
    check.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """What was found goes to stdout, what must be mended to the log; a mapping to edit is written beside."""
    from navoutcomes.records.columns.mapping_file import mapping_name

    if not asked.file.is_file():
        logger.error(say("words", "cli_no_file", checked(None), name=asked.file.name))
        return MISUSE
    names = ("extracted", "sheet", "header_row", "date_format", "mapping", "table")
    options = {name: getattr(asked, name) for name in names if getattr(asked, name) is not None}
    if asked.mapping is not None and not asked.mapping.is_file():
        logger.error(say("words", "cli_no_file", checked(None), name=asked.mapping.name))
        return MISUSE
    seen = nav.inspect_source(asked.file, **options)
    written = _written(mapping_name(asked.file.name), seen.mapping) if asked.mapping is None and seen.mapping else ""
    sys.stdout.write("\n\n".join(part for part in (seen.found(), written, seen.verdict()) if part) + "\n")
    sys.stdout.flush()
    if not seen.problems:
        return 0
    logger.error(seen.refused())
    return seen.problems[0].exit_code


def _written(name: str, text: str) -> str:
    """Where the mapping to edit lies; one that is there already is left alone."""
    path = Path(name)
    if path.exists():
        return say("words", "mapping_there", mapping=name)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        return say("words", "mapping_not_written", mapping=name)
    return say("words", "mapping_written", mapping=name)
