"""Tables of the data model: what is right is let through typed, what is wrong is named by column, number and row."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.errors import DataProblem, DataWarning
from navoutcomes.records.model.tables import data_model
from navoutcomes.texts import LANGUAGES
from tests.words import model_examples as right

CANARY = "Kanarifugl Kvitrebekk"
Spoil = Callable[[pd.DataFrame], pd.DataFrame]


def put(column: str, value: Any, *rows: int) -> Spoil:
    """A value put into cells of a column; the other cells stay."""

    def spoilt(frame: pd.DataFrame) -> pd.DataFrame:
        cells = frame[column].astype(object).tolist() if column in frame else [None] * len(frame)
        for row in rows or (1,):
            cells[row] = value
        made = pd.Series(cells)
        dates = isinstance(value, pd.Timestamp)
        return frame.assign(**{column: pd.to_datetime(made) if dates else made.infer_objects()})

    return spoilt


DAY = pd.Timestamp
WRONG: list[tuple[str, str, Spoil, str, tuple[str, ...], int]] = [
    ("a column is not there", "person", lambda frame: frame.drop(columns="municipality_no"), "model_columns_missing",
     ("municipality_no",), 1),
    ("two columns of one name", "person", lambda frame: pd.concat([frame, frame[["sex"]]], axis=1),
     "model_columns_twice", ("sex",), 1),
    ("an empty cell where none may be", "episode", put("exit_class", None, 0, 2), "model_cells_empty",
     ("exit_class",), 2),
    ("a municipality that lost its zero", "person", put("municipality_no", "301"), "model_form",
     ("municipality_no",), 1),
    ("a municipality that is a number", "person", put("municipality_no", 301), "model_kind", ("municipality_no",), 1),
    ("a pseudonym that is too short", "person", put("person_id", "P-2"), "model_form", ("person_id",), 1),
    ("a word that is not permitted", "person", put("sex", CANARY), "model_words_unknown", ("sex",), 1),
    ("a code that does not exist", "episode", put("reason", "TRENGER_ANNEN_HJELP"), "model_words_unknown",
     ("reason",), 1),
    ("a code in a list of codes", "social_assistance_year", put("condition_types", "16|99", 0), "model_words_unknown",
     ("condition_types",), 1),
    ("a name among numbers", "person", put("birth_year", CANARY), "model_kind", ("birth_year",), 1),
    ("half a child", "person", put("children_u18", 1.5, 2), "model_kind", ("children_u18",), 1),
    ("a number beyond all numbers", "episode", put("percent", np.inf), "model_kind", ("percent",), 1),
    ("too many per cent", "episode", put("percent", 250.0), "model_outside_limits", ("percent",), 1),
    ("a year before there were registers", "person", put("birth_year", 1799, 0), "model_outside_limits",
     ("birth_year",), 1),
    ("a month that is none", "employment_month", put("month", "2019-13"), "model_kind", ("month",), 1),
    ("dates as text", "episode", lambda frame: frame.assign(start_date=frame["start_date"].astype(str)), "model_kind",
     ("start_date",), 3),
    ("a date with a time of day", "episode", put("start_date", DAY("2019-03-01 10:00")), "model_kind",
     ("start_date",), 1),
    ("a flag that is a word", "employment_month", put("employed", "ja"), "model_kind", ("employed",), 1),
    ("a person twice", "person", put("person_id", "PSEUDO-1"), "model_key_repeated", ("person_id",), 2),
    ("a month twice", "employment_month", put("month", "2019-08"), "model_key_repeated", ("person_id", "month"), 2),
    ("an end before the start", "episode", put("end_date", DAY("2019-01-15"), 0), "model_order",
     ("start_date", "end_date"), 1),
    ("a decision before the application", "episode", put("decision_date", DAY("2019-01-31")), "model_order",
     ("registered_date", "decision_date"), 1),
    ("age limits the wrong way", "programme", put("age_max", 17), "model_order", ("age_min", "age_max"), 1),
    ("a status that lasts no time", "status_event", put("valid_to", DAY("2019-02-01"), 2), "model_order_strict",
     ("valid_from", "valid_to"), 1),
    ("two statuses at once", "status_event", put("valid_from", DAY("2019-07-31")), "model_intervals_overlap",
     ("episode_id", "valid_from", "valid_to"), 1),
    ("a status before one that never ends", "status_event", put("valid_to", pd.NaT, 0), "model_intervals_overlap",
     ("episode_id", "valid_from", "valid_to"), 1),
    ("a target without a value", "target", put("target_value", None, 0), "model_value_needed",
     ("target_value", "kind"), 1),
    ("a total that does not add up", "fidelity_assessment", put("total", 99, 0), "model_total_differs", ("total",), 1),
    ("a total of which an item is missing", "fidelity_assessment", put("total", 120), "model_total_differs",
     ("total",), 1),
    ("a negative count", "aggregate_count", put("n", -1, 0), "model_outside_limits", ("n",), 1),
    ("a denominator nobody stated", "aggregate_count", put("denominator", None), "model_cells_empty",
     ("denominator",), 1),
    ("protected people", "episode", put("protected", True), "protected_rows", ("protected",), 1),
]  # fmt: skip


def _ours(frame: Any) -> bool:
    """Is it a frame of the package, whose locals a verbose traceback would print?"""
    return "navoutcomes" in Path(frame.f_code.co_filename).parts and "tests" not in frame.f_code.co_filename


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_named_and_never_quoted(case: tuple[str, str, Spoil, str, tuple[str, ...], int]) -> None:
    _, name, spoil, key, columns, count = case
    frame = spoil(right.tables()[name])
    found = nav.check_table(frame, name)
    assert [(one.key, one.columns) for one in found.errors] == [(key, columns)]
    (row,) = found.table[found.table["level"] == "error"].itertuples()
    assert (row.table, row.finding, row.count) == (name, key, count)
    with pytest.raises(DataProblem) as caught:
        nav.RegisterTables.from_frames({name: frame})
    assert caught.value.key == key
    told = "\n".join("\n".join(caught.value.parts(language)) for language in LANGUAGES)
    told += "".join(repr(left.f_locals) for left, _ in traceback.walk_tb(caught.value.__traceback__) if _ours(left))
    told += repr(found) + found._repr_html_() + str(row)
    assert all(column in told for column in columns)
    assert CANARY not in told and "PSEUDO" not in told and "2019-13" not in told and "TRENGER_ANNEN_HJELP" not in told


def test_rows_are_counted_from_0() -> None:
    found = nav.check_table(put("sex", CANARY, 0, 2)(right.person()), "person")
    assert found.table["rows"].tolist() == [(0, 2)]
    assert "rad 0, 2" in found.table["text"].iloc[0]


def test_tables_that_are_right_are_let_through_typed() -> None:
    assert len(nav.check_tables(right.tables())) == 0
    made = nav.RegisterTables.from_frames(right.tables())
    assert list(made) == list(right.tables())
    kinds = {name: str(made["person"][name].dtype) for name in ("person_id", "birth_year", "sex")}
    assert kinds == {"person_id": "object", "birth_year": "Int64", "sex": "object"}
    assert str(made["episode"]["start_date"].dtype) == "datetime64[s]"
    assert str(made["employment_month"]["month"].dtype) == "period[M]"
    assert str(made["employment_month"]["employed"].dtype) == "boolean"
    assert made["social_assistance_year"]["condition_types"].tolist() == [frozenset({"16", "04"}), frozenset({"15"})]
    assert "Personer: 3" in repr(made) and "PSEUDO" not in repr(made)


def test_what_is_handed_out_can_be_written_to_without_harm() -> None:
    given = right.tables()
    made = nav.RegisterTables.from_frames(given)
    handed_out = made["person"]
    handed_out.loc[0, "sex"] = "K"
    given["person"].loc[0, "sex"] = "U"
    assert made["person"]["sex"].iloc[0] == "M"


def test_the_order_of_columns_and_rows_does_not_matter() -> None:
    turned = {name: frame.iloc[::-1, ::-1].reset_index(drop=True) for name, frame in right.tables().items()}
    assert len(nav.check_tables(turned)) == 0
    columns = nav.RegisterTables.from_frames(turned)["episode"].columns
    assert list(columns) == list(nav.RegisterTables.from_frames(right.tables())["episode"].columns)


TOGETHER: list[tuple[str, str, Spoil, str, str, int]] = [
    ("a person nobody knows", "episode", put("person_id", "PSEUDO-9"), "model_reference_missing", "person_id", 1),
    ("a programme nobody knows", "episode", put("programme_id", "T-9"), "model_reference_missing", "programme_id", 1),
    ("a status of no episode", "status_event", put("episode_id", "E-9", 2), "model_reference_missing",
     "episode_id", 1),
    ("work in a month to come", "employment_month", put("month", "2021-01"), "model_after_cutoff", "month", 1),
    ("a decision to come", "episode", put("decision_date", DAY("2021-01-01"), 2), "model_after_cutoff",
     "decision_date", 1),
]  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER, ids=[case[0] for case in TOGETHER])
def test_tables_that_do_not_fit_together_are_refused(case: tuple[str, str, Spoil, str, str, int]) -> None:
    _, name, spoil, key, column, count = case
    tables = right.tables()
    tables[name] = spoil(tables[name])
    found = nav.check_tables(tables, cutoff=date(2020, 12, 31))
    assert [(one.table, one.key, one.columns, dict(one.facts)["count"]) for one in found.errors] == [
        (name, key, (column,), count)
    ]
    with pytest.raises(DataProblem) as caught:
        nav.RegisterTables.from_frames(tables, origin=nav.Origin(cutoff=date(2020, 12, 31)))
    assert caught.value.key == key and "PSEUDO" not in str(caught.value)


def test_the_cut_off_is_that_of_the_run_where_there_is_one() -> None:
    run = pd.DataFrame(
        {"run_id": ["R1"], "data_cutoff": pd.to_datetime(["2019-08-31"]), "input_sha256": ["a" * 64],
         "package_version": ["0.1"], "lang": ["nn"], "sdc_rule": ["nav_internal"], "seed": [1]}
    )  # fmt: skip
    found = nav.check_tables({**right.tables(), "analysis_run": run})
    assert [(one.table, one.key) for one in found.errors] == [("employment_month", "model_after_cutoff")]
    assert nav.check_tables(right.tables()).errors == ()


def test_planned_starts_and_ends_may_lie_after_the_cut_off() -> None:
    tables = right.tables()
    tables["episode"] = put("end_date", DAY("2030-01-01"), 1)(tables["episode"])
    assert nav.check_tables(tables, cutoff=date(2020, 12, 31)).errors == ()


WARNED: list[tuple[str, str, Spoil, str]] = [
    ("a start before the application", "episode", put("registered_date", DAY("2019-09-02"), 2), "model_order_unusual"),
    ("a column of one's own", "person", put("favourite", "x"), "model_columns_foreign"),
    ("a code as production misspells it", "programme", put("programme_code", "MIDLERTIDIG_LONNSTLSKUDD"),
     "model_codes_other_spelling"),
    ("two episodes 29 days apart", "episode",
     lambda frame: put("start_date", DAY("2019-08-30"), 2)(frame).assign(programme_id="T-1"), "model_episodes_near"),
    ("somebody too old", "person", put("birth_year", 1980, 1), "model_age_outside"),
]  # fmt: skip


@pytest.mark.parametrize("case", WARNED, ids=[case[0] for case in WARNED])
def test_what_somebody_should_look_at_is_said_and_let_through(case: tuple[str, str, Spoil, str]) -> None:
    _, name, spoil, key = case
    tables = right.tables()
    tables[name] = spoil(tables[name])
    found = nav.check_tables(tables)
    assert found.errors == () and [one.key for one in found.warnings] == [key]
    with pytest.warns(DataWarning):
        made = nav.RegisterTables.from_frames(tables)
    assert made.log.keys() == (key, "model_tables_checked")
    assert "PSEUDO" not in made.log.text("nn")


def test_thirty_days_apart_is_not_near_and_the_year_of_birth_leaves_a_doubt() -> None:
    tables = right.tables()
    tables["episode"] = put("start_date", DAY("2019-08-31"), 2)(tables["episode"]).assign(programme_id="T-1")
    tables["person"] = put("birth_year", 1988, 1)(tables["person"])
    found = nav.check_tables(tables)
    # Born 1988 and 30 or 31 years old in 2019; the limit is 30.
    assert len(found) == 0


def test_the_twelve_tables_and_their_columns_have_names_in_three_languages() -> None:
    assert [(name, len(schema.fields)) for name, schema in data_model().items()] == [
        ("person", 8), ("programme", 10), ("episode", 18), ("status_event", 5), ("employment_month", 8),
        ("benefit_month", 5), ("social_assistance_year", 9), ("fidelity_assessment", 30), ("cost", 8), ("target", 10),
        ("aggregate_count", 8), ("analysis_run", 7),
    ]  # fmt: skip
    for schema in data_model().values():
        for thing in (schema, *schema.fields):
            assert all(thing.label.text(language).strip() for language in LANGUAGES)
    assert nav.table_schema("fidelity_assessment").field("item_07").label.text("nb") == "Punkt 7"
    assert "FATT_JOBB" in nav.table_schema("episode").field("reason").permitted


def test_keys_and_references_name_columns_that_are_there() -> None:
    for schema in data_model().values():
        between = [*schema.key, *(name for rule in schema.order for name in rule[:2]), *(schema.apart or ())]
        assert set(between) <= set(schema.columns), schema.name
        assert all(field.refers in data_model() for field in schema.fields if field.refers)


@pytest.mark.parametrize("given", [None, "person", [1, 2], {"person_id": ["PSEUDO-1"]}])
def test_what_is_no_frame_is_refused(given: object) -> None:
    with pytest.raises(DataProblem) as caught:
        nav.check_table(given, "person")  # type: ignore[arg-type]
    assert caught.value.key == "model_no_frame"


def test_another_name_of_a_table_is_refused_with_those_there_are() -> None:
    with pytest.raises(DataProblem, match="episode"):
        nav.check_table(right.person(), "deltakelse")


def test_an_empty_table_is_a_table() -> None:
    assert len(nav.check_table(right.person().iloc[:0], "person")) == 0
