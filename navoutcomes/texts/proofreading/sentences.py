"""A text as paragraphs and sentences, with what is quoted taken out: a quotation is somebody else's."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTED = re.compile(r"«[^»]*»|\"[^\"\n]*\"|“[^”]*”|`[^`]*`|https?://\S+")
# Names of arguments, calls and their values are code, in whatever language the sentence is.
CALL = r"\b\w[\w.]*\((?:[^()]|\([^()]*\))*\)"
CODE = re.compile(CALL + r"|\b\w+=(?:\"[^\"]*\"|\S*[^\s.,;)])?|\[\w+\]|\b\w+_\w+\b|\bNone\b")
# A full stop ends a sentence when a capital or nothing follows and no figure stands before it, as in "5. juni".
ENDS = re.compile(r"(?<=[.!?])(?<!\d\.)(?<!\b[A-Za-zÆØÅæøå]\.)\s+(?=[A-ZÆØÅ«\"])|\n+")


@dataclass(frozen=True)
class Sentence:
    """One sentence, without its quotations, and the paragraph (from 1) it stands in."""

    text: str
    paragraph: int


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what stands between empty lines."""
    return [one.strip() for one in re.split(r"\n\s*\n", text) if one.strip()]


def sentences(text: str) -> list[Sentence]:
    """Every sentence with its paragraph; quotations and code became an ellipsis."""
    return [
        Sentence(one.strip(), number)
        for number, paragraph in enumerate(paragraphs(text), start=1)
        for one in ENDS.split(unquoted(paragraph))
        if one and one.strip()
    ]


def unquoted(text: str) -> str:
    """The text with each quotation, and each piece of code, replaced by an ellipsis."""
    return QUOTED.sub("«…»", CODE.sub("…", text))
