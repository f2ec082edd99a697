"""Names of groups, endings, units and measures as they are printed."""

from __future__ import annotations

import re
from typing import TypeVar

from navoutcomes.release.months import DAYS_A_MONTH
from navoutcomes.release.released import Released
from navoutcomes.show.lettering import one_line
from navoutcomes.texts import checked, say, table

EVERYBODY = "all"
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
K = TypeVar("K")


def word(key: str, language: str | None = None, **facts: object) -> str:
    """A word or phrase of the catalogue."""
    return say("words", key, language, None, **facts)


def ending(cause: str, language: str | None = None) -> str:
    """How an ending is called: an exit class by its label, the user's own word as it stands."""
    return word(f"ending_{cause}", language) if f"ending_{cause}" in table("words") else one_line(cause)


def ending_inside(cause: str, language: str | None = None) -> str:
    """An ending within a sentence: our own label with a small letter, the user's word as it stands."""
    name = ending(cause, language)
    return name[:1].lower() + name[1:] if f"ending_{cause}" in table("words") else name


def left_for(cause: str, language: str | None = None) -> str:
    """How it is said that someone ended so: "gone into work", or: ended with the user's own word."""
    if f"left_{cause}" in table("words"):
        return word(f"left_{cause}", language)
    return word("left_generic", language, cause=ending(cause, language))


def group_name(name: str, language: str | None = None) -> str:
    """A group; everybody together has a word of its own, as have those who did not end in a way ("− no_show")."""
    if name == EVERYBODY:
        return word("everybody", language)
    group, minus, cause = name.rpartition("\u2212 ")
    return f"{group}{minus}{ending(cause, language)}" if minus else value_name(name, language)


def value_name(value: str, language: str | None = None) -> str:
    """A cell of a register: the words that all registers write in the language, others as the office wrote them."""
    key = f"value_{_slug(value)}"
    return word(key, language) if key in table("words") and word(key, "nb") == value else one_line(value)


def term_name(term: str, language: str | None = None) -> str:
    """A term or column: our own names (age, sex, "arm: new") in the language, the user's as they stand."""
    if " × " in term:
        return " × ".join(term_name(part, language) for part in term.split(" × "))
    head, colon, level = term.partition(": ")
    key = f"term_{_slug(head)}"
    name = word(key, language) if key in table("words") else one_line(head.replace("_", " "))
    return f"{name}{colon}{value_name(level, language)}" if colon else name


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower().translate(LETTERS)).strip("_")


def clipped(name: str, most: int = 60) -> str:
    """A name for a text that must be short."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "\u2026"


def unit_name(unit: str, language: str | None = None, amount: float = 2.0) -> str:
    """days, weeks, months, years in the language, singular for one; another unit as it stands."""
    key = unit.rstrip("s") if amount == 1 else unit
    return word(key, language) if key in table("words") else unit


def time_phrase(time: float, unit: str, language: str | None = None) -> str:
    """12 months, 1 week, 2,5 years: a decimal comma in Norwegian, one decimal (two of years) where it is not whole.

    Two months or more in days are told as months where they are whole ones but for a day: 183, 365 and 1095 days.
    """
    months = round(time / DAYS_A_MONTH)
    if unit == "days" and months > 1 and abs(time - months * DAYS_A_MONTH) <= 1:
        time, unit = float(months), "months"
    rounded = round(time, 2 if unit == "years" else 1)
    text = f"{rounded:.2f}".rstrip("0").rstrip(".")
    text = text if checked(language) == "en" else text.replace(".", ",")
    return f"{text}\u00a0{unit_name(unit, language, rounded)}"


def opened(shown: K | Released[K]) -> tuple[K, Released[K] | None]:
    """The result itself, and its release if it has one."""
    if isinstance(shown, Released):
        return shown.result, shown
    return shown, None


def language_of(language: str | None) -> str:
    """A language we have words for."""
    return checked(language)
