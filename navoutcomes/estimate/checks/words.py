"""Words that promise more than the design can give."""

from __future__ import annotations

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.notes import Note, warning
from navoutcomes.texts import LANGUAGES, spoken
from navoutcomes.texts.proofreading.findings import causal
from navoutcomes.texts.proofreading.rules import rules
from navoutcomes.texts.proofreading.sentences import sentences


def causal_words(text: str) -> tuple[str, ...]:
    """The words of effect in a text in any of the languages, small letters, each once."""
    told = [one.text for one in sentences(text)]
    found = [words.lower() for language in LANGUAGES for one in told for words in causal(one, rules(language))]
    return tuple(dict.fromkeys(found))


def says_effect(people: FollowUp) -> tuple[Note, ...]:
    """A question about effect where chance did not decide the arm."""
    if people.protocol.randomised:
        return ()
    question = "\n".join(dict.fromkeys(spoken(people.protocol.question, language) for language in LANGUAGES))
    words = causal_words(question)
    return (warning("check_causal", words=words),) if words else ()
