"""navoutcomes new: a notebook and invented people beside it, for any office's file, and nothing is overwritten."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes import cli
from navoutcomes.report.notebook import parameters, run
from navoutcomes.texts import LANGUAGES, use_language

MAPPING = """
[columns]
"Saksnr" = "person"
"Tilbud" = "arm"
"Kontornavn" = "office"
"Inn" = "start"
"Ut" = "end"
"Slik gikk det" = "exit_class"

[words."Slik gikk det"]
"Kom i jobb" = "job"
"Trygd" = "benefit"
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    yield
    use_language("nb")


def made(*arguments: str) -> int:
    return cli.main(["new", *arguments])


def refused(caplog: pytest.LogCaptureFixture, *arguments: str) -> tuple[int, str]:
    with caplog.at_level(logging.INFO, logger="navoutcomes"):
        code = made(*arguments)
    return code, "\n".join(one.getMessage() for one in caplog.records)


def own_file() -> None:
    """An office's file with its own headings and words, and without the day it was read."""
    table = nav.synthetic_tables("ips_and_standard")["ips_and_standard"]
    own = pd.DataFrame(
        {
            "Saksnr": [f"sak {at:04d}" for at in range(len(table))],
            "Tilbud": table["Gruppe"].map({"IPS": "Jobbstøtte", "Standard oppfølging": "Vanlig"}),
            "Kontornavn": table["NAV-kontor"].str[-1].astype(int).map(lambda at: "Nav Storby" if at > 3 else "Nav Nes"),
            "Inn": table["Henvist dato"].dt.strftime("%d.%m.%Y"),
            "Ut": table["Til dato"].dt.strftime("%d.%m.%Y").fillna(""),
            "Slik gikk det": table["Utfall"].map({"Arbeid": "Kom i jobb", "Uføretrygd": "Trygd", "Annet": "Annet"}),
            "Poeng": range(1000, 1000 + len(table)),
        }
    )
    own.to_csv("eget.csv", sep=";", index=False, encoding="utf-8")
    Path("eget.mapping.toml").write_text(MAPPING, encoding="utf-8")


def protocol_of(name: str) -> str:
    cells = nbformat.read(name, as_version=4).cells
    return next(cell.source for cell in cells if cell.source.startswith("protocol = "))


@pytest.mark.parametrize("design", ["job", "ips", "dropout"])
def test_a_new_evaluation_is_a_clean_notebook_with_invented_people_beside_it(design: str) -> None:
    assert made("Min evaluering", "--design", design) == 0
    assert sorted(path.name for path in Path().iterdir()) == [
        "min-evaluering-syntetiske-data.csv",
        "min-evaluering.ipynb",
    ]
    book = nbformat.read("min-evaluering.ipynb", as_version=4)
    assert not [cell for cell in book.cells if cell.cell_type == "code" and (cell.outputs or "def " in cell.source)]
    for cell in book.cells:
        if cell.cell_type == "code":
            compile(cell.source, "cell", "exec")
    assert {"data", "mapping", "office", "cutoff", "months", "goal", "reports", "language"} <= set(
        parameters("min-evaluering.ipynb")
    )
    assert nav.read("min-evaluering-syntetiske-data.csv").origin.synthetic


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebook_speaks_the_language_asked_for(language: str) -> None:
    assert made("x", "--design", "dropout", "--language", language) == 0
    title = nbformat.read("x.ipynb", as_version=4).cells[0].source.splitlines()[0]
    words = {"nb": "sluttet å møte", "nn": "slutta å møte", "en": "stopped coming"}
    assert words[language] in title
    assert parameters("x.ipynb")["language"] == language


def test_it_runs_at_once_and_its_report_says_that_the_people_are_invented() -> None:
    assert made("frafall", "--design", "dropout", "--goal", "25 %") == 0
    book = run("frafall.ipynb")
    shown = [one for cell in book.cells if cell.cell_type == "code" for one in cell.outputs]
    assert shown[-1]["text"].strip() == "Rapporten ligger i reports/frafall/nb"
    html = Path("reports/frafall/nb/rapport.html").read_text(encoding="utf-8")
    assert "Syntetiske data" in html
    assert Path("reports/frafall/nb/tables/maal.csv").exists()
    assert Path("reports/frafall/nb/tables/hvem.csv").exists()


def test_an_own_file_gives_its_columns_and_words_and_none_of_its_people() -> None:
    own_file()
    assert made("ips", "--design", "ips", "--data", "eget.csv", "--mapping", "eget.mapping.toml") == 0
    asked = protocol_of("ips.ipynb")
    assert "nav.Arms('arm', reference=reference)" in asked
    assert parameters("ips.ipynb")["reference"] == "Vanlig"
    invented = nav.read("ips-syntetiske-data.csv")
    assert invented.origin.synthetic
    assert set(invented.frame["arm"]) == {"Jobbstøtte", "Vanlig"}
    assert not set(invented.frame["person"]) & {f"sak {at:04d}" for at in range(400)}
    assert "Storby" not in Path("ips-syntetiske-data.csv").read_text(encoding="cp1252")
    assert invented.frame["Poeng"].max() < 1000
    assert nav.Spells.from_extract(invented).frame["exit_class"].isin(["job", "benefit", "other"]).sum() > 100


def test_one_office_alone_gets_its_own_rows_in_a_folder_of_its_own() -> None:
    own_file()
    assert made("x", "--design", "dropout", "--outcome", "benefit", "--months", "24", "--adjust", "-",
                "--data", "eget.csv", "--mapping", "eget.mapping.toml") == 0  # fmt: skip
    given = {"data": "eget.csv", "mapping": "eget.mapping.toml", "cutoff": "2022-12-31", "office": "Nav Storby"}
    run("x.ipynb", given)
    (folder,) = [path for path in Path("reports").iterdir() if path.is_dir()]
    assert folder.name.startswith("x-nav-storby")
    html = (folder / "nb/rapport.html").read_text(encoding="utf-8")
    assert "Syntetiske data" not in html
    assert "268" not in html[html.index("<body") :].split("base64")[0]


def test_answers_as_options_stand_in_the_protocol() -> None:
    who = "Alder ved start = 18..24; Kommune = Eide, Fræna"
    assert made("x", "--design", "job", "--question", "Kom de i jobb?", "--who", who, "--time-zero", "Vedtaksdato",
                "--arm", "Gruppe", "--reference", "aktivtiltaket", "--outcome", "job", "--months", "9,3",
                "--cutoff", "31.12.2020", "--adjust", "Kjønn", "--goal", "40") == 0  # fmt: skip
    asked, given = protocol_of("x.ipynb"), parameters("x.ipynb")
    assert "'Kom de i jobb?'" in asked
    assert "nav.Between('age', 18, 24), nav.OneOf('Kommune', 'Eide', 'Fræna')" in asked
    assert "time_zero='decision_date'" in asked
    assert "outcome={'job': ('job',)}" in asked
    assert "adjust_for=(nav.Category('sex', reference=" in asked
    assert (given["reference"], given["months"], given["goal"]) == ("Aktivtiltaket", [3, 9], 0.4)
    assert given["cutoff"] == "2020-12-31"


def test_the_terminal_is_asked_and_a_wrong_answer_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = io.StringIO("Hvem slutter?\n\nLøpenummer\n\n\n3\n\n-\n\n")
    typed.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)
    assert made("x", "--design", "dropout") == 0
    said = capsys.readouterr().out
    assert "inneholder ikke datoer" in said
    assert said.count("Hvilken dato regnes tiden fra?") == 2
    assert "'Hvem slutter?'" in protocol_of("x.ipynb")
    assert parameters("x.ipynb")["months"] == [3]


@pytest.mark.parametrize("name", ["../x", "con", "a/b", "", "x" * 70, ".x"])
def test_a_name_no_file_can_have_is_refused(name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert refused(caplog, name, "--design", "job")[0] == 4
    assert list(Path().iterdir()) == []


def test_nothing_is_overwritten(caplog: pytest.LogCaptureFixture) -> None:
    Path("x-syntetiske-data.csv").write_text("mitt")
    code, said = refused(caplog, "x", "--design", "job")
    assert code == 3
    assert "x-syntetiske-data.csv" in said
    assert [path.read_text() for path in Path().iterdir()] == ["mitt"]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--outcome", "jobb", "Utfallet «jobb»"),
        ("--arm", "Kommunen", "«Kommunen»"),
        ("--arm", "Tiltak", "1 grupper"),
        ("--reference", "Ingen", "Ingen gruppe heter"),
        ("--months", "et år", "ikke måneder"),
        ("--cutoff", "31.13.2020", "ingen dato"),
        ("--goal", "150", "mål i prosent"),
        ("--who", "alder over 30", "ikke leses som et vilkår"),
        ("--who", "Kommune = Oslo", "«Oslo»"),
        ("--who", "Kommune = 1..3", "verken tall eller datoer"),
        ("--time-zero", "Kommune", "ikke datoer"),
    ],
)
def test_an_answer_that_cannot_be_asked_of_the_file_is_refused_in_four_parts(
    option: str, value: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    code, said = refused(caplog, "x", "--design", "job", option, value)
    assert code == 4
    assert words in said
    assert len(said.splitlines()) == 4
    assert list(Path().iterdir()) == []
