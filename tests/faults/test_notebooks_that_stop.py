"""Notebooks that are interrupted, fail, or are run out of order: nothing half, nothing twice."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes import cli
from navoutcomes.report.notebook import run
from tests.faults.elsewhere import manifest, ran, told
from tests.faults.small_notebook import CELLS, PARAMETERS, project
from tests.report.bundle_examples import digests, is_whole


def test_an_error_in_step_seven_of_twelve_publishes_nothing_and_names_cell_and_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    cells = (*["1"] * 6, "raise ValueError('Kari')", *["open('later.txt', 'w').write('x')"] * 5)
    book = project(tmp_path / "p", cells)
    assert cli.main(["run", str(book), "--language", "nb"]) == 3
    said = caplog.text + capsys.readouterr().out
    assert "celle 15 (den første er 1) – 7. Steg" in said
    assert "Kari" not in said
    assert not (book.parent / "later.txt").exists()
    assert not list((book.parent / "reports").rglob("*"))
    assert all("outputs" not in cell or not cell["outputs"] for cell in json.loads(book.read_text())["cells"])


@pytest.mark.full
def test_a_kernel_started_again_on_the_same_folder_writes_the_same_report(tmp_path: Path) -> None:
    book = project(tmp_path / "p")
    bundle = book.parent / "reports" / "liten" / "nb"
    run(book)
    before, said = digests(bundle), manifest(bundle)
    run(book)
    assert (digests(bundle), manifest(bundle)) == (before, said)
    assert [path.name for path in bundle.parent.iterdir()] == ["nb"]


def test_cells_out_of_order_or_twice_say_what_is_missing_or_give_the_same(tmp_path: Path) -> None:
    book = project(tmp_path / "p")
    names: dict[str, object] = {}
    here = Path.cwd()
    os.chdir(book.parent)
    try:
        exec(PARAMETERS + "\n" + CELLS[0], names)
        with pytest.raises(NameError, match="cohort"):
            exec(CELLS[4], names)
        assert not (book.parent / "reports").exists()
        for cell in (CELLS[1], CELLS[2]):
            exec(cell, names)
        once = names["cohort"].flow
        for cell in (CELLS[2], CELLS[2], CELLS[1], CELLS[2]):
            exec(cell, names)
        assert names["cohort"].flow == once
        assert len(names["cohort"].rows) == 120
        for cell in (*CELLS[3:], CELLS[4]):
            exec(cell, names)
    finally:
        os.chdir(here)
    assert is_whole(book.parent / "reports" / "liten" / "nb")
    report = names["bundle"]
    with pytest.raises(nav.DesignProblem) as refused:
        report.add("igjen", names["mean"])
    assert refused.value.key == "bundle_closed"


INTERRUPTED = """
import json, os, signal, sys, threading
from pathlib import Path
import navoutcomes as nav
from tests.report.bundle_examples import people
# Whoever is started in the background by a shell has been told to take no notice of an interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
cohort, names, place = people(), {"made": "before"}, Path(sys.argv[1])
# Packages are loaded before: Python itself leaves a half module behind when an import is interrupted.
nav.show.survival_curves(cohort.survival_curve(by="group"))._repr_mimebundle_()
state = {name: id(value) for name, value in vars(cohort).items()}
rows, curve = cohort.rows, cohort.survival_curve(by="group").table
stopped, done = None, threading.Event()
def press():
    # Python drops an interrupt that comes while it tidies up; whoever waits presses once more.
    pause = float(sys.argv[2])
    while not done.wait(pause):
        os.kill(os.getpid(), signal.SIGINT)
        pause = 15.0
threading.Thread(target=press, daemon=True).start()
try:
    with nav.Bundle(place, language="nb") as report:
        for turn in range(10_000):
            report.add(f"a{turn}", nav.release(cohort.survival_curve(by="group")))
    names["made"] = "half"
except BaseException as error:
    done.set()
    # Matplotlib, closing a figure file it was writing, may fail on its own after the interrupt.
    stopped = isinstance(error, KeyboardInterrupt) or isinstance(error.__context__, KeyboardInterrupt)
same = {name: id(value) for name, value in vars(cohort).items() if name in state} == state
again = cohort.survival_curve(by="group").table
left = sorted(one.name for one in place.iterdir()) if place.exists() else []
print(json.dumps([stopped, names, same, rows.equals(cohort.rows), curve.equals(again), left]))
"""


@pytest.mark.parametrize("moment", [0.02, pytest.param(0.3, marks=pytest.mark.full), 0.8])
def test_an_interrupt_in_the_middle_leaves_no_half_object_and_the_files_as_before(
    moment: float, tmp_path: Path
) -> None:
    """What JupyterLab's stop button sends is SIGINT; here it comes while a cell of drawing and writing is at work."""
    seen = told(ran(["-c", INTERRUPTED, str(tmp_path / "r"), str(moment)]))
    assert seen == [True, {"made": "before"}, True, True, True, []]
