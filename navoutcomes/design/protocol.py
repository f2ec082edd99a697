"""The question, written down before the data are opened: a target trial as a frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from navoutcomes.design.estimand import Estimand
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem
from navoutcomes.texts import Text

Endings = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Between:
    """Who is asked about: ``column`` from ``low`` to ``high``, both included (dates or numbers; None is open)."""

    column: str
    low: date | float | None = None
    high: date | float | None = None
    reason: str | Text | None = None


@dataclass(frozen=True, init=False)
class OneOf:
    """Who is asked about: ``column`` holds one of these words."""

    column: str
    words: tuple[str, ...]
    reason: str | Text | None = None

    def __init__(self, column: str, *words: str, reason: str | Text | None = None) -> None:
        object.__setattr__(self, "column", column)
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "reason", reason)


@dataclass(frozen=True)
class Arms:
    """What is compared: ``column`` gives each person's arm as it was at time zero, ``reference`` is compared with.

    ``labels`` gives the arms names to print, as ``{"1": "IPS"}``.
    """

    column: str
    reference: str
    labels: tuple[tuple[str, str | Text], ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.labels, Mapping):
            object.__setattr__(self, "labels", tuple(self.labels.items()))


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """Which people, from when, until which ending, against whom, and which number answers?

    Arguments: ``question`` in words; ``outcome`` the ending of interest and ``competing`` the other endings (names of
    exit classes; a mapping pools several classes under one name: ``{"other": ("education", "health")}``);
    ``censored_by`` endings that only stop observation; ``time_zero`` the date column from which time runs;
    ``horizon`` in days; ``register_opens`` and ``register_closes`` the first and last day the register is complete
    (a lag between event and registration comes off the latter); ``estimand``; ``adjust_for`` terms;
    ``randomised`` whether chance decided the arm (only then may a sentence speak of an effect).
    Raises: ``DesignProblem`` when the outcome also competes, a class belongs to two endings, the estimand looks beyond
    the horizon, or a comparison has no arms.
    """

    question: str | Text
    outcome: str
    competing: tuple[str, ...] = ()
    censored_by: tuple[str, ...] = ()
    eligibility: tuple[Between | OneOf, ...] = ()
    arms: Arms | None = None
    time_zero: str = "start"
    horizon: float | None = None
    register_opens: date | None = None
    register_closes: date | None = None
    estimand: Estimand | None = None
    adjust_for: tuple[Term, ...] = ()
    randomised: bool = False
    pooled: Endings = field(default=(), repr=False)

    def __post_init__(self) -> None:
        outcome = _endings(self.outcome)
        competing = _endings(self.competing)
        put = object.__setattr__
        put(self, "outcome", outcome[0][0])
        put(self, "competing", tuple(name for name, _ in competing))
        kept = tuple(name for name, _ in self.pooled) == (self.outcome, *self.competing)
        put(self, "pooled", self.pooled if kept else outcome + competing)
        for name in ("eligibility", "adjust_for", "censored_by"):
            value = getattr(self, name)
            put(self, name, tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else (value,))
        self._check(len(outcome))

    def _check(self, outcomes: int) -> None:
        if outcomes != 1:
            raise DesignProblem("one_outcome", count=outcomes)
        if self.outcome in self.competing:
            raise DesignProblem("outcome_competes", ending=self.outcome)
        classes = [one for _, members in self.pooled for one in members] + list(self.censored_by)
        twice = sorted({one for one in classes if classes.count(one) > 1})
        if twice:
            raise DesignProblem("class_in_two_endings", endings=twice)
        if self.estimand is None:
            return
        if self.horizon is not None and max(self.estimand.at) > self.horizon:
            raise DesignProblem("beyond_horizon", asked=max(self.estimand.at), horizon=self.horizon)
        if self.estimand.compares and self.arms is None:
            raise DesignProblem("comparison_without_arms", measure=self.estimand.measure)

    @property
    def endings(self) -> tuple[str, ...]:
        """All ways to end, the outcome first."""
        return (self.outcome, *self.competing)

    @property
    def ending_of(self) -> dict[str, str | None]:
        """Exit class -> ending; None for classes that only stop observation."""
        named: dict[str, str | None] = {one: name for name, members in self.pooled for one in members}
        return named | dict.fromkeys(self.censored_by)


def _endings(given: str | Iterable[str] | Mapping[str, Iterable[str]]) -> Endings:
    if isinstance(given, str):
        return ((given, (given,)),)
    if isinstance(given, Mapping):
        return tuple(
            (name, (members,) if isinstance(members, str) else tuple(members)) for name, members in given.items()
        )
    return tuple((name, (name,)) for name in given)
