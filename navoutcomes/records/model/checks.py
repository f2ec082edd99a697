"""Is a table what the data model says: its columns, what stands in each, and what holds between them?"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.records.codes.lists import code_list
from navoutcomes.records.model.findings import WARNING, Finding, found_where
from navoutcomes.records.model.kinds import each_distinct, unfit, words_of
from navoutcomes.records.model.tables import Field, TableSchema

SHOWN_WORDS, LOOKED_AT = 12, 20


def column_findings(frame: pd.DataFrame, schema: TableSchema) -> list[Finding]:
    """What is wrong with the columns of a table, one by one."""
    names = [str(name) for name in frame.columns]
    twice = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    if twice:
        return [Finding(schema.name, "model_columns_twice", twice, facts=(("count", len(twice)),))]
    absent = tuple(one.name for one in schema.fields if one.required and one.name not in names)
    foreign = tuple(name for name in names if name not in schema.columns)
    found = []
    if absent:
        facts = (("count", len(absent)), ("columns_found", tuple(names)))
        found.append(Finding(schema.name, "model_columns_missing", absent, facts=facts))
    if foreign:
        found.append(Finding(schema.name, "model_columns_foreign", foreign, WARNING, (("count", len(foreign)),)))
    for one in schema.fields:
        if one.name in names:
            found += _cells(frame[one.name], one, schema.name)
    return found


def rule_findings(frame: pd.DataFrame, schema: TableSchema) -> list[Finding]:
    """What is wrong between the columns of a table. Assumes: the columns themselves are right."""
    found: list[Finding] = []
    key = tuple(name for name in schema.key if name in frame)
    if key:
        found += found_where(schema.name, "model_key_repeated", key, frame.duplicated(list(key), keep=False))
    for earlier, later, level in schema.order:
        if {earlier, later} <= set(frame.columns):
            problem = "model_order" if level != WARNING else "model_order_unusual"
            bad = _numbers(frame[later]) < _numbers(frame[earlier])
            found += found_where(schema.name, problem, (earlier, later), bad, level)
    for earlier, later in schema.strictly:
        if {earlier, later} <= set(frame.columns):
            bad = _numbers(frame[later]) <= _numbers(frame[earlier])
            found += found_where(schema.name, "model_order_strict", (earlier, later), bad)
    if schema.apart and set(schema.apart[:2]) <= set(frame.columns):
        found += found_where(schema.name, "model_intervals_overlap", schema.apart, _overlapping(frame, *schema.apart))
    if schema.needed_unless and schema.needed_unless[1] in frame:
        column, other, word = schema.needed_unless
        given = frame[column].notna() if column in frame else pd.Series(False, index=frame.index)
        lacking = ~given & frame[other].ne(word)
        found += found_where(schema.name, "model_value_needed", (column, other), lacking, word=word)
    if schema.total and schema.total[0] in frame:
        found += _totals(frame, schema, *schema.total)
    return found


def _cells(values: pd.Series[Any], field: Field, table: str) -> list[Finding]:
    at = (field.name,)
    found = []
    if field.required and not field.blank:
        found += found_where(table, "model_cells_empty", at, values.isna())
    wrong = unfit(values, field)
    if wrong.any():
        return found + found_where(table, "model_kind", at, wrong, kind=field.holds)
    if field.kind == "flag" and field.words:
        marked = values.isin([True])
        return found + ([Finding(table, "protected_rows", at, facts=_numbers_only(marked))] if marked.any() else [])
    if field.words or field.codes:
        found += _permitted(values, field, table)
    if field.form:
        pattern = re.compile(field.form)
        bad = values.notna().to_numpy() & ~each_distinct(values, pattern.fullmatch)
        found += found_where(table, "model_form", at, bad, form=field.form)
    if field.low is not None or field.high is not None:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        bad = (numbers < (-np.inf if field.low is None else field.low)) | (
            numbers > (np.inf if field.high is None else field.high)
        )
        limits = "–".join("" if one is None else f"{one:g}" for one in (field.low, field.high))
        found += found_where(table, "model_outside_limits", at, bad, limits=limits)
    return found


def _numbers_only(bad: Any) -> tuple[tuple[str, Any], ...]:
    return ("count", int(bad.sum())), ("total", len(bad))


def _permitted(values: pd.Series[Any], field: Field, table: str) -> list[Finding]:
    """Words that are none of those permitted; other spellings of codes are let through with a warning."""
    lists = [code_list(name) for name in field.codes]
    exact = set(field.permitted)
    spelt = {word for one in lists for code in one.codes for word in code.other_spellings} - exact
    if field.kind == "words":
        cells = [words_of(one) if known else frozenset() for one, known in zip(values, values.notna(), strict=True)]
        bad = np.array([bool(one - exact - spelt) for one in cells], dtype=np.bool_)
        other = np.array([bool(one & spelt) for one in cells], dtype=np.bool_)
    else:
        other = each_distinct(values, spelt.__contains__)
        bad = values.notna().to_numpy() & ~each_distinct(values, (exact | spelt).__contains__)
    near = tuple(dict.fromkeys(one for word in _distinct(values[bad]) for code in lists for one in code.near(word)))
    allowed = field.permitted if len(field.permitted) <= SHOWN_WORDS else (*field.permitted[:SHOWN_WORDS], "…")
    found = found_where(table, "model_words_unknown", (field.name,), bad, allowed=allowed, near=near[:3] or "–")
    return found + found_where(table, "model_codes_other_spelling", (field.name,), other, WARNING)


def _distinct(values: pd.Series[Any]) -> list[str]:
    """Some of the distinct words of a column, each by itself."""
    return [word for cell in pd.unique(values.astype(object))[:LOOKED_AT] for word in words_of(cell)]


def _numbers(values: pd.Series[Any]) -> np.ndarray:
    """Dates or numbers as numbers, not a number where empty."""
    if pd.api.types.is_datetime64_any_dtype(values):
        seconds = values.to_numpy().astype("datetime64[s]").astype(np.int64).astype(float)
        return np.where(values.isna(), np.nan, seconds)
    return values.to_numpy(dtype=float, na_value=np.nan)


def _overlapping(frame: pd.DataFrame, by: str, start: str, end: str) -> np.ndarray:
    """Which intervals begin before an earlier one of the same ``by`` has ended?"""
    opens = _numbers(frame[start])
    closes = _numbers(frame[end]) if end in frame else np.full(len(frame), np.nan)
    closes = np.where(np.isnan(closes), np.inf, closes)
    group = pd.factorize(frame[by])[0]
    order = np.lexsort((opens, group))
    reached = pd.Series(closes[order]).groupby(group[order]).cummax().to_numpy()
    hit = np.zeros(len(frame), dtype=np.bool_)
    same = group[order][1:] == group[order][:-1]
    hit[order[1:]] = same & (opens[order][1:] < reached[:-1])
    return hit


def _totals(frame: pd.DataFrame, schema: TableSchema, total: str, numbered: str) -> list[Finding]:
    """A total is that of its parts, and there is none when a part is missing."""
    names = [one.name for one in schema.fields if one.name.startswith(f"{numbered}_") and one.name in frame]
    parts = frame[names].to_numpy(dtype=float, na_value=np.nan).sum(axis=1)
    given = frame[total].to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isnan(given) & ~(given == parts)
    return found_where(
        schema.name, "model_total_differs", (total,), bad, parts=f"{numbered}_01–{numbered}_{len(names):02d}"
    )
