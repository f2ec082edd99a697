"""How the tests of bad inputs write a file, plant canaries in it, and look for them in everything that is said."""

from __future__ import annotations

import csv
import io
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from navoutcomes.errors import DataProblem, DataWarning
from navoutcomes.records.extract import Extract
from navoutcomes.texts import ENGLISH_QUOTES, LANGUAGES

NAME = "Kari Canary"
WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def identity_number(
    day: int = 9, month: int = 11, year: int = 55, serial: int = 967, *, mark: int = 80, start: int = 11
) -> str:
    """A synthetic identity number (month + 80) with control digits; ``start`` 12 to 14 is allowed from 2032 only.

    ``serial`` is raised until both control digits exist.
    """
    for number in range(serial, serial + 100):
        digits = [int(sign) for sign in f"{day:02}{month + mark:02}{year:02}{number:03}"]
        first = (start - sum(a * b for a, b in zip(digits, WEIGHTS[0], strict=True)) % 11) % 11
        second = (11 - sum(a * b for a, b in zip([*digits, first], WEIGHTS[1], strict=True)) % 11) % 11
        old = (11 - sum(a * b for a, b in zip(digits, WEIGHTS[0], strict=True)) % 11) % 11
        if first < 10 and second < 10 and (start == 11 or first != old):
            return "".join(map(str, [*digits, first, second]))
    raise AssertionError("no such number")


NUMBER = identity_number()
"""Refused wherever it stands; tests of other faults plant NEARLY instead, or the identity would be found first."""
NEARLY = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
CANARIES = (NAME, NAME.split()[1], NUMBER, NEARLY, NUMBER[:6], NUMBER[6:])


@dataclass(frozen=True)
class Case:
    """One bad input: the columns of a file, how it is read, and what must come of it.

    ``key`` is the problem (or "" when it is accepted), ``told`` what the message names in every language, ``logged``
    the remarks and what each names, ``values`` the columns expected after reading.
    """

    number: str
    columns: Mapping[str, Sequence[str]]
    options: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    told: tuple[str, ...] = ()
    logged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)


def name_of(case: Case) -> str:
    """The name of a test is the number of the row in the list of bad inputs, or what is special about it."""
    return case.number


def write_csv(folder: Path, columns: Mapping[str, Sequence[str]], *, separator: str = ";") -> Path:
    """A csv with a pseudonym and the canaries in every row, beside the columns under test."""
    count = len(next(iter(columns.values())))
    full: dict[str, Sequence[str]] = dict(columns)
    if "Løpenummer" not in full:
        full = {"Løpenummer": [f"P-{at:04}" for at in range(count)], **full}
    full["Merknad"] = [f"{NAME}: ref{NEARLY}"] * count
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(full)
    writer.writerows(zip(*full.values(), strict=True))
    path = folder / "uttrekk.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def refused(call: Callable[[], Any]) -> DataProblem:
    """The problem a call stops with, after looking for the canaries in all it says and in what a traceback shows."""
    caught = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            call()
    except DataProblem as problem:
        caught = problem
    assert caught is not None, "the bad input was accepted"
    assert caught.__cause__ is None
    assert caught.__context__ is None
    shown = traceback.TracebackException.from_exception(caught, capture_locals=True)
    said = [caught.text(language) for language in LANGUAGES]
    no_leak([*said, str(caught), repr(caught), repr(caught.facts), *shown.format(chain=True)])
    for text in said:
        assert len(text.splitlines()) == 4
        assert "{" not in text.replace('{"', "")
    return caught


def accepted(call: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What a call gives, and its warnings, after looking for the canaries in the log and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    assert all(issubclass(one.category, DataWarning) for one in caught)
    said = [str(one.message) for one in caught]
    logs = [result.log.text(language) for language in LANGUAGES]
    no_leak([*said, *logs, repr(result), result._repr_html_()])
    return result, said


def no_leak(texts: Iterable[str]) -> None:
    """None of the texts holds a canary."""
    for text in texts:
        for canary in CANARIES:
            assert canary not in text, "a person's value was shown"


def check_told(problem: DataProblem, told: Iterable[str]) -> None:
    """The message names these in all languages."""
    for language in LANGUAGES:
        text = problem.text(language)
        for part in told:
            assert quoted(part, language) in text, f"{part!r} is not in the {language} message"


def quoted(part: str, language: str) -> str:
    """What a text is to name, in the quotation marks of its language."""
    return part.translate(ENGLISH_QUOTES) if language == "en" else part


def check_logged(result: Any, said: list[str], logged: Mapping[str, tuple[str, ...]]) -> None:
    """The log has these remarks, naming these things in all languages; those marked ``!`` were warnings too."""
    notes = {note.key: note for note in result.log}
    for marked, told in logged.items():
        warned, key = marked.startswith("!"), marked.lstrip("!")
        assert key in notes, f"{key} is not in the log: {sorted(notes)}"
        assert (notes[key].level == "warning") == warned
        assert (notes[key].text() in said) == warned
        for language in LANGUAGES:
            for part in told:
                assert quoted(part, language) in notes[key].text(language), f"{part!r} is not in {key} in {language}"


def column(result: Extract, name: str) -> list[Any]:
    """A column as plain values: dates as yyyy-mm-dd, missing as None."""
    values = result.frame[name]
    if str(values.dtype).startswith("datetime64"):
        values = values.dt.strftime("%Y-%m-%d")
    return [None if pd.isna(value) else value for value in values.astype(object).tolist()]
