"""Which code does each cell of a column hold, and what is wrong with those that hold none?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.codes.lists import Code, CodeList, code_list
from navoutcomes.records.columns.codebook import plain
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.spells.place import Place

Choose = Mapping[str, str]


@door
def recode(extract: Extract, column: str, codes: CodeList | str, *, choose: Mapping[str, str] | None = None) -> Extract:
    """The extract with one column as codes of a list: other spellings, labels and codes of Arena become the code.

    ``column``: its name after reading, or its header. ``codes``: a ``CodeList`` or the name of one. ``choose``: which
    code is meant where a word can mean several, such as ``{"GRUPPEAMO": "ARBEIDSMARKEDSOPPLAERING"}``.

    Raises: ``DataProblem`` for words that are no code, with codes that come near (never put in), and for words that can
    mean several codes. Warns: ``DataWarning`` for known misspellings.
    """
    wanted = code_list(codes) if isinstance(codes, str) else codes
    frame = extract.frame
    name = column_named(extract, column)
    words, notes = coded(frame[name], wanted, Place.of(extract, extract.rows), name, choose or {})
    announce(Log(tuple(notes)))
    return replace(extract, _frame=frame.assign(**{name: words}), log=extract.log + tuple(notes))


def column_named(extract: Extract, column: str, *, needed: bool = True) -> str:
    """The name of a column after reading, from that name or its header; "" when it is not there and not needed.

    Raises: ``DataProblem`` when it is not there.
    """
    for name in map(str, extract._frame.columns):
        if plain(column) in (plain(name), plain(extract.headers.get(name, name))):
            return name
    if needed:
        raise DataProblem("columns_missing", column=[column], columns_found=list(extract.headers.values()), count=1)
    return ""


def coded(
    words: pd.Series[Any], codes: CodeList, place: Place, name: str, choose: Choose
) -> tuple[pd.Series[Any], list[Note]]:
    """Each word as its code, None where nothing stands. Raises: ``DataProblem`` as ``recode``."""
    chosen = {plain(word): code for word, code in choose.items()}
    known: dict[Any, str] = {}
    unknown: list[Any] = []
    several: list[Any] = []
    misspelt: list[Any] = []
    for word in words.dropna().unique():
        found = codes.meaning(str(word))
        picked = chosen.get(plain(str(word)))
        if picked is not None:
            found = tuple(one for one in found if one.code == picked) or found
        if len(found) == 1:
            known[word] = found[0].code
            misspelt += [word] if plain(str(word)) in map(plain, found[0].misspelt) else []
        else:
            (several if found else unknown).append(word)
    if unknown:
        near = tuple(dict.fromkeys(one for word in unknown for one in codes.near(str(word)))) or ("–",)
        facts = {"codes": codes.name, "distinct": len(unknown), "near": near}
        raise DataProblem("code_unknown", **facts, **place.found(words.isin(unknown), name))
    if several:
        raise DataProblem("code_ambiguous", **_ambiguous(several, codes), **place.found(words.isin(several), name))
    told = words.map(known)
    return only_where(told, words.notna()), _notes(words, told, misspelt, place, name)


def only_where(words: pd.Series[Any], there: Any) -> pd.Series[Any]:
    """Words in some places, None in the others. Shapes: (n,)."""
    kept = np.full(len(words), None, dtype=object)
    hit = np.asarray(there, dtype=np.bool_)
    kept[hit] = words.to_numpy(dtype=object)[hit]
    return pd.Series(kept, index=words.index, dtype=object)


def _ambiguous(several: list[Any], codes: CodeList) -> dict[str, Any]:
    """The words that can mean several codes are codes of ours themselves, so they may be named."""
    meant: list[Code] = [one for word in several for one in codes.meaning(str(word))]
    words = {one: None for code in meant for one in code.other_spellings if plain(one) in map(plain, map(str, several))}
    return {"codes": codes.name, "words": tuple(words), "choices": tuple(dict.fromkeys(one.code for one in meant))}


def _notes(words: pd.Series[Any], told: pd.Series[Any], misspelt: list[Any], place: Place, name: str) -> list[Note]:
    header = place.headers.get(name, name)
    notes: list[Note] = []
    wrong = words.isin(misspelt)
    changed = words.notna() & (words.astype(str) != told.astype(str)) & ~wrong
    if changed.any():
        notes.append(note("codes_translated", column=header, count=int(changed.sum())))
    if wrong.any():
        notes.append(warning("codes_misspelt", column=header, count=int(wrong.sum()), total=len(words)))
    return notes
