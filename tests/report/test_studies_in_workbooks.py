"""A workbook calls studies and rows of a meta-analysis in the reader's language; the csv beside it keeps the codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

import navoutcomes as nav
from navoutcomes.report.tables import write_csv, write_xlsx

WORDS = {
    "nb": ("Affektive lidelser", "studie", "prediksjonsintervall", "Egne tall: IPS mot Standard"),
    "nn": ("Affektive lidingar", "studie", "prediksjonsintervall", "Eigne tal: IPS mot Standard"),
    "en": ("Affective disorders", "study", "prediction interval", "Own numbers: IPS against Standard"),
}


@pytest.mark.parametrize("language", WORDS)
def test_studies_are_named_in_the_language(language: str, tmp_path: Path) -> None:
    own = nav.two_by_two(61, 150, 45, 150, names=("IPS", "Standard"))
    result = nav.release(nav.meta_analysis(nav.published_studies("supported_employment"), own=own))
    write_xlsx(result, "Studier", (), tmp_path / "s.xlsx", language)
    write_csv(result, tmp_path / "s.csv", language)
    rows = list(load_workbook(tmp_path / "s.xlsx").active.values)[3:]
    groups, kinds = {row[0] for row in rows}, {row[1] for row in rows}
    study, kind, ahead, mine = WORDS[language]
    assert study in groups and mine in groups
    assert {kind, ahead} <= kinds
    assert ",study," in (tmp_path / "s.csv").read_text(encoding="utf-8")
