"""The one gate out: what it lets through is protected first and estimated afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, replace
from typing import Generic, TypeVar

import pandas as pd

from navoutcomes.errors import DesignProblem, DisclosureRefused, door
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log
from navoutcomes.release.across import Known, verdict
from navoutcomes.release.facts import Stated, Sums
from navoutcomes.release.kinds.refused import refusal
from navoutcomes.release.kinds.rules import RULES, protected
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.remarks import remarked
from navoutcomes.release.settled import settled, told_again
from navoutcomes.release.stated import statements

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
_GATE = object()


@dataclass(frozen=True)
class Released(Generic[R_co]):
    """A result that may leave the room. Made only by ``release``.

    ``result`` is the protected result (hidden numbers are not in it), ``policy`` the rule, ``decisions`` what was done,
    ``stated`` which counts it tells, for what is published beside it.
    """

    result: R_co
    policy: DisclosurePolicy
    decisions: Log
    made_by: InitVar[object] = None
    stated: tuple[Stated, ...] = ()

    def __post_init__(self, made_by: object) -> None:
        if made_by is not _GATE:
            raise DesignProblem("released_only_by_release")

    @property
    def table(self) -> pd.DataFrame:
        """The protected table; an empty number is hidden. A copy."""
        return self.result.table  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"{self.result!r}\n{self.decisions.text()}"

    def _repr_html_(self) -> str:
        inner = self.result._repr_html_() if hasattr(self.result, "_repr_html_") else f"<pre>{self.result!r}</pre>"
        return f"{inner}{self.decisions._repr_html_()}"


@door
def release(result: R, policy: DisclosurePolicy | None = None, sums: Sums | None = None) -> Released[R]:
    """May this leave the room, and in which form?

    Curves, differences and mean times: counts are put on months, months merged until no step shows fewer than k, and
    everything is estimated again from those counts. Shares and flows: small counts are hidden, and others with them
    until no hidden one can be worked out from the sums. Comparisons: the interval also holds what those who wait for a
    step could change. Models: refused where a term rests on few, otherwise rounded. Curves for a profile, shares in
    states and mean numbers: as a table at the ends of months with k behind each kind of move, so coarse that k counts
    fit. Tests: only the rounded statistic and p-value. Every kind has its own rule in ``kinds/rules.py`` or is refused
    with what to ask instead.
    Arguments: ``policy`` (None: five); ``sums`` groups that are sums of others: ``{"Hustadvika": ("Fræna", "Eide")}``
    (municipalities before and after a reform are known by their numbers).
    Raises: ``DisclosureRefused`` when nothing can be shown, or for what was released by a weaker rule already;
    ``DesignProblem`` for what is no result.
    Assumes: one table or curve at a time; a ``Bundle`` looks at several that share margins.
    """
    if isinstance(result, Released):
        if policy is not None and policy.threshold > result.policy.threshold:
            raise DisclosureRefused("weaker_rule", threshold=policy.threshold, used=result.policy.threshold)
        return result
    policy = policy or DisclosurePolicy()
    if type(result) not in RULES:
        raise refusal(result)
    safe, decisions = protected(result, policy)
    if isinstance(safe, Result) and "already_public" not in decisions.keys():  # noqa: SIM118
        safe = replace(safe, findings=remarked(safe.findings, policy), method=tuple(remarked(safe.method, policy)))
    made = Released(safe, policy, decisions, _GATE, statements(result, safe, policy, sums))
    return beside(made, ()) if any(one.parts for one in made.stated) else made


def beside(released: Released[R], known: Sequence[Known]) -> Released[R]:
    """A released result as it may stand beside what is published already.

    Raises: ``DisclosureRefused`` where hidden counts could be worked out from all of it whatever is hidden here.
    """
    threshold = released.policy.threshold
    verdicts = [verdict(one, known, threshold) for one in released.stated]
    result, notes = settled(released.result, verdicts, threshold)
    if not notes:
        return released
    stated = tuple(one.stated for one in verdicts)
    return Released(result, released.policy, told_again(released.decisions, result) + Log(notes), _GATE, stated)
