"""A writer killed at twenty moments, five times over: the old report whole or the new one, never a mix."""

from __future__ import annotations

import pytest

from tests.faults.elsewhere import ran, told

MOMENTS = """
import json, os, random, signal, sys, time
from pathlib import Path
from tests.report.bundle_examples import is_whole, people, small
import navoutcomes as nav
from navoutcomes.report.web import font_faces
font_faces(), nav.show.survival_curves(people(("a",)).survival_curve())._repr_mimebundle_()
place, seen = Path(sys.argv[1]), []
def child(what):
    pid = os.fork()
    if pid == 0:
        try:
            small(place, what)
        finally:
            os._exit(0)
    return pid
def state():
    bundle = place / "nb"
    text = (bundle / "rapport.html").read_text(encoding="utf-8")
    return [is_whole(bundle), [name for name in ("FIRST", "SECOND") if name in text]]
for turn in range(int(sys.argv[2])):
    started = time.monotonic(); os.waitpid(child("FIRST"), 0); length = time.monotonic() - started
    draw = random.Random(turn)
    for moment in range(20):
        pid = child("SECOND"); time.sleep(length * (moment + draw.random()) / 20)
        os.kill(pid, signal.SIGKILL); os.waitpid(pid, 0)
        seen.append(state())
    os.waitpid(child("FIRST"), 0)
    seen.append([*state(), sorted(path.name for path in place.iterdir())])
print(json.dumps(seen))
"""


@pytest.mark.full
def test_a_writer_killed_at_twenty_moments_five_times_over_leaves_a_whole_report(tmp_path: object) -> None:
    seen = told(ran(["-c", MOMENTS, str(tmp_path), "5"]))
    assert len(seen) == 5 * 21
    for whole, which, *left in seen:
        assert whole
        assert which in (["FIRST"], ["SECOND"])
        assert left in ([], [["nb"]])
