"""The tidy data model: which twelve tables are there, which columns have they, and what may stand in them?

Facts from ``data_model.toml``; names for readers from the texts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from navoutcomes.errors import DataProblem, door
from navoutcomes.records.codes.lists import code_list
from navoutcomes.records.columns.codebook import EXIT_CLASSES
from navoutcomes.texts import LANGUAGES, Text, say

LISTED = {"exit_class": EXIT_CLASSES}


@dataclass(frozen=True)
class Field:
    """One column of a table: its ``kind`` (id, word, integer, number, flag, date, datetime, month, words), whether it
    is ``required``, and what may stand in it.

    ``words`` and ``codes`` (code lists of Nav) are what is permitted, ``form`` a pattern, ``low`` and ``high`` limits,
    both included; ``refers`` the table whose key it names; ``blank`` whether cells of a required column may be empty.
    """

    name: str
    kind: str
    required: bool = False
    blank: bool = False
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    form: str = ""
    low: float | None = None
    high: float | None = None
    refers: str = ""
    label_key: str = ""
    number: int = 0

    @property
    def label(self) -> Text:
        """What the column is called for readers."""
        key = f"field_{self.label_key or self.name}"
        return Text(*(say("words", key, language, None, number=self.number) for language in LANGUAGES))

    @property
    def holds(self) -> Text:
        """What its kind is called for readers."""
        return Text(*(say("words", f"holds_{self.kind}", language) for language in LANGUAGES))

    @property
    def permitted(self) -> tuple[str, ...]:
        """The words that may stand in it; empty where any may."""
        return (*self.words, *(code.code for name in self.codes for code in code_list(name).codes))


@dataclass(frozen=True)
class TableSchema:
    """One table: its columns in order, its key, and what holds between its columns.

    ``order`` are (earlier, later, level) of dates or numbers that may be equal, ``strictly`` those that may not;
    ``apart`` (by, start, end) intervals that do not overlap; ``needed_unless`` (column, other, word); ``total``
    (column, the numbered columns it sums).
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    order: tuple[tuple[str, str, str], ...] = ()
    strictly: tuple[tuple[str, str], ...] = ()
    apart: tuple[str, str, str] | None = None
    needed_unless: tuple[str, str, str] | None = None
    total: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(one.name for one in self.fields)

    @property
    def label(self) -> Text:
        """What the table is called for readers."""
        return Text(*(say("words", f"table_{self.name}", language) for language in LANGUAGES))

    def field(self, name: str) -> Field:
        """One column by name. Raises ``KeyError`` where there is none."""
        return next(iter(one for one in self.fields if one.name == name), None) or _no_column(self.name, name)


@cache
def data_model() -> Mapping[str, TableSchema]:
    """Which tables does the tidy data model have? Name -> schema, in the order of the model."""
    text = resources.files(__package__).joinpath("tables.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _schema(name, facts) for name, facts in tomllib.loads(text).items()})


@door
def table_schema(name: str) -> TableSchema:
    """Which columns does a table of the tidy data model have, and what may stand in them?

    Raises: ``DataProblem`` naming the twelve tables for any other name.
    """
    if name not in data_model():
        raise DataProblem("model_table_unknown", allowed=tuple(data_model()))
    return data_model()[name]


def _schema(name: str, facts: dict[str, Any]) -> TableSchema:
    fields = tuple(one for column, told in facts["columns"].items() for one in _fields(column, told))
    return TableSchema(
        name=name,
        fields=fields,
        key=tuple(facts.get("key", ())),
        order=tuple((earlier, later, level) for earlier, later, level in facts.get("order", ())),
        strictly=tuple((earlier, later) for earlier, later in facts.get("strictly", ())),
        apart=_tuple(facts.get("apart")),
        needed_unless=_tuple(facts.get("needed_unless")),
        total=_tuple(facts.get("sum")),
    )


def _fields(column: str, told: dict[str, Any]) -> list[Field]:
    words = tuple(word for one in told.get("words", ()) for word in LISTED.get(one, (one,)))
    limits = {name: told[name] for name in ("required", "blank", "form", "low", "high", "refers") if name in told}
    field = Field(column, told["kind"], words=words, codes=tuple(told.get("codes", ())), **limits)
    field = replace(field, label_key=told.get("label", column))
    numbers = range(1, told.get("numbered", 0) + 1)
    return [replace(field, name=f"{column}_{at:02d}", number=at) for at in numbers] or [field]


def _tuple(given: list[str] | None) -> Any:
    return None if given is None else tuple(given)


def _no_column(table: str, name: str) -> Field:
    raise KeyError(f"{table} has no column {name}")
