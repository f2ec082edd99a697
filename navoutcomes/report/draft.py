"""Drafts: reports of results that have not been released. Folder, files, figures, pages and manifest all say so."""

from __future__ import annotations

from typing import Any

from navoutcomes.notes import Log, warning
from navoutcomes.release.released import Released
from navoutcomes.show.words import word

PREFIX = "internt-utkast"


def stem(name: str, draft: bool) -> str:
    """The name of a file or folder; a draft's can never be mistaken for a report's."""
    return f"{PREFIX}-{name}" if draft else name


def banner(draft: bool, synthetic: bool, language: str) -> str:
    """What stands on every page: that this is a draft, that the people are invented; empty where neither is so."""
    return " ".join([word("footer_draft", language)] * draft + [word("synthetic_warning", language)] * synthetic)


def inside(thing: Any) -> Any:
    """The result itself, released or not."""
    return thing.result if isinstance(thing, Released) else thing


def decided(thing: Any) -> Log:
    """What was done before it may leave the room; for what was not released, that nothing was."""
    return thing.decisions if isinstance(thing, Released) else Log((warning("draft_not_released"),))
