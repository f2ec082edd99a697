"""Which rows of two files are the same people, and how sure is that?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, door, named
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.columns.constant import FOR_LIFE, not_one_person
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.origin import Origin
from navoutcomes.texts import checked, say

MIN_MATCH = 0.98
NEAR = ("warn", "repair", "error")
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Matches:
    """How many were found in both files. Counts only; shows itself.

    ``people`` and ``outcomes`` are the pseudonyms in each file, ``matched`` those in both, ``near`` those that would
    match without capital letters, separators and leading zeros, ``repaired`` those that were matched so.
    """

    people: int
    outcomes: int
    matched: int
    near: int
    repaired: int

    @property
    def share(self) -> float:
        """Of the people in the first file, the share found in the second."""
        return self.matched / self.people if self.people else 0.0

    def text(self, language: str | None = None) -> str:
        """A line each."""
        language = checked(language)
        keys = ("people", "outcomes", "matched", "near", "repaired")
        said = [(say("words", f"link_{key}", language), getattr(self, key)) for key in keys]
        width = max(len(words) for words, _ in said)
        return "\n".join(f"{words:<{width}}  {number}" for words, number in said)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text())}</pre>"


@dataclass(frozen=True, eq=False, repr=False)
class Linked(Extract):
    """An extract put together from two, by person. ``matches`` is the audit. Everything else is as in ``Extract``."""

    matches: Matches = Matches(0, 0, 0, 0, 0)


@door
def link(
    people: Extract, outcomes: Extract, *, on: str = "person", min_match: float = MIN_MATCH, near: str = "warn"
) -> Linked:
    """What does the second file say about the people of the first?

    Every row of ``people`` is kept, with the columns of ``outcomes`` beside it (empty where the person is not there).
    One of the two files has one row a person; where it is ``people``, a person with several outcomes gets a row for
    each. Columns in both files keep their name from ``people`` and get ``_outcomes`` behind it from the other.

    ``on``: the column of pseudonyms, by its standard name. ``min_match``: the share of the people that must be found
    (default 0.98). ``near``: pseudonyms that differ only by capital letters, separators or leading zeros are left
    apart with a warning ("warn"), matched where only one can be meant ("repair"), or stop it ("error").

    Raises: ``DataProblem`` when the column is missing, both files have people twice, too few match, pseudonyms cannot
    be told apart by the rule asked for, or one person has two sexes or births.
    Warns: ``DataWarning`` for outcomes of nobody in the first file, people without outcomes, and near matches.
    """
    if near not in NEAR:
        raise DataProblem("option_not_understood", option="near=", allowed=NEAR)
    if not 0 <= min_match <= 1:
        raise DataProblem("option_not_understood", option="min_match=", allowed=("0–1",))
    left, right = _keys(people, on), _keys(outcomes, on)
    _one_of_each(left, right, people, outcomes, on)
    meant, repaired, found_near = _in_one_form(left, right, near, people.headers.get(on, on))
    matched = np.isin(np.unique(left), np.unique(meant))
    matches = Matches(len(matched), len(np.unique(right)), int(matched.sum()), found_near, repaired)
    notes = _checked(matches, min_match, len(np.setdiff1d(meant, left)))
    frame, rows = _joined(people, outcomes, on, left, meant)
    headers = {**{f"{name}_outcomes": header for name, header in outcomes.headers.items()}, **outcomes.headers}
    headers = {name: header for name, header in (headers | dict(people.headers)).items() if name in frame}
    if (confused := not_one_person(_stacked(frame, on), headers, np.tile(rows, 2), people.heading)) is not None:
        raise confused
    if len(frame) > len(left):
        notes.append(note("link_several_rows", count=len(frame) - len(left), total=len(frame)))
    both = {f"{name}_outcomes": kind for name, kind in outcomes.kinds.items()} | dict(outcomes.kinds)
    kinds = {name: kind for name, kind in (both | dict(people.kinds)).items() if name in frame}
    linked = Linked(
        frame,
        _origin(people, outcomes),
        people.log + outcomes.log.notes + notes,
        codebook=people.codebook,
        headers=headers,
        kinds=kinds,
        rows=rows,
        heading=people.heading,
        end_inclusive=people.end_inclusive,
        matches=matches,
    )
    announce(Log(tuple(notes)))
    return linked


def _keys(extract: Extract, on: str) -> NDArray[np.object_]:
    frame, file = extract._frame, named(", ".join(extract.origin.names))
    if on not in frame:
        raise DataProblem(
            "column_missing",
            file=file,
            count=1,
            column=[on],
            columns_expected=[on],
            columns_found=list(extract.headers.values()) or list(frame),
        )
    blank = frame[on].isna().to_numpy()
    if blank.any():
        rows = extract.rows[blank] if len(extract.rows) == len(frame) else np.flatnonzero(blank) + 1
        facts = {"column": extract.headers.get(on, on), "count": int(blank.sum()), "total": len(frame)}
        raise DataProblem("id_blank", rows=rows.tolist(), heading=extract.heading, **facts)
    return np.array([str(one).strip() for one in frame[on]], dtype=object)


def _one_of_each(left: np.ndarray, right: np.ndarray, people: Extract, outcomes: Extract, on: str) -> None:
    """People twice in both files would be multiplied."""
    twice = [int((pd.Series(keys).value_counts() > 1).sum()) for keys in (left, right)]
    if min(twice):
        raise DataProblem(
            "link_many_to_many",
            column=people.headers.get(on, on),
            count=twice[0],
            count_outcomes=twice[1],
            file=named(", ".join(people.origin.names)),
            file_outcomes=named(", ".join(outcomes.origin.names)),
        )


def _in_one_form(left: np.ndarray, right: np.ndarray, near: str, column: str) -> tuple[NDArray[np.object_], int, int]:
    """The second file's pseudonyms as the first writes them, how many were changed, and how many are near.

    Near pseudonyms are repaired only where one in each file has the form they share.
    """
    alone = sorted(set(right) - set(left))
    forms_left, forms_right = _by_form(left), _by_form(right)
    close = [one for one in alone if _form(one) in forms_left]
    if not close or near == "warn":
        return right, 0, len(close)
    unclear = [one for one in close if len(forms_left[_form(one)]) > 1 or len(forms_right[_form(one)]) > 1]
    if near == "error" or unclear:
        key = "link_near_unclear" if unclear else "link_near"
        raise DataProblem(key, column=column, count=len(unclear or close), total=len(set(right)), near=len(close))
    meant = {one: next(iter(forms_left[_form(one)])) for one in close}
    return np.array([meant.get(one, one) for one in right], dtype=object), len(close), len(close)


def _by_form(keys: np.ndarray) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    for key in set(keys):
        forms.setdefault(_form(key), set()).add(key)
    return forms


def _form(key: str) -> str:
    """Without capital letters, separators, and zeros in front of a number."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]+", "", key.casefold()))


def _checked(matches: Matches, min_match: float, strangers: int) -> list[Note]:
    """Enough are found, or it stops; the rest is said aloud."""
    missing = matches.people - matches.matched
    percent = round(100 * matches.share, 1)
    if matches.share < min_match:
        facts = {"min_match": min_match, "near": matches.near - matches.repaired, "total": matches.people}
        raise DataProblem("link_too_few", count=missing, percent=percent, **facts)
    notes = []
    if strangers:
        share = round(100 * strangers / matches.outcomes, 1)
        notes.append(warning("link_not_in_cohort", count=strangers, total=matches.outcomes, percent=share))
    if missing:
        notes.append(warning("link_without_outcomes", count=missing, total=matches.people, percent=percent))
    if matches.repaired:
        notes.append(warning("link_near_repaired", count=matches.repaired))
    elif matches.near:
        notes.append(warning("link_near_left", count=matches.near))
    return notes


def _joined(
    people: Extract, outcomes: Extract, on: str, left: np.ndarray, meant: np.ndarray
) -> tuple[pd.DataFrame, Codes]:
    """The rows of the first file with the columns of the second, in the order of the first, and their rows."""
    first = people.frame.assign(**{on: left})
    second = outcomes.frame.assign(**{on: meant})
    rows = people.rows if len(people.rows) == len(first) else np.arange(1, len(first) + 1)
    first.insert(0, _ROW, rows)
    frame = first.merge(second, how="left", on=on, suffixes=("", "_outcomes"), sort=False)
    return frame.drop(columns=_ROW), frame[_ROW].to_numpy(np.int64)


_ROW = "\0row"


def _stacked(frame: pd.DataFrame, on: str) -> pd.DataFrame:
    """What both files say about a person for life, one below the other."""
    parts = []
    for suffix in ("", "_outcomes"):
        there = {name: frame[f"{name}{suffix}"] for name in FOR_LIFE if f"{name}{suffix}" in frame}
        parts.append(pd.DataFrame({"person": frame[on], **there}))
    return pd.concat([part.astype(object) for part in parts], ignore_index=True)


def _origin(people: Extract, outcomes: Extract) -> Origin:
    """Both files; covered until the earlier of their days; invented when one of them is."""
    both = (people.origin, outcomes.origin)
    closes = [one.cutoff for one in both if one.cutoff is not None]
    sources = tuple(dict.fromkeys((*both[0].sources, *both[1].sources)))
    first, second = (one.definitions for one in both)
    defined = (*first, *(one for one in second if one not in first))
    synthetic = any(one.synthetic for one in both)
    return Origin(sources, min(closes, default=None), synthetic, definitions=defined)
