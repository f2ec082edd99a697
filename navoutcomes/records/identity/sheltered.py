"""Does a column called «Skjermet» speak of sheltered work, or of people who are shielded? Only its cells can tell.

Shielded people are shielded in all their rows, or in none. Sheltered work begins and ends, and is work.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.codebook import known_as, plain
from navoutcomes.records.columns.words import answers, folded
from navoutcomes.records.sources.cells import Cells, Mask

BARE = ("skjermet", "skjerma")
PLACES = frozenset(
    (
        *("vta", "vtao", "varig tilrettelagt arbeid", "skjermet arbeid", "skjerma arbeid", "skjermet virksomhet"),
        *("skjerma verksemd", "skjermet bedrift", "skjerma bedrift", "sheltered", "sheltered work"),
    )
)
ORDINARY = frozenset(
    (
        *("ordinær", "ordinært", "ordinært arbeid", "ordinær virksomhet", "ordinær bedrift", "ordinær verksemd"),
        *("ordinary", "ordinary work", "competitive", "lønnstilskudd", "lønstilskot", "nei", "ingen", "no", "none", ""),
    )
)
_HEADERS = {column.name: known_as(column) for column in USUAL_COLUMNS.columns}


def sheltered_work(one: Cells, cells: tuple[Cells, ...]) -> bool:
    """Is it sure that this column is about work?

    True for words that only work is called by; for yes and no in a file of months in work (month, in work, wage
    subsidy) where every yes is a month in work and somebody has both a yes and a no. Anything else is not sure.
    """
    if plain(one.header) not in BARE:
        return False
    words = {folded(text) for text in one.distinct}
    if words & PLACES and words <= PLACES | ORDINARY:
        return True
    columns = [_column(name, cells) for name in ("person", "month", "employed", "subsidised")]
    if any(column is None for column in columns):
        return False
    person, _, employed, _ = columns
    yes, no = answers(one)
    assert person is not None and employed is not None
    works = answers(employed)[0][employed.codes]
    return bool((yes | no | one.blank).all()) and _comes_and_goes(yes[one.codes], works, person)


def _comes_and_goes(marked: Mask, works: Mask, person: Cells) -> bool:
    """Is every mark on a month in work, and not everybody who has one marked in all their months?"""
    if not marked.any():
        return True
    if (marked & ~works).any():
        return False
    always = pd.Series(marked).groupby(person.codes).transform("all").to_numpy(np.bool_)
    return bool((marked & ~always).any())


def _column(name: str, cells: tuple[Cells, ...]) -> Cells | None:
    """The one column with a usual header of this meaning."""
    found = [one for one in cells if plain(one.header) in _HEADERS[name]]
    return found[0] if len(found) == 1 else None
