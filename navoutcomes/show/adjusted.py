"""Adjusted numbers, weights and balance as tables to print."""

from __future__ import annotations

from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.incidence import AdjustedIncidence
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.adjusted.weights import Weights
from navoutcomes.estimate.result import Result, Row, lines
from navoutcomes.show.numbers import count, level_text, number, percent, span
from navoutcomes.show.words import group_name, term_name, time_phrase, word

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]


def adjusted_rows(result: AdjustedEffects, _: object, language: str) -> Printed:
    """A row an arm, difference and ratio: adjusted first, then as they are."""
    rows = result.table
    timed = "time" in rows
    heads = [word(key, language) for key in ("col_comparison", "col_measure")]
    heads += [word("col_time", language)] if timed else []
    heads += [word("col_estimate", language), word("col_interval", language, level=level_text(result.level))]
    printed = []
    for row in lines(rows):
        compared = row.measure.endswith(("difference", "ratio"))
        names = [row.group, str(result.reference)] if compared else [row.group]
        cells = [f" {word('against', language)} ".join(group_name(name, language) for name in names)]
        cells.append(measure_name(row.measure, language))
        cells += [time_phrase(row.time, result.unit, language)] if timed else []
        cells += list(_value(row, language))
        printed.append(tuple(cells))
    return heads, printed, [False] * (3 if timed else 2) + [True] * 2


def adjusted_first(text: str, result: Result, language: str) -> str:
    """What is said of adjusted curves begins by saying that they are."""
    if not isinstance(result, AdjustedIncidence):
        return text
    return word("said_adjusted", language, text=text[:1].lower() + text[1:])


def measure_name(measure: str, language: str) -> str:
    """What a measure is called; a difference between shares with its unit."""
    name = word(f"measure_{measure.replace(' ', '_')}", language)
    return f"{name} ({word('measure_points', language)})" if measure.endswith("risk difference") else name


def _value(row: Row, language: str) -> tuple[str, str]:
    if row.measure.endswith("risk"):
        return percent(row.estimate, language), span(row.conf_low, row.conf_high, language, scale=100.0)
    points = row.measure.endswith("risk difference")
    scale, digits = (100.0, 1) if points else (1.0, 2)
    low, high = row.conf_low, row.conf_high
    return number(scale * row.estimate, language, digits), span(low, high, language, digits, scale)


def weights_rows(result: Weights, _: object, language: str) -> Printed:
    """An arm a row: persons, effective number, largest weight and share."""
    table = result.table
    keys = ("effective sample size", "largest weight", "largest share of weight")
    heads = [word(key, language) for key in ("col_group", "col_persons")]
    heads += [word(f"measure_{key.replace(' ', '_')}", language) for key in keys]
    printed = []
    for group in result.groups:
        own = {row.measure: row for row in lines(table[table["group"] == group])}
        cells = [group_name(group, language), count(own[keys[0]].at_risk, language)]
        cells += [number(own[keys[0]].estimate, language), number(own[keys[1]].estimate, language, 2)]
        printed.append((*cells, percent(own[keys[2]].estimate, language)))
    return heads, printed, [False, True, True, True, True]


def balance_rows(result: Balance, _: object, language: str) -> Printed:
    """A trait a row: means of both arms, standardised difference and variance ratio, before and after weighting."""
    table = result.table
    other = next(name for name in result.groups if name != result.reference)
    moments = ("before weighting", "after weighting") if result.weighted else ("before weighting",)
    heads = [word("col_trait", language)]
    for when in moments:
        said = word(f"when_{when.replace(' ', '_')}", language)
        heads += [f"{group_name(name, language)}, {said}" for name in (other, str(result.reference))]
        heads.append(f"{word('col_standardised', language)}, {said}")
    printed = []
    for term in dict.fromkeys(table["term"]):
        own = table[table["term"] == term].set_index(["measure", "group"])["estimate"]
        cells = [term_name(str(term), language)]
        for when in moments:
            means = [float(own[(f"mean {when}", name)]) for name in (other, str(result.reference))]
            level = ": " in str(term)
            cells += [percent(one, language) if level else number(one, language, _digits(one)) for one in means]
            cells.append(number(float(own[(f"standardised mean difference {when}", other)]), language, 2))
        printed.append(tuple(cells))
    return heads, printed, [False] + [True] * (3 * len(moments))


def _digits(mean: float) -> int:
    """Decimals of a mean: three figures in all, as many as a released one has."""
    return 2 if abs(mean) < 10 else 1 if abs(mean) < 100 else 0


PRINTERS: dict[type[Result], object] = {
    AdjustedEffects: adjusted_rows,
    Weights: weights_rows,
    Balance: balance_rows,
}
