"""Goals and study sizes as rows of printed cells: the columns of the county governor's form."""

from __future__ import annotations

from itertools import compress
from math import isfinite
from typing import Any

from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.power import StudySize
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.result import lines
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import count, level_text, number, percent, span
from navoutcomes.show.words import time_phrase, word
from navoutcomes.texts import spoken

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]
AMONG = ("completed", "started", "referred", "population")
COLUMNS = ("goal", "indicator", "definition", "baseline", "target", "result", "interval", "persons", "verdict")


def goals(card: Scorecard | Indicator, _: object, language: str) -> Printed:
    """One row a goal, in the order of the form; the comment is for the analyst to write. A column of baselines that
    nobody stated is left out."""
    indicators = (card,) if isinstance(card, Indicator) else card.indicators
    heads = [word(f"goal_{name}", language, level=level_text(card.level)) for name in COLUMNS]
    among = (card.verdict,) if isinstance(card, Indicator) else card.verdicts
    rows: list[tuple[str, ...]] = []
    for place, (one, said) in enumerate(zip(indicators, among, strict=True)):
        rows.append((str(place + 1), *_goal(one, said, language)))
        rows += [(" ", " ", *cells) for cells in _others(one, language)]
    right = [name in ("baseline", "target", "result", "interval", "persons") for name in COLUMNS]
    told = [name != "baseline" or any(row[place].strip() for row in rows) for place, name in enumerate(COLUMNS)]
    return list(compress(heads, told)), [tuple(compress(row, told)) for row in rows], list(compress(right, told))


def _others(one: Indicator, language: str) -> list[tuple[str, ...]]:
    """The same persons of the denominators that are not the goal's, without a verdict: they are shown beside it."""
    if len(one.table) < 2:
        return []
    rows: list[tuple[str, ...]] = []
    for row in lines(one.table):
        if int(row.at_risk) == one.persons:
            continue
        among = word(f"among_{row.group}", language) if row.group in AMONG else one_line(str(row.group))
        parts = {"numerator": one_line(spoken(one.target.numerator, language)), "denominator": among}
        numbers = {"persons": count(row.at_risk, language), "events": count(one.events, language)}
        persons = word("goal_persons_of", language, **numbers)
        interval = span(row.conf_low, row.conf_high, language, 1, 100.0)
        found = value(row.estimate, one.target.scale, language)
        told = word("goal_beside", language)
        rows.append((word("goal_defined", language, **parts), " ", " ", found, interval, persons, told))
    return rows


def verdict(said: Indicator | str, language: str) -> str:
    """Met, not met, cannot be decided, in the language; of an indicator, as judged alone."""
    said = said.verdict if isinstance(said, Indicator) else said
    return word(f"verdict_{said.replace(' ', '_')}", language)


def value(amount: float, scale: str, language: str) -> str:
    """A share or a change as it is printed: 60,0 %, +2,5 prosentpoeng, −8,0 %."""
    if not isfinite(amount):
        return ""
    if scale == "share":
        return percent(amount, language)
    sign = "+" if round(100 * amount, 1) > 0 else ""
    if scale == "relative change":
        return sign + percent(amount, language)
    return f"{sign}{number(100 * amount, language)} {word('measure_points', language)}"


def target_text(one: Indicator, language: str) -> str:
    """The limit: at least 60,0 %."""
    return word(
        "goal_at_least" if one.target.upwards else "goal_at_most",
        language,
        limit=value(one.target.limit, one.target.scale, language),
    )


def sizes(result: StudySize, _: object, language: str) -> Printed:
    """One row a number."""
    heads = [word("col_measure", language), word("col_group", language), word("col_estimate", language)]
    rows: list[tuple[str, ...]] = []
    for row in lines(result.table):
        share = row.measure == "power" or row.measure.startswith("smallest")
        shown = percent(row.estimate, language) if share else count(row.estimate, language)
        rows.append(
            (
                word(f"size_{row.measure.replace(' ', '_')}", language),
                word(f"size_{row.group.replace(' ', '_')}", language),
                shown or word("size_none", language),
            )
        )
    return heads, rows, [False, False, True]


def goal_sentence(one: Indicator, language: str) -> str:
    """The goal, what was found of whom, and the verdict."""
    limits = span(*one.interval, language, 1, 100.0)
    parts = [
        word(
            "sentence_goal_curve" if one.shorter else "sentence_goal",
            language,
            time="" if one.time is None else time_phrase(one.time, one.unit, language),
            name=one_line(spoken(one.target.name, language)),
            result=value(one.estimate, one.target.scale, language),
            events=count(one.events, language),
            persons=count(one.persons, language),
            denominator=one_line(spoken(one.target.denominator, language)),
            interval=word("with_interval", language, level=level_text(one.level), limits=limits)
            if limits
            else word("no_interval", language),
            target=target_text(one, language),
            verdict=verdict(one.verdict, language).lower(),
        )
    ]
    parts.append(word("goal_seen_reached" if one.observed else "goal_seen_missed", language))
    return " ".join(parts)


def _goal(one: Indicator, said: str, language: str) -> tuple[str, ...]:
    definition = word(
        "goal_defined",
        language,
        numerator=one_line(spoken(one.target.numerator, language)),
        denominator=one_line(spoken(one.target.denominator, language)),
    )
    return (
        one_line(spoken(one.target.name, language)),
        definition,
        " " if one.baseline is None else percent(one.baseline, language),
        target_text(one, language),
        value(one.estimate, one.target.scale, language),
        span(*one.interval, language, 1, 100.0),
        word(
            "goal_persons_shorter" if one.shorter else "goal_persons_of",
            language,
            persons=count(one.persons, language),
            events=count(one.events, language),
        ),
        verdict(said, language),
    )


PRINTERS: dict[type, Any] = {Indicator: goals, Scorecard: goals, StudySize: sizes}
