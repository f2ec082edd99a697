"""The command line: the result on stdout, the log on stderr, one clear message, and exit codes that say what kind."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from bundle_examples import EXTRACT

from navoutcomes import cli
from navoutcomes.errors import NumericalProblem
from navoutcomes.texts import ENGLISH_QUOTES, LANGUAGES, use_language

LABELS = {
    "nb": ["Hva", "Hvor", "Hvorfor det betyr noe", "Hva du kan gjøre"],
    "nn": ["Kva", "Kvar", "Kvifor det betyr noko", "Kva du kan gjere"],
    "en": ["What", "Where", "Why it matters", "What to do"],
}
NAME = "Kari Canary"


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    yield
    use_language("nb")


def ran(arguments: list[str], caplog: pytest.LogCaptureFixture) -> tuple[int, str]:
    """Exit code and what was logged."""
    with caplog.at_level(logging.INFO, logger="navoutcomes"):
        code = cli.main(arguments)
    said = "\n".join(one.getMessage() for one in caplog.records if one.name == "navoutcomes")
    caplog.clear()
    return code, said


def notebook(folder: Path, *cells: str, parameters: str = "") -> Path:
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    if parameters:
        book.cells.append(nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="p0"))
    book.cells += [nbformat.v4.new_code_cell(cell, id=f"c{place}") for place, cell in enumerate(cells)]
    place = folder / "tiny.ipynb"
    nbformat.write(book, place)
    return place


def test_help_names_the_commands_in_the_language_asked_for() -> None:
    for language, words in (("nb", "kjør en notatbok"), ("nn", "køyr ei notatbok"), ("en", "run a notebook")):
        done = subprocess.run(
            [sys.executable, "-m", "navoutcomes", "--help"],
            env={"NAVOUTCOMES_LANGUAGE": language, "PATH": "", "COLUMNS": "200"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        assert words in done.stdout
        assert "check" in done.stdout
        assert done.stderr == ""


def test_no_command_is_misuse_and_help_of_a_command_speaks_its_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([])
    assert stopped.value.code == 2
    with pytest.raises(SystemExit) as stopped:
        cli.main(["run", "--language", "en", "--help"])
    assert stopped.value.code == 0
    assert "a parameter, may be repeated" in capsys.readouterr().out


@pytest.fixture(autouse=True)
def _away(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """``check`` writes a mapping to edit where it is called."""
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))


@pytest.mark.parametrize("pair", ["language", "=nb", "="])
def test_a_parameter_that_is_no_pair_is_misuse(pair: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    code, said = ran(["run", str(notebook(tmp_path, "1")), "-p", pair], caplog)
    assert code == 2
    assert "-p navn=verdi" in said


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_missing_file_is_misuse_and_named_without_its_path(
    command: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    code, said = ran([command, str(tmp_path / "borte.ipynb"), "--language", "nn"], caplog)
    assert (code, said) == (2, "Fila «borte.ipynb» finst ikkje.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named(
    language: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book = notebook(tmp_path, "raise SystemExit", parameters="language = 'nb'\nhorizon = 365")
    code, said = ran(["run", str(book), "-p", "horizn=3", "--language", language], caplog)
    assert code == 4
    assert [line.split(":")[0] for line in said.splitlines()] == LABELS[language]
    assert "horizn" in said.splitlines()[0]
    assert "horizon, language" in said.splitlines()[1]


def test_a_parameter_of_another_kind_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    code, said = ran(["run", str(notebook(tmp_path, "1", parameters="horizon = 365")), "-p", "horizon=late"], caplog)
    assert code == 4
    assert "«horizon»" in said
    code, _ = ran(["run", str(notebook(tmp_path, "1", parameters="made = open('x')")), "-p", "made=1"], caplog)
    assert code == 4


def test_a_notebook_runs_with_its_parameters_and_stays_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    book = notebook(tmp_path, "print('before')", "print('sum', number + 1, word)", parameters="number = 1\nword = 'a'")
    before = sha256(book.read_bytes()).hexdigest()
    code, said = ran(["run", str(book), "-p", "number=41", "-p", "word='; import os"], caplog)
    shown = capsys.readouterr()
    assert (code, said) == (0, "")
    assert shown.out == "sum 42 '; import os\n"
    assert "tiny: 100%" in shown.err
    assert "3/3" in shown.err
    assert sha256(book.read_bytes()).hexdigest() == before
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.ipynb"]


def test_a_cell_that_fails_is_named_by_its_number_and_quotes_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    book = notebook(tmp_path, "1", f"raise ValueError('{NAME}')", "open('later.txt', 'w').write('x')")
    code, said = ran(["run", str(book)], caplog)
    shown = capsys.readouterr()
    assert code == 3
    assert "2" in said.splitlines()[0]
    assert "«tiny.ipynb»" in said
    assert "ValueError" in said
    assert NAME not in said + shown.out + shown.err
    assert shown.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.ipynb"]


def test_a_problem_in_a_notebook_keeps_its_own_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cell = "import navoutcomes as nav\nnav.from_counts({'job': -1})"
    code, said = ran(["run", str(notebook(tmp_path, cell)), "--language", "en"], caplog)
    assert code == 3
    assert "DataProblem" in said
    assert len(said.splitlines()) > 4


def test_what_is_no_notebook_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.ipynb").write_text("{}")
    code, said = ran(["run", str(tmp_path / "a.ipynb"), "--language", "en"], caplog)
    assert code == 3
    assert "“a.ipynb” is not a notebook" in said


def test_check_prints_what_was_recognised_and_repaired(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    code, said = ran(["check", str(EXTRACT)], caplog)
    shown = capsys.readouterr()
    assert (code, said, shown.err) == (0, "", "")
    assert shown.out.startswith("Uttrekk fra innsatsgjengen.csv: 656 rader, 12 kolonner\n")
    assert "«Løpenummer» → Person" in shown.out
    assert "656 forløp for 656 personer, 0 av dem åpne" in shown.out
    assert "Ingen feil funnet" in shown.out
    lines = [line for line in shown.out.splitlines() if line]
    assert len(lines) == len(set(lines))


def test_check_warns_in_its_log_only(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Løpenummer;fom;tom\nP-1;01.02.2019;01.03.2019\nP-2;2019-02-03;05.06.2019\n", encoding="utf-8")
    code, _ = ran(["check", str(file), "--language", "en"], caplog)
    shown = capfd.readouterr()
    assert code == 0
    assert "! Column “fom” has dates in several forms" in shown.out
    assert shown.err == ""


def number() -> str:
    """An identity number made from the rules, with 80 added to the month: of nobody."""
    first, second = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    for serial in range(100, 999):
        digits = [int(sign) for sign in f"{9:02}{11 + 80:02}{55:02}{serial}"]
        for weights in (first, second):
            digits.append((11 - sum(a * b for a, b in zip(digits, weights, strict=True)) % 11) % 11)
        if max(digits[-2:]) < 10:
            return "".join(map(str, digits))
    raise AssertionError("none")


BAD = {
    "a day that does not exist": (["P-1", "30.02.2019", "01.04.2019"], "30"),
    "an end before its start": (["P-1", "01.02.2019", "01.01.2019"], "«tom», «fom»"),
    "a missing column": (None, "«start»"),
    "an identity number": ([number(), "01.02.2019", "01.04.2019"], "«Løpenummer»"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_one_message_of_four_parts_that_quotes_nobody(
    fault: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    row, named = BAD[fault]
    heads, good = ["Løpenummer", "fom", "tom", "Sluttårsak", "Merknad"], ["P-2", "01.02.2019", "01.03.2019"]
    rows = [[*one, "Arbeid", NAME] for one in ([good, row, good] if row else [good])]
    rows[-1][0] = "P-3"
    if row is None:
        heads, rows = [one for one in heads if one != "fom"], [[one[0], *one[2:]] for one in rows]
    file = tmp_path / "uttrekk.csv"
    file.write_text("\n".join(";".join(one) for one in [heads, *rows]) + "\n", encoding="utf-8")
    code, said = ran(["check", str(file), "--language", language], caplog)
    shown = capsys.readouterr()
    assert code == 3
    assert [line.split(":")[0] for line in said.splitlines()] == LABELS[language]
    assert (named.translate(ENGLISH_QUOTES) if language == "en" else named) in said
    everything = said + shown.out + shown.err
    for secret in (NAME, number(), number()[:6], str(tmp_path)):
        assert secret not in everything
    assert [path.name for path in tmp_path.iterdir()] == ["uttrekk.csv"]


def test_every_kind_of_problem_has_its_exit_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise NumericalProblem("document_failed", program="x", said="y")

    monkeypatch.setattr("navoutcomes.commands.checking.nav.inspect_source", stuck)
    assert ran(["check", str(EXTRACT)], caplog)[0] == 5
