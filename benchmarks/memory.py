"""How much memory an estimator takes beside the people it is asked about: writes MEMORY.md.

python memory.py            every task, each in a process of its own, on a million rows
python memory.py TASK ROWS  one task; writes one line of JSON

Counted is what the process held at most while the question was answered, over what it held just before (the built
cohort is there already), in times the columns that the answer uses, eight bytes a cell.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from one import SMALL, highest
from ours import TERMS, all_ended, clustered, cohort, late, plain, two_arms
from spells import spells

import navoutcomes as nav

HERE = Path(__file__).parent
ROWS, LIMIT = 1_000_000, 3.0
CELL = 8
SPAN = ["time", "ending"]
Task = tuple[Callable[[pd.DataFrame], nav.Cohort], Callable[[nav.Cohort], Any], list[str]]


def tasks() -> dict[str, Task]:
    """Every verb on whole columns: how the people are built, what is asked, and which columns the answer uses."""
    many, few = [*SPAN, *TERMS], [*SPAN, "x5", "x6", "x7"]
    three = ["x5", "x6", "x7"]
    asked: dict[str, Task] = {
        "risk_table": (plain, lambda p: p.risk_table(by="group"), [*SPAN, "group"]),
        "survival_curve": (plain, lambda p: p.survival_curve(by="group").table, [*SPAN, "group"]),
        "survival_curve, offices": (clustered, lambda p: p.survival_curve().table, [*SPAN, "office"]),
        "survival_curve, weights": (weighted, lambda p: p.survival_curve().table, [*SPAN, "x9"]),
        "cumulative_hazard": (plain, lambda p: p.cumulative_hazard(by="group").table, [*SPAN, "group"]),
        "cumulative_incidence": (plain, lambda p: p.cumulative_incidence().table, SPAN),
        "cumulative_incidence, offices, entry": (late, lambda p: p.cumulative_incidence().table,
                                                 [*SPAN, "entry", "office"]),
        "quantiles": (plain, lambda p: p.quantiles(by="group").table, [*SPAN, "group"]),
        "restricted_mean": (plain, lambda p: p.restricted_mean(365, by="group").table, [*SPAN, "group"]),
        "confidence_bands": (plain, lambda p: p.confidence_bands().table, SPAN),
        "logrank_test": (plain, lambda p: p.logrank_test(by="group").p_value, [*SPAN, "group"]),
        "gray_test": (plain, lambda p: p.gray_test(by="group").p_value, [*SPAN, "group"]),
        "contrast": (two_arms, lambda p: p.contrast(by="arm", at=365).table, [*SPAN, "x0"]),
        "rates": (plain, lambda p: p.rates(by="group").table, [*SPAN, "group"]),
        "pseudo_values": (plain, lambda p: p.pseudo_values(365), SPAN),
        "pseudo_regression": (plain, lambda p: p.pseudo_regression(three, 365).table, few),
        "cox": (plain, lambda p: p.cox(TERMS).table, many),
        "cox, offices": (clustered, lambda p: p.cox(TERMS).table, [*many, "office"]),
        "cox, offices, entry": (late, lambda p: p.cox(TERMS).table, [*many, "entry", "office"]),
        "cause_specific": (plain, lambda p: p.cause_specific(TERMS).table, many),
        "proportional_hazards_test": (plain, lambda p: nav.proportional_hazards_test(p.cox(TERMS)).table, many),
        "concordance": (plain, lambda p: nav.concordance(p.cox(TERMS)).table, many),
        "residuals, score": (plain, lambda p: nav.residuals(p.cox(TERMS), "score"), many),
        "predict": (plain, lambda p: nav.predict(p.cox(three), PROFILE, 365).table, few),
        "fine_gray": (plain, lambda p: p.fine_gray(TERMS).table, many),
        "parametric, weibull": (plain, lambda p: p.parametric(TERMS).table, many),
        "parametric, piecewise": (plain, lambda p: p.parametric(TERMS, "piecewise exponential").table, many),
        "parametric, spline": (plain, lambda p: p.parametric(TERMS, "spline").table, many),
        "discrete_hazard": (plain, lambda p: p.discrete_hazard(TERMS, period=365.25 / 12).table, many),
        "logistic": (all_ended, lambda p: p.logistic(TERMS, errors="cr1").table, [*many, "office"]),
        "poisson": (clustered, lambda p: p.poisson(TERMS, errors="cr1").table, [*many, "office"]),
    }  # fmt: skip
    return asked


PROFILE = pd.DataFrame({"x5": [0.0], "x6": [0.0], "x7": [0.0]})


def weighted(frame: pd.DataFrame) -> nav.Cohort:
    """People who count for more or less than one."""
    return cohort(frame.assign(x9=frame["x9"].abs() + 0.5), weight="x9")


def measured(task: str, rows: int) -> dict[str, float]:
    """One task in this process: warmed up on few people, then asked once."""
    warnings.simplefilter("ignore")
    build, ask, columns = tasks()[task]
    ask(build(spells(SMALL, seed=2)))
    people = build(spells(rows))
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    before = highest(reset=True)
    kept = ask(people)
    held = highest() - before
    del kept
    return {"megabytes": held, "columns": rows * CELL * len(columns) / 2**20}


def write(found: dict[str, dict[str, float] | None], rows: int) -> str:
    """The table, widest first."""
    lines = [
        "# Memory",
        "",
        f"Peak memory beside the built cohort on {rows:,} synthetic rows, in times the columns that the answer uses",
        f"(eight bytes a cell). `python memory.py` writes this page; the limit is {LIMIT:g}.",
        "",
        "| question | columns, MB | at most, MB | times |",
        "|---|---|---|---|",
    ]
    given = {task: one for task, one in found.items() if one}
    for task, one in sorted(given.items(), key=lambda pair: -pair[1]["megabytes"] / pair[1]["columns"]):
        times = one["megabytes"] / one["columns"]
        mark = " **above**" if times > LIMIT else ""
        lines.append(f"| {task} | {one['columns']:.0f} | {one['megabytes']:.0f} | {times:.1f}{mark} |")
    lines += ["", *(f"No answer: {task}." for task, one in found.items() if not one)]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """One task, or all."""
    reader = argparse.ArgumentParser()
    reader.add_argument("task", nargs="?")
    reader.add_argument("rows", nargs="?", type=int, default=ROWS)
    given = reader.parse_args()
    if given.task:
        sys.stdout.write(json.dumps(measured(given.task, given.rows)) + "\n")
        return
    found: dict[str, dict[str, float] | None] = {}
    for task in tasks():
        done = subprocess.run(
            [sys.executable, __file__, task, str(given.rows)], capture_output=True, text=True, cwd=HERE, check=False
        )
        found[task] = json.loads(done.stdout) if done.returncode == 0 else None
        sys.stderr.write(f"{task}: {found[task] or done.stderr[-400:]}\n")
    (HERE / "MEMORY.md").write_text(write(found, given.rows), encoding="utf-8")


if __name__ == "__main__":
    main()
