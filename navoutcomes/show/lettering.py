"""Anybody's text made fit to print: on one line, in letters there are, as wide as there is room for."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from navoutcomes.show.style import font_family

BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Signs that turn the direction of a text, or stand there unseen: a label must not read as another (Unicode TR 36).
UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
ELLIPSIS = "\u2026"
NO_GLYPH = "?"
BALANCING = 7


def one_line(text: str) -> str:
    """A text without line breaks and other signs that cannot be seen."""
    return UNSEEN.sub("", BREAKS.sub(" ", text))


def drawable(text: str) -> str:
    """A text on one line, with a question mark for signs that the fonts have not, as emoji."""
    glyphs = _glyphs()
    return "".join(letter if letter in glyphs else NO_GLYPH for letter in one_line(text))


@cache
def _glyphs() -> frozenset[str]:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    found: set[int] = set()
    for family in (font_family(), "DejaVu Sans"):
        for weight in ("normal", "bold"):
            found |= set(FT2Font(findfont(FontProperties(family=[family], weight=weight))).get_charmap())
    return frozenset(map(chr, found))


@lru_cache(maxsize=4096)
def text_cm(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is printed, in centimetres. ``size`` in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=[font_family(), "DejaVu Sans"], weight="bold" if bold else "normal", size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(drawable(text), font, ismath=False)
    return float(width) / 72 * 2.54


def shortened(text: str, width_cm: float, size: float, bold: bool = False) -> str:
    """A text as it is where it fits a width, else its beginning and an ellipsis."""
    text = drawable(text)
    if text_cm(text, size, bold) <= width_cm:
        return text
    return text[: _fitting(text, width_cm, size, bold, ELLIPSIS)].rstrip() + ELLIPSIS


def wrapped(text: str, width_cm: float, size: float, bold: bool = False) -> list[str]:
    """A text as lines that fit a width; a single word that is too long is broken."""
    lines: list[str] = []
    for word in drawable(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_cm(longer, size, bold) <= width_cm:
            lines[-1] = longer
            continue
        rest = word
        while text_cm(rest, size, bold) > width_cm and len(rest) > 1:
            fit = max(1, _fitting(rest, width_cm, size, bold))
            lines.append(rest[:fit])
            rest = rest[fit:]
        lines.append(rest)
    return lines or [""]


def balanced(text: str, width_cm: float, size: float, bold: bool = False) -> list[str]:
    """A text as few lines as fit a width, and those about as long as each other: no word alone on the last."""
    lines = wrapped(text, width_cm, size, bold)
    narrow, wide = width_cm / len(lines), width_cm
    for _ in range(BALANCING if len(lines) > 1 else 0):
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if len(wrapped(text, middle, size, bold)) == len(lines) else (middle, wide)
    return wrapped(text, wide, size, bold)


def two_lines(text: str, width_cm: float, size: float, bold: bool = False) -> str:
    """A text on at most two lines that fit a width."""
    lines = wrapped(text, width_cm, size, bold)
    if len(lines) > 2:
        lines = [lines[0], shortened(f"{lines[1]} {lines[2]}", width_cm, size, bold)]
    return "\n".join(lines)


def _fitting(text: str, width_cm: float, size: float, bold: bool, end: str = "") -> int:
    """How many letters from the beginning fit, with ``end`` after them."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text_cm(text[:middle] + end, size, bold) <= width_cm else (low, middle - 1)
    return low
