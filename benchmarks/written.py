"""The timings as a page and a picture: median, ratio to the fastest peer, memory, and how time grows with people."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot

# scikit-survival's twenty replicates stand for a thousand.
TIMES_MORE = {("scikit-survival", "bootstrap_rmst"): 50}
NAMES = {
    "km_groups": "Kaplan-Meier by 10 groups, intervals",
    "incidence": "Cumulative incidence, 3 causes, intervals",
    "logrank": "Log-rank, 10 groups",
    "gray": "Gray's test, 10 groups",
    "rmst": "Restricted mean with standard error",
    "cox": "Cox, Efron, 10 covariates",
    "cox_offices": "Cox, errors clustered on 200 offices",
    "cox_entry_offices": "Cox, delayed entry, clustered errors",
    "fine_gray": "Fine-Gray, 10 covariates",
    "discrete": "Discrete-time monthly hazard",
    "logistic_offices": "Logistic, clustered errors (CR1)",
    "poisson_offices": "Poisson, clustered errors (CR1)",
    "bootstrap_rmst": "1,000 bootstrap RMST differences",
}
Row = dict[str, Any]


def write(results: list[Row], folder: Path) -> None:
    """RESULTS.md, results.json and scaling.png."""
    for row in results:
        if "late" not in row and not row.get("scaled"):
            row["median"] *= TIMES_MORE.get((row["tool"], row["task"]), 1)
            row["scaled"] = True
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    lines = [*HEAD, "", f"{os.cpu_count()} cores, Python {platform.python_version()}, Linux.", ""]
    for task in dict.fromkeys(row["task"] for row in results):
        lines += [f"## {NAMES[task]}", "", *table([row for row in results if row["task"] == task]), ""]
    lines += ["![Seconds by number of persons, both on logarithmic scales](scaling.png)", ""]
    (folder / "RESULTS.md").write_text("\n".join(lines))
    draw(results, folder / "scaling.png")


HEAD = """# Timings beside the peers

Written by `make bench`; never a test. Medians of repeated runs in seconds, after a warm-up, all tools in the same run
on the same simulated people, each in a process of its own with two threads. Ours goes from a built `Cohort` to a
finished result (table, intervals, notes); the time to build the cohort stands beside it. Peers get arrays or frames
that are ready. Ratio: the fastest peer's median over ours. Growth: the exponent from the fewest persons to a million
(1 is linear). "> 60": stopped after a minute. Peers do not all give as much: scikit-survival and coxstream give no
robust errors, comprisk no clustered ones, and lifelines draws random numbers to break ties.
""".splitlines()


def table(rows: list[Row]) -> list[str]:
    sizes = sorted({row["persons"] for row in rows})
    found = {(row["tool"], row["persons"]): row for row in rows}
    tools = list(dict.fromkeys(row["tool"] for row in rows))
    lines = ["| tool | " + " | ".join(f"{size:,}" for size in sizes) + " | growth | extra MB at the largest |"]
    lines.append("|---" * (len(sizes) + 3) + "|")
    for tool in tools:
        cells = [seconds(found.get((tool, size))) for size in sizes]
        last = [found[tool, size] for size in sizes if (tool, size) in found and "late" not in found[tool, size]]
        memory = f"{last[-1]['megabytes']:.0f}" if last and last[-1]["megabytes"] is not None else ""
        lines.append(f"| {tool} | " + " | ".join(cells) + f" | {growth(last)} | {memory} |")
    lines.append("| **ratio to the fastest peer** | " + " | ".join(ratio(rows, size) for size in sizes) + " | | |")
    built = [f"{found['navoutcomes', size]['built']:.3f}" if ("navoutcomes", size) in found else "" for size in sizes]
    lines.append("| building our cohort | " + " | ".join(built) + " | | |")
    return lines


def seconds(row: Row | None) -> str:
    if row is None:
        return ""
    return f"> {row['late']}" if "late" in row else f"{row['median']:.4f}"


def growth(rows: list[Row]) -> str:
    rows = [row for row in rows if row["persons"] <= 1_000_000]
    if len(rows) < 2:
        return ""
    first, last = rows[0], rows[-1]
    return f"{np.log(last['median'] / first['median']) / np.log(last['persons'] / first['persons']):.2f}"


def ratio(rows: list[Row], size: int) -> str:
    here = [row for row in rows if row["persons"] == size and "late" not in row]
    ours = [row["median"] for row in here if row["tool"] == "navoutcomes"]
    peers = [row["median"] for row in here if row["tool"] != "navoutcomes"]
    late = [row["late"] for row in rows if row["persons"] == size and "late" in row]
    if ours and late and not peers:
        return f"**> {min(late) / ours[0]:.0f}**"
    return f"**{min(peers) / ours[0]:.1f}**" if ours and peers else ""


def draw(results: list[Row], path: Path) -> None:
    tasks = [task for task in dict.fromkeys(row["task"] for row in results) if task != "bootstrap_rmst"]
    tools = list(dict.fromkeys(row["tool"] for row in results))
    colours = dict(zip(tools, pyplot.get_cmap("tab10").colors, strict=False))
    figure, axes = pyplot.subplots(-(-len(tasks) // 3), 3, figsize=(13, 3.3 * -(-len(tasks) // 3)), squeeze=False)
    for spot, task in zip(axes.flat, tasks, strict=False):
        for tool in tools:
            rows = [row for row in results if (row["task"], row["tool"]) == (task, tool) and "late" not in row]
            wide = 2.5 if tool == "navoutcomes" else 1.2
            spot.loglog(
                [r["persons"] for r in rows], [r["median"] for r in rows], "o-", color=colours[tool], lw=wide, ms=4
            )
        spot.set_title(NAMES[task], fontsize=10)
        spot.set_xlabel("persons")
        spot.set_ylabel("seconds")
        spot.grid(alpha=0.3)
    for spot in list(axes.flat)[len(tasks) :]:
        spot.axis("off")
    handles = [pyplot.Line2D([], [], color=colours[tool], marker="o", label=tool) for tool in tools]
    figure.legend(handles=handles, loc="lower center", ncols=len(tools), frameon=False)
    figure.tight_layout(rect=(0, 0.03, 1, 1))
    figure.savefig(path, dpi=80, metadata={"Software": None})
