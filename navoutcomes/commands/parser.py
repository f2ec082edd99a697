"""argparse in three languages: its headings, its help and what it says of wrong use."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

from navoutcomes.commands.words import MISUSE
from navoutcomes.texts import say

# What argparse says of wrong use, and our words for it; the groups are names of options and what was written.
SAID = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "cli_required"),
    (re.compile(r"argument (?P<name>.+?): invalid choice: (?P<given>.+?) \(choose from (?P<known>.+)\)"), "cli_choice"),
    (re.compile(r"argument (?P<name>.+?): invalid \w+ value: (?P<given>.+)"), "cli_value"),
    (re.compile(r"argument (?P<name>.+?): expected (?:one|\d+|at least one) arguments?"), "cli_expected"),
    (re.compile(r"unrecognized arguments: (?P<names>.+)"), "cli_unrecognised"),
)


class Help(argparse.HelpFormatter):
    """Help whose first word is in the reader's language."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The usage line, after our own word for it."""
        super().add_usage(usage, actions, groups, f"{say('words', 'cli_usage')}: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the reader's language; commands added to it are of the same kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Help, **options, "add_help": False})
        self._positionals.title = say("words", "cli_positionals")
        self._optionals.title = say("words", "cli_options")
        self.add_argument("-h", "--help", action="help", help=say("words", "cli_help"))

    def error(self, message: str) -> NoReturn:
        """Wrong use: the usage and what is wrong, on stderr; exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(MISUSE, f"{self.prog}: {translated(message)}\n")


def translated(message: str) -> str:
    """A message of argparse in the reader's language; one we do not know stays as it is."""
    for pattern, key in SAID:
        found = pattern.fullmatch(message)
        if found:
            return say(
                "words", key, None, None, **{name: text.replace("'", "") for name, text in found.groupdict().items()}
            )
    return message
