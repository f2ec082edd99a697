"""Innsatsgjengen with invented people: what an office's own extract of the published 656 could have looked like.

The people are drawn from a documented model (``truth()``) and kept, in order of drawing, until the published counts
147 to work, 192 for not turning up and 317 for other reasons are full. They are synthetic data and say nothing about
Fredrikstad. ``python -m navoutcomes.records.synthetic.extracts data/synthetic`` writes the files again.
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.people import draw_people
from navoutcomes.records.synthetic.record import write_truth
from navoutcomes.records.synthetic.truth import PERSONS, QUOTAS
from navoutcomes.records.synthetic.write import DATE_HEADERS, HEADERS, REASONS, write_csv, write_xlsx

SEED = 2016
EXTRACTED = date(2018, 6, 30)
EARLY_EXTRACT = date(2015, 12, 31)
CANDIDATES = 20 * PERSONS
MARK = "Syntetiske data"

_log = logging.getLogger(__name__)


def innsatsgjengen(seed: int = SEED, *, extracted: date = EXTRACTED) -> pd.DataFrame:
    """What would the programme's register hold on a given day, for the invented people of a seed?

    ``extracted`` is the day the register was read: people referred later are not in it, spells that ended later are
    open (end missing, reason empty), and so is an attendance that had not taken place. By the default day everybody's
    stay is over.

    Shapes: 656 rows for the default day, sorted by pseudonym; columns ``synthetic_write.HEADERS``, the four date
    columns as dates, end dates being the last day in the programme.
    """
    return extract_of(kept_people(seed), extracted)


def kept_people(seed: int) -> pd.DataFrame:
    """The people of a seed who are kept: the first of each ending until the published counts are full."""
    people = draw_people(CANDIDATES, seed).drop_duplicates("person")
    place = people.groupby("cause").cumcount()
    return people[place < people["cause"].map(dict(QUOTAS))].sort_values("person", ignore_index=True)


def extract_of(people: pd.DataFrame, extracted: date) -> pd.DataFrame:
    """The office's table of some drawn people, as the register was on a day. Shapes: as ``innsatsgjengen``."""
    read = pd.Timestamp(extracted)
    people = people[people["referred"] <= read].reset_index(drop=True)
    over = people["ended"] <= read
    values = (
        people["person"],
        "INNSATSGJENGEN",
        "Team " + people["team"].astype(str),
        np.where(people["woman"], "Kvinne", "Mann"),
        people["birth_year"],
        people["months"],
        people["amount"],
        people["referred"],
        people["attended"].where(people["attended"] <= read),
        people["ended"].where(over),
        people["exit_class"].map(REASONS).where(over),
        read,
        MARK,
    )
    frame = pd.DataFrame(dict(zip(HEADERS, values, strict=True)))
    return frame.astype(dict.fromkeys(DATE_HEADERS, "datetime64[ns]"))


def write_innsatsgjengen(folder: str | Path, seed: int = SEED) -> tuple[Path, ...]:
    """Write the synthetic extract (csv and xlsx), the extract of 31.12.2015 (csv) and the truth (json) into a folder.

    The folder is made if it is not there; files of the same name are replaced. The same seed gives the same bytes.
    Returns the paths.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    full = innsatsgjengen(seed)
    paths = (
        write_csv(full, folder / "innsatsgjengen.csv"),
        write_xlsx(full, folder / "innsatsgjengen.xlsx"),
        write_csv(
            innsatsgjengen(seed, extracted=EARLY_EXTRACT), folder / f"innsatsgjengen_{EARLY_EXTRACT.isoformat()}.csv"
        ),
        write_truth(folder / "innsatsgjengen_truth.json", seed=seed, extracted=(EXTRACTED, EARLY_EXTRACT)),
    )
    for path in paths:
        _log.info("%s: %d bytes", path.name, path.stat().st_size)
    return paths
