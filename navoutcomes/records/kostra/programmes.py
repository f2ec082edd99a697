"""Who was in the qualification programme, from when to when, and how did each course end, over several years' files?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.codes.lists import code_list
from navoutcomes.records.extract import Extract
from navoutcomes.records.kostra.years import Files, Together, exclusive, together, told, worded
from navoutcomes.records.sources.cells import Mask

FORM = "11CF"
PROGRAMME = "KVP"
STILL_IN = ("1", "2")
NO_SHOW, MOVED, COMPLETED = ("4",), ("5", "6"), ("3", "7")
MAIN = "avsl_viktigste_inntekt"
ANSWERS = {
    "avsl_ordinaertarb": "01",
    "avsl_arblonnstils": "11",
    "avsl_arbmark": "03",
    "avsl_skole": "04",
    "avsl_ufore": "13",
    "avsl_aap": "14",
    "avsl_ok_avklar": "15",
    "avsl_uten_ok_avklar": "16",
    "avsl_annet": "10",
    "avsl_ukjent": "17",
}
UNKNOWN = "completed_unknown"
LOST = "censored"
COLUMNS = (
    "person", "programme", "registered_date", "decision_date", "start", "end", "exit_class", "status", "observed_from",
    "municipality_no", "district", "sex", "birth_year", "children_u18", "year",
)  # fmt: skip


@door
def kvp_programmes(files: Files) -> Extract:
    """Who was in the qualification programme, from when to when, and how did it end?

    ``files``: form 11CF of one year or several, read with ``read_kostra`` and the same key or links. A course that
    stands in several years' files is one row, as the last file tells it.

    Shapes: a row a course, ready for ``Spells.from_extract``: person, programme, registered_date, decision_date,
    start, end (the day after the last, missing while open on 31 December of the last year), exit_class (missing while
    open), status (code), ``observed_from`` (when the files begin to tell of it: delayed entry for those who began
    before the first file), municipality_no, sex, birth_year (from 2025), children_u18, year (the last that told of it).
    Raises: ``DataProblem`` for other forms, years without a common pseudonym, courses without a start, with an end
    before the start, or ended without a date.
    Assumes: one exit class a course, that of the main source of income (AVSL_VIKTIGSTE_INNTEKT); without it that of the
    only answer given; absence is no_show, moving administrative, and unknown or no answer completed_unknown.
    """
    whole = together(files, FORM)
    frame, notes = courses(whole)
    return told(whole, frame, notes, {"programme": "word", "exit_class": "word", "observed_from": "date"})


def courses(whole: Together) -> tuple[pd.DataFrame, list[Note]]:
    """One row a course, with the answers about its end, and what was remarked."""
    frame, notes = _last_told(whole)
    notes += _checked(whole, frame)
    ended = ~frame["status"].isin(STILL_IN).to_numpy() & frame["end"].notna().to_numpy()
    lost = ~ended & (frame["year"] < whole.years[-1]).to_numpy()
    frame["exit_class"] = exit_classes(frame, ended)
    ends = frame["end"].where(ended)
    if lost.any():
        notes.append(warning("kvp_lost", count=int(lost.sum()), total=len(frame)))
        year_ends = pd.to_datetime({"year": frame["year"].astype(int), "month": 12, "day": 31}).astype("datetime64[s]")
        ends = ends.mask(lost, year_ends)
        frame.loc[lost, "exit_class"] = LOST
    frame["end"], moved = exclusive(ends)
    frame["observed_from"] = frame["start"].mask(frame["start"] < whole.first_day, whole.first_day)
    before = int((frame["start"] < whole.first_day).sum())
    if before:
        notes.append(warning("kvp_began_before", count=before, total=len(frame), year=whole.years[0]))
    frame.insert(1, "programme", PROGRAMME)
    first = [name for name in COLUMNS if name in frame]
    return frame[[*first, *(name for name in frame if name not in first)]], [*notes, *moved]


def _last_told(whole: Together) -> tuple[pd.DataFrame, list[Note]]:
    """Each course once, as the last file tells it.

    Records of a person are the same course when they begin on the same day, or when one file left the course open and
    the next year's gives another start within the time the first one covered: a corrected date.
    """
    frame = whole.frame
    none = frame["start"].isna().to_numpy()
    notes: list[Note] = []
    if none.any():
        facts = whole.found(none, "start")
        notes.append(warning("kvp_without_start", **facts))
        frame = frame[~none]
    frame = frame.sort_values(["person", "start", "year"], kind="stable", ignore_index=True)
    earlier = frame.shift()
    same_person = (frame["person"] == earlier["person"]).to_numpy()
    same_start = same_person & (frame["start"] == earlier["start"]).to_numpy()
    in_order = (frame["year"] > earlier["year"]).fillna(False).to_numpy(np.bool_)
    open_before = earlier["status"].isin(STILL_IN).to_numpy() & in_order
    open_now = frame["status"].isin(STILL_IN).to_numpy() & (earlier["year"] > frame["year"]).fillna(False).to_numpy(
        np.bool_
    )
    covered = frame["start"].dt.year.le(frame["year"].where(open_now, earlier["year"])).fillna(False).to_numpy(np.bool_)
    corrected = same_person & ~same_start & (open_before | open_now) & covered
    if corrected.any():
        notes.append(warning("kvp_start_corrected", count=int(corrected.sum())))
    course = np.cumsum(~(same_start | corrected))
    twice = frame.assign(course=course).duplicated(["course", "year"])
    if twice.any():
        notes.append(warning("kvp_told_twice", count=int(twice.sum()), total=len(frame)))
    last = frame.assign(course=course).sort_values(["course", "year"], kind="stable")
    return last.drop_duplicates("course", keep="last").drop(columns="course").reset_index(drop=True), notes


def _checked(whole: Together, frame: pd.DataFrame) -> list[Note]:
    """Refuse courses that cannot be; remark on ends that do not count."""
    over = frame["status"].isin((*NO_SHOW, *MOVED, *COMPLETED))
    late = frame["end"] > whole.last_day
    placed = Together(frame, whole.names, whole.headers, whole.kinds, whole.origin, whole.log, whole.years)
    for bad, key, columns in (
        (over & frame["end"].isna(), "kvp_end_missing", ("status", "end")),
        (over & (frame["end"] < frame["start"]), "kvp_end_before_start", ("end", "start")),
    ):
        if bad.any():
            raise DataProblem(key, **placed.found(bad, *columns))
    notes = []
    ignored = (frame["status"].isin(STILL_IN) & frame["end"].notna()) | late
    if ignored.any():
        notes.append(warning("kvp_end_ignored", count=int(ignored.sum()), total=len(frame)))
        frame["end"], frame["status"] = frame["end"].mask(late), frame["status"].mask(late, STILL_IN[0])
    return notes


def exit_classes(frame: pd.DataFrame, ended: Mask) -> pd.Series[Any]:
    """The single exit class of each course that ended, None for the others."""
    by_code = {code.code: code.exit_class for code in code_list("kvp_exit").codes}
    answers = pd.DataFrame({name: frame[name].fillna(False).astype(bool) for name in ANSWERS if name in frame})
    codes = np.array([ANSWERS[str(name)] for name in answers.columns], dtype=object)
    only = pd.Series(codes[answers.to_numpy().argmax(axis=1)], index=frame.index, dtype=object)
    only = only.where(answers.sum(axis=1) == 1)
    code = frame[MAIN].where(frame[MAIN].notna(), only)
    classes = code.map(by_code).astype(object).where(code.notna(), UNKNOWN)
    status = frame["status"]
    classes = classes.mask(status.isin(NO_SHOW), "no_show").mask(status.isin(MOVED), "administrative")
    return worded(classes, ended)


@door
def kvp_exits(files: Files) -> Extract:
    """Which answers were given about the situation right after the programme? Several are allowed.

    ``files`` as for ``kvp_programmes``. Shares of answers may add up to more than 1: they say how many reached each
    situation. For one class a course use ``kvp_programmes``.

    Shapes: a row an answer: person, start, end (the day after the last), year, status, ``answer`` (code of
    ``code_list("kvp_exit")``, missing for those who stayed away or moved, who are not asked), exit_class, ``main``
    (whether it is the main source of income), ``answers`` (how many the course has).
    Raises: as ``kvp_programmes``.
    """
    whole = together(files, FORM)
    frame, notes = courses(whole)
    ended = frame[frame["exit_class"].notna() & (frame["exit_class"] != LOST)].reset_index(drop=True)
    by_code = {code.code: code.exit_class for code in code_list("kvp_exit").codes}
    asked = ended["status"].isin(COMPLETED)
    kept = ["person", "start", "end", "year", "status"]
    parts = []
    given = pd.Series(0, index=ended.index)
    for name, code in ANSWERS.items():
        ticked = asked & (ended[name].fillna(False).astype(bool) | (ended[MAIN] == code))
        given += ticked
        part = ended.loc[ticked, kept].assign(answer=code, exit_class=by_code[code])
        parts.append(part.assign(main=(ended.loc[ticked, MAIN] == code).to_numpy(np.bool_)))
    none = (given == 0).to_numpy()
    rest = ended.loc[none, [*kept, "exit_class"]].assign(answer=None, main=True)
    table = pd.concat([*parts, rest]).sort_index(kind="stable")
    table["answers"] = given.reindex(table.index).astype("Int64")
    several = int((given > 1).sum())
    notes.append(note("kvp_exits_several", courses=len(ended), answers=int(given.sum()), several=several))
    return told(whole, table, notes, {"answer": "word", "main": "flag", "answers": "integer", "exit_class": "word"})
