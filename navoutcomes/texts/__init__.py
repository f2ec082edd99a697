"""Everything a reader sees, in bokmål (nb), nynorsk (nn) and English (en).

Room of translators: a folder a kind of text (problems, notes, words, and the parts that problems share), a TOML file a
floor, a table a key, a line a language. No code but the lookup. A missing key or language is an error here and a
failing test in ``tests/floors``, never a silent fall-back.
"""

from __future__ import annotations

import contextvars
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("nb", "nn", "en")
ENGLISH_QUOTES = str.maketrans("«»", "“”")
_chosen: contextvars.ContextVar[str | None] = contextvars.ContextVar("navoutcomes_language", default=None)


def use_language(language: str) -> None:
    """In which language should messages, tables and figures speak from here on? One of ``nb``, ``nn``, ``en``."""
    _chosen.set(checked(language))


def current_language() -> str:
    """The language chosen with ``use_language``, else the variable NAVOUTCOMES_LANGUAGE, else bokmål."""
    chosen = _chosen.get() or os.environ.get("NAVOUTCOMES_LANGUAGE") or "nb"
    return chosen if chosen in LANGUAGES else "nb"


def checked(language: str | None) -> str:
    """A language we have words for; ``None`` means the current one. Raises ``ValueError`` otherwise."""
    if language is None:
        return current_language()
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}")
    return language


@cache
def table(kind: str) -> dict[str, dict[str, Any]]:
    """All texts of a kind, key -> entries, from every file of its folder. Raises ``KeyError`` for a key twice."""
    gathered: dict[str, dict[str, Any]] = {}
    for file in sorted(resources.files(__package__).joinpath(kind).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            entries = tomllib.loads(file.read_text(encoding="utf-8"))
            twice = gathered.keys() & entries.keys()
            if twice:
                raise KeyError(f"texts/{kind}/{file.name} repeats {sorted(twice)}")
            gathered |= entries
    return gathered


def say(kind: str, key: str, language: str | None = None, part: str | None = None, /, **facts: object) -> str:
    """The text ``key`` of a kind in a language, with ``{facts}`` filled in.

    Where a part is a plain string it names an entry of ``texts/parts``, shared by many texts.
    Raises: ``KeyError`` naming the folder and key when a text is missing.
    """
    entry = table(kind).get(key)
    if entry is not None and part is not None:
        entry = entry.get(part)
    if isinstance(entry, str):
        entry = table("parts").get(entry)
    language = checked(language)
    if entry is None or language not in entry:
        raise KeyError(f"texts/{kind} has no {key}{'.' + part if part else ''} in {language}")
    said = str(entry[language]).format(**facts)
    # Columns, words and names come in Norwegian quotation marks from those who do not know who will read.
    return said.translate(ENGLISH_QUOTES) if language == "en" else said


@dataclass(frozen=True)
class Text:
    """A sentence of the analyst's own in the three languages: a question, a title, a reason."""

    nb: str
    nn: str
    en: str

    def text(self, language: str | None = None) -> str:
        """The sentence in one language."""
        return str(getattr(self, checked(language)))

    def __str__(self) -> str:
        return self.text()


def spoken(words: str | Text, language: str | None = None) -> str:
    """The analyst's own words in a language; a plain string is the same in all."""
    return words.text(language) if isinstance(words, Text) else words
