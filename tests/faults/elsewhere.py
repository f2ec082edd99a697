"""Python in a process of its own, with another environment; and what every test of faults asks for."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.report.bundle_examples import EXTRACT, ROOT

SET = 'import locale; locale.setlocale(locale.LC_ALL, "")'
LOCALES = {"nb_NO.UTF-8": ",", "de_DE.UTF-8": ",", "tr_TR.UTF-8": ","}


def ran(
    code: list[str], environment: dict[str, str | None] | None = None, before: list[str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """``python code...`` with some variables set, or (None) taken away; ``before`` stands in front of python."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    chosen = inherited | {"PYTHONPATH": str(ROOT)} | (environment or {})
    return subprocess.run(
        [*(before or []), sys.executable, *code], env={name: one for name, one in chosen.items() if one is not None},
        cwd=cwd, capture_output=True, text=True, errors="replace", timeout=300, check=False,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str]) -> Any:
    """What a program printed last, as json."""
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@cache
def locales(folder: str) -> dict[str, str]:
    """Locales made in a folder of their own, and the variable that points there; empty where they cannot be made, as
    without the system's descriptions of languages (localedef then leaves a folder that is of no use)."""
    made = {}
    for name in LOCALES:
        language, charset = name.split(".")
        if shutil.which("localedef") is None:
            break
        command = ["localedef", "-i", language, "-f", charset, f"{folder}/{name}"]
        subprocess.run(command, capture_output=True, check=False)
        if ran(["-c", SET], {"LC_ALL": name, "LOCPATH": folder}).returncode == 0:
            made[name] = folder
    return made


def shuffled(folder: Path, seed: int, columns: bool = True) -> Path:
    """The extract with rows, and columns, in another order, under the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    with EXTRACT.open(encoding="cp1252", newline="") as handle:
        head, *rows = list(csv.reader(handle, delimiter=";"))
    draw = random.Random(seed)
    draw.shuffle(rows)
    order = list(range(len(head)))
    if columns:
        draw.shuffle(order)
    place = folder / EXTRACT.name
    with place.open("w", encoding="cp1252", newline="") as handle:
        writer = csv.writer(handle, delimiter=";", lineterminator="\n")
        writer.writerows([row[at] for at in order] for row in [head, *rows])
    return place


def manifest(bundle: Path) -> dict[str, Any]:
    """A report's manifest but for the checksum of the code, which others may be changing while a test runs."""
    found = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    del found["code"]
    return found
