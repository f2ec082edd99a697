"""Protection turned off makes a draft, which nobody can take for a report; a refusal at the gate leaves nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pikepdf
import pytest

import navoutcomes as nav
from tests.faults.elsewhere import ran
from tests.report.bundle_examples import people, small

MARK = {"nb": "Internt utkast", "nn": "Internt utkast", "en": "Internal draft"}


def draft(folder: Path, language: str) -> Path:
    curve = people().survival_curve(by="group")
    with nav.Bundle(folder, language=language, title="Prøve", draft=True) as report:
        report.add("kurve", curve, at=182)
        report.add("frigitt", nav.release(curve), at=182)
        report.add("flyt", people().flow)
        report.add("logg", people().log)
    return report._final


@pytest.mark.parametrize("language", ["nb", *(pytest.param(one, marks=pytest.mark.full) for one in ("nn", "en"))])
def test_every_file_page_figure_and_name_of_a_draft_says_so(language: str, tmp_path: Path) -> None:
    bundle, mark = draft(tmp_path / "r", language), MARK[language]
    assert bundle.name == f"internt-utkast-{language}"
    said = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    assert said["draft"] is True
    assert said["title"].startswith(f"{mark}: ")
    files = [path for path in bundle.rglob("*") if path.is_file() and path.name != "manifest.json"]
    assert len(files) > 10
    assert all(path.name.startswith("internt-utkast-") for path in files)
    pages = (bundle / "internt-utkast-rapport.html").read_text(encoding="utf-8")
    assert pages.count(mark) > 5
    assert f"<title>{mark}" in pages
    for figure in (bundle / "figures").glob("*.pdf"):
        with pikepdf.open(figure) as document:
            drawn = document.pages[0].Contents.read_bytes()
        assert drawn
    for table in (bundle / "tables").glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as handle:
            assert {row["status"] for row in csv.DictReader(handle)} == {mark}
    for table in (bundle / "tables").glob("*.xlsx"):
        assert mark in str(openpyxl.load_workbook(table).active["A1"].value)
    with pikepdf.open(bundle / "internt-utkast-rapport.pdf") as document:
        assert str(document.docinfo["/Title"]).startswith(mark)


def test_figures_of_a_draft_bear_the_mark_whether_released_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: dict[str, list[str]] = {}
    from navoutcomes.report import bundle as bundles

    write = bundles.write_figure

    def look(axes: object, folder: Path, name: str) -> object:
        every = [one.get_text() for one in axes.sheet.findobj(lambda one: hasattr(one, "get_text"))]
        texts[name] = every
        return write(axes, folder, name)

    monkeypatch.setattr(bundles, "write_figure", look)
    draft(tmp_path / "r", "nb")
    assert len(texts) == 3
    for name, every in texts.items():
        assert any("Internt utkast" in one for one in every), name


def test_a_draft_and_a_report_stand_beside_each_other_and_only_one_takes_what_is_not_released(tmp_path: Path) -> None:
    report = small(tmp_path / "r")
    made = draft(tmp_path / "r", "nb")
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["internt-utkast-nb", "nb"]
    assert not {path.name for path in made.rglob("*.*")} & {path.name for path in report.rglob("*.*")} - {
        "manifest.json"
    }
    assert json.loads((report / "manifest.json").read_text(encoding="utf-8"))["draft"] is False
    with nav.Bundle(tmp_path / "q", language="nb") as strict:
        with pytest.raises(nav.DisclosureRefused) as refused:
            strict.add("kurve", people().survival_curve())
        assert refused.value.key == "not_released"


@pytest.mark.parametrize(
    "answer", [nav.DisclosureRefused("share_of_few", threshold=5), RuntimeError("gate"), MemoryError()]
)
def test_a_no_or_an_error_at_the_gate_leaves_nothing_in_the_folder(
    answer: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve = people().survival_curve(by="group")

    def gate(*_: object, **__: object) -> None:
        raise answer

    monkeypatch.setattr(nav, "release", gate)
    with pytest.raises(type(answer)), nav.Bundle(tmp_path / "r", language="nb") as report:
        report.say("Før porten.")
        report.add("kurve", nav.release(curve))
    assert list((tmp_path / "r").iterdir()) == []


def test_the_command_is_listed_and_speaks_each_language() -> None:
    for language, words in (
        ("nb", "lag en rapport på nytt"),
        ("nn", "lag ein rapport på nytt"),
        ("en", "make a report"),
    ):
        done = ran(["-m", "navoutcomes", "--help"], {"NAVOUTCOMES_LANGUAGE": language, "COLUMNS": "200"})
        assert done.returncode == 0
        assert words in done.stdout
