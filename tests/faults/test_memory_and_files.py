"""Files that change while they are read or have copies beside them, and machines with too little memory."""

from __future__ import annotations

import gc
import resource
import time
import weakref
from pathlib import Path

import numpy as np
import pytest

import navoutcomes as nav
from navoutcomes.records.sources import beside, files
from tests.faults.elsewhere import ran, told
from tests.report.bundle_examples import people

HEAD = "Løpenummer;fom;tom\n"
ROW = "P-{};01.02.2019;01.03.2019\n"


def extract(folder: Path, name: str = "uttrekk.csv") -> Path:
    file = folder / name
    file.write_text(HEAD + "".join(ROW.format(one) for one in range(20)), encoding="utf-8")
    return file


@pytest.mark.parametrize("how", ["rewritten", "replaced", "deleted"])
def test_a_file_that_changes_while_it_is_read_is_refused_with_both_times(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, table = extract(tmp_path), files._table

    def meanwhile(*everything: object) -> object:
        time.sleep(0.02)
        if how == "rewritten":
            file.write_text(HEAD + ROW.format("X") * 20, encoding="utf-8")
        elif how == "replaced":
            extract(tmp_path, "new.csv").replace(file)
        else:
            file.unlink()
        return table(*everything)

    monkeypatch.setattr(files, "_table", meanwhile)
    with pytest.raises(nav.DataProblem) as refused:
        nav.read(file)
    assert refused.value.key == "file_changed"
    assert "«uttrekk.csv»" in refused.value.text("nb")
    facts = refused.value.facts
    assert facts["first"].count(":") == 2
    assert facts["second"] == "-" if how == "deleted" else facts["first"] != facts["second"]


def test_a_file_that_is_empty_and_then_filled_is_refused_and_afterwards_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "uttrekk.csv"
    file.write_bytes(b"")
    read = Path.read_bytes

    def filled(path: Path) -> bytes:
        content = read(path)
        if path == file:
            extract(tmp_path)
        return content

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", filled)
        with pytest.raises(nav.DataProblem) as refused:
            nav.read(file)
    assert refused.value.key in ("file_changed", "file_empty", "file_online_only")
    assert len(nav.read(file).frame) == 20


def test_copies_made_by_cloud_drives_are_told_without_the_names_of_people_or_computers(tmp_path: Path) -> None:
    file = extract(tmp_path)
    assert not [one for one in nav.read(file).log if one.key == "conflict_copies"]
    for innocent in ("uttrekk_2015-12-31.csv", "uttrekk-2019.csv", "uttrekk-nytt.csv", "uttrekk (1).xlsx", "annet.csv"):
        extract(tmp_path, innocent)
    assert not [one for one in nav.read(file).log if one.key == "conflict_copies"]
    for copy in (
        "uttrekk (1).csv",
        "uttrekk-PC123.csv",
        "uttrekk - Kopi.csv",
        "uttrekk (Kari Nordmanns konfliktkopi).csv",
    ):
        extract(tmp_path, copy)
        with pytest.warns(nav.DataWarning, match=r"«uttrekk\.csv» er lest"):
            log = nav.read(file).log
        said = next(one for one in log if one.key == "conflict_copies").text("nb")
        assert "«uttrekk (1).csv»" in said or "«uttrekk….csv»" in said
        assert not {"PC123", "Kari", "Nordmann"} & set(said.replace("-", " ").split())
        (tmp_path / copy).unlink()


def test_a_file_larger_than_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "stor.csv"
    with file.open("wb") as handle:
        handle.write(HEAD.encode())
        handle.truncate(2 * 1024**3 - 1)
    code = (
        "import json, resource, sys, time, pandas, numpy, scipy.stats, openpyxl, navoutcomes as nav; nav.read\n"
        "from navoutcomes.records import extract\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3)); started = time.monotonic()\n"
        "try:\n    nav.read(sys.argv[1])\nexcept nav.DataProblem as p:\n"
        "    print(json.dumps([p.key, p.facts, time.monotonic() - started,"
        " next(int(x.split()[1]) for x in open('/proc/self/status') if 'VmHWM' in x)]))"
    )
    key, facts, seconds, kilobytes = told(ran(["-c", code, str(file)]))
    assert key == "file_needs_memory"
    assert facts["file"] == "stor.csv"
    assert facts["needed"] > facts["size"] == 2048
    assert facts["allowed"] < 3 * 1024
    assert seconds < 2
    assert kilobytes < 700_000


def test_the_memory_that_is_asked_for_is_less_than_what_reading_takes(tmp_path: Path) -> None:
    """Nobody is refused who could have read the file: the estimate lies below the peak."""
    small, large = tmp_path / "a.csv", tmp_path / "b.csv"
    for file, rows in ((small, 100), (large, 600_000)):
        with file.open("w", encoding="utf-8") as handle:
            handle.write(HEAD)
            handle.writelines(ROW.format(one) for one in range(rows))
    code = (
        "import json, sys, warnings; warnings.simplefilter('ignore'); import navoutcomes as nav\n"
        "def peak(): return next(int(x.split()[1]) * 1024 for x in open('/proc/self/status') if 'VmHWM' in x)\n"
        "nav.read(sys.argv[1]); before = peak(); nav.read(sys.argv[2]); print(json.dumps(peak() - before))"
    )
    assert told(ran(["-c", code, str(small), str(large)])) > beside.FACTOR * large.stat().st_size


def test_too_little_memory_in_a_fit_is_said_and_nothing_half_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = people()
    before = set(vars(cohort))

    def short(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        for name in ("solve", "inv", "cholesky", "eigh", "qr", "lstsq", "pinv"):
            patched.setattr(np.linalg, name, short)
        for name in ("solve", "cho_factor", "cho_solve", "inv", "solve_triangular"):
            patched.setattr(f"scipy.linalg.{name}", short)
        with pytest.raises(nav.NumericalProblem) as refused:
            cohort.cox([nav.Category("group", reference="a")])
    assert refused.value.key == "memory_short"
    assert len(refused.value.parts("nn")) == 4
    assert refused.value.__cause__ is None and refused.value.__context__ is None
    assert {name for name in vars(cohort) if "model" in name or "fit" in name} <= before
    assert np.isfinite(cohort.cox([nav.Category("group", reference="a")]).table["estimate"]).all()


def drawn_and_forgotten(number: int) -> tuple[int, float]:
    """Figures alive after so many were drawn, and megabytes that memory grew by since the first few."""
    import matplotlib.pyplot as plt

    curve, alive, start = people().survival_curve(by="group"), [], 0
    for turn in range(number):
        # Figures hang together in rings, which Python lets go of now and then: what lies in wait for it is no leak.
        gc.collect()
        start = resident() if turn == 5 else start
        axes = nav.show.survival_curves(curve)
        axes._repr_mimebundle_()
        alive.append(weakref.ref(axes.sheet))
        del axes
    gc.collect()
    assert plt.get_fignums() == []
    return sum(one() is not None for one in alive), (resident() - start) / 1024**2


def resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def test_figures_are_forgotten_when_nobody_holds_them() -> None:
    alive, grown = drawn_and_forgotten(12)
    assert alive == 0
    assert grown < 50


@pytest.mark.full
def test_two_hundred_figures_leave_no_memory_behind() -> None:
    alive, grown = drawn_and_forgotten(200)
    assert alive == 0
    assert grown < 50
