"""Is one word written in several ways, and what do the codes for sex mean?"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.codebook import Column
from navoutcomes.records.municipalities import one_division
from navoutcomes.records.sources.cells import Cells, Mask, shapes

FEWEST_LETTERS = 3
MOST_WORDS = 1000
_SEXES = {
    "Kvinne": "2 | k | f | w | kv | kvinne | kvinner | kvinnelig | kvinneleg | hunkjønn | jente | jenter | female | "
    "woman | women | girl | girls",
    "Mann": "1 | m | mann | menn | mannlig | mannleg | hankjønn | gutt | gutter | gut | gutar | male | "
    "man | men | boy | boys",
    "Ukjent": "9 | u | x | ukjent | ukjend | uoppgitt | uoppgjeve | ikke oppgitt | ikkje oppgitt | unknown",
}
SEXES = MappingProxyType({word.strip(): sex for sex, words in _SEXES.items() for word in words.split("|")})
"""Ways to write sex (small letters) and the word each becomes; 1 and 2 as in KOSTRA."""
PLAIN_SEXES = frozenset(("kvinne", "mann", "ukjent", "ukjend", "woman", "man", "female", "male", "unknown"))
"""Words that stay as they are where each sex is written in one way."""


def tidied(cells: Cells, column: Column, live: Mask) -> tuple[np.ndarray, list[Note], DataProblem | None]:
    """The distinct words of a column nobody declared, in one spelling each. Shapes: (k,) -> (k,).

    Words that differ only in capital letters and blanks become the spelling most rows have. Codes for sex become
    words, where all are known; numbers of municipalities from before and after a reform become the newer.
    """
    words = np.asarray(cells.distinct, dtype=object)
    if column.name == "municipality_no":
        return one_division(cells, words, live)
    if live.sum() > MOST_WORDS:
        return words, [], None
    if column.name == "sex":
        words, notes = _sexes(cells, words, live)
        if any(one.key == "sex_words" for one in notes):
            return words, notes, None
        words, more = _one_spelling(cells, words, live)
        return words, [*notes, *more], None
    words, notes = _one_spelling(cells, words, live)
    return words, notes, None


def _sexes(cells: Cells, words: np.ndarray, live: Mask) -> tuple[np.ndarray, list[Note]]:
    known = {at: SEXES.get(_folded(words[at])) for at in np.flatnonzero(live)}
    strange = np.zeros(len(words), np.bool_)
    strange[[at for at, sex in known.items() if sex is None]] = True
    if strange.any():
        facts = {"column": cells.header, "count": cells.count(strange), "total": len(cells.codes)}
        return words, [warning("sex_not_understood", shapes=shapes(cells, strange), **facts)]
    one_word_each = len(set(known.values())) == len(known)
    if one_word_each and all(_folded(words[at]) in PLAIN_SEXES for at in known):
        return words, []
    changed = words.copy()
    for at, sex in known.items():
        changed[at] = sex
    pairs = sorted({f"{_folded(words[at])} → {sex}" for at, sex in known.items()})
    return changed, [note("sex_words", column=cells.header, count=cells.count(live), pairs=pairs)]


def _one_spelling(cells: Cells, words: np.ndarray, live: Mask) -> tuple[np.ndarray, list[Note]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for at in np.flatnonzero(live):
        if sum(sign.isalpha() for sign in str(words[at])) >= FEWEST_LETTERS:
            groups[_folded(words[at])].append(int(at))
    several = [places for places in groups.values() if len(places) > 1]
    if not several:
        return words, []
    changed, moved = words.copy(), np.zeros(len(words), np.bool_)
    rows = np.bincount(cells.codes, minlength=len(words))
    for places in several:
        best = max(places, key=lambda at: (rows[at], str(words[at])))
        others = [at for at in places if words[at] != words[best]]
        changed[others] = words[best]
        moved[others] = True
    facts = {"variants": int(moved.sum()), "words": len(several), "count": cells.count(moved)}
    return changed, [note("spellings_joined", column=cells.header, **facts)] if moved.any() else []


def _folded(word: object) -> str:
    return " ".join(str(word).split()).casefold()
