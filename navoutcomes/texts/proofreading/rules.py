"""The patterns of the proof-reader, one set a language, ready to search with."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Rules:
    """What is looked for in one language. ``foreign`` and ``other`` are empty for English."""

    causal: re.Pattern[str]
    harmless: re.Pattern[str]
    negation: re.Pattern[str]
    change: re.Pattern[str]
    denominator: re.Pattern[str]
    uncounted: re.Pattern[str]
    foreign: re.Pattern[str] | None
    other: re.Pattern[str] | None


@cache
def rules(language: str) -> Rules:
    """The patterns of a language: nb, nn or en."""
    text = resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    causal = [one.replace("{programme}", found["programme"][language]) for one in found["causal"][language]]
    norwegian = language != "en"
    return Rules(
        causal=_whole("|".join(causal)),
        harmless=re.compile("|".join(found["harmless"][language]), re.IGNORECASE),
        negation=_whole(found["negation"][language]),
        change=_whole(found["change"][language]),
        denominator=re.compile(found["denominator"][language], re.IGNORECASE),
        uncounted=_whole(found["uncounted"][language]),
        foreign=_words(found["foreign"]["nb"], found["foreign"]["allowed"]) if norwegian else None,
        other=_words(found["other_norwegian"][language], found["other_norwegian"]["allowed"]) if norwegian else None,
    )


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


def _words(pattern: str, allowed: str) -> re.Pattern[str]:
    out = set(allowed.split("|"))
    return re.compile(
        rf"(?<![\w./_-])(?:{'|'.join(one for one in pattern.split('|') if one not in out)})(?![\w/_-])", re.I
    )
