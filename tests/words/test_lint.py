"""Story S6: the proof-reader finds claimed causes, lost denominators, mixed languages; our own texts obey it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import navoutcomes as nav
from navoutcomes.show.lint import RULES
from navoutcomes.texts import LANGUAGES, table
from tests.floors.house import ROOT

# What is said about causal words must name them.
ABOUT = ("lint_", "wording_", "check_causal", "cli_lint")


def broken(text: str, language: str, **more: Any) -> list[tuple[str, str]]:
    return [(slip.rule, slip.words) for slip in nav.lint(text, language, **more).slips]


CAUSAL = {
    "nb": [
        "Tiltaket førte til flere i arbeid.",
        "Effekten av oppfølgingen var størst for unge.",
        "Ordningen har ført til mer medvirkning.",
        "Flere kom i arbeid takket være kurset.",
        "Økningen skyldes koordinatoren.",
        "IPS ga flere i arbeid.",
        "Nedgangen i sosialhjelp kom som følge av aktivitetsplikten.",
        "Tilbudet bidro til raskere overgang til arbeid.",
        "De kom i jobb på grunn av tiltaket.",
    ],
    "nn": [
        "Tiltaket førte til fleire i arbeid.",
        "Verknaden av oppfølginga var størst for unge.",
        "Fleire kom i arbeid takka vere kurset.",
        "IPS gav fleire i arbeid.",
        "Dei kom i jobb på grunn av tilbodet.",
    ],
    "en": [
        "The programme led to more people in work.",
        "The effect of follow-up was largest for the young.",
        "More people found work because of the programme.",
        "IPS improved the outcomes, thanks to its specialists.",
    ],
}
HARMLESS = {
    "nb": [
        "Tallene viser en sammenheng, ikke en effekt av tiltaket.",
        "Blant dem som fikk oppfølging, gikk flere over i arbeid enn blant de andre.",
        "Seeden skriver at tiltaket «har ført til» mer medvirkning.",
        "Vektene gjør 120 personer til 95,2 (effektivt antall).",
        "Forskjellen kan ikke sies å skyldes tiltaket.",
    ],
    "nn": ["Tala viser ein samanheng og ikkje ein effekt.", "Vektene gjer 120 personar til 95,2 (effektivt tal)."],
    "en": [
        "The numbers show an association and not an effect of the programme.",
        "The share who ended for each cause, with a cause-specific hazard.",
        "The effective sample size is 95.2.",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(name, one) for name, texts in CAUSAL.items() for one in texts])
def test_a_claimed_cause_is_found_unless_chance_decided_who_got_what(language: str, text: str) -> None:
    assert "causal" in [rule for rule, _ in broken(text, language)]
    assert "causal" not in [rule for rule, _ in broken(text, language, randomised=True)]


@pytest.mark.parametrize(("language", "text"), [(name, one) for name, texts in HARMLESS.items() for one in texts])
def test_an_association_a_denial_a_quotation_and_a_term_are_left_alone(language: str, text: str) -> None:
    assert broken(text, language, only=("causal",)) == []


def test_a_denial_in_another_clause_does_not_excuse_a_cause() -> None:
    assert broken("Målet ble ikke nådd, men tiltaket førte til flere i arbeid.", "nb", only=("causal",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Andelen økte fra 22,4 % til 29,3 %, en økning på 6,9 %.", ["6,9 %"]),
        ("Andelen økte fra 22,4 % til 29,3 %, en økning på 6,9 prosentpoeng.", []),
        ("Andelen økte fra 20 % til 30 %, en økning på 50 %.", []),
        ("Av 40 kvinner og 50 menn kom 30 % og 42 % i arbeid, en forskjell på 12 prosent.", ["12 prosent"]),
    ],
)
def test_a_difference_of_shares_is_percentage_points(text: str, found: list[str]) -> None:
    assert [words for _, words in broken(text, "nb", only=("points",))] == found


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("Av dem som begynte, kom 57,4 % i arbeid.", True),
        ("57,4 % (530 av 923) kom i arbeid.", False),
        ("Blant 923 deltakere kom 57,4 % i arbeid.", False),
        ("Usikkerheten er gitt med 95 % konfidensintervall.", False),
        ("Summen er 100 %.", False),
    ],
)
def test_a_share_needs_the_number_it_is_of(text: str, slips: bool) -> None:
    assert bool(broken(text, "nb", only=("uncounted",))) == slips


def test_the_number_may_stand_in_another_sentence_of_the_paragraph_but_not_of_the_next() -> None:
    together = "Vi fulgte 923 deltakere. Etter ett år var 57,4 % i arbeid."
    assert broken(together, "nb", only=("uncounted",)) == []
    assert broken(together.replace(". ", ".\n\n", 1), "nb", only=("uncounted",)) == [("uncounted", "57,4 %")]


@pytest.mark.parametrize(
    ("text", "language", "rule", "words"),
    [
        ("Andelen with intervall.", "nb", "foreign", "with"),
        ("Survival for de to gruppene.", "nb", "foreign", "Survival"),
        ("Eg veit ikke.", "nn", "other_norwegian", "ikke"),
        ("Det er ikkje sikkert.", "nb", "other_norwegian", "ikkje"),
        ("Forskjellen er 6.9 prosentpoeng.", "nb", "written", "6.9"),
        ("Av 40 kom 12,5% i arbeid.", "nb", "written", "5%"),
        ("Budsjettet var 10.898 kroner.", "nb", "written", "10.898"),
    ],
)
def test_mixed_languages_and_foreign_numbers_are_found(text: str, language: str, rule: str, words: str) -> None:
    assert (rule, words) in broken(text, language)


def test_names_of_code_and_versions_are_no_english() -> None:
    text = 'Bruk nav.contrast(kurver, at="end") med errors= eller weights=, i Python 3.11. Kontoret heter «The Office».'
    assert broken(text, "nb") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_house_obeys_its_own_proof_reader(language: str) -> None:
    rules = tuple(rule for rule in RULES if rule != "uncounted")
    slips = []
    for kind in ("words", "notes", "problems", "parts"):
        for key, entry in table(kind).items():
            for text in _texts(entry, language) if not key.startswith(ABOUT) else ():
                plain = re.sub(r"\{[^{}]*\}", "«x»", text.replace("{{", "").replace("}}", ""))
                slips += [(key, one.rule, one.words) for one in nav.lint(plain, language, only=rules).slips]
    assert slips == []


def _texts(entry: dict[str, Any], language: str) -> list[str]:
    """Each text of a key in a language, whether it has parts or not."""
    if language in entry:
        return [entry[language]]
    return [one[language] for one in entry.values() if isinstance(one, dict) and language in one]


def test_the_command_reads_a_document_and_its_exit_code_says_whether_to_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from navoutcomes.cli import main

    good, bad, odd = tmp_path / "god.md", tmp_path / "daarlig.md", tmp_path / "bilde.png"
    good.write_text("# Resultat\n\nAv 656 henviste gikk 147 (22,4 %) over i arbeid.\n", encoding="utf-8")
    bad.write_text(
        "# Resultat\n\nTiltaket førte til flere i arbeid.\n\n| a | b |\n|---|---|\n| 12.5 | the |\n", encoding="utf-8"
    )
    odd.write_bytes(b"")
    assert main(["lint", str(good), "--language", "nb"]) == 0
    assert main(["lint", str(bad), "--language", "nb"]) == 4
    said = capsys.readouterr().out
    assert "«førte til»" in said
    assert "12.5" not in said
    assert main(["lint", str(odd)]) == 3
    assert main(["lint", str(tmp_path / "borte.md")]) == 2


def test_the_notebooks_obey_it() -> None:
    from navoutcomes.report.text_of import text_of

    files = sorted((ROOT / "notebooks").glob("0[1-9]_*.ipynb"))
    assert len(files) >= 4
    assert {file.name: repr(nav.lint(text_of(file), "nb")) for file in files if nav.lint(text_of(file), "nb")} == {}


def test_the_address_of_a_publication_is_no_number() -> None:
    said = "Punktene er gjengitt etter Cashin mfl. 2025 (JAMA, doi 10.1001/jama.2025.13350)."
    assert nav.lint(said, "nb").slips == ()
    assert [one.words for one in nav.lint("Andelen var 10.1 prosent av 500 personer.", "nb").slips] == ["10.1"]
