"""How did each spell end, and which rows are no spells at all?"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.aliases import EXIT_WORDS
from navoutcomes.records.columns.words import folded
from navoutcomes.records.sources.cells import Mask
from navoutcomes.records.spells.place import Place

NO_SPELL = ("never_started", "exclude")
STILL_THERE = "censored"
UNKNOWN = "completed_unknown"
JOB = "job"


def never_started(frame: pd.DataFrame, _place: Place) -> tuple[Mask, list[Note]]:
    """Which rows are no spells: people who never started, and rows registered in error, without both dates?"""
    reasons = _exit_words(frame)
    excused = reasons.map(lambda word: EXIT_WORDS.get(folded(word), word)).isin(NO_SPELL).to_numpy()
    aside = excused & (frame["start"].isna() | frame["end"].isna()).to_numpy()
    return aside, [warning("rows_never_started", count=int(aside.sum()), total=len(aside))] if aside.any() else []


def exit_classes(
    frame: pd.DataFrame, place: Place, cutoff: date | None, exit_unknown: str
) -> tuple[pd.DataFrame, list[Note]]:
    """The frame with ``exit_class``, missing while open; ends planned after the cut-off are open.

    Exit reasons that are all in common use become exit classes; otherwise the file's own words are kept. Raises:
    ``DataProblem`` for a reason without an end, a reason for an end that has not come, and an end without a reason.
    """
    words, notes = _classes(frame)
    frame = frame.copy()
    given = (words.notna() & (words != STILL_THERE)).to_numpy()
    reason = "exit_class" if "exit_class" in place.headers else "reason"
    planned = np.zeros(len(frame), np.bool_)
    if cutoff is not None:
        planned = (frame["end"] > pd.Timestamp(cutoff)).to_numpy()
        if (planned & given).any():
            facts = {"extracted": f"{cutoff:%d.%m.%Y}", **place.found(planned & given, "end", reason)}
            raise DataProblem("exit_after_extraction", **facts)
    if planned.any():
        notes.append(note("planned_ends_opened", count=int(planned.sum())))
        frame.loc[planned, "end"] = pd.NaT
    still_open = frame["end"].isna().to_numpy()
    if (still_open & given).any():
        raise DataProblem("exit_without_end", **place.found(still_open & given, "end", reason))
    unknown = ~still_open & words.isna().to_numpy()
    frame["exit_class"] = _emptied(words, still_open)
    if unknown.any():
        notes.append(_unknown(frame, place, unknown, ~still_open, reason, exit_unknown))
        notes += _bounds(frame, ~still_open, unknown)
    return frame, notes


def _unknown(frame: pd.DataFrame, place: Place, unknown: Mask, ended: Mask, reason: str, exit_unknown: str) -> Note:
    """Finished spells without a reason, by the caller's rule, in place; refused when there is none."""
    share = round(100 * unknown.sum() / max(1, ended.sum()))
    if reason not in place.headers:
        frame.loc[unknown, "exit_class"] = UNKNOWN
        return warning("exits_no_column", count=int(unknown.sum()))
    if exit_unknown == "error":
        raise DataProblem("exit_missing", share=share, **place.found(unknown, reason))
    frame.loc[unknown, "exit_class"] = STILL_THERE if exit_unknown == "censor" else UNKNOWN
    key = "exits_unknown_censored" if exit_unknown == "censor" else "exits_unknown_category"
    return warning(key, count=int(unknown.sum()), share=share)


def _bounds(frame: pd.DataFrame, ended: Mask, unknown: Mask) -> list[Note]:
    """The share with a job if none, and if all, of those without a reason had got one."""
    jobs = int((frame["exit_class"].eq(JOB) & ended & ~unknown).sum())
    if not jobs:
        return []
    low, high = (round(100 * number / int(ended.sum())) for number in (jobs, jobs + int(unknown.sum())))
    return [note("exit_bounds", low=low, high=high, count=int(unknown.sum()))]


def _exit_words(frame: pd.DataFrame) -> pd.Series[Any]:
    """The words for how spells ended: of the column exit_class, else reason, else none."""
    for name in ("exit_class", "reason"):
        if name in frame:
            return _emptied(frame[name], frame[name].isna().to_numpy())
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def _classes(frame: pd.DataFrame) -> tuple[pd.Series[Any], list[Note]]:
    """Exit classes where every word is in common use, otherwise the words themselves."""
    words = _exit_words(frame)
    distinct = words.dropna().unique()
    known = {word: EXIT_WORDS[folded(word)] for word in distinct if folded(word) in EXIT_WORDS}
    if len(known) < len(distinct):
        kept = note("exit_words_kept", count=len(distinct), unknown=len(distinct) - len(known))
        return words, [kept, *_abbreviations(words, distinct, known)]
    changed = int(sum(words.eq(word).sum() for word, exit_class in known.items() if word != exit_class))
    classes = _emptied(words.map(known), words.isna().to_numpy())
    return classes, [note("exit_words_translated", count=changed)] if changed else []


def _abbreviations(words: pd.Series[Any], distinct: Any, known: dict[Any, str]) -> list[Note]:
    """Unknown words that end in a full stop and begin another word of the column: only the office knows."""
    whole = {folded(word) for word in distinct} | {folded(word) for word in known.values()}
    short = [word for word in distinct if word not in known and folded(word).endswith(".")]
    near = [word for word in short if any(other.startswith(folded(word)[:-1]) for other in whole - {folded(word)})]
    if not near:
        return []
    return [warning("exit_abbreviations", column="reason", variants=len(near), count=int(words.isin(near).sum()))]


def _emptied(words: pd.Series[Any], where: Mask) -> pd.Series[Any]:
    """Words with None in some places."""
    kept = words.to_numpy(dtype=object).copy()
    kept[where] = None
    return pd.Series(kept, index=words.index, dtype=object)
