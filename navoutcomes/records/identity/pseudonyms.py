"""Which pseudonym does each person get, so that files can be linked and nobody can be told?"""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from navoutcomes.errors import DataProblem, door, named
from navoutcomes.notes import Log, Note, note
from navoutcomes.records.columns.aliases import USUAL_COLUMNS
from navoutcomes.records.columns.codebook import known_as, plain
from navoutcomes.records.columns.headers import looked_for
from navoutcomes.records.columns.mapping import mapping_of
from navoutcomes.records.identity.identifiers import ID_HEADERS, identity_cells, refuse_identity
from navoutcomes.records.identity.identity_digits import dated, long_numbers, with_zero
from navoutcomes.records.identity.private import without_private
from navoutcomes.records.identity.secret_key import secret_key
from navoutcomes.records.sources.cells import Cells, Mask, cells_of
from navoutcomes.records.sources.files import load
from navoutcomes.records.sources.table import with_headers_checked

PURPOSE = b"navoutcomes person 1\0"
SIGNS = 16
MOST = 0.5

_POWER = re.compile(r"(\d)[.,](\d+)[eE]\+?(\d+)")


@door
def pseudonymise(
    source: str | Path,
    target: str | Path,
    *,
    key: str | Path,
    columns: Iterable[str] = (),
    sheet: str | None = None,
) -> Log:
    """The same file with a pseudonym in place of each identity number: for those who may see the numbers.

    Each number becomes ``P-`` and 16 signs of HMAC-SHA256 with the key, so one person has one pseudonym in every file
    made with the same key, whether the number was written with spaces, as a number or without its leading zero.
    Columns of names, contact details and free text are left out; protected people stop it.

    ``source``: csv, txt, xlsx or parquet. ``target``: a new csv (UTF-8, semicolons). ``key``: a file outside the
    project of at least 32 signs that others cannot read; ``nav.new_key`` makes one. ``columns``: further columns to
    replace, such as a journal number; columns of identity numbers are found. ``sheet``: of a workbook.

    Raises: ``DataProblem`` for a key that is no secret, a number damaged by a spreadsheet, protected people, or
    identity numbers inside other text; nothing is written then.
    Assumes: a person who changed from a D-number to a national identity number has two pseudonyms.
    Reference: RFC 2104; Article 4(5) of the GDPR: the data are still personal data.
    """
    source, target = Path(source), Path(target)
    secret = secret_key(key, source)
    if target.exists():
        raise DataProblem("target_exists", file=named(target.name))
    table = with_headers_checked(load(source, sheet, lambda file: looked_for(None, mapping_of(None), None, file))[0])
    cells, made = pseudonymised(table.cells(), secret, columns)
    if not made:
        raise DataProblem("no_identities", file=named(source.name), columns=[one.header for one in cells])
    refuse_identity(cells)
    kept, dropped = without_private(cells, None)
    refuse_identity(kept, [str(dict(one.facts)["column"]) for one in made])
    _write(target, kept)
    return Log((*made, *dropped))


def pseudonymised(
    cells: tuple[Cells, ...], key: bytes, columns: Iterable[str] = ()
) -> tuple[tuple[Cells, ...], list[Note]]:
    """Columns with pseudonyms in place of identities, and remarks on which. Shapes: as before.

    A number inside other text is left, to be refused. Raises: ``DataProblem`` for a named column that is not there, and
    for numbers that have lost digits.
    """
    asked = {plain(name) for name in columns}
    absent = [name for name in columns if plain(name) not in {plain(one.header) for one in cells}]
    if absent:
        raise DataProblem(
            "columns_missing", column=absent, columns_found=[one.header for one in cells], count=len(absent)
        )
    people = {name for column in USUAL_COLUMNS.columns if column.name == "person" for name in known_as(column)}
    kept, notes = [], []
    for one in cells:
        meant = plain(one.header) in people | ID_HEADERS
        found = identity_cells(one, meant)
        filled = one.count(~one.blank)
        alone = found.any() and not (found & ~_whole(one)).any()
        if plain(one.header) in asked or (alone and (meant or one.count(found) > MOST * filled)):
            kept.append(_replaced(one, key))
            notes.append(note("pseudonyms_made", column=one.header, count=filled, total=len(one.codes)))
        else:
            kept.append(one)
    return tuple(kept), notes


def _replaced(cells: Cells, key: bytes) -> Cells:
    """Each distinct cell hashed in the one form all its dresses share."""
    damaged = np.array([_has_lost_digits(text) for text in cells.distinct], np.bool_)
    if damaged.any():
        raise DataProblem("id_damaged", **cells.found(damaged))
    runs = long_numbers([_whole_power(text) for text in cells.distinct])
    one_form = [text.strip() for text in cells.distinct]
    formed = dated(with_zero(runs.digits)) & (runs.length == 10)
    for at, length, whole, zero, digits in zip(runs.cell, runs.length, runs.whole, formed, runs.digits, strict=True):
        if whole and (length in (11, 12) or zero):
            one_form[at] = "0" * int(zero) + "".join(map(str, digits[:length]))
    made = np.array([_pseudonym(text, key) if text else "" for text in one_form], dtype=object)
    return cells_of(cells.header, made[cells.codes].tolist(), cells.rows, None, cells.heading)


def _whole(cells: Cells) -> Mask:
    """Which cells are one long number and nothing else?"""
    runs = long_numbers([_whole_power(text) for text in cells.distinct])
    whole = np.zeros(len(cells.distinct), np.bool_)
    whole[runs.cell[runs.whole]] = True
    return whole


def _pseudonym(text: str, key: bytes) -> str:
    digest = hmac.new(key, PURPOSE + text.encode(), hashlib.sha256).digest()
    return "P-" + base64.b32encode(digest).decode()[:SIGNS].lower()


def _has_lost_digits(text: str) -> bool:
    power = _POWER.fullmatch(text)
    return power is not None and len(power[2].rstrip("0")) < int(power[3]) - 1


def _whole_power(text: str) -> str:
    power = _POWER.fullmatch(text)
    return (power[1] + power[2]).ljust(int(power[3]) + 1, "0") if power else text


def _write(target: Path, cells: tuple[Cells, ...]) -> None:
    """Whole or not at all, readable by the owner."""
    beside = target.with_name(f".{target.name}.new-{os.getpid()}")
    problem = None
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow([one.header for one in cells])
            writer.writerows(zip(*(one.distinct[one.codes] for one in cells), strict=True))
        beside.replace(target)
    except OSError as refused:
        problem = DataProblem("pseudonyms_not_written", file=named(target.name), said=refused.strerror or "")
    if problem is not None:
        with suppress(OSError):
            beside.unlink()
        raise problem
