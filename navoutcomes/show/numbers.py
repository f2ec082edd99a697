"""Numbers as a reader of the language writes them: decimal comma in Norwegian, a space before the per cent sign."""

from __future__ import annotations

import math

from navoutcomes.texts import checked

NO_BREAK = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"


def number(value: float, language: str | None = None, digits: int = 1) -> str:
    """A number with fixed digits, thousands apart by a no-break space (a comma in English)."""
    language = checked(language)
    if not math.isfinite(value):
        return ""
    rounded = round(value, digits) + 0.0
    text = f"{abs(rounded):,.{digits}f}"
    text = text if language == "en" else text.replace(",", NO_BREAK).replace(".", ",")
    return (MINUS if rounded < 0 else "") + text


def count(value: float, language: str | None = None) -> str:
    """A whole number."""
    return number(value, language, digits=0)


def percent(share: float, language: str | None = None, digits: int = 1) -> str:
    """A share 0-1 as per cent: 22,4 % in Norwegian, 22.4% in English."""
    language = checked(language)
    text = number(100 * share, language, digits)
    return text if not text else text + ("%" if language == "en" else f"{NO_BREAK}%")


def span(low: float, high: float, language: str | None = None, digits: int = 1, scale: float = 1.0) -> str:
    """Two limits: 19,4–25,8; with a negative limit the word for "to" stands between them."""
    language = checked(language)
    first, last = number(scale * low, language, digits), number(scale * high, language, digits)
    if not first or not last:
        return ""
    if first.startswith(MINUS) or last.startswith(MINUS):
        return f"{first} {'to' if language == 'en' else 'til'} {last}"
    return f"{first}{EN_DASH}{last}"


def level_text(level: float) -> str:
    """A confidence level 0-1 as it stands before its sign: 95."""
    return f"{100 * level:g}"


def p_value(value: float, language: str | None = None) -> str:
    """p = 0,041, or p < 0,001."""
    if not math.isfinite(value):
        return ""
    if value < 0.001:
        return f"p < {number(0.001, language, 3)}"
    return f"p = {number(value, language, 3)}"
