"""What may be impossible for few people is tried, and says why it is not there: the rest of the report stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Literal, TypeVar

from navoutcomes.errors import DataProblem, DisclosureRefused, Problem, door
from navoutcomes.show.lettering import one_line
from navoutcomes.show.words import language_of, term_name, word
from navoutcomes.texts import Text, spoken

R = TypeVar("R")


@dataclass(frozen=True, repr=False)
class NotShown:
    """What could not be shown: its ``name`` in your words, and the ``problem``. It counts as false.

    In a notebook it shows the whole problem. In a report ``nav.show.sentence`` says what may not be shown and why; of a
    number that cannot be worked out it says no more than that, for the reason may tell how few there are.
    """

    name: str | Text
    problem: Problem

    def __bool__(self) -> Literal[False]:
        return False

    def text(self, language: str | None = None) -> str:
        """A sentence for a report."""
        language = language_of(language)
        name = one_line(spoken(self.name, language))
        if isinstance(self.problem, DisclosureRefused):
            what, _, why, _ = _in_words(self.problem, language).parts(language)
            return one_line(word("not_shown_protected", language, name=name, what=what, why=why))
        return word("not_shown_impossible", language, name=name)

    def __repr__(self) -> str:
        return f"{self.text()}\n{self.problem}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text())}</p><pre>{escape(str(self.problem))}</pre>"


def _in_words(problem: DisclosureRefused, language: str) -> DisclosureRefused:
    """The problem with its columns and terms called what tables call them."""
    facts = dict(problem.facts)
    for name in (one for one in facts if one.startswith("column")):
        terms = [facts[name]] if isinstance(facts[name], str) else list(facts[name])
        facts[name] = [term_name(str(term), language) for term in terms]
    return DisclosureRefused(problem.key, **facts)


@door
def attempt(ask: Callable[[], R], name: str | Text) -> R | NotShown:
    """Can this be shown, and if not, why?

    Arguments: ``ask`` a function without arguments, as ``lambda: nav.release(cohort.answer())``; ``name`` what is asked
    for, as it begins a sentence: «Den justerte forskjellen».
    Returns what was asked for, or a ``NotShown``, which counts as false: ``if answer: bundle.add("svar", answer)``.
    Raises: ``DataProblem``, for data that cannot be read are no matter of few people; what is no problem of ours.
    """
    try:
        return ask()
    except DataProblem:
        raise
    except Problem as refused:
        return NotShown(name, refused.with_traceback(None))
