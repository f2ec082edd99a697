"""Any result as rows of printed cells, read off its columns: regressions as ratios, shares as per cent."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from navoutcomes.estimate.curves.pairwise import PairwiseTests
from navoutcomes.estimate.rates import Rates
from navoutcomes.estimate.regression.fine_gray_curves import PredictedIncidence
from navoutcomes.estimate.regression.predict import ProfileCurves
from navoutcomes.estimate.regression.regression import Regression
from navoutcomes.estimate.result import Result, Row, lines
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import count, level_text, number, p_value, percent, span
from navoutcomes.show.words import EVERYBODY, ending, group_name, term_name, time_phrase, word
from navoutcomes.texts import table as texts

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]
SHARES = ("share", "share left", "observed share", "expected share", "concordance", "occupation", "transition", "power")
POINTS = ("risk difference", "survival difference", "difference in shares", "shrunken difference")
QUANTILE = re.compile(r"(?:quantile )?(0?\.\d+)")
PROFILES = (ProfileCurves, PredictedIncidence)
FIRST = ("group", "cause", "term", "measure", "time")


def any_table(result: Result, _: object, language: str) -> Printed:
    """One row an estimate. Columns that say the same in every row, and nothing else, are left out."""
    frame, measure = _rows(result)
    rows = lines(frame)
    shown = [name for name in FIRST if _says(frame, name)]
    last = [name for name in ("estimate", "interval", "statistic", "p_value", "events", "at_risk") if _has(frame, name)]
    last = [name for name in last if name != "statistic" or "estimate" not in last]
    heads = [_head(name, measure, result, language) for name in (*shown, *last)]
    # Nothing here is hidden cell by cell: an empty cell is one that has no number.
    printed = [tuple(_cell(name, row, result, language) or " " for name in (*shown, *last)) for row in rows]
    return heads, printed, [False] * len(shown) + [True] * len(last)


def measure_name(measure: str, language: str) -> str:
    """A measure in the language; a person's own word as it stands."""
    quantile = QUANTILE.fullmatch(measure)
    if quantile:
        return word("scale_quantile", language, share=percent(float(quantile[1]), language, 0))
    key = "scale_" + re.sub(r"[^a-z0-9]+", "_", measure.lower()).strip("_")
    return word(key, language) if key in texts("words") else one_line(measure)


def _rows(result: Result) -> tuple[pd.DataFrame, str]:
    """The table, of regressions the terms as ratios; and the one measure it is on, empty where there are several."""
    frame = result.table
    if isinstance(result, Regression):
        frame = result.ratios if result.ratio else frame
        frame = frame[frame["measure"] == (result.ratio or result.measure)]
    elif "measure" in frame and frame["measure"].str.startswith("log hazard").all():
        frame[["estimate", "conf_low", "conf_high"]] = np.exp(frame[["estimate", "conf_low", "conf_high"]])
        frame["measure"] = frame["measure"].str.removeprefix("log ")
    measures = list(dict.fromkeys(frame["measure"])) if "measure" in frame else []
    return frame, measures[0] if len(measures) == 1 else ""


def _says(frame: pd.DataFrame, name: str) -> bool:
    if name not in frame:
        return False
    values = frame[name]
    empty = values.isna().all() if name == "time" else values.isin(["", EVERYBODY]).all()
    # One measure stands in the head of the estimates, one ending in the notes.
    return not empty and (
        name not in ("measure", "cause") or values.nunique() > 1 or (name == "cause" and len(frame) == 1)
    )


def one_ending(result: Result, language: str) -> str:
    """The ending that all rows of ``any_table`` are about, said once; empty where there are several or none."""
    frame, _ = _rows(result)
    causes: list[str] = list(frame["cause"].unique()) if "cause" in frame and len(frame) > 1 else []
    return word("about_ending", language, cause=ending(causes[0], language)) if len(causes) == 1 and causes[0] else ""


def _has(frame: pd.DataFrame, name: str) -> bool:
    column = "conf_low" if name == "interval" else name
    return column in frame and bool(frame[column].notna().any())


def _head(name: str, measure: str, result: Result, language: str) -> str:
    measure = "share" if isinstance(result, PROFILES) else measure
    if name == "estimate":
        return _capital(measure_name(measure, language)) if measure else word("col_estimate", language)
    if name == "interval":
        return word("col_interval", language, level=level_text(result.level))
    if name == "term" and isinstance(result, PairwiseTests):
        return word("col_against", language)
    if name == "at_risk" and isinstance(result, Rates):
        return word("col_person_time", language)
    return word(f"col_{name}", language)


def _cell(name: str, row: Row, result: Result, language: str) -> str:
    measure = "share" if isinstance(result, PROFILES) else row.measure
    scale, digits = _scale(measure)
    cells = {
        "group": lambda: group_name(row.group, language),
        "cause": lambda: ending(row.cause, language) if row.cause else " ",
        "term": lambda: term_name(row.term, language),
        "measure": lambda: _capital(measure_name(row.measure, language)),
        "time": lambda: time_phrase(row.time, result.unit, language) if np.isfinite(row.time) else " ",
        "estimate": lambda: (
            percent(row.estimate, language) if measure in SHARES else number(scale * row.estimate, language, digits)
        ),
        "interval": lambda: span(row.conf_low, row.conf_high, language, digits, scale) or " ",
        "statistic": lambda: number(row.statistic, language, 2),
        "p_value": lambda: p_value(row.p_value, language).removeprefix("p = ").removeprefix("p ") or " ",
        "events": lambda: count(row.events, language),
        "at_risk": lambda: count(row.at_risk, language),
    }
    return cells[name]()


def _scale(measure: str) -> tuple[float, int]:
    if measure in (*SHARES, *POINTS):
        return 100.0, 1
    return 1.0, 1 if QUANTILE.fullmatch(measure) else 2


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
