"""Dropout, endings that divide and calibration print as tables, in the words of the language."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

ENGLISH = re.compile(
    r"\b(risk|ratio|difference|share|slope|large|score|curve|optimism|observed|still)\b", re.IGNORECASE
)


def results() -> dict[str, object]:
    roll = np.random.default_rng(3)
    size = 200
    made = pd.DataFrame(
        {
            "time": roll.integers(1, 300, size),
            "ending": roll.choice(["job", "no_show"], size),
            "alder": roll.normal(size=size),
        }
    )
    people = nav.Cohort.from_frame(made, "time", "ending", endings={"job": "job", "no_show": "no_show"}, outcome="job")
    model = people.dropout(["alder"])
    fit = nav.calibration(model, rng=1, replicates=50)
    endings = people.multinomial(["alder"], "followed", at=150)
    return {"dropout": model, "calibration": fit, "tenths": fit.tenths, "multinomial": endings}


MADE = results()


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_result_is_printed_in_the_language(name: str, language: str) -> None:
    printed = nav.show.table(MADE[name], language=language)
    said = " ".join([printed.caption, *printed.heads, *(cell for row in printed.rows for cell in row), *printed.notes])
    assert printed.rows
    assert not re.search(r"\bnan\b", said)
    assert language == "en" or not ENGLISH.search(said)


def test_the_completers_row_never_stands_without_everybody() -> None:
    printed = nav.show.table(MADE["dropout"], language="nb")
    groups = [row[0] for row in printed.rows]
    assert groups[:3] == ["alle", "alle", "\u2212 Manglende oppmøte"]
    assert any("200" in one for one in printed.notes)
