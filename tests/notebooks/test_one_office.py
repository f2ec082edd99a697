"""Notebooks 02-04 for one office alone, however small: a report is written, and says what may not be shown and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_notebooks import NOTEBOOKS, outputs, proof_reads, speaks_of_no_effect
from test_notebooks import _offline as _offline

import navoutcomes as nav
from navoutcomes.report.notebook import run
from navoutcomes.report.text_of import text_of

COLUMNS = {
    "02_time_to_job": ("aktivtiltaket", "Kommune"),
    "03_ips_versus_standard": ("ips_and_standard", "NAV-kontor"),
    "04_dropout": ("innsatsgjengen", "Team"),
}
CANNOT = {"nb": "kan ikke vises", "nn": "kan ikkje visast", "en": "cannot be shown"}
SMALL = (("02_time_to_job", "Fræna"), ("04_dropout", "Team 8"))


def offices() -> list[tuple[str, str]]:
    return [
        (notebook, str(office))
        for notebook, (people, column) in COLUMNS.items()
        for office in sorted(nav.synthetic_tables(people)[people][column].unique())
    ]


def reports(notebook: str, office: str, place: Path) -> dict[str, str]:
    """The notebook for one office; the text of its report in each language."""
    book = run(NOTEBOOKS / f"{notebook}.ipynb", {"reports": str(place), "office": office})
    assert not [one for one in outputs(book) if one.output_type == "error"]
    (folder,) = [one for one in place.iterdir() if one.is_dir()]
    texts = {}
    for language in CANNOT:
        speaks_of_no_effect(folder / language)
        proof_reads(folder / language, language)
        assert (folder / language / "rapport.docx").stat().st_size > 10_000
        texts[language] = text_of(folder / language / "rapport.html")
    return texts


@pytest.mark.parametrize(("notebook", "office"), SMALL)
def test_a_small_office_gets_the_report_that_can_be_written(notebook: str, office: str, tmp_path: Path) -> None:
    for language, text in reports(notebook, office, tmp_path).items():
        assert CANNOT[language] in text.replace("\u00a0", " ")
        assert office in text


@pytest.mark.full
@pytest.mark.parametrize(("notebook", "office"), offices())
def test_no_office_ends_without_a_report(notebook: str, office: str, tmp_path: Path) -> None:
    assert all(office in text for text in reports(notebook, office, tmp_path).values())
