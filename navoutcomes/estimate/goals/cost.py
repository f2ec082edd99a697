"""What did an outcome cost, and how much of a deviation in the accounts has been explained?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan

import pandas as pd

from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log, Note, note
from navoutcomes.records.origin import Origin
from navoutcomes.texts import Text

Words = str | Text


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CostPerOutcome(Result):
    """Total cost, the number it is divided by, and the cost of each outcome; ``estimate`` is nan where nobody had one.

    ``interval`` is what the cost would be at the limits of the share: all its uncertainty is that of the share.
    """

    cost: float
    events: int
    persons: int
    price_year: int
    currency: str
    outcome: Words
    estimate: float
    interval: tuple[float, float]
    already_public: bool = False


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ExplainedDeviation(Result):
    """A deviation, the amounts that explain it, and what is left without an explanation."""

    total: float
    parts: tuple[tuple[Words, float], ...]
    price_year: int
    currency: str

    @property
    def explained(self) -> float:
        """The sum of what was named."""
        return float(sum(amount for _, amount in self.parts))

    @property
    def unexplained(self) -> float:
        """What is left."""
        return self.total - self.explained


@door
def cost_per_outcome(
    cost: float,
    events: int | Indicator,
    persons: int | None = None,
    *,
    price_year: int,
    outcome: Words = "",
    currency: str = "kr",
    already_public: bool = False,
    origin: Origin | None = None,
    level: float = 0.95,
) -> CostPerOutcome:
    """What did each outcome cost?

    Arguments: ``cost`` in all, in ``currency`` at the prices of ``price_year``; ``events`` how many of ``persons`` had
    the outcome, or an indicator that holds both; ``outcome`` in words; ``already_public`` counts published before.
    Shapes: ``table`` has a row for the cost of each outcome and one for the cost of each person.
    Raises: ``DataProblem`` for counts that are not counts, or a cost that is not above 0; ``DesignProblem`` without
    ``persons`` or without a year of prices.
    Assumes: the cost is known without error; everybody's outcome is known. It says what was paid for each who had the
    outcome, not what one more would cost, nor what would have happened without the programme.
    Reference: Wilson 1927, for the limits of the share that the cost is divided by.
    """
    check_level(level)
    if isinstance(events, Indicator):
        origin, already_public = origin or events.origin, already_public or events.already_public
        outcome = outcome or events.target.numerator
        persons, events = events.persons, events.events
    if persons is None:
        raise DesignProblem("indicator_without_denominator")
    _check(cost, events, persons, price_year)
    low, high = wilson(events, persons, critical(level))
    estimate = cost / events if events else nan
    interval = (cost / (persons * high), cost / (persons * low)) if events else (nan, nan)
    findings = Log()
    if not events:
        findings += note("cost_no_outcome", persons=persons, least=float(f"{cost / (persons * high):.3g}"))
    rows = [
        _row("cost per outcome", estimate, events, persons, interval),
        _row("cost per person", cost / persons, events, persons, (nan, nan)),
    ]
    return CostPerOutcome(
        level=level,
        unit="",
        origin=origin or Origin(),
        method=(_how(price_year), note("interval_wilson")),
        findings=findings,
        cost=float(cost),
        events=events,
        persons=persons,
        price_year=price_year,
        currency=currency,
        outcome=outcome,
        estimate=estimate,
        interval=interval,
        already_public=already_public,
        _table=tidy(pd.DataFrame(rows)),
    )


@door
def explained_deviation(
    total: float,
    parts: Mapping[Words, float] | tuple[tuple[Words, float], ...],
    *,
    price_year: int,
    currency: str = "kr",
    origin: Origin | None = None,
) -> ExplainedDeviation:
    """How much of a deviation from the budget has been explained, and how much has not?

    Arguments: ``total`` the deviation; ``parts`` what explains it, each in words with its amount, in ``currency`` (as
    "kr" or "1000 kr") at the prices of ``price_year``.
    Shapes: ``table`` has a row a part, and rows for what was explained, what was not, and the whole.
    Raises: ``DataProblem`` for a deviation of 0 or amounts that are no numbers; ``DesignProblem`` without parts.
    """
    named = tuple(parts.items()) if isinstance(parts, Mapping) else tuple(parts)
    if not named:
        raise DesignProblem("deviation_without_parts")
    if total == 0 or not all(isfinite(amount) for amount in (total, *(one for _, one in named))):
        raise DataProblem("amount_not_usable", argument="total")
    explained = float(sum(amount for _, amount in named))
    rows: list[dict[str, object]] = [
        {"group": str(place + 1), "measure": "named amount", "estimate": float(amount)}
        for place, (_, amount) in enumerate(named)
    ]
    whole = {"explained amount": explained, "unexplained amount": total - explained, "deviation": float(total)}
    rows += [{"group": "all", "measure": measure, "estimate": amount} for measure, amount in whole.items()]
    return ExplainedDeviation(
        level=0.95,
        unit="",
        origin=origin or Origin(),
        method=(note("deviation_parts", year=str(price_year)),),
        total=float(total),
        parts=named,
        price_year=price_year,
        currency=currency,
        _table=tidy(pd.DataFrame(rows)),
    )


def _check(cost: float, events: int, persons: int, price_year: int) -> None:
    if not isfinite(cost) or cost <= 0:
        raise DataProblem("amount_not_usable", argument="cost")
    if persons <= 0 or not 0 <= events <= persons or events % 1 or persons % 1:
        raise DataProblem("counts_not_whole", group="all")
    if not 1900 <= price_year <= 2200:
        raise DesignProblem("price_year", argument="price_year")


def _row(measure: str, estimate: float, events: int, persons: int, limits: tuple[float, float]) -> dict[str, object]:
    return {"group": "all", "measure": measure, "estimate": estimate, "conf_low": limits[0], "conf_high": limits[1],
            "at_risk": float(persons), "events": float(events)}  # fmt: skip


def _how(price_year: int) -> Note:
    return note("cost_how", year=str(price_year))
