"""Who watches over a report while it is written: each result is held against those before it, and earlier reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

from navoutcomes.errors import DisclosureRefused, door
from navoutcomes.notes import Note, warning
from navoutcomes.release.across import Known, verdict
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.register import forget, remember, remembered
from navoutcomes.release.released import Released, beside
from navoutcomes.release.spoken import hidden_in_words

R = TypeVar("R")


class Guard:
    """Everything one report has said so far.

    Arguments: ``folder`` of the report (its register lies in the folder above, with those of its neighbours);
    ``draft`` for the room only: nothing is held against anything, and nothing is registered.
    Raises: ``DataProblem`` for a register that cannot be read.
    """

    def __init__(self, folder: Path, draft: bool = False) -> None:
        self._root, self._report, self._draft = folder.parent, folder.name, draft
        self._earlier = () if draft else remembered(self._root)
        self._marked = self._with_own()
        self._own: list[Known] = []
        self._settled: list[tuple[object, object]] = []
        self._texts: list[str] = []
        self._threshold = 0
        self._policy: DisclosurePolicy | None = None

    def admitted(self, name: str, released: Released[R]) -> Released[R]:
        """A result as it may stand beside the others. Raises ``DisclosureRefused`` where it may not."""
        if self._draft:
            return released
        safe = beside(released, (*self._marked, *self._own))
        self._own += [Known(self._report, name, one) for one in safe.stated]
        self._settled.append((released, safe))
        self._threshold, self._policy = safe.policy.threshold, safe.policy
        return safe

    def settled(self, given: R) -> R:
        """A result as it came to stand in the report; itself where it was not put there, or nothing gave way."""
        return next((cast(R, safe) for one, safe in self._settled if one is given), given)

    def _with_own(self) -> tuple[Known, ...]:
        return tuple(replace(one, own=one.report == self._report) for one in self._earlier)

    def said(self, text: str) -> str:
        """A sentence of the report, as it is. Raises ``DisclosureRefused`` where it says a small count."""
        self._texts.append(text)
        self._heard(text)
        return text

    def _heard(self, text: str) -> tuple[str, ...]:
        return hidden_in_words(text, [(one.name, one.stated) for one in self._own], self._threshold)

    def remarks(self) -> tuple[tuple[str, tuple[Note, ...]], ...]:
        """All sentences beside all tables: warnings where a percentage fits a hidden count; and a rule of nobody's."""
        names = dict.fromkeys(name for text in self._texts for name in self._heard(text))
        found = [("(text)", tuple(warning("close_in_words", name=name) for name in names))] if names else []
        if self._policy is not None and not self._policy.accounted:
            found.append(("(policy)", (warning("policy_without_owner", threshold=self._policy.threshold),)))
        return tuple(found)

    def done(self) -> None:
        """Write the register. Raises ``DisclosureRefused`` where another report was released meanwhile that does not
        go with this one."""
        while not self._draft and not remember(self._root, self._report, self._own, self._earlier):
            self._earlier = remembered(self._root)
            self._marked = self._with_own()
            for number, one in enumerate(self._own):
                judged = verdict(one.stated, (*self._marked, *self._own[:number]), self._threshold)
                if judged.hidden or judged.steps:
                    raise DisclosureRefused("bundle_gives_back", beside=judged.beside, threshold=self._threshold)


@door
def withdraw(folder: str | Path) -> int:
    """Which report never left the room, so that later ones need not be held against it?

    Arguments: ``folder`` of the report, as ``reports/innsatsgjengen``. Returns how many versions of it were taken out
    of the register of its neighbours; the report itself is left alone.
    Raises: ``DataProblem`` for a register that cannot be read.
    """
    place = Path(folder)
    return forget(place.parent, place.name)
