"""What the tests of refused questions share: people with a canary in every row, and a look for it in what is said."""

from __future__ import annotations

import tempfile
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bad_input import quoted

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES

# The package itself, not a checkout that has its name.
PACKAGE = Path(nav.__file__).parent
CANARY = "Kari Canary"
TRACES = (CANARY, "Kari", "Canary")
PACKAGE = Path(nav.__file__).parent
CLOSES = date(2019, 12, 31)
MAP = {0: None, 1: "job", 2: "other"}


@dataclass(frozen=True)
class Case:
    """A question that is refused: the problem's key, what the message names in every language, and the call.

    ``number`` is the row in the list of bad inputs, or what is special.
    """

    number: str
    key: str
    told: tuple[str, ...]
    call: Callable[[], Any]
    kind: type[nav.Problem] = nav.DesignProblem


def named(case: Case) -> str:
    return f"{case.number} {case.key}"


def frame(size: int = 12, **columns: Any) -> pd.DataFrame:
    """Twelve people, two arms, three offices an arm and four persons each; a name in every row."""
    at = np.arange(size)
    made = {
        "navn": [f"{CANARY} {one}" for one in at],
        "time": at + 1.0,
        "entry": np.zeros(size),
        "ending": [(0, 1, 2, 1)[one % 4] for one in at],
        "arm": np.where(at % 2 == 0, "IPS", "Standard"),
        "office": at % 6,
        "weight": np.ones(size),
    }
    return pd.DataFrame(made | columns)


def cohort(frame: pd.DataFrame, **how: Any) -> nav.Cohort:
    """A frame through the front door, with endings told."""
    return nav.Cohort.from_frame(frame, "time", "ending", **({"endings": MAP, "outcome": "job"} | how))


def but(place: int, value: Any, column: str) -> pd.DataFrame:
    """The people, with another value in one cell."""
    own = frame()
    own[column] = own[column].astype(object)
    own.loc[place, column] = value
    return own


HEADERS = "Løpenummer;tiltak;fom;tom;årsak;kontor;arm;job_date;kjennetegn"


def register(*lines: str, extracted: date | None = CLOSES, **rules: Any) -> nav.Spells:
    """Spells of a csv with these lines (person;programme;from;to;reason;office;arm;job date), a name in every row."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        path = Path(folder, "register.csv")
        path.write_text("\n".join([HEADERS, *(f"{line};{CANARY}" for line in lines)]) + "\n", encoding="utf-8")
        return nav.Spells.from_extract(nav.read(path, extracted=extracted), **rules)


def protocol(**how: Any) -> nav.Protocol:
    """A protocol for these registers."""
    asked = {"question": "Which share left for a job?", "outcome": "job", "competing": ("health", "other")}
    return nav.Protocol(**(asked | {"register_closes": CLOSES} | how))


def assembled(spells: nav.Spells, **how: Any) -> nav.Cohort:
    """People of a register; ``how`` holds what the protocol does not take too."""
    rules = {
        *("events", "priority", "same_day", "missing_start", "crossover", "drop_prior_events"),
        *("cluster", "weight", "strata"),
    }
    own = {name: value for name, value in how.items() if name in rules}
    asked = protocol(**{name: value for name, value in how.items() if name not in rules})
    return nav.Cohort.assemble(asked, spells, **own)


PLAIN = (
    "P-1;IPS;01.01.2019;31.01.2019;Arbeid;A;a;",
    "P-2;IPS;01.01.2019;28.02.2019;Helse;A;b;",
    "P-3;IPS;01.02.2019;31.03.2019;Arbeid;B;a;",
    "P-4;IPS;01.02.2019;;;B;b;",
)


def refused(case: Case) -> nav.Problem:
    """The problem a call stops with: of its class and key, naming what it should, and nobody's value anywhere."""
    caught = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", nav.DataWarning)
            case.call()
    except nav.Problem as problem:
        caught = problem
    assert caught is not None, "the question was answered"
    assert (type(caught), caught.key) == (case.kind, case.key)
    assert caught.__cause__ is None
    assert caught.__context__ is None
    shown = traceback.TracebackException.from_exception(caught, capture_locals=True)
    # The frames of the tests hold the people; those of the package must not.
    shown.stack = traceback.StackSummary.from_list(
        [one for one in shown.stack if Path(one.filename).is_relative_to(PACKAGE)]
    )
    assert shown.stack
    texts = {language: caught.text(language) for language in LANGUAGES}
    no_trace([*texts.values(), str(caught), repr(caught), repr(caught.facts), *shown.format(chain=True)])
    for language, text in texts.items():
        assert len(caught.parts(language)) == 4
        assert all(part.strip() for part in caught.parts(language))
        for part in case.told:
            assert quoted(part, language) in text, f"{part!r} is not in the {language} message:\n{text}"
    return caught


def remarks(people: nav.Cohort) -> dict[str, dict[str, str]]:
    """The remarks of a follow-up, key -> language -> text, after a look for the canary."""
    found = {one.key: {language: one.text(language) for language in LANGUAGES} for one in people.log}
    no_trace([text for texts in found.values() for text in texts.values()])
    no_trace([repr(people), people._repr_html_(), people.flow.text()])
    return found


def no_trace(texts: Sequence[str]) -> None:
    for text in texts:
        for trace in TRACES:
            assert trace not in text, "a person's value was shown"
