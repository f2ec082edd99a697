"""Offices beside what was to be expected of their people, a row an office."""

from __future__ import annotations

from typing import Any

import pandas as pd

from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.result import lines
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import count, level_text, number, percent, span
from navoutcomes.show.words import ending_inside, time_phrase, word

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]
OBSERVED, EXPECTED = "observed share", "expected share"
FAR = ("difference in shares", "shrunken difference")


def offices(result: OfficeComparison, _: object, language: str) -> Printed:
    """Persons, observed and expected share, and how far apart they are, as it stands and shrunken; with intervals."""
    table = result.table
    by_measure = {str(name): frame.set_index("group") for name, frame in table.groupby("measure", sort=False)}
    first = next(iter(lines(table)))
    about = f"{ending_inside(first.cause, language)}, {time_phrase(first.time, result.unit, language)}"
    scales = {name: _scale(name, language) for name in by_measure}
    far = [name for name in FAR if name in by_measure]
    interval = word("col_interval", language, level=level_text(result.level))
    heads = [
        word("col_group", language),
        word("col_persons_there", language),
        f"{scales[OBSERVED]} ({about})",
        scales[EXPECTED],
    ]
    for name in far:
        heads += [scales[name], interval]
    rows = []
    for group in dict.fromkeys(table["group"]):
        seen, expected = by_measure[OBSERVED].loc[group], by_measure[EXPECTED].loc[group]
        cells = [one_line(str(group)), count(seen["at_risk"], language)]
        cells += [percent(seen["estimate"], language), percent(expected["estimate"], language)]
        rows.append((*cells, *(cell for name in far for cell in _far(by_measure[name].loc[group], language))))
    return heads, rows, [False] + [True] * (len(heads) - 1)


def _scale(name: str, language: str) -> str:
    said = word(f"scale_{name.replace(' ', '_')}", language)
    return said[:1].upper() + said[1:]


def _far(row: pd.Series, language: str) -> tuple[str, str]:
    """The estimate and its interval in percentage points; a blank where there is none."""
    return number(100 * row["estimate"], language), span(row["conf_low"], row["conf_high"], language, 1, 100.0) or " "


PRINTERS: dict[type, Any] = {OfficeComparison: offices}
