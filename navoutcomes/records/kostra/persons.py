"""How is a person known again from one year's file to the next, when the number that says who it is is never read?

Two ways, the caller's choice. With a ``key``, the bytes of the number go straight from the file's buffer into the keyed
hash of ``pseudonyms``; no text of the number is made, and the key is not kept. A file made with ``pseudonymise`` and
the same key has the same pseudonyms. With ``links``, the caller hands one pseudonym a record, in the order of the file.
A function of the caller's own is not offered, as it would be handed the number. Without either, people cannot be
followed to another file.

DUF numbers stand in for missing identity numbers in 11F. Numbers that do not single out a person (not 11 digits, or
ending as those given to people without one) are not hashed: such a record is a person of its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.identity.identifiers import refuse_identity
from navoutcomes.records.identity.pseudonyms import PURPOSE, SIGNS
from navoutcomes.records.identity.secret_key import secret_key
from navoutcomes.records.kostra.bytes import Persons, Signs
from navoutcomes.records.kostra.layouts import FOREIGNER, NUMBER, Layout
from navoutcomes.records.sources.cells import cells_of, trimmed

SHARED_ENDINGS = (b"00100", b"00200", b"55555", b"99999")
Key = str | Path


def persons_by(layout: Layout, path: Path, key: Key | None, links: Sequence[str | None] | None) -> Persons:
    """The way from records to pseudonyms. Raises: ``DataProblem`` for a key that is no secret, and for both."""
    if key is not None and links is not None:
        raise DataProblem("option_not_understood", option="key=, links=", allowed=("key=", "links="))
    if links is not None:
        return partial(_by_links, layout, named(path.name), tuple(links))
    return partial(_by_key, layout, secret_key(key, path)) if key is not None else partial(_by_row, layout)


def _by_row(layout: Layout, _signs: Signs, rows: NDArray[np.int64]) -> tuple[NDArray[np.object_], None, list[Note]]:
    return _row_names(layout, rows), None, [note("kostra_persons_by_row", file=layout.name)]


def _by_links(
    layout: Layout, file: str, links: tuple[str | None, ...], _signs: Signs, rows: NDArray[np.int64]
) -> tuple[NDArray[np.object_], str, list[Note]]:
    """The caller's pseudonyms, one a record; refused when they are identity numbers themselves."""
    if len(links) != len(rows):
        raise DataProblem("kostra_links_length", file=file, given=len(links), total=len(rows))
    texts = ["" if one is None or one != one else trimmed(str(one)) for one in links]
    refuse_identity([cells_of("links", texts, rows)], ["links"])
    persons = _row_names(layout, rows)
    there = np.array([text != "" for text in texts], np.bool_)
    persons[there] = np.array(texts, dtype=object)[there]
    return persons, "links", [note("kostra_persons_by_links", count=int(there.sum())), *_alone(~there, rows)]


def _by_key(
    layout: Layout, key: bytes, signs: Signs, rows: NDArray[np.int64]
) -> tuple[NDArray[np.object_], str, list[Note]]:
    """Keyed hashes of the byte ranges. Shapes: (n,)."""
    persons = _row_names(layout, rows)
    alone = np.ones(len(rows), np.bool_)
    for name in (FOREIGNER, NUMBER):
        field = layout.field(name)
        if field is None:
            continue
        block = np.ascontiguousarray(signs[:, field.place])
        usable = ((block >= ord("0")) & (block <= ord("9"))).all(axis=1)
        if name == NUMBER:
            for ending in SHARED_ENDINGS:
                usable &= (block[:, -len(ending) :] != np.frombuffer(ending, np.uint8)).any(axis=1)
        usable &= (block != block[:, :1]).any(axis=1)
        for row in np.flatnonzero(usable):
            persons[row] = _pseudonym(block[row], key)
        block.fill(0)
        alone &= ~usable
    notes = [note("kostra_persons_by_key", count=int((~alone).sum())), *_alone(alone, rows)]
    return persons, _pseudonym(np.frombuffer(b"key", np.uint8), key), notes


def _pseudonym(signs: Signs, key: bytes) -> str:
    """As ``pseudonymise`` makes it, from bytes in a buffer."""
    digest = hmac.new(key, PURPOSE, hashlib.sha256)
    digest.update(signs.data)
    return "P-" + base64.b32encode(digest.digest()).decode()[:SIGNS].lower()


def _row_names(layout: Layout, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """A name for each record that says nothing but where it stands."""
    names = np.empty(len(rows), dtype=object)
    names[:] = [f"{layout.form.lower()}-{layout.year}-r{row}" for row in rows.tolist()]
    return names


def _alone(mask: NDArray[np.bool_], rows: NDArray[np.int64]) -> list[Note]:
    """Records about people who cannot be known again."""
    if not mask.any():
        return []
    return [warning("kostra_persons_alone", count=int(mask.sum()), total=len(mask), rows=tuple(rows[mask].tolist()))]
