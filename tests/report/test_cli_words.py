"""The command line itself, in three languages: the headings of help, and what is said of wrong use."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from navoutcomes import cli
from navoutcomes.texts import LANGUAGES, say, use_language

ENGLISH = re.compile(r"\b(usage|options|positional|show this|required|invalid|choose|expected|unrecognized|argument)\b")
WRONG = {
    "cli_required": ["run"],
    "cli_choice": ["bogus"],
    "cli_value": ["synth", "--size", "many"],
    "cli_expected": ["synth", "--size"],
    "cli_unrecognised": ["run", "x.ipynb", "--colour"],
}


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    yield
    use_language("nb")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", WRONG)
def test_wrong_use_is_said_in_the_readers_language(key: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    use_language(language)
    with pytest.raises(SystemExit) as stopped:
        cli.main(WRONG[key])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    start = re.split(r"\{\w+\}", say("words", key, language, None, names="{x}", name="{x}", given="{x}", known="{x}"))
    assert all(part.strip() in said for part in start)
    assert language == "en" or not ENGLISH.search(said)


@pytest.mark.parametrize("command", ["", "run", "check", "synth", "lint", "new", "reproduce"])
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_heading_of_help_is_english(command: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    use_language(language)
    with pytest.raises(SystemExit) as stopped:
        cli.main([*([command] if command else []), "--help"])
    assert stopped.value.code == 0
    assert not ENGLISH.search(capsys.readouterr().out)
