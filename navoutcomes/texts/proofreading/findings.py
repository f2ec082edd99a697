"""What the proof-reader looks for in a sentence or a paragraph; each yields the words it fell over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from navoutcomes.texts.proofreading.rules import Rules

# Not percentage points, and not the level of an interval.
OTHERS = r"(?!\s*(?:points?|poeng|KI\b|CI\b|konfidens|confidence))"
PERCENT = re.compile(rf"(?<![\d,.])(\d{{1,3}}(?:[.,]\d+)?)\s*(?:%|prosent(?!poeng)\b|per ?cent\b){OTHERS}", re.I)
FROM_TO = re.compile(r"\b(?:fra|frå|til|from|to)\b", re.I)
NEAR = 25
DOT = re.compile(r"(?<![\w.,])\d+\.\d+(?![\w.]|\.\d)")
# What a point may stand after: a program and its version, and the address of a publication.
VERSION = re.compile(r"\b(?:[A-ZÆØÅ]\w+|doi:?) $")
CLOSE = re.compile(r"\d%")
GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,])")
CLAUSE = re.compile(r"[,;:()–]")
AS_MUCH = 0.051
WHOLE = ("0", "100")


def causal(sentence: str, rules: Rules) -> Iterator[str]:
    """Words that claim a cause, where nothing before them in the clause denies it."""
    harmless = [spot.span() for spot in rules.harmless.finditer(sentence)]
    for spot in rules.causal.finditer(sentence):
        if any(start <= spot.start() and spot.end() <= end for start, end in harmless):
            continue
        clause = CLAUSE.split(sentence[: spot.start()])[-1]
        if not rules.negation.search(clause):
            yield spot.group()


def points(sentence: str, rules: Rules) -> Iterator[str]:
    """A difference of two shares that is called per cent and not percentage points."""
    found = [(spot, float(spot[1].replace(",", "."))) for spot in PERCENT.finditer(sentence)]
    for spot, number in found:
        others = [value for other, value in found if other is not spot]
        differs = any(abs(abs(one - two) - number) < AS_MUCH for one, two in combinations(others, 2) if one != two)
        if differs and _called_a_change(sentence, spot, rules):
            yield spot.group()


def _called_a_change(sentence: str, spot: re.Match[str], rules: Rules) -> bool:
    """Whether a word for a change stands just before the number (with no "from" between) or just after it."""
    before, after = sentence[max(0, spot.start() - NEAR) : spot.start()], sentence[spot.end() : spot.end() + NEAR]
    told = list(rules.change.finditer(before))
    return bool(told and not FROM_TO.search(before[told[-1].end() :])) or rules.change.match(after.lstrip()) is not None


def uncounted(paragraph: str, rules: Rules) -> Iterator[str]:
    """A share in a paragraph that nowhere says of how many."""
    shares = [spot.group() for spot in PERCENT.finditer(paragraph) if spot[1] not in WHOLE]
    if shares and not rules.denominator.search(paragraph) and not rules.uncounted.search(paragraph):
        yield shares[0]


def foreign(sentence: str, rules: Rules) -> Iterator[str]:
    """English words in a Norwegian sentence; in capitals they are a name, as TARGET."""
    if rules.foreign is not None:
        found = (spot.group() for spot in rules.foreign.finditer(sentence))
        yield from (word for word in found if not word.isupper())


def other_norwegian(sentence: str, rules: Rules) -> Iterator[str]:
    """Words of the other written standard."""
    if rules.other is not None:
        yield from (spot.group() for spot in rules.other.finditer(sentence))


def written(sentence: str, rules: Rules) -> Iterator[str]:
    """Numbers as Norwegian does not write them: 12.5, 12,5%, 1.000."""
    if rules.foreign is None:
        return
    grouped = [spot.group() for spot in GROUPED.finditer(sentence) if "." in spot.group()]
    yield from grouped
    dots = [spot for spot in DOT.finditer(sentence) if not VERSION.search(sentence[: spot.start()])]
    yield from (spot.group() for spot in dots if spot.group() not in grouped)
    yield from (spot.group() for spot in CLOSE.finditer(sentence))
