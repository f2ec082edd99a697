"""One look at the bytes of a column never rules out what a careful look at its cells would find."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.maths.digits_of_bytes import IN_PIECES, LONG, digit_forms, signs_of
from navoutcomes.records.identity import apart
from navoutcomes.records.identity.identifiers import refuse_identity_numbers
from navoutcomes.records.identity.identity_digits import SKIPPED, controlled, long_numbers
from navoutcomes.records.sources import cells as cells_module
from navoutcomes.records.sources.cells import cells_of

texts = st.lists(
    st.one_of(
        st.text("0123456789 .-_'\t/aZ", max_size=20),
        st.from_regex(r"[0-9]{0,3}[. /a-]{0,4}[0-9]{3}[. /-]{1,2}[0-9]{3}[. ]{1,2}[0-9]{2,5}", fullmatch=True),
    ),
    min_size=1,
    max_size=8,
)


def forms(joined: str) -> int:
    return digit_forms(np.frombuffer(joined.encode("ascii"), np.uint8), SKIPPED)


def number_at(day: int) -> str:
    """A number nobody has: month + 80, with both control digits."""
    for rest in range(100_000):
        digits = f"{day:02}8199{rest:05}"
        if controlled(np.array([[int(sign) for sign in digits]]))[0]:
            return digits
    raise AssertionError("there is one among a hundred thousand")


@settings(max_examples=400, deadline=None)
@given(texts)
def test_the_bytes_say_just_what_the_searches_for_shapes_say(cells: list[str]) -> None:
    joined = "\n".join(cells)
    found = forms(joined)
    assert bool(found & LONG) == bool(len(long_numbers(cells).cell))
    assert bool(found & IN_PIECES) == apart.may_be_in_pieces(joined)


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("12345678", 0),
        ("1234\n56789", 0),
        ("1234 56_7'89", LONG),
        ("123456.78901", IN_PIECES),
        ("1.78901", 0),
        ("12a78901", 0),
        ("12..-78901", IN_PIECES),
        ("12....78901", 0),
        ("123.456.789.01", IN_PIECES),
        ("123.4567.789.01", 0),
        ("123.456..789.01", 0),
        ("9123.456.789.01", IN_PIECES),
        ("123.456.789.0", 0),
        ("010281.99123", IN_PIECES),
    ],
)
def test_forms_written_down_one_by_one(joined: str, expected: int) -> None:
    assert forms(joined) == expected


@given(st.binary(max_size=50))
def test_the_signs_are_those_that_are_there(content: bytes) -> None:
    assert signs_of(np.frombuffer(content, np.uint8)).tolist() == sorted(set(content))


@given(st.lists(st.text("abÆ1- ", max_size=5), min_size=1, max_size=6), st.text("abæ1-\n", min_size=1, max_size=3))
def test_a_word_is_held_where_it_stands(cells: list[str], word: str) -> None:
    column = cells_of("x", cells, np.arange(len(cells)))
    assert column.holds(word) == (word in column.folded)


def test_signs_of_a_long_column_are_those_of_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "MANY_SIGNS", 0)
    column = cells_of("x", ["P-1", "Q 22"], np.arange(2))
    assert column.signs == frozenset(column.folded)


@pytest.mark.parametrize(
    ("cuts", "signs"),
    [
        ((0, 11), ("", "")),
        ((0, 6, 11), ("", " ", "")),
        ((0, 11), ("P", "")),
        ((0, 2, 4, 6, 11), ("", ".", ".", " ", "")),
        ((0, 3, 6, 9, 11), ("", ".", ".", ".", "")),
    ],
)
def test_one_number_among_many_pseudonyms_is_found_whatever_its_form(
    cuts: tuple[int, ...], signs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MANY_SIGNS", 1000)
    number = number_at(17)
    pieces = [number[start:stop] for start, stop in pairwise(cuts)]
    planted = signs[0] + "".join(piece + sign for piece, sign in zip(pieces, signs[1:], strict=True))
    pseudonyms = [f"P-{at:07}" for at in range(5000)]
    with pytest.raises(nav.DataProblem) as found:
        refuse_identity_numbers(pd.DataFrame({"Tekst": [*pseudonyms, planted]}))
    assert tuple(found.value.facts["rows"]) == (5001,)
    refuse_identity_numbers(pd.DataFrame({"Tekst": pseudonyms}))
