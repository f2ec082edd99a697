"""Story S6 in a report: the analyst's own sentences are proof-read on closing, and the manifest remembers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bundle_examples import people

import navoutcomes as nav

PROTOCOL = {
    "eligibility": (), "time_zero": "start", "outcome": "job",
    "estimand": nav.Estimand(measure="cumulative incidence", at=(182,), population="referred"),
}  # fmt: skip


def closed(folder: Path, text: str, language: str = "nb", randomised: bool = False) -> list[str]:
    """What the manifest says of the report as a whole."""
    question = nav.Protocol(question="Hvor mange kom i arbeid?", randomised=randomised, **PROTOCOL)
    with nav.Bundle(folder, language=language, title="Prøve", protocol=question) as report:
        report.say("Første tekst.")
        report.say(text)
        report.add("a", nav.release(people(("a",)).survival_curve()), at=182)
    told = json.loads((folder / language / "manifest.json").read_text(encoding="utf-8"))
    return list(told["decisions"].get("rapport", []))


def test_a_claimed_cause_is_warned_of_by_the_number_of_the_text_and_remembered(tmp_path: Path) -> None:
    with pytest.warns(nav.DataWarning, match="Tekst nr. 2 i rapporten sier «førte til»"):
        told = closed(tmp_path / "r", "Tiltaket førte til flere i arbeid.")
    assert len(told) == 1
    assert "førte til" in told[0]


def test_where_chance_decided_a_cause_may_be_claimed(tmp_path: Path) -> None:
    assert closed(tmp_path / "r", "Tiltaket førte til flere i arbeid.", randomised=True) == []


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Ho veit ikke.", "nn", "ikke"),
        ("Forskjellen er 6.9 prosentpoeng.", "nb", "6.9"),
        ("Survival for gruppene.", "nb", "Survival"),
    ],
)
def test_other_slips_are_warned_of_too(text: str, language: str, words: str, tmp_path: Path) -> None:
    with pytest.warns(nav.DataWarning, match=words):
        assert closed(tmp_path / "r", text, language)


def test_what_the_package_says_itself_is_not_the_analysts(tmp_path: Path) -> None:
    assert closed(tmp_path / "r", "Alt i orden.") == []
