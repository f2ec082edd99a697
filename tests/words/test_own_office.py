"""One office's own rows: nothing of the others, and a word nobody has is refused."""

from __future__ import annotations

import pytest

import navoutcomes as nav


@pytest.fixture(scope="module")
def spells() -> nav.Spells:
    return nav.Spells.from_extract(nav.synthetic("ips_and_standard"))


def test_an_office_has_its_own_rows_and_remarks_that_count_nobody_else(spells: nav.Spells) -> None:
    own = spells.only("office", "Kontor 3")
    assert set(own.frame["office"]) == {"Kontor 3"}
    assert len(own.frame) == int((spells.frame["office"] == "Kontor 3").sum())
    assert [one.key for one in own.log] == ["only_these"]
    flow = nav.Cohort.assemble(nav.Protocol(question="?", outcome="job", competing=("benefit", "other")), own).flow
    assert str(len(spells.frame)) not in flow.text()


def test_a_word_nobody_has_is_refused_and_no_rare_word_is_told(spells: nav.Spells) -> None:
    with pytest.raises(nav.DataProblem) as refused:
        spells.only("office", "Kontor 33")
    assert refused.value.key == "only_nobody"
    assert "Kontor 3" in str(refused.value)
    with pytest.raises(nav.DataProblem) as refused:
        spells.only("person", "nobody")
    assert "P-" not in str(refused.value)


def test_a_column_that_is_not_there_is_refused(spells: nav.Spells) -> None:
    with pytest.raises(nav.DataProblem) as refused:
        spells.only("bydel", "Sentrum")
    assert refused.value.key == "columns_missing"
