"""A model of too many terms for its endings prints its remark: the number of terms is no name of a column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_multinomial_model_of_few_endings_prints_its_remark(language: str) -> None:
    roll = np.random.default_rng(5)
    size = 40
    made = pd.DataFrame(
        {
            "time": roll.integers(1, 300, size),
            "ending": roll.choice(["job", "no_show", "other"], size),
            "alder": roll.normal(size=size),
            "venting": roll.normal(size=size),
        }
    )
    endings = {name: name for name in ("job", "no_show", "other")}
    people = nav.Cohort.from_frame(made, "time", "ending", endings=endings, outcome="job")
    result = people.multinomial(["alder", "venting"], reference_ending="job")
    assert any(one.key == "multinomial_few" for one in result.findings)
    printed = nav.show.table(result, language=language)
    told = next(one.text(language) for one in result.findings if one.key == "multinomial_few")
    assert told in printed.notes
    assert "{" not in told
