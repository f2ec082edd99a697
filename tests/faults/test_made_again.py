"""A report made again: the same to the last byte, or what differs and why, without a number or a path in it."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

import navoutcomes as nav
from navoutcomes import cli
from navoutcomes.report import notebook as notebooks
from navoutcomes.report import reproduce as again
from navoutcomes.report.notebook import run
from navoutcomes.report.provenance import RUN, told
from navoutcomes.texts import LANGUAGES
from tests.faults.elsewhere import manifest
from tests.faults.small_notebook import project
from tests.report.bundle_examples import digests, is_whole


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose report was written by a real run."""
    book = project(tmp_path_factory.mktemp("project"))
    run(book)
    return book.parent


@pytest.fixture
def place(first: Path, tmp_path: Path) -> Path:
    """The same project on another machine, with the report it was sent with."""
    return Path(shutil.copytree(first, tmp_path / "elsewhere" / "prosjekt"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells in this process instead of a kernel's: what is compared here is not how they are run."""

    def cells(path: Path, given: dict[str, str], progress: object = None) -> None:
        book = nbformat.read(path, as_version=4)
        code = notebooks._code(book)
        notebooks._apply(book, path, given)
        chosen = notebooks._values(notebooks._tagged(book))
        monkeypatch.setenv(RUN, told(path, code, chosen))
        monkeypatch.chdir(path.parent)
        names: dict[str, object] = {}
        for cell in notebooks._code(book):
            exec(cell, names)

    monkeypatch.setattr(again, "run", cells)


def changed(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """A manifest as another environment would have written it."""
    file = bundle / "manifest.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    change(found)
    file.write_text(json.dumps(found), encoding="utf-8")


def keys(made: nav.Reproduction) -> list[str]:
    return [key for key in made.findings.keys() if key not in ("code_differs", "numbers_unmoved")]  # noqa: SIM118


def test_s8_the_same_input_and_code_give_the_same_bytes_and_the_log_lists_versions(
    place: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    bundle = place / "reports" / "liten" / "nb"
    before = digests(bundle)
    assert {Path(name).suffix for name in before} >= {".csv", ".docx", ".html", ".pdf", ".xlsx"}
    with caplog.at_level(logging.INFO, logger="navoutcomes"):
        code = cli.main(["reproduce", str(bundle), "--language", "nb"])
    shown = capsys.readouterr().out
    assert code == 0, shown + caplog.text
    assert "er lik, byte for byte" in shown
    assert digests(bundle) == before
    assert is_whole(bundle)
    found = manifest(bundle)
    assert {"python", "platform", "numpy", "scipy", "pandas", "navoutcomes", "typst"} <= set(found["versions"])
    assert found["run"]["notebook"] == "liten.ipynb"
    assert found["run"]["parameters"] == {"extract": "data/uttrekk.csv", "horizon": 180, "language": "nb"}
    assert found["data"][0]["name"] == "uttrekk.csv"
    assert len(found["data"][0]["sha256"]) == 64


def test_no_place_on_the_machine_stands_in_the_manifest(first: Path, tmp_path: Path) -> None:
    text = (first / "reports/liten/nb/manifest.json").read_text(encoding="utf-8")
    assert str(first) not in text
    assert first.name not in text
    assert '"reports"' not in text
    kept = {"a": "data/x.csv", "b": "../x.csv", "c": "/srv/kari/x.csv", "d": r"C:\Users\Kari\x.csv", "e": "~/x.csv"}
    kept |= {"f": r"\\server\felles\x.csv", "g": 4, "h": None, "i": ["a"], "j": "bare ord", "k": "a/b", "reports": "/x"}
    book = project(tmp_path / "p")
    said = json.loads(told(book, ["1"], kept))
    assert said["parameters"] == {"a": "data/x.csv", "g": 4, "h": None, "i": ["a"], "j": "bare ord", "k": "a/b"}
    assert said["withheld"] == ["b", "c", "d", "e", "f"]
    deeper = book.parent / "notebooks" / "liten.ipynb"
    assert json.loads(told(deeper, ["1"], {"b": "../data/x.csv"}))["notebook"] == "notebooks/liten.ipynb"
    assert json.loads(told(deeper, ["1"], {"b": "../data/x.csv"}))["parameters"] == {"b": "../data/x.csv"}


@pytest.mark.usefixtures("quick")
def test_changed_data_are_named_by_checksum_and_the_numbers_that_moved_by_place(place: Path) -> None:
    data, bundle = place / "data" / "uttrekk.csv", place / "reports" / "liten" / "nb"
    old = manifest(bundle)["data"][0]["sha256"]
    text = data.read_text(encoding="utf-8")
    later = "".join(f"P-{one};01.01.2019;01.12.2019;Arbeid\n" for one in range(200, 240))
    data.write_text(text + later, encoding="utf-8")
    made = again.reproduce(bundle)
    assert made.same is False
    assert {"not_reproduced", "report_older", "input_differs", "table_moved", "files_differ"} <= set(keys(made))
    assert (made.moved[0].table, made.moved[0].column) == ("snitt", made.moved[0].column)
    assert 0 < made.moved[0].largest < 1
    for language in LANGUAGES:
        said = made.findings.text(language)
        assert "uttrekk.csv" in said
        assert old[:12] in said
        assert str(place) not in said
        for row in (bundle / "tables" / "snitt.csv").read_text(encoding="utf-8").splitlines()[1:]:
            assert not [cell for cell in row.split(",") if "." in cell and cell in said]


@pytest.mark.usefixtures("quick")
def test_another_package_is_named_with_both_versions_and_that_no_number_moved(place: Path) -> None:
    bundle = place / "reports" / "liten" / "nb"
    now = manifest(bundle)["versions"]["numpy"]
    changed(bundle, lambda found: found["versions"].update(numpy="1.0.0"))
    made = again.reproduce(bundle)
    assert made.same is True
    assert keys(made) == ["reproduced", "package_differs"]
    assert {"numpy", "1.0.0", now} <= set(made.findings.text("en").replace(",", " ").replace(":", " ").split())
    assert "numbers_unmoved" in made.findings.keys()  # noqa: SIM118


@pytest.mark.usefixtures("quick")
def test_another_package_and_numbers_that_moved_are_told_together(place: Path) -> None:
    bundle = place / "reports" / "liten" / "nb"
    table = bundle / "tables" / "snitt.csv"
    head, row = table.read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("estimate")
    cells = row.split(",")
    cells[at] = f"{float(cells[at]) * (1 + 2e-4):.8g}"
    table.write_text(f"{head}\n{','.join(cells)}\n", encoding="utf-8")
    from navoutcomes.report.manifest import digest

    def older(found: dict[str, Any]) -> None:
        found["outputs"]["tables/snitt.csv"] = digest(table)
        found["versions"]["scipy"] = "1.0"
        found["seeds"] = {"snitt": 4}

    changed(bundle, older)
    made = again.reproduce(bundle)
    assert made.same is False
    assert keys(made) == ["not_reproduced", "package_differs", "seed_differs", "table_moved", "files_differ"]
    (moved,) = made.moved
    assert (moved.table, moved.cells, moved.row, moved.column) == ("snitt", 1, 1, "estimate")
    assert moved.largest == pytest.approx(2e-4, rel=1e-2)


@pytest.mark.usefixtures("quick")
def test_changed_code_and_an_edited_file_are_told(place: Path) -> None:
    bundle, book = place / "reports" / "liten" / "nb", place / "liten.ipynb"
    (bundle / "rapport.html").write_text("edited", encoding="utf-8")
    found = nbformat.read(book, as_version=4)
    found.cells[-1]["source"] += "  # a remark"
    nbformat.write(found, book)
    made = again.reproduce(bundle)
    assert made.same is True, "the new report is what the manifest promises"
    assert {"report_file_edited", "notebook_differs", "report_older"} <= set(keys(made))


def test_a_report_older_than_its_data_or_code_says_so_with_dates(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, data = place / "reports" / "liten" / "nb", place / "data" / "uttrekk.csv"
    for file in (bundle / "manifest.json", data, place / "liten.ipynb"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    assert cli.main(["reproduce", str(bundle), "--look"]) == 0
    assert "Verken data eller notatbok" in capsys.readouterr().out
    os.utime(data, (1_710_000_000, 1_710_000_000))
    assert cli.main(["reproduce", str(bundle), "--look"]) == 1
    shown = capsys.readouterr().out
    assert (
        shown.startswith("! RAPPORTEN ER ELDRE ENN «uttrekk.csv»: rapporten er fra 14.11.2023") or "15.11.2023" in shown
    )
    assert "09.03.2024" in shown or "10.03.2024" in shown
    assert "samme innhold" in shown
    data.write_text(data.read_text(encoding="utf-8") + "P-999;01.01.2019;01.02.2019;Arbeid\n", encoding="utf-8")
    made = nav.reproduce(bundle, rerun=False)
    assert (made.same, keys(made)) == (None, ["report_older"])


def test_what_cannot_be_made_again_says_why(place: Path, tmp_path: Path) -> None:
    bundle = place / "reports" / "liten" / "nb"
    refusals = {
        "reproduce_no_manifest": lambda: shutil.rmtree(place / "reports"),
        "reproduce_no_notebook": (place / "liten.ipynb").unlink,
        "reproduce_withheld": lambda: changed(bundle, lambda one: one["run"].update(withheld=["months"])),
        "reproduce_unknown_run": lambda: changed(bundle, lambda one: one.update(run={})),
    }
    for key in reversed(refusals):
        kept = (bundle / "manifest.json").read_bytes()
        refusals[key]()
        with pytest.raises(nav.Problem) as refused:
            nav.reproduce(bundle)
        assert refused.value.key == key
        assert all(str(place) not in part for part in refused.value.parts("nn"))
        if bundle.exists() and key != "reproduce_no_notebook":
            (bundle / "manifest.json").write_bytes(kept)
    without = project(tmp_path / "q", parameters="x = 1")
    changed_parameters = {"notebook": "liten.ipynb", "sha256": "", "parameters": {}, "withheld": []}
    other = tmp_path / "q" / "nb"
    other.mkdir()
    (other / "manifest.json").write_text(json.dumps({
        "title": "", "name": "liten", "language": "nb", "draft": False, "data": [], "outputs": {},
        "run": changed_parameters,
    }))  # fmt: skip
    with pytest.raises(nav.DesignProblem) as refused:
        nav.reproduce(other, notebook=without)
    assert refused.value.key == "reproduce_no_folder"
