"""The command that writes invented extracts: it lists, writes, refuses to overwrite, and says that nobody is real."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes import cli
from navoutcomes.texts import LANGUAGES, use_language

INVENTED = {"nb": "oppdiktede personer", "nn": "oppdikta personar", "en": "invented people"}


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    yield
    use_language("nb")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_name_every_extract_and_fault_is_listed(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["synth", "--language", language]) == 0
    said = capsys.readouterr().out
    for name, size in nav.synthetic_names().items():
        (line,) = [one for one in said.splitlines() if one.split()[:1] == [name]]
        assert str(size) in line
    assert "kostra-11cf-2024" in said
    assert "immortal_time" in said.splitlines()[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_written_and_the_message_names_them(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["synth", "alarmen-gaar", "--out", str(tmp_path / "ny"), "--size", "50", "--seed", "4"]
    assert cli.main([*arguments, "--fault", "unknown_reasons", "--language", language]) == 0
    said = capsys.readouterr().out
    names = sorted(path.name for path in (tmp_path / "ny").iterdir())
    assert names == ["alarmen_gaar.csv", "alarmen_gaar.xlsx", "alarmen_gaar_truth.json"]
    assert all(name in said for name in names)
    assert INVENTED[language] in said
    assert "unknown_reasons" in said
    assert str(tmp_path) not in said


def test_without_a_folder_one_of_the_name_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["synth", "kvp"]) == 0
    assert (tmp_path / "kvp" / "kvp.csv").is_file()


def test_a_second_time_nothing_is_overwritten_and_the_files_are_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert cli.main(["synth", "kvp", "--out", str(tmp_path)]) == 0
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    with caplog.at_level(logging.INFO, logger="navoutcomes"):
        assert cli.main(["synth", "kvp", "--seed", "9", "--out", str(tmp_path)]) == nav.DataProblem.exit_code
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert "kvp.csv, kvp.xlsx, kvp_truth.json" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["innsatsgjengn"], "ips_and_standard"),
        (["kvp", "--fault", "immortal_tim"], "immortal_time"),
        (["kvp", "--fault", "immortal_time"], "«kvp»"),
        (["kvp", "--size", "-3"], "1000000"),
    ],
)
def test_what_is_not_there_is_refused_by_naming_what_is(
    arguments: list[str], named: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="navoutcomes"):
        code = cli.main(["synth", *arguments, "--out", str(tmp_path / "x")])
    assert code == nav.DataProblem.exit_code
    assert named in caplog.text
    assert not (tmp_path / "x").exists()


def test_the_truth_names_what_it_was_asked_for_when_it_has_no_single_number() -> None:
    with pytest.raises(nav.DataProblem) as refused:
        nav.synthetic_truth("kvp").value("risk", cause="job")
    assert refused.value.key == "synthetic_truth_unclear"
    assert "risk" in refused.value.text("en")
