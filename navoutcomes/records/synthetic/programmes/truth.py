"""What is true about a programme's invented people? A table of estimands, and every number of the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import pandas as pd

from navoutcomes.errors import DataProblem
from navoutcomes.texts import LANGUAGES, say

COLUMNS = ("measure", "cause", "group", "population", "time", "estimate")
DIGITS = 8


@dataclass(frozen=True, eq=False, repr=False)
class SyntheticTruth:
    """The true numbers behind a synthetic extract: the same for every seed.

    ``table`` has one row an estimand: measure (``risk``, ``risk difference``, ``restricted mean time lost difference``,
    ...), cause (exit classes, several joined by ``+``), group (arm, office, ``with - without``), population (whom it
    is about: ``all``, those in the arm, a stratum), time (days from time zero) and estimate. ``model`` holds every
    parameter; ``published`` the ids of the published facts that are reproduced; ``exact`` whether the table is
    computed and not simulated. ``about`` says in three languages that the people are invented.
    """

    name: str
    published: tuple[str, ...]
    model: Mapping[str, Any]
    exact: bool = True
    _rows: tuple[tuple[Any, ...], ...] = field(default=(), repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """The estimands, one a row. A copy."""
        return pd.DataFrame(list(self._rows), columns=list(COLUMNS))

    def value(self, measure: str, **where: Any) -> float:
        """One number of the table, by measure and any of cause, group, population and time.

        Raises: ``DataProblem`` when there is none or more than one.
        """
        table = self.table
        hit = table["measure"] == measure
        for column, wanted in where.items():
            hit &= table[column] == wanted
        if hit.sum() != 1:
            raise DataProblem("synthetic_truth_unclear", count=int(hit.sum()), measure=measure, total=len(table))
        return float(table.loc[hit, "estimate"].iloc[0])

    def as_json(self) -> str:
        """The whole truth as json text, with the sentence that these are synthetic data."""
        record = {
            "synthetic": True,
            "about": {language: say("words", "synthetic_about", language) for language in LANGUAGES},
            "name": self.name,
            "published_facts": list(self.published),
            "exact": self.exact,
            "columns": list(COLUMNS),
            "estimands": [[*row[:-1], rounded(row[-1])] for row in self._rows],
            "model": plain(self.model),
        }
        text = json.dumps(record, ensure_ascii=False, indent=1)
        return text + "\n"

    def __repr__(self) -> str:
        return say("words", "synthetic_truth", name=self.name, count=len(self._rows))


def plain(value: Any) -> Any:
    """Anything of a model as json knows it, floats rounded."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return rounded(value)
    return value if isinstance(value, int | str | bool) or value is None else str(value)


def rounded(value: float) -> float:
    """A number as it is written down: the same on every machine, so nothing has no sign."""
    return round(value, DIGITS) + 0.0
