"""Time one task of one tool on people of one size, in a process of its own; writes one line of JSON.

python one.py TOOL TASK PERSONS REPEATS
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from pathlib import Path

from spells import spells

SMALL = 2_000


def highest(reset: bool = False) -> float:
    """Megabytes this process has held at most, or from now on."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def main(tool: str, task: str, persons: int, repeats: int) -> None:
    """Once on few people to warm up (imports, compiling), then ``repeats`` times; the median is what counts."""
    warnings.simplefilter("ignore")
    built = 0.0
    people, few = spells(persons), spells(SMALL, seed=2)
    if tool == "navoutcomes":
        from ours import TASKS

        build, run = TASKS[task]
        run(build(few))
        start = time.perf_counter()
        subject = build(people)
        built = time.perf_counter() - start
    else:
        from peers import PEERS

        run = PEERS[tool]()[task]
        run(few)
        subject = people
    before = highest(reset=True)
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run(subject)
        taken.append(time.perf_counter() - start)
        if sum(taken) > 12:
            break
    found = {
        "median": statistics.median(taken),
        "runs": len(taken),
        "built": built,
        "megabytes": highest() - before,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
