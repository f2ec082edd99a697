"""What could a programme's extract look like? Invented people in the files of an office, with the truth beside them.

``python -m navoutcomes.records.synthetic.extracts data/synthetic`` writes the committed files again.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.records.extract import Extract, read
from navoutcomes.records.synthetic.innsatsgjengen import SEED, innsatsgjengen, write_innsatsgjengen
from navoutcomes.records.synthetic.kostra import kostra_form, write_form
from navoutcomes.records.synthetic.people import draw_people
from navoutcomes.records.synthetic.programmes.catalogue import PROGRAMMES, programme
from navoutcomes.records.synthetic.programmes.faults import planted
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth
from navoutcomes.records.synthetic.room import make_room
from navoutcomes.records.synthetic.truth import Truth, truth
from navoutcomes.records.synthetic.write import write_csv, write_xlsx

__all__ = [
    "SEED",
    "Truth",
    "draw_people",
    "innsatsgjengen",
    "synthetic",
    "synthetic_names",
    "synthetic_tables",
    "synthetic_truth",
    "truth",
    "write_committed",
    "write_innsatsgjengen",
    "write_synthetic",
]

COMMITTED = ("aktivtiltaket", "alarmen_gaar", "ips_and_standard")
LARGEST = 1_000_000

_log = logging.getLogger(__name__)


@door
def synthetic(
    name: str,
    table: str | None = None,
    *,
    seed: int | None = None,
    size: int | None = None,
    extracted: date | None = None,
    faults: Sequence[str] = (),
) -> Extract:
    """What would ``nav.read`` say about a programme's own extract? Of invented people, for trying out and for teaching.

    ``name``: one of ``synthetic_names()``, such as ``ips_and_standard``. ``table``: which of its tables (default: the
    main one; ``ips_and_standard_arbeid`` holds the months in work). ``seed``: other people (default: the programme's).
    ``size``: how many persons; by default as many as published, with the published margins exact, otherwise any number
    drawn from the same model without them. ``extracted``: an earlier day on which the register was read (default: when
    everybody has been followed long enough). ``faults``: planted on purpose, such as ``("unknown_reasons",)``.

    The origin of the result is synthetic, and so is everything made from it. ``synthetic_truth(name)`` holds the true
    numbers, the same for every seed and size.
    Raises: ``DataProblem`` for an unknown name, table or fault; and whatever ``nav.read`` finds wrong with the file,
    when a fault is planted that it finds.
    """
    tables = _tables(name, seed, size, extracted, faults)
    main = next(iter(tables))
    wanted = main if table is None else table
    if wanted not in tables:
        raise DataProblem("synthetic_unknown", known=tuple(tables))
    with tempfile.TemporaryDirectory() as folder:
        return read(write_csv(tables[wanted], Path(folder) / f"{wanted}.csv"))


@door
def synthetic_tables(
    name: str,
    *,
    seed: int | None = None,
    size: int | None = None,
    extracted: date | None = None,
    faults: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Which tables would the office hand over, before they are written to files? Arguments as ``synthetic``.

    Shapes: name of the file without its ending -> frame with the office's headers; the main one first.
    """
    return _tables(name, seed, size, extracted, faults)


@door
def synthetic_truth(name: str) -> SyntheticTruth:
    """What is true about the invented people of a programme: risks, differences, mean times, and the model behind them?

    Raises: ``DataProblem`` for an unknown name.
    """
    return programme(name).truth()


@door
def synthetic_names() -> Mapping[str, int]:
    """Of which programmes are there synthetic extracts, and how many persons has each by default?"""
    return {name: one.size for name, one in PROGRAMMES.items()}


@door
def write_synthetic(
    name: str,
    folder: str | Path,
    *,
    seed: int | None = None,
    size: int | None = None,
    extracted: date | None = None,
    faults: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write a programme's synthetic extract into a folder: every table as csv, the main one as xlsx too, and the truth.

    The csv is as offices have it: semicolons, decimal comma, dd.mm.yyyy, cp1252, an open end as 31.12.9999. The truth
    is json. The folder is made if it is not there. The same arguments give the same bytes. Other arguments as
    ``synthetic``. Returns the paths.

    ``kostra-11cf-2024`` and its neighbours (forms 11cf and 11f, 2022 to 2026) write a KOSTRA file; ``size`` is then how
    many apply a year.
    Raises: ``DataProblem`` when a file of one of the names is already there; then nothing is written.
    """
    folder = Path(folder)
    form = kostra_form(name)
    if form is not None:
        return (write_form(form, folder, seed, size, faults),)
    tables = _tables(name, seed, size, extracted, faults)
    main = next(iter(tables))
    make_room(folder, [*(f"{table}.csv" for table in tables), f"{main}.xlsx", f"{main}_truth.json"])
    paths = [write_csv(table, folder / f"{one}.csv") for one, table in tables.items()]
    paths.append(write_xlsx(tables[main], folder / f"{main}.xlsx"))
    (folder / f"{main}_truth.json").write_bytes(programme(name).truth().as_json().encode())
    return (*paths, folder / f"{main}_truth.json")


def write_committed(folder: str | Path) -> tuple[Path, ...]:
    """Write the csv files and truths that are kept in the project, replacing what is there. Returns the paths."""
    folder, paths = Path(folder), []
    for name in COMMITTED:
        for table, frame in synthetic_tables(name).items():
            paths.append(write_csv(frame, folder / f"{table}.csv"))
        paths.append(folder / f"{name}_truth.json")
        paths[-1].write_bytes(programme(name).truth().as_json().encode())
    return tuple(paths)


def _tables(
    name: str, seed: int | None, size: int | None, extracted: date | None, faults: Sequence[str]
) -> dict[str, pd.DataFrame]:
    asked = programme(name)
    if size is not None and not 1 <= size <= LARGEST:
        raise DataProblem("synthetic_size", low=1, high=LARGEST)
    read_on = asked.extracted if extracted is None else extracted
    if read_on > asked.extracted:
        raise DataProblem("synthetic_extracted_late", last=f"{asked.extracted:%d.%m.%Y}")
    chosen = asked.seed if seed is None else seed
    tables = asked.tables(asked.people(size, chosen), chosen, read_on)
    return planted(tables, asked, [faults] if isinstance(faults, str) else faults, chosen)
