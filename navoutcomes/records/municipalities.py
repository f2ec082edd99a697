"""Which municipality is a number, before and after the reforms of 2020 and 2024?

Covered: every number that changed in Møre og Romsdal, Østfold, Buskerud, Rogaland and Troms, and the numbers outside
that those were merged with. Other counties pass unchanged. Parts of municipalities that went another way than the rest
(Forsand to Strand, Snillfjord) are not told by a number. Source of facts: Statistics Norway, classification 131.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, warning
from navoutcomes.records.sources.cells import Cells, Mask, shapes

_REFORMS = {
    2020: "1502 1543 1545 > 1506 | 1504 1523 1529 1534 1546 > 1507 | 1519 1444 > 1577 | 1524 1526 > 1578 | "
    "1548 1551 > 1579 | 1571 5011 > 5055 | 1567 > 5061 | "
    "0101 > 3001 | 0104 0136 > 3002 | 0105 > 3003 | 0106 > 3004 | 0111 > 3011 | 0118 > 3012 | 0119 > 3013 | "
    "0121 0221 > 3026 | 0122 0123 0124 0125 0138 > 3014 | 0127 > 3015 | 0128 > 3016 | 0135 > 3017 | 0137 > 3018 | "
    "0602 0625 0711 > 3005 | 0604 > 3006 | 0605 > 3007 | 0612 > 3038 | 0615 > 3039 | 0616 > 3040 | 0617 > 3041 | "
    "0618 > 3042 | 0619 > 3043 | 0620 > 3044 | 0621 > 3045 | 0622 > 3046 | 0623 > 3047 | 0624 > 3048 | 0626 > 3049 | "
    "0631 > 3050 | 0632 > 3051 | 0633 > 3052 | 0627 0628 0220 > 3025 | 0532 > 3053 | 0533 > 3054 | "
    "1102 1129 > 1108 | 1141 1142 > 1103 | "
    "1902 > 5401 | 1903 > 5402 | 1911 > 5411 | 1913 1852 > 5412 | 1917 > 5413 | 1919 > 5414 | 1920 > 5415 | "
    "1922 > 5416 | 1923 > 5417 | 1924 > 5418 | 1925 > 5419 | 1926 > 5420 | 1927 1928 1929 1931 > 5421 | 1933 > 5422 | "
    "1936 > 5423 | 1938 > 5424 | 1939 > 5425 | 1940 > 5426 | 1941 > 5427 | 1942 > 5428 | 1943 > 5429",
    2024: "1507 > 1508 | 1507 > 1580 | 3001 > 3101 | 3002 > 3103 | 3003 > 3105 | 3004 > 3107 | 3011 > 3110 | "
    "3012 > 3124 | 3013 > 3122 | 3014 > 3118 | 3015 > 3116 | 3016 > 3120 | 3017 > 3112 | 3018 > 3114 | 3026 > 3226 | "
    "3005 > 3301 | 3006 > 3303 | 3007 > 3305 | 3038 > 3310 | 3039 > 3320 | 3040 > 3322 | 3041 > 3324 | 3042 > 3326 | "
    "3043 > 3328 | 3044 > 3330 | 3045 > 3332 | 3046 > 3318 | 3047 > 3316 | 3048 > 3314 | 3049 > 3312 | 3050 > 3334 | "
    "3051 > 3336 | 3052 > 3338 | 3025 > 3203 | 3053 > 3236 | 3054 > 3234 | "
    "5401 > 5501 | 5402 > 5503 | 5411 > 5510 | 5412 > 5512 | 5413 > 5514 | 5414 > 5516 | 5415 > 5518 | 5416 > 5520 | "
    "5417 > 5522 | 5418 > 5524 | 5419 > 5526 | 5420 > 5528 | 5421 > 5530 | 5422 > 5532 | 5423 > 5534 | 5424 > 5536 | "
    "5425 > 5538 | 5426 > 5540 | 5427 > 5542 | 5428 > 5544 | 5429 > 5546",
}
KEPT = ("1103",)
MERGED = MappingProxyType(
    {
        "Hustadvika": ("Fræna", "Eide"),
        "Fjord": ("Norddal", "Stordal"),
        "Heim": ("Halsa", "Hemne"),
        "Indre Østfold": ("Trøgstad", "Spydeberg", "Askim", "Eidsberg", "Hobøl"),
        "Senja": ("Tranøy", "Torsken", "Berg", "Lenvik"),
    }
)
"""Municipalities of 2020 whose name none of their parts had, and what they were made of. The others are known by number
only: "Molde" is one before the reform and another after it."""


def _successors(year: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _REFORMS[year].split("|"):
        before, after = line.split(">")
        for code in before.split():
            found[code] = (*found.get(code, ()), after.strip())
    return found


REFORMS = MappingProxyType({year: MappingProxyType(_successors(year)) for year in _REFORMS})
"""Year of the reform -> number until then -> the number or numbers from then on."""


def _made_of() -> dict[str, tuple[str, ...]]:
    """Numbers that several others were merged into whole, and those others; a number that was kept is none."""
    found: dict[str, tuple[str, ...]] = {}
    for reform in REFORMS.values():
        for code, new in reform.items():
            if len(new) == 1 and new[0] not in KEPT:
                found[new[0]] = (*found.get(new[0], ()), code)
    return {whole: parts for whole, parts in found.items() if len(parts) > 1}


MADE_OF = MappingProxyType(_made_of())
"""Number after a reform -> the numbers before it that are all of it."""


def successors(code: str, year: int) -> tuple[str, ...]:
    """Which number or numbers does a municipality have in a year? Several where it was split; itself when unchanged."""
    codes: tuple[str, ...] = (code,)
    for reform in sorted(REFORMS):
        if reform <= year:
            codes = tuple(dict.fromkeys(one for each in codes for one in REFORMS[reform].get(each, (each,))))
    return codes


_FORM = re.compile(r"(?:K[- ]?)?(\d{3,4})(?:[.,]0+)?(?:[ -]+[^\W\d][^\d]*)?", re.IGNORECASE)
_NOWHERE = frozenset(("ukjent", "ukjend", "uoppgitt", "uoppgjeve", "unknown", "utlandet", "utlandet/ukjent", "abroad"))


def one_division(cells: Cells, words: np.ndarray, live: Mask) -> tuple[np.ndarray, list[Note], DataProblem | None]:
    """Municipality numbers of one division of the country: those of two are brought to the newer, with a warning.

    A number without its leading zero gets it back. Shapes: words and live (k,). The problem is a cell that is no number
    of a municipality, or a number from before a split beside numbers from after it.
    """
    words, notes, strange = _numbers(cells, words, live)
    if strange.any():
        found = cells.found(strange)
        return words, notes, DataProblem("municipality_not_a_number", shapes=shapes(cells, strange), **found)
    seen = set(words[live])
    year = _mixed(seen)
    if year is None:
        return words, notes, None
    old = {code: successors(code, year) for code in seen if successors(code, year) != (code,)}
    split = sorted(code for code, new in old.items() if len(new) > 1)
    if split:
        where = live & np.isin(words, split)
        return words, notes, DataProblem("municipality_split", codes=split, year=year, **cells.found(where))
    changed = live & np.isin(words, list(old))
    pairs = [f"{code} → {old[code][0]}" for code in sorted(old)]
    words[changed] = [old[code][0] for code in words[changed]]
    facts = {"column": cells.header, "count": cells.count(changed), "codes": pairs, "year": year}
    return words, [*notes, warning("municipalities_brought_together", **facts)], None


def _numbers(cells: Cells, words: np.ndarray, live: Mask) -> tuple[np.ndarray, list[Note], Mask]:
    """Four digits each, as decimal numbers («301.0»), with a K or with a name too; and which cells are none."""
    words = words.copy()
    found = [_FORM.fullmatch(str(word)) if alive else None for word, alive in zip(words, live, strict=True)]
    number = np.array([one is not None for one in found], np.bool_)
    short = np.array([one is not None and len(one[1]) == 3 for one in found], np.bool_)
    other = np.array([one is not None and one[1] != one[0] for one in found], np.bool_)
    words[number] = [one[1].zfill(4) for one in found if one is not None]
    notes = []
    if other.any():
        notes.append(warning("municipality_number_taken_out", column=cells.header, count=cells.count(other)))
    if short.any():
        notes.append(warning("municipality_zero_lost", column=cells.header, count=cells.count(short)))
    nowhere = np.array([str(word).casefold() in _NOWHERE for word in words], np.bool_)
    return words, notes, live & ~number & ~nowhere


def _mixed(seen: Iterable[str]) -> int | None:
    """The latest reform of which the column has numbers from both before and after."""
    seen = set(seen)
    for year in sorted(REFORMS, reverse=True):
        began = {code for codes in REFORMS[year].values() for code in codes} - set(KEPT)
        later = {code for other in REFORMS if other > year for codes in REFORMS[other].values() for code in codes}
        ended = {code for other in REFORMS if other <= year for code in REFORMS[other]}
        if seen & ended and seen & (began | later):
            return year
    return None
