"""Mean times and tests of groups as rows of printed cells."""

from __future__ import annotations

from typing import Any

from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.curves.restricted_mean import RestrictedMeans
from navoutcomes.estimate.result import lines
from navoutcomes.show.numbers import count, level_text, number, p_value, span
from navoutcomes.show.words import group_name, time_phrase, word

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]


def means(result: RestrictedMeans, _: object, language: str) -> Printed:
    rows = result.table
    heads = [word(key, language) for key in ("col_group", "col_horizon", "col_estimate")]
    heads += [word("col_interval", language, level=level_text(result.level))]
    printed: list[tuple[str, ...]] = [
        (
            group_name(row.group, language),
            time_phrase(row.time, result.unit, language),
            number(row.estimate, language, 2),
            span(row.conf_low, row.conf_high, language, 2),
        )
        for row in lines(rows)
    ]
    return heads, printed, [False, False, True, True]


def test_of_groups(result: GroupTest, _: object, language: str) -> Printed:
    rows = result.table.drop_duplicates("group")
    heads = [word(key, language) for key in ("col_group", "col_persons", "col_events", "col_test")]
    p = p_value(result.p_value, language) or word("no_p_value", language)
    test = f"χ² = {number(result.statistic, language, 2)}, df = {result.df}, {p}"
    printed: list[tuple[str, ...]] = [
        (
            group_name(row.group, language),
            count(row.at_risk, language),
            count(row.events, language),
            test if k == 0 else " ",
        )
        for k, row in enumerate(lines(rows))
    ]
    return heads, printed, [False, True, True, False]


PRINTERS: dict[type, Any] = {RestrictedMeans: means, GroupTest: test_of_groups}
