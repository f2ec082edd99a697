"""The door opens at once: importing is cheap, and so is asking the command line for help."""

from __future__ import annotations

import subprocess
import sys
import time

IMPORT_SECONDS = 0.15
HELP_SECONDS = 0.20
TRIES = 5


def fastest(command: list[str]) -> float:
    """The best of a few runs: what the code needs, not what else the machine does."""
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - began)
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
