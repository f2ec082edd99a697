"""What did others find, and publish? One estimate a row, with its interval or its counts and where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.records.published import FOLDER
from navoutcomes.texts import Text

FILE = "studies.csv"
MEASURES = ("risk ratio", "odds ratio", "hazard ratio", "rate ratio", "risk difference", "mean difference")
COUNTED = ("risk ratio", "odds ratio", "risk difference")
STATUSES = ("published", "derived")
COUNTS = ("events", "persons", "other_events", "other_persons")
COLUMNS = ("study_id", "topic", "name_nb", "name_nn", "name_en", "year", "measure", "estimate", "conf_low", "conf_high",
           *COUNTS, "studies", "status", "source")  # fmt: skip
Words = str | Text


@dataclass(frozen=True, kw_only=True)
class Published:
    """What did one published study find?

    Arguments: ``name`` as it stands in a figure; ``source`` where the number can be looked up; ``year`` of the source;
    ``measure`` one of ``MEASURES``; ``estimate`` with ``interval`` (low, high) at ``level`` (a risk difference of 0.10
    is 10 percentage points), or ``counts`` (events, persons, events and persons of the comparison group); ``status``
    ``published`` (it stands there) or ``derived`` (worked out from what stands there); ``studies`` how many studies it
    sums up, where it is itself a meta-analysis.
    Raises: ``DesignProblem`` for a number that is neither published nor derived, has no source, or has neither interval
    nor counts; for an interval that does not hold the estimate; ``DataProblem`` for counts that are none.
    """

    name: Words
    source: str
    measure: str
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    counts: tuple[int, int, int, int] | None = None
    status: str = "published"
    year: int | None = None
    studies: int | None = None
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise DesignProblem("study_unverified", status=self.status, known=STATUSES)
        if not self.name or not self.source.strip():
            raise DesignProblem("study_without_source")
        if self.measure not in MEASURES:
            raise DesignProblem("choice_unknown", asked=self.measure, known=MEASURES)
        if not 0 < self.level < 1:
            raise DesignProblem("not_a_share", argument="level")
        told = self.estimate is not None and self.interval is not None
        if told == (self.counts is not None):
            raise DesignProblem("study_numbers")
        if self.counts is not None:
            self._check_counts(self.counts)
        else:
            self._check_interval()

    @property
    def ratio(self) -> bool:
        """Whether the measure is a ratio, put together on the logarithmic scale."""
        return self.measure.endswith("ratio")

    def _check_counts(self, counts: Sequence[int]) -> None:
        if self.measure not in COUNTED:
            raise DesignProblem("choice_unknown", asked=self.measure, known=COUNTED)
        some, all_of, other, others = counts
        whole = all(one % 1 == 0 and one >= 0 for one in counts)
        if not whole or some > all_of or other > others or not all_of or not others:
            raise DataProblem("counts_not_whole", group="all")

    def _check_interval(self) -> None:
        low, high = self.interval or (0.0, 0.0)
        value = float(self.estimate or 0.0)
        if not all(map(isfinite, (low, value, high))) or not low <= value <= high or low == high:
            raise DesignProblem("study_interval")
        if self.ratio and low <= 0:
            raise DesignProblem("study_interval")


@door
def published_studies(topic: str | None = None, folder: str | Path | None = None) -> tuple[Published, ...]:
    """Which published results can stand beside our own?

    Arguments: ``topic`` as it stands in the file, such as ``supported_employment`` (None: all); ``folder`` holds
    ``studies.csv``, default ``data/published`` of the checkout.
    Raises: ``DataProblem`` when the file is missing, is not UTF-8, lacks a column or has a row that is no study;
    ``DesignProblem`` for a topic that is not there.
    """
    path = Path(FOLDER if folder is None else folder) / FILE
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except FileNotFoundError:
        raise DataProblem("published_missing", file=FILE) from None
    except UnicodeDecodeError:
        raise DataProblem("published_encoding", file=FILE) from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataProblem("published_columns", file=FILE, columns=COLUMNS)
    read = [_study(row) for row in rows[1:]]
    broken = [place for place, one in enumerate(read, start=2) if one is None]
    if broken:
        facts = {"file": FILE, "count": len(broken), "total": len(read), "rows": broken, "column": "estimate"}
        raise DataProblem("published_values", **facts)
    found = [(row[1], one) for row, one in zip(rows[1:], read, strict=True) if one is not None]
    topics = tuple(dict.fromkeys(own for own, _ in found))
    if topic is not None and topic not in topics:
        raise DesignProblem("choice_unknown", asked=topic, known=topics)
    return tuple(one for own, one in found if topic in (None, own))


def _study(row: list[str]) -> Published | None:
    """The study of a row, or ``None`` where the row is not one."""
    if len(row) != len(COLUMNS):
        return None
    cells = dict(zip(COLUMNS, row, strict=True))
    try:
        estimate, low, high = (float(cells[name]) if cells[name] else None for name in COLUMNS[7:10])
        counts = tuple(int(cells[name]) for name in COUNTS if cells[name])
        return Published(
            name=Text(nb=cells["name_nb"], nn=cells["name_nn"], en=cells["name_en"]),
            source=cells["source"],
            measure=cells["measure"],
            estimate=estimate,
            interval=None if low is None or high is None else (low, high),
            counts=(counts[0], counts[1], counts[2], counts[3]) if len(counts) == len(COUNTS) else None,
            status=cells["status"],
            year=int(cells["year"]) if cells["year"] else None,
            studies=int(cells["studies"]) if cells["studies"] else None,
        )
    except (ValueError, DesignProblem, DataProblem):
        return None
