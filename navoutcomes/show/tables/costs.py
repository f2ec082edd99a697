"""Costs and deviations as rows of printed cells: what was divided by what, at which prices."""

from __future__ import annotations

from navoutcomes.estimate.goals.cost import CostPerOutcome, ExplainedDeviation
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import count, level_text, percent, span
from navoutcomes.show.words import word
from navoutcomes.texts import spoken

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]


def costs(result: CostPerOutcome, _: object, language: str) -> Printed:
    """Numerator, denominator, and the cost of each; a cost of nobody's outcome cannot be worked out."""
    money = {"currency": one_line(result.currency), "year": result.price_year}
    outcome = one_line(spoken(result.outcome, language))
    named = word("cost_denominator_named", language, outcome=outcome) if outcome else word("cost_denominator", language)
    impossible = word("cost_not_possible", language)
    each = count(result.estimate, language) or impossible
    limits = span(*result.interval, language, 0) or impossible
    rows: list[tuple[str, ...]] = [
        (word("cost_numerator", language, **money), count(result.cost, language), " "),
        (named, count(result.events, language), " "),
        (word("cost_persons", language), count(result.persons, language), " "),
        (word("cost_share", language), percent(result.events / result.persons, language), " "),
        (word("cost_each", language, **money), each, limits),
        (word("cost_each_person", language, **money), count(result.cost / result.persons, language), " "),
    ]
    interval = word("col_interval", language, level=level_text(result.level))
    return [word("cost_what", language), word("cost_value", language), interval], rows, [False, True, True]


def deviation(result: ExplainedDeviation, _: object, language: str) -> Printed:
    """What explains the deviation, row by row, down to what is left."""
    heads = [word("deviation_part", language), word("deviation_amount", language, currency=one_line(result.currency)),
             word("deviation_share", language)]  # fmt: skip
    lines = [(one_line(spoken(name, language)), amount) for name, amount in result.parts]
    lines += [
        (word("deviation_explained", language), result.explained),
        (word("deviation_unexplained", language), result.unexplained),
        (word("deviation_total", language), result.total),
    ]
    rows: list[tuple[str, ...]] = [
        (name, count(amount, language), percent(amount / result.total, language)) for name, amount in lines
    ]
    return heads, rows, [False, True, True]


PRINTERS = {CostPerOutcome: costs, ExplainedDeviation: deviation}
