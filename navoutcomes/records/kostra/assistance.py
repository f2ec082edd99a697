"""Who got social assistance, in which months, with which conditions, exemptions and sanctions, by form 11F?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import door
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.extract import Extract
from navoutcomes.records.kostra.files import KostraExtract
from navoutcomes.records.kostra.layouts import MONTHS
from navoutcomes.records.kostra.years import FILE, LINE, Files, Together, exclusive, together, told

FORM, PROGRAMME_FORM = "11F", "11CF"
BENEFITS = {FORM: "SOSIALHJELP", PROGRAMME_FORM: "KVALIFISERINGSSTONAD"}
CONDITIONS = {
    "vilkararbeid": "16",
    "vilkarkurs": "17",
    "vilkarutd": "04",
    "vilkarjobblog": "06",
    "vilkarjobbtilb": "07",
    "vilkarsamt": "08",
    "vilkarokrett": "10",
    "vilkarlivsh": "18",
    "vilkarhelse": "14",
    "vilkarannet": "15",
    "vilkardigplan": "19",
    "vilkarnorsksamiskoppl": "20",
}
EXEMPTIONS = {"vedtakarb": "01", "vedtakakt": "02", "vedtakhelse": "03", "vedtakgrunn": "04"}
SANCTIONS = {"sanksjonred": "01", "sanksjonandre": "02"}
PERSON = ("person", "year", "municipality_no", "district", "sex", "birth_year", "children_u18")


@door
def kostra_support(files: Files) -> Extract:
    """In which months did each person get support: social assistance (11F) or the programme's benefit (11CF)?

    Shapes: a row a person and month with support: person, ``month`` (its first day), ``benefit`` (SOSIALHJELP or
    KVALIFISERINGSSTONAD); for 11F also ``grant_nok`` and ``loan_nok`` of the month, missing where the form has none.
    Raises: ``DataProblem`` for files of different forms, and for years without a common pseudonym.
    """
    form = _form(files)
    whole = together(files, form)
    frame = whole.frame
    parts, unticked = [], np.zeros(len(frame), np.bool_)
    for number, name in enumerate(MONTHS, start=1):
        part = frame[["person", FILE, LINE]].copy()
        part["month"] = pd.to_datetime({"year": frame["year"].astype(int), "month": number, "day": 1})
        part["month"] = part["month"].astype("datetime64[s]")
        part["benefit"] = BENEFITS[form]
        got = frame[f"stmnd_{number}"].fillna(False).astype(bool)
        if form == FORM:
            for column, field in (("grant_nok", f"bidrag_{name.lower()}"), ("loan_nok", f"laan_{name.lower()}")):
                part[column] = frame[field]
            paid = (part["grant_nok"].fillna(0) > 0) | (part["loan_nok"].fillna(0) > 0)
            unticked |= (paid & ~got).to_numpy()
            got |= paid
        parts.append(part[got])
    table = pd.concat(parts).sort_values([FILE, LINE, "month"], kind="stable")
    notes: list[Note] = []
    if unticked.any():
        notes.append(warning("kostra_months_unticked", count=int(unticked.sum()), total=len(frame)))
    kinds = {"month": "date", "benefit": "word", "grant_nok": "integer", "loan_nok": "integer"}
    return told(whole, table, notes, kinds)


@door
def assistance_years(files: Files) -> Extract:
    """Who got social assistance in each year, what did they live on, and was a condition set?

    Shapes: a row a person and year of form 11F: main_income, benefit_situation, work_situation (codes of
    ``code_list("kostra_vklo")``, ``kostra_trygdesit``, ``kostra_arbsit``), ``months`` with support, ``grant_nok`` and
    ``loan_nok`` of the year, activity_condition (VILKARSOSLOV), ``exempt`` and ``sanctioned`` (whether any is given),
    and ``age`` (in the course of the year; from 2025, before that the form has no date of birth).
    Raises: as ``kostra_support``.
    """
    whole = together(files, FORM)
    frame = whole.frame
    kept = [*PERSON, "main_income", "benefit_situation", "work_situation", "activity_condition", FILE, LINE]
    table = frame[[name for name in kept if name in frame]].copy()
    ticks = frame[[f"stmnd_{number}" for number in range(1, 13)]].fillna(False).astype(bool)
    table["months"] = ticks.sum(axis=1).astype("Int64")
    table["grant_nok"], table["loan_nok"] = frame["bidrag"], frame["laan"]
    for name, answers in (("exempt", EXEMPTIONS), ("sanctioned", SANCTIONS)):
        given = [one for one in answers if one in frame]
        table[name] = frame[given].fillna(False).astype(bool).any(axis=1).astype("boolean")
    notes: list[Note] = []
    if "birth_year" in frame:
        table["age"] = frame["year"] - frame["birth_year"]
    if "birth_year" not in frame or frame["birth_year"].isna().any():
        without = int(frame["birth_year"].isna().sum()) if "birth_year" in frame else len(frame)
        notes.append(note("kostra_age_unknown", count=without, total=len(frame)))
    unanswered = int(frame["activity_condition"].isna().sum())
    if unanswered:
        notes.append(warning("kostra_condition_unanswered", count=unanswered, total=len(frame)))
    kinds = dict.fromkeys(("months", "grant_nok", "loan_nok", "age"), "integer")
    return told(whole, table, notes, kinds | dict.fromkeys(("exempt", "sanctioned"), "flag"))


@door
def assistance_conditions(files: Files) -> Extract:
    """Which conditions were set for social assistance (sections 20 and 20 a), and for which time?

    Shapes: a row a person, year and kind of condition of form 11F, for those with VILKARSOSLOV = yes: ``condition``
    (code of ``code_list("kostra_vilkar")``, missing where none is named), ``start`` and ``end`` of the payment it is
    tied to (the end is the day after the last). For the denominator use ``assistance_years``.
    Raises: as ``kostra_support``.
    """
    whole = together(files, FORM)
    frame = whole.frame.rename(columns={"payment_from": "start", "payment_to": "end"})
    asked = frame[frame["activity_condition"].fillna(False).astype(bool)].copy()
    asked["end"], moved = exclusive(asked["end"])
    backwards = (asked["end"] <= asked["start"]).to_numpy()
    notes: list[Note] = list(moved)
    if backwards.any():
        notes.append(warning("kostra_condition_backwards", count=int(backwards.sum()), total=len(asked)))
        asked.loc[backwards, ["start", "end"]] = pd.NaT
    table = _long(asked, CONDITIONS, "condition", ("start", "end"), empty=True)
    stray = ~whole.frame["activity_condition"].fillna(False).astype(bool) & _any(whole.frame, CONDITIONS)
    if stray.any():
        notes.append(warning("kostra_conditions_without_yes", count=int(stray.sum()), total=len(whole.frame)))
    return told(_renamed(whole), table, notes, {"condition": "word", "start": "date", "end": "date"})


@door
def assistance_exemptions(files: Files) -> Extract:
    """Who under 30 was exempt from the duty of activity (section 20 a), from when and why?

    Shapes: a row a person, year and reason of form 11F: ``exemption`` (code of ``code_list("kostra_unntak_20a")``,
    missing where only a date is given), ``decided`` (VEDTAKDATO, of the first exemption).
    Raises: as ``kostra_support``.
    """
    whole = together(files, FORM)
    frame = whole.frame.rename(columns={"exemption_date": "decided"})
    exempt = frame[_any(frame, EXEMPTIONS) | frame["decided"].notna()]
    table = _long(exempt, EXEMPTIONS, "exemption", ("decided",), empty=True)
    return told(_renamed(whole), table, [], {"exemption": "word", "decided": "date"})


@door
def assistance_sanctions(files: Files) -> Extract:
    """Who met a consequence of not keeping a condition (section 20 a) in the year, and which?

    Shapes: a row a person, year and sanction of form 11F: ``sanction`` (code of ``code_list("kostra_sanksjon")``). The
    form has no date. Raises: as ``kostra_support``.
    """
    whole = together(files, FORM)
    return told(whole, _long(whole.frame, SANCTIONS, "sanction", (), empty=False), [], {"sanction": "word"})


def _form(files: Files) -> str:
    first = files if isinstance(files, Extract) else next(iter(files), None)
    form = first.form if isinstance(first, KostraExtract) else FORM
    return form if form in BENEFITS else FORM


def _any(frame: pd.DataFrame, answers: Mapping[str, str]) -> pd.Series[Any]:
    """Who has at least one of these crosses?"""
    return frame[[name for name in answers if name in frame]].fillna(False).astype(bool).any(axis=1)


def _long(
    frame: pd.DataFrame, answers: Mapping[str, str], name: str, dates: tuple[str, ...], *, empty: bool
) -> pd.DataFrame:
    """A row a cross, in the order of the form; with ``empty`` also one for those without any."""
    kept = [column for column in (*PERSON, *dates, FILE, LINE) if column in frame]
    parts = [
        frame.loc[frame[field].fillna(False).astype(bool), kept].assign(**{name: code})
        for field, code in answers.items()
        if field in frame
    ]
    if empty:
        parts.append(frame.loc[~_any(frame, answers), kept].assign(**{name: None}))
    table = pd.concat(parts).sort_values([FILE, LINE], kind="stable")
    table[name] = table[name].astype(object)
    return table[["person", "year", name, *dates, *(one for one in kept if one not in ("person", "year", *dates))]]


def _renamed(whole: Together) -> Together:
    """The whole, with what its columns are called in KOSTRA under their names in the table."""
    names = {"start": "UTBETDATO", "end": "UTBETTOMDATO", "decided": "VEDTAKDATO"}
    return Together(whole.frame, whole.names, whole.headers | names, whole.kinds, whole.origin, whole.log, whole.years)
