"""Two who write one report, a reader while it is rewritten, the lock of somebody dead, children of a busy process."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

import navoutcomes as nav
from navoutcomes.release import owner as owners
from navoutcomes.release.owner import born, myself
from navoutcomes.report import bundle as bundles
from navoutcomes.report import folder as folders
from navoutcomes.report import lock as locks
from tests.faults.elsewhere import ran, told
from tests.faults.quick_reports import WRITERS, tiny, words
from tests.report.bundle_examples import is_whole

TWICE = """
import json, os, sys
from pathlib import Path
from tests.report.bundle_examples import is_whole
from tests.faults.quick_reports import quicken, tiny as small
import navoutcomes as nav
place, times = Path(sys.argv[1]), int(sys.argv[2])
quicken()
seen = []
for turn in range(times):
    children = []
    for name in ("FIRST", "SECOND"):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                small(place, f"{name} {turn}"); code = 0
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitpid(child, 0)[1] for child in children]
    text = (place / "nb" / "rapport.html").read_text(encoding="utf-8")
    which = [name for name in ("FIRST", "SECOND") if f"{name} {turn}" in text]
    seen.append([codes, is_whole(place / "nb"), len(which), sorted(p.name for p in place.iterdir())])
print(json.dumps(seen))
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WRITERS:
        monkeypatch.setattr(bundles, name, words)


def together(place: Path, times: int) -> None:
    seen = told(ran(["-c", TWICE, str(place), str(times)]))
    assert len(seen) == times
    for codes, whole, which, left in seen:
        assert (codes, whole, which, left) == ([0, 0], True, 1, ["nb"])


def test_two_writers_of_one_report_come_one_after_the_other(tmp_path: Path) -> None:
    together(tmp_path / "r", 3)


@pytest.mark.full
def test_two_writers_of_one_report_twenty_times(tmp_path: Path) -> None:
    together(tmp_path / "r", 20)


def owner(pid: int, **other: object) -> str:
    mine = replace(myself(), pid=pid, born=born(pid))
    return json.dumps(asdict(mine) | other)


def test_a_lock_of_the_living_is_waited_for_and_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.3)
    bundle = tiny(tmp_path / "r", "old")
    lock = tmp_path / "r" / ".nb.lock"
    # Another process, whose name is used, and the same number on another machine, of which nothing can be known.
    for text in (owner(os.getppid(), started=0.0), owner(999_999_999, machine="another", started=0.0)):
        lock.write_text(text)
        started = time.monotonic()
        with pytest.raises(nav.DataProblem) as refused:
            nav.Bundle(tmp_path / "r", language="nb")
        assert refused.value.key == "report_being_written"
        assert 0.3 <= time.monotonic() - started < 3
        assert str(json.loads(text)["pid"]) in refused.value.text("nb")
        assert "01.01.1970" in refused.value.text("nb") or "31.12.1969" in refused.value.text("nb")
        assert lock.read_text() == text
        assert is_whole(bundle)
    assert locks.PATIENCE <= 30


def test_a_writer_that_is_soon_done_is_waited_for(tmp_path: Path) -> None:
    tiny(tmp_path / "r", "old")
    lock = tmp_path / "r" / ".nb.lock"
    lock.write_text(owner(os.getppid()))
    threading.Timer(0.5, lock.unlink).start()
    assert is_whole(tiny(tmp_path / "r", "new"))


@pytest.mark.parametrize("how", ["killed", "number used again", "half written"])
def test_a_lock_of_the_dead_is_taken_over_with_its_process_and_time(
    how: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owners, "UNREADABLE", 0.2)
    place = tmp_path / "r"
    place.mkdir()
    lock, pid = place / ".nb.lock", os.getppid()
    if how == "killed":
        code = (
            "import os, signal, sys, navoutcomes as nav; nav.Bundle(sys.argv[1], language='nb');"
            "print(os.getpid(), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
        )
        done = ran(["-c", code, str(place)])
        pid = int(done.stdout)
        assert lock.exists()
    else:
        lock.write_text(owner(pid, born="1") if how == "number used again" else "{")
    with caplog.at_level(logging.WARNING, logger="navoutcomes"):
        bundle = tiny(place)
    assert is_whole(bundle)
    assert [path.name for path in place.iterdir()] == ["nb"]
    if how != "half written":
        started = time.strftime("%d.%m.%Y")
        assert f"prosess {pid}" in caplog.text
        assert started[3:] in caplog.text


def test_a_report_begun_twice_in_one_session_does_not_wait_for_itself(tmp_path: Path) -> None:
    nav.Bundle(tmp_path / "r", language="nb")
    started = time.monotonic()
    assert is_whole(tiny(tmp_path / "r"))
    assert time.monotonic() - started < 15
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["nb"]


def test_a_reader_sees_whole_files_during_fifty_rewrites(tmp_path: Path) -> None:
    final = tmp_path / "r" / "nb"
    page = "<html><body>" + "<p>x</p>" * 5000 + "</body></html>"
    stop, seen, wrong = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            for name, parse in (("manifest.json", json.loads), ("rapport.html", ElementTree.fromstring)):
                try:
                    text = (final / name).read_text(encoding="utf-8")
                except FileNotFoundError:
                    # The folder's name led to the old one just as it was removed: a reader opens it again.
                    continue
                try:
                    parse(text)
                    seen.append(name)
                except (ValueError, ElementTree.ParseError) as error:
                    wrong.append(str(error))

    reader = threading.Thread(target=read)
    for turn in range(51):
        made = folders.workshop(final)
        (made / "rapport.html").write_text(page, encoding="utf-8")
        (made / "manifest.json").write_text(json.dumps({"turn": turn, "filling": "x" * 20_000}), encoding="utf-8")
        folders.put_in_place(made, final)
        if turn == 0:
            reader.start()
    stop.set()
    reader.join()
    assert wrong == []
    assert {"manifest.json", "rapport.html"} == set(seen)
    assert json.loads((final / "manifest.json").read_text(encoding="utf-8"))["turn"] == 50


@pytest.mark.full
def test_a_reader_of_real_reports_sees_whole_ones_during_fifty_rewrites(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from tests.report.bundle_examples import small\n"
    code += "for turn in range(50): small(Path(sys.argv[1]), str(turn))"
    bundle = tmp_path / "r" / "nb"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "r")], env=environment)
    read = 0
    while writer.poll() is None:
        try:
            found = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
            page = (bundle / "rapport.html").read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        assert "rapport.html" in found["outputs"]
        assert page.rstrip().endswith("</html>")
        read += 1
    assert writer.returncode == 0
    assert read > 50


def reckoned(seed: int) -> list[float]:
    """Draws, a compiled model and a curve, to the last bit."""
    from tests.report.bundle_examples import people

    cohort = people()
    draws = cohort.bootstrap_restricted_mean(180, by="group", replicates=100, rng=seed).table
    return [*draws["estimate"], *draws["std_error"], *cohort.survival_curve(by="group").table["estimate"]]


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_children_of_a_process_that_has_drawn_and_reckoned_give_the_same_bits(jobs: int) -> None:
    from tests.report.bundle_examples import people

    nav.show.survival_curves(people().survival_curve(by="group"))._repr_mimebundle_()
    own = reckoned(3)
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        found = pool.map(reckoned, [3] * jobs)
    assert all(one == own for one in found)
