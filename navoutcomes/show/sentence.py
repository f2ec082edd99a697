"""A result as a sentence with its interval; of a comparison that chance did not make, never as an effect."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isnan
from typing import Self

import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.curves.survival import SurvivalCurves
from navoutcomes.estimate.evidence.meta_analysis import MetaAnalysis
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.result import Curves, Result, Row, lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.estimate.shares import Shares
from navoutcomes.release.released import Released
from navoutcomes.show.adjusted import adjusted_first
from navoutcomes.show.attempt import NotShown
from navoutcomes.show.finding import joined, one_cause, times_to_show
from navoutcomes.show.numbers import count, level_text, number, percent, span
from navoutcomes.show.studies import studies_sentence
from navoutcomes.show.table_goals import goal_sentence
from navoutcomes.show.words import ending, group_name, language_of, left_for, opened, time_phrase, unit_name, word


class Said(str):
    """A sentence that knows which result says it, so that a report can say it of the result as it stands there.

    It is a text like any other; in a notebook it shows itself without quotation marks.
    """

    of: Result | Released[Result]
    _at: float | Sequence[float] | None
    _cause: str | None
    _language: str

    @classmethod
    def made(
        cls,
        text: str,
        of: Result | Released[Result],
        at: float | Sequence[float] | None,
        cause: str | None,
        language: str,
    ) -> Self:
        """The text, and what it was made of."""
        said = cls(text)
        said.of, said._at, said._cause, said._language = of, at, cause, language
        return said

    def again(self, of: Result | Released[Result]) -> str:
        """The same sentence of another result."""
        return sentence(of, self._at, self._cause, self._language)

    def _repr_html_(self) -> str:
        return f"<p>{escape(self)}</p>"


def sentence(
    result: Result | Released[Result] | NotShown,
    at: float | Sequence[float] | None = None,
    cause: str | None = None,
    language: str | None = None,
) -> str:
    """What the result says, as printed text.

    A report that is given the sentence says it of the result as it stands there: beside others it may hide more.
    Arguments: ``at`` times in the follow-up's own unit (curves); ``cause`` an ending (None: the outcome); ``language``.
    Of what could not be shown (``nav.attempt``) it is the reason.
    Raises: ``DesignProblem`` for a result that has no sentence.
    """
    if isinstance(result, NotShown):
        return result.text(language)
    inner, released = opened(result)
    language = language_of(language)
    if isinstance(inner, IncidenceCurves | SurvivalCurves):
        text = adjusted_first(_curves(inner, at, cause, language), inner, language)
    elif isinstance(inner, Shares):
        text = _shares(inner, cause, language)
    elif isinstance(inner, Effects | AdjustedEffects):
        text = _effects(inner, language)
    elif isinstance(inner, Indicator):
        text = goal_sentence(inner, language)
    elif isinstance(inner, MetaAnalysis):
        text = studies_sentence(inner, language)
    else:
        raise DesignProblem("no_sentence", kind=type(inner).__name__)
    if inner.origin.synthetic:
        text = f"{word('synthetic_data', language)}: {text}"
    text = text if released is not None else f"{text} ({word('internal_draft', language)})"
    return Said.made(text, result, at, cause, language)


def _curves(result: Curves, at: float | Sequence[float] | None, cause: str | None, language: str) -> str:
    incidence = isinstance(result, IncidenceCurves)
    name = result.counts.causes[result.counts.cause(cause)] if incidence else None
    parts = []
    for time in times_to_show(result, at):
        for row in lines(one_cause(result, name, time)):
            key = "sentence_curve" if row.group == "all" else "sentence_curve_group"
            what = left_for(str(name), language) if incidence else word("not_left", language)
            if isnan(row.estimate):
                continue
            parts.append(
                word(
                    key,
                    language,
                    time=time_phrase(row.time, result.unit, language),
                    share=percent(row.estimate, language),
                    limits=_limits(row, result, language),
                    what=what,
                    persons=count(result.counts.persons(row.group), language),
                    group=group_name(row.group, language),
                )
            )
    return " ".join(parts)


def _shares(result: Shares, cause: str | None, language: str) -> str:
    rows = result.table
    rows = rows if cause is None else rows[rows["cause"] == cause]
    parts = []
    for row in lines(rows):
        if isnan(row.estimate):
            parts.append(word("sentence_hidden", language, cause=ending(row.cause, language)))
            continue
        parts.append(
            word(
                "sentence_share" if row.group == "all" else "sentence_share_group",
                language,
                events=count(row.events, language),
                persons=count(row.at_risk, language),
                share=percent(row.estimate, language),
                limits=_limits(row, result, language),
                cause=ending(row.cause, language),
                group=group_name(row.group, language),
            )
        )
    return " ".join(parts)


def _effects(result: Effects | AdjustedEffects, language: str) -> str:
    """A sentence a comparison; one asked about at several times says them together."""
    asked: dict[tuple[str, str, str], list[Row]] = {}
    for row in lines(_compared(result)):
        asked.setdefault((row.measure, row.cause, row.group), []).append(row)
    told: set[str] = set()
    parts = []
    for (measure, cause, group), rows in asked.items():
        facts = {
            "measure": word(f"measure_{measure.replace(' ', '_')}", language),
            "cause": ending(cause, language),
            "group": _sized(group, result, told, language),
            "reference": _sized(str(result.reference), result, told, language),
        }
        values = [_value(row, result, language) for row in rows]
        if len(rows) == 1:
            value, interval, time = values[0]
            when = f" {word('after_time', language, time=time)}" if time else ""
            parts.append(word("sentence_effect", language, value=value, interval=interval, when=when, **facts))
            continue
        said = [
            word("effect_at", language, value=value, interval=interval, time=time) for value, interval, time in values
        ]
        parts.append(word("sentence_effect_times", language, values=joined(said, language), **facts))
    if not result.randomised:
        parts.append(word("association_only", language))
    return " ".join(parts)


def _value(row: Row, result: Effects | AdjustedEffects, language: str) -> tuple[str, str, str]:
    """A number with its unit, its interval, and the time it holds for, empty where there is none."""
    points = row.measure.endswith("risk difference")
    scale, digits = (100.0, 1) if points else (1.0, 2)
    limits = span(row.conf_low, row.conf_high, language, digits, scale)
    unit = f" {word('measure_points', language)}" if points else _time_unit(row, result, language)
    level = _level(result)
    interval = word("with_interval", language, level=level, limits=limits) if limits else word("no_interval", language)
    time = "" if isnan(row.time) else time_phrase(row.time, result.unit, language)
    return f"{number(scale * row.estimate, language, digits)}{unit}", interval, time


def _sized(group: str, result: Effects | AdjustedEffects, told: set[str], language: str) -> str:
    """The group, the first time with how many persons it has, where the result knows."""
    name = group_name(group, language)
    persons = _persons(group, result)
    if group in told or isnan(persons):
        return name
    told.add(group)
    about = isinstance(result, AdjustedEffects)
    key = "group_of_about" if about else "group_of_persons"
    return word(key, language, group=name, persons=count(5 * round(persons / 5) if about else persons, language))


def _persons(group: str, result: Effects | AdjustedEffects) -> float:
    """Persons of a group. Adjusted numbers state no counts to the gate: their arms are told to the nearest five."""
    if isinstance(result, AdjustedEffects):
        cells = result.basis.cells if result.basis else ()
        return next((float(one.persons) for one in cells if one.term == group), float("nan"))
    known = isinstance(result.counts, RiskTable) and group in result.counts.groups
    return float(result.counts.persons(group)) if known else float("nan")


def _time_unit(row: Row, result: Effects | AdjustedEffects, language: str) -> str:
    """A difference of mean times is in the follow-up's unit."""
    timed = "restricted mean" in row.measure and row.measure.endswith("difference")
    return f" {unit_name(result.unit, language)}" if timed else ""


def _compared(result: Effects | AdjustedEffects) -> pd.DataFrame:
    """The rows of a comparison; of adjusted numbers the adjusted differences, or what there is."""
    table = result.table
    if isinstance(result, Effects):
        return table
    fair = table[table["measure"].str.startswith("adjusted")]
    differences = fair[fair["measure"].str.endswith("difference")]
    return differences if len(differences) else fair[fair["measure"].str.endswith("ratio")]


def _limits(row: Row, result: Result, language: str) -> str:
    limits = span(row.conf_low, row.conf_high, language, scale=100)
    return (
        word("with_interval", language, level=_level(result), limits=limits)
        if limits
        else word("no_interval", language)
    )


def _level(result: Result) -> str:
    return level_text(result.level)
