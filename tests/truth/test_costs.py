"""What an outcome cost, worked out on paper: six people, and a deviation in accounts that were published."""

from __future__ import annotations

from fractions import Fraction
from math import isnan, sqrt

import pytest

import navoutcomes as nav

LANGUAGES = ("nb", "nn", "en")
IMPOSSIBLE = {"nb": "kan ikke beregnes", "nn": "kan ikkje reknast ut", "en": "cannot be calculated"}


def cells(printed: nav.show.PrintedTable) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in printed.rows}


def test_six_people_of_whom_two_got_work_cost_half_the_whole_each() -> None:
    found = nav.cost_per_outcome(900_000, 2, 6, price_year=2019)
    assert found.estimate == Fraction(900_000, 2)
    # Wilson's limits of 2 of 6, by hand.
    z = 1.959963984540054
    centre, half = (2 + z * z / 2) / (6 + z * z), z / (6 + z * z) * sqrt(2 * 4 / 6 + z * z / 4)
    assert found.interval == pytest.approx((150_000 / (centre + half), 150_000 / (centre - half)), rel=1e-12)
    assert found.table["estimate"].tolist() == [450_000, 150_000]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_prints_numerator_denominator_price_year_and_interval(language: str) -> None:
    found = nav.cost_per_outcome(900_000, 2, 6, price_year=2019, already_public=True)
    printed = nav.show.table(nav.release(found), language=language)
    text = " ".join(" ".join(row) for row in printed.rows).replace("\u00a0", " ").replace(",", " ")
    assert "900 000" in text
    assert "450 000" in text
    assert "2019" in printed.rows[0][0]
    assert [row[1] for row in printed.rows][1:3] == ["2", "6"]
    low, high = (f"{limit:,.0f}".replace(",", " ") for limit in found.interval)
    assert f"{low}–{high}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_nobodys_outcome_the_cost_cannot_be_worked_out_and_is_not_infinite(language: str) -> None:
    found = nav.cost_per_outcome(900_000, 0, 12, price_year=2019)
    assert isnan(found.estimate)
    printed = nav.show.table(found, language=language)
    assert printed.rows[4][1:] == (IMPOSSIBLE[language], IMPOSSIBLE[language])
    said = " ".join((*printed.notes, *(cell for row in printed.rows for cell in row)))
    assert "inf" not in said.replace("informa", "")
    assert "nan" not in said
    assert found.findings.keys() == ("cost_no_outcome",)


def test_an_indicator_brings_its_own_counts() -> None:
    target = nav.Target(name="Arbeid", numerator="i arbeid", denominator="henvist", at_least=0.3)
    found = nav.cost_per_outcome(1_000_000, nav.indicator(target, 40, 100), price_year=2020)
    assert (found.events, found.persons, found.estimate) == (40, 100, 25_000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_2800_of_2962_are_explained_and_162_are_not(language: str) -> None:
    names = nav.Text(nb="Lønn", nn="Løn", en="Wages")
    found = nav.explained_deviation(2962, {names: 2000, "IKT": 800}, price_year=2019, currency="1000 kr")
    assert (found.explained, found.unexplained) == (2800, 162)
    assert found.explained / 2962 == pytest.approx(0.945, abs=5e-4)
    rows = list(cells(nav.show.table(nav.release(found), language=language)).values())
    separator, comma = (",", ".") if language == "en" else ("\u00a0", ",")
    sign = "%" if language == "en" else "\u00a0%"
    assert rows[2] == (f"2{separator}800", f"94{comma}5{sign}")
    assert rows[3] == ("162", f"5{comma}5{sign}")
    assert rows[4][0] == f"2{separator}962"
    assert next(iter(cells(nav.show.table(found, language=language)))) == names.text(language)


def test_a_cost_that_tells_a_small_count_is_not_released() -> None:
    for events in (3, 97):
        with pytest.raises(nav.DisclosureRefused):
            nav.release(nav.cost_per_outcome(1e6, events, 100, price_year=2020))
    assert nav.release(nav.cost_per_outcome(1e6, 0, 100, price_year=2020)).result.persons == 100


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: nav.cost_per_outcome(0, 2, 6, price_year=2019), "amount_not_usable"),
        (lambda: nav.cost_per_outcome(float("nan"), 2, 6, price_year=2019), "amount_not_usable"),
        (lambda: nav.cost_per_outcome(10, 7, 6, price_year=2019), "counts_not_whole"),
        (lambda: nav.cost_per_outcome(10, 2, price_year=2019), "indicator_without_denominator"),
        (lambda: nav.cost_per_outcome(10, 2, 6, price_year=19), "price_year"),
        (lambda: nav.explained_deviation(0, {"a": 1}, price_year=2019), "amount_not_usable"),
        (lambda: nav.explained_deviation(5, {}, price_year=2019), "deviation_without_parts"),
    ],
)
def test_what_cannot_be_divided_is_refused_in_four_parts(call: object, key: str) -> None:
    with pytest.raises(nav.Problem) as refused:
        call()
    assert refused.value.key == key
    for language in LANGUAGES:
        assert all(part.strip() for part in refused.value.parts(language))
