"""What sentences say in numbers: a count of a total, or a percentage of one, is a fact as good as a table's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import ceil, floor, isnan

from navoutcomes.errors import DisclosureRefused
from navoutcomes.release.facts import EVERY, Stated

_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+"
_OF = r"\s+(?:av|of|blant|among)\s+(?:de\s+|dei\s+|the\s+|alle\s+|all\s+)?"
_SHARE = r"(?P<whole>\d{1,3})(?:[.,](?P<part>\d+))?[ \u00a0\u202f]?(?:%|prosent\b|per cent\b|percent\b)"
COUNT_OF = re.compile(rf"(?<![\d.,])(?P<count>{_NUMBER}){_OF}(?P<total>{_NUMBER})(?!\d|[.,]\d|[ \u00a0]?%)")
SHARE_OF = re.compile(rf"(?<![\d.,]){_SHARE}{_OF}(?P<total>{_NUMBER})(?!\d|[.,]\d|[ \u00a0]?%)")
SHARE = re.compile(rf"(?<![\d.,]){_SHARE}")


def hidden_in_words(text: str, known: Sequence[tuple[str, Stated]], threshold: int) -> tuple[str, ...]:
    """Tables of which a percentage in the text fits a hidden small count.

    Raises: ``DisclosureRefused`` where the text says "a of n" or "p % of n", n the size of a population or of a group
    that is shown, and that can only be 1 to k - 1 persons, or all but so few.
    Arguments: ``known`` names and statements; ``threshold`` k.
    """
    sizes = {one.population.persons for _, one in known}
    sizes |= {
        int(count.shown) for _, one in known for count in one.counts if count.ending == EVERY and not count.hidden
    }
    for low, high, persons in _of_totals(text):
        for least, most in ((low, high), (persons - high, persons - low)):
            if persons in sizes and 1 <= least <= most < threshold:
                raise DisclosureRefused("sentence_of_few", persons=persons, threshold=threshold)
    found = []
    for match in SHARE.finditer(text):
        if match["part"]:
            limits = _limits(match)
            found += [name for name, stated in known if _fits(stated, limits, threshold)]
    return tuple(dict.fromkeys(found))


def _of_totals(text: str) -> Iterator[tuple[int, int, int]]:
    """The smallest and largest count that each statement of a total can mean, and the total."""
    for match in COUNT_OF.finditer(text):
        yield _whole(match["count"]), _whole(match["count"]), _whole(match["total"])
    for match in SHARE_OF.finditer(text):
        persons = _whole(match["total"])
        low, high = _limits(match)
        yield ceil(low * persons - 1e-9), floor(high * persons + 1e-9), persons


def _whole(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))


def _limits(match: re.Match[str]) -> tuple[float, float]:
    """Between which shares a rounded percentage lies."""
    digits = match["part"] or ""
    value, half = float(f"{match['whole']}.{digits or 0}"), 0.5 * 10.0 ** -len(digits)
    return (value - half) / 100, (value + half) / 100


def _fits(stated: Stated, limits: tuple[float, float], threshold: int) -> bool:
    """Whether a hidden small count of the statement can be meant."""
    sizes = {one.group: one.shown for one in stated.counts if one.ending == EVERY}
    sizes[EVERY] = float(stated.population.persons)
    for count in stated.counts:
        size = sizes.get(count.group, float("nan"))
        if count.small and count.hidden and not isnan(size):
            low, high = ceil(limits[0] * size - 1e-9), floor(limits[1] * size + 1e-9)
            if 1 <= low <= high < threshold:
                return True
    return False
