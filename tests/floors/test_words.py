"""Every text exists in three languages, with the same facts, and every key that is used exists."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from navoutcomes.errors import PARTS
from navoutcomes.texts import LANGUAGES, say, table
from tests.floors.house import PACKAGE, sources

TEXTS = PACKAGE / "texts"
# The proof-reader's patterns are no texts: they are tried by tests/words/test_lint.py.
FILES = sorted(path for path in TEXTS.rglob("*.toml") if path.parent.name != "proofreading")


def entries(text: str, kind: str) -> dict[str, dict[str, object]]:
    """Every line that must exist in all languages: key (and part) -> languages."""
    found: dict[str, dict[str, object]] = {}
    for key, value in tomllib.loads(text).items():
        parts = {f"{key}.{part}": value.get(part, {}) for part in PARTS} if kind == "problems" else {key: value}
        found |= {name: one for name, one in parts.items() if not isinstance(one, str)}
    return found


def missing(text: str, kind: str) -> list[str]:
    """Keys that lack a language, or hold an empty text."""
    lacking = []
    for name, languages in entries(text, kind).items():
        for language in LANGUAGES:
            if not str(languages.get(language, "")).strip():
                lacking.append(f"{name} in {language}")
    return lacking


def fields(text: str) -> set[str]:
    """The facts a text asks for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEXTS).as_posix())
def test_no_word_is_missing_in_any_language(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8"), path.parent.name) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEXTS).as_posix())
def test_all_languages_ask_for_the_same_facts(path: Path) -> None:
    for name, languages in entries(path.read_text(encoding="utf-8"), path.parent.name).items():
        asked = {language: fields(str(languages[language])) for language in LANGUAGES}
        assert asked["nb"] == asked["nn"] == asked["en"], name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEXTS).as_posix())
def test_every_problem_has_four_parts(path: Path) -> None:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    if path.parent.name == "problems":
        assert content
        for key, value in content.items():
            assert set(value) == set(PARTS), key
            for part in value.values():
                assert not isinstance(part, str) or part in table("parts"), key
    else:
        assert all(set(value) == set(LANGUAGES) for value in content.values())


def used_keys() -> dict[str, set[str]]:
    """Keys that the code names as plain text: problems raised, notes made, words said."""
    callers = {
        "DataProblem": "problems",
        "DesignProblem": "problems",
        "NumericalProblem": "problems",
        "DisclosureRefused": "problems",
        "note": "notes",
        "warning": "notes",
        "_warned": "notes",
        "word": "words",
    }
    found: dict[str, set[str]] = {"problems": set(), "notes": set(), "words": set()}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                kind = callers.get(node.func.id)
                if kind and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[kind].add(first.value)
                if node.func.id == "say" and all(isinstance(one, ast.Constant) for one in node.args[:2]):
                    found.setdefault(node.args[0].value, set()).add(node.args[1].value)
    return found


def test_every_key_the_code_names_exists() -> None:
    for kind, keys in used_keys().items():
        assert keys <= set(table(kind)), f"{kind}: {sorted(keys - set(table(kind)))}"
        assert keys, kind


def test_every_problem_is_raised_somewhere() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    unused = [key for key in table("problems") if f'"{key}"' not in code]
    assert unused == []


def test_every_note_and_word_is_used_somewhere() -> None:
    """Keys may be put together from a stem: ``ending_job`` is used as f"ending_{cause}"."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    stems = set(re.findall(r'f"([a-z_]+_)\{', code)) | set(re.findall(r'"([a-z_]+_)" \+', code))
    named = set(re.findall(r"""["']([a-zA-Z_]+)["']""", code))
    singular = {"day", "week", "month", "year"}
    for kind in ("notes", "words"):
        unused = [key for key in set(table(kind)) - named - singular if not any(key.startswith(stem) for stem in stems)]
        assert unused == [], kind


def test_no_english_word_stands_in_norwegian_text() -> None:
    english = {"the", "of", "with", "without", "and", "is", "are", "has", "share", "months"}
    for kind in ("problems", "notes", "words", "parts"):
        for path in sorted((TEXTS / kind).glob("*.toml")):
            for name, languages in entries(path.read_text(encoding="utf-8"), kind).items():
                for language in ("nb", "nn"):
                    plain = re.sub(r'\{[^}]*\}|\w+=\S*|"[^"]*"', " ", str(languages[language]))
                    words = set(re.findall(r"[a-zæøå']+", plain.lower()))
                    assert not words & english, f"{name} in {language}: {words & english}"


def test_nynorsk_keeps_its_own_forms() -> None:
    bokmal = {
        "ikke",
        "fra",
        "hva",
        "hvor",
        "hvem",
        "hvilken",
        "måneder",
        "uker",
        "også",
        "forskjell",
        "navn",
        "mer",
        "noen",
    }
    for kind in ("problems", "notes", "words", "parts"):
        for path in sorted((TEXTS / kind).glob("*.toml")):
            for name, languages in entries(path.read_text(encoding="utf-8"), kind).items():
                words = set(re.findall(r"[a-zæøå]+", str(languages["nn"]).lower()))
                assert not words & bokmal, f"{name}: {words & bokmal}"


def test_a_missing_language_is_caught() -> None:
    assert missing('[x]\nnb = "a"\nnn = "b"\n', "words") == ["x in en"]
    assert missing('[x]\nwhat = { nb = "a", nn = "b", en = "c" }\n', "problems")
    assert missing('[x]\nnb = ""\nnn = "b"\nen = "c"\n', "notes") == ["x in nb"]


def test_a_missing_key_is_an_error_and_never_a_fall_back() -> None:
    with pytest.raises(KeyError, match="no_such_word"):
        say("words", "no_such_word", "nn")
