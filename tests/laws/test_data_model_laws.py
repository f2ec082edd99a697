"""Laws of the data model: findings are those of a loop over rows, and no frame whatever makes it fall."""

from __future__ import annotations

import re
import warnings
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.errors import DataProblem
from navoutcomes.records.codes.lists import code_list
from navoutcomes.records.model.tables import Field, data_model
from tests.laws.some_people import quick

cells = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 130), st.floats(-2, 200), st.text("ABK-_1 ", max_size=8),
    st.sampled_from(["FATT_JOBB", "job", "HAR_SLUTTET", "1579", "0301", "2019-03", "KVP", "MIDLONTIL", "M", "16|04"]),
    st.datetimes(datetime(2018, 1, 1), datetime(2021, 1, 1)).map(pd.Timestamp),
    st.sampled_from([pd.Timestamp("2019-01-01"), pd.Timestamp("2020-01-01"), float("nan"), float("inf")]),
)  # fmt: skip


def _filled(cell: Any) -> bool:
    return not (cell is None or (isinstance(cell, float) and np.isnan(cell)))


def _fits(cell: Any, field: Field) -> bool:
    """Is one cell of its kind? Cells of a mixed column, as a reader would judge them."""
    real = isinstance(cell, int | float) and not isinstance(cell, bool) and bool(np.isfinite(cell))
    word = isinstance(cell, str)
    return {
        "id": word,
        "word": word,
        "number": real,
        "integer": real and float(cell) == int(cell),
        "flag": cell is True or cell is False or (isinstance(cell, int | float) and cell in (0, 1)),
        "date": isinstance(cell, datetime) and cell == pd.Timestamp(cell).normalize(),
        "datetime": isinstance(cell, datetime),
        "month": isinstance(cell, datetime)
        or (word and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", cell.strip()) is not None),
        "words": word,
    }[field.kind]


def _wrong(column: list[Any], field: Field) -> set[tuple[str, int]]:
    """What a loop says of one column: pairs of a finding and a row."""
    found = {
        ("model_cells_empty", at)
        for at, cell in enumerate(column)
        if not _filled(cell) and field.required and not field.blank
    }
    unfit = {("model_kind", at) for at, cell in enumerate(column) if _filled(cell) and not _fits(cell, field)}
    if unfit:
        return found | unfit
    known = {code.code for name in field.codes for code in code_list(name).codes} | set(field.words)
    spelt = {one for name in field.codes for code in code_list(name).codes for one in code.other_spellings}
    for at, cell in enumerate(column):
        if not _filled(cell):
            continue
        words = set(cell.split("|")) - {""} if field.kind == "words" else {cell}
        if field.kind == "flag":
            found |= {("protected_rows", -1)} if field.words and cell else set()
        elif known and words - known - spelt:
            found.add(("model_words_unknown", at))
        if field.form and not re.fullmatch(field.form, cell):
            found.add(("model_form", at))
        beyond = (field.low is not None and cell < field.low) or (field.high is not None and cell > field.high)
        if beyond:
            found.add(("model_outside_limits", at))
    return found


ASKED = [("person", "municipality_no"), ("person", "birth_year"), ("person", "sex"), ("person", "children_u18"),
         ("episode", "reason"), ("episode", "exit_class"), ("episode", "percent"), ("episode", "start_date"),
         ("episode", "protected"), ("status_event", "valid_from"), ("employment_month", "employed"),
         ("benefit_month", "month"), ("social_assistance_year", "condition_types"),
         ("programme", "programme_code"), ("fidelity_assessment", "item_03")]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), ASKED)
@quick
@given(st.lists(cells, min_size=1, max_size=6))
def test_findings_in_a_column_are_those_of_a_loop_over_its_cells(table: str, column: str, drawn: list[Any]) -> None:
    frame = pd.DataFrame({column: pd.Series(drawn, dtype=object)})
    found = set()
    for one in nav.check_table(frame, table).errors:
        if one.columns == (column,):
            found |= {(one.key, row) for row in dict(one.facts).get("rows", (-1,))}
    assert found == _wrong(drawn, data_model()[table].field(column))


@quick
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 6), st.integers(1, 4), st.booleans()), max_size=8))
def test_intervals_that_overlap_are_those_a_loop_finds(drawn: list[tuple[str, int, int, bool]]) -> None:
    rows = [(f"E-{who}", start, None if still else start + length) for who, start, length, still in drawn]
    day = pd.Timestamp("2020-01-01")
    frame = pd.DataFrame(
        {
            "episode_id": pd.Series([who for who, _, _ in rows], dtype=object),
            "status": pd.Series(["DELTAR"] * len(rows), dtype=object),
            "valid_from": pd.to_datetime([day + pd.Timedelta(days=start) for _, start, _ in rows]),
            "valid_to": pd.to_datetime([pd.NaT if end is None else day + pd.Timedelta(days=end) for *_, end in rows]),
        }
    )
    found = {one.key: dict(one.facts)["count"] for one in nav.check_table(frame, "status_event").errors}
    order = sorted(range(len(rows)), key=lambda at: (rows[at][0], rows[at][1], at))
    late = 0
    for place, at in enumerate(order):
        before = [rows[one][2] for one in order[:place] if rows[one][0] == rows[at][0]]
        late += any(end is None or end > rows[at][1] for end in before)
    assert found == ({"model_intervals_overlap": late} if late else {})


strange = st.one_of(
    cells, st.sampled_from([["a"], {"b": 1}, {"01"}, b"bytes", 3 + 4j, object(), np.datetime64("NaT"), pd.NA, ("x", 2)])
)


def _series(values: list[Any], kind: type | None) -> pd.Series:
    """A column of these cells; of whichever kind pandas makes of them, where it makes one."""
    try:
        return pd.Series(values, dtype=kind)
    except (TypeError, ValueError, OverflowError):
        return pd.Series(values, dtype=object)


@quick
@given(
    st.sampled_from(list(data_model())),
    st.lists(st.tuples(st.integers(0, 40), st.lists(strange, min_size=3, max_size=3), st.sampled_from([object, None]))),
    st.booleans(),
)
def test_no_frame_whatever_makes_the_check_fall(table: str, drawn: list, whole: bool) -> None:
    """Columns of anything: the answer is findings or a problem of ours, and typed tables when nothing is wrong."""
    names = data_model()[table].columns
    chosen = {names[at % len(names)]: _series(values, kind) for at, values, kind in drawn}
    frame = pd.DataFrame({**(dict.fromkeys(names) if whole else {}), **chosen}, index=range(3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = nav.check_tables({table: frame})
            assert set(found.table["level"]) <= {"error", "warning"}
            assert found.table["text"].str.len().gt(0).all()
            assert len(found.errors) > 0 or len(nav.RegisterTables.from_frames({table: frame})[table]) == 3
        except DataProblem as problem:
            assert problem.key == "identity_numbers"
