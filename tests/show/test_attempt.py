"""What cannot be shown says so in the report, and the rest of the report stands."""

from __future__ import annotations

import pytest
from drawn_examples import LANGUAGES, NAMES, cohort

import navoutcomes as nav

NAME = nav.Text(nb="Den justerte forskjellen", nn="Den justerte skilnaden", en="The adjusted difference")


def refused(problem: nav.Problem) -> nav.NotShown:
    def ask() -> None:
        raise problem

    found = nav.attempt(ask, NAME)
    assert isinstance(found, nav.NotShown)
    return found


def test_what_can_be_shown_comes_as_it_is() -> None:
    released = nav.release(cohort(NAMES[:1]).survival_curve())
    assert nav.attempt(lambda: released, NAME) is released


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_what_may_not_be_shown_and_why_in_words_of_the_language(language: str) -> None:
    found = refused(nav.DisclosureRefused("term_of_few", column=["sex: Kvinne"], threshold=5))
    assert not found
    said = nav.show.sentence(found, language=language)
    assert said.startswith(NAME.text(language))
    assert "sex:" not in said
    assert "5" in said
    assert said == found.text(language)


def test_what_could_not_be_worked_out_tells_no_count_of_how_few_there_are() -> None:
    found = refused(nav.NumericalProblem("arm_model_unsolvable", cause="other", arm="a", columns=["age"]))
    assert not any(sign.isdigit() for sign in found.text("nb"))
    assert found.text("nb").startswith("Den justerte forskjellen kan ikke vises:")


def test_data_that_cannot_be_read_and_faults_of_code_are_not_taken_for_few_people() -> None:
    with pytest.raises(nav.DataProblem):
        nav.attempt(lambda: (_ for _ in ()).throw(nav.DataProblem("cell_failed")), NAME)
    with pytest.raises(ZeroDivisionError):
        nav.attempt(lambda: 1 / 0, NAME)


def test_the_whole_problem_stands_in_the_notebook() -> None:
    found = refused(nav.DisclosureRefused("share_of_few", threshold=5))
    assert str(found.problem) in repr(found)
    assert "<pre>" in found._repr_html_()
