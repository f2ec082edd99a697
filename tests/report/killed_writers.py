"""Run as a program: writers that die at bad moments. Prints, as json, what stood in the folder afterwards.

A process of its own, so that writers can be forked from one that has loaded everything, and limits bind nobody else.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bundle_examples import is_whole, people, small

import navoutcomes as nav
from navoutcomes.errors import Problem
from navoutcomes.report import folder as folders
from navoutcomes.report.web import font_faces


def seen(place: Path) -> dict[str, object]:
    """Which report stands there, whether it is whole, and what lies beside it."""
    bundle = place / "nb"
    text = (bundle / "rapport.html").read_text(encoding="utf-8") if bundle.exists() else ""
    which = [name for name in ("FIRST", "SECOND") if name in text]
    return {"which": which, "whole": bundle.exists() and is_whole(bundle), "beside": len(list(place.iterdir())) - 1}


def forked(work: Callable[[], object]) -> int:
    """A child at work; the parent never writes itself, as Typst's threads do not live on in a child."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def written(place: Path, what: str) -> None:
    os.waitpid(forked(lambda: small(place, what)), 0)


def killed_after(place: Path, seconds: float) -> dict[str, object]:
    """A writer of the second report, killed after a while."""
    child = forked(lambda: small(place, "SECOND"))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return seen(place)


def dies(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(place: Path, what: str, moment: str) -> dict[str, object]:
    """A writer of a new report that dies just before, between, or just after the two take each other's place."""

    def work() -> None:
        if moment == "before the exchange":
            folders._exchanged = dies
        elif moment == "after the exchange":
            exchanged = folders._exchanged
            folders._exchanged = lambda *paths: exchanged(*paths) and dies()
        elif moment == "between two renames":
            folders._exchanged = lambda *_: False
            moved, count = folders.moved, []

            def once(source: Path, target: Path) -> None:
                if count:
                    dies()
                count.append(1)
                moved(source, target)

            folders.moved = once
        elif moment == "before the manifest":
            Path.write_text = lambda self, *rest, **how: dies() if self.name == "manifest.json" else _write(self, *rest)
        small(place, what)

    os.waitpid(forked(work), 0)
    return seen(place)


_written = Path.write_text


def _write(path: Path, text: str, *_: object) -> int:
    return _written(path, text, encoding="utf-8")


def fresh(place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    written(place, "FIRST")
    return place


def main(work: Path, mode: str) -> object:
    if mode == "full":
        place = fresh(work / "full")
        before = seen(place)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        try:
            small(place, "SECOND")
        except Problem as problem:
            return {"key": problem.key, "text": problem.text("en"), "before": before, "after": seen(place)}
        return {"key": "none"}
    font_faces(), nav.show.survival_curves(people(("a",)).survival_curve())._repr_mimebundle_()
    started = time.monotonic()
    place = fresh(work / "killed")
    length = time.monotonic() - started
    rng = random.Random(11)
    outcomes = [killed_after(place, length * rng.random()) for _ in range(4)]
    recovered, old, new = {}, "SECOND", "FIRST"
    written(place, old)
    for moment in ("before the manifest", "before the exchange", "after the exchange", "between two renames"):
        died = killed_at(place, new, moment)
        written(place, new)
        recovered[moment] = [old, new, died, seen(place)]
        old, new = new, old
    return {"outcomes": outcomes, "recovered": recovered}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
