"""navoutcomes synth: a programme's extract with invented people."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import navoutcomes as nav
from navoutcomes.commands.words import Commands
from navoutcomes.texts import say


def add(commands: Commands, language: argparse.ArgumentParser) -> None:
    """The command and what it can be asked."""
    synth = commands.add_parser("synth", parents=[language], help=say("words", "cli_synth"))
    synth.add_argument("name", nargs="?", help=say("words", "cli_synth_name"))
    synth.add_argument("--out", type=Path, help=say("words", "cli_synth_out"))
    synth.add_argument("--seed", type=int, help=say("words", "cli_synth_seed"))
    synth.add_argument("--size", type=int, help=say("words", "cli_synth_size"))
    synth.add_argument("--fault", dest="faults", action="append", default=[], help=say("words", "cli_synth_fault"))
    synth.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    from navoutcomes.records.synthetic.said import listed, written

    if asked.name is None:
        sys.stdout.write(f"{listed()}\n")
        return 0
    folder = asked.out if asked.out is not None else Path(asked.name)
    paths = nav.write_synthetic(asked.name, folder, seed=asked.seed, size=asked.size, faults=asked.faults)
    sys.stdout.write(f"{written(paths, asked.faults)}\n")
    return 0
