"""Every task beside every peer, in the same run on the same people: ``make bench`` writes RESULTS.md and scaling.png.

Tools take turns within a task, each in a process of its own with the same number of threads. A tool that has not
finished in ``LONGEST`` seconds (``LONGER`` for some) is not tried on more people. With ``--tasks`` the other tasks keep
what they had.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from spells import spells
from written import write

HERE = Path(__file__).parent
SIZES = (10_000, 100_000, 1_000_000)
LARGEST = 10_000_000
COUNTED = ("km_groups", "incidence", "logrank")
LONGEST = 60
# Tools that count ten million people within reach, and the one peer that is given longer: it has no rival there.
QUICK = ("navoutcomes", "statsmodels")
LONGER = {("pyfixest", "discrete"): 240}
PEERS = {
    "lifelines": ("km_groups", "incidence", "logrank", "rmst", "cox", "cox_offices", "cox_entry_offices"),
    "scikit-survival": ("km_groups", "incidence", "cox", "bootstrap_rmst"),
    "statsmodels": (
        "km_groups",
        "logrank",
        "cox",
        "cox_offices",
        "cox_entry_offices",
        "logistic_offices",
        "poisson_offices",
    ),
    "survival (PyPI)": ("km_groups", "incidence", "logrank", "cox", "cox_offices", "cox_entry_offices"),
    "comprisk": ("incidence", "gray", "cox", "fine_gray"),
    "coxstream": ("cox",),
    "pyfixest": ("discrete", "logistic_offices", "poisson_offices"),
    "R": ("km_groups", "incidence", "logrank", "gray", "rmst", "cox", "cox_offices", "cox_entry_offices", "fine_gray"),
}
TASKS = (
    "km_groups", "incidence", "logrank", "gray", "rmst", "cox", "cox_offices", "cox_entry_offices", "fine_gray",
    "discrete", "logistic_offices", "poisson_offices", "bootstrap_rmst",
)  # fmt: skip


def command(tool: str, task: str, persons: int, folder: Path) -> list[str] | None:
    """How a tool is run; None where it is not here."""
    repeats = "9" if persons <= 10_000 else "5"
    if tool == "R":
        if shutil.which("Rscript") is None:
            return None
        table = folder / f"{persons}.csv"
        if not table.exists():
            spells(persons).to_csv(table, index=False)
        return ["Rscript", str(HERE / "r_tasks.R"), task, str(table), repeats]
    python = Path(sys.executable) if tool == "navoutcomes" else HERE.parent / ".venv-peers" / "bin" / "python"
    return [str(python), str(HERE / "one.py"), tool, task, str(persons), repeats] if python.exists() else None


def timed(tool: str, task: str, persons: int, folder: Path) -> dict[str, Any] | None:
    """What one process found; ``late`` where it took too long, None where it could not be run."""
    asked = command(tool, task, persons, folder)
    if asked is None:
        return None
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "2")
    limit = LONGER.get((tool, task), LONGEST)
    try:
        done = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGER.get((tool, task), LONGEST),
            cwd=HERE,
            env=os.environ | threads,
        )
    except subprocess.TimeoutExpired:
        return {"late": limit}
    if done.returncode != 0:
        sys.stderr.write(f"{tool} {task} {persons}: {done.stderr.strip().splitlines()[-1:]}\n")
        return None
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tasks", nargs="*", default=list(TASKS))
    asked.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    asked.add_argument("--without", nargs="*", default=[], help="tools to leave out")
    chosen = asked.parse_args()
    before = HERE / "results.json"
    kept = json.loads(before.read_text()) if before.exists() and set(chosen.tasks) < set(TASKS) else []
    results: list[dict[str, Any]] = [row for row in kept if row["task"] not in chosen.tasks]
    with tempfile.TemporaryDirectory() as place:
        for task in chosen.tasks:
            slow: set[str] = set()
            sizes = [10_000] if task == "bootstrap_rmst" else chosen.sizes
            sizes = [*sizes, LARGEST] if task in COUNTED and sizes[-1] == SIZES[-1] else sizes
            for persons in sizes:
                tools = ["navoutcomes", *(name for name, able in PEERS.items() if task in able)]
                tools = [tool for tool in tools if persons < LARGEST or tool in QUICK]
                for tool in tools:
                    if tool in slow or tool in chosen.without:
                        continue
                    found = timed(tool, task, persons, Path(place))
                    if found is None or "late" in found:
                        slow.add(tool)
                    if found is not None:
                        results.append({"task": task, "tool": tool, "persons": persons, **found})
                        sys.stderr.write(f"{task:18} {persons:>9} {tool:16} {found.get('median', float('nan')):.4f}\n")
    write(sorted(results, key=lambda row: TASKS.index(row["task"])), HERE)


if __name__ == "__main__":
    main()
