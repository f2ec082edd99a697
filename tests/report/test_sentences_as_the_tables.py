"""A sentence said before its result is added says what the table says, also where the result gave way to others."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

OUTCOME = "job"


def people() -> nav.Cohort:
    """Two groups whose steps tell the other's when everybody's are shown beside them."""
    roll = np.random.default_rng(11)
    size = 160
    days = np.sort(roll.integers(5, 360, size))
    table = pd.DataFrame(
        {
            "days": days,
            "ending": roll.choice(["job", "other"], size, p=[0.7, 0.3]),
            "group": roll.choice(["a", "b"], size),
        }
    )
    return nav.Cohort.from_frame(table, "days", "ending", outcome=OUTCOME, endings={"job": "job", "other": "other"})


def page(folder: Path, language: str) -> str:
    text = (folder / language / "rapport.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))


def spoken(sentence: str) -> str:
    return re.sub(r"\s+", " ", sentence)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_sentence_said_first_is_that_of_the_result_as_it_stands(language: str, tmp_path: Path) -> None:
    cohort = people()
    whole = nav.release(cohort.cumulative_incidence())
    split = nav.release(cohort.cumulative_incidence(by="group"))
    at = [91, 182, 273]
    before = nav.show.sentence(split, at=at, language=language)
    with nav.Bundle(tmp_path / "rapport", language=language, title="Prøve") as bundle:
        bundle.add("alle", whole, at=at, drawing="none")
        bundle.say(before, kind="emphasis")
        settled = bundle.add("grupper", split, at=at, drawing="none")
    after = nav.show.sentence(settled, at=at, language=language)
    assert settled is not split
    assert after != before
    said = page(tmp_path / "rapport", language)
    assert spoken(after) in said
    assert spoken(before) not in said


def test_a_sentence_of_a_result_that_gave_way_to_nothing_stands_as_it_was_said(tmp_path: Path) -> None:
    whole = nav.release(people().cumulative_incidence())
    said = nav.show.sentence(whole, at=182, language="nb")
    with nav.Bundle(tmp_path / "rapport", language="nb", title="Prøve") as bundle:
        bundle.say(said)
        bundle.add("alle", whole, at=182, drawing="none")
    assert spoken(said) in page(tmp_path / "rapport", "nb")


def test_a_sentence_is_a_text_and_shows_itself_without_signs_of_code() -> None:
    said = nav.show.sentence(nav.release(people().cumulative_incidence()), at=182, language="nb")
    assert isinstance(said, str)
    assert "\u00a0" in said
    assert said._repr_html_() == f"<p>{said}</p>"
    assert said.upper().startswith("ETTER")
