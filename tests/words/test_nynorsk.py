"""Nynorsk texts: no bokmål word, one preterite of «verte», and participles that bend in the plural."""

from __future__ import annotations

import re

from navoutcomes.texts import table

ROOMS = ("words", "notes", "problems")
BOKMAAL = re.compile(
    r"\b(ikke|hvor|hvordan|hva|hvem|hvilke[nt]?|noen|noe|jeg|fra|ble|blei|være|bare|kun|deres|uten|siden|beregnet|"
    r"gjennomsnittlig|hverandre|etter at man|forskjell(?:en|er|ene)?|sammenlign\w*)\b", re.IGNORECASE,
)  # fmt: skip
# A plural before a participle of the strong kind, which has an ending of its own there.
UNBENT = re.compile(
    r"\b(?:trinn i kurvene|grunnar til fråfall i flyten|studiane|gruppene|personane|rader|dei) er (?:ikkje )?"
    r"(?:slått|trekt|lagt|skilt|kjent|vist) (?:saman|tilfeldig|att|ved)"
)


def every(language: str) -> list[tuple[str, str]]:
    said = []
    for room in ROOMS:
        for key, parts in table(room).items():
            pending = [parts]
            while pending:
                one = pending.pop()
                pending += [inner for inner in one.values() if isinstance(inner, dict)]
                if isinstance(one.get(language), str):
                    said.append((f"{room}.{key}", one[language]))
    return said


def test_there_are_texts_to_read() -> None:
    assert len(every("nn")) > 500


def test_no_bokmaal_word_and_no_second_preterite_stands_in_nynorsk() -> None:
    wrong = [(key, found.group()) for key, text in every("nn") for found in [BOKMAAL.search(text)] if found]
    assert wrong == []


def test_participles_bend_with_a_plural() -> None:
    assert UNBENT.search("9 trinn i kurvene er slått saman med det neste")
    assert [key for key, text in every("nn") if UNBENT.search(text.replace("{steps} ", "9 "))] == []
