"""Alternative text: kind of figure, axes, groups, key values, and where the table is. From the shown numbers only."""

from __future__ import annotations

from math import isnan

from navoutcomes.estimate.result import Curves, lines
from navoutcomes.records.origin import Origin
from navoutcomes.show.finding import joined, one_cause
from navoutcomes.show.numbers import count, level_text, percent, span
from navoutcomes.show.words import clipped, ending, group_name, time_phrase, unit_name, word


def curve_alt(result: Curves, causes: tuple[str | None, ...], at: float, language: str) -> str:
    """At most about 150 words on curves by time."""
    counts = result.counts
    kind = word("alt_curves", language, unit=unit_name(result.unit, language))
    people = [
        word(
            "alt_group",
            language,
            group=clipped(group_name(name, language)),
            persons=count(counts.persons(name), language),
        )
        for name in counts.groups
    ]
    values = []
    for cause in causes:
        for row in lines(one_cause(result, cause, at)):
            if isnan(row.estimate):
                continue
            name = word("not_left_share", language) if cause is None else clipped(ending(cause, language))
            limits = span(row.conf_low, row.conf_high, language, scale=100)
            key = "alt_value" if limits else "alt_value_bare"
            group = clipped(group_name(row.group, language))
            share = percent(row.estimate, language)
            time, level = time_phrase(row.time, result.unit, language), level_text(result.level)
            values.append(
                word(key, language, name=name, group=group, share=share, limits=limits, time=time, level=level)
            )
    named = joined(people, language)
    text = f"{kind} {named[:1].upper()}{named[1:]}. {' '.join(values[:6])} {word('alt_table', language)}"
    return marked_alt(text, result.origin, language)


def marked_alt(text: str, origin: Origin, language: str) -> str:
    """Alternative text of invented data begins by saying so."""
    return f"{word('synthetic_data', language)}. {text}" if origin.synthetic else text
