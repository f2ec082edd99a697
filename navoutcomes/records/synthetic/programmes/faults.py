"""Faults planted on request, so that the checks can be seen to find them. Each changes tables, never the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import numpy as np

from navoutcomes.errors import DataProblem
from navoutcomes.records.synthetic.programmes import faults_in_cells as cells
from navoutcomes.records.synthetic.programmes import faults_in_rows as rows
from navoutcomes.records.synthetic.programmes.programme import Programme, Tables

Fault = Callable[[Tables, Programme, np.random.Generator], Tables | None]

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "administrative_spike": rows.administrative_spike,
        "ambiguous_dates": cells.ambiguous_dates,
        "dropped_no_shows": rows.dropped_no_shows,
        "duplicate_rows": rows.duplicate_rows,
        "end_before_start": rows.end_before_start,
        "excel_serials": cells.excel_serials,
        "identity_numbers": cells.identity_numbers,
        "immortal_time": rows.immortal_time,
        "lost_leading_zero": cells.lost_leading_zero,
        "migration_break": rows.migration_break,
        "mojibake": cells.mojibake,
        "overlapping_spells": rows.overlapping_spells,
        "percent_and_fraction": cells.percent_and_fraction,
        "protected_rows": cells.protected_rows,
        "register_lag": rows.register_lag,
        "unknown_reasons": rows.unknown_reasons,
    }
)
"""Every fault by name. A fault that a programme has no place for gives None, and is refused by name."""


def planted(tables: Tables, programme: Programme, faults: Iterable[str], seed: int) -> Tables:
    """The tables with some faults planted, in the order asked for; the same seed plants them in the same rows.

    Raises: ``DataProblem`` for a fault that is not known, or that this programme's tables have no place for.
    """
    for fault in faults:
        if fault not in FAULTS:
            raise DataProblem("synthetic_fault_unknown", known=sorted(FAULTS))
        rng = np.random.Generator(np.random.PCG64([seed, 3, sorted(FAULTS).index(fault)]))
        made = FAULTS[fault]({name: table.copy() for name, table in tables.items()}, programme, rng)
        if made is None:
            raise DataProblem("synthetic_fault_impossible", fault=fault, name=programme.name)
        tables = made
    return tables


def possible(programme: Programme, tables: Tables) -> tuple[str, ...]:
    """Which faults the tables of a programme have a place for?"""
    rng, found = np.random.Generator(np.random.PCG64(0)), []
    for fault, plant in FAULTS.items():
        if plant({name: table.copy() for name, table in tables.items()}, programme, rng) is not None:
            found.append(fault)
    return tuple(found)
