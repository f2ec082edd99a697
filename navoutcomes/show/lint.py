"""Which sentences of a text may not stand in a report, and why?"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from navoutcomes.errors import door
from navoutcomes.texts import checked, say
from navoutcomes.texts.proofreading import findings
from navoutcomes.texts.proofreading.rules import rules
from navoutcomes.texts.proofreading.sentences import paragraphs, sentences, unquoted

SENTENCE_RULES = {
    "causal": findings.causal,
    "points": findings.points,
    "foreign": findings.foreign,
    "other_norwegian": findings.other_norwegian,
    "written": findings.written,
}
RULES = (*SENTENCE_RULES, "uncounted")
COLUMNS = ("paragraph", "rule", "words", "text")


@dataclass(frozen=True)
class Slip:
    """One thing to mend: the rule, the words that broke it, and the paragraph (from 1) they stand in."""

    rule: str
    words: str
    paragraph: int

    def text(self, language: str | None = None) -> str:
        """What is wrong, where, and what to write instead."""
        return say("words", f"lint_{self.rule}", checked(language), words=self.words, paragraph=self.paragraph)


@dataclass(frozen=True, repr=False)
class Lint:
    """What the proof-reader found, in the order of the text. ``table`` is a row a slip; empty when all is well."""

    slips: tuple[Slip, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """``paragraph rule words text``, a row a slip."""
        rows = [(one.paragraph, one.rule, one.words, one.text()) for one in self.slips]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __bool__(self) -> bool:
        return bool(self.slips)

    def __repr__(self) -> str:
        return "\n".join(one.text() for one in self.slips) or say("words", "lint_nothing")

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(one)}</p>" for one in repr(self).splitlines())


@door
def lint(text: str, language: str | None = None, randomised: bool = False, only: tuple[str, ...] = RULES) -> Lint:
    """Which sentences of a text may not stand in a report: claimed causes, lost denominators, mixed languages?

    Arguments: ``text`` with empty lines between paragraphs; ``language`` it should be written in (nb, nn, en);
    ``randomised`` True when chance decided who got what: then causes may be claimed; ``only`` some of the rules
    ``causal`` (led to, effect), ``points`` (a difference of shares in per cent), ``uncounted`` (a share of an unnamed
    number), ``foreign`` (English in Norwegian), ``other_norwegian``, ``written`` (12.5 for 12,5).
    Returns: a ``Lint``, true when something is to be mended.
    Raises: ``ValueError`` for a language there are no words for.
    Assumes: quotations («...», "...") are somebody else's and are not read; a causal word is a denial where "not" or
    its like stands before it in the same clause. It reads words, not meanings: an empty list is no proof.
    """
    language = checked(language)
    known, found = rules(language), []
    for one in sentences(text):
        for rule, look in SENTENCE_RULES.items():
            if rule in only and not (rule == "causal" and randomised):
                found += [Slip(rule, words, one.paragraph) for words in look(one.text, known)]
    if "uncounted" in only:
        for number, paragraph in enumerate(paragraphs(text), start=1):
            found += [Slip("uncounted", words, number) for words in findings.uncounted(unquoted(paragraph), known)]
    return Lint(tuple(sorted(dict.fromkeys(found), key=lambda slip: slip.paragraph)))
