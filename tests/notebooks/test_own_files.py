"""Notebooks 02-04 on an office's own file: its headings, its words, its last day, and one office alone."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from test_notebooks import NOTEBOOKS
from test_notebooks import _offline as _offline

import navoutcomes as nav
from navoutcomes.report.notebook import run


@dataclass(frozen=True)
class Own:
    """A notebook, the people behind its file, what an office calls things, and one of its offices."""

    notebook: str
    people: str
    headings: dict[str, tuple[str, str]]
    ending: str
    words: dict[str, str]
    meant: dict[str, str]
    office: str
    column: str
    cutoff: str


FILES = (
    Own("02_time_to_job.ipynb", "aktivtiltaket",
        {"Løpenummer": ("Saksnr", "person"), "Gruppe": ("Tilbud", "arm"), "Fra dato": ("Inn", "start"),
         "Til dato": ("Ut", "end"), "Vedtaksdato": ("Dato vedtatt", "decision_date"),
         "Utfall": ("Slik gikk det", "exit_class")},
        "Slik gikk det", {"Arbeid": "Kom i jobb"}, {"Kom i jobb": "job"}, "Fræna", "Kommune", "2020-12-31"),
    Own("03_ips_versus_standard.ipynb", "ips_and_standard",
        {"Løpenummer": ("Saksnr", "person"), "Gruppe": ("Tilbud", "arm"), "NAV-kontor": ("Kontornavn", "office"),
         "Henvist dato": ("Inn", "start"), "Til dato": ("Ut", "end"), "Kjønn": ("K/M", "sex"),
         "Alder ved start": ("Alder da", "age"), "Utfall": ("Slik gikk det", "exit_class")},
        "Slik gikk det", {"Arbeid": "Kom i jobb", "Uføretrygd": "Trygd ufør"},
        {"Kom i jobb": "job", "Trygd ufør": "benefit"},
        "Kontor 3", "office", "2022-12-31"),
    Own("04_dropout.ipynb", "innsatsgjengen",
        {"Løpenummer": ("Saksnr", "person"), "Team": ("Lag", "Team"), "Henvist dato": ("Inn", "start"),
         "Avsluttet dato": ("Ut", "end"), "Kjønn": ("K/M", "sex"), "Avslutningsårsak": ("Slik gikk det", "reason")},
        "Slik gikk det", {"Manglende oppmøte": "Kom ikke"}, {"Kom ikke": "no_show"}, "Team 2", "Team", "2018-06-30"),
)  # fmt: skip


def written(own: Own, place: Path) -> dict[str, str]:
    """The file and its mapping in a folder, as parameters; the day of extraction is not in the file."""
    table = nav.synthetic_tables(own.people)[own.people].drop(columns=["Uttrekksdato", "Datagrunnlag"])
    table = table.rename(columns={header: called for header, (called, _) in own.headings.items()})
    table[own.ending] = table[own.ending].map(lambda word: own.words.get(word, word))
    for header in table.select_dtypes("datetime"):
        table[header] = table[header].dt.strftime("%d.%m.%Y").fillna("")
    table.to_csv(place / "eget.csv", sep=";", index=False, encoding="utf-8-sig")
    lines = ["[columns]", *(f'"{called}" = "{name}"' for called, name in own.headings.values())]
    lines += [f'[words."{own.ending}"]', *(f'"{word}" = "{meant}"' for word, meant in own.meant.items())]
    (place / "kart.toml").write_text("\n".join(lines), encoding="utf-8")
    return {"data": str(place / "eget.csv"), "mapping": str(place / "kart.toml"), "cutoff": own.cutoff}


def until_cohort(own: Own, given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names a notebook has once its people are assembled: its cells run here, without a kernel."""
    names: dict[str, Any] = {}
    monkeypatch.chdir(NOTEBOOKS)
    for cell in nbformat.read(NOTEBOOKS / own.notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", nav.DataWarning)
                exec(cell.source, names)
            names |= given if "parameters" in cell.metadata.get("tags", []) else {}
        if "cohort" in names:
            return names
    raise AssertionError("no cohort")


@pytest.mark.parametrize("own", FILES, ids=lambda own: own.people)
def test_own_headings_words_and_last_day_give_the_same_people(
    own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = until_cohort(own, written(own, tmp_path), monkeypatch)["cohort"]
    ours = until_cohort(own, {}, monkeypatch)["cohort"]
    columns = ["person", "time", "ending"]
    pd.testing.assert_frame_equal(
        theirs.rows[columns].astype({"ending": str}), ours.rows[columns].astype({"ending": str})
    )
    assert not theirs.origin.synthetic


@pytest.mark.parametrize("own", FILES, ids=lambda own: own.people)
def test_one_office_has_its_own_people_and_no_number_of_the_others(
    own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = until_cohort(own, written(own, tmp_path) | {"office": own.office}, monkeypatch)
    every = len(nav.synthetic_tables(own.people)[own.people])
    cohort = names["cohort"]
    assert set(cohort.covariates[own.column]) == {own.office}
    assert 0 < len(cohort.rows) < every
    assert str(every) not in cohort.flow.text() + names["spells"].log.text()


@pytest.mark.full
@pytest.mark.parametrize("own", FILES, ids=lambda own: own.people)
def test_the_whole_notebook_runs_on_an_own_file(own: Own, tmp_path: Path) -> None:
    run(NOTEBOOKS / own.notebook, written(own, tmp_path) | {"reports": str(tmp_path / "r")})
    (folder,) = [path for path in (tmp_path / "r").iterdir() if path.is_dir()]
    html = (folder / "nn/rapport.html").read_text(encoding="utf-8")
    assert "Syntetiske data" not in html
