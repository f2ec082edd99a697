"""navoutcomes new: a new evaluation notebook for an own extract, after the protocol's questions."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from navoutcomes.commands.words import MISUSE, Commands
from navoutcomes.errors import DesignProblem
from navoutcomes.texts import checked, current_language, say

if TYPE_CHECKING:
    from navoutcomes.report.starters.answers import Answers
    from navoutcomes.report.starters.shape import Shape

logger = logging.getLogger("navoutcomes")
DESIGNS = ("job", "ips", "dropout")
OPTIONS = {
    "question": "question",
    "who": "who",
    "time_zero": "time-zero",
    "arm": "arm",
    "reference": "reference",
    "outcome": "outcome",
    "months": "months",
    "cutoff": "cutoff",
    "adjust": "adjust",
    "goal": "goal",
}


def add(commands: Commands, language: argparse.ArgumentParser) -> None:
    """The command and what it can be asked."""
    new = commands.add_parser("new", parents=[language], help=say("words", "cli_new"))
    new.add_argument("name", help=say("words", "cli_new_name"))
    new.add_argument("--design", choices=DESIGNS, required=True, help=say("words", "cli_new_design"))
    new.add_argument("--data", type=Path, metavar="FILE", help=say("words", "cli_new_data"))
    new.add_argument("--mapping", type=Path, metavar="x.toml", help=say("words", "cli_mapping"))
    for name, option in OPTIONS.items():
        new.add_argument(f"--{option}", dest=name, metavar="…", help=say("words", f"new_{name}_help"))
    new.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """Asks, writes the notebook and the invented people, and says what to do next."""
    from navoutcomes.report.starters.notebook import evaluation_name, files, write
    from navoutcomes.report.starters.shape import Shape

    for path in (asked.data, asked.mapping):
        if path is not None and not path.is_file():
            logger.error(say("words", "cli_no_file", checked(None), name=path.name))
            return MISUSE
    name, language = evaluation_name(asked.name), current_language()
    files(name, language)
    shape = Shape.of_model(asked.design) if asked.data is None else Shape.of_file(asked.data, asked.mapping)
    answers = _asked(asked, shape)
    notebook, data = write(name, answers, shape, asked.data is not None, language)
    own = asked.data.as_posix() if asked.data is not None else say("words", "new_own_file", language)
    mapping = f" -p mapping={asked.mapping.as_posix()}" if asked.mapping is not None else ""
    if asked.data is not None and not (answers.cutoff or shape.extract.origin.cutoff):
        mapping += " -p cutoff=" + say("words", "new_day", language)
    facts = {"notebook": notebook.name, "data": data.name, "own": own, "mapping": mapping}
    sys.stdout.write(say("words", "new_written", language, None, **facts).strip() + "\n")
    return 0


def _asked(asked: argparse.Namespace, shape: Shape) -> Answers:
    """Every answer: the option's, else the terminal's, else the usual one."""
    from navoutcomes.report.starters.answers import QUESTIONS, Answers, understood, usual

    here = sys.stdin is not None and sys.stdin.isatty()
    given: dict[str, Any] = {}
    if here:
        sys.stdout.write(say("words", "new_about") + "\n\n")
    for name in QUESTIONS[asked.design]:
        default = usual(name, asked.design, shape, given)
        said = getattr(asked, name)
        if said is not None or not here:
            given[name] = understood(name, default if said is None else said, asked.design, shape, given)
            continue
        while name not in given:
            try:
                given[name] = understood(name, _answer(name, asked.design, default), asked.design, shape, given)
            except DesignProblem as refused:
                sys.stdout.write(f"{refused}\n\n")
    return Answers(design=asked.design, **given)


def _answer(name: str, design: str, default: str) -> str:
    """One line from the terminal; Enter is the usual answer, and so is the end of what is piped in."""
    shown = default
    if name == "question":
        shown = say("words", f"starter_question_{design}")
    sys.stdout.write(say("words", f"new_{name}_asked") + f"\n[{shown or '–'}] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() or default
