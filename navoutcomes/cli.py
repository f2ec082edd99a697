"""The command line: run a notebook to its report, or check a file before anything is made of it.

The result is written to stdout and the log to stderr. Exit codes: 0 done, 2 wrong use or missing file, 3 data,
4 design, 5 numerical, 6 disclosure refused.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import navoutcomes as nav
from navoutcomes.errors import DataWarning, Problem
from navoutcomes.texts import LANGUAGES, checked, say, use_language

MISUSE = 2
logger = logging.getLogger("navoutcomes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
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
    parser = argparse.ArgumentParser(prog="navoutcomes", description=say("words", "cli_about"))
    commands = parser.add_subparsers(metavar=say("words", "cli_command"), required=True)
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument("--language", choices=LANGUAGES, help=say("words", "cli_language"))

    run = commands.add_parser("run", parents=[language], help=say("words", "cli_run"))
    run.add_argument("notebook", type=Path)
    run.add_argument(
        "-p", dest="parameters", action="append", default=[], metavar="key=value", help=say("words", "cli_p")
    )
    run.set_defaults(command=_run)

    check = commands.add_parser("check", parents=[language], help=say("words", "cli_check"))
    check.add_argument("file", type=Path)
    check.add_argument("--mapping", type=Path, metavar="x.toml", help=say("words", "cli_mapping"))
    check.add_argument("--extracted", metavar="yyyy-mm-dd", help=say("words", "cli_extracted"))
    check.add_argument("--sheet", help=say("words", "cli_sheet"))
    check.add_argument("--header-row", type=int, metavar="n", help=say("words", "cli_header_row"))
    check.add_argument("--table", help=say("words", "cli_table"))
    check.add_argument("--date-format", metavar="dd/mm/yyyy", help=say("words", "cli_date_format"))
    check.set_defaults(command=_check)

    synth = commands.add_parser("synth", parents=[language], help=say("words", "cli_synth"))
    synth.add_argument("name", nargs="?", help=say("words", "cli_synth_name"))
    synth.add_argument("--out", type=Path, help=say("words", "cli_synth_out"))
    synth.add_argument("--seed", type=int, help=say("words", "cli_synth_seed"))
    synth.add_argument("--size", type=int, help=say("words", "cli_synth_size"))
    synth.add_argument("--fault", dest="faults", action="append", default=[], help=say("words", "cli_synth_fault"))
    synth.set_defaults(command=_synth)
    return parser


def _run(asked: argparse.Namespace) -> int:
    from tqdm import tqdm

    from navoutcomes.report.notebook import run

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

        book = run(asked.notebook, given, progress)
    for line in _printed(book):
        sys.stdout.write(f"{line}\n")
    return 0


def _printed(book: object) -> list[str]:
    """What the notebook's last cell shows as plain text: where its report lies."""
    outputs = [cell.outputs for cell in book.cells if cell.cell_type == "code"]  # type: ignore[attr-defined]
    last = outputs[-1] if outputs else []
    texts = [one.get("data", {}).get("text/plain", one.get("text", "")) for one in last]
    return [text.strip() for text in texts if text.strip()]


def _check(asked: argparse.Namespace) -> int:
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


def _synth(asked: argparse.Namespace) -> int:
    from navoutcomes.records.synthetic.said import listed, written

    if asked.name is None:
        sys.stdout.write(f"{listed()}\n")
        return 0
    folder = asked.out if asked.out is not None else Path(asked.name)
    paths = nav.write_synthetic(asked.name, folder, seed=asked.seed, size=asked.size, faults=asked.faults)
    sys.stdout.write(f"{written(paths, asked.faults)}\n")
    return 0
