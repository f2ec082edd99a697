"""Which rows and columns may not be in an analysis at all: people with protected addresses, names, telephones, notes?

Protected rows stop the reading. Private columns are dropped before any cell is read, and the log says which. A column
the codebook declares as an identity, a number, a date or a list of known words is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.codebook import Codebook, Column, known_as, plain
from navoutcomes.records.columns.mapping import ColumnMapping
from navoutcomes.records.columns.words import answers
from navoutcomes.records.identity.sheltered import sheltered_work
from navoutcomes.records.sources.cells import Cells, Mask
from navoutcomes.texts import LANGUAGES, Text, say

PROTECTION = re.compile(
    r"(er)?(adresse(sperre|beskyttelse|vern|gradering|beskyttelsegradering)|gradering|diskresjon(skode)?|sperrekode"
    r"|(strengt)?fortrolig(adresse)?|hemmeligadresse|addressprotection|shielded(person)?|spesreg|kode6|kode7|kode67|skjerm(et|a|ing)|(skjermet)?egenansatt|nomskjermet|beskyttelse(smarkering)?|protected)"
)
OPEN = frozenset(
    (
        *("", "ugradert", "ingen", "nei", "n", "no", "none", "false", "usann", "0", "ikke gradert", "ikkje gradert"),
        *("uskjermet", "uskjerma", "ikke skjermet", "ikkje skjerma", "klie", "mili", "pend", "sval", "ufb", "urik"),
    )
)
GRADED = frozenset(
    (
        *("strengt fortrolig", "strengt fortrolig utland", "strengt fortrolig adresse", "spsf", "spfo"),
        *("fortrolig", "fortrolig adresse", "fortrolig utland"),
    )
)
NO_MAPPING = ColumnMapping()
STEMS = ("fortrolig", "spsf", "spfo")
_STAFF = (
    r"(ansvarlig|nav|din)?(saksbehandler|saksbeh|sakshandsamar|veileder|rettleiar|vegleiar|kontaktperson|attestant"
    r"|jobbspesialist|beslutter|caseworker|navident|(opprettet|oppretta|endret|endra|registrert|oppdatert)av)"
    r"(s|en|ens|an)?(id|ident|nr|nummer|navn|namn|kode|epost|telefon)?\d*"
)
_NAME = (
    r"(fullt?|hele)?(navn|namn|name|fullname|firstname|lastname|surname)(padeltaker|pabruker|paperson|padeltakar)?"
    r"|(for|etter|mellom|person|bruker|brukar|deltaker|deltakar|klient|barn|soker|sokjar)(e?n?s)?(navn|namn)\d*"
    r"|nameof(the)?(participant|client|user|person)|(participant|client|user|person)s?name|pårørende|pårørande|verge"
)
_RELATIVE = (
    r"(mor|far|mamma|pappa|forelder|foreldre|foresatt|foresett|parorende|parorande|ektefelle|ektemake|samboer|sambuar|partner|partnar"
    r"|barn|sonn|son|datter|dotter|sosken|sysken|bror|soster|syster|besteforelder|besteforeldre|slektning|naermeste"
    r"|fastlege|mother|father|parents?|spouse|sibling|nextofkin)(e|en|a|s|es|sin|er|ar|ne)?(navn|namn|name)?\d*"
)
_TOLD = (
    r"(egen|veileders?|nav|faglig)?(vurdering|tekst|oppsummering|situasjon|situasjonen|innhold|innhald|historikk"
    r"|bakgrunn|beskjed|melding|samtale|arsakstekst|aktivitetslogg|logg|evaluering|text|summary|remarks?|notes?)"
    r"(e?n|er|ar|a|ene|ane|s)?(tekst)?\d*"
)
_CONTACT = (
    r".*(telefon|epost|email|adresse|postboks|kontonummer|kontonr|bankkonto|phone).*"
    r"|mobil(nr|nummer|tlf)?(privat|arbeid|jobb)?|tlf(nr)?(privat|arbeid|jobb)?|mail|kontaktperson.*"
)
_FREE = r".*(begrunn|grunngje|grunngiv|merknad|notat|kommentar|fritekst|referat|anmerk|skildring|comment|freetext).*"
_DESCRIBED = r"(?!tiltak|program|kode|ytelse|yting|status).*(beskriv|description).*"
HEADERS: Mapping[str, re.Pattern[str]] = {
    "staff": re.compile(_STAFF),
    "name": re.compile(_NAME),
    "contact": re.compile(_CONTACT),
    "free_text": re.compile(f"{_FREE}|{_DESCRIBED}"),
}
UNLESS_COUNTED: Mapping[str, re.Pattern[str]] = {"relative": re.compile(_RELATIVE), "free_text": re.compile(_TOLD)}
COUNTED = re.compile(r".*(dato|date|antall|antal|tidspunkt).*")
WORDY, MOST, FEWEST = 5, 0.5, 10

_MAIL = re.compile(r"[^\s@]@[\w-]+\.\w")
_PHONE_SIGNS = (re.compile(r"\+47 ?[2-9]"), re.compile(r"0047 ?[2-9][\d ]{7}"), re.compile(r" \d\d"))
_PHONE = re.compile(r"(\+47|0047) ?[2-9][\d ]{7,10}|[2-9]\d \d\d \d\d \d\d|[2-9]\d\d \d\d \d\d\d")


def without_private(
    cells: tuple[Cells, ...], codebook: Codebook | None, mapping: ColumnMapping = NO_MAPPING
) -> tuple[tuple[Cells, ...], list[Note]]:
    """Columns that may be analysed, and remarks on those taken away.

    A column called «Skjermet» is sheltered work where the codebook or the mapping says so, or its cells leave no doubt.

    Raises: ``DataProblem`` when a row is protected, when people are told apart by e-mail addresses, or when the
    codebook requires a column of free text or names without saying which words stand in it.
    """
    declared = {} if codebook is None else {name: one for one in codebook.columns for name in known_as(one)}
    usual = {name for column in USUAL_COLUMNS.columns for name in known_as(column)}
    kept: list[Cells] = []
    notes: list[Note] = []
    for one in cells:
        column = declared.get(plain(one.header))
        protection = column is None and PROTECTION.fullmatch(plain(one.header)) is not None
        if protection and (mapping.target(one.header) == "sheltered" or sheltered_work(one, cells)):
            protection = False
            notes.append(warning("sheltered_work_read", column=one.header))
        _refuse_protected(one, protection)
        kind = _by_header(one)
        if protection:
            notes.append(note("protection_checked", column=one.header, total=len(one.codes)))
        elif kind and not _stated(column):
            if column is not None and column.required:
                raise DataProblem("private_required", kind=_said(kind), **one.found(~one.blank))
            notes.append(note("private_dropped", column=one.header, kind=_said(kind)))
        elif column is None and (kind := _by_content(one)):
            if plain(one.header) in usual and kind != "free_text":
                raise DataProblem("contact_in_key", kind=_said(kind), **one.found(~one.blank))
            if plain(one.header) in usual:
                kept.append(one)
                continue
            notes.append(warning("private_found", column=one.header, kind=_said(kind)))
        else:
            kept.append(one)
    return tuple(kept), notes


def _refuse_protected(cells: Cells, protection: bool) -> None:
    """Stop when a row is graded, in whichever column it stands; the message names no rows, as they tell who."""
    if not protection and not any(cells.holds(stem) for stem in STEMS):
        return
    words = [re.sub(r"[\W_]+", " ", str(text)).strip().casefold() for text in cells.distinct]
    marked = np.array([word not in OPEN if protection else word in GRADED for word in words], np.bool_)
    if marked.any():
        found = cells.found(marked)
        raise DataProblem("protected_rows", column=found["column"], count=found["count"], total=found["total"])


def _by_header(cells: Cells) -> str:
    """What the header promises. Relatives and assessments that are counted or ticked off tell nobody's name."""
    name = plain(cells.header)
    if COUNTED.fullmatch(name):
        return ""
    kind = next((kind for kind, pattern in HEADERS.items() if pattern.fullmatch(name)), "")
    if not kind:
        kind = next((kind for kind, pattern in UNLESS_COUNTED.items() if pattern.fullmatch(name)), "")
        if kind and _is_counted(cells):
            return ""
    return kind


def _is_counted(cells: Cells) -> bool:
    """Is every cell a number, a date, a yes or no, or blank?"""
    if not any(sign.isalpha() for sign in cells.joined):
        return True
    yes, no = answers(cells)
    letters = np.array([any(sign.isalpha() for sign in text) for text in cells.distinct], np.bool_)
    return bool((yes | no | ~letters).all())


def _by_content(cells: Cells) -> str:
    """What a column nobody declared holds: e-mail addresses, telephone numbers or whole sentences; most of its rows."""
    joined = cells.joined
    filled = cells.count(~cells.blank)
    if "@" in joined and cells.count(_holding(cells, _MAIL)) > MOST * filled:
        return "contact"
    if (
        any(sign.search(joined) for sign in _PHONE_SIGNS)
        and _PHONE.search(joined)
        and cells.count(_holding(cells, _PHONE)) > MOST * filled
    ):
        return "contact"
    if filled < FEWEST or joined.count(" ") < (WORDY - 1) * MOST * len(cells.distinct):
        return ""
    wordy = np.array([len(text.split()) >= WORDY for text in cells.distinct], np.bool_)
    return "free_text" if cells.count(wordy) > MOST * filled and 2 * wordy.sum() > filled else ""


def _holding(cells: Cells, pattern: re.Pattern[str]) -> Mask:
    return np.array([pattern.search(text) is not None for text in cells.distinct], np.bool_)


def _stated(column: Column | None) -> bool:
    """Has the analyst said what stands in the column, so that it is no free text?"""
    return column is not None and (column.kind != "word" or bool(column.values))


def _said(kind: str) -> Text:
    return Text(**{language: say("words", f"private_{kind}", language) for language in LANGUAGES})
