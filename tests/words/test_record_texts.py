"""Every message of reading and spells exists in three languages, names the same facts in each, and is used."""

from __future__ import annotations

import ast
import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import navoutcomes.records as records
from navoutcomes.errors import PARTS
from navoutcomes.texts import LANGUAGES, table

FOLDER = Path(str(records.__file__)).parent
MINE = sorted(path for path in FOLDER.rglob("*.py") if "synthetic" not in path.parts and path.name != "published.py")
MAKERS = {"problems": {"DataProblem"}, "notes": {"note", "warning"}}


def _texts(kind: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("navoutcomes.texts").joinpath(kind, "records.toml").read_text("utf-8"))


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _strings() -> set[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in MINE)
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _made_with(names: set[str]) -> set[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in MINE)
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    firsts = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in names]
    return {first.value for first in firsts if isinstance(first, ast.Constant)}


@pytest.mark.parametrize("key", _texts("problems"))
def test_a_problem_has_four_parts_that_name_the_same_facts_in_every_language(key: str) -> None:
    entry = _texts("problems")[key]
    assert tuple(entry) == PARTS
    for part in PARTS:
        assert tuple(entry[part]) == LANGUAGES
        assert len({frozenset(_fields(entry[part][language])) for language in LANGUAGES}) == 1
        assert len(set(entry[part].values())) >= 2


@pytest.mark.parametrize("kind", ["notes", "words"])
def test_a_remark_names_the_same_facts_in_every_language(kind: str) -> None:
    for key, entry in _texts(kind).items():
        assert tuple(entry) == LANGUAGES, key
        assert len({frozenset(_fields(entry[language])) for language in LANGUAGES}) == 1, key


@pytest.mark.parametrize("kind", MAKERS)
def test_every_text_is_used_and_every_message_has_a_text(kind: str) -> None:
    assert _made_with(MAKERS[kind]) <= set(table(kind))
    assert set(_texts(kind)) <= _strings()


def test_nynorsk_is_nynorsk_and_bokmaal_is_bokmaal() -> None:
    for kind in ("problems", "notes", "words"):
        for key, entry in _texts(kind).items():
            parts = entry.values() if kind == "problems" else [entry]
            words = {language: _words(" ".join(part[language] for part in parts)) for language in ("nb", "nn")}
            assert not words["nn"] & {"ikke", "hva", "hvor", "fra", "noe", "datoer", "dager", "måneder", "filen"}, key
            assert not words["nb"] & {"ikkje", "kva", "kvar", "frå", "noko", "datoar", "dagar", "månader", "fila"}, key


def _words(text: str) -> set[str]:
    return {word.strip(".,;:()«»").lower() for word in text.split()}
