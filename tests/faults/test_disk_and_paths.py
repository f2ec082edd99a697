"""Disks that are full, closed or gone, and names that some machines cannot have: whole or nothing, and said at once."""

from __future__ import annotations

import json
import os
import shutil
import time
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest

import navoutcomes as nav
from navoutcomes.report import bundle as bundles
from navoutcomes.report import folder as folders
from navoutcomes.report.names import NAME, RESERVED
from tests.faults.elsewhere import ran, told
from tests.faults.quick_reports import WRITERS, tiny, words
from tests.report.bundle_examples import ROOT, digests, is_whole, people

ODD = "Årsak (nr. 1) – «ø» & co"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WRITERS:
        monkeypatch.setattr(bundles, name, words)


def beside(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir() if path.name != "release-register.json")


def test_a_folder_nobody_may_write_in_is_told_before_anything_is_reckoned(tmp_path: Path) -> None:
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv to be another user")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        "import json, sys, time, navoutcomes as nav\nfrom navoutcomes.report.bundle import Bundle\n"
        "started = time.monotonic()\ntry:\n    nav.Bundle(sys.argv[1], language='en')\n"
        "except nav.DataProblem as p:\n    print(json.dumps([p.key, p.text('en'), time.monotonic() - started]))"
    )
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    done = ran(["-c", code, str(closed / "r")], {"HOME": "/dev/null"}, nobody)
    if done.returncode and "navoutcomes" not in done.stderr:
        pytest.skip("another user may not run this environment")
    key, text, seconds = told(done)
    assert key == "cannot_write"
    assert seconds < 2
    assert str(tmp_path) not in text
    assert beside(closed) == []


def test_a_notebook_is_not_begun_when_its_reports_cannot_be_written(tmp_path: Path) -> None:
    import nbformat

    from navoutcomes.report.notebook import run

    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [
        nbformat.v4.new_code_cell("reports = 'taken'", metadata={"tags": ["parameters"]}, id="a"),
        nbformat.v4.new_code_cell("open('ran.txt', 'w').write('x')", id="b"),
    ]
    nbformat.write(book, tmp_path / "b.ipynb")
    (tmp_path / "taken").write_text("x")
    started = time.monotonic()
    with pytest.raises(nav.DataProblem) as refused:
        run(tmp_path / "b.ipynb")
    assert refused.value.key == "cannot_write"
    assert time.monotonic() - started < 2
    assert beside(tmp_path) == ["b.ipynb", "taken"]


def test_a_folder_deleted_during_the_run_is_said_and_made_again_by_the_next(tmp_path: Path) -> None:
    for gone in (tmp_path / "r", tmp_path / "r" / "nb"):
        tiny(tmp_path / "r")
        with pytest.raises(nav.DataProblem) as refused, nav.Bundle(tmp_path / "r", language="nb") as report:
            report.say("x")
            shutil.rmtree(tmp_path / "r")
            report.add("a", nav.release(people(("a",)).survival_curve()))
        assert refused.value.key == "report_folder_gone", gone
        assert str(tmp_path) not in refused.value.text("nn")
    assert is_whole(tiny(tmp_path / "r"))


@pytest.mark.full
def test_a_disk_with_room_for_one_megabyte_keeps_the_old_report(tmp_path: Path) -> None:
    """The limit is on a file's size, so it binds whoever writes here; the stream of the log is /dev/full as well."""
    code = (
        "import json, resource, sys; from pathlib import Path; from tests.report.bundle_examples import *\n"
        "place = Path(sys.argv[1]); old = small(place, 'old'); before = digests(old)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n    small(place, 'new')\nexcept nav.Problem as p:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "    print(json.dumps([p.key, digests(old) == before, sorted(x.name for x in place.iterdir())]))"
    )
    done = ran(["-c", code, str(tmp_path / "r")])
    key, kept, left = told(done)
    assert key in ("cannot_write", "document_failed")
    assert kept
    assert left == ["nb"]
    full = ran(["-c", "import navoutcomes as nav; nav.Bundle('x' * 300, language='nb')"], cwd=tmp_path)
    assert "Error" in full.stderr or "Problem" in full.stderr
    assert beside(tmp_path) == ["r"]


def test_sixty_four_open_files_are_enough_and_every_file_is_closed(tmp_path: Path) -> None:
    code = (
        "import json, resource, sys; from pathlib import Path\n"
        "from tests.report.bundle_examples import *\n"
        "people(('a',)); resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "import gc; bundle = small(Path(sys.argv[1])); gc.collect(); print(json.dumps(is_whole(bundle)))"
    )
    done = ran(["-X", "dev", "-W", "error::ResourceWarning", "-c", code, str(tmp_path / "r")])
    assert told(done) is True
    assert "ResourceWarning" not in done.stderr


@pytest.mark.parametrize("name", ["æ" * 130, "x" * 256, "a\0b"])
def test_a_name_too_long_for_the_disk_is_a_problem_and_no_crash(name: str, tmp_path: Path) -> None:
    with pytest.raises(nav.Problem) as refused:
        tiny(tmp_path / name)
    assert refused.value.key in ("cannot_write", "report_folder_name")
    assert beside(tmp_path) == []


def test_a_deep_folder_of_odd_letters_is_written_and_read(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*[f"{ODD} {level}" for level in range(12)])
    assert len(str(deep)) > 260
    assert is_whole(tiny(deep))


def test_labels_become_names_that_every_disk_tells_apart() -> None:
    labels = [
        "Kvinne",
        "kvinne",
        "KVINNE",
        "Ørje",
        "Orje",
        "Ålesund",
        "Alesund",
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        ":",
        "*",
    ]
    labels += ["CON", "con", "nul", "NUL", "aux.csv", "COM1", "lpt9", "slutt.", "slutt ", "slutt", "x" * 300, "æ" * 300]
    names = [nav.file_name(label) for label in labels]
    assert len({name.casefold() for name in names}) == len(labels)
    assert all(NAME.fullmatch(name) and name not in RESERVED and len(name) <= 61 for name in names)
    assert nav.file_name("kvinne") == "kvinne"
    assert nav.file_name("Ørje").startswith("orje-")
    for label in labels:
        forms = {nav.file_name(unicodedata.normalize(form, label)) for form in ("NFC", "NFD")}
        assert len(forms) == 1


def test_two_labels_that_differ_by_case_are_two_files_in_the_manifest(tmp_path: Path) -> None:
    curve = nav.release(people(("a",)).survival_curve())
    with nav.Bundle(tmp_path / "r", language="nb") as report:
        for label in ("Kvinne", "kvinne"):
            report.add(nav.file_name(label), curve, drawing="none")
    outputs = json.loads((tmp_path / "r/nb/manifest.json").read_text(encoding="utf-8"))["outputs"]
    tables = [name for name in outputs if name.endswith(".csv")]
    assert len(tables) == len({name.casefold() for name in tables}) == 2


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_a_folder_is_one_however_its_letters_are_stored(stored: str, tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize(stored, "Ålesund")).mkdir()
    for form in ("NFC", "NFD"):
        tiny(tmp_path / unicodedata.normalize(form, "Ålesund"))
    assert len(beside(tmp_path)) == 1


@pytest.mark.parametrize("name", ["CON", "nul", "aux.csv", "COM1", "slutt.", "slutt ", "a:b", "a?b", 'a"b'])
def test_a_folder_no_windows_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.Bundle(tmp_path / name, language="nb")
    assert refused.value.key == "report_folder_name"
    assert beside(tmp_path) == []


@pytest.mark.parametrize(
    "written",
    [r"\\server\felles\Nav Østfold (2024)\Uttrekk åpen", r"C:\Users\Kari Nordmann\OneDrive - Nav\Årsrapport (ny)"],
)
def test_names_from_windows_shares_work_on_every_disk(written: str, tmp_path: Path) -> None:
    parts = [part for part in PureWindowsPath(written).parts if not set(part) & set(":\\")]
    place = tmp_path.joinpath(*parts)
    bundle = tiny(place)
    assert is_whole(bundle)
    data = place / "uttrekk æøå (1).csv"
    data.write_text("Løpenummer;fom;tom\nP-1;01.02.2019;01.03.2019\n", encoding="utf-8")
    assert nav.read(data).origin.names == ("uttrekk æøå (1).csv",)
    assert [unicodedata.normalize("NFC", one.name) for one in place.parent.iterdir()] == [parts[-1]]


def test_a_link_in_the_reports_place_is_refused_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    away = tmp_path / "etc"
    away.mkdir()
    (away / "hosts").write_text("kept")
    (tmp_path / "r").symlink_to(away)
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "nb").symlink_to(away)
    for place in ("r", "q"):
        with pytest.raises(nav.DesignProblem) as refused:
            nav.Bundle(tmp_path / place, language="nb")
        assert refused.value.key == "report_link"
        assert "etc" in refused.value.text("nb")
        assert str(tmp_path) not in refused.value.text("nb")
    bundle = tiny(tmp_path / "s")
    shutil.rmtree(bundle / "figures")
    (bundle / "figures").symlink_to(away)
    (bundle.parent / ".nb.lock").symlink_to(away / "hosts")
    assert is_whole(tiny(tmp_path / "s", "newer"))
    assert beside(away) == ["hosts"]
    assert (away / "hosts").read_text() == "kept"


def held(times: int | None, code: int) -> tuple[object, list[int]]:
    """``os.replace`` as a cloud drive lets it: refused so many times (None: always)."""
    tried: list[int] = []
    replace = os.replace

    def patched(source: Path, target: Path) -> None:
        if not str(target).endswith("_ny"):
            tried.append(1)
            if times is None or len(tried) <= times:
                refused = PermissionError(13, "Access is denied")
                refused.winerror = code
                raise refused
        replace(source, target)

    return patched, tried


@pytest.mark.parametrize("times", [1, 2, 3, 4, 5, 6, None])
def test_a_folder_held_by_a_cloud_drive_is_tried_again_and_then_stood_beside(
    times: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tiny(tmp_path / "r", "old")
    before = digests(tmp_path / "r" / "nb")
    waited: list[float] = []
    patched, tried = held(times, (5, 32, 33)[(times or 0) % 3])
    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    monkeypatch.setattr(folders.time, "sleep", waited.append)
    monkeypatch.setattr(os, "replace", patched)
    with nav.Bundle(tmp_path / "r", language="nb", title="new") as report:
        report.say("x")
        place = report.close()
    assert is_whole(place)
    if times is None:
        assert (place.name, len(tried)) == ("nb_ny", 7)
        assert 2 < sum(waited) < 4
        assert digests(tmp_path / "r" / "nb") == before
        assert "«nb_ny»" in caplog.text
        assert beside(tmp_path / "r") == ["nb", "nb_ny"]
    else:
        # The old one is moved aside, the new one takes its place: two renames, and the refusals.
        assert (place.name, len(tried)) == ("nb", times + 2)
        assert waited == list(folders.PAUSES[:times])
        assert beside(tmp_path / "r") == ["nb"]


def test_a_refusal_that_is_no_cloud_drive_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny(tmp_path / "r", "old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    monkeypatch.setattr(os, "replace", refuse)
    started = time.monotonic()
    with pytest.raises(nav.DataProblem) as refused:
        tiny(tmp_path / "r", "new")
    assert refused.value.key == "cannot_write"
    assert time.monotonic() - started < 10
    assert beside(tmp_path / "r") == ["nb"]
    assert ROOT.exists()
