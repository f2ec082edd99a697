"""What counts as having got a job? Three definitions by name, which never give the same number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Note, note
from navoutcomes.records.months.employment import COMPETITIVE, KINDS
from navoutcomes.texts import LANGUAGES, Text, say

MOST_UNKNOWN = 0.2


@dataclass(frozen=True)
class JobDefinition:
    """What counts as a job: made by ``exit_reason()``, ``register_month()`` and ``sustained()``.

    ``name`` is that of the function; ``months`` in a row of work, ``kinds`` of work that count; ``unknown_at_most`` the
    largest share of exits without a known reason.
    """

    name: str
    months: int = 1
    kinds: tuple[str, ...] = (COMPETITIVE,)
    unknown_at_most: float = 1.0

    @property
    def remark(self) -> Note:
        """The definition as reports print it."""
        if self.name == "exit_reason":
            return note("job_by_exit_reason")
        kinds = tuple(Text(*(say("words", f"work_{kind}", language) for language in LANGUAGES)) for kind in self.kinds)
        if self.name == "register_month":
            return note("job_by_register_month", kinds=kinds)
        return note("job_sustained", k=self.months, before=self.months - 1, kinds=kinds)


@door
def exit_reason(unknown_at_most: float = MOST_UNKNOWN) -> JobDefinition:
    """Got a job when the programme recorded a job as the reason for leaving (FATT_JOBB, BEGA, AVSL 01).

    Reasons are known to be missing and wrong: programmes that end by themselves on the end date have none, and Arena's
    jobs were lost in part when moved. ``unknown_at_most``: refuse when a larger share (0-1) of those who left have no
    known reason.

    Raises: ``DataProblem`` when ``unknown_at_most`` is no share.
    """
    known = isinstance(unknown_at_most, int | float) and not isinstance(unknown_at_most, bool)
    if not known or not 0 <= unknown_at_most <= 1:
        raise DataProblem("option_not_understood", option="unknown_at_most=", allowed=("0–1",))
    return JobDefinition("exit_reason", unknown_at_most=float(unknown_at_most))


@door
def register_month(kinds: tuple[str, ...] | str = (COMPETITIVE,)) -> JobDefinition:
    """Got a job in the first month the employer register has work in.

    ``kinds``: the kinds of work that count, of "competitive", "subsidised" and "sheltered" (default: competitive only).

    Raises: ``DataProblem`` for other kinds.
    """
    return JobDefinition("register_month", kinds=_kinds(kinds))


@door
def sustained(k: int = 3, kinds: tuple[str, ...] | str = (COMPETITIVE,)) -> JobDefinition:
    """Got a job in the first of ``k`` months in a row with work (default 3, in competitive work).

    That it was one is known only k - 1 months later, so the last k - 1 months the register covers tell nothing:
    follow-up stops before them.

    Raises: ``DataProblem`` when ``k`` is no whole number from 1 on, and for other kinds.
    """
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise DataProblem("option_not_understood", option="k=", allowed=("1, 2, 3, ...",))
    return JobDefinition("sustained", months=int(k), kinds=_kinds(kinds))


def _kinds(kinds: tuple[str, ...] | str) -> tuple[str, ...]:
    asked = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not asked or not set(asked) <= set(KINDS):
        raise DataProblem("option_not_understood", option="kinds=", allowed=KINDS)
    return tuple(kind for kind in KINDS if kind in asked)
