"""What the report and the running of notebooks say when they cannot go on, compared whole."""

from __future__ import annotations

from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes.report.notebook import parameters, run
from navoutcomes.texts import LANGUAGES, table

SHARES = nav.from_counts({"job": 147, "no_show": 192, "other": 317}).proportion()


def test_a_result_that_was_not_released_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "r", language="nb") as report, pytest.raises(nav.DisclosureRefused) as refused:
        report.add("andeler", SHARES)
    assert (
        refused.value.text("nb")
        == """Hva: Shares er ikke frigitt.
Hvor: Bundle.add.
Hvorfor det betyr noe: Det som ligger i rapporten, forlater rommet; bare vernede tall kan gjøre det.
Hva du kan gjøre: Bruk bundle.add(navn, nav.release(resultat))."""
    )
    assert refused.value.exit_code == 6


def test_a_name_that_cannot_be_a_file_name_is_refused_without_quoting_it(tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "r", language="nb") as report, pytest.raises(nav.DesignProblem) as refused:
        report.add("../Kari Canary", nav.release(SHARES))
    assert (
        refused.value.text("nn")
        == """Kva: Namnet på figuren eller tabellen kan ikkje brukast som filnamn.
Kvar: Bundle.add(name), 14 teikn.
Kvifor det betyr noko: Eit filnamn må verke på alle maskiner og kan ikkje peike ut av mappa.
Kva du kan gjere: Bruk små bokstavar a–z, tal og bindestrek, høgst 61 teikn: innsatsgjengen-utfall."""
    )


def test_a_folder_that_cannot_be_written_is_told_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "hemmelig").write_text("x")
    with pytest.raises(nav.DataProblem) as refused:
        nav.Bundle(tmp_path / "hemmelig", language="nb")
    what, where, why, fix = refused.value.parts("nb")
    assert what.startswith("Rapporten kan ikke skrives: ")
    assert where == "Mappen til «nb»."
    assert why == "Den gamle rapporten er urørt; ingenting er skrevet."
    assert fix == "Velg en mappe du kan skrive i, og se om disken er full."
    assert "hemmelig" not in refused.value.text("nb")
    assert refused.value.exit_code == 3


def test_two_rules_in_one_report_are_told_apart(tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "r", language="nb") as report:
        report.add("a", nav.release(SHARES))
        with pytest.raises(nav.DesignProblem) as refused:
            report.add("b", nav.release(SHARES, nav.DisclosurePolicy.preset("acro")))
    assert (
        refused.value.text("en")
        == """What: The report has two disclosure rules: the limit 5 and the limit 10.
Where: Bundle.add.
Why it matters: The manifest says by which rule everything in the report is protected, and can only say one.
What to do: Release all results with the same DisclosurePolicy."""
    )


def test_a_misspelt_parameter_is_told_with_those_there_are(tmp_path: Path) -> None:
    notebook = Path(__file__).parents[2] / "notebooks" / "01_innsatsgjengen.ipynb"
    with pytest.raises(nav.DesignProblem) as refused:
        run(notebook, {"report": "x"})
    assert (
        refused.value.text("nb")
        == """Hva: Notatboken har ikke parameteren «report».
Hvor: Kjente parametere: early_extract, extract, language, reports.
Hvorfor det betyr noe: En stavefeil ville ellers kjøre notatboken på standardverdiene i det stille.
Hva du kan gjøre: Bruk -p navn=verdi med et av navnene over."""
    )
    assert refused.value.exit_code == 4


def test_a_notebook_that_is_not_there_and_one_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "b.ipynb").write_text("no json")
    for name, key, said in (
        ("a.ipynb", "notebook_missing", "Notatboka «a.ipynb» finst ikkje."),
        ("b.ipynb", "notebook_unreadable", "«b.ipynb» er ikkje ei notatbok."),
    ):
        with pytest.raises(nav.DataProblem) as refused:
            parameters(tmp_path / name)
        assert (refused.value.key, refused.value.parts("nn")[0]) == (key, said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("result", [name for name in table("words") if name.startswith("result_")])
def test_every_result_has_a_name_that_begins_with_a_capital(result: str, language: str) -> None:
    name = table("words")[result][language]
    assert name[0].isupper()
    assert not name.endswith(".")
