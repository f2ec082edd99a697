"""Faults in the records themselves: spells, reasons, and who is compared with whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.programme import Programme, Tables

BLANK, COPIED, NESTED, EARLY = 0.35, 0.03, 0.06, 0.03
LAG_DAYS = 60
FEWEST_LATE = 0.005
LOST_JOBS = 0.4
SPIKE = 0.25
LONGEST_WAIT = 240
ARM, DECISION = "Gruppe", ("Vedtaksdato", "Henvist dato")
BEGAN = ("Plass fra", "Oppmøtt dato")
NO_SHOW, JOB, EDUCATION, OTHER, ADMINISTRATIVE = (
    "Manglende oppmøte",
    "Arbeid",
    "Utdanning",
    "Annet",
    "Administrativ avslutning",
)


def unknown_reasons(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables:
    """35 per cent of the finished spells have no reason, as when a register ends them by itself."""
    main = tables[programme.name]
    closed = main[programme.end].notna().to_numpy()
    main.loc[closed & (rng.random(len(main)) < BLANK), programme.reason] = None
    return tables


def overlapping_spells(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables:
    """6 per cent of the people have a second spell inside the first."""
    main = tables[programme.name]
    long = (main[programme.end] - main[programme.start]).dt.days > 20
    again = main[long & (rng.random(len(main)) < NESTED)].copy()
    again[programme.start] += pd.Timedelta(7, unit="D")
    return {**tables, programme.name: pd.concat([main, again], ignore_index=True)}


def duplicate_rows(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables:
    """3 per cent of the rows stand there twice."""
    main = tables[programme.name]
    again = main[rng.random(len(main)) < max(COPIED, 2 / len(main))]
    return {**tables, programme.name: pd.concat([main, again], ignore_index=True)}


def end_before_start(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables:
    """3 per cent of the finished spells end two days before they begin."""
    main = tables[programme.name]
    closed = main[[programme.start, programme.end]].notna().all(axis=1).to_numpy()
    first = np.arange(len(main)) == int(np.argmax(closed))
    hit = closed & (first | (rng.random(len(main)) < EARLY))
    main.loc[hit, programme.end] = main.loc[hit, programme.start] - pd.Timedelta(2, unit="D")
    return tables


def register_lag(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables | None:
    """What happened in the last 60 days is not registered yet: those spells look open.

    Where the register was taken out years after nearly everybody had left, nothing is late and nothing can be planted.
    """
    main = tables[programme.name]
    late = main[programme.end] > main["Uttrekksdato"] - pd.Timedelta(LAG_DAYS, unit="D")
    if late.mean() < FEWEST_LATE:
        return None
    main.loc[late, programme.reason] = None
    main.loc[late, programme.end] = pd.NaT
    return tables


def migration_break(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables | None:
    """Spells of the first half carry Arena's reasons: no education, and 40 per cent of the jobs under other reasons."""
    main = tables[programme.name]
    if not (main[programme.reason] == JOB).any():
        return None
    break_day = main[programme.end].quantile(0.5)
    before = (main[programme.end] < break_day).to_numpy()
    lost = (main[programme.reason] == JOB).to_numpy() & (rng.random(len(main)) < LOST_JOBS)
    main.loc[before & ((main[programme.reason] == EDUCATION).to_numpy() | lost), programme.reason] = OTHER
    return tables


def administrative_spike(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables:
    """A quarter of the finished spells were closed by a clerk on 31 December of the year they ended."""
    main = tables[programme.name]
    closed = main[programme.end].notna()
    last = pd.to_datetime(main[programme.end].dt.year.fillna(2000).astype(int).astype(str) + "-12-31")
    hit = closed & (last <= main["Uttrekksdato"]) & (rng.random(len(main)) < SPIKE)
    main.loc[hit, programme.end] = last[hit]
    main.loc[hit, programme.reason] = ADMINISTRATIVE
    return tables


def dropped_no_shows(tables: Tables, programme: Programme, _rng: np.random.Generator) -> Tables | None:
    """Nobody who did not turn up is in the file: only completers are left."""
    main = tables[programme.name]
    away = main[programme.reason] == NO_SHOW
    return {**tables, programme.name: main[~away].reset_index(drop=True)} if away.any() else None


def immortal_time(tables: Tables, programme: Programme, rng: np.random.Generator) -> Tables | None:
    """The arm is "ever began", and people begin up to 240 days later if they are still there: it has no effect at all.

    Whoever leaves early never begins, so that those who began have been there long by definition.
    """
    main = tables[programme.name]
    zero = next((name for name in DECISION if name in main), None)
    began = next((name for name in BEGAN if name in main), None)
    if ARM not in main or zero is None or began is None:
        return None
    wait = pd.to_timedelta((LONGEST_WAIT * rng.random(len(main))).astype(int), unit="D")
    begins = main[zero] + wait
    there = (main[programme.end].isna() | (begins <= main[programme.end])) & (begins <= main["Uttrekksdato"])
    arms = main[ARM].drop_duplicates()
    treated = main.loc[main[began].notna(), ARM].mode().iloc[0]
    other = next(name for name in arms if name != treated)
    main[ARM] = np.where(there, treated, other)
    main[began] = begins.where(there)
    return tables
