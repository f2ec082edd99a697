"""Remarks that travel with data and results: repairs, methods, findings. Each is a key with facts, in three languages.

Floor 0, like errors: a note never holds a person's value. Kept in ``texts/notes/``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from navoutcomes.errors import shown_facts
from navoutcomes.texts import checked, say, table

# Facts that name an ending: a reader gets its label where it is one of ours, and the analyst's own word as it stands.
ENDINGS = ("cause", "ending", "outcome")


def _ours(ending: object) -> bool:
    return f"ending_{ending}" in table("words")


def _label(ending: object, language: str) -> str:
    """An ending within a sentence."""
    label = say("words", f"ending_{ending}", language)
    return label[:1].lower() + label[1:]


def column_label(name: str, language: str) -> str:
    """What a column is called for readers: ours by its label, anybody else's by its own name."""
    key = f"field_{name}"
    return say("words", key, language) if key in table("words") and name != "item" else name


def _labelled(columns: Any, language: str) -> Any:
    if isinstance(columns, str):
        return column_label(columns, language)
    return [column_label(str(one), language) for one in columns]


@dataclass(frozen=True)
class Note:
    """One remark. ``level`` is ``note`` or ``warning``."""

    key: str
    facts: tuple[tuple[str, Any], ...] = ()
    level: str = "note"

    def text(self, language: str | None = None) -> str:
        """The remark as a sentence. Columns have the names readers know, but where a table of our model is checked."""
        language = checked(language)
        facts = dict(self.facts)
        labels = {name: _label(value, language) for name, value in facts.items() if name in ENDINGS and _ours(value)}
        if "table" not in facts:
            labels |= {name: _labelled(value, language) for name, value in facts.items() if name.startswith("column")}
        return say("notes", self.key, language, **shown_facts(facts | labels, language))

    def __str__(self) -> str:
        return self.text()


def note(key: str, **facts: Any) -> Note:
    """A remark for the record."""
    return Note(key, tuple(facts.items()))


def warning(key: str, **facts: Any) -> Note:
    """A remark the analyst should look at."""
    return Note(key, tuple(facts.items()), "warning")


@dataclass(frozen=True)
class Log:
    """Remarks in the order they arose. Shows itself as a list; ``log + note`` is a longer log."""

    notes: tuple[Note, ...] = field(default=())

    def __add__(self, more: Note | Iterable[Note]) -> Log:
        return Log((*self.notes, more) if isinstance(more, Note) else (*self.notes, *more))

    def __iter__(self) -> Any:
        return iter(self.notes)

    def __len__(self) -> int:
        return len(self.notes)

    def keys(self) -> tuple[str, ...]:
        """Which remarks there are."""
        return tuple(one.key for one in self.notes)

    def text(self, language: str | None = None) -> str:
        """One line a remark; warnings are marked."""
        return "\n".join(f"{'!' if one.level == 'warning' else '-'} {one.text(language)}" for one in self.notes)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return "<ul>" + "".join(f"<li>{escape(one.text())}</li>" for one in self.notes) + "</ul>"
