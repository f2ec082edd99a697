"""The door opens at once: importing is cheap, and so is asking the command line for help."""

from __future__ import annotations

import os
import subprocess
import sys

IMPORT_SECONDS = 0.15
HELP_SECONDS = 0.20
TRIES = 5


def fastest(command: list[str]) -> float:
    """Processor seconds of the best of a few runs: what the code needs, not what else the machine does."""
    times = []
    for _ in range(TRIES):
        began = os.times()
        subprocess.run(command, capture_output=True, check=True)
        ended = os.times()
        times.append(ended.children_user + ended.children_system - began.children_user - began.children_system)
    return min(times)


def imported_microseconds() -> int:
    """What ``-X importtime`` adds up for the package."""
    command = [sys.executable, "-X", "importtime", "-c", "import navoutcomes"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    lines = [line.split("|") for line in report.splitlines() if line.rstrip().endswith("navoutcomes")]
    return int(lines[-1][1])


def test_importing_the_package_is_cheap() -> None:
    assert min(imported_microseconds() for _ in range(TRIES)) < IMPORT_SECONDS * 1e6


def test_help_is_quick() -> None:
    assert fastest([sys.executable, "-m", "navoutcomes", "--help"]) < HELP_SECONDS
