"""Spells of two registers seen together: from where, known until when, and with which remarks?"""

from __future__ import annotations

from datetime import date

import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.origin import Origin
from navoutcomes.records.spells.stays import Spells

DAY = pd.Timedelta(days=1)


def as_known(spells: Spells, cutoff: date | None) -> tuple[pd.DataFrame, list[Note]]:
    """The spells as they stood on a day: what began later is not there, what ended later is open."""
    frame = spells.frame
    if cutoff is None:
        return frame, []
    after = pd.Timestamp(cutoff) + DAY
    later = (frame["start"] >= after).to_numpy()
    frame = frame[~later].reset_index(drop=True)
    ended_later = (frame["end"] > after).to_numpy()
    frame.loc[ended_later, "end"] = pd.NaT
    if "exit_class" in frame:
        frame["exit_class"] = frame["exit_class"].astype(object).mask(frame["end"].isna(), None)
    count = int(later.sum() + ended_later.sum())
    return frame, [note("spells_as_known", count=count, cutoff=f"{cutoff:%d.%m.%Y}")] if count else []


def together(*several: Spells) -> tuple[list[pd.DataFrame], Origin, Log]:
    """The frames of several registers as all of them were known on the earliest cut-off, their origin and log."""
    for spells in several:
        if not isinstance(spells, Spells):
            raise DataProblem("spells_needed", kind=type(spells).__name__)
    origin, log = origin_of(*(one.origin for one in several)), Log()
    for one in several:
        log += (remark for remark in one.log if remark not in log.notes)
    frames = []
    for one in several:
        frame, remarks = as_known(one, origin.cutoff)
        frames.append(frame)
        log += remarks
    unknown = sum(one.cutoff is None for one in several)
    if 0 < unknown < len(several):
        log += warning("cutoff_of_some_unknown", count=unknown, total=len(several))
    return frames, origin, log


def origin_of(*several: Origin) -> Origin:
    """All sources, the earliest cut-off, synthetic when one of them is, published when all are."""
    sources = dict.fromkeys(pair for one in several for pair in one.sources)
    cutoffs = [one.cutoff for one in several if one.cutoff is not None]
    definitions = dict.fromkeys(remark for one in several for remark in one.definitions)
    return Origin(
        sources=tuple(sources),
        cutoff=min(cutoffs, default=None),
        synthetic=any(one.synthetic for one in several),
        published=bool(several) and all(one.published for one in several),
        definitions=tuple(definitions),
    )
