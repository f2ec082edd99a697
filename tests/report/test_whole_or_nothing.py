"""A report is there whole or the old one stands, whatever happens to the one who writes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bundle_examples import ROOT, digests, is_whole, people, small

import navoutcomes as nav
from navoutcomes.report import folder as folders

HERE = Path(__file__).parent


def program(work: Path, mode: str) -> dict[str, object]:
    """What ``killed_writers.py`` saw."""
    environment = os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, str(HERE / "killed_writers.py"), str(work), mode],
        env=environment, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_writer_that_is_killed_leaves_the_old_report_or_a_whole_new_one(tmp_path: Path) -> None:
    seen = program(tmp_path, "killed")
    for one in seen["outcomes"]:
        assert one["whole"]
        assert one["which"] in (["FIRST"], ["SECOND"])
        assert one["beside"] <= 2, "its workshop and its lock"
    assert any(one["which"] == ["FIRST"] for one in seen["outcomes"])
    for moment, (old, new, died, later) in seen["recovered"].items():
        if moment == "between two renames":
            assert died["which"] == []
        else:
            assert died["whole"], moment
            assert died["which"] == [new if moment == "after the exchange" else old], moment
        assert died["beside"] >= 1, moment
        assert later == {"which": [new], "whole": True, "beside": 0}, moment


def test_a_disk_that_is_full_leaves_the_old_report_and_says_so_without_a_path(tmp_path: Path) -> None:
    seen = program(tmp_path, "full")
    assert seen["key"] in ("cannot_write", "document_failed")
    assert seen["before"] == seen["after"] == {"which": ["FIRST"], "whole": True, "beside": 0}
    assert str(tmp_path) not in seen["text"]
    assert [line.split(":")[0] for line in seen["text"].splitlines()] == [
        "What", "Where", "Why it matters", "What to do",
    ]  # fmt: skip


def test_a_run_that_stops_half_way_leaves_the_old_report_untouched(tmp_path: Path) -> None:
    bundle = small(tmp_path / "r", "old")
    before = digests(bundle)
    for stop in (RuntimeError, KeyboardInterrupt, SystemExit):
        with pytest.raises(stop), nav.Bundle(tmp_path / "r", language="nb", title="new") as report:
            report.add("b", nav.release(people(("a",)).survival_curve()))
            raise stop
    assert digests(bundle) == before
    assert is_whole(bundle)
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["nb"]


def test_a_first_run_that_stops_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), nav.Bundle(tmp_path / "r", language="nb"):
        raise ValueError("stop")
    assert list((tmp_path / "r").iterdir()) == []


def test_a_document_that_fails_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = small(tmp_path / "r", "old")
    before = digests(bundle)

    def broken(*_: object) -> None:
        raise nav.NumericalProblem("document_failed", program="Typst", said="")

    monkeypatch.setattr("navoutcomes.report.bundle.write_pdf", broken)
    with pytest.raises(nav.NumericalProblem):
        small(tmp_path / "r", "new")
    assert digests(bundle) == before
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["nb"]


def test_languages_stand_beside_each_other(tmp_path: Path) -> None:
    first = small(tmp_path / "r", language="nb")
    before = digests(first)
    second = small(tmp_path / "r", language="nn")
    assert digests(first) == before
    assert is_whole(second)


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_reckoned(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "nb").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "r", tmp_path / "taken"):
        with pytest.raises(nav.DataProblem) as refused:
            nav.Bundle(place, language="nb")
        assert refused.value.key == "cannot_write"
        assert len(refused.value.parts("nb")) == 4
        assert str(tmp_path) not in refused.value.text("nb")
    assert (tmp_path / "file").read_text() == (tmp_path / "taken" / "nb").read_text() == "x"


def test_a_disk_that_fills_up_while_a_figure_is_written_is_the_same_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "secret"))

    bundle = small(tmp_path / "r", "old")
    before = digests(bundle)
    for name in ("write_figure", "write_tables", "write_docx", "put_in_place"):
        with monkeypatch.context() as patched:
            patched.setattr(f"navoutcomes.report.bundle.{name}", full)
            with pytest.raises(nav.DataProblem) as refused:
                small(tmp_path / "r", "new")
        assert refused.value.key == "cannot_write"
        assert "secret" not in refused.value.text("en")
        assert digests(bundle) == before


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_stay(tmp_path: Path) -> None:
    place = tmp_path / "r"
    small(place)
    dead, living = place / ".nb.new-999999999", place / f".nb.new-{os.getppid()}"
    for leftover in (dead, living):
        leftover.mkdir()
        (leftover / "half.txt").write_text("x")
    small(place)
    assert not dead.exists()
    assert living.exists()


def test_a_program_that_outlives_its_writer_cannot_bring_a_leftover_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pandoc goes on when its writer is killed, and writes by the folder's name just while it is being emptied."""
    place = tmp_path / "r"
    small(place)
    dead = place / ".nb.new-999999999"
    dead.mkdir()
    (dead / "half.txt").write_text("x")
    remove, tried = os.rmdir, []

    def late(path: str, **how: int) -> None:
        if not tried:
            tried.append(path)
            with contextlib.suppress(FileNotFoundError):
                (dead / "rapport.docx").write_text("late")
        remove(path, **how)

    monkeypatch.setattr(os, "rmdir", late)
    small(place)
    assert tried
    assert [path.name for path in place.iterdir()] == ["nb"]


def test_where_folders_cannot_be_exchanged_the_old_one_is_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    small(tmp_path / "r", "old")
    bundle = small(tmp_path / "r", "newer")
    assert is_whole(bundle)
    assert "newer" in (bundle / "rapport.html").read_text(encoding="utf-8")
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["nb"]


@pytest.mark.parametrize(
    "thing", [people(("a",)).survival_curve(), people(("a",)).flow, people(("a",)).log, 1, "text", None]
)
def test_only_released_results_enter(thing: object, tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "r", language="nb") as report:
        with pytest.raises(nav.DisclosureRefused) as refused:
            report.add("a", thing)
        assert refused.value.key == "not_released"
        assert type(thing).__name__ in refused.value.parts("en")[0]


def test_one_report_has_one_rule(tmp_path: Path) -> None:
    curve = people(("a",)).survival_curve()
    with nav.Bundle(tmp_path / "r", language="nb") as report:
        report.add("a", nav.release(curve))
        with pytest.raises(nav.DesignProblem) as refused:
            report.add("b", nav.release(curve, nav.DisclosurePolicy.preset("ssb")))
        assert refused.value.key == "bundle_two_rules"
    manifest = json.loads((tmp_path / "r/nb/manifest.json").read_text(encoding="utf-8"))
    assert manifest["policy"]["threshold"] == 5
    assert list(manifest["decisions"]) == ["a"]
