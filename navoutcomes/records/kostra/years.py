"""Files of one form, several years or offices, put together: can people be known again, and where does a row stand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.extract import Extract, announce
from navoutcomes.records.kostra.files import KostraExtract
from navoutcomes.records.origin import Origin
from navoutcomes.records.sources.cells import Mask

Files = KostraExtract | Sequence[KostraExtract]
DAY = pd.Timedelta(days=1)
FILE, LINE = "file_", "line_"


@dataclass(frozen=True, eq=False, repr=False)
class Together:
    """The rows of several files. ``frame`` also has, in ``file_`` and ``line_``, where each row comes from."""

    frame: pd.DataFrame
    names: tuple[str, ...]
    headers: dict[str, str]
    kinds: dict[str, str]
    origin: Origin
    log: Log
    years: tuple[int, ...]

    @property
    def first_day(self) -> pd.Timestamp:
        """The first day the files cover."""
        return pd.Timestamp(self.years[0], 1, 1)

    @property
    def last_day(self) -> pd.Timestamp:
        """The last day the files cover."""
        return pd.Timestamp(self.years[-1], 12, 31)

    def found(self, mask: Mask | pd.Series[Any], *columns: str) -> dict[str, Any]:
        """The facts of a finding: in the first file it stands in, the columns, how many of how many, and the lines."""
        hit = np.asarray(mask, dtype=np.bool_)
        place = int(self.frame.loc[hit, FILE].iloc[0])
        here = (self.frame[FILE] == place).to_numpy()
        return {
            "file": self.names[place],
            "column": [self.headers.get(name, name) for name in columns],
            "count": int((hit & here).sum()),
            "total": int(here.sum()),
            "rows": tuple(self.frame.loc[hit & here, LINE].tolist()),
        }


def together(files: Files, form: str) -> Together:
    """Files of one form as one. Raises: ``DataProblem`` when one is of another form, when a file comes twice, and when
    there are several years without a pseudonym that holds in all of them."""
    given = (files,) if isinstance(files, Extract) else tuple(files)
    if not given or any(not isinstance(one, KostraExtract) or one.form != form for one in given):
        found = tuple(dict.fromkeys(getattr(one, "form", "–") or "–" for one in given)) or ("–",)
        raise DataProblem("kostra_form_needed", needed=form, found=found)
    given = tuple(sorted(given, key=lambda one: one.year))
    sums = [one.origin.sources[0][1] for one in given]
    if len(set(sums)) < len(sums):
        raise DataProblem("kostra_file_twice", count=len(sums) - len(set(sums)), total=len(sums))
    years = tuple(dict.fromkeys(one.year for one in given))
    if len(years) > 1 and (len({one.linked for one in given}) > 1 or given[0].linked is None):
        raise DataProblem("kostra_not_linked", years=years)
    notes: list[Note] = []
    absent = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    if absent:
        notes.append(warning("kostra_years_absent", years=absent))
    frames = [_placed(one, at) for at, one in enumerate(given)]
    return Together(
        pd.concat(frames, ignore_index=True),
        tuple(one.origin.names[0] for one in given),
        {name: header for one in given for name, header in one.headers.items()},
        {name: kind for one in given for name, kind in one.kinds.items()},
        Origin(
            tuple(source for one in given for source in one.origin.sources),
            max(one.origin.cutoff for one in given if one.origin.cutoff is not None),
            all(one.origin.synthetic for one in given),
        ),
        Log(tuple(remark for one in given for remark in one.log)) + Log(tuple(notes)).notes,
        years,
    )


def _placed(one: KostraExtract, at: int) -> pd.DataFrame:
    frame = one.frame
    frame[FILE], frame[LINE] = at, one.rows
    return frame


def told(whole: Together, frame: pd.DataFrame, notes: Sequence[Note], kinds: dict[str, str] | None = None) -> Extract:
    """A tidy table as an extract: its own remarks after those of the files, and warnings issued."""
    announce(Log(tuple(notes)))
    known = whole.kinds | (kinds or {})
    lines = frame.pop(LINE).to_numpy(np.int64) if LINE in frame else np.arange(1, len(frame) + 1)
    frame = frame.drop(columns=[FILE], errors="ignore").reset_index(drop=True)
    return Extract(
        frame,
        whole.origin,
        whole.log + tuple(notes),
        headers={name: whole.headers.get(name, name) for name in map(str, frame.columns)},
        kinds={name: known.get(name, "word") for name in map(str, frame.columns)},
        rows=lines,
        end_inclusive=False,
    )


def worded(words: Any, there: Any) -> pd.Series[Any]:
    """Words where they are there, None elsewhere. Shapes: (n,), one word serves all."""
    kept = np.full(len(there), None, dtype=object)
    hit = np.asarray(there, dtype=np.bool_)
    kept[hit] = words if isinstance(words, str) else np.asarray(words, dtype=object)[hit]
    return pd.Series(kept, dtype=object)


def exclusive(dates: pd.Series[Any]) -> tuple[pd.Series[Any], list[Note]]:
    """Last days as the day after, and the note that says so."""
    return dates + DAY, [note("ends_made_exclusive", count=int(dates.notna().sum()))]
