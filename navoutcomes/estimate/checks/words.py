"""Words that promise more than the design can give."""

from __future__ import annotations

import re

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.notes import Note, warning
from navoutcomes.texts import LANGUAGES, spoken

# Stems (but not of "effektiv"): "effekten", "virkningene" and "verknaden" are the same promise.
CAUSAL = re.compile(
    r"\b(effekt(?!iv)\w*|virkning\w*|verknad\w*|(?:før|ført)te?\s+til|resulter\w*\s+i|effects?|impacts?|led\s+to|leads\s+to|"
    r"caus(?:ed|es|al)\w*|thanks\s+to|takket\s+være|takka\s+vere)\b",
    re.IGNORECASE,
)


def causal_words(text: str) -> tuple[str, ...]:
    """The words of effect in a text, small letters, each once."""
    return tuple(dict.fromkeys(one.lower() for one in CAUSAL.findall(text)))


def says_effect(people: FollowUp) -> tuple[Note, ...]:
    """A question about effect where chance did not decide the arm."""
    if people.protocol.randomised:
        return ()
    question = " ".join(dict.fromkeys(spoken(people.protocol.question, language) for language in LANGUAGES))
    words = causal_words(question)
    return (warning("check_causal", words=words),) if words else ()
